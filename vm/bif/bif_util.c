/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_util.c: the half of bif_util.h that builds, and the simplest of reading. */
#include "vm/bif/bif_util.h"

#include "vm/base/utf8.h"
#include "vm/host/host.h"
#include "vm/mem/offheap.h"
#include "vm/term/atom.h"
#include "vm/term/big.h"
#include "vm/vm_parts.h"

#include <string.h>

size_t util_step_budget(const Process *p)
{
    int32_t left = p->reductions > 4 ? p->reductions : 4;
    return (size_t)left * UTIL_STEPS_PER_REDUCTION;
}

bool util_spend_steps(Process *p, size_t steps)
{
    size_t cost = steps / UTIL_STEPS_PER_REDUCTION;
    return process_spend(p, cost > INT32_MAX / 4 ? INT32_MAX / 4 : (int32_t)cost);
}

bool util_get_range(Term t, int64_t least, int64_t most, int64_t *value)
{
    if (!term_is_small(t) || small_value(t) < least || small_value(t) > most) {
        return false;
    }
    *value = small_value(t);
    return true;
}

bool util_is_negative(Term t)
{
    return term_is_small(t) ? small_value(t) < 0
                            : header_kind(boxed_header(t)) == BOXED_BIG_NEGATIVE;
}

bool util_get_part(Term start, Term length, size_t size, size_t *from, size_t *count)
{
    int64_t at, many, end = (int64_t)size;
    if (!util_get_range(start, 0, end, &at) || !util_get_range(length, -at, end - at, &many)) {
        return false;
    }
    *from = (size_t)(many < 0 ? at + many : at);
    *count = (size_t)(many < 0 ? -many : many);
    return true;
}

int64_t util_list_length(Term t)
{
    int64_t length = 0;
    for (; term_is_cons(t); t = cons_tail(t)) {
        length++;
    }
    return term_is_nil(t) ? length : -1;
}

Term util_raise(Process *p, UtilStatus status)
{
    switch (status) {
    case UTIL_TOO_LONG:
        return raise_system_limit(p);
    case UTIL_NO_MEMORY:
        return raise_no_memory(p);
    default:
        return raise_badarg(p);
    }
}

/* What a number that did not come about means; t if it did. */
static Term checked(Process *p, Term t)
{
    return term_same(t, TERM_NONE) ? raise_no_memory(p) : t;
}

Term util_int64(Process *p, int64_t value)
{
    if (small_fits(value)) {
        return small_make(value);
    }
    TermRoom room = heap_room(&p->heap);
    NumberError error;
    return checked(p, big_from_int64(&room, value, &error));
}

Term util_uint64(Process *p, uint64_t value)
{
    if (value <= (uint64_t)SMALL_MAX) {
        return small_make((int64_t)value);
    }
    TermRoom room = heap_room(&p->heap);
    NumberError error;
    return checked(p, big_from_uint64(&room, value, &error));
}

Term util_float(Process *p, double value)
{
    TermRoom room = heap_room(&p->heap);
    return checked(p, float_make(&room, value));
}

Term util_binary(Process *p, const void *bytes, size_t length)
{
    return checked(p,
                   binary_new(&p->heap, length == 0 ? (const unsigned char *)"" : bytes, length));
}

Term util_aligned(Process *p, Term t)
{
    const unsigned char *bytes;
    size_t size;
    if (!term_is_binary(t) || binary_bytes(t, &bytes, &size)) {
        return t;
    }
    UtilText copy = {0};
    UtilStatus status = util_text_of_binary(&copy, t, false);
    Term aligned =
        status == UTIL_OK ? util_binary(p, copy.bytes, copy.length) : util_raise(p, status);
    util_text_free(&copy);
    return aligned;
}

Term util_number(Process *p, Term t, NumberError error)
{
    if (ACT_LIKELY(!term_same(t, TERM_NONE))) {
        return t;
    }
    switch (error) {
    case NUMBER_SYSTEM_LIMIT:
        return raise_system_limit(p);
    case NUMBER_NO_MEMORY:
        return raise_no_memory(p);
    default:
        return raise_badarith(p);
    }
}

bool util_get_int64(Term t, int64_t *value)
{
    return term_is_integer(t) && big_to_int64(t, value);
}

Term util_cons(Process *p, Term head, Term tail)
{
    Term *cell = process_alloc(p, 2);
    if (cell == NULL) {
        return TERM_NONE;
    }
    cell[0] = head;
    cell[1] = tail;
    return cons_term(cell);
}

Term util_tuple(Process *p, const Term *items, size_t arity)
{
    Term *words = process_alloc(p, arity + 1);
    if (words == NULL) {
        return TERM_NONE;
    }
    words[0] = TERM_RAW(header_make(BOXED_TUPLE, arity));
    memcpy(words + 1, items, arity * sizeof *items);
    return boxed_term(words);
}

Term util_bytes_list(Process *p, const void *bytes, size_t length, Term tail)
{
    if (length == 0) {
        return tail;
    }
    Term *cells = process_alloc(p, length * 2);
    if (cells == NULL) {
        return TERM_NONE;
    }
    for (size_t i = 0; i < length; i++) {
        cells[2 * i] = small_make(((const unsigned char *)bytes)[i]);
        cells[2 * i + 1] = i + 1 < length ? cons_term(cells + 2 * i + 2) : tail;
    }
    return cons_term(cells);
}

Term util_utf8_list(Process *p, const char *text, size_t length)
{
    UtilList list;
    util_list_open(&list, p);
    for (size_t at = 0; at < length;) {
        uint32_t c = 0;
        unsigned used = utf8_decode((const unsigned char *)text + at, length - at, &c);
        VM_CHECK(used > 0);
        at += used;
        if (!util_list_add(&list, small_make(c))) {
            return TERM_NONE;
        }
    }
    return util_list_close(&list, TERM_NIL);
}

bool util_atom_is(Process *p, Term t, const char *text)
{
    return term_is_atom(t) && strcmp(atom_text(vm_atoms(p->vm), t, NULL), text) == 0;
}

Term util_atom(Process *p, const char *text)
{
    Term atom = atom_intern_text(vm_atoms(p->vm), text);
    return term_same(atom, TERM_NONE) ? raise_system_limit(p) : atom;
}

Term util_posix_atom(Process *p, int error)
{
    return util_atom(p, host_error_name(error));
}

Term util_posix_error(Process *p, int64_t result)
{
    Term name = util_posix_atom(p, (int)-result);
    return term_same(name, TERM_NONE) ? name : UTIL_TUPLE(p, ATOM(error), name);
}

void util_list_open(UtilList *maker, Process *p)
{
    *maker = (UtilList){.p = p, .list = TERM_NIL, .chunk = 8};
}

bool util_list_add(UtilList *maker, Term element)
{
    if (maker->left == 0) {
        Term *cells = maker->failed ? NULL : process_alloc(maker->p, maker->chunk * 2);
        if (cells == NULL) {
            maker->failed = true;
            return false;
        }
        for (size_t i = 0; i < maker->chunk * 2; i++) {
            cells[i] = TERM_NIL; /* what stays unused must still be terms */
        }
        maker->next = cells;
        maker->left = maker->chunk;
        maker->chunk = ACT_MIN(maker->chunk * 2, 1024);
    }
    Term *cell = maker->next;
    maker->next += 2;
    maker->left--;
    cell[0] = element;
    cell[1] = TERM_NIL;
    if (maker->last == NULL) {
        maker->list = cons_term(cell);
    } else {
        maker->last[1] = cons_term(cell);
    }
    maker->last = cell;
    return true;
}

bool util_list_add_bytes(UtilList *maker, const unsigned char *bytes, size_t count)
{
    Term *cells = maker->failed || count == 0 ? NULL : process_alloc(maker->p, count * 2);
    if (cells == NULL) {
        maker->failed |= count > 0;
        return count == 0;
    }
    *(maker->last ? &maker->last[1] : &maker->list) = cons_term(cells);
    for (size_t i = 0; i < count; i++, cells += 2) {
        cells[0] = small_make(bytes[i]);
        cells[1] = cons_term(cells + 2);
    }
    maker->last = cells - 2;
    maker->last[1] = TERM_NIL;
    return true;
}

Term util_list_close(UtilList *maker, Term tail)
{
    if (maker->failed) {
        return TERM_NONE;
    }
    if (maker->last == NULL) {
        return tail;
    }
    maker->last[1] = tail;
    return maker->list;
}
