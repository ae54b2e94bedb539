/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/konst_text.c: constants as text, for dumps and the disassembler. Erlang's notation;
 * nothing depends on its exact form. What lies too deep is shown as "...". */
#include "vm/base/utf8.h"
#include "vm/base/vec.h"
#include "vm/bytecode/konst.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_DEPTH = 64 };

typedef VEC(char) Text;

static void put_bytes(Text *out, const char *bytes, size_t count)
{
    vec_reserve(out, count);
    if (count > 0) {
        memcpy(out->items + out->count, bytes, count);
    }
    out->count += count;
}

ACT_PRINTF(2, 3) static void put(Text *out, const char *format, ...)
{
    char buffer[400];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    put_bytes(out, buffer, ACT_MIN((size_t)length, sizeof buffer - 1));
}

static void put_point(Text *out, uint32_t point, char quote)
{
    unsigned char bytes[UTF8_MAX_BYTES];
    if (point == (uint32_t)quote || point == '\\') {
        put(out, "\\%c", (char)point);
    } else if (point == '\n') {
        put(out, "\\n");
    } else if (point < 32 || point == 127) {
        put(out, "\\x{%x}", (unsigned)point);
    } else {
        unsigned length = utf8_encode(point, bytes);
        if (length == 0) {
            put(out, "\\x{%x}", (unsigned)point);
        } else {
            put_bytes(out, (const char *)bytes, length);
        }
    }
}

static bool is_plain_atom(const Konst *k)
{
    if (k->count == 0 || k->text[0] < 'a' || k->text[0] > 'z') {
        return false;
    }
    for (uint32_t i = 1; i < k->count; i++) {
        char c = k->text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '@')) {
            return false;
        }
    }
    return true;
}

static void put_atom(Text *out, const Konst *k)
{
    if (is_plain_atom(k)) {
        put_bytes(out, k->text, k->count);
        return;
    }
    put(out, "'");
    for (uint32_t at = 0; at < k->count;) {
        uint32_t point;
        unsigned used = utf8_decode((const unsigned char *)k->text + at, k->count - at, &point);
        put_point(out, used ? point : (unsigned char)k->text[at], '\'');
        at += used ? used : 1;
    }
    put(out, "'");
}

static void put_float(Text *out, double value)
{
    char buffer[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) {
            break;
        }
    }
    put(out, "%s%s", buffer, strpbrk(buffer, ".en") ? "" : ".0");
}

static void put_big(Text *out, const Konst *k)
{
    put(out, "%s16#%llX", k->big.negative ? "-" : "",
        (unsigned long long)k->big.limbs[k->count - 1]);
    for (uint32_t i = k->count - 1; i-- > 0;) {
        put(out, "%016llX", (unsigned long long)k->big.limbs[i]);
    }
}

static void put_binary(Text *out, const Konst *k)
{
    uint64_t whole = k->binary.bits / 8;
    unsigned rest = (unsigned)(k->binary.bits % 8);
    put(out, "<<");
    for (uint64_t i = 0; i < whole; i++) {
        put(out, "%s%u", i > 0 ? "," : "", k->binary.bytes[i]);
    }
    if (rest > 0) {
        put(out, "%s%u:%u", whole > 0 ? "," : "", k->binary.bytes[whole] >> (8 - rest), rest);
    }
    put(out, ">>");
}

static void put_konst(Text *out, const Konst *k, unsigned depth);

static void put_items(Text *out, const Konst *k, unsigned depth)
{
    for (uint32_t i = 0; i < k->count; i++) {
        put(out, "%s", i == 0 ? "" : k->kind == KONST_MAP && i % 2 ? " => " : ",");
        put_konst(out, k->list.items[i], depth);
    }
}

static void put_konst(Text *out, const Konst *k, unsigned depth)
{
    if (depth == 0) {
        put(out, "...");
        return;
    }
    switch (k->kind) {
    case KONST_INT:
        put(out, "%lld", (long long)k->integer);
        break;
    case KONST_BIG:
        put_big(out, k);
        break;
    case KONST_FLOAT:
        put_float(out, k->real);
        break;
    case KONST_ATOM:
        put_atom(out, k);
        break;
    case KONST_LIST:
        put(out, "[");
        put_items(out, k, depth - 1);
        if (k->list.tail) {
            put(out, "|");
            put_konst(out, k->list.tail, depth - 1);
        }
        put(out, "]");
        break;
    case KONST_STRING:
        put(out, "\"");
        for (uint32_t i = 0; i < k->count; i++) {
            put_point(out, k->points[i], '"');
        }
        put(out, "\"");
        break;
    case KONST_TUPLE:
        put(out, "{");
        put_items(out, k, depth - 1);
        put(out, "}");
        break;
    case KONST_MAP:
        put(out, "#{");
        put_items(out, k, depth - 1);
        put(out, "}");
        break;
    case KONST_BINARY:
        put_binary(out, k);
        break;
    case KONST_FUN:
        put(out, "fun ");
        put_atom(out, k->fun.module);
        put(out, ":");
        put_atom(out, k->fun.name);
        put(out, "/%u", k->fun.arity);
        break;
    default:
        put(out, "[]");
        break;
    }
}

const char *konst_text(Arena *arena, const Konst *k)
{
    Text out = {0};
    put_konst(&out, k, TEXT_DEPTH);
    const char *text = arena_strndup(arena, out.items, out.count);
    vec_free(&out);
    return text;
}
