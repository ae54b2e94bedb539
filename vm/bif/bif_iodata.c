/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_iodata.c: deep lists of bytes and binaries to flat binaries and back. */
#include "vm/bif/bif_util.h"
#include "vm/mem/offheap.h"
#include "vm/sched/away.h"

/* One binary of all of it; with whole, bits left over are badarg. */
static Term flatten(Process *p, Term iodata)
{
    uint64_t bits;
    UtilStatus status = util_iodata_bits(iodata, true, &bits);
    if (status != UTIL_OK) {
        return util_raise(p, status);
    }
    unsigned char *out;
    Term binary = binary_new_room(&p->heap, bits / 8, &out);
    if (term_same(binary, TERM_NONE)) {
        return raise_no_memory(p);
    }
    util_spend_steps(p, bits / 8);
    return util_iodata_copy(iodata, out) == UTIL_OK ? binary : raise_no_memory(p);
}

Term bif_erlang_iolist_to_binary_1(Process *p, const Term *a)
{
    return term_is_binary(a[0]) ? a[0] : flatten(p, a[0]);
}

Term bif_erlang_list_to_binary_1(Process *p, const Term *a)
{
    return term_is_list(a[0]) ? flatten(p, a[0]) : raise_badarg(p);
}

Term bif_binary_list_to_bin_1(Process *p, const Term *a)
{
    return bif_erlang_list_to_binary_1(p, a);
}

Term bif_erlang_iolist_to_iovec_1(Process *p, const Term *a)
{
    Term binary = bif_erlang_iolist_to_binary_1(p, a);
    if (term_same(binary, TERM_NONE)) {
        return binary;
    }
    return binary_bits(binary) == 0 ? TERM_NIL : util_cons(p, binary, TERM_NIL);
}

Term bif_erlang_iolist_size_1(Process *p, const Term *a)
{
    uint64_t bits;
    UtilStatus status = util_iodata_bits(a[0], true, &bits);
    return status == UTIL_OK ? util_uint64(p, bits / 8) : util_raise(p, status);
}

/* Copies deep data bit by bit to bytes that are zero. */
static UtilStatus copy_bits(Term deep, unsigned char *out)
{
    UtilWalk walk;
    Term item;
    WalkItem kind;
    size_t at = 0;
    util_walk_open(&walk, deep);
    while ((kind = util_walk_next(&walk, &item)) == WALK_INTEGER || kind == WALK_BITS) {
        if (kind == WALK_INTEGER) {
            unsigned char byte = (unsigned char)small_value(item);
            binary_copy_bits(&byte, 0, out, at, 8);
            at += 8;
        } else {
            BinaryView view;
            VM_CHECK(binary_view(item, &view));
            binary_copy_bits(view.bytes, view.offset, out, at, view.bits);
            at += view.bits;
        }
    }
    util_walk_close(&walk);
    return kind == WALK_END ? UTIL_OK : UTIL_NO_MEMORY;
}

Term bif_erlang_list_to_bitstring_1(Process *p, const Term *a)
{
    uint64_t bits;
    UtilStatus status = term_is_list(a[0]) ? util_iodata_bits(a[0], false, &bits) : UTIL_BAD;
    if (status != UTIL_OK) {
        return util_raise(p, status);
    }
    unsigned char *out;
    Term binary = binary_new_room(&p->heap, (bits + 7) / 8, &out);
    if (term_same(binary, TERM_NONE)) {
        return raise_no_memory(p);
    }
    if (bits % 8 != 0) {
        out[bits / 8] = 0;
    }
    if (copy_bits(a[0], out) != UTIL_OK) {
        return raise_no_memory(p);
    }
    util_spend_steps(p, bits / 8);
    if (bits % 8 == 0) {
        return binary;
    }
    Term view = binary_sub(&p->heap, binary, 0, bits);
    return term_same(view, TERM_NONE) ? raise_no_memory(p) : view;
}

/* ---- binaries to lists ---- */

/* Byte number i of the bits. */
static unsigned byte_at(const BinaryView *view, size_t i)
{
    if (view->offset == 0) {
        return view->bytes[i];
    }
    unsigned pair = (unsigned)view->bytes[i] << 8 | view->bytes[i + 1];
    return pair >> (8 - view->offset) & 255;
}

/* Bytes from..from+count as a list in front of tail. */
static Term bytes_list(Process *p, const BinaryView *view, size_t from, size_t count, Term tail)
{
    if (view->offset == 0) {
        util_spend_steps(p, count);
        return util_bytes_list(p, view->bytes + from, count, tail);
    }
    UtilList list;
    util_list_open(&list, p);
    for (size_t i = 0; i < count; i++) {
        if (!util_list_add(&list, small_make(byte_at(view, from + i)))) {
            return TERM_NONE;
        }
    }
    return util_list_close(&list, tail);
}

/* A cell a byte: more work than the bytes alone, by which BIF_LONG goes, would make. */
static bool are_many_cells(const Process *p, size_t bytes)
{
    enum { CELLS_PER_STEP = 8 };
    return away_wanted(p, bytes / CELLS_PER_STEP);
}

Term bif_erlang_binary_to_list_1(Process *p, const Term *a)
{
    BinaryView view;
    if (!term_is_binary(a[0]) || !binary_view(a[0], &view)) {
        return raise_badarg(p);
    }
    if (are_many_cells(p, view.bits / 8)) {
        return away_ask(p, bif_erlang_binary_to_list_1, a, 1);
    }
    return bytes_list(p, &view, 0, view.bits / 8, TERM_NIL);
}

Term bif_erlang_binary_to_list_3(Process *p, const Term *a)
{
    BinaryView view;
    int64_t first, last;
    if (!binary_view(a[0], &view) || /* of whole bytes or not */
        !util_get_range(a[2], 1, (int64_t)(view.bits / 8), &last) ||
        !util_get_range(a[1], 1, last, &first)) {
        return raise_badarg(p);
    }
    size_t count = (size_t)(last - first) + 1;
    if (are_many_cells(p, count)) {
        return away_ask(p, bif_erlang_binary_to_list_3, a, 3);
    }
    return bytes_list(p, &view, (size_t)first - 1, count, TERM_NIL);
}

Term bif_erlang_bitstring_to_list_1(Process *p, const Term *a)
{
    BinaryView view;
    if (!binary_view(a[0], &view)) {
        return raise_badarg(p);
    }
    if (are_many_cells(p, view.bits / 8)) {
        return away_ask(p, bif_erlang_bitstring_to_list_1, a, 1);
    }
    Term tail = TERM_NIL;
    if (view.bits % 8 != 0) {
        Term last = binary_sub(&p->heap, a[0], view.bits - view.bits % 8, view.bits % 8);
        if (term_same(last, TERM_NONE)) {
            return raise_no_memory(p);
        }
        tail = util_cons(p, last, TERM_NIL);
        if (term_same(tail, TERM_NONE)) {
            return tail;
        }
    }
    return bytes_list(p, &view, 0, view.bits / 8, tail);
}

/* binary:bin_to_list/1,2,3 */
static Term part_to_list(Process *p, BifFunction function, const Term *a, unsigned arity,
                         Term start, Term length)
{
    BinaryView view;
    size_t from, count;
    if (!term_is_binary(a[0]) || !binary_view(a[0], &view) ||
        !util_get_part(start, length, view.bits / 8, &from, &count)) {
        return raise_badarg(p);
    }
    if (are_many_cells(p, count)) {
        return away_ask(p, function, a, arity);
    }
    return bytes_list(p, &view, from, count, TERM_NIL);
}

Term bif_binary_bin_to_list_1(Process *p, const Term *a)
{
    return bif_erlang_binary_to_list_1(p, a);
}

Term bif_binary_bin_to_list_2(Process *p, const Term *a)
{
    if (!term_is_tuple_of(a[1], 2)) {
        return raise_badarg(p);
    }
    return part_to_list(p, bif_binary_bin_to_list_2, a, 2, tuple_items(a[1])[0],
                        tuple_items(a[1])[1]);
}

Term bif_binary_bin_to_list_3(Process *p, const Term *a)
{
    return part_to_list(p, bif_binary_bin_to_list_3, a, 3, a[1], a[2]);
}
