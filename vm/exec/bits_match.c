/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/bits_match.c: taking bitstrings apart, segment by segment. */
#include "vm/exec/bits.h"

#include "vm/mem/offheap.h"

/* Bits of a segment of that size; false if the context has not so many, or size is no size. */
static bool segment_bits(const Term *match, Term size, uint32_t unit, size_t *bits)
{
    if (!term_is_small(size) || small_value(size) < 0 ||
        (size_t)small_value(size) > bits_left(match) / unit) {
        return false;
    }
    *bits = (size_t)small_value(size) * unit;
    return true;
}

/* Goes over a character; false if there is none. */
static bool take_char(Term *match, uint32_t spec, Term *result)
{
    uint32_t code_point;
    size_t bits = bits_read_char(bits_bytes(match), bits_position(match), bits_left(match), spec,
                                 &code_point);
    if (bits == 0) {
        return false;
    }
    bits_move(match, bits);
    *result = small_make(code_point);
    return true;
}

/* A view on bits of the context's bitstring; all of it: the bitstring. */
static Term view(Process *p, const Term *match, size_t bits)
{
    size_t from = bits_position(match);
    if (from == 0 && bits == boxed_words(match[MATCH_BASE])[1].w * 8) {
        return match[MATCH_BASE];
    }
    Term part = binary_sub(&p->heap, match[MATCH_BASE], from, bits);
    return term_same(part, TERM_NONE) ? raise_no_memory(p) : part;
}

/* The integer, TERM_NONE if there is no memory for it. *fits is false for more bits than an integer
 * can have: then nothing matches. */
static Term take_integer(Process *p, const Term *match, uint32_t spec, size_t bits, bool *fits)
{
    TermRoom room = heap_room(&p->heap);
    NumberError error = NUMBER_OK;
    Term value =
        bits_read_integer(&room, bits_bytes(match), bits_position(match), bits, spec, &error);
    *fits = error != NUMBER_SYSTEM_LIMIT;
    return *fits && term_same(value, TERM_NONE) ? raise_no_memory(p) : value;
}

BitsEnd bits_get(Process *p, Term context, uint32_t spec, uint32_t unit, Term size, Term *result)
{
    Term *match = boxed_words(context);
    uint32_t type = spec & BC_SEG_TYPE;
    if (type >= BC_SEG_UTF8) {
        return take_char(match, spec, result) ? BITS_TAKEN : BITS_NO;
    }
    size_t bits;
    if (type == BC_SEG_BINARY && (spec & BC_SEG_ALL)) {
        bits = bits_left(match);
        if (bits % unit != 0) {
            return BITS_NO;
        }
    } else if (!segment_bits(match, size, unit, &bits)) {
        return BITS_NO;
    }
    if (type == BC_SEG_INTEGER) {
        bool fits;
        *result = take_integer(p, match, spec, bits, &fits);
        if (!fits) {
            return BITS_NO;
        }
        process_spend(p, (int32_t)ACT_MIN(bits / 4096, 4000));
    } else if (type == BC_SEG_BINARY) {
        *result = view(p, match, bits);
    } else {
        double value;
        if (!bits_read_float(bits_bytes(match), bits_position(match), bits, spec, &value)) {
            return BITS_NO;
        }
        TermRoom room = heap_room(&p->heap);
        *result = float_make(&room, value);
        if (term_same(*result, TERM_NONE)) {
            raise_no_memory(p);
        }
    }
    if (term_same(*result, TERM_NONE)) {
        return BITS_RAISED;
    }
    bits_move(match, bits);
    return BITS_TAKEN;
}

bool bits_skip(Term context, uint32_t spec, uint32_t unit, Term size)
{
    Term *match = boxed_words(context);
    uint32_t type = spec & BC_SEG_TYPE;
    Term ignored;
    if (type >= BC_SEG_UTF8) {
        return take_char(match, spec, &ignored);
    }
    size_t bits = bits_left(match);
    if (type == BC_SEG_BINARY && (spec & BC_SEG_ALL)) {
        if (bits % unit != 0) {
            return false;
        }
    } else if (!segment_bits(match, size, unit, &bits)) {
        return false;
    }
    double value;
    if (type == BC_SEG_FLOAT &&
        !bits_read_float(bits_bytes(match), bits_position(match), bits, spec, &value)) {
        return false;
    }
    bits_move(match, bits);
    return true;
}

void bits_goto(Term context, Term position)
{
    Term *match = boxed_words(context);
    bool inside = term_is_small(position) && small_value(position) >= 0 &&
                  small_value(position) <= small_value(match[MATCH_END]);
    match[MATCH_POSITION] = inside ? position : match[MATCH_END];
}
