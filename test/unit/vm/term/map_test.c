/* SPDX-License-Identifier: Apache-2.0 */
/* Maps against a plain array of pairs, at sizes around the change from flat to large. */
#include "vm/mem/heap.h"
#include "vm/term/atom.h"
#include "vm/term/compare.h"
#include "vm/term/hash.h"
#include "vm/term/map.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { KEYS = 400 };

static Heap heap;
static TermRoom room;
static AtomTable *atoms;
static uint64_t seed;

static void open_world(void)
{
    seed = 7;
    cr_assert(heap_init(&heap, 1 << 20, NULL, NULL));
    room = heap_room(&heap);
    atoms = atom_table_new(NULL);
}

static void close_world(void)
{
    heap_free(&heap);
    atom_table_free(atoms);
}

TestSuite(map, .init = open_world, .fini = close_world);

static uint64_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed >> 33;
}

/* The word that hash_fold(0, word) makes h of. */
static uint64_t unfold(uint64_t h)
{
    uint64_t inverse =
        1; /* of the multiplier, by Newton: each step doubles the bits that are right */
    for (int i = 0; i < 6; i++) {
        inverse *= 2 - HASH_MULTIPLIER * inverse;
    }
    h ^= h >> 32;
    h *= inverse;
    h ^= h >> 32;
    h *= inverse;
    return h ^ h >> 32;
}

/* A tuple of two of hash `hash`: the second element is reckoned from the state behind the first. */
static Term tuple_of_hash(uint64_t hash, int first)
{
    for (int64_t a = first;; a += KEYS) {
        Term words[3] = {TERM_RAW(header_make(BOXED_TUPLE, 2)), small_make(a), small_make(0)};
        uint64_t state = unfold(term_hash(boxed_term(words))) ^ words[2].w;
        words[2] = TERM_RAW(unfold(hash) ^ state);
        if (term_is_small(words[2])) {
            Term *tuple = heap_alloc(&heap, 3);
            memcpy(tuple, words, sizeof words);
            cr_assert_eq(term_hash(boxed_term(tuple)), hash);
            return boxed_term(tuple);
        }
    }
}

/* Key number i: integers, floats, atoms, tuples, lists by turns; many of the tuples have the same
 * hash, or one that differs only at the last level. */
static Term key_of(int i)
{
    Term *words = heap_alloc(&heap, 3);
    char name[16];
    switch (i % 5) {
    case 0:
        return small_make(i / 5 - 20);
    case 1:
        return float_make(&room, i / 5 - 20);
    case 2:
        snprintf(name, sizeof name, "a%d", i);
        return atom_intern_text(atoms, name);
    case 3:
        return tuple_of_hash((uint64_t)(i / 5 % 5) << (i / 5 % 2 ? 56 : 0), i);
    default:
        return build_cons(&words, small_make(i), TERM_NIL);
    }
}

typedef struct {
    bool in[KEYS];
    int64_t value[KEYS];
    size_t size;
} Model;

/* The pair behind that of a key; the first one behind TERM_NONE. */
static bool map_after(Term map, Term after, Term *key, Term *value)
{
    MapIter it;
    if (term_same(after, TERM_NONE)) {
        map_iter(&it, map);
    } else {
        map_iter_after(&it, map, after);
    }
    return map_iter_next(&it, key, value);
}

static void check(Term map, const Model *m)
{
    cr_assert_eq(map_size(map), m->size);
    cr_assert_eq(map_is_flat(map), m->size <= MAP_FLAT_MAX);
    for (int i = 0; i < KEYS; i++) {
        Term value = TERM_NONE;
        cr_assert_eq(map_get(map, key_of(i), &value), m->in[i]);
        cr_assert(!m->in[i] || small_value(value) == m->value[i]);
    }
    MapIter it;
    Term key, value, key2, value2, after = TERM_NONE, last = TERM_NONE;
    size_t count = 0;
    for (map_iter(&it, map); map_iter_next(&it, &key, &value); count++) {
        cr_assert(map_after(map, after, &key2, &value2));
        cr_assert(term_same(key, key2) && term_same(value, value2));
        cr_assert(!map_is_flat(map) || term_same(last, TERM_NONE) ||
                  term_compare_exact(atoms, last, key) < 0);
        last = after = key;
    }
    cr_assert_eq(count, m->size);
    cr_assert_not(map_after(map, after, &key, &value) && m->size > 0);
}

/* Built at once from pairs in random order it must be the same map. */
static void check_rebuilt(Term map, const Model *m)
{
    Term pairs[2 * KEYS + 100];
    size_t count = 0;
    int start = (int)(next_random() % KEYS);
    for (int j = 0; j < KEYS; j++) {
        int i = (start + j * 7) % KEYS;
        if (m->in[i]) {
            if (count < 20) { /* an older value that must lose */
                pairs[2 * count] = key_of(i);
                pairs[2 * count++ + 1] = small_make(-1);
            }
            pairs[2 * count] = key_of(i);
            pairs[2 * count++ + 1] = small_make(m->value[i]);
        }
    }
    Term again = map_from_pairs(atoms, &room, pairs, count);
    check(again, m);
    cr_assert(term_equal_exact(map, again));
    cr_assert_eq(term_hash(map), term_hash(again));
    cr_assert_eq(term_compare(atoms, map, again), 0);
}

static void random_steps(Model *m, Term *map, int steps, unsigned range)
{
    for (int s = 0; s < steps; s++) {
        int i = (int)(next_random() % range);
        Term before = *map;
        bool found;
        if (next_random() % 3 == 0) {
            *map = map_remove(atoms, &room, *map, key_of(i));
            cr_assert(m->in[i] || term_same(*map, before));
            m->size -= m->in[i];
            m->in[i] = false;
        } else if (next_random() % 4 == 0) {
            Term changed = map_update(&room, *map, key_of(i), small_make(s), &found);
            cr_assert_eq(found, m->in[i]);
            if (found) {
                *map = changed;
                m->value[i] = s;
            }
        } else {
            *map = map_put(atoms, &room, *map, key_of(i), small_make(s));
            m->size += !m->in[i];
            m->in[i] = true;
            m->value[i] = s;
        }
        cr_assert(before.w == map->w || map_size(*map) != map_size(before) ||
                  !term_equal_exact(before, *map));
    }
}

Test(map, behaves_as_an_array_of_pairs)
{
    static Model m;
    Term map = map_empty(&room);
    check(map, &m);
    unsigned ranges[] = {10, 40, 55, 60, 400, 400, 50, 20};
    for (size_t r = 0; r < ACT_COUNT(ranges); r++) {
        for (int i = 0; i < 10; i++) {
            random_steps(&m, &map, 60, ranges[r]);
            check(map, &m);
            check_rebuilt(map, &m);
        }
    }
}

Test(map, merge_prefers_the_second)
{
    for (int size_a = 0; size_a < 200; size_a = size_a * 2 + 5) {
        for (int size_b = 0; size_b < 200; size_b = size_b * 2 + 5) {
            static Model m;
            m = (Model){0};
            Term a = map_empty(&room);
            Term b = map_empty(&room);
            for (int i = 0; i < size_a + size_b / 2; i++) {
                bool to_b = i >= size_a / 2 && i < size_a / 2 + size_b;
                if (i < size_a) {
                    a = map_put(atoms, &room, a, key_of(i), small_make(1));
                }
                if (to_b) {
                    b = map_put(atoms, &room, b, key_of(i), small_make(2));
                }
                m.in[i] = i < size_a || to_b;
                m.size += m.in[i];
                m.value[i] = to_b ? 2 : 1;
            }
            check(map_merge(atoms, &room, a, b), &m);
        }
    }
}

Test(map, put_pairs_shares_keys_when_no_key_is_new)
{
    Term pairs[] = {ATOM(ok), small_make(1), ATOM(error), small_make(2)};
    Term map = map_from_pairs(atoms, &room, pairs, 2);
    Term changes[] = {ATOM(ok), small_make(3), ATOM(error), small_make(4)};
    Term changed = map_put_pairs(atoms, &room, map, changes, 2);
    cr_assert(term_same(map_flat_keys(map), map_flat_keys(changed)));
    Term value;
    cr_assert(map_get(changed, ATOM(error), &value) && small_value(value) == 4);
}

Test(map, zero_and_minus_zero_are_one_key)
{
    Term map = map_put(atoms, &room, map_empty(&room), float_immediate(0.0), ATOM(ok));
    Term value;
    cr_assert(map_get(map, float_immediate(-0.0), &value));
}
