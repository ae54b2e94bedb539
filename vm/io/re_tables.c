/* SPDX-License-Identifier: Apache-2.0 */
/* vm/io/re_tables.c: what kinds of characters the bytes are for patterns: those of Latin-1, as in
 * OTP, whose PCRE has such tables. PCRE2 makes tables for a C locale only, which may not be there;
 * so those of the plain C locale get the upper half here.
 *
 * The layout is PCRE2's own (stable since 10.35, told by `pcre2_dftables`); conformance re/latin1
 * fails if it changes. */
#include "vm/base/alloc.h"
#include "vm/io/re_pattern.h"

enum {
    LOWER_CASE = 0,    /* 256 bytes: each character's small letter */
    FLIPPED = 256,     /* 256: its other case */
    CLASSES = 512,     /* bit maps of 32 bytes each */
    KINDS = 512 + 320, /* 256: flags */
};

/* Offsets of bit maps. */
enum {
    CLASS_UPPER = CLASSES + 96,
    CLASS_LOWER = CLASSES + 128,
    CLASS_WORD = CLASSES + 160,
    CLASS_GRAPH = CLASSES + 192,
    CLASS_PRINT = CLASSES + 224,
    CLASS_PUNCT = CLASSES + 256,
    CLASS_CNTRL = CLASSES + 288,
};

enum { KIND_LETTER = 0x02, KIND_SMALL_LETTER = 0x04, KIND_WORD = 0x10 };

enum {
    FIRST_PRINTED = 0xa0,
    FEMININE = 0xaa,
    MICRO = 0xb5,
    MASCULINE = 0xba,
    FIRST_CAPITAL = 0xc0,
    TIMES = 0xd7,
    LAST_CAPITAL = 0xde,
    SHARP_S = 0xdf,
    DIVIDED = 0xf7,
    LAST_SMALL = 0xfe, /* with a capital in Latin-1 */
    CASES_APART = 0x20,
};

static bool is_capital(unsigned c)
{
    return c >= FIRST_CAPITAL && c <= LAST_CAPITAL && c != TIMES;
}

static bool is_small(unsigned c)
{
    return c == FEMININE || c == MICRO || c == MASCULINE || (c >= SHARP_S && c != DIVIDED);
}

static void add_class(uint8_t *tables, unsigned map, unsigned c)
{
    tables[map + c / 8] |= (uint8_t)(1U << c % 8);
}

static void add_letter(uint8_t *tables, unsigned c)
{
    tables[KINDS + c] |= KIND_LETTER | KIND_WORD | (is_small(c) ? KIND_SMALL_LETTER : 0);
    add_class(tables, is_small(c) ? CLASS_LOWER : CLASS_UPPER, c);
    add_class(tables, CLASS_WORD, c);
    if (is_capital(c)) {
        tables[LOWER_CASE + c] = tables[FLIPPED + c] = (uint8_t)(c + CASES_APART);
    } else if (c > SHARP_S && c <= LAST_SMALL) {
        tables[FLIPPED + c] = (uint8_t)(c - CASES_APART);
    }
}

static void add_upper_half(uint8_t *tables)
{
    for (unsigned c = 0x80; c <= UINT8_MAX; c++) {
        bool letter = is_capital(c) || is_small(c);
        if (c < FIRST_PRINTED) {
            add_class(tables, CLASS_CNTRL, c);
            continue;
        }
        add_class(tables, CLASS_GRAPH, c);
        add_class(tables, CLASS_PRINT, c);
        if (letter) {
            add_letter(tables, c);
        } else {
            add_class(tables, CLASS_PUNCT, c);
        }
    }
}

ReTables *re_tables_new(void)
{
    ReTables *tables = alloc_try_zero(sizeof *tables);
    uint8_t *bytes = tables ? (uint8_t *)pcre2_maketables(NULL) : NULL;
    if (!bytes) {
        alloc_free(tables);
        return NULL;
    }
    add_upper_half(bytes);
    atomic_init(&tables->references, 1);
    tables->bytes = bytes;
    return tables;
}

ReTables *re_tables_share(ReTables *tables)
{
    atomic_fetch_add_explicit(&tables->references, 1, memory_order_relaxed);
    return tables;
}

void re_tables_put(ReTables *tables)
{
    if (tables && atomic_fetch_sub_explicit(&tables->references, 1, memory_order_acq_rel) == 1) {
        pcre2_maketables_free(NULL, tables->bytes);
        alloc_free(tables);
    }
}
