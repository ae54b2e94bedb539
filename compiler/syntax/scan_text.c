/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/syntax/scan_text.c: numbers, escapes and strings; see scan_text.h. */
#include "compiler/syntax/scan_text.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void report(ScanText *scan, DiagCode code, uint32_t start, uint32_t end)
{
    if (!scan->quiet) {
        diag_report(&scan->cx->diags, code, (SourceSpan){scan->file, start, end});
    }
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'z') {
        return (unsigned)(c - 'a') + 10;
    }
    return c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A') + 10 : 99;
}

void scan_integer(ScanText *scan, Token *token, const char *text, size_t length, uint32_t base)
{
    uint64_t value = 0;
    bool fits = true;
    for (size_t i = 0; i < length && fits; i++) {
        if (text[i] != '_') {
            unsigned digit = digit_value(text[i]);
            fits = value <= ((uint64_t)INT64_MAX - digit) / base;
            value = value * base + digit;
        }
    }
    token->integer.base = base;
    token->integer.small = fits ? (int64_t)value : 0;
    token->integer.digits = NULL;
    if (!fits) {
        char *digits = arena_alloc(&scan->cx->arena, length + 1);
        size_t count = 0;
        for (size_t i = 0; i < length; i++) {
            if (text[i] != '_') {
                digits[count++] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
            }
        }
        digits[count] = '\0';
        token->integer.digits = digits;
    }
}

size_t scan_based_integer(ScanText *scan, Token *token, const char *text, size_t length)
{
    size_t hash = (size_t)((const char *)memchr(text, '#', length) - text);
    Token base;
    scan_integer(scan, &base, text, hash, 10);
    SourceSpan span = {scan->file, token->span.start, token->span.start + (uint32_t)hash + 1};
    if (base.integer.digits != NULL || base.integer.small < 2 || base.integer.small > 36) {
        if (!scan->quiet) {
            char *shown = arena_strndup(&scan->cx->arena, text, hash);
            diag_report(&scan->cx->diags, DIAG_E0008, span, shown);
        }
        base.integer.small = 36;
        base.integer.digits = NULL;
    }
    size_t end = hash + 1;
    while (end < length && (digit_value(text[end]) < (unsigned)base.integer.small ||
                            (text[end] == '_' && end > hash + 1 && end + 1 < length &&
                             digit_value(text[end + 1]) < (unsigned)base.integer.small))) {
        end++;
    }
    if (end == hash + 1 && !scan->quiet) {
        diag_report(&scan->cx->diags, DIAG_E0014, span, (unsigned)base.integer.small);
    }
    scan_integer(scan, token, text + hash + 1, end - hash - 1, (uint32_t)base.integer.small);
    return end;
}

void scan_float(ScanText *scan, Token *token, const char *text, size_t length)
{
    char *plain = arena_alloc(&scan->cx->arena, length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '_') {
            plain[count++] = text[i];
        }
    }
    plain[count] = '\0';
    char *end = NULL;
    token->number = strtod(plain, &end);
    const char *problem = *end != '\0'           ? "its exponent has no digits"
                          : isinf(token->number) ? "it is too large"
                                                 : NULL;
    if (problem != NULL) {
        token->number = 0;
        if (!scan->quiet) {
            diag_report(&scan->cx->diags, DIAG_E0009, token->span, problem);
        }
    }
}

static uint32_t decode(const char *text, size_t length, size_t *used)
{
    uint32_t point = 0;
    unsigned bytes = utf8_decode((const unsigned char *)text, length, &point);
    *used = bytes == 0 ? 1 : bytes;
    return bytes == 0 ? 0xFFFD : point;
}

static uint32_t named_escape(uint32_t c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'd':
        return 127;
    case 'e':
        return 27;
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 's':
        return ' ';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    default:
        return c;
    }
}

/* \xHH and \x{H...}: text stands behind the x. Returns the bytes used, 0 when it is none. */
static size_t hex_escape(const char *text, size_t length, uint32_t *point)
{
    bool braces = length > 0 && text[0] == '{';
    size_t at = braces;
    uint64_t value = 0;
    while (at < length && digit_value(text[at]) < 16 && (braces || at < 2)) {
        value = ACT_MIN(value * 16 + digit_value(text[at]), (uint64_t)UINT32_MAX);
        at++;
    }
    bool whole = braces ? at > 1 && at < length && text[at] == '}' : at == 2;
    *point = (uint32_t)value;
    /* Erlang's scanner takes the two that are no characters for none. */
    return whole && utf8_is_code_point(value) && value != 0xFFFE && value != 0xFFFF ? at + braces
                                                                                    : 0;
}

/* The character that text, behind a backslash, means. Reports what means none. */
static uint32_t escape(ScanText *scan, const char *text, size_t length, uint32_t at, size_t *used)
{
    uint32_t point = 0;
    if (length == 0) {
        report(scan, DIAG_E0010, at - 1, at);
        *used = 0;
        return '?';
    }
    if (text[0] == 'x') {
        *used = hex_escape(text + 1, length - 1, &point);
        if (*used == 0) {
            report(scan, DIAG_E0010, at - 1, at + 1);
            point = '?';
        }
        *used += 1;
        return point;
    }
    if (text[0] >= '0' && text[0] <= '7') {
        size_t i = 0;
        for (; i < 3 && i < length && text[i] >= '0' && text[i] <= '7'; i++) {
            point = point * 8 + (uint32_t)(text[i] - '0');
        }
        *used = i;
        return point;
    }
    if (text[0] == '^' && length > 1) {
        point = decode(text + 1, length - 1, used);
        *used += 1;
        return point & 31;
    }
    return named_escape(decode(text, length, used));
}

void scan_string(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at)
{
    uint32_t *points = arena_alloc(&scan->cx->arena, length * sizeof(uint32_t));
    uint32_t count = 0;
    for (size_t i = 0; i < length;) {
        size_t used = 1;
        if (text[i] == '\\') {
            points[count++] =
                escape(scan, text + i + 1, length - i - 1, at + (uint32_t)i + 1, &used);
            used++;
        } else if ((unsigned char)text[i] < 0x80) {
            points[count++] = (unsigned char)text[i];
        } else {
            points[count++] = decode(text + i, length - i, &used);
        }
        i += used;
    }
    token->string.points = points;
    token->string.count = count;
}

void scan_character(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at)
{
    size_t used = 0;
    token->character = text[0] == '\\' ? escape(scan, text + 1, length - 1, at + 1, &used)
                                       : decode(text, length, &used);
}

void scan_quoted_atom(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at)
{
    SourceSpan span = token->span;
    if (memchr(text, '\\', length) == NULL) {
        token->name = name_intern(&scan->cx->names, text, length);
    } else {
        Token string;
        scan_string(scan, &string, text, length, at);
        unsigned char *bytes = alloc_must(string.string.count * (size_t)UTF8_MAX_BYTES + 1);
        size_t size = 0;
        for (uint32_t i = 0; i < string.string.count; i++) {
            size += utf8_encode(string.string.points[i], bytes + size);
        }
        token->name = name_intern(&scan->cx->names, (char *)bytes, size);
        alloc_free(bytes);
    }
    token->span = span;
}

typedef struct {
    const char *start;
    size_t length;
} Line;

/* The white space before the closing quotes: every line must begin with it. */
static Line closing_indent(const char *text, size_t length, size_t quotes)
{
    size_t end = length - quotes;
    size_t start = end;
    while (start > 0 && text[start - 1] != '\n') {
        start--;
    }
    return (Line){text + start, end - start};
}

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
            return false;
        }
    }
    return true;
}

void scan_triple_string(ScanText *scan, Token *token, const char *text, size_t length, uint32_t at)
{
    size_t quotes = 0;
    while (text[quotes] == '"') {
        quotes++;
    }
    Line indent = closing_indent(text, length, quotes);
    const char *line = memchr(text, '\n', length);
    line++;
    uint32_t *points = arena_alloc(&scan->cx->arena, length * sizeof(uint32_t));
    uint32_t count = 0;
    while (line < indent.start) {
        const char *end = memchr(line, '\n', (size_t)(text + length - line));
        size_t size = (size_t)(end - line);
        bool indented = size >= indent.length && memcmp(line, indent.start, indent.length) == 0;
        size_t skip = indented ? indent.length : 0;
        if (!indented && !is_blank(line, size)) {
            uint32_t start = at + (uint32_t)(line - text);
            report(scan, DIAG_E0011, start, start + (uint32_t)size);
        }
        if (!indented && is_blank(line, size)) {
            skip = size;
        }
        for (size_t i = skip; i < size;) {
            size_t used = 1;
            points[count++] = decode(line + i, size - i, &used);
            i += used;
        }
        line = end + 1;
        if (line < indent.start) {
            points[count++] = '\n';
        } else if (count > 0 && points[count - 1] == '\r') {
            count--;
        }
    }
    token->string.points = points;
    token->string.count = count;
}
