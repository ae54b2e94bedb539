/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/binary.c: looking into bitstrings. */
#include "vm/term/binary.h"

/* The bytes of a BOXED_BINARY or BOXED_REFC. */
static const unsigned char *base_bytes(const Term *box)
{
    return header_kind(box[0].w) == BOXED_BINARY ? (const unsigned char *)(box + 2)
                                                 : refc_off_heap(box)->bytes;
}

bool binary_view(Term t, BinaryView *view)
{
    if (!term_is_bitstring(t)) {
        return false;
    }
    const Term *box = boxed_words(t);
    if (header_kind(box[0].w) == BOXED_SUB_BINARY) {
        size_t offset = (size_t)small_value(box[SUB_OFFSET]);
        view->bytes = base_bytes(boxed_words(box[SUB_BASE])) + offset / 8;
        view->offset = (unsigned)(offset % 8);
        view->bits = (size_t)small_value(box[SUB_LENGTH]);
    } else {
        view->bytes = base_bytes(box);
        view->offset = 0;
        view->bits = box[1].w * 8;
    }
    return true;
}

bool binary_bytes(Term t, const unsigned char **bytes, size_t *size)
{
    BinaryView view;
    if (!binary_view(t, &view) || view.offset != 0 || view.bits % 8 != 0) {
        return false;
    }
    *bytes = view.bytes;
    *size = view.bits / 8;
    return true;
}

size_t binary_bits(Term t)
{
    const Term *box = boxed_words(t);
    return header_kind(box[0].w) == BOXED_SUB_BINARY ? (size_t)small_value(box[SUB_LENGTH])
                                                     : box[1].w * 8;
}

bool term_is_binary(Term t)
{
    return term_is_bitstring(t) && binary_bits(t) % 8 == 0;
}

/* 8 bits starting at any bit; reads the second byte only if `bits` bits need it. */
static unsigned byte_at(const unsigned char *bytes, size_t offset, size_t bits)
{
    const unsigned char *p = bytes + offset / 8;
    unsigned shift = (unsigned)(offset % 8);
    unsigned value = (unsigned)p[0] << shift;
    if (shift + ACT_MIN(bits, 8) > 8) {
        value |= (unsigned)p[1] >> (8 - shift);
    }
    return value & 0xFF;
}

static void put_bits(unsigned char *to, size_t to_offset, unsigned value, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++) {
        unsigned char mask = (unsigned char)(0x80 >> (to_offset + i) % 8);
        unsigned char *p = to + (to_offset + i) / 8;
        *p = (unsigned char)((value << i & 0x80) ? *p | mask : *p & ~mask);
    }
}

void binary_copy_bits(const unsigned char *from, size_t from_offset, unsigned char *to,
                      size_t to_offset, size_t bits)
{
    if (to_offset % 8 == 0) {
        size_t whole = bits / 8;
        unsigned char *out = to + to_offset / 8;
        if (from_offset % 8 == 0) {
            if (whole > 0) {
                memmove(out, from + from_offset / 8, whole);
            }
        } else {
            for (size_t i = 0; i < whole; i++) {
                out[i] = (unsigned char)byte_at(from, from_offset + i * 8, 8);
            }
        }
        from_offset += whole * 8;
        to_offset += whole * 8;
        bits -= whole * 8;
    }
    while (bits > 0) {
        unsigned step = (unsigned)ACT_MIN(bits, 8);
        put_bits(to, to_offset, byte_at(from, from_offset, step), step);
        from_offset += step;
        to_offset += step;
        bits -= step;
    }
}

int binary_compare(const BinaryView *a, const BinaryView *b)
{
    size_t bits = ACT_MIN(a->bits, b->bits);
    size_t at = 0;
    if (a->offset == 0 && b->offset == 0 && bits >= 8) {
        int diff = memcmp(a->bytes, b->bytes, bits / 8);
        if (diff != 0) {
            return diff;
        }
        at = bits / 8 * 8;
    }
    for (; at < bits; at += 8) {
        size_t left = ACT_MIN(bits - at, 8);
        unsigned mask = 0xFFu << (8 - left) & 0xFF;
        unsigned x = byte_at(a->bytes, a->offset + at, left) & mask;
        unsigned y = byte_at(b->bytes, b->offset + at, left) & mask;
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (a->bits > b->bits) - (a->bits < b->bits);
}
