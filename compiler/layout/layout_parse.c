/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/layout/layout_parse.c: pieces of a form to nodes.
 *
 * More is taken than Erlang's grammar allows (a macro may stand for nearly anything), never less
 * text: what has no place here makes the form be left as it is. Types are read as expressions. */
#include "compiler/layout/layout_node.h"
#include <string.h>

uint16_t layout_kind(const LayoutParser *p, uint32_t piece)
{
    return piece < p->end ? p->scan->pieces.items[piece].kind : 0;
}

bool layout_word(const LayoutScan *scan, uint32_t piece, const char *word)
{
    const LayoutPiece *x = &scan->pieces.items[piece];
    return x->end - x->start == strlen(word) &&
           memcmp(scan->text + x->start, word, strlen(word)) == 0;
}

LayoutNode *layout_new(LayoutParser *p, LayoutKind kind)
{
    LayoutNode *node = ARENA_NEW(p->arena, LayoutNode);
    node->kind = kind;
    node->token = node->second = node->close = node->arrow = node->separator = LAYOUT_NONE;
    return node;
}

void layout_add(LayoutNode *parent, LayoutNode *child)
{
    if (parent->last_child == NULL) {
        parent->children = child;
    } else {
        parent->last_child->next = child;
    }
    parent->last_child = child;
}

/* Takes the next piece, which must be of this kind. */
uint32_t layout_take(LayoutParser *p, uint16_t kind)
{
    if (layout_kind(p, p->at) != kind) {
        p->failed = true;
        return p->at < p->end ? p->at : p->end - 1;
    }
    return p->at++;
}

LayoutNode *layout_leaf(LayoutParser *p)
{
    LayoutNode *node = layout_new(p, NODE_LEAF);
    p->failed |= p->at >= p->end;
    node->token = p->at < p->end ? p->at++ : p->end - 1;
    layout_measure(p->scan, node);
    return node;
}

static bool is_separator(uint16_t kind)
{
    return kind == T_COMMA || kind == T_SEMICOLON || kind == T_BARS;
}

/* Elements up to the closing bracket, which is not taken. */
static void read_elements(LayoutParser *p, LayoutNode *node, uint16_t close)
{
    while (!p->failed && layout_kind(p, p->at) != close) {
        LayoutNode *element = layout_expr(p, LAYOUT_ANY);
        layout_add(node, element);
        if (is_separator(layout_kind(p, p->at))) {
            p->segment &= layout_kind(p, p->at) != T_BARS;
            element->separator = p->at++;
        } else if (layout_kind(p, p->at) != close) {
            p->failed = true;
        }
    }
}

static LayoutNode *bracket(LayoutParser *p)
{
    static const uint16_t pairs[][2] = {
        {T_LPAREN, T_RPAREN}, {T_LBRACKET, T_RBRACKET}, {T_LBRACE, T_RBRACE}, {T_LBIN, T_RBIN}};
    bool segment = p->segment, spec = p->spec;
    for (size_t i = 0; i < ACT_COUNT(pairs); i++) {
        if (layout_kind(p, p->at) == pairs[i][0]) {
            LayoutNode *node = layout_new(p, NODE_BRACKET);
            node->token = p->at++;
            p->segment = pairs[i][0] == T_LBIN;
            p->spec = false;
            read_elements(p, node, pairs[i][1]);
            p->segment = segment;
            p->spec = spec;
            node->close = layout_take(p, pairs[i][1]);
            layout_measure(p->scan, node);
            return node;
        }
    }
    return NULL;
}

uint32_t layout_closing(const LayoutParser *p, uint32_t piece)
{
    int open = 0;
    for (uint32_t i = piece; i < p->end; i++) {
        switch (layout_kind(p, i)) {
        case T_LPAREN:
        case T_LBRACKET:
        case T_LBRACE:
        case T_LBIN:
            open++;
            break;
        case T_RPAREN:
        case T_RBRACKET:
        case T_RBRACE:
        case T_RBIN:
            if (--open == 0) {
                return i;
            }
            break;
        default:
            break;
        }
    }
    return LAYOUT_NONE;
}

/* Puts a next part behind node, in one GLUE. */
static LayoutNode *glue(LayoutParser *p, LayoutNode *node, LayoutNode *part, bool space)
{
    LayoutNode *parent = node;
    part->space = space;
    if (node->kind != NODE_GLUE) {
        parent = layout_new(p, NODE_GLUE);
        layout_add(parent, node);
    } else {
        node->flat = node->least = 0;
    }
    layout_add(parent, part);
    layout_measure(p->scan, parent);
    return parent;
}

static LayoutNode *macro(LayoutParser *p)
{
    LayoutNode *node = layout_leaf(p);
    if (layout_kind(p, p->at) == T_QUESTION) {
        node = glue(p, node, layout_leaf(p), false);
    }
    uint16_t kind = layout_kind(p, p->at);
    char c = p->at < p->end ? p->scan->text[p->scan->pieces.items[p->at].start] : '\0';
    p->failed |= kind != T_ATOM && kind != T_VAR && (c < 'a' || c > 'z');
    return glue(p, node, layout_leaf(p), false);
}

/* #{...}, #name{...}, #name.field, #?MACRO{...} */
static LayoutNode *hash(LayoutParser *p, LayoutNode *before)
{
    LayoutNode *sign = layout_leaf(p);
    LayoutNode *node = before != NULL ? glue(p, before, sign, false) : sign;
    if (layout_kind(p, p->at) == T_QUESTION) {
        node = glue(p, node, macro(p), false);
    } else if (layout_kind(p, p->at) != T_LBRACE) {
        node = glue(p, node, layout_leaf(p), false);
    }
    if (layout_kind(p, p->at) == T_LPAREN) {
        node = glue(p, node, bracket(p), false);
    }
    if (layout_kind(p, p->at) == T_PERIOD) {
        node = glue(p, node, layout_leaf(p), false);
        return glue(p, node, layout_kind(p, p->at) == T_QUESTION ? macro(p) : layout_leaf(p),
                    false);
    }
    if (layout_kind(p, p->at) != T_LBRACE) {
        p->failed = true;
        return node;
    }
    return glue(p, node, bracket(p), false);
}

static LayoutNode *primary(LayoutParser *p)
{
    switch (layout_kind(p, p->at)) {
    case T_ATOM:
    case T_VAR:
    case T_INTEGER:
    case T_FLOAT:
    case T_CHAR:
    case T_STRING:
    case T_ELLIPSIS: {
        LayoutNode *block = layout_block(p);
        return block != NULL ? block : layout_leaf(p);
    }
    case T_QUESTION:
        return macro(p);
    case T_HASH:
        return hash(p, NULL);
    case T_LPAREN:
    case T_LBRACKET:
    case T_LBRACE:
    case T_LBIN:
        return bracket(p);
    default: {
        LayoutNode *block = layout_block(p);
        if (block == NULL) {
            p->failed = true;
            return layout_leaf(p);
        }
        return block;
    }
    }
}

static LayoutNode *postfix(LayoutParser *p, LayoutNode *node)
{
    while (!p->failed) {
        uint16_t kind = layout_kind(p, p->at);
        if (kind == T_LPAREN) {
            node = glue(p, node, bracket(p), false);
        } else if (kind == T_HASH) {
            node = hash(p, node);
        } else {
            break;
        }
    }
    return node;
}

static bool is_word_operator(const LayoutParser *p)
{
    char c = p->scan->text[p->scan->pieces.items[p->at].start];
    return c >= 'a' && c <= 'z';
}

static LayoutNode *unary(LayoutParser *p)
{
    switch (layout_kind(p, p->at)) {
    case T_MINUS:
    case T_PLUS:
    case T_PREFIX_OP:
    case T_CATCH: {
        bool word = is_word_operator(p);
        int least = layout_kind(p, p->at) == T_CATCH ? LAYOUT_PLAIN : LAYOUT_UNARY;
        LayoutNode *sign = layout_leaf(p);
        return glue(p, sign, layout_expr(p, least), word);
    }
    default:
        return postfix(p, primary(p));
    }
}

static int precedence(uint16_t kind)
{
    switch (kind) {
    case T_ARROW:
        return 1;
    case T_WHEN:
        return 2;
    case T_GENERATE:
    case T_BIN_GENERATE:
        return 3;
    case T_ASSOC:
    case T_EXACT:
        return 4;
    case T_COLONS:
        return 5;
    case T_BAR:
        return 6;
    case T_MATCH:
    case T_MAYBE_MATCH:
    case T_SEND:
        return 10;
    case T_ORELSE:
        return 15;
    case T_ANDALSO:
        return 16;
    case T_COMP_OP:
        return 20;
    case T_RANGE:
        return 22;
    case T_LIST_OP:
        return 30;
    case T_PLUS:
    case T_MINUS:
    case T_ADD_OP:
        return 40;
    case T_TIMES:
    case T_SLASH:
    case T_MULT_OP:
        return 50;
    case T_COLON:
        return LAYOUT_REMOTE;
    default:
        return 0;
    }
}

/* Strings stand side by side, and macros beside anything: `"a" ?B`, `X ?OP Y`, `f(X) ?GUARD ->`. */
enum { BESIDE = 90 };

static bool ends_macro(const LayoutParser *p, const LayoutNode *left)
{
    return left->last > left->first && layout_kind(p, left->last - 1) == T_QUESTION;
}

static bool is_operand(const LayoutParser *p)
{
    switch (layout_kind(p, p->at)) {
    case T_ATOM:
        return !layout_word(p->scan, p->at, "else");
    case T_VAR:
    case T_INTEGER:
    case T_CHAR:
    case T_LBRACE:
    case T_LBRACKET:
        return true;
    default:
        return false;
    }
}

static bool stands_beside(const LayoutParser *p, const LayoutNode *left)
{
    uint16_t before = layout_kind(p, left->last);
    uint16_t next = layout_kind(p, p->at);
    bool can = next == T_STRING &&
               (before == T_STRING || before == T_ATOM || before == T_VAR || before == T_RPAREN);
    return can || next == T_QUESTION || (before == T_STRING && next == T_VAR) ||
           (ends_macro(p, left) && is_operand(p));
}

static int operator_here(const LayoutParser *p, const LayoutNode *left)
{
    return stands_beside(p, left) ? BESIDE : precedence(layout_kind(p, p->at));
}

/* name/2 and what belongs to a segment has no blanks. */
static bool is_tight(const LayoutParser *p, const LayoutNode *left, uint32_t op)
{
    uint16_t kind = layout_kind(p, op);
    bool arity = kind == T_SLASH && layout_kind(p, op + 1) == T_INTEGER &&
                 layout_kind(p, left->last) == T_ATOM;
    return kind == T_COLON || kind == T_RANGE || arity ||
           (p->segment && kind != T_GENERATE && kind != T_BIN_GENERATE);
}

static LayoutNode *infix(LayoutParser *p, LayoutNode *left, int level)
{
    LayoutNode *node = layout_new(p, NODE_INFIX);
    node->assign = level < 15 && level != 6;
    layout_add(node, left);
    uint32_t op = level == BESIDE ? LAYOUT_NONE : p->at;
    node->tight = op != LAYOUT_NONE && is_tight(p, left, op);
    do {
        left = node->last_child;
        left->separator = level == BESIDE ? LAYOUT_NONE : p->at++;
        layout_add(node, level == BESIDE                           ? postfix(p, primary(p))
                         : p->spec && layout_kind(p, op) == T_WHEN ? layout_list(p, LAYOUT_PLAIN)
                                                                   : layout_expr(p, level + 1));
    } while (!p->failed && operator_here(p, node->last_child) == level &&
             (level == BESIDE || is_tight(p, node->last_child, p->at) == node->tight));
    layout_measure(p->scan, node);
    return node;
}

LayoutNode *layout_expr(LayoutParser *p, int least)
{
    if (++p->depth > LAYOUT_MOST_DEPTH) {
        p->failed = true;
    }
    LayoutNode *node = p->failed ? layout_leaf(p) : unary(p);
    while (!p->failed) {
        int level = operator_here(p, node);
        if (level == 0 || level < least) {
            break;
        }
        node = infix(p, node, level);
    }
    p->depth--;
    return node;
}

LayoutNode *layout_list(LayoutParser *p, int least)
{
    LayoutNode *node = layout_new(p, NODE_LIST);
    for (;;) {
        LayoutNode *element = layout_expr(p, least);
        layout_add(node, element);
        uint16_t kind = layout_kind(p, p->at);
        bool more = kind == T_COMMA || (kind == T_SEMICOLON && !(p->spec && least > LAYOUT_ANY));
        if (p->failed || !more) {
            break;
        }
        element->separator = p->at++;
    }
    layout_measure(p->scan, node);
    return node;
}

/* -name, -name(...), -name rest */
static LayoutNode *attribute(LayoutParser *p)
{
    LayoutNode *node = layout_leaf(p);
    char c = p->at < p->end ? p->scan->text[p->scan->pieces.items[p->at].start] : '\0';
    p->failed |= layout_kind(p, p->at) != T_ATOM && (c < 'a' || c > 'z');
    node = glue(p, node, layout_leaf(p), false);
    if (layout_kind(p, p->at) == T_LPAREN && layout_closing(p, p->at) + 2 == p->end) {
        node = glue(p, node, bracket(p), false);
    } else if (layout_kind(p, p->at) != T_DOT) {
        p->spec = true;
        node = glue(p, node, layout_list(p, LAYOUT_ANY), true);
    }
    return node;
}

static LayoutNode *clauses(LayoutParser *p)
{
    LayoutNode *node = layout_new(p, NODE_FORMS);
    for (;;) {
        LayoutNode *clause = layout_clause(p, false);
        layout_add(node, clause);
        if (p->failed || layout_kind(p, p->at) != T_SEMICOLON) {
            break;
        }
        clause->separator = p->at++;
    }
    layout_measure(p->scan, node);
    return node;
}

LayoutNode *layout_parse(LayoutParser *p)
{
    bool is_attribute = layout_kind(p, p->at) == T_MINUS;
    LayoutNode *node = is_attribute ? attribute(p) : clauses(p);
    node->separator = layout_take(p, T_DOT);
    return p->failed || p->at != p->end ? NULL : node;
}
