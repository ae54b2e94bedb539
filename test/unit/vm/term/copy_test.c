/* SPDX-License-Identifier: Apache-2.0 */
/* Copying: the words counted are the words written, sharing is kept, literals stay where they are.
 */
#include "vm/mem/heap.h"
#include "vm/mem/offheap.h"
#include "vm/term/compare.h"
#include "vm/term/copy.h"

#include <criterion/criterion.h>

static Heap heap;

static void open_world(void)
{
    cr_assert(heap_init(&heap, 1 << 16, NULL, NULL));
}

static void close_world(void)
{
    heap_free(&heap);
}

TestSuite(copy, .init = open_world, .fini = close_world);

static Term cons(Term head, Term tail)
{
    Term *cell = heap_alloc(&heap, 2);
    return build_cons(&cell, head, tail);
}

static Fragment *copy(Term t, const Term *literals, const Term *end, Term *result)
{
    CopyPlan plan;
    cr_assert(copy_plan(&plan, t, literals, end));
    Fragment *f = fragment_new(plan.words);
    f->used = plan.words;
    *result = copy_run(&plan, f->words, &f->off_heap);
    return f;
}

Test(copy, immediates_take_nothing)
{
    Term result;
    Fragment *f = copy(ATOM(ok), NULL, NULL, &result);
    cr_assert_eq(f->room, 0);
    cr_assert(term_same(result, ATOM(ok)));
    fragment_free(f);
}

/* 2^100 leaves if sharing were lost. */
Test(copy, shared_terms_stay_shared)
{
    Term t = TERM_NIL;
    for (int i = 0; i < 100; i++) {
        t = cons(t, t);
    }
    Term result;
    Fragment *f = copy(t, NULL, NULL, &result);
    cr_assert_eq(f->room, 200);
    for (; term_is_cons(result); result = cons_tail(result)) {
        cr_assert(term_same(cons_head(result), cons_tail(result)));
    }
    fragment_free(f);
}

Test(copy, large_list_sharing_a_tuple)
{
    Term *words = heap_alloc(&heap, 3);
    Term shared = build_tuple2(&words, cons(small_make(1), TERM_NIL), ATOM(ok));
    Term t = TERM_NIL;
    for (int i = 0; i < 100000; i++) {
        t = cons(i % 2 ? shared : small_make(i), t);
    }
    Term result;
    Fragment *f = copy(t, NULL, NULL, &result);
    cr_assert_eq(f->room, 200000 + 5);
    cr_assert(term_equal_exact(t, result));
    cr_assert(term_same(cons_head(result), cons_head(cons_tail(cons_tail(result)))));
    fragment_free(f);
}

Test(copy, deep_terms)
{
    Term t = TERM_NIL;
    for (int i = 0; i < 1000000; i++) {
        t = cons(t, TERM_NIL);
    }
    Term result;
    Fragment *f = copy(t, NULL, NULL, &result);
    cr_assert_eq(f->room, 2000000);
    cr_assert(term_equal_exact(t, result));
    cr_assert_eq(term_compare(NULL, t, result), 0);
    cr_assert(!term_equal_exact(t, cons_head(result)));
    fragment_free(f);
}

Test(copy, literals_are_not_copied)
{
    Term literals[4];
    Term *at = literals;
    Term literal = build_cons(&at, small_make(1), TERM_NIL);
    Term result;
    Fragment *f = copy(cons(literal, literal), literals, literals + 4, &result);
    cr_assert_eq(f->room, 2);
    cr_assert(term_same(cons_head(result), literal));
    fragment_free(f);
}

Test(copy, off_heap_binaries_are_counted)
{
    OffHeap *block = offheap_new(1000);
    Term binary = offheap_box(&heap, block, 1000);
    Term result;
    Fragment *f = copy(cons(binary_sub(&heap, binary, 8, 80), TERM_NIL), NULL, NULL, &result);
    cr_assert_eq(atomic_load(&block->references), 2);
    fragment_free(f);
    cr_assert_eq(atomic_load(&block->references), 1);
}

Test(copy, flat_size_stops_at_its_limit)
{
    Term t = TERM_NIL;
    for (int i = 0; i < 60; i++) {
        t = cons(t, t);
    }
    cr_assert_geq(copy_flat_size(t, NULL, NULL, 1000), 1000);
    cr_assert_leq(copy_flat_size(t, NULL, NULL, 1000), 1100);
    cr_assert_eq(copy_flat_size(cons(ATOM(ok), TERM_NIL), NULL, NULL, 1000), 2);
}
