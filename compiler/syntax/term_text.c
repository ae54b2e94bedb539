/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/term_text.c: see term_text.h. */
#include "compiler/syntax/term_text.h"
#include "vm/base/utf8.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_reserved(const char *text)
{
    static const char *const words[] = {
        "after", "and",  "andalso", "band",   "begin",   "bnot", "bor", "bsl",  "bsr",
        "bxor",  "case", "catch",   "cond",   "div",     "end",  "fun", "if",   "let",
        "not",   "of",   "or",      "orelse", "receive", "rem",  "try", "when", "xor",
    };
    for (size_t i = 0; i < ACT_COUNT(words); i++) {
        if (strcmp(words[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_lower(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7);
}

static bool is_word(uint32_t c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '@' || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
}

static bool needs_quotes(const Name *name)
{
    for (uint32_t i = 0; i < name->length;) {
        uint32_t c = 0;
        unsigned used = utf8_decode((const unsigned char *)name->text + i, name->length - i, &c);
        if (used == 0 || !is_word(c) || (i == 0 && !is_lower(c))) {
            return true;
        }
        i += used;
    }
    return name->length == 0 || is_reserved(name->text);
}

/* Writes c between quotes as io:write does; returns the bytes. Room for 12. */
static size_t put_escaped(char *out, uint32_t c, uint32_t quote)
{
    static const char named[] = "\bb\177d\033e\ff\nn\rr\tt\vv";
    if (c == quote || c == '\\') {
        return (size_t)sprintf(out, "\\%c", (int)c);
    }
    for (const char *at = named; *at != '\0'; at += 2) {
        if (c == (unsigned char)at[0]) {
            return (size_t)sprintf(out, "\\%c", at[1]);
        }
    }
    if (c < 0x20 || (c >= 0x80 && c < 0xA0)) {
        return (size_t)sprintf(out, "\\%03o", (unsigned)c);
    }
    if (utf8_is_code_point(c)) {
        return utf8_encode(c, (unsigned char *)out);
    }
    return (size_t)sprintf(out, "\\x{%X}", (unsigned)c);
}

static const char *atom_text(Arena *arena, const Name *name, uint32_t last)
{
    if (!needs_quotes(name)) {
        return name->text;
    }
    char *out = arena_alloc(arena, (size_t)name->length * 10 + 16);
    size_t at = 0;
    out[at++] = '\'';
    for (uint32_t i = 0; i < name->length;) {
        uint32_t c = '?';
        unsigned used = utf8_decode((const unsigned char *)name->text + i, name->length - i, &c);
        at += c > last ? (size_t)sprintf(out + at, "\\x{%X}", (unsigned)c)
                       : put_escaped(out + at, c, '\'');
        i += used == 0 ? 1 : used;
    }
    out[at++] = '\'';
    out[at] = '\0';
    return out;
}

const char *term_text_atom(Arena *arena, const Name *name)
{
    return atom_text(arena, name, 0x10FFFF);
}

const char *term_text_atom_latin1(Arena *arena, const Name *name)
{
    return atom_text(arena, name, 0xFF);
}

const char *term_text_integer(Arena *arena, int64_t small, const char *digits, uint32_t base)
{
    if (digits == NULL) {
        return arena_printf(arena, "%" PRId64, small);
    }
    return base == 10 ? digits : arena_printf(arena, "%u#%s", base, digits);
}

/* The shortest digits, with an exponent where that takes fewer letters (as io_lib_format does). */
const char *term_text_float(Arena *arena, double number)
{
    char text[40];
    for (int precision = 0; precision <= 17; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, number);
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    int place = atoi(strchr(text, 'e') + 1) + 1; /* of the point, counted in digits */
    *strchr(text, 'e') = '\0';
    char digits[24];
    int count = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '.') {
            digits[count++] = *at;
        }
    }
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    digits[count] = '\0';
    if (number == 0) {
        return "0.0";
    }
    int cost = snprintf(NULL, 0, "%d", place - 1) + 1 + (count == 1 ? 2 : 1);
    bool large = number >= 9007199254740992.0;
    if (place == 0) {
        return arena_printf(arena, "0.%s", digits);
    }
    if (place < 0 && 2 - place <= cost) {
        return arena_printf(arena, "0.%.*s%s", -place, "00000000", digits);
    }
    if (place >= count && place - count + 2 <= cost && !large) {
        return arena_printf(arena, "%s%.*s.0", digits, place - count, "00000000");
    }
    if (place > 0 && place < count && !large) {
        return arena_printf(arena, "%.*s.%s", place, digits, digits + place);
    }
    return arena_printf(arena, "%c.%se%d", digits[0], count == 1 ? "0" : digits + 1, place - 1);
}

const char *term_text_char(Arena *arena, uint32_t character)
{
    char out[16] = "$";
    if (character == ' ') {
        return "$\\s";
    }
    size_t length = 1 + put_escaped(out + 1, character, '\\');
    return arena_strndup(arena, out, length);
}

const char *term_text_string(Arena *arena, const uint32_t *points, uint32_t count)
{
    char *out = arena_alloc(arena, (size_t)count * 12 + 3);
    size_t at = 0;
    out[at++] = '"';
    for (uint32_t i = 0; i < count; i++) {
        at += put_escaped(out + at, points[i], '"');
    }
    out[at++] = '"';
    out[at] = '\0';
    return out;
}
