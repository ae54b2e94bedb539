/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_sort.c: act_lists:sort/3, which lists:sort/1, usort/1, keysort/2 and ukeysort/2 are
 * done by.
 *
 * A natural merge sort of an array: the list's rising runs are found, then neighbours merged level
 * by level; it keeps the order of what is equal. Erlang's order of elements that are equal but not
 * the same (1 and 1.0) follows from how its library goes over the list, so without a key such lists
 * are left to the library's own sort: the answer is `other`, as for improper lists. Elements that
 * are the same cannot be told apart. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/term/compare.h"
#include "vm/vm_parts.h"

typedef struct {
    const AtomTable *atoms;
    Term *from, *to; /* the two arrays, which change places after each level */
    size_t *runs;    /* where runs begin; one more behind the last */
    size_t count, run_count;
    size_t position; /* of the key in tuples; 0: the elements themselves */
} Sort;

ACT_INLINE int compare(const Sort *s, Term a, Term b)
{
    return s->position == 0 ? term_compare(s->atoms, a, b)
                            : term_compare(s->atoms, tuple_items(a)[s->position - 1],
                                           tuple_items(b)[s->position - 1]);
}

ACT_INLINE bool is_above(const Sort *s, Term a, Term b)
{
    return compare(s, a, b) > 0;
}

static void find_runs(Sort *s)
{
    s->runs[s->run_count++] = 0;
    for (size_t i = 1; i < s->count; i++) {
        if (is_above(s, s->from[i - 1], s->from[i])) {
            s->runs[s->run_count++] = i;
        }
    }
    s->runs[s->run_count] = s->count;
}

/* A list that falls is one run backwards. */
static bool turn_if_falling(Sort *s)
{
    for (size_t i = 1; i < s->count; i++) {
        if (!is_above(s, s->from[i - 1], s->from[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < s->count / 2; i++) {
        Term t = s->from[i];
        s->from[i] = s->from[s->count - 1 - i];
        s->from[s->count - 1 - i] = t;
    }
    return true;
}

static void merge(Sort *s, size_t start, size_t middle, size_t end)
{
    size_t a = start, b = middle, out = start;
    while (a < middle && b < end) {
        bool second = is_above(s, s->from[a], s->from[b]);
        s->to[out++] = s->from[second ? b++ : a++];
    }
    memcpy(s->to + out, s->from + a, (middle - a) * sizeof(Term));
    out += middle - a;
    memcpy(s->to + out, s->from + b, (end - b) * sizeof(Term));
}

static void merge_all(Sort *s)
{
    while (s->run_count > 1) {
        size_t made = 0;
        for (size_t i = 0; i < s->run_count; i += 2) {
            size_t start = s->runs[i];
            size_t middle = s->runs[i + 1];
            size_t end = i + 2 <= s->run_count ? s->runs[i + 2] : middle;
            merge(s, start, middle, end);
            s->runs[made++] = start;
        }
        s->runs[made] = s->count;
        s->run_count = made;
        Term *swap = s->from;
        s->from = s->to;
        s->to = swap;
    }
}

/* No two elements are equal and not the same. */
static bool is_plain(const Sort *s)
{
    for (size_t i = 1; i < s->count; i++) {
        Term a = s->from[i - 1], b = s->from[i];
        if (!term_same(a, b) && !(term_is_small(a) && term_is_small(b)) &&
            term_compare(s->atoms, a, b) == 0 && !term_equal_exact(a, b)) {
            return false;
        }
    }
    return true;
}

static Term list_of(Process *p, const Sort *s)
{
    Term *cells = process_alloc(p, s->count * 2);
    if (cells == NULL) {
        return TERM_NONE;
    }
    Term whole = cons_term(cells);
    for (size_t i = 0; i < s->count; i++, cells += 2) {
        cells[0] = s->from[i];
        cells[1] = i + 1 < s->count ? cons_term(cells + 2) : TERM_NIL;
    }
    return whole;
}

/* Of equal ones only the first stays. */
static bool drop_equal(Sort *s)
{
    size_t kept = 1;
    for (size_t i = 1; i < s->count; i++) {
        if (compare(s, s->from[kept - 1], s->from[i]) != 0) {
            s->from[kept++] = s->from[i];
        }
    }
    bool dropped = kept < s->count;
    s->count = kept;
    return dropped;
}

static Term sort_array(Process *p, Sort *s, Term list, bool unique)
{
    bool same = false; /* the list is what comes out */
    if (!turn_if_falling(s)) {
        find_runs(s);
        same = s->run_count == 1;
        merge_all(s);
    }
    if (s->position == 0 && !is_plain(s)) {
        return ATOM(other);
    }
    same &= !(unique && drop_equal(s));
    return same ? list : list_of(p, s);
}

/* The list's elements into the array; false if not all of them have a key. */
static bool take_elements(Sort *s, Term list)
{
    for (size_t i = 0; i < s->count; i++, list = cons_tail(list)) {
        Term t = cons_head(list);
        if (s->position > 0 && !(term_is_tuple(t) && tuple_arity(t) >= s->position)) {
            return false;
        }
        s->from[i] = t;
    }
    return true;
}

/* (Position, Unique, List) */
Term bif_act_lists_sort_3(Process *p, const Term *a)
{
    int64_t count = util_list_length(a[2]), position;
    if (count < 2) {
        return count < 0 ? ATOM(other) : a[2];
    }
    if (!util_get_range(a[0], 0, SMALL_MAX, &position)) {
        return ATOM(other);
    }
    Sort s = {.atoms = vm_atoms(p->vm), .count = (size_t)count, .position = (size_t)position};
    Term *first = alloc_try(s.count * sizeof(Term));
    Term *second = alloc_try(s.count * sizeof(Term));
    s.runs = alloc_try((s.count + 2) * sizeof *s.runs);
    s.from = first;
    s.to = second;
    Term result;
    if (!first || !second || !s.runs) {
        result = raise_no_memory(p);
    } else if (!take_elements(&s, a[2])) {
        result = ATOM(other);
    } else {
        util_spend_steps(p, s.count * 4);
        result = sort_array(p, &s, a[2], term_same(a[1], ATOM(true)));
    }
    alloc_free(first);
    alloc_free(second);
    alloc_free(s.runs);
    return result;
}
