/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_pattern.c: patterns. What a pattern cannot say by itself (this variable was
 * bound before, that one stands twice) becomes a test beside it: see desugar_take_tests. */
#include "compiler/core/desugar.h"
#include "compiler/ssa/ssa.h"
#include <string.h>

typedef struct {
    bool fresh;
    uint32_t mark;
} How;

static CorePattern *literal(Desugar *b, const Konst *konst)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_LITERAL);
    pattern->konst = konst;
    return pattern;
}

static CorePattern *variable(Desugar *b, const AstNode *node, How how)
{
    if (ast_is_underscore(node)) {
        return core_pattern_new(b->arena, CORE_P_ANY);
    }
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_VAR);
    pattern->var = desugar_var_new(b);
    uint32_t bound = desugar_bound(b, node->name);
    if (bound == 0 || (how.fresh && bound <= how.mark)) {
        desugar_bind(b, node->name, pattern->var);
        return pattern;
    }
    CoreLine line = desugar_line(b, node->span);
    CoreNode *test = core_new(b->arena, CORE_COMPARE, line);
    test->op.op = CORE_EXACT_EQ;
    test->op.count = 2;
    test->op.args[0] = desugar_use(b, line, pattern->var);
    CoreVar other = desugar_resolve(b, node->name);
    test->op.args[1] = desugar_use(b, line, other);
    vec_push(&b->tests, test);
    if (desugar_is_beside(b, bound)) {
        desugar_bind(b, node->name, other); /* so that funs in this part see it */
    }
    return pattern;
}

static CorePattern **patterns(Desugar *b, AstList list, How how)
{
    CorePattern **out = ARENA_ARRAY(b->arena, CorePattern *, list.count + 1);
    for (uint32_t i = 0; i < list.count; i++) {
        out[i] = desugar_pattern(b, list.items[i], how.fresh, how.mark);
    }
    return out;
}

static CorePattern *list_pattern(Desugar *b, CorePattern **items, uint32_t count, CorePattern *tail)
{
    if (count == 0) {
        return tail;
    }
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_LIST);
    pattern->list.items = items;
    pattern->list.count = count;
    pattern->list.tail = tail;
    return pattern;
}

static CorePattern *list(Desugar *b, const AstNode *node, How how)
{
    CorePattern **items = patterns(b, node->list.items, how);
    CorePattern *tail = node->list.tail == NULL
                            ? literal(b, konst_nil(b->arena))
                            : desugar_pattern(b, node->list.tail, how.fresh, how.mark);
    return list_pattern(b, items, node->list.items.count, tail);
}

/* A key means what was bound before the whole pattern. Most are atoms, which need no look at that.
 */
static CoreNode *map_key(Desugar *b, const AstNode *key, How how)
{
    if (!how.fresh || key->kind == AST_ATOM || key->kind == AST_INTEGER) {
        return desugar_expr(b, key);
    }
    uint32_t now = desugar_mark(b);
    desugar_show(b, how.mark, now, false);
    CoreNode *node = desugar_expr(b, key);
    desugar_show(b, how.mark, now, true);
    return node;
}

static CorePattern *map(Desugar *b, const AstNode *node, How how)
{
    uint32_t count = node->map.fields.count;
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_MAP);
    pattern->map.count = count;
    pattern->map.keys = ARENA_ARRAY(b->arena, CoreNode *, count + 1);
    pattern->map.values = ARENA_ARRAY(b->arena, CorePattern *, count + 1);
    bool guard = b->guard;
    b->guard = true;
    for (uint32_t i = 0; i < count; i++) {
        pattern->map.keys[i] = map_key(b, node->map.fields.items[i]->pair.left, how);
    }
    b->guard = guard;
    for (uint32_t i = 0; i < count; i++) {
        const AstNode *value = node->map.fields.items[i]->pair.right;
        pattern->map.values[i] = desugar_pattern(b, value, how.fresh, how.mark);
    }
    return pattern;
}

/* An expression of constants. */
static CorePattern *constant(Desugar *b, const AstNode *node)
{
    CoreNode *value = desugar_expr(b, node);
    if (value->kind != CORE_LITERAL) {
        desugar_error(b, node->span, "this pattern is not a constant");
        return core_pattern_new(b->arena, CORE_P_ANY);
    }
    return literal(b, value->konst);
}

/* "prefix" ++ Tail, [p, ...] ++ Tail */
static CorePattern *prefix(Desugar *b, const AstNode *node, How how)
{
    const AstNode *left = node->binary.left;
    CorePattern **items;
    uint32_t count;
    if (left->kind == AST_STRING) {
        count = left->string.count;
        items = ARENA_ARRAY(b->arena, CorePattern *, count + 1);
        for (uint32_t i = 0; i < count; i++) {
            items[i] = literal(b, konst_int(b->arena, left->string.points[i]));
        }
    } else if (left->kind == AST_LIST && left->list.tail == NULL) {
        count = left->list.items.count;
        items = patterns(b, left->list.items, how);
    } else {
        return constant(b, node);
    }
    return list_pattern(b, items, count,
                        desugar_pattern(b, node->binary.right, how.fresh, how.mark));
}

static CorePattern *both(Desugar *b, const AstNode *node, How how)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_ALL);
    pattern->list.items = ARENA_ARRAY(b->arena, CorePattern *, 2);
    pattern->list.items[0] = desugar_pattern(b, node->pair.left, how.fresh, how.mark);
    pattern->list.items[1] = desugar_pattern(b, node->pair.right, how.fresh, how.mark);
    pattern->list.count = 2;
    return pattern;
}

static CorePattern *tuple(Desugar *b, const AstNode *node, How how)
{
    CorePattern *pattern = core_pattern_new(b->arena, CORE_P_TUPLE);
    pattern->list.items = patterns(b, node->items, how);
    pattern->list.count = node->items.count;
    return pattern;
}

CorePattern *desugar_pattern(Desugar *b, const AstNode *node, bool fresh, uint32_t fresh_mark)
{
    How how = {fresh, fresh_mark};
    switch ((AstKind)node->kind) {
    case AST_VAR:
        return variable(b, node, how);
    case AST_ATOM:
    case AST_INTEGER:
    case AST_FLOAT:
    case AST_CHAR:
    case AST_STRING:
        return literal(b, desugar_literal(b, node)->konst);
    case AST_LIST:
        return list(b, node, how);
    case AST_TUPLE:
        return tuple(b, node, how);
    case AST_MAP:
        return map(b, node, how);
    case AST_BIN:
        return desugar_binary_pattern(b, node, fresh, fresh_mark);
    case AST_RECORD:
        return desugar_record_pattern(b, node, fresh, fresh_mark);
    case AST_MATCH:
        return both(b, node, how);
    case AST_BINARY:
        if (node->binary.op == AST_OP_APPEND) {
            return prefix(b, node, how);
        }
        return constant(b, node);
    case AST_UNARY:
    case AST_RECORD_INDEX:
        return constant(b, node);
    default:
        desugar_error(b, node->span, "this cannot stand in a pattern");
        return core_pattern_new(b->arena, CORE_P_ANY);
    }
}

CoreList desugar_take_tests(Desugar *b)
{
    CoreList list = core_list_new(b->arena, (uint32_t)b->tests.count);
    if (list.count > 0) {
        memcpy(list.items, b->tests.items, list.count * sizeof(CoreNode *));
    }
    b->tests.count = 0;
    return list;
}
