/* SPDX-License-Identifier: Apache-2.0 */
/* The collector: what is reachable stays as it was, what is not goes, in random graphs too. */
#include "vm/base/alloc.h"
#include "vm/base/stress.h"
#include "vm/mem/heap.h"
#include "vm/mem/offheap.h"
#include "vm/term/compare.h"
#include "vm/term/copy.h"

#include <criterion/criterion.h>

enum { REGISTERS = 32 };

typedef struct {
    Heap heap;
    Term x[REGISTERS];
    Roots roots;
    uint64_t seed;
} World;

static void world_open(World *w, size_t words)
{
    *w = (World){.seed = 42};
    cr_assert(heap_init(&w->heap, words, NULL, NULL));
    for (int i = 0; i < REGISTERS; i++) {
        w->x[i] = TERM_NIL;
    }
    w->roots = (Roots){.ranges = {{w->x, REGISTERS}}, .range_count = 1, .no_frame = true};
}

static uint64_t next_random(World *w)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return w->seed >> 33;
}

static Term cons(World *w, Term head, Term tail)
{
    Term *cell = heap_alloc(&w->heap, 2);
    return build_cons(&cell, head, tail);
}

static Term numbers(World *w, int count)
{
    Term list = TERM_NIL;
    for (int i = count; i > 0; i--) {
        list = cons(w, small_make(i), list);
    }
    return list;
}

Test(gc, keeps_what_is_reachable)
{
    World w;
    world_open(&w, 64);
    w.x[0] = numbers(&w, 1000);
    for (int i = 0; i < 10; i++) {
        cr_assert(gc_collect(&w.heap, &w.roots, 10, i % 4 == 3));
        heap_check(&w.heap, &w.roots);
        cr_assert_null(w.heap.fragments);
        cr_assert_geq(w.heap.stack - w.heap.top, 10 + HEAP_STACK_SLACK);
        cr_assert_eq(heap_used(&w.heap), 2000);
        int64_t expected = 1;
        for (Term t = w.x[0]; term_is_cons(t); t = cons_tail(t)) {
            cr_assert_eq(small_value(cons_head(t)), expected++);
        }
        cr_assert_eq(expected, 1001);
    }
    w.x[0] = TERM_NIL;
    cr_assert(gc_collect(&w.heap, &w.roots, 0, true));
    cr_assert_eq(heap_used(&w.heap), 0);
    cr_assert_leq(heap_total(&w.heap), 200);
    heap_free(&w.heap);
}

Test(gc, promotes_survivors_of_two_collections)
{
    World w;
    world_open(&w, 256);
    w.x[0] = numbers(&w, 20);
    cr_assert(gc_collect(&w.heap, &w.roots, 0, false));
    cr_assert_null(w.heap.old_start);
    cr_assert(gc_collect(&w.heap, &w.roots, 0, false));
    cr_assert_eq(w.heap.old_top - w.heap.old_start, 40);
    cr_assert_eq(w.heap.top, w.heap.start);
    heap_free(&w.heap);
}

Test(gc, preserves_sharing)
{
    World w;
    world_open(&w, 256);
    Term shared = numbers(&w, 3);
    w.x[0] = cons(&w, shared, shared);
    w.x[1] = shared;
    cr_assert(gc_collect(&w.heap, &w.roots, 0, false));
    cr_assert(term_same(cons_head(w.x[0]), w.x[1]));
    cr_assert(term_same(cons_tail(w.x[0]), w.x[1]));
    heap_free(&w.heap);
}

/* A new random term of what is in the registers. */
static Term random_term(World *w)
{
    Term *words;
    unsigned char bytes[200] = {1, 2, 3};
    TermRoom room = heap_room(&w->heap);
    switch (next_random(w) % 8) {
    case 0:
        words = heap_alloc(&w->heap, 1);
        words[0].w = header_make(BOXED_TUPLE, 0);
        return boxed_term(words);
    case 1: {
        size_t arity = next_random(w) % 40;
        words = heap_alloc(&w->heap, 1 + arity);
        words[0].w = header_make(BOXED_TUPLE, arity);
        for (size_t i = 1; i <= arity; i++) {
            words[i] = w->x[next_random(w) % REGISTERS];
        }
        return boxed_term(words);
    }
    case 2:
        return binary_new(&w->heap, bytes, next_random(w) % 60);
    case 3:
        return binary_new(&w->heap, bytes, 65 + next_random(w) % 100);
    case 4:
        return float_make(&room, 1e300);
    case 5: {
        Term base = binary_new(&w->heap, bytes, 100);
        return binary_sub(&w->heap, base, 3, 17);
    }
    default:
        return cons(w, w->x[next_random(w) % REGISTERS], w->x[next_random(w) % REGISTERS]);
    }
}

Test(gc, random_graphs_stay_equal)
{
    World w;
    world_open(&w, 64);
    for (int step = 0; step < 20000; step++) {
        w.x[next_random(&w) % REGISTERS] =
            next_random(&w) % 4 == 0 ? small_make((int64_t)next_random(&w)) : random_term(&w);
        if (next_random(&w) % 16 != 0 && !w.heap.want_gc) {
            continue;
        }
        /* a copy made before, outside the heap, tells what must be there after */
        CopyPlan plan;
        Term watched = w.x[step % REGISTERS];
        Fragment *copy = NULL;
        if (copy_flat_size(watched, NULL, NULL, 3000) < 3000) {
            cr_assert(copy_plan(&plan, watched, NULL, NULL));
            copy = fragment_new(plan.words);
            copy->used = plan.words;
            watched = copy_run(&plan, copy->words, &copy->off_heap);
        } else {
            w.x[step % REGISTERS] = TERM_NIL;
            w.x[(step + 7) % REGISTERS] = TERM_NIL;
        }
        cr_assert(gc_collect(&w.heap, &w.roots, next_random(&w) % 100, next_random(&w) % 9 == 0));
        heap_check(&w.heap, &w.roots);
        if (copy) {
            cr_assert(term_equal_exact(watched, w.x[step % REGISTERS]));
            fragment_free(copy);
        }
    }
    heap_free(&w.heap);
}

/* Frames of two kinds: one slot dead and one live, and none at all. */
Test(gc, walks_deep_stacks)
{
    enum { DEPTH = 1000000 };
    World w;
    world_open(&w, 64);
    Code code[8] = {0, 0, 1, 0, 2, 0, 0, 0};
    Site sites[3] = {{.flags = SITE_BOTTOM}, {.frame = 2, .live_y = 2}, {.frame = 0}};
    w.roots.sites = sites;
    w.roots.no_frame = false;
    w.roots.top_site = &sites[2];
    cr_assert(gc_collect(&w.heap, &(Roots){.no_frame = true}, DEPTH * 6, false));
    Heap *h = &w.heap;
    (--h->stack)->w = (uintptr_t)(code + 2); /* bottom: code[1] is site 0 */
    for (int i = 0; i < DEPTH; i++) {
        h->stack -= 2;
        h->stack[0] = TERM_RAW(0xDEAD0001); /* dead: looks like a pointer */
        h->stack[1] = i % 100 == 0 ? cons(&w, small_make(i), TERM_NIL) : small_make(i);
        (--h->stack)->w = (uintptr_t)(code + 3); /* code[2] is site 1 */
    }
    for (int round = 0; round < 3; round++) {
        cr_assert(gc_collect(h, &w.roots, 10, false));
        heap_check(h, &w.roots);
    }
    cr_assert_eq(h->end - h->stack, DEPTH * 3 + 1);
    for (int i = DEPTH - 1; i >= 0; i--) {
        cr_assert_eq(h->stack->w, (uintptr_t)(code + 3));
        Term t = h->stack[2];
        cr_assert_eq(small_value(i % 100 == 0 ? cons_head(t) : t), i);
        h->stack += 3;
    }
    heap_free(h);
}

Test(gc, drops_off_heap_binaries)
{
    World w;
    world_open(&w, 64);
    OffHeap *block = offheap_new(100);
    offheap_retain(block);
    offheap_retain(block);
    w.x[0] = offheap_box(&w.heap, block, 100);
    w.x[1] = offheap_box(&w.heap, block, 100);
    cr_assert_eq(atomic_load(&block->references), 3);
    cr_assert(gc_collect(&w.heap, &w.roots, 0, false));
    w.x[0] = TERM_NIL;
    cr_assert(gc_collect(&w.heap, &w.roots, 0, false));
    cr_assert_eq(atomic_load(&block->references), 2);
    cr_assert_not_null(w.heap.old_off_heap);
    w.x[1] = TERM_NIL;
    cr_assert(gc_collect(&w.heap, &w.roots, 0, true));
    cr_assert_eq(atomic_load(&block->references), 1);
    w.x[1] = offheap_box(&w.heap, block, 100);
    heap_free(&w.heap);
}

Test(gc, garbage_in_a_loop_takes_constant_memory)
{
    World w;
    world_open(&w, 64);
    for (int i = 0; i < 300000; i++) {
        if (w.heap.stack - w.heap.top < 2 + HEAP_STACK_SLACK) {
            cr_assert(gc_collect(&w.heap, &w.roots, 2, false));
        }
        w.x[0] = cons(&w, small_make(i), TERM_NIL);
    }
    cr_assert_leq(heap_total(&w.heap), 200);
    heap_free(&w.heap);
}

Test(gc, large_tuples_and_needs)
{
    World w;
    world_open(&w, 64);
    for (size_t words = 10; words < 3000000; words *= 5) {
        cr_assert(gc_collect(&w.heap, &w.roots, words + 1, false));
        Term *t = heap_alloc(&w.heap, words + 1);
        cr_assert(t >= w.heap.start && t + words < w.heap.end);
        t[0].w = header_make(BOXED_TUPLE, words);
        for (size_t i = 1; i <= words; i++) {
            t[i] = w.x[0];
        }
        w.x[0] = boxed_term(t);
        heap_check(&w.heap, &w.roots);
    }
    w.x[0] = TERM_NIL;
    cr_assert(gc_collect(&w.heap, &w.roots, 0, true));
    cr_assert_leq(heap_total(&w.heap), 500);
    heap_free(&w.heap);
}

Test(gc, without_memory_the_heap_stays_valid)
{
    World w;
    world_open(&w, 64);
    w.x[0] = numbers(&w, 100);
    if (!stress_configure("alloc=1")) {
        cr_skip("this build has no stress switches");
    }
    cr_assert_not(gc_collect(&w.heap, &w.roots, 100, false));
    cr_assert_not(gc_collect(&w.heap, &w.roots, 100, true));
    heap_check(&w.heap, &w.roots);
    cr_assert(stress_configure("alloc=0"));
    cr_assert(gc_collect(&w.heap, &w.roots, 100, true));
    heap_check(&w.heap, &w.roots);
    cr_assert_eq(heap_used(&w.heap), 200);
    heap_free(&w.heap);
}
