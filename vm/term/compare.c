/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/compare.c: the order of terms that are not the same word. */
#include "vm/term/compare.h"

#include "vm/term/atom.h"
#include "vm/term/big.h"
#include "vm/term/binary.h"
#include "vm/term/fun.h"
#include "vm/term/map.h"
#include "vm/term/pairs.h"
#include "vm/term/ref.h"

/* Sorted copies of large maps, alive until the comparison ends. */
typedef struct Sorted Sorted;
struct Sorted {
    Sorted *next;
    Term items[];
};

typedef struct {
    const AtomTable *atoms;
    PairStack stack;
    Sorted *sorted;
} Comparison;

enum { STEPS_TO_SORT = 32 }; /* for each key of a large map */

typedef enum {
    RANK_NUMBER,
    RANK_ATOM,
    RANK_REF,
    RANK_FUN,
    RANK_PORT,
    RANK_PID,
    RANK_TUPLE,
    RANK_MAP,
    RANK_NIL,
    RANK_LIST,
    RANK_BITSTRING,
} Rank;

static Rank rank_of_immediate(Term t)
{
    switch (t.w & IMMEDIATE_MASK) {
    case IMMEDIATE_ATOM:
        return RANK_ATOM;
    case IMMEDIATE_PID:
        return RANK_PID;
    case IMMEDIATE_PORT:
        return RANK_PORT;
    case IMMEDIATE_NIL:
        return RANK_NIL;
    default:
        VM_BUG("comparing what is no term: %#zx", (size_t)t.w);
    }
}

static Rank rank_of(Term t)
{
    static const uint8_t ranks[BOXED__count] = {
        [BOXED_TUPLE] = RANK_TUPLE,
        [BOXED_MAP] = RANK_MAP,
        [BOXED_HAMT] = RANK_MAP,
        [BOXED_HAMT_NODE] = RANK_MAP,
        [BOXED_FUN] = RANK_FUN,
        [BOXED_EXPORT] = RANK_FUN,
        [BOXED_SUB_BINARY] = RANK_BITSTRING,
        [BOXED_MATCH] = RANK_BITSTRING,
        [BOXED_BIG] = RANK_NUMBER,
        [BOXED_BIG_NEGATIVE] = RANK_NUMBER,
        [BOXED_FLOAT] = RANK_NUMBER,
        [BOXED_REF] = RANK_REF,
        [BOXED_BINARY] = RANK_BITSTRING,
        [BOXED_REFC] = RANK_BITSTRING,
        [BOXED_MAGIC] = RANK_REF,
    };
    if (term_is_small(t) || (t.w & TAG_MASK) == TAG_FLOAT) {
        return RANK_NUMBER;
    }
    if (term_is_cons(t)) {
        return RANK_LIST;
    }
    return term_is_boxed(t) ? (Rank)ranks[header_kind(boxed_header(t))] : rank_of_immediate(t);
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_numbers(Term a, Term b, bool exact)
{
    bool a_float = term_is_float(a);
    bool b_float = term_is_float(b);
    if (a_float && b_float) {
        double x = float_value(a);
        double y = float_value(b);
        return (x > y) - (x < y);
    }
    if (a_float != b_float && exact) {
        return a_float ? 1 : -1;
    }
    if (a_float) {
        return -big_compare_double(b, float_value(a));
    }
    return b_float ? big_compare_double(a, float_value(b)) : big_compare(a, b);
}

static int compare_exports(const AtomTable *atoms, const Export *a, const Export *b)
{
    int diff = atom_compare(atoms, a->module, b->module);
    if (diff == 0) {
        diff = atom_compare(atoms, a->name, b->name);
    }
    return diff != 0 ? diff : order(a->arity, b->arity);
}

/* Closures come before `fun M:F/A`; among them by module, place in it, version, free values. */
static int compare_funs(Comparison *c, Term a, Term b, bool exact)
{
    bool a_export = term_is_kind(a, BOXED_EXPORT);
    bool b_export = term_is_kind(b, BOXED_EXPORT);
    if (a_export || b_export) {
        return a_export && b_export ? compare_exports(c->atoms, fun_export(a), fun_export(b))
                                    : (int)a_export - (int)b_export;
    }
    const FunEntry *x = fun_entry(a);
    const FunEntry *y = fun_entry(b);
    int diff = atom_compare(c->atoms, x->module, y->module);
    if (diff == 0) {
        diff = order(x->index, y->index);
    }
    if (diff == 0) {
        diff = order(x->uniq, y->uniq);
    }
    if (diff == 0) {
        diff = order(fun_free_count(a), fun_free_count(b));
    }
    if (diff == 0) {
        pairs_push(&c->stack, fun_free_values(a), fun_free_values(b), fun_free_count(a), exact);
    }
    return diff;
}

static void merge_sort(const AtomTable *atoms, Term *pairs, Term *spare, size_t count)
{
    if (count < 2) {
        return;
    }
    size_t half = count / 2;
    merge_sort(atoms, pairs, spare, half);
    merge_sort(atoms, pairs + 2 * half, spare, count - half);
    memcpy(spare, pairs, 2 * half * sizeof *spare);
    const Term *left = spare;
    const Term *left_end = spare + 2 * half;
    const Term *right = pairs + 2 * half;
    const Term *right_end = pairs + 2 * count;
    for (Term *out = pairs; left < left_end; out += 2) {
        bool from_right = right < right_end && term_compare_exact(atoms, right[0], left[0]) < 0;
        const Term **from = from_right ? &right : &left;
        out[0] = (*from)[0];
        out[1] = (*from)[1];
        *from += 2;
    }
}

/* The map's keys in order, and behind them the values in the same order. */
static const Term *sorted_copy(Comparison *c, Term map)
{
    size_t count = map_size(map);
    Sorted *sorted = alloc_must(sizeof *sorted + 4 * count * sizeof(Term));
    sorted->next = c->sorted;
    c->sorted = sorted;
    Term *pairs = sorted->items + 2 * count;
    MapIter it;
    map_iter(&it, map);
    for (size_t i = 0; map_iter_next(&it, &pairs[i], &pairs[i + 1]); i += 2) {
    }
    merge_sort(c->atoms, pairs, sorted->items, count);
    for (size_t i = 0; i < count; i++) {
        sorted->items[i] = pairs[2 * i];
        sorted->items[count + i] = pairs[2 * i + 1];
    }
    return sorted->items;
}

static int compare_maps(Comparison *c, Term a, Term b, bool exact)
{
    size_t count = map_size(a);
    int diff = order(count, map_size(b));
    if (diff != 0) {
        return diff;
    }
    if (map_is_flat(a)) {
        pairs_push(&c->stack, map_flat_values(a), map_flat_values(b), count, exact);
        pairs_push(&c->stack, tuple_items(map_flat_keys(a)), tuple_items(map_flat_keys(b)), count,
                   true);
    } else if (!term_equal_within(a, b, exact, &c->stack.budget) &&
               pairs_spend(&c->stack, count * STEPS_TO_SORT)) {
        const Term *x = sorted_copy(c, a);
        const Term *y = sorted_copy(c, b);
        pairs_push(&c->stack, x + count, y + count, count, exact);
        pairs_push(&c->stack, x, y, count, true);
    }
    return 0;
}

static int compare_bits(Comparison *c, Term a, Term b)
{
    BinaryView x, y;
    VM_CHECK(binary_view(a, &x) && binary_view(b, &y));
    size_t steps = ACT_MIN(x.bits, y.bits) / PAIRS_BITS_A_STEP;
    return pairs_spend(&c->stack, steps) ? binary_compare(&x, &y) : 0;
}

/* Both of one rank, not the same word. 0 with parts pushed: they decide. */
static int compare_pair(Comparison *c, Rank rank, Term a, Term b, bool exact)
{
    int diff;
    switch (rank) {
    case RANK_NUMBER:
        return compare_numbers(a, b, exact);
    case RANK_ATOM:
        return atom_compare(c->atoms, a, b);
    case RANK_REF:
        return ref_compare(a, b);
    case RANK_FUN:
        return compare_funs(c, a, b, exact);
    case RANK_PORT:
    case RANK_PID:
        return order(a.w, b.w);
    case RANK_TUPLE:
        diff = order(tuple_arity(a), tuple_arity(b));
        if (diff == 0) {
            pairs_push(&c->stack, tuple_items(a), tuple_items(b), tuple_arity(a), exact);
        }
        return diff;
    case RANK_MAP:
        return compare_maps(c, a, b, exact);
    case RANK_LIST:
        pairs_push(&c->stack, cons_cell(a) + 1, cons_cell(b) + 1, 1, exact);
        pairs_push(&c->stack, cons_cell(a), cons_cell(b), 1, exact);
        return 0;
    case RANK_BITSTRING:
        return compare_bits(c, a, b);
    case RANK_NIL:
        break;
    }
    return 0;
}

static int compare_step(Comparison *c, Term a, Term b, bool exact)
{
    Rank rank_a = rank_of(a);
    Rank rank_b = rank_of(b);
    return rank_a != rank_b ? (int)rank_a - (int)rank_b : compare_pair(c, rank_a, a, b, exact);
}

int term_compare_within(const AtomTable *atoms, Term a, Term b, bool exact, int64_t *budget)
{
    Comparison c;
    c.atoms = atoms;
    c.sorted = NULL;
    pairs_init(&c.stack, *budget);
    int diff = compare_step(&c, a, b, exact);
    while (diff == 0 && c.stack.budget > 0 && pairs_next(&c.stack, &a, &b, &exact)) {
        while (term_is_cons(a) && term_is_cons(b) && !term_same(a, b) &&
               term_same(cons_head(a), cons_head(b)) && pairs_spend(&c.stack, 1)) {
            a = cons_tail(a);
            b = cons_tail(b);
        }
        if (pairs_spend(&c.stack, 1) && !term_same(a, b)) {
            diff =
                terms_are_small(a, b) ? term_compare(atoms, a, b) : compare_step(&c, a, b, exact);
        }
    }
    for (Sorted *s = c.sorted, *next; s; s = next) {
        next = s->next;
        alloc_free(s);
    }
    pairs_free(&c.stack);
    *budget = c.stack.budget;
    return diff;
}

int term_compare_slow(const AtomTable *atoms, Term a, Term b, bool exact)
{
    if (term_is_atom(a) && term_is_atom(b)) {
        return atom_compare(atoms, a, b);
    }
    BinaryView x, y;
    if (term_is_bitstring(a) && term_is_bitstring(b)) {
        VM_CHECK(binary_view(a, &x) && binary_view(b, &y));
        return binary_compare(&x, &y);
    }
    int64_t endless = INT64_MAX;
    return term_compare_within(atoms, a, b, exact, &endless);
}
