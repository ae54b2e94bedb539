/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/bits_text.c: characters in bitstrings: utf8, utf16 and utf32 segments. */
#include "vm/exec/bits.h"

#include "vm/base/utf8.h"

static size_t read_utf8(const unsigned char *bytes, size_t at, size_t left, uint32_t *code_point)
{
    unsigned char copy[UTF8_MAX_BYTES];
    size_t count = ACT_MIN(left / 8, UTF8_MAX_BYTES);
    if (at % 8 == 0) {
        return 8 * (size_t)utf8_decode(bytes + at / 8, count, code_point);
    }
    for (size_t i = 0; i < count; i++) {
        copy[i] = (unsigned char)bits_read(bytes, at + 8 * i, 8);
    }
    return 8 * (size_t)utf8_decode(copy, count, code_point);
}

static unsigned swap16(unsigned unit)
{
    return (unit & 0xff) << 8 | unit >> 8;
}

static unsigned read_unit(const unsigned char *bytes, size_t at, bool little)
{
    unsigned unit = (unsigned)bits_read(bytes, at, 16);
    return little ? swap16(unit) : unit;
}

static size_t read_utf16(const unsigned char *bytes, size_t at, size_t left, bool little,
                         uint32_t *code_point)
{
    if (left < 16) {
        return 0;
    }
    unsigned first = read_unit(bytes, at, little);
    if (first < 0xD800 || first > 0xDFFF) {
        *code_point = first;
        return 16;
    }
    if (first > 0xDBFF || left < 32) {
        return 0;
    }
    unsigned second = read_unit(bytes, at + 16, little);
    if (second < 0xDC00 || second > 0xDFFF) {
        return 0;
    }
    *code_point = 0x10000 + ((first & 0x3FF) << 10 | (second & 0x3FF));
    return 32;
}

size_t bits_read_char(const unsigned char *bytes, size_t at, size_t left, uint32_t spec,
                      uint32_t *code_point)
{
    bool little = bits_is_little(spec);
    switch (spec & BC_SEG_TYPE) {
    case BC_SEG_UTF8:
        return read_utf8(bytes, at, left, code_point);
    case BC_SEG_UTF16:
        return read_utf16(bytes, at, left, little, code_point);
    default: {
        if (left < 32) {
            return 0;
        }
        uint32_t word = (uint32_t)bits_read(bytes, at, 32);
        *code_point = little ? __builtin_bswap32(word) : word;
        return utf8_is_code_point(*code_point) ? 32 : 0;
    }
    }
}

size_t bits_char_size(uint32_t spec, Term t)
{
    if (!term_is_small(t) || small_value(t) < 0 || !utf8_is_code_point((uint64_t)small_value(t))) {
        return 0;
    }
    int64_t value = small_value(t);
    switch (spec & BC_SEG_TYPE) {
    case BC_SEG_UTF8:
        return value < 0x80 ? 8 : value < 0x800 ? 16 : value < 0x10000 ? 24 : 32;
    case BC_SEG_UTF16:
        return value < 0x10000 ? 16 : 32;
    default:
        return 32;
    }
}

static void write_unit(unsigned char *bytes, size_t at, bool little, unsigned unit)
{
    bits_write(bytes, at, little ? swap16(unit) : unit, 16);
}

void bits_write_char(unsigned char *bytes, size_t at, uint32_t spec, uint32_t code_point)
{
    bool little = bits_is_little(spec);
    switch (spec & BC_SEG_TYPE) {
    case BC_SEG_UTF8: {
        unsigned char text[UTF8_MAX_BYTES];
        unsigned count = utf8_encode(code_point, text);
        for (unsigned i = 0; i < count; i++) {
            bits_write(bytes, at + 8 * (size_t)i, text[i], 8);
        }
        break;
    }
    case BC_SEG_UTF16:
        if (code_point < 0x10000) {
            write_unit(bytes, at, little, code_point);
        } else {
            write_unit(bytes, at, little, 0xD800 | (code_point - 0x10000) >> 10);
            write_unit(bytes, at + 16, little, 0xDC00 | ((code_point - 0x10000) & 0x3FF));
        }
        break;
    default:
        bits_write(bytes, at, little ? __builtin_bswap32(code_point) : code_point, 32);
        break;
    }
}
