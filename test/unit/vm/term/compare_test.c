/* SPDX-License-Identifier: Apache-2.0 */
/* The order over all kinds, and what random questions to erl (test/oracle) do not reach. */
#include "vm/mem/heap.h"
#include "vm/mem/offheap.h"
#include "vm/term/atom.h"
#include "vm/term/big.h"
#include "vm/term/compare.h"
#include "vm/term/fun.h"
#include "vm/term/hash.h"
#include "vm/term/map.h"
#include "vm/term/ref.h"

#include <criterion/criterion.h>

static Heap heap;
static TermRoom room;
static AtomTable *atoms;

static void open_world(void)
{
    cr_assert(heap_init(&heap, 1 << 16, NULL, NULL));
    room = heap_room(&heap);
    atoms = atom_table_new(NULL);
}

static void close_world(void)
{
    heap_free(&heap);
    atom_table_free(atoms);
}

TestSuite(compare, .init = open_world, .fini = close_world);

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static Term tuple(size_t arity, Term item)
{
    Term *words = heap_alloc(&heap, 1 + arity);
    words[0].w = header_make(BOXED_TUPLE, arity);
    for (size_t i = 1; i <= arity; i++) {
        words[i] = item;
    }
    return boxed_term(words);
}

static Term cons(Term head, Term tail)
{
    Term *cell = heap_alloc(&heap, 2);
    return build_cons(&cell, head, tail);
}

static Term fun_term(BoxedKind kind, const void *entry)
{
    Term *words = heap_alloc(&heap, 2);
    words[0].w = header_make(kind, 1);
    words[1].w = (uintptr_t)entry;
    return boxed_term(words);
}

static Term ref_term(uint64_t id)
{
    return ref_build(heap_alloc(&heap, REF_WORDS), id, 0, 1);
}

Test(compare, kinds_in_erlangs_order)
{
    static FunEntry closures[2] = {{.index = 1}, {.index = 2}};
    static Export exports[2] = {{.arity = 1}, {.arity = 2}};
    for (int i = 0; i < 2; i++) {
        closures[i].module = exports[i].module = ATOM(ok);
        exports[i].name = ATOM(ok);
    }
    NumberError error;
    Term huge = big_bsl(&room, small_make(1), small_make(100), &error);
    Term one = map_put(atoms, &room, map_empty(&room), small_make(1), TERM_NIL);
    Term rising[] = {
        big_neg(&room, huge, &error),
        float_make(&room, -1e20),
        small_make(-1),
        float_immediate(0.5),
        small_make(1),
        float_make(&room, 1e30),
        huge,
        float_make(&room, 1e300),
        atom_intern_text(atoms, "a"),
        atom_intern_text(atoms, "aa"),
        ref_term(1),
        ref_term(2),
        fun_term(BOXED_FUN, &closures[0]),
        fun_term(BOXED_FUN, &closures[1]),
        fun_term(BOXED_EXPORT, &exports[0]),
        fun_term(BOXED_EXPORT, &exports[1]),
        TERM_RAW(1 << IMMEDIATE_SHIFT | IMMEDIATE_PORT),
        pid_make(1, 0),
        pid_make(2, 0),
        pid_make(1, 1),
        tuple(0, TERM_NIL),
        tuple(1, small_make(9)),
        tuple(2, small_make(1)),
        tuple(2, ATOM(ok)),
        map_empty(&room),
        one,
        TERM_NIL,
        cons(small_make(1), small_make(1)),
        cons(small_make(1), TERM_NIL),
        cons(small_make(1), cons(small_make(1), TERM_NIL)),
        cons(small_make(2), TERM_NIL),
        binary_new(&heap, (const unsigned char *)"", 0),
        binary_new_bits(&heap, (const unsigned char *)"a", 7),
        binary_new(&heap, (const unsigned char *)"a", 1),
        binary_new(&heap, (const unsigned char *)"b", 1),
    };
    for (size_t i = 0; i < ACT_COUNT(rising); i++) {
        for (size_t j = 0; j < ACT_COUNT(rising); j++) {
            int expected = (i > j) - (i < j);
            cr_assert_eq(sign(term_compare(atoms, rising[i], rising[j])), expected, "%zu %zu", i,
                         j);
            cr_assert_eq(term_equal(rising[i], rising[j]), i == j);
            cr_assert_eq(term_equal_exact(rising[i], rising[j]), i == j);
        }
    }
}

/* Large maps: by size, then by the smallest key in which they differ, then by values in key order.
 */
Test(compare, large_maps)
{
    Term a = map_empty(&room);
    for (int i = 0; i < 100; i++) {
        a = map_put(atoms, &room, a, small_make(i), small_make(i));
    }
    Term more = map_put(atoms, &room, a, small_make(100), small_make(0));
    Term value = map_put(atoms, &room, a, small_make(50), small_make(51));
    Term key = map_put(atoms, &room, map_remove(atoms, &room, a, small_make(99)), small_make(1000),
                       small_make(-1));
    Term equal = map_put(atoms, &room, a, small_make(50), float_immediate(50.0));
    cr_assert_lt(term_compare(atoms, a, more), 0);
    cr_assert_lt(term_compare(atoms, a, value), 0);
    cr_assert_lt(term_compare(atoms, a, key), 0);
    cr_assert_lt(term_compare(atoms, value, key), 0);
    cr_assert_eq(term_compare(atoms, a, equal), 0);
    cr_assert(term_equal(a, equal) && !term_equal_exact(a, equal));
}

/* A million levels of tuples, lists, maps and funs' free values: no C stack is used. */
Test(compare, deep_terms_and_their_hashes)
{
    static FunEntry closure = {.free = 1};
    closure.module = ATOM(ok);
    for (int kind = 0; kind < 4; kind++) {
        Term both[2];
        for (int side = 0; side < 2; side++) {
            Term t = small_make(side);
            for (int i = 0; i < 1000000; i++) {
                Term *words = heap_alloc(&heap, 3);
                words[0].w = header_make(kind == 2 ? BOXED_FUN : BOXED_TUPLE, kind == 2 ? 2 : 1);
                words[1] = kind == 2 ? TERM_RAW((uintptr_t)&closure) : t;
                words[2] = t;
                t = kind == 1   ? cons(t, TERM_NIL)
                    : kind == 3 ? map_put(atoms, &room, map_empty(&room), ATOM(ok), t)
                                : boxed_term(words);
            }
            both[side] = t;
        }
        cr_assert_lt(term_compare(atoms, both[0], both[1]), 0);
        cr_assert_not(term_equal_exact(both[0], both[1]));
        cr_assert_neq(term_hash(both[0]), term_hash(both[1]));
        cr_assert_neq(term_phash2(atoms, both[0]), term_phash2(atoms, both[1]));
    }
}
