/* SPDX-License-Identifier: Apache-2.0 */
/* test/oracle/etf.c: the external term format, as far as comparing with real Erlang needs it. */
#include "test/oracle/etf.h"

#include "vm/base/alloc.h"
#include "vm/mem/offheap.h"
#include "vm/term/atom.h"
#include "vm/term/big.h"
#include "vm/term/fun.h"
#include "vm/term/map.h"

#include <stdlib.h>

typedef struct {
    Heap *heap;
    TermRoom room;
    AtomTable *atoms;
    const unsigned char *at;
} Reader;

static uint64_t read_uint(Reader *r, int bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0) {
        value = value << 8 | *r->at++;
    }
    return value;
}

static Term read_term(Reader *r);

static Term read_big(Reader *r, size_t bytes)
{
    NumberError error;
    bool negative = *r->at++ != 0;
    uint64_t *limbs = alloc_must_zero((bytes / 8 + 1) * 8);
    memcpy(limbs, r->at, bytes);
    r->at += bytes;
    Term t = big_from_limbs(&r->room, negative, limbs, bytes / 8 + 1, &error);
    alloc_free(limbs);
    return t;
}

static Term read_atom(Reader *r, size_t length)
{
    r->at += length;
    return atom_intern(r->atoms, (const char *)r->at - length, length);
}

static Term read_tuple(Reader *r, size_t arity)
{
    Term *words = heap_alloc(r->heap, 1 + arity);
    words[0].w = header_make(BOXED_TUPLE, arity);
    for (size_t i = 1; i <= arity; i++) {
        words[i] = read_term(r);
    }
    return boxed_term(words);
}

static Term read_list(Reader *r, size_t count)
{
    Term *cells = heap_alloc(r->heap, 2 * count);
    for (size_t i = 0; i < count; i++) {
        cells[2 * i] = read_term(r);
        cells[2 * i + 1] = i + 1 < count ? cons_term(cells + 2 * i + 2) : TERM_NIL;
    }
    cells[2 * count - 1] = read_term(r);
    return cons_term(cells);
}

static Term read_string(Reader *r, size_t count)
{
    Term *cells = heap_alloc(r->heap, 2 * count);
    for (size_t i = 0; i < count; i++) {
        cells[2 * i] = small_make(*r->at++);
        cells[2 * i + 1] = i + 1 < count ? cons_term(cells + 2 * i + 2) : TERM_NIL;
    }
    return cons_term(cells);
}

static Term read_map(Reader *r, size_t count)
{
    Term *pairs = alloc_must((2 * count + 1) * sizeof *pairs);
    for (size_t i = 0; i < 2 * count; i++) {
        pairs[i] = read_term(r);
    }
    Term t = map_from_pairs(r->atoms, &r->room, pairs, count);
    alloc_free(pairs);
    return t;
}

/* The one Export of this name; as in the machine, never given back. */
static Export *intern_export(Term module, Term name, uint32_t arity)
{
    static Export *all[64];
    size_t i = 0;
    while (all[i] && !(term_same(all[i]->module, module) && term_same(all[i]->name, name) &&
                       all[i]->arity == arity)) {
        i++;
        VM_CHECK(i < ACT_COUNT(all));
    }
    if (!all[i]) {
        all[i] = alloc_must_zero(sizeof *all[i]);
        all[i]->module = module;
        all[i]->name = name;
        all[i]->arity = arity;
    }
    return all[i];
}

static Term read_export(Reader *r)
{
    Term module = read_term(r);
    Term name = read_term(r);
    Export *e = intern_export(module, name, (uint32_t)small_value(read_term(r)));
    Term *words = heap_alloc(r->heap, EXPORT_WORDS);
    words[0].w = header_make(BOXED_EXPORT, 1);
    words[FUN_ENTRY].w = (uintptr_t)e;
    return boxed_term(words);
}

static Term read_bits(Reader *r, size_t size, unsigned last)
{
    r->at += size;
    return binary_new_bits(r->heap, r->at - size, size == 0 ? 0 : size * 8 - 8 + last);
}

static Term read_float(Reader *r)
{
    double value;
    uint64_t bits = read_uint(r, 8);
    memcpy(&value, &bits, sizeof value);
    return float_make(&r->room, value);
}

static Term read_term(Reader *r)
{
    size_t size;
    switch (*r->at++) {
    case 70:
        return read_float(r);
    case 77:
        size = read_uint(r, 4);
        return read_bits(r, size, *r->at++);
    case 97:
        return small_make(*r->at++);
    case 98:
        return small_make((int32_t)read_uint(r, 4));
    case 104:
        return read_tuple(r, read_uint(r, 1));
    case 105:
        return read_tuple(r, read_uint(r, 4));
    case 106:
        return TERM_NIL;
    case 107:
        return read_string(r, read_uint(r, 2));
    case 108:
        return read_list(r, read_uint(r, 4));
    case 109:
        return read_bits(r, read_uint(r, 4), 8);
    case 110:
        return read_big(r, read_uint(r, 1));
    case 111:
        return read_big(r, read_uint(r, 4));
    case 113:
        return read_export(r);
    case 116:
        return read_map(r, read_uint(r, 4));
    case 118:
        return read_atom(r, read_uint(r, 2));
    case 119:
        return read_atom(r, read_uint(r, 1));
    default:
        VM_BUG("external term format: unknown tag %d", r->at[-1]);
    }
}

Term etf_read_hex(Heap *heap, AtomTable *atoms, const char *hex)
{
    size_t size = strlen(hex) / 2;
    unsigned char *bytes = alloc_must(size + 1);
    for (size_t i = 0; i < size; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    VM_CHECK(bytes[0] == 131);
    Reader r = {.heap = heap, .room = heap_room(heap), .atoms = atoms, .at = bytes + 1};
    Term t = read_term(&r);
    alloc_free(bytes);
    return t;
}
