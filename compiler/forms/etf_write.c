/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/etf_write.c: see etf.h. */
#include "compiler/forms/etf.h"
#include "compiler/forms/etf_tags.h"
#include "vm/base/utf8.h"
#include <string.h>

static void number(EtfOut *out, uint64_t value, unsigned size)
{
    vec_reserve(out, size);
    for (unsigned i = size; i-- > 0;) {
        out->items[out->count++] = (unsigned char)(value >> 8 * i);
    }
}

void etf_raw(EtfOut *out, const unsigned char *bytes, size_t length)
{
    if (length > 0) {
        vec_reserve(out, length);
        memcpy(out->items + out->count, bytes, length);
        out->count += length;
    }
}

void etf_begin(EtfOut *out)
{
    number(out, TAG_VERSION, 1);
}

void etf_tuple(EtfOut *out, uint32_t arity)
{
    number(out, arity < 256 ? TAG_SMALL_TUPLE : TAG_LARGE_TUPLE, 1);
    number(out, arity, arity < 256 ? 1 : 4);
}

void etf_list(EtfOut *out, uint32_t count)
{
    if (count > 0) {
        number(out, TAG_LIST, 1);
        number(out, count, 4);
    }
}

void etf_nil(EtfOut *out)
{
    number(out, TAG_NIL, 1);
}

void etf_map(EtfOut *out, uint32_t pairs)
{
    number(out, TAG_MAP, 1);
    number(out, pairs, 4);
}

void etf_atom_bytes(EtfOut *out, const char *text, size_t length)
{
    number(out, length < 256 ? TAG_SMALL_ATOM_UTF8 : TAG_ATOM_UTF8, 1);
    number(out, length, length < 256 ? 1 : 2);
    etf_raw(out, (const unsigned char *)text, length);
}

void etf_atom(EtfOut *out, const char *text)
{
    etf_atom_bytes(out, text, strlen(text));
}

static void big(EtfOut *out, bool negative, const unsigned char *bytes, size_t length)
{
    number(out, length < 256 ? TAG_SMALL_BIG : TAG_LARGE_BIG, 1);
    number(out, length, length < 256 ? 1 : 4);
    number(out, negative, 1);
    etf_raw(out, bytes, length);
}

void etf_int(EtfOut *out, int64_t value)
{
    if (value >= 0 && value < 256) {
        number(out, TAG_SMALL_INTEGER, 1);
        number(out, (uint64_t)value, 1);
        return;
    }
    if (value >= INT32_MIN && value <= INT32_MAX) {
        number(out, TAG_INTEGER, 1);
        number(out, (uint64_t)value, 4);
        return;
    }
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    unsigned char bytes[8];
    size_t length = 0;
    for (; magnitude > 0; magnitude >>= 8) {
        bytes[length++] = (unsigned char)magnitude;
    }
    big(out, value < 0, bytes, length);
}

void etf_digits(EtfOut *out, const char *digits, uint32_t base)
{
    size_t room = strlen(digits) + 8; /* a digit is never more than six bits */
    unsigned char *value = alloc_must_zero(room);
    size_t used = 0;
    for (const char *at = digits; *at != '\0'; at++) {
        uint32_t carry = (uint32_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
        for (size_t i = 0; i < used || carry > 0; i++) {
            carry += (uint32_t)value[i] * base;
            value[i] = (unsigned char)carry;
            carry >>= 8;
            used = ACT_MAX(used, i + 1);
        }
    }
    if (used < 8) {
        uint64_t small = 0;
        for (size_t i = used; i-- > 0;) {
            small = small << 8 | value[i];
        }
        etf_int(out, (int64_t)small);
    } else {
        big(out, false, value, used);
    }
    alloc_free(value);
}

void etf_float(EtfOut *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    number(out, TAG_NEW_FLOAT, 1);
    number(out, bits, 8);
}

void etf_binary(EtfOut *out, const void *bytes, size_t length)
{
    number(out, TAG_BINARY, 1);
    number(out, length, 4);
    etf_raw(out, bytes, length);
}

void etf_points(EtfOut *out, const uint32_t *points, uint32_t count)
{
    bool bytes = count < 65536;
    for (uint32_t i = 0; bytes && i < count; i++) {
        bytes = points[i] < 256;
    }
    if (count > 0 && bytes) {
        number(out, TAG_STRING, 1);
        number(out, count, 2);
        for (uint32_t i = 0; i < count; i++) {
            number(out, points[i], 1);
        }
        return;
    }
    etf_list(out, count);
    for (uint32_t i = 0; i < count; i++) {
        etf_int(out, points[i]);
    }
    etf_nil(out);
}

void etf_text(EtfOut *out, const char *text)
{
    size_t length = strlen(text);
    uint32_t *points = alloc_must_zero((length + 1) * sizeof *points);
    uint32_t count = 0;
    for (size_t at = 0; at < length;) {
        unsigned used = utf8_decode((const unsigned char *)text + at, length - at, &points[count]);
        points[count] = used == 0 ? (unsigned char)text[at] : points[count];
        count++;
        at += used == 0 ? 1 : used;
    }
    etf_points(out, points, count);
    alloc_free(points);
}
