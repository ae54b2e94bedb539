/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_lists.c: lists by the cell: ++, --, reverse, member and the key functions.
 *
 * Long lists are done a turn at a time: what is left to do is kept in bif_state, as a term that the
 * collector sees. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/term/compare.h"
#include "vm/term/hash.h"

/* The state kept since the last turn, or TERM_NONE if this is the first. */
static Term take_state(Process *p)
{
    Term state = p->bif_state;
    p->bif_state = TERM_NONE;
    return state;
}

/* Turns up to most elements of *list round, in front of *tail. */
static bool reverse_some(Process *p, Term *list, Term *tail, size_t most)
{
    size_t count = 0;
    for (Term t = *list; count < most && term_is_cons(t); t = cons_tail(t)) {
        count++;
    }
    if (count == 0) {
        return true;
    }
    Term *cells = process_alloc(p, count * 2);
    if (cells == NULL) {
        return false;
    }
    Term from = *list, onto = *tail;
    for (size_t i = 0; i < count; i++) {
        cells[0] = cons_head(from);
        cells[1] = onto;
        onto = cons_term(cells);
        from = cons_tail(from);
        cells += 2;
    }
    *list = from;
    *tail = onto;
    util_spend_steps(p, count);
    return true;
}

/* lists:reverse(List, Tail). State: {Rest, Reversed}. */
Term bif_lists_reverse_2(Process *p, const Term *a)
{
    Term state = take_state(p);
    Term list = a[0], tail = a[1];
    if (!term_same(state, TERM_NONE)) {
        list = tuple_items(state)[0];
        tail = tuple_items(state)[1];
    }
    if (!reverse_some(p, &list, &tail, util_step_budget(p))) {
        return TERM_NONE;
    }
    if (term_is_nil(list)) {
        return tail;
    }
    if (!term_is_cons(list)) {
        return raise_badarg(p);
    }
    state = UTIL_TUPLE(p, list, tail);
    return term_same(state, TERM_NONE) ? state : bif_again(p, state);
}

/* Copies a proper list of that length in front of tail. */
static Term copy_onto(Process *p, Term list, size_t length, Term tail)
{
    Term *cells = process_alloc(p, length * 2);
    if (cells == NULL) {
        return TERM_NONE;
    }
    Term whole = cons_term(cells);
    for (size_t i = 0; i < length; i++, cells += 2) {
        cells[0] = cons_head(list);
        cells[1] = i + 1 < length ? cons_term(cells + 2) : tail;
        list = cons_tail(list);
    }
    return whole;
}

/* A long list is turned round twice, a turn's worth at a time. State: {back | onto, Rest, Made}. */
static Term append_long(Process *p, Term state, Term tail)
{
    bool back = term_same(tuple_items(state)[0], ATOM(true));
    Term rest = tuple_items(state)[1], made = tuple_items(state)[2];
    if (!reverse_some(p, &rest, &made, util_step_budget(p))) {
        return TERM_NONE;
    }
    if (term_is_nil(rest)) {
        if (back) {
            return made;
        }
        rest = made;
        made = tail;
        back = true;
    } else if (!term_is_cons(rest)) {
        return raise_badarg(p);
    }
    state = UTIL_TUPLE(p, term_bool(back), rest, made);
    return term_same(state, TERM_NONE) ? state : bif_again(p, state);
}

Term bif_erlang_append_op_2(Process *p, const Term *a)
{
    Term state = take_state(p);
    if (!term_same(state, TERM_NONE)) {
        return append_long(p, state, a[1]);
    }
    size_t budget = util_step_budget(p), length = 0;
    Term t = a[0];
    for (; length < budget && term_is_cons(t); t = cons_tail(t)) {
        length++;
    }
    if (term_is_cons(t)) {
        state = UTIL_TUPLE(p, ATOM(false), a[0], TERM_NIL);
        return term_same(state, TERM_NONE) ? state : append_long(p, state, a[1]);
    }
    if (!term_is_nil(t)) {
        return raise_badarg(p);
    }
    util_spend_steps(p, length);
    return length == 0 ? a[1] : copy_onto(p, a[0], length, a[1]);
}

Term bif_erlang_append_2(Process *p, const Term *a)
{
    return bif_erlang_append_op_2(p, a);
}

/* ---- List -- Other ---- */

enum { SUBTRACT_BY_LOOKING = 8 }; /* others up to here are looked through for each element */

/* A multiset of terms: open addressing, a slot tells how many equal terms are still to be removed.
 */
typedef struct {
    Term *terms; /* TERM_NONE: slot was never used */
    uint32_t *counts;
    size_t mask;
} TermBag;

static bool bag_open(TermBag *bag, size_t elements)
{
    size_t room = 16;
    while (room < elements * 2) {
        room *= 2;
    }
    bag->mask = room - 1;
    bag->terms = alloc_try(room * sizeof *bag->terms);
    bag->counts = alloc_try_zero(room * sizeof *bag->counts);
    if (bag->terms == NULL || bag->counts == NULL) {
        return false;
    }
    for (size_t i = 0; i < room; i++) {
        bag->terms[i] = TERM_NONE;
    }
    return true;
}

static void bag_close(TermBag *bag)
{
    alloc_free(bag->terms);
    alloc_free(bag->counts);
}

/* The slot where t is or would be put. */
static size_t bag_slot(const TermBag *bag, Term t)
{
    size_t slot = term_hash(t) & bag->mask;
    while (!term_same(bag->terms[slot], TERM_NONE) && !term_equal_exact(bag->terms[slot], t)) {
        slot = (slot + 1) & bag->mask;
    }
    return slot;
}

/* Elements of list that are not taken out by those of other. */
static Term subtract_bag(Process *p, Term list, TermBag *bag, Term other)
{
    for (; term_is_cons(other); other = cons_tail(other)) {
        size_t slot = bag_slot(bag, cons_head(other));
        bag->terms[slot] = cons_head(other);
        bag->counts[slot]++;
    }
    UtilList left;
    util_list_open(&left, p);
    for (; term_is_cons(list); list = cons_tail(list)) {
        size_t slot = bag_slot(bag, cons_head(list));
        if (bag->counts[slot] > 0) {
            bag->counts[slot]--;
        } else if (!util_list_add(&left, cons_head(list))) {
            return TERM_NONE;
        }
    }
    return util_list_close(&left, TERM_NIL);
}

static Term subtract_large(Process *p, Term list, Term other, size_t count)
{
    TermBag bag;
    Term result = bag_open(&bag, count) ? subtract_bag(p, list, &bag, other) : raise_no_memory(p);
    bag_close(&bag);
    return result;
}

static Term subtract_small(Process *p, Term list, Term other)
{
    Term pending[SUBTRACT_BY_LOOKING];
    size_t count = 0;
    for (; term_is_cons(other); other = cons_tail(other)) {
        pending[count++] = cons_head(other);
    }
    UtilList left;
    util_list_open(&left, p);
    while (count > 0 && term_is_cons(list)) {
        Term element = cons_head(list);
        size_t i = 0;
        while (i < count && !term_equal_exact(pending[i], element)) {
            i++;
        }
        list = cons_tail(list);
        if (i < count) {
            pending[i] = pending[--count];
        } else if (!util_list_add(&left, element)) {
            return TERM_NONE;
        }
    }
    return util_list_close(&left, list); /* nothing more to take out: the rest as it is */
}

Term bif_erlang_subtract_op_2(Process *p, const Term *a)
{
    int64_t length = util_list_length(a[0]), count = util_list_length(a[1]);
    if (length < 0 || count < 0) {
        return raise_badarg(p);
    }
    if (length == 0 || count == 0) {
        return a[0];
    }
    util_spend_steps(p, (size_t)(length + count) * 4);
    return count <= SUBTRACT_BY_LOOKING ? subtract_small(p, a[0], a[1])
                                        : subtract_large(p, a[0], a[1], (size_t)count);
}

Term bif_erlang_subtract_2(Process *p, const Term *a)
{
    return bif_erlang_subtract_op_2(p, a);
}

/* ---- looking for ---- */

/* True if == or =:= with t can hold for the very same word only, and no other. */
static bool equal_by_word(Term t, bool exact)
{
    return (t.w & TAG_MASK) == TAG_IMMEDIATE || (exact && term_is_small(t));
}

/* Looks at up to budget elements from *list on; true if found, then *list is the cell. */
static bool find_member(Term key, Term *list, size_t budget)
{
    Term t = *list;
    bool by_word = equal_by_word(key, true);
    bool found = false;
    for (; budget > 0 && term_is_cons(t); budget--, t = cons_tail(t)) {
        Term head = cons_head(t);
        if (term_same(head, key) || (!by_word && term_equal_exact(head, key))) {
            found = true;
            break;
        }
    }
    *list = t;
    return found;
}

/* lists:member(Key, List). State: the rest of the list. */
Term bif_lists_member_2(Process *p, const Term *a)
{
    Term state = take_state(p);
    Term list = term_same(state, TERM_NONE) ? a[1] : state;
    size_t budget = util_step_budget(p);
    if (find_member(a[0], &list, budget)) {
        return ATOM(true);
    }
    if (term_is_nil(list)) {
        return ATOM(false);
    }
    if (!term_is_cons(list)) {
        return raise_badarg(p);
    }
    util_spend_steps(p, budget);
    return bif_again(p, list);
}

static bool find_key(Term key, size_t position, Term *list, size_t budget)
{
    Term t = *list;
    bool by_word = equal_by_word(key, false);
    bool found = false;
    for (; budget > 0 && term_is_cons(t); budget--, t = cons_tail(t)) {
        Term head = cons_head(t);
        if (!term_is_tuple(head) || tuple_arity(head) < position) {
            continue;
        }
        Term element = tuple_items(head)[position - 1];
        if (term_same(element, key) || (!by_word && term_equal(element, key))) {
            found = true;
            break;
        }
    }
    *list = t;
    return found;
}

/* The tuple; ATOM(false); or TERM_NONE: raised, or to be called again. */
static Term key_search(Process *p, const Term *a)
{
    Term state = take_state(p);
    Term list = term_same(state, TERM_NONE) ? a[2] : state;
    int64_t position;
    if (!util_get_range(a[1], 1, UTIL_OTP_SMALL_MAX, &position)) {
        return raise_badarg(p);
    }
    size_t budget = util_step_budget(p);
    if (find_key(a[0], (size_t)position, &list, budget)) {
        return cons_head(list);
    }
    if (term_is_nil(list)) {
        return ATOM(false);
    }
    if (!term_is_cons(list)) {
        return raise_badarg(p);
    }
    util_spend_steps(p, budget);
    return bif_again(p, list);
}

Term bif_lists_keyfind_3(Process *p, const Term *a)
{
    return key_search(p, a);
}

Term bif_lists_keymember_3(Process *p, const Term *a)
{
    Term found = key_search(p, a);
    return term_is_tuple(found) ? ATOM(true) : found;
}

Term bif_lists_keysearch_3(Process *p, const Term *a)
{
    Term found = key_search(p, a);
    return term_is_tuple(found) ? UTIL_TUPLE(p, ATOM(value), found) : found;
}

/* ---- ends and length ---- */

Term bif_erlang_hd_1(Process *p, const Term *a)
{
    return term_is_cons(a[0]) ? cons_head(a[0]) : raise_badarg(p);
}

Term bif_erlang_tl_1(Process *p, const Term *a)
{
    return term_is_cons(a[0]) ? cons_tail(a[0]) : raise_badarg(p);
}

Term bif_erlang_length_1(Process *p, const Term *a)
{
    int64_t length = util_list_length(a[0]);
    if (length < 0) {
        return raise_badarg(p);
    }
    util_spend_steps(p, (size_t)length);
    return small_make(length);
}
