/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/equal.c: == and =:= of terms that are not the same word. */
#include "vm/term/big.h"
#include "vm/term/binary.h"
#include "vm/term/compare.h"
#include "vm/term/fun.h"
#include "vm/term/hamt.h"
#include "vm/term/map.h"
#include "vm/term/pairs.h"
#include "vm/term/ref.h"

void pairs_grow(PairStack *stack)
{
    size_t room = stack->room * 2;
    PairRange *items = alloc_must(room * sizeof *items);
    memcpy(items, stack->items, stack->count * sizeof *items);
    pairs_free(stack);
    stack->items = items;
    stack->room = room;
}

/* a and b are numbers of different words. */
static bool numbers_equal(Term a, Term b, bool exact)
{
    bool a_float = term_is_float(a);
    bool b_float = term_is_float(b);
    if (a_float && b_float) {
        return float_value(a) == float_value(b);
    }
    if (a_float || b_float) {
        if (exact) {
            return false;
        }
        return a_float ? big_compare_double(b, float_value(a)) == 0
                       : big_compare_double(a, float_value(b)) == 0;
    }
    return big_compare(a, b) == 0;
}

static bool bits_equal(PairStack *stack, Term a, Term b)
{
    BinaryView x, y;
    if (!binary_view(a, &x) || !binary_view(b, &y) || x.bits != y.bits) {
        return false;
    }
    return pairs_spend(stack, x.bits / PAIRS_BITS_A_STEP) && binary_compare(&x, &y) == 0;
}

/* Pairs in a collision node come in no order. Keys that agree in all bits of their hash: few. */
static bool collisions_equal(PairStack *stack, const HamtNode *a, const HamtNode *b, bool exact)
{
    for (size_t i = 0; i < a->pair_count; i++) {
        size_t j = 0;
        while (j < a->pair_count && !term_equal_exact(a->pairs[2 * i], b->pairs[2 * j])) {
            j++;
        }
        if (j == a->pair_count) {
            return false;
        }
        pairs_push(stack, &a->pairs[2 * i + 1], &b->pairs[2 * j + 1], 1, exact);
    }
    return true;
}

/* Nodes of two large maps (roots, too, their sizes already the same): pushes what is left. */
static bool nodes_equal(PairStack *stack, const Term *a, const Term *b, bool exact)
{
    if (a[0].w != b[0].w) {
        return false;
    }
    HamtNode x = hamt_open(a);
    HamtNode y = hamt_open(b);
    if (x.pair_digits != y.pair_digits || x.node_digits != y.node_digits) {
        return false;
    }
    if (hamt_is_collision(&x)) {
        return collisions_equal(stack, &x, &y, exact);
    }
    const Term *last_x = x.first_node - x.node_count + 1;
    const Term *last_y = y.first_node - y.node_count + 1;
    for (size_t i = 0; i < x.node_count; i++) {
        if (!term_same(last_x[i], last_y[i])) {
            pairs_push(stack, &last_x[i], &last_y[i], 1, exact);
        }
    }
    for (size_t i = 0; i < 2 * x.pair_count; i++) { /* keys are the same only if =:= */
        if (!term_same(x.pairs[i], y.pairs[i])) {
            pairs_push(stack, &x.pairs[i], &y.pairs[i], 1, exact || i % 2 == 0);
        }
    }
    return true;
}

static bool flat_maps_equal(PairStack *stack, Term a, Term b, bool exact)
{
    Term keys_a = map_flat_keys(a);
    Term keys_b = map_flat_keys(b);
    size_t size = map_size(a);
    if (map_size(b) != size) {
        return false;
    }
    pairs_push(stack, map_flat_values(a), map_flat_values(b), size, exact);
    if (!term_same(keys_a, keys_b)) {
        pairs_push(stack, tuple_items(keys_a), tuple_items(keys_b), size, true);
    }
    return true;
}

static bool funs_equal(PairStack *stack, const Term *a, const Term *b, bool exact)
{
    const FunEntry *x = (const FunEntry *)a[FUN_ENTRY].w;
    const FunEntry *y = (const FunEntry *)b[FUN_ENTRY].w;
    size_t words = header_words(a[0].w);
    if (a[0].w != b[0].w) {
        return false;
    }
    if (x != y) {
        return false;
    }
    pairs_push(stack, a + FUN_FREE, b + FUN_FREE, words - 1, exact);
    return true;
}

/* Two boxed terms, neither a number, bitstring: compares what is at hand, pushes what is inside. */
static bool boxes_equal(PairStack *stack, Term a, Term b, bool exact)
{
    const Term *x = boxed_words(a);
    const Term *y = boxed_words(b);
    BoxedKind kind = header_kind(x[0].w);
    if (kind != header_kind(y[0].w)) {
        return false;
    }
    switch (kind) {
    case BOXED_TUPLE:
        pairs_push(stack, x + 1, y + 1, header_words(x[0].w), exact);
        return x[0].w == y[0].w;
    case BOXED_MAP:
        return flat_maps_equal(stack, a, b, exact);
    case BOXED_HAMT:
        return term_same(x[1], y[1]) && nodes_equal(stack, x, y, exact);
    case BOXED_HAMT_NODE:
        return nodes_equal(stack, x, y, exact);
    case BOXED_FUN:
        return funs_equal(stack, x, y, exact);
    case BOXED_EXPORT:
        return x[FUN_ENTRY].w == y[FUN_ENTRY].w;
    case BOXED_REF:
    case BOXED_MAGIC:
        return ref_equal(a, b);
    default:
        return false;
    }
}

/* One pair of different words. */
static bool pair_equal(PairStack *stack, Term a, Term b, bool exact)
{
    if (term_is_cons(a) && term_is_cons(b)) {
        pairs_push(stack, cons_cell(a) + 1, cons_cell(b) + 1, 1, exact);
        pairs_push(stack, cons_cell(a), cons_cell(b), 1, exact);
        return true;
    }
    if (term_is_number(a)) {
        return term_is_number(b) && numbers_equal(a, b, exact);
    }
    if (!term_is_boxed(a) || !term_is_boxed(b)) {
        return false;
    }
    if (term_is_bitstring(a)) {
        return bits_equal(stack, a, b);
    }
    return boxes_equal(stack, a, b, exact);
}

bool term_equal_within(Term a, Term b, bool exact, int64_t *budget)
{
    PairStack stack;
    pairs_init(&stack, *budget);
    bool equal = pair_equal(&stack, a, b, exact);
    while (equal && pairs_next(&stack, &a, &b, &exact)) {
        while (term_is_cons(a) && term_is_cons(b) && !term_same(a, b) &&
               term_same(cons_head(a), cons_head(b)) && pairs_spend(&stack, 1)) {
            a = cons_tail(a);
            b = cons_tail(b);
        }
        equal = pairs_spend(&stack, 1) &&
                (term_same(a, b) || (!terms_are_small(a, b) && pair_equal(&stack, a, b, exact)));
    }
    pairs_free(&stack);
    *budget = stack.budget;
    return equal;
}

bool term_equal_slow(Term a, Term b, bool exact)
{
    int64_t endless = INT64_MAX;
    return term_equal_within(a, b, exact, &endless);
}
