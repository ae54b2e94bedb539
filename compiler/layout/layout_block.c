/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout_block.c: clauses, bodies, and what ends with `end`. */
#include "compiler/layout/layout_node.h"

/* Expressions with commas between. */
LayoutNode *layout_body(LayoutParser *p)
{
    LayoutNode *node = layout_new(p, NODE_BODY);
    for (;;) {
        LayoutNode *expr = layout_expr(p, LAYOUT_PLAIN);
        layout_add(node, expr);
        if (p->failed || layout_kind(p, p->at) != T_COMMA) {
            break;
        }
        expr->separator = p->at++;
    }
    layout_measure(p->scan, node);
    return node;
}

/* head [when guard] -> body. guard_only: an if's. Without an arrow it is the head alone. */
LayoutNode *layout_clause(LayoutParser *p, bool guard_only)
{
    LayoutNode *node = layout_new(p, NODE_CLAUSE);
    node->head = guard_only ? layout_list(p, LAYOUT_PLAIN) : layout_expr(p, LAYOUT_PLAIN);
    if (!p->failed && layout_kind(p, p->at) == T_WHEN) {
        node->second = p->at++;
        node->guard = layout_list(p, LAYOUT_PLAIN);
    }
    if (!p->failed && layout_kind(p, p->at) == T_ARROW) {
        node->arrow = p->at++;
        node->body = layout_body(p);
    } else if (node->guard != NULL) {
        p->failed = true;
    }
    layout_measure(p->scan, node);
    return node;
}

static void read_clauses(LayoutParser *p, LayoutNode *section, bool guard_only)
{
    section->clauses = true;
    for (;;) {
        LayoutNode *clause = layout_clause(p, guard_only);
        p->failed |= clause->body == NULL;
        layout_add(section, clause);
        if (p->failed || layout_kind(p, p->at) != T_SEMICOLON) {
            break;
        }
        clause->separator = p->at++;
    }
}

static LayoutNode *section(LayoutParser *p)
{
    LayoutNode *node = layout_new(p, NODE_SECTION);
    node->token = p->at++;
    return node;
}

static void finish_section(LayoutParser *p, LayoutNode *block, LayoutNode *node)
{
    layout_measure(p->scan, node);
    layout_add(block, node);
}

static LayoutNode *finish_block(LayoutParser *p, LayoutNode *block)
{
    block->close = layout_take(p, T_END);
    layout_measure(p->scan, block);
    return block;
}

static LayoutNode *case_block(LayoutParser *p, LayoutNode *block)
{
    LayoutNode *node = section(p);
    node->head = layout_expr(p, LAYOUT_PLAIN);
    node->second = layout_take(p, T_OF);
    read_clauses(p, node, false);
    finish_section(p, block, node);
    return finish_block(p, block);
}

static void after_section(LayoutParser *p, LayoutNode *block, bool timeout)
{
    if (p->failed || layout_kind(p, p->at) != T_AFTER) {
        return;
    }
    LayoutNode *node = section(p);
    if (timeout) {
        read_clauses(p, node, false);
        node->inline_clause = true;
    } else {
        node->body = layout_body(p);
    }
    finish_section(p, block, node);
}

static LayoutNode *receive_block(LayoutParser *p, LayoutNode *block)
{
    LayoutNode *node = section(p);
    if (layout_kind(p, p->at) != T_AFTER) {
        read_clauses(p, node, false);
    }
    finish_section(p, block, node);
    after_section(p, block, true);
    return finish_block(p, block);
}

static LayoutNode *try_block(LayoutParser *p, LayoutNode *block)
{
    LayoutNode *node = section(p);
    node->body = layout_body(p);
    finish_section(p, block, node);
    for (int i = 0; i < 2 && !p->failed; i++) {
        uint16_t kind = layout_kind(p, p->at);
        if (kind == T_CATCH || (kind == T_OF && i == 0)) {
            node = section(p);
            read_clauses(p, node, false);
            finish_section(p, block, node);
        }
    }
    after_section(p, block, false);
    return finish_block(p, block);
}

static LayoutNode *body_block(LayoutParser *p, LayoutNode *block)
{
    LayoutNode *node = section(p);
    node->body = layout_body(p);
    finish_section(p, block, node);
    uint16_t kind = layout_kind(p, p->at);
    if (!p->failed && kind == T_ATOM && layout_word(p->scan, p->at, "else")) {
        node = section(p);
        read_clauses(p, node, false);
        finish_section(p, block, node);
    }
    return finish_block(p, block);
}

/* fun name/1, fun m:f/1, and the type fun((T) -> T) */
static LayoutNode *fun_reference(LayoutParser *p)
{
    LayoutNode *node = layout_new(p, NODE_GLUE);
    layout_add(node, layout_leaf(p));
    bool type = layout_kind(p, p->at) == T_LPAREN;
    LayoutNode *what = layout_expr(p, type ? LAYOUT_TOP : LAYOUT_REMOTE);
    what->space = !type;
    layout_add(node, what);
    if (!type && !p->failed && layout_kind(p, p->at) == T_SLASH) {
        layout_add(node, layout_leaf(p));
        layout_add(node, layout_expr(p, LAYOUT_UNARY));
    }
    layout_measure(p->scan, node);
    return node;
}

static bool has_clauses(const LayoutParser *p)
{
    uint32_t open = p->at + 1;
    if (layout_kind(p, open) == T_VAR) {
        open++;
    }
    uint32_t close = layout_kind(p, open) == T_LPAREN ? layout_closing(p, open) : LAYOUT_NONE;
    uint16_t next = close == LAYOUT_NONE ? 0 : layout_kind(p, close + 1);
    return next == T_ARROW || next == T_WHEN;
}

static LayoutNode *fun_block(LayoutParser *p, LayoutNode *block)
{
    if (!has_clauses(p)) {
        return fun_reference(p);
    }
    LayoutNode *node = section(p);
    read_clauses(p, node, false);
    finish_section(p, block, node);
    return finish_block(p, block);
}

/* `maybe` comes as an atom: it begins a block where nothing else could follow an atom. */
static bool is_maybe(const LayoutParser *p)
{
    if (!layout_word(p->scan, p->at, "maybe")) {
        return false;
    }
    switch (layout_kind(p, p->at + 1)) {
    case T_ATOM:
    case T_VAR:
    case T_LBRACE:
    case T_LBRACKET:
    case T_CASE:
    case T_BEGIN:
    case T_IF:
    case T_TRY:
    case T_RECEIVE:
    case T_FUN:
    case T_QUESTION:
    case T_INTEGER:
    case T_HASH:
    case T_LBIN:
    case T_STRING:
    case T_CHAR:
    case T_CATCH:
        return true;
    default:
        return false;
    }
}

LayoutNode *layout_block(LayoutParser *p)
{
    LayoutNode *block = layout_new(p, NODE_BLOCK);
    switch (layout_kind(p, p->at)) {
    case T_CASE:
        return case_block(p, block);
    case T_IF: {
        LayoutNode *node = section(p);
        read_clauses(p, node, true);
        finish_section(p, block, node);
        return finish_block(p, block);
    }
    case T_RECEIVE:
        return receive_block(p, block);
    case T_TRY:
        return try_block(p, block);
    case T_BEGIN:
        return body_block(p, block);
    case T_FUN:
        return fun_block(p, block);
    case T_ATOM:
        return is_maybe(p) ? body_block(p, block) : NULL;
    default:
        return NULL;
    }
}
