/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/encoding.c: see encoding.h. */
#include "vm/bif/encoding.h"

#include "vm/base/utf8.h"
#include "vm/bif/bif_util.h"

Encoding encoding_named(Term t)
{
    Term kind = t;
    bool little = false;
    if (term_is_tuple_of(t, 2)) {
        kind = tuple_items(t)[0];
        little = term_same(tuple_items(t)[1], ATOM(little));
        if (!little && !term_same(tuple_items(t)[1], ATOM(big))) {
            return ENC_NONE;
        }
    }
    if (term_same(kind, ATOM(utf16))) {
        return little ? ENC_UTF16_LITTLE : ENC_UTF16_BIG;
    }
    if (term_same(kind, ATOM(utf32))) {
        return little ? ENC_UTF32_LITTLE : ENC_UTF32_BIG;
    }
    if (term_same(t, ATOM(latin1))) {
        return ENC_LATIN1;
    }
    return term_same(t, ATOM(unicode)) || term_same(t, ATOM(utf8)) ? ENC_UTF8 : ENC_NONE;
}

static int decode_utf8(const unsigned char *bytes, size_t length, uint32_t *c)
{
    unsigned first = bytes[0];
    unsigned need = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (need == 0 || first >= 0xF8) {
        return CHAR_BAD;
    }
    if (length < need) {
        return CHAR_CUT;
    }
    unsigned used = utf8_decode(bytes, need, c);
    return used == need ? (int)used : CHAR_BAD;
}

static uint32_t unit16(const unsigned char *bytes, bool little)
{
    return little ? (uint32_t)bytes[1] << 8 | bytes[0] : (uint32_t)bytes[0] << 8 | bytes[1];
}

static int decode_utf16(const unsigned char *bytes, size_t length, bool little, uint32_t *c)
{
    if (length < 2) {
        return CHAR_CUT;
    }
    uint32_t high = unit16(bytes, little);
    if (high < 0xD800 || high > 0xDFFF) {
        *c = high;
        return 2;
    }
    if (high > 0xDBFF) {
        return CHAR_BAD;
    }
    if (length < 4) {
        return CHAR_CUT;
    }
    uint32_t low = unit16(bytes + 2, little);
    if (low < 0xDC00 || low > 0xDFFF) {
        return CHAR_BAD;
    }
    *c = 0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00));
    return 4;
}

static int decode_utf32(const unsigned char *bytes, size_t length, bool little, uint32_t *c)
{
    if (length < 4) {
        return CHAR_CUT;
    }
    uint32_t first = unit16(bytes, little), second = unit16(bytes + 2, little);
    *c = little ? second << 16 | first : first << 16 | second;
    return utf8_is_code_point(*c) ? 4 : CHAR_BAD;
}

int encoding_decode(Encoding in, const unsigned char *bytes, size_t length, uint32_t *c)
{
    switch (in) {
    case ENC_LATIN1:
        *c = bytes[0];
        return 1;
    case ENC_UTF8:
        return decode_utf8(bytes, length, c);
    case ENC_UTF16_BIG:
    case ENC_UTF16_LITTLE:
        return decode_utf16(bytes, length, in == ENC_UTF16_LITTLE, c);
    default:
        return decode_utf32(bytes, length, in == ENC_UTF32_LITTLE, c);
    }
}

static void put_unit16(unsigned char *out, uint32_t unit, bool little)
{
    out[little ? 1 : 0] = (unsigned char)(unit >> 8);
    out[little ? 0 : 1] = (unsigned char)unit;
}

size_t encoding_encode(Encoding out, uint32_t c, unsigned char bytes[4])
{
    bool little = out == ENC_UTF16_LITTLE || out == ENC_UTF32_LITTLE;
    switch (out) {
    case ENC_LATIN1:
        bytes[0] = (unsigned char)c;
        return c < 256;
    case ENC_UTF8:
        return utf8_encode(c, bytes);
    case ENC_UTF16_BIG:
    case ENC_UTF16_LITTLE:
        if (c < 0x10000) {
            put_unit16(bytes, c, little);
            return 2;
        }
        put_unit16(bytes, 0xD800 + ((c - 0x10000) >> 10), little);
        put_unit16(bytes + 2, 0xDC00 + ((c - 0x10000) & 0x3FF), little);
        return 4;
    default:
        put_unit16(bytes + (little ? 2 : 0), c >> 16, little);
        put_unit16(bytes + (little ? 0 : 2), c & 0xFFFF, little);
        return 4;
    }
}
