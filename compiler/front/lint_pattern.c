/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/front/lint_pattern.c: what may stand in a pattern, and the variables that it binds. */
#include "compiler/front/lint_state.h"

void lint_head(Lint *l, AstList patterns, const char *fresh)
{
    bool before = l->fresh;
    l->fresh = fresh != NULL;
    l->shadowing = fresh;
    l->in_pattern.count = 0;
    for (uint32_t i = 0; i < patterns.count; i++) {
        lint_pattern(l, patterns.items[i]);
    }
    l->fresh = before;
    l->in_pattern.count = 0;
}

bool lint_is_constant(const AstNode *node)
{
    switch (node->kind) {
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
        return true;
    case AST_UNARY:
        return node->unary.op != AST_OP_NOT && lint_is_constant(node->unary.operand);
    case AST_BINARY:
        switch (node->binary.op) {
        case AST_OP_PLUS:
        case AST_OP_MINUS:
        case AST_OP_TIMES:
        case AST_OP_DIVIDE:
        case AST_OP_DIV:
        case AST_OP_REM:
        case AST_OP_BAND:
        case AST_OP_BOR:
        case AST_OP_BXOR:
        case AST_OP_BSL:
        case AST_OP_BSR:
            return lint_is_constant(node->binary.left) && lint_is_constant(node->binary.right);
        default:
            return false;
        }
    default:
        return false;
    }
}

static void illegal(Lint *l, const AstNode *node)
{
    Diag *diag = diag_report(l->diags, DIAG_E0109, node->span);
    if (node->kind == AST_CALL) {
        diag_help(l->diags, diag, SOURCE_NOWHERE,
                  "a pattern cannot call a function: match first, and test in a guard");
    }
}

static void report_unused_key(Lint *l, const AstNode *key)
{
    diag_report(l->diags, DIAG_E0121, key->span);
}

/* The key is an expression as in a guard; variables in it are those bound before the pattern. */
static void map_key(Lint *l, const AstNode *key)
{
    bool guard = lint_is_guard_test(l, key) || key->kind == AST_VAR || key->kind == AST_TUPLE ||
                 key->kind == AST_LIST || key->kind == AST_STRING || key->kind == AST_ATOM ||
                 key->kind == AST_MAP || key->kind == AST_BIN || key->kind == AST_RECORD ||
                 lint_is_constant(key);
    if (!guard && (key->kind == AST_CALL || key->kind == AST_BINARY || key->kind == AST_UNARY)) {
        guard = true;
    }
    if (!guard) {
        report_unused_key(l, key);
        return;
    }
    l->unseen = l->in_pattern.count;
    lint_guard_expr(l, key);
    l->unseen = 0;
}

static void pattern_map(Lint *l, const AstNode *node)
{
    if (node->map.base != NULL) {
        illegal(l, node);
        return;
    }
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        const AstNode *field = node->map.fields.items[i];
        if (field->kind != AST_MAP_EXACT) {
            Diag *diag = diag_report(l->diags, DIAG_E0109, field->span);
            diag_help(l->diags, diag, SOURCE_NOWHERE, "in a map pattern write ':=' for '=>'");
            continue;
        }
        map_key(l, field->pair.left);
        lint_pattern(l, field->pair.right);
    }
}

static void pattern_binary_op(Lint *l, const AstNode *node)
{
    const AstNode *left = node->binary.left;
    if (node->binary.op == AST_OP_APPEND) {
        bool literal = left->kind == AST_STRING;
        if (left->kind == AST_LIST && left->list.tail == NULL) {
            literal = true;
            for (uint32_t i = 0; i < left->list.items.count; i++) {
                AstKind kind = (AstKind)left->list.items.items[i]->kind;
                literal = literal && (kind == AST_CHAR || kind == AST_INTEGER);
            }
        }
        if (literal) {
            lint_pattern(l, node->binary.right);
            return;
        }
    }
    if (!lint_is_constant(node)) {
        illegal(l, node);
    }
}

/* <<...>> = <<...>> anywhere in the two sides of a match in a pattern. */
static bool parallel_binaries(const AstNode *a, const AstNode *b)
{
    if (a->kind == AST_BIN && b->kind == AST_BIN) {
        return true;
    }
    if (a->kind == AST_MATCH) {
        return parallel_binaries(a->pair.left, b) || parallel_binaries(a->pair.right, b);
    }
    if (b->kind == AST_MATCH) {
        return parallel_binaries(a, b->pair.left) || parallel_binaries(a, b->pair.right);
    }
    AstList x = {NULL, 0};
    AstList y = {NULL, 0};
    if (a->kind == AST_TUPLE && b->kind == AST_TUPLE) {
        x = a->items;
        y = b->items;
    } else if (a->kind == AST_LIST && b->kind == AST_LIST) {
        x = a->list.items;
        y = b->list.items;
    }
    for (uint32_t i = 0; i < x.count && i < y.count; i++) {
        if (parallel_binaries(x.items[i], y.items[i])) {
            return true;
        }
    }
    return a->kind == AST_LIST && b->kind == AST_LIST && a->list.tail != NULL &&
           b->list.tail != NULL && x.count == y.count &&
           parallel_binaries(a->list.tail, b->list.tail);
}

void lint_pattern(Lint *l, const AstNode *node)
{
    switch (node->kind) {
    case AST_VAR:
        lint_pattern_var(l, node);
        break;
    case AST_ATOM:
        lint_keyword(l, node);
        break;
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        break;
    case AST_LIST:
        for (uint32_t i = 0; i < node->list.items.count; i++) {
            lint_pattern(l, node->list.items.items[i]);
        }
        if (node->list.tail != NULL) {
            lint_pattern(l, node->list.tail);
        }
        break;
    case AST_TUPLE:
        for (uint32_t i = 0; i < node->items.count; i++) {
            lint_pattern(l, node->items.items[i]);
        }
        break;
    case AST_MATCH:
        if (parallel_binaries(node->pair.left, node->pair.right)) {
            diag_report(l->diags, DIAG_E0122, node->span);
        }
        lint_pattern(l, node->pair.left);
        lint_pattern(l, node->pair.right);
        break;
    case AST_BIN:
        lint_bin_pattern(l, node, false);
        break;
    case AST_MAP:
        pattern_map(l, node);
        break;
    case AST_RECORD:
        if (node->record.base != NULL) {
            illegal(l, node);
        } else {
            lint_record_fields(l, node, lint_pattern, true);
        }
        break;
    case AST_RECORD_INDEX:
        lint_record_access(l, node);
        break;
    case AST_BINARY:
        pattern_binary_op(l, node);
        break;
    case AST_UNARY:
        if (!lint_is_constant(node)) {
            illegal(l, node);
        }
        break;
    case AST_ERROR:
        break;
    default:
        illegal(l, node);
        break;
    }
}
