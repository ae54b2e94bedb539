/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/unicode_data.c: the only file that knows utf8proc. */
#include "vm/io/unicode_data.h"

#include <string.h>
#include <utf8proc.h>

enum { IOTA_BELOW = 0x345, IOTA = 0x3B9, SHARP_S_CAPITAL = 0x1E9E, I_DOT = 0x130 };

static bool is_code_point(int64_t c)
{
    return c >= 0 && c <= 0x10FFFF;
}

static const utf8proc_property_t *property(int64_t c)
{
    return utf8proc_get_property((utf8proc_int32_t)c);
}

/* Keeps account of pictures: as in OTP 25, a joiner after one takes a picture or ends. */
static bool follow_pictures(UnicodeClusters *walk, int64_t c, bool begins)
{
    unsigned kind = is_code_point(c) ? property(c)->boundclass : UTF8PROC_BOUNDCLASS_OTHER;
    bool picture = kind == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
    if (walk->joiner && !begins && !picture) {
        begins = true;
        walk->state = 0;
    }
    walk->joiner = !begins && walk->picture && kind == UTF8PROC_BOUNDCLASS_ZWJ;
    bool mark = kind == UTF8PROC_BOUNDCLASS_EXTEND || kind == UTF8PROC_BOUNDCLASS_SPACINGMARK;
    walk->picture = picture || (walk->picture && !begins && mark);
    return begins;
}

bool unicode_cluster_begins(UnicodeClusters *walk, int64_t c)
{
    int64_t last = walk->last;
    bool begins = true;
    if (!walk->begun || !is_code_point(c) || !is_code_point(last)) {
        walk->state = 0;
    } else {
        begins = utf8proc_grapheme_break_stateful((utf8proc_int32_t)last, (utf8proc_int32_t)c,
                                                  &walk->state);
    }
    walk->last = c;
    walk->begun = true;
    return follow_pictures(walk, c, begins);
}

size_t unicode_decompose(int64_t c, UnicodeForm form, int32_t out[UNICODE_DECOMPOSED_MAX])
{
    out[0] = (int32_t)c;
    if (!is_code_point(c)) {
        return 1;
    }
    int options = UTF8PROC_DECOMPOSE | UTF8PROC_STABLE;
    options |= form == UNICODE_NFKC || form == UNICODE_NFKD ? UTF8PROC_COMPAT : 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)c, out, UNICODE_DECOMPOSED_MAX, (utf8proc_option_t)options, NULL);
    return count > 0 && count <= UNICODE_DECOMPOSED_MAX ? (size_t)count : 1;
}

/* Marks in a row by their classes, equal ones in the order they had. */
static void order_marks(int32_t *text, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        int32_t c = text[i];
        int class = unicode_class(c);
        size_t at = i;
        while (class > 0 && at > 0 && unicode_class(text[at - 1]) > class) {
            text[at] = text[at - 1];
            at--;
        }
        text[at] = c;
    }
}

size_t unicode_compose(int32_t *text, size_t length, UnicodeForm form)
{
    order_marks(text, length);
    if (form == UNICODE_NFD || form == UNICODE_NFKD) {
        return length;
    }
    utf8proc_ssize_t composed = utf8proc_normalize_utf32(text, (utf8proc_ssize_t)length,
                                                         UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    return composed >= 0 ? (size_t)composed : length;
}

int unicode_class(int64_t c)
{
    return is_code_point(c) ? property(c)->combining_class : 0;
}

const char *unicode_compat(int64_t c)
{
    static const char *const names[] = {
        [UTF8PROC_DECOMP_TYPE_FONT] = "font",         [UTF8PROC_DECOMP_TYPE_NOBREAK] = "noBreak",
        [UTF8PROC_DECOMP_TYPE_INITIAL] = "initial",   [UTF8PROC_DECOMP_TYPE_MEDIAL] = "medial",
        [UTF8PROC_DECOMP_TYPE_FINAL] = "final",       [UTF8PROC_DECOMP_TYPE_ISOLATED] = "isolated",
        [UTF8PROC_DECOMP_TYPE_CIRCLE] = "circle",     [UTF8PROC_DECOMP_TYPE_SUPER] = "super",
        [UTF8PROC_DECOMP_TYPE_SUB] = "sub",           [UTF8PROC_DECOMP_TYPE_VERTICAL] = "vertical",
        [UTF8PROC_DECOMP_TYPE_WIDE] = "wide",         [UTF8PROC_DECOMP_TYPE_NARROW] = "narrow",
        [UTF8PROC_DECOMP_TYPE_SMALL] = "small",       [UTF8PROC_DECOMP_TYPE_SQUARE] = "square",
        [UTF8PROC_DECOMP_TYPE_FRACTION] = "fraction", [UTF8PROC_DECOMP_TYPE_COMPAT] = "compat",
    };
    unsigned type = is_code_point(c) ? property(c)->decomp_type : 0;
    return type < sizeof names / sizeof *names ? names[type] : NULL;
}

/* ---- cases ---- */

/* The full folding; 1 if it is c itself. */
static size_t fold(int64_t c, int64_t out[UNICODE_CASE_MAX])
{
    utf8proc_int32_t text[UNICODE_CASE_MAX];
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)c, text, UNICODE_CASE_MAX,
                                                     UTF8PROC_CASEFOLD, NULL);
    if (count < 1 || count > UNICODE_CASE_MAX) {
        out[0] = c;
        return 1;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        out[i] = text[i];
    }
    return (size_t)count;
}

/* What becomes longer in capitals are the capitals of what folding makes of it. */
static size_t upper(int64_t c, int64_t out[UNICODE_CASE_MAX])
{
    size_t count = c == I_DOT || c == SHARP_S_CAPITAL ? 1 : fold(c, out);
    if (count == 1) {
        out[0] = utf8proc_toupper((utf8proc_int32_t)c);
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = utf8proc_toupper((utf8proc_int32_t)out[i]);
    }
    return count;
}

/* As upper, but only the first letter; an iota goes below it, and an apostrophe is no letter. */
static size_t title(int64_t c, int64_t out[UNICODE_CASE_MAX])
{
    utf8proc_int32_t simple = utf8proc_totitle((utf8proc_int32_t)c);
    size_t count = c == I_DOT || c == SHARP_S_CAPITAL ? 1 : fold(c, out);
    utf8proc_int32_t lower = utf8proc_tolower((utf8proc_int32_t)c);
    if (count == 1 || (c != 0xDF && simple != c) || lower != c) {
        out[0] = simple;
        return 1;
    }
    size_t letter = out[0] == 0x2BC ? 1 : 0;
    out[letter] = utf8proc_toupper((utf8proc_int32_t)out[letter]);
    if (count > 1 && out[count - 1] == IOTA) {
        out[count - 1] = IOTA_BELOW;
    }
    return count;
}

size_t unicode_case(int64_t c, UnicodeCase kind, int64_t out[UNICODE_CASE_MAX])
{
    out[0] = c;
    if (!is_code_point(c)) {
        return 1;
    }
    switch (kind) {
    case UNICODE_UPPER:
        return upper(c, out);
    case UNICODE_TITLE:
        return title(c, out);
    case UNICODE_FOLD:
        return fold(c, out);
    default:
        break;
    }
    if (c == I_DOT) {
        out[0] = 'i';
        out[1] = 0x307;
        return 2;
    }
    out[0] = utf8proc_tolower((utf8proc_int32_t)c);
    return 1;
}
