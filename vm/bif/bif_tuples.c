/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_tuples.c: tuples, and the sizes of things. */
#include "vm/bif/bif.h"
#include "vm/bif/bif_util.h"
#include "vm/sched/away.h"
#include "vm/term/binary.h"

#include <string.h>

enum { TUPLE_MAX_ARITY = 16777215, WORDS_PER_STEP = 8 };

/* A huge tuple is written away. True: *result is what the built-in, called with a, returns. */
static bool is_elsewhere(Process *p, size_t words, BifFunction function, const Term *a,
                         unsigned count, Term *result)
{
    if (ACT_UNLIKELY(p->away == AWAY_BACK)) {
        *result = away_take(p);
        return true;
    }
    if (ACT_UNLIKELY(away_wanted(p, words / WORDS_PER_STEP))) {
        *result = away_ask(p, function, a, count);
        return true;
    }
    return false;
}

/* Room for a tuple of that arity, header written; its items, or NULL with the exception raised. */
static Term *tuple_room(Process *p, size_t arity)
{
    Term *words = process_alloc(p, arity + 1);
    if (words == NULL) {
        return NULL;
    }
    words[0] = TERM_RAW(header_make(BOXED_TUPLE, arity));
    return words + 1;
}

Term bif_erlang_element_2(Process *p, const Term *a)
{
    int64_t index;
    if (!term_is_tuple(a[1]) || !util_get_range(a[0], 1, (int64_t)tuple_arity(a[1]), &index)) {
        return raise_badarg(p);
    }
    return tuple_items(a[1])[index - 1];
}

Term bif_erlang_setelement_3(Process *p, const Term *a)
{
    int64_t index;
    if (!term_is_tuple(a[1]) || !util_get_range(a[0], 1, (int64_t)tuple_arity(a[1]), &index)) {
        return raise_badarg(p);
    }
    size_t arity = tuple_arity(a[1]);
    Term result;
    if (is_elsewhere(p, arity, bif_erlang_setelement_3, a, 3, &result)) {
        return result;
    }
    Term *items = tuple_room(p, arity);
    if (items == NULL) {
        return TERM_NONE;
    }
    memcpy(items, tuple_items(a[1]), arity * sizeof *items);
    items[index - 1] = a[2];
    return boxed_term(items - 1);
}

static Term *make_filled(Process *p, size_t arity, Term value)
{
    Term *items = tuple_room(p, arity);
    for (size_t i = 0; items != NULL && i < arity; i++) {
        items[i] = value;
    }
    return items;
}

Term bif_erlang_make_tuple_2(Process *p, const Term *a)
{
    int64_t arity;
    if (!util_get_range(a[0], 0, TUPLE_MAX_ARITY, &arity)) {
        return raise_badarg(p);
    }
    Term result;
    if (is_elsewhere(p, (size_t)arity, bif_erlang_make_tuple_2, a, 2, &result)) {
        return result;
    }
    Term *items = make_filled(p, (size_t)arity, a[1]);
    return items == NULL ? TERM_NONE : boxed_term(items - 1);
}

Term bif_erlang_make_tuple_3(Process *p, const Term *a)
{
    int64_t arity, index;
    if (!util_get_range(a[0], 0, TUPLE_MAX_ARITY, &arity)) {
        return raise_badarg(p);
    }
    Term result;
    if (is_elsewhere(p, (size_t)arity, bif_erlang_make_tuple_3, a, 3, &result)) {
        return result;
    }
    Term *items = make_filled(p, (size_t)arity, a[1]);
    if (items == NULL) {
        return TERM_NONE;
    }
    Term list = a[2];
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term pair = cons_head(list);
        if (!term_is_tuple_of(pair, 2) || !util_get_range(tuple_items(pair)[0], 1, arity, &index)) {
            return raise_badarg(p);
        }
        items[index - 1] = tuple_items(pair)[1];
    }
    return term_is_nil(list) ? boxed_term(items - 1) : raise_badarg(p);
}

/* The tuple with value put in at index (from 0). */
static Term insert_at(Process *p, Term tuple, size_t index, Term value)
{
    size_t arity = tuple_arity(tuple);
    Term *items = arity < TUPLE_MAX_ARITY ? tuple_room(p, arity + 1) : NULL;
    if (items == NULL) {
        return arity < TUPLE_MAX_ARITY ? TERM_NONE : raise_badarg(p);
    }
    memcpy(items, tuple_items(tuple), index * sizeof *items);
    items[index] = value;
    memcpy(items + index + 1, tuple_items(tuple) + index, (arity - index) * sizeof *items);
    return boxed_term(items - 1);
}

Term bif_erlang_append_element_2(Process *p, const Term *a)
{
    if (!term_is_tuple(a[0])) {
        return raise_badarg(p);
    }
    size_t arity = tuple_arity(a[0]);
    Term result;
    return is_elsewhere(p, arity, bif_erlang_append_element_2, a, 2, &result)
               ? result
               : insert_at(p, a[0], arity, a[1]);
}

Term bif_erlang_insert_element_3(Process *p, const Term *a)
{
    int64_t index;
    if (!term_is_tuple(a[1]) || !util_get_range(a[0], 1, (int64_t)tuple_arity(a[1]) + 1, &index)) {
        return raise_badarg(p);
    }
    Term result;
    return is_elsewhere(p, tuple_arity(a[1]), bif_erlang_insert_element_3, a, 3, &result)
               ? result
               : insert_at(p, a[1], (size_t)index - 1, a[2]);
}

Term bif_erlang_delete_element_2(Process *p, const Term *a)
{
    int64_t index;
    if (!term_is_tuple(a[1]) || !util_get_range(a[0], 1, (int64_t)tuple_arity(a[1]), &index)) {
        return raise_badarg(p);
    }
    size_t arity = tuple_arity(a[1]), before = (size_t)index - 1;
    Term result;
    if (is_elsewhere(p, arity, bif_erlang_delete_element_2, a, 2, &result)) {
        return result;
    }
    Term *items = tuple_room(p, arity - 1);
    if (items == NULL) {
        return TERM_NONE;
    }
    memcpy(items, tuple_items(a[1]), before * sizeof *items);
    memcpy(items + before, tuple_items(a[1]) + index, (arity - (size_t)index) * sizeof *items);
    return boxed_term(items - 1);
}

Term bif_erlang_tuple_to_list_1(Process *p, const Term *a)
{
    if (!term_is_tuple(a[0])) {
        return raise_badarg(p);
    }
    size_t arity = tuple_arity(a[0]);
    if (arity == 0) {
        return TERM_NIL;
    }
    Term *cells = process_alloc(p, arity * 2);
    if (cells == NULL) {
        return TERM_NONE;
    }
    for (size_t i = 0; i < arity; i++) {
        cells[2 * i] = tuple_items(a[0])[i];
        cells[2 * i + 1] = i + 1 < arity ? cons_term(cells + 2 * i + 2) : TERM_NIL;
    }
    util_spend_steps(p, arity);
    return cons_term(cells);
}

Term bif_erlang_list_to_tuple_1(Process *p, const Term *a)
{
    int64_t length = util_list_length(a[0]);
    if (length < 0 || length > TUPLE_MAX_ARITY) {
        return raise_badarg(p);
    }
    Term *items = tuple_room(p, (size_t)length);
    if (items == NULL) {
        return TERM_NONE;
    }
    Term list = a[0];
    for (int64_t i = 0; i < length; i++, list = cons_tail(list)) {
        items[i] = cons_head(list);
    }
    util_spend_steps(p, (size_t)length);
    return boxed_term(items - 1);
}

/* ---- sizes ---- */

Term bif_erlang_tuple_size_1(Process *p, const Term *a)
{
    return term_is_tuple(a[0]) ? small_make((int64_t)tuple_arity(a[0])) : raise_badarg(p);
}

Term bif_erlang_size_1(Process *p, const Term *a)
{
    if (term_is_tuple(a[0])) {
        return small_make((int64_t)tuple_arity(a[0]));
    }
    return term_is_bitstring(a[0]) ? small_make((int64_t)(binary_bits(a[0]) / 8)) : raise_badarg(p);
}

Term bif_erlang_byte_size_1(Process *p, const Term *a)
{
    return term_is_bitstring(a[0]) ? small_make((int64_t)((binary_bits(a[0]) + 7) / 8))
                                   : raise_badarg(p);
}

Term bif_erlang_bit_size_1(Process *p, const Term *a)
{
    return term_is_bitstring(a[0]) ? small_make((int64_t)binary_bits(a[0])) : raise_badarg(p);
}
