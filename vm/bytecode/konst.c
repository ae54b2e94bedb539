/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/konst.c: building and comparing constant terms.
 *
 * Invariant: a list of no items is its tail, a big integer that fits 64 bits is an int, so equal
 * terms differ in shape only where a list is cut into items, points and tail; the list cursor
 * below hides that. */
#include "vm/bytecode/konst.h"

#include <string.h>

static Konst *make(Arena *arena, KonstKind kind, uint32_t count)
{
    Konst *k = ARENA_NEW(arena, Konst);
    k->kind = kind;
    k->count = count;
    return k;
}

const Konst *konst_int(Arena *arena, int64_t value)
{
    Konst *k = make(arena, KONST_INT, 0);
    k->integer = value;
    return k;
}

const Konst *konst_big(Arena *arena, bool negative, const uint64_t *limbs, uint32_t count)
{
    while (count > 0 && limbs[count - 1] == 0) {
        count--;
    }
    if (count == 0) {
        return konst_int(arena, 0);
    }
    if (count == 1 && limbs[0] <= (uint64_t)INT64_MAX + negative) {
        return konst_int(arena, negative ? (int64_t)(0 - limbs[0]) : (int64_t)limbs[0]);
    }
    Konst *k = make(arena, KONST_BIG, count);
    k->big.negative = negative;
    k->big.limbs = limbs;
    return k;
}

const Konst *konst_float(Arena *arena, double value)
{
    Konst *k = make(arena, KONST_FLOAT, 0);
    k->real = value;
    return k;
}

const Konst *konst_atom(Arena *arena, const char *text, size_t length)
{
    Konst *k = make(arena, KONST_ATOM, (uint32_t)length);
    k->text = arena_strndup(arena, text, length);
    return k;
}

const Konst *konst_nil(Arena *arena)
{
    return make(arena, KONST_NIL, 0);
}

const Konst *konst_list(Arena *arena, const Konst *const *items, uint32_t count, const Konst *tail)
{
    if (count == 0) {
        return tail ? tail : konst_nil(arena);
    }
    Konst *k = make(arena, KONST_LIST, count);
    k->list.items = items;
    k->list.tail = tail && tail->kind == KONST_NIL ? NULL : tail;
    return k;
}

const Konst *konst_string(Arena *arena, const uint32_t *points, uint32_t count)
{
    if (count == 0) {
        return konst_nil(arena);
    }
    Konst *k = make(arena, KONST_STRING, count);
    k->points = points;
    return k;
}

const Konst *konst_tuple(Arena *arena, const Konst *const *items, uint32_t count)
{
    Konst *k = make(arena, KONST_TUPLE, count);
    k->list.items = items;
    return k;
}

const Konst *konst_map(Arena *arena, const Konst *const *items, uint32_t count)
{
    Konst *k = make(arena, KONST_MAP, count);
    k->list.items = items;
    return k;
}

const Konst *konst_binary(Arena *arena, const unsigned char *bytes, uint64_t bits)
{
    Konst *k = make(arena, KONST_BINARY, 0);
    k->binary.bytes = bytes;
    k->binary.bits = bits;
    return k;
}

const Konst *konst_fun(Arena *arena, const Konst *module, const Konst *name, uint32_t arity)
{
    Konst *k = make(arena, KONST_FUN, 0);
    k->fun.module = module;
    k->fun.name = name;
    k->fun.arity = arity;
    return k;
}

bool konst_is_atom(const Konst *k, const char *text)
{
    return k->kind == KONST_ATOM && k->count == strlen(text) &&
           memcmp(k->text, text, k->count) == 0;
}

/* Walks a list over its shapes. rest is what is left when at reaches the end of this piece. */
typedef struct {
    const Konst *piece;
    uint32_t at;
    Konst number; /* a code point as an item */
} ListCursor;

static bool is_list_piece(const Konst *k)
{
    return k && (k->kind == KONST_LIST || k->kind == KONST_STRING);
}

/* The next item, or NULL at the end; then cursor->piece is the tail, NULL for []. */
static const Konst *next_item(ListCursor *cursor)
{
    while (is_list_piece(cursor->piece)) {
        const Konst *piece = cursor->piece;
        if (cursor->at < piece->count) {
            uint32_t at = cursor->at++;
            if (piece->kind == KONST_LIST) {
                return piece->list.items[at];
            }
            cursor->number = (Konst){.kind = KONST_INT, .integer = piece->points[at]};
            return &cursor->number;
        }
        cursor->piece = piece->kind == KONST_LIST ? piece->list.tail : NULL;
        cursor->at = 0;
    }
    if (cursor->piece && cursor->piece->kind == KONST_NIL) {
        cursor->piece = NULL;
    }
    return NULL;
}

static bool same_lists(const Konst *a, const Konst *b)
{
    ListCursor ca = {.piece = a}, cb = {.piece = b};
    for (;;) {
        const Konst *ia = next_item(&ca), *ib = next_item(&cb);
        if (!ia || !ib) {
            if (ia || ib || !ca.piece || !cb.piece) {
                return !ia && !ib && ca.piece == cb.piece;
            }
            return konst_same(ca.piece, cb.piece);
        }
        if (!konst_same(ia, ib)) {
            return false;
        }
    }
}

static bool same_items(const Konst *a, const Konst *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (!konst_same(a->list.items[i], b->list.items[i])) {
            return false;
        }
    }
    return true;
}

/* Keys are distinct but may stand in any order. */
static bool same_maps(const Konst *a, const Konst *b)
{
    for (uint32_t i = 0; i < a->count; i += 2) {
        uint32_t j = 0;
        while (j < b->count && !konst_same(a->list.items[i], b->list.items[j])) {
            j += 2;
        }
        if (j >= b->count || !konst_same(a->list.items[i + 1], b->list.items[j + 1])) {
            return false;
        }
    }
    return true;
}

bool konst_same(const Konst *a, const Konst *b)
{
    if (a == b) {
        return true;
    }
    if (is_list_piece(a) && is_list_piece(b)) {
        return same_lists(a, b);
    }
    if (a->kind != b->kind || a->count != b->count) {
        return false;
    }
    switch (a->kind) {
    case KONST_INT:
        return a->integer == b->integer;
    case KONST_BIG:
        return a->big.negative == b->big.negative &&
               memcmp(a->big.limbs, b->big.limbs, a->count * sizeof(uint64_t)) == 0;
    case KONST_FLOAT:
        return memcmp(&a->real, &b->real, sizeof(double)) == 0;
    case KONST_ATOM:
        return memcmp(a->text, b->text, a->count) == 0;
    case KONST_NIL:
        return true;
    case KONST_TUPLE:
        return same_items(a, b);
    case KONST_MAP:
        return same_maps(a, b);
    case KONST_BINARY:
        return a->binary.bits == b->binary.bits &&
               memcmp(a->binary.bytes, b->binary.bytes, (a->binary.bits + 7) / 8) == 0;
    case KONST_FUN:
        return konst_same(a->fun.module, b->fun.module) && konst_same(a->fun.name, b->fun.name) &&
               a->fun.arity == b->fun.arity;
    default:
        return false;
    }
}

enum { HASH_DEPTH = 16 };

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < count; i++) {
        hash = mix(hash, p[i]);
    }
    return hash;
}

static uint64_t hash_within(const Konst *k, unsigned depth);

static uint64_t hash_items(const Konst *k, unsigned depth)
{
    uint64_t hash = mix(k->kind, k->count);
    for (uint32_t i = 0; i < k->count; i++) {
        uint64_t item = hash_within(k->list.items[i], depth - 1);
        hash = k->kind == KONST_MAP ? hash + item : mix(hash, item); /* a map has no order */
    }
    return hash;
}

static uint64_t hash_list(const Konst *k, unsigned depth)
{
    ListCursor cursor = {.piece = k};
    uint64_t hash = KONST_LIST;
    const Konst *item;
    while ((item = next_item(&cursor))) {
        hash = mix(hash, hash_within(item, depth - 1));
    }
    return cursor.piece ? mix(hash, hash_within(cursor.piece, depth - 1)) : hash;
}

/* What lies deeper than HASH_DEPTH does not count: equal terms still hash alike. */
static uint64_t hash_within(const Konst *k, unsigned depth)
{
    if (depth == 0) {
        return 0;
    }
    switch (k->kind) {
    case KONST_INT:
        return mix(KONST_INT, (uint64_t)k->integer);
    case KONST_BIG:
        return hash_bytes(KONST_BIG, k->big.limbs, k->count * sizeof(uint64_t));
    case KONST_FLOAT:
        return hash_bytes(KONST_FLOAT, &k->real, sizeof(double));
    case KONST_ATOM:
        return hash_bytes(KONST_ATOM, k->text, k->count);
    case KONST_LIST:
    case KONST_STRING:
        return hash_list(k, depth);
    case KONST_TUPLE:
    case KONST_MAP:
        return hash_items(k, depth);
    case KONST_BINARY:
        return hash_bytes(mix(KONST_BINARY, k->binary.bits), k->binary.bytes,
                          (k->binary.bits + 7) / 8);
    case KONST_FUN:
        return mix(hash_within(k->fun.module, depth - 1) * 31 + hash_within(k->fun.name, depth - 1),
                   k->fun.arity);
    default:
        return mix(k->kind, 0);
    }
}

uint64_t konst_hash(const Konst *k)
{
    return hash_within(k, HASH_DEPTH);
}

static const Konst *const *copy_items(Arena *arena, const Konst *k)
{
    const Konst **items = ARENA_ARRAY(arena, const Konst *, k->count);
    for (uint32_t i = 0; i < k->count; i++) {
        items[i] = konst_copy(arena, k->list.items[i]);
    }
    return items;
}

static const void *copy_block(Arena *arena, const void *block, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (size > 0) {
        memcpy(copy, block, size);
    }
    return copy;
}

const Konst *konst_copy(Arena *arena, const Konst *k)
{
    Konst *copy = ARENA_NEW(arena, Konst);
    *copy = *k;
    switch (k->kind) {
    case KONST_BIG:
        copy->big.limbs = copy_block(arena, k->big.limbs, k->count * sizeof(uint64_t));
        break;
    case KONST_ATOM:
        copy->text = arena_strndup(arena, k->text, k->count);
        break;
    case KONST_LIST:
        copy->list.items = copy_items(arena, k);
        copy->list.tail = k->list.tail ? konst_copy(arena, k->list.tail) : NULL;
        break;
    case KONST_STRING:
        copy->points = copy_block(arena, k->points, k->count * sizeof(uint32_t));
        break;
    case KONST_TUPLE:
    case KONST_MAP:
        copy->list.items = copy_items(arena, k);
        break;
    case KONST_BINARY:
        copy->binary.bytes = copy_block(arena, k->binary.bytes, (k->binary.bits + 7) / 8);
        break;
    case KONST_FUN:
        copy->fun.module = konst_copy(arena, k->fun.module);
        copy->fun.name = konst_copy(arena, k->fun.name);
        break;
    default:
        break;
    }
    return copy;
}

bool konst_is_deep(const Konst *k, unsigned levels)
{
    if (levels == 0) {
        return true;
    }
    if (k->kind != KONST_LIST && k->kind != KONST_TUPLE && k->kind != KONST_MAP) {
        return false;
    }
    for (uint32_t i = 0; i < k->count; i++) {
        if (konst_is_deep(k->list.items[i], levels - 1)) {
            return true;
        }
    }
    return k->kind == KONST_LIST && k->list.tail && konst_is_deep(k->list.tail, levels - 1);
}
