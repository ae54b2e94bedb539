/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/source/source_text.c: see source_text.h. */
#include "compiler/source/source_text.h"
#include "vm/base/alloc.h"
#include "vm/base/utf8.h"
#include <string.h>
#include <strings.h>

enum { MOST_REPORTED = 5, LARGEST_SOURCE = 1 << 30 };

typedef enum {
    CODING_UTF8,
    CODING_LATIN1,
    CODING_UNKNOWN,
} Coding;

typedef struct {
    Coding coding;
    size_t start; /* of its name */
    size_t end;
} Declared;

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* Looks for `coding` then : or = then blanks and a name, in a comment that text[0..length) is. */
static Declared coding_of_line(const char *text, size_t length, size_t offset)
{
    static const size_t word = sizeof("coding") - 1;
    Declared none = {CODING_UTF8, 0, 0};
    for (size_t i = 0; i + word + 1 < length; i++) {
        if (memcmp(text + i, "coding", word) != 0 ||
            (text[i + word] != ':' && text[i + word] != '=')) {
            continue;
        }
        size_t start = i + word + 1;
        while (start < length && text[start] == ' ') {
            start++;
        }
        size_t end = start;
        while (end < length && is_name_byte(text[end])) {
            end++;
        }
        bool utf8 = end - start == 5 && strncasecmp(text + start, "utf-8", 5) == 0;
        bool latin1 = end - start == 7 && strncasecmp(text + start, "latin-1", 7) == 0;
        Coding coding = utf8 ? CODING_UTF8 : latin1 ? CODING_LATIN1 : CODING_UNKNOWN;
        return (Declared){coding, offset + start, offset + end};
    }
    return none;
}

/* The coding that a comment in the first two lines declares. */
static Declared declared_coding(const char *bytes, size_t length)
{
    size_t at = 0;
    for (int line = 0; line < 2 && at < length; line++) {
        const char *newline = memchr(bytes + at, '\n', length - at);
        size_t end = newline == NULL ? length : (size_t)(newline - bytes);
        const char *percent = memchr(bytes + at, '%', end - at);
        if (percent != NULL) {
            size_t start = (size_t)(percent - bytes);
            Declared found = coding_of_line(percent, end - start, start);
            if (found.end != 0) {
                return found;
            }
        }
        at = end + 1;
    }
    return (Declared){CODING_UTF8, 0, 0};
}

static char *from_latin1(const char *bytes, size_t length, size_t *converted)
{
    char *text = alloc_must(length * 2 + 1);
    size_t at = 0;
    for (size_t i = 0; i < length; i++) {
        at += utf8_encode((unsigned char)bytes[i], (unsigned char *)text + at);
    }
    *converted = at;
    return text;
}

typedef struct {
    uint32_t offset;
    unsigned char byte;
} Flaw;

/* Replaces what is wrong by spaces. Returns how many flaws there are; the first few in flaws. */
static size_t mend(char *text, size_t length, Flaw *flaws)
{
    size_t count = 0;
    size_t i = 0;
    while (i < length) {
        unsigned char byte = (unsigned char)text[i];
        if (byte != 0 && byte < 0x80) {
            i++;
            continue;
        }
        uint32_t point = 0;
        unsigned used =
            byte == 0 ? 0 : utf8_decode((const unsigned char *)text + i, length - i, &point);
        if (used > 0) {
            i += used;
            continue;
        }
        if (count < MOST_REPORTED) {
            flaws[count] = (Flaw){(uint32_t)i, byte};
        }
        count++;
        text[i++] = ' ';
    }
    return count;
}

static void report_flaws(Diags *diags, uint32_t file, const Flaw *flaws, size_t count,
                         bool declared)
{
    for (size_t i = 0; i < count && i < MOST_REPORTED; i++) {
        SourceSpan span = {file, flaws[i].offset, flaws[i].offset + 1};
        if (flaws[i].byte == 0) {
            diag_report(diags, DIAG_E0003, span);
            continue;
        }
        Diag *diag = diag_report(diags, DIAG_E0002, span, flaws[i].byte);
        if (!declared && i == 0) {
            diag_help(diags, diag, SOURCE_NOWHERE,
                      "if the file is in latin-1, say so in its first line: "
                      "%%%% -*- coding: latin-1 -*-");
        }
    }
}

uint32_t source_text_add(Diags *diags, const char *name, const char *bytes, size_t length,
                         SourceSpan included_from)
{
    if (length > LARGEST_SOURCE) {
        diag_report(diags, DIAG_E0013, included_from, name);
        return 0;
    }
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    Declared declared = declared_coding(bytes, length);
    size_t size = length;
    char *text = NULL;
    if (declared.coding == CODING_LATIN1) {
        text = from_latin1(bytes, length, &size);
    } else {
        text = alloc_must(length + 1);
        if (length > 0) {
            memcpy(text, bytes, length);
        }
    }
    Flaw flaws[MOST_REPORTED];
    size_t count = mend(text, size, flaws);
    uint32_t file = source_add(diags->sources, name, text, size, included_from);
    if (declared.coding == CODING_UNKNOWN) {
        SourceSpan span = {file, (uint32_t)declared.start, (uint32_t)declared.end};
        char *shown =
            arena_strndup(&diags->arena, bytes + declared.start, declared.end - declared.start);
        diag_report(diags, DIAG_E0016, span, shown);
    }
    report_flaws(diags, file, flaws, count, declared.end != 0);
    alloc_free(text);
    return file;
}
