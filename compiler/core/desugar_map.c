/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/core/desugar_map.c: map construction and update. A mixed update is cut into runs of `=>`
 * and
 * `:=`, which keeps its meaning; constant maps are constants. */
#include "compiler/core/desugar.h"

typedef struct {
    CoreNode **pairs;
    bool *exact;
    uint32_t count;
} Pairs;

static Pairs desugar_pairs(Desugar *b, AstList fields)
{
    Pairs pairs = {ARENA_ARRAY(b->arena, CoreNode *, fields.count * 2 + 1),
                   ARENA_ARRAY(b->arena, bool, fields.count + 1), fields.count};
    for (uint32_t i = 0; i < fields.count; i++) {
        const AstNode *field = fields.items[i];
        pairs.pairs[2 * i] = desugar_expr(b, field->pair.left);
        pairs.pairs[2 * i + 1] = desugar_expr(b, field->pair.right);
        pairs.exact[i] = field->kind == AST_MAP_EXACT;
    }
    return pairs;
}

/* A constant map, when all is constant and keys are told apart at a glance; else NULL. */
static CoreNode *constant_map(Desugar *b, CoreLine line, const Pairs *pairs)
{
    if (pairs->count > 64) {
        return NULL;
    }
    const Konst **items = ARENA_ARRAY(b->arena, const Konst *, pairs->count * 2 + 1);
    for (uint32_t i = 0; i < pairs->count * 2; i++) {
        if (pairs->pairs[i]->kind != CORE_LITERAL) {
            return NULL;
        }
        items[i] = pairs->pairs[i]->konst;
    }
    for (uint32_t i = 0; i < pairs->count; i++) {
        KonstKind kind = items[2 * i]->kind;
        if (kind != KONST_ATOM && kind != KONST_INT) {
            return NULL;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (konst_same(items[2 * i], items[2 * k])) {
                return NULL;
            }
        }
    }
    return core_literal(b->arena, line, konst_map(b->arena, items, pairs->count * 2));
}

static CoreNode *map_node(Desugar *b, CoreKind kind, CoreLine line, CoreNode *base,
                          CoreNode **pairs, uint32_t count)
{
    CoreNode *map = core_new(b->arena, kind, line);
    map->map.base = base;
    map->map.pairs = pairs;
    map->map.count = count;
    return map;
}

/* True if pair `at` must stand behind the one after it: among neighbours with constant keys Erlang
 * does all `=>` first, then `:=` by key. Which missing key is told depends on it. */
static bool is_out_of_order(const Pairs *pairs, uint32_t at)
{
    const CoreNode *key = pairs->pairs[2 * at], *next = pairs->pairs[2 * at + 2];
    if (key->kind != CORE_LITERAL || next->kind != CORE_LITERAL ||
        konst_same(key->konst, next->konst) || !pairs->exact[at]) {
        return false;
    }
    return !pairs->exact[at + 1] || key_order(key->konst, next->konst) > 0;
}

static void swap_with_next(Pairs *pairs, uint32_t at)
{
    CoreNode **pair = pairs->pairs + 2 * at;
    CoreNode *key = pair[0], *value = pair[1];
    bool exact = pairs->exact[at];
    pair[0] = pair[2], pair[1] = pair[3];
    pair[2] = key, pair[3] = value;
    pairs->exact[at] = pairs->exact[at + 1];
    pairs->exact[at + 1] = exact;
}

/* Larger maps have no order of keys. */
enum { MAX_ORDERED = 32 };

/* Of pairs with the same constant key, among neighbours with constant keys, one is left: as the
 * first one asks, with the value of the last. Keys and values are simple. */
static void drop_repeated(Pairs *pairs)
{
    uint32_t kept = 0, run = 0;
    for (uint32_t i = 0; i < pairs->count; i++) {
        CoreNode *key = pairs->pairs[2 * i], *value = pairs->pairs[2 * i + 1];
        bool constant = key->kind == CORE_LITERAL;
        uint32_t at = constant ? run : kept;
        while (at < kept && !konst_same(pairs->pairs[2 * at]->konst, key->konst)) {
            at++;
        }
        pairs->pairs[2 * at + 1] = value;
        if (at == kept) {
            pairs->pairs[2 * at] = key;
            pairs->exact[at] = pairs->exact[i];
            kept++;
        }
        run = constant ? run : kept;
    }
    pairs->count = kept;
}

/* By insertion: they are few, and mostly in order. Keys and values are simple. */
static void sort_pairs(Pairs *pairs)
{
    for (uint32_t i = 1; i < pairs->count && pairs->count <= MAX_ORDERED; i++) {
        for (uint32_t at = i; at-- > 0 && is_out_of_order(pairs, at);) {
            swap_with_next(pairs, at);
        }
    }
}

/* Keys and values of a mixed update are evaluated before the first part of it fails. */
static CoreNode *desugar_update(Desugar *b, CoreLine line, CoreNode *base, Pairs *pairs)
{
    CoreNode *map = base;
    for (uint32_t i = 0; i < pairs->count;) {
        uint32_t end = i + 1;
        while (end < pairs->count && pairs->exact[end] == pairs->exact[i]) {
            end++;
        }
        map = map_node(b, pairs->exact[i] ? CORE_MAP_UPDATE : CORE_MAP_PUT, line, map,
                       pairs->pairs + 2 * i, end - i);
        i = end;
    }
    return map;
}

/* Must it be cut up or put into another order? */
static bool is_mixed(const Pairs *pairs)
{
    for (uint32_t i = 1; i < pairs->count; i++) {
        if (pairs->exact[i] != pairs->exact[0] || is_out_of_order(pairs, i - 1)) {
            return true;
        }
    }
    return false;
}

/* Puts what is not simple into variables, in order, so that the rest may be cut up. */
static CoreNode *hoist(Desugar *b, CoreNode *node, CoreNode **lets, uint32_t *count)
{
    if (core_is_simple(node)) {
        return node;
    }
    CoreNode *let = core_new(b->arena, CORE_LET, node->line);
    let->let.value = node;
    let->let.var = desugar_var_new(b);
    lets[(*count)++] = let;
    return desugar_use(b, node->line, let->let.var);
}

static CoreNode *desugar_mixed(Desugar *b, CoreLine line, CoreNode *base, Pairs *pairs)
{
    CoreList block = core_list_new(b->arena, pairs->count * 2 + 2);
    uint32_t count = 0;
    base = hoist(b, base, block.items, &count);
    for (uint32_t i = 0; i < pairs->count * 2; i++) {
        pairs->pairs[i] = hoist(b, pairs->pairs[i], block.items, &count);
    }
    drop_repeated(pairs);
    sort_pairs(pairs);
    block.items[count++] = desugar_update(b, line, base, pairs);
    block.count = count;
    CoreNode *node = core_new(b->arena, CORE_BLOCK, line);
    node->items = block;
    return node;
}

CoreNode *desugar_map(Desugar *b, const AstNode *node)
{
    CoreLine line = desugar_line(b, node->span);
    CoreNode *base = node->map.base == NULL ? NULL : desugar_expr(b, node->map.base);
    Pairs pairs = desugar_pairs(b, node->map.fields);
    if (base == NULL) {
        CoreNode *constant = constant_map(b, line, &pairs);
        return constant != NULL ? constant
                                : map_node(b, CORE_MAP_NEW, line, NULL, pairs.pairs, pairs.count);
    }
    if (pairs.count == 0) {
        return map_node(b, CORE_MAP_PUT, line, base, pairs.pairs, 0);
    }
    if (is_mixed(&pairs) && !b->guard) {
        return desugar_mixed(b, line, base, &pairs);
    }
    return desugar_update(b, line, base, &pairs);
}
