/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/forms/etf_read.c: see etf.h. */
#include "compiler/forms/etf.h"
#include "compiler/forms/etf_tags.h"
#include "vm/base/utf8.h"
#include <string.h>

EtfIn etf_open(const unsigned char *bytes, size_t size)
{
    EtfIn in = {bytes, size, 1, size == 0 || bytes[0] != TAG_VERSION};
    return in;
}

static uint64_t number(EtfIn *in, unsigned size)
{
    if (in->bad || in->size - in->at < size) {
        in->bad = true;
        return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value = value << 8 | in->bytes[in->at++];
    }
    return value;
}

static EtfItem bytes(EtfIn *in, EtfKind kind, uint64_t length)
{
    EtfItem item = {.kind = kind, .length = length};
    if (in->bad || in->size - in->at < length) {
        in->bad = true;
        return (EtfItem){.kind = ETF_END};
    }
    item.bytes = in->bytes + in->at;
    in->at += length;
    return item;
}

/* Heads promise no more parts than there are bytes. */
static EtfItem head(EtfIn *in, EtfKind kind, uint64_t count)
{
    if (in->bad || count > in->size - in->at) {
        in->bad = true;
        return (EtfItem){.kind = ETF_END};
    }
    return (EtfItem){.kind = kind, .count = (uint32_t)count};
}

static EtfItem integer(int64_t value)
{
    return (EtfItem){.kind = ETF_INT, .integer = value};
}

static EtfItem read_big(EtfIn *in, uint64_t length)
{
    bool negative = number(in, 1) != 0;
    EtfItem item = bytes(in, ETF_BIG, length);
    uint64_t value = 0;
    if (item.kind == ETF_BIG && length <= 8) {
        for (size_t i = length; i-- > 0;) {
            value = value << 8 | item.bytes[i];
        }
        if (value <= INT64_MAX) {
            return integer(negative ? -(int64_t)value : (int64_t)value);
        }
    }
    item.negative = negative;
    return item;
}

static EtfItem read_float(EtfIn *in)
{
    EtfItem item = {.kind = ETF_FLOAT};
    uint64_t bits = number(in, 8);
    memcpy(&item.real, &bits, sizeof bits);
    return item;
}

static EtfItem read_atom(EtfIn *in, unsigned size, bool latin1)
{
    EtfItem item = bytes(in, ETF_ATOM, number(in, size));
    item.latin1 = latin1;
    return item;
}

static EtfItem read_bits(EtfIn *in)
{
    uint64_t length = number(in, 4);
    unsigned tail_bits = (unsigned)number(in, 1);
    EtfItem item = bytes(in, ETF_BITS, length);
    item.tail_bits = tail_bits;
    return item;
}

EtfItem etf_read(EtfIn *in)
{
    unsigned tag = (unsigned)number(in, 1);
    switch (in->bad ? 0 : tag) {
    case TAG_SMALL_INTEGER:
        return integer((int64_t)number(in, 1));
    case TAG_INTEGER:
        return integer((int32_t)(uint32_t)number(in, 4));
    case TAG_SMALL_BIG:
        return read_big(in, number(in, 1));
    case TAG_LARGE_BIG:
        return read_big(in, number(in, 4));
    case TAG_NEW_FLOAT:
        return read_float(in);
    case TAG_ATOM:
        return read_atom(in, 2, true);
    case TAG_SMALL_ATOM:
        return read_atom(in, 1, true);
    case TAG_ATOM_UTF8:
        return read_atom(in, 2, false);
    case TAG_SMALL_ATOM_UTF8:
        return read_atom(in, 1, false);
    case TAG_SMALL_TUPLE:
        return head(in, ETF_TUPLE, number(in, 1));
    case TAG_LARGE_TUPLE:
        return head(in, ETF_TUPLE, number(in, 4));
    case TAG_NIL:
        return (EtfItem){.kind = ETF_NIL};
    case TAG_LIST:
        return head(in, ETF_LIST, number(in, 4));
    case TAG_STRING:
        return bytes(in, ETF_STRING, number(in, 2));
    case TAG_BINARY:
        return bytes(in, ETF_BINARY, number(in, 4));
    case TAG_BIT_BINARY:
        return read_bits(in);
    case TAG_MAP:
        return head(in, ETF_MAP, number(in, 4));
    case TAG_EXPORT:
        return (EtfItem){.kind = ETF_EXPORT};
    default:
        in->bad = true;
        return (EtfItem){.kind = ETF_END};
    }
}

EtfItem etf_peek(const EtfIn *in)
{
    EtfIn copy = *in;
    return etf_read(&copy);
}

size_t etf_skip(EtfIn *in)
{
    size_t start = in->at;
    uint64_t owed = 1;
    while (owed > 0 && !in->bad) {
        EtfItem item = etf_read(in);
        owed--;
        switch (item.kind) {
        case ETF_TUPLE:
            owed += item.count;
            break;
        case ETF_LIST:
            owed += (uint64_t)item.count + 1;
            break;
        case ETF_MAP:
            owed += (uint64_t)item.count * 2;
            break;
        case ETF_EXPORT:
            owed += 3;
            break;
        default:
            break;
        }
    }
    return start;
}

const char *etf_atom_text(Arena *arena, const EtfItem *item, size_t *length)
{
    if (!item->latin1) {
        *length = item->length;
        return arena_strndup(arena, (const char *)item->bytes, item->length);
    }
    char *text = arena_alloc(arena, item->length * 2 + 1);
    size_t at = 0;
    for (size_t i = 0; i < item->length; i++) {
        at += utf8_encode(item->bytes[i], (unsigned char *)text + at);
    }
    text[at] = '\0';
    *length = at;
    return text;
}

bool etf_is_atom(const EtfItem *item, const char *text)
{
    return item->kind == ETF_ATOM && item->length == strlen(text) &&
           memcmp(item->bytes, text, item->length) == 0;
}

bool etf_list_begin(EtfIn *in, uint32_t *count)
{
    EtfItem item = etf_peek(in);
    *count = item.kind == ETF_LIST ? item.count : 0;
    if (item.kind != ETF_LIST && item.kind != ETF_NIL) {
        return false;
    }
    if (item.kind == ETF_LIST) {
        etf_read(in); /* a NIL is left for etf_list_end */
    }
    return true;
}

bool etf_list_end(EtfIn *in, uint32_t count)
{
    return etf_read(in).kind == ETF_NIL && !in->bad;
}

bool etf_read_points(EtfIn *in, Arena *arena, const uint32_t **points, uint32_t *count)
{
    EtfItem item = etf_read(in);
    *count = item.kind == ETF_STRING ? (uint32_t)item.length : item.count;
    uint32_t *out = ARENA_ARRAY(arena, uint32_t, *count + 1);
    *points = out;
    if (item.kind == ETF_NIL) {
        return true;
    }
    if (item.kind == ETF_STRING) {
        for (uint32_t i = 0; i < *count; i++) {
            out[i] = item.bytes[i];
        }
        return true;
    }
    for (uint32_t i = 0; item.kind == ETF_LIST && i < *count; i++) {
        EtfItem point = etf_read(in);
        if (point.kind != ETF_INT || point.integer < 0 || point.integer > 0x10FFFF) {
            return false;
        }
        out[i] = (uint32_t)point.integer;
    }
    return item.kind == ETF_LIST && etf_read(in).kind == ETF_NIL;
}

char *etf_read_text(EtfIn *in, Arena *arena)
{
    EtfItem item = etf_peek(in);
    if (item.kind == ETF_BINARY) {
        etf_read(in);
        return arena_strndup(arena, (const char *)item.bytes, item.length);
    }
    const uint32_t *points;
    uint32_t count;
    if (!etf_read_points(in, arena, &points, &count)) {
        return NULL;
    }
    char *text = arena_alloc(arena, count * (size_t)UTF8_MAX_BYTES + 1);
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        at += utf8_encode(points[i], (unsigned char *)text + at);
    }
    text[at] = '\0';
    return text;
}

const char *etf_big_digits(Arena *arena, const EtfItem *item)
{
    char *digits = arena_alloc(arena, item->length * 2 + 1);
    size_t at = 0;
    for (size_t i = item->length; i-- > 0;) {
        digits[at++] = "0123456789abcdef"[item->bytes[i] >> 4];
        digits[at++] = "0123456789abcdef"[item->bytes[i] & 15];
    }
    digits[at] = '\0';
    return digits + strspn(digits, "0");
}
