/* SPDX-License-Identifier: Apache-2.0 */
/* Atoms: one index a text, from many threads at once; limits. */
#include "vm/base/alloc.h"
#include "vm/term/atom.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

Test(atom, static_ones_have_their_indices)
{
    AtomTable *t = atom_table_new(NULL);
    size_t length;
    cr_assert_eq(atom_count(t), ATOM__static_count);
    cr_assert_str_eq(atom_text(t, ATOM(badarg), &length), "badarg");
    cr_assert_eq(length, 6);
    cr_assert(term_same(atom_intern_text(t, "ok"), ATOM(ok)));
    cr_assert(term_same(atom_find(t, "true", 4), ATOM(true)));
    cr_assert(term_same(atom_find(t, "no such atom", 12), TERM_NONE));
    atom_table_free(t);
}

Test(atom, length_counts_code_points)
{
    AtomTable *t = atom_table_new(NULL);
    char text[1100];
    for (int i = 0; i < 256; i++) {
        memcpy(text + 4 * i, "\xF0\x9F\x98\x80", 4);
    }
    cr_assert(term_is_atom(atom_intern(t, text, 255 * 4)));
    cr_assert(term_same(atom_intern(t, text, 256 * 4), TERM_NONE));
    cr_assert(term_same(atom_intern(t, "\xFF", 1), TERM_NONE));
    cr_assert(term_is_atom(atom_intern(t, "a\0b", 3)));
    cr_assert_neq(atom_intern(t, "a\0b", 3).w, atom_intern(t, "a", 1).w);
    atom_table_free(t);
}

Test(atom, order_is_by_code_point)
{
    AtomTable *t = atom_table_new(NULL);
    const char *rising[] = {"", "A", "a", "aa", "b", "\xC3\xA9", "\xD0\xBF", "\xF0\x9F\x98\x80"};
    for (size_t i = 0; i < ACT_COUNT(rising); i++) {
        for (size_t j = 0; j < ACT_COUNT(rising); j++) {
            int diff =
                atom_compare(t, atom_intern_text(t, rising[i]), atom_intern_text(t, rising[j]));
            cr_assert_eq((diff > 0) - (diff < 0), (i > j) - (i < j));
        }
    }
    atom_table_free(t);
}

enum { THREADS = 4, NAMES = 20000 };

static void *intern_all(void *table)
{
    Term *atoms = alloc_must(NAMES * sizeof *atoms);
    for (int i = 0; i < NAMES; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "name_%d", i);
        atoms[i] = atom_intern(table, name, (size_t)length);
        size_t found;
        cr_assert_eq(memcmp(atom_text(table, atoms[i], &found), name, (size_t)length), 0);
        cr_assert_eq(found, (size_t)length);
    }
    return atoms;
}

Test(atom, threads_agree)
{
    AtomTable *t = atom_table_new(NULL);
    pthread_t threads[THREADS];
    Term *atoms[THREADS];
    for (int i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, intern_all, t), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], (void **)&atoms[i]);
        cr_assert_eq(memcmp(atoms[i], atoms[0], NAMES * sizeof *atoms[i]), 0);
    }
    cr_assert_eq(atom_count(t), ATOM__static_count + NAMES);
    for (int i = 0; i < THREADS; i++) {
        alloc_free(atoms[i]);
    }
    atom_table_free(t);
}

Test(atom, table_is_full_at_its_limit)
{
    AtomTable *t = atom_table_new(NULL);
    char name[32];
    for (uint32_t i = atom_count(t); i < ATOM_MAX_COUNT; i++) {
        int length = snprintf(name, sizeof name, "x%u", i);
        cr_assert(term_is_atom(atom_intern(t, name, (size_t)length)));
    }
    cr_assert(term_same(atom_intern(t, "one too many", 12), TERM_NONE));
    cr_assert(term_is_atom(atom_intern_text(t, "x5000")));
    atom_table_free(t);
}

Test(atom, code_has_rows_of_its_own)
{
    AtomTable *t = atom_table_new(NULL);
    char name[32];
    for (uint32_t i = atom_count(t); i < ATOM_MAX_COUNT; i++) {
        int length = snprintf(name, sizeof name, "x%u", i);
        cr_assert(term_is_atom(atom_intern(t, name, (size_t)length)));
    }
    cr_assert(term_same(atom_intern(t, "f", 1), TERM_NONE));
    cr_assert(term_is_atom(atom_intern_code(t, "f", 1)));
    cr_assert(term_is_atom(atom_intern(t, "f", 1)), "what is there is found");
    cr_assert(term_is_atom(atom_intern_text(t, "g")));
    for (uint32_t i = atom_count(t); i < ATOM_CAPACITY; i++) {
        int length = snprintf(name, sizeof name, "c%u", i);
        cr_assert(term_is_atom(atom_intern_code(t, name, (size_t)length)));
    }
    cr_assert(term_same(atom_intern_text(t, "one too many"), TERM_NONE));
    atom_table_free(t);
}
