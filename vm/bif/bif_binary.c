/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_binary.c: parts of binaries, copies, and integers in them. */
#include "vm/base/alloc.h"
#include "vm/bif/bif_util.h"
#include "vm/mem/offheap.h"
#include "vm/sched/away.h"

#include <string.h>

/* A view on whole bytes, or the exception. */
static Term part(Process *p, Term binary, size_t from, size_t count)
{
    Term view = binary_sub(&p->heap, binary, from * 8, count * 8);
    return term_same(view, TERM_NONE) ? raise_no_memory(p) : view;
}

static Term part_of(Process *p, Term binary, Term start, Term length)
{
    size_t from, count;
    if (!term_is_bitstring(binary) || /* whole bytes of it */
        !util_get_part(start, length, binary_bits(binary) / 8, &from, &count)) {
        return raise_badarg(p);
    }
    return part(p, binary, from, count);
}

Term bif_erlang_binary_part_2(Process *p, const Term *a)
{
    if (!term_is_tuple_of(a[1], 2)) {
        return raise_badarg(p);
    }
    return part_of(p, a[0], tuple_items(a[1])[0], tuple_items(a[1])[1]);
}

Term bif_erlang_binary_part_3(Process *p, const Term *a)
{
    return part_of(p, a[0], a[1], a[2]);
}

Term bif_binary_part_2(Process *p, const Term *a)
{
    return bif_erlang_binary_part_2(p, a);
}

Term bif_binary_part_3(Process *p, const Term *a)
{
    return bif_erlang_binary_part_3(p, a);
}

/* {First, Rest}: Rest has what bits are left over, too. */
Term bif_erlang_split_binary_2(Process *p, const Term *a)
{
    int64_t size;
    if (!term_is_bitstring(a[0]) ||
        !util_get_range(a[1], 0, (int64_t)(binary_bits(a[0]) / 8), &size)) {
        return raise_badarg(p);
    }
    size_t cut = (size_t)size * 8;
    Term first = binary_sub(&p->heap, a[0], 0, cut);
    Term rest = binary_sub(&p->heap, a[0], cut, binary_bits(a[0]) - cut);
    if (term_same(first, TERM_NONE) || term_same(rest, TERM_NONE)) {
        return raise_no_memory(p);
    }
    return UTIL_TUPLE(p, first, rest);
}

/* ---- single bytes ---- */

static Term byte_at(Process *p, Term binary, int64_t index)
{
    BinaryView view;
    if (!term_is_binary(binary) || !binary_view(binary, &view) || index < 0 ||
        (size_t)index >= view.bits / 8) {
        return raise_badarg(p);
    }
    unsigned char byte = 0;
    binary_copy_bits(view.bytes, view.offset + (size_t)index * 8, &byte, 0, 8);
    return small_make(byte);
}

Term bif_binary_at_2(Process *p, const Term *a)
{
    return byte_at(p, a[0], term_is_small(a[1]) ? small_value(a[1]) : -1);
}

Term bif_binary_first_1(Process *p, const Term *a)
{
    return byte_at(p, a[0], 0);
}

Term bif_binary_last_1(Process *p, const Term *a)
{
    return byte_at(p, a[0], term_is_binary(a[0]) ? (int64_t)(binary_bits(a[0]) / 8) - 1 : -1);
}

/* ---- copies ---- */

static Term copy_times(Process *p, Term binary, uint64_t times)
{
    BinaryView view;
    VM_CHECK(binary_view(binary, &view));
    size_t size = view.bits / 8;
    if (size != 0 && times > (UINT64_C(1) << 40) / size) {
        return raise_system_limit(p);
    }
    unsigned char *out;
    Term copy = binary_new_room(&p->heap, size * times, &out);
    if (term_same(copy, TERM_NONE)) {
        return raise_no_memory(p);
    }
    if (size == 0 || times == 0) {
        return copy;
    }
    binary_copy_bits(view.bytes, view.offset, out, 0, view.bits);
    size_t total = size * times;
    for (size_t done = size; done < total;) { /* doubling */
        size_t more = ACT_MIN(done, total - done);
        memcpy(out + done, out, more);
        done += more;
    }
    util_spend_steps(p, total / 8);
    return copy;
}

Term bif_binary_copy_1(Process *p, const Term *a)
{
    return term_is_binary(a[0]) ? copy_times(p, a[0], 1) : raise_badarg(p);
}

Term bif_binary_copy_2(Process *p, const Term *a)
{
    bool none = term_same(a[1], small_make(0)); /* of any bitstring, as in OTP 25 */
    if (!(none ? term_is_bitstring(a[0]) : term_is_binary(a[0])) || !term_is_small(a[1]) ||
        small_value(a[1]) < 0) {
        return raise_badarg(p);
    }
    enum { BYTES_PER_STEP = 256 };
    size_t bytes;
    if (!__builtin_mul_overflow(binary_bits(a[0]) / 8, (size_t)small_value(a[1]), &bytes) &&
        away_wanted(p, bytes / BYTES_PER_STEP)) {
        return away_ask(p, bif_binary_copy_2, a, 2);
    }
    return copy_times(p, a[0], (uint64_t)small_value(a[1]));
}

Term bif_binary_referenced_byte_size_1(Process *p, const Term *a)
{
    if (!term_is_bitstring(a[0])) {
        return raise_badarg(p);
    }
    Term base = a[0];
    if (term_is_kind(base, BOXED_SUB_BINARY)) {
        base = boxed_words(base)[SUB_BASE];
    }
    if (term_is_kind(base, BOXED_REFC)) {
        return util_uint64(p, refc_off_heap(boxed_words(base))->room);
    }
    return util_uint64(p, (binary_bits(base) + 7) / 8);
}

/* ---- integers ---- */

/* True and whether little; false if t is no byte order. */
static bool byte_order(Term t, bool *little)
{
    *little = term_same(t, ATOM(little));
    return *little || term_same(t, ATOM(big));
}

static Term decode(Process *p, Term binary, Term order)
{
    UtilText text = {0};
    bool little;
    UtilStatus status =
        byte_order(order, &little) ? util_text_of_binary(&text, binary, false) : UTIL_BAD;
    size_t length = text.length, limbs = (length + 7) / 8;
    uint64_t *magnitude = status == UTIL_OK ? alloc_try_zero((limbs + 1) * 8) : NULL;
    if (magnitude == NULL) {
        util_text_free(&text);
        return util_raise(p, status == UTIL_OK ? UTIL_NO_MEMORY : status);
    }
    const unsigned char *bytes = (const unsigned char *)util_text_string(&text);
    for (size_t i = 0; i < length; i++) { /* i: from the least */
        uint64_t byte = little ? bytes[i] : bytes[length - 1 - i];
        magnitude[i / 8] |= byte << 8 * (i % 8);
    }
    TermRoom room = heap_room(&p->heap);
    NumberError error = NUMBER_BADARITH;
    Term value = big_from_limbs(&room, false, magnitude, limbs, &error);
    alloc_free(magnitude);
    util_text_free(&text);
    return util_number(p, value, error);
}

Term bif_binary_decode_unsigned_1(Process *p, const Term *a)
{
    return decode(p, a[0], ATOM(big));
}

Term bif_binary_decode_unsigned_2(Process *p, const Term *a)
{
    return decode(p, a[0], a[1]);
}

static Term encode(Process *p, Term integer, Term order)
{
    bool little;
    if (!term_is_integer(integer) || !byte_order(order, &little)) {
        return raise_badarg(p);
    }
    BigView view;
    big_open(&view, integer);
    if (view.negative) {
        return raise_badarg(p);
    }
    size_t length = 1;
    if (view.count > 0) {
        length = view.count * 8 - (size_t)__builtin_clzll(view.limbs[view.count - 1]) / 8;
    }
    unsigned char *out;
    Term binary = binary_new_room(&p->heap, length, &out);
    if (term_same(binary, TERM_NONE)) {
        return raise_no_memory(p);
    }
    for (size_t i = 0; i < length; i++) {
        uint64_t limb = i / 8 < view.count ? view.limbs[i / 8] : 0;
        out[little ? i : length - 1 - i] = (unsigned char)(limb >> 8 * (i % 8));
    }
    return binary;
}

Term bif_binary_encode_unsigned_1(Process *p, const Term *a)
{
    return encode(p, a[0], ATOM(big));
}

Term bif_binary_encode_unsigned_2(Process *p, const Term *a)
{
    return encode(p, a[0], a[1]);
}
