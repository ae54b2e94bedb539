/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_sort.c: act_lists:sort/1, which lists:sort/1 is done by.
 *
 * A natural merge sort of an array: the list's rising runs are found, then neighbours merged level
 * by level. Erlang's order of elements that are equal but not the same (1 and 1.0) follows from how
 * its library goes over the list, so such lists are left to the library's own sort: the answer is
 * `other`, as for improper lists. Elements that are the same cannot be told apart. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/term/compare.h"
#include "vm/vm_parts.h"

typedef struct {
    const AtomTable *atoms;
    Term *from, *to; /* the two arrays, which change places after each level */
    size_t *runs;    /* where runs begin; one more behind the last */
    size_t count, run_count;
} Sort;

ACT_INLINE bool is_above(const Sort *s, Term a, Term b)
{
    return term_compare(s->atoms, a, b) > 0;
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

static Term sort_array(Process *p, Sort *s, Term list)
{
    if (!turn_if_falling(s)) {
        find_runs(s);
        if (s->run_count == 1) {
            return is_plain(s) ? list : ATOM(other);
        }
        merge_all(s);
    }
    return is_plain(s) ? list_of(p, s) : ATOM(other);
}

Term bif_act_lists_sort_1(Process *p, const Term *a)
{
    int64_t count = util_list_length(a[0]);
    if (count < 2) {
        return count < 0 ? ATOM(other) : a[0];
    }
    Sort s = {.atoms = vm_atoms(p->vm), .count = (size_t)count};
    Term *first = alloc_try(s.count * sizeof(Term));
    Term *second = alloc_try(s.count * sizeof(Term));
    s.runs = alloc_try((s.count + 2) * sizeof *s.runs);
    s.from = first;
    s.to = second;
    Term result = TERM_NONE;
    if (first && second && s.runs) {
        Term t = a[0];
        for (size_t i = 0; i < s.count; i++, t = cons_tail(t)) {
            first[i] = cons_head(t);
        }
        result = sort_array(p, &s, a[0]);
        util_spend_steps(p, s.count * 4);
    } else {
        result = raise_no_memory(p);
    }
    alloc_free(first);
    alloc_free(second);
    alloc_free(s.runs);
    return result;
}
