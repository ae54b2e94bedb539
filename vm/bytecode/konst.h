/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/konst.h: constant terms as plain structs, before there is a heap to put them on.
 *
 * The compiler builds them, the module file stores them, the loader turns them into terms. All of
 * a Konst lives in one arena. Text is UTF-8. Konsts are immutable once built and may be shared. */
#ifndef ACT_BYTECODE_KONST_H
#define ACT_BYTECODE_KONST_H

#include "vm/base/arena.h"

typedef enum {
    KONST_INT,    /* integer: fits in 64 bits, signed */
    KONST_BIG,    /* big: any integer that does not; magnitude limbs, least significant first */
    KONST_FLOAT,  /* real */
    KONST_ATOM,   /* text */
    KONST_NIL,    /* [] */
    KONST_LIST,   /* items[0..count) then tail (tail NULL means []) */
    KONST_STRING, /* points[0..count): a proper list of code points, stored compactly */
    KONST_TUPLE,  /* items */
    KONST_MAP,    /* items: key, value, key, value …; count = 2 * pairs; keys distinct */
    KONST_BINARY, /* bytes; bits = length in bits (the last byte's unused low bits are 0) */
    KONST_FUN,    /* fun module:name/arity */
    KONST__count
} KonstKind;

/* Constants nested deeper than this are refused by the reader and the verifier. The compiler makes
 * none: its trees are at most 5,000 high. A list's items and its tail lie one deeper than the list.
 */
enum { KONST_MAX_DEPTH = 6000 };

typedef struct Konst Konst;
struct Konst {
    KonstKind kind;
    uint32_t count; /* BIG: limbs; LIST, TUPLE, MAP: items; STRING: points; ATOM: bytes of text */
    union {
        int64_t integer;
        double real;
        const char *text;
        const uint32_t *points;
        struct {
            bool negative;
            const uint64_t *limbs;
        } big;
        struct {
            const Konst *const *items;
            const Konst *tail;
        } list; /* TUPLE and MAP use items too */
        struct {
            const unsigned char *bytes;
            uint64_t bits;
        } binary;
        struct {
            const Konst *module; /* KONST_ATOM */
            const Konst *name;   /* KONST_ATOM */
            uint32_t arity;
        } fun;
    };
};

/* Builders; everything given must live as long as the arena. Text and arrays are not copied but
 * for konst_atom, which copies. */
const Konst *konst_int(Arena *arena, int64_t value);
const Konst *konst_big(Arena *arena, bool negative, const uint64_t *limbs, uint32_t count);
const Konst *konst_float(Arena *arena, double value);
const Konst *konst_atom(Arena *arena, const char *text, size_t length);
const Konst *konst_nil(Arena *arena);
const Konst *konst_list(Arena *arena, const Konst *const *items, uint32_t count, const Konst *tail);
const Konst *konst_string(Arena *arena, const uint32_t *points, uint32_t count);
const Konst *konst_tuple(Arena *arena, const Konst *const *items, uint32_t count);
const Konst *konst_map(Arena *arena, const Konst *const *items, uint32_t count);
const Konst *konst_binary(Arena *arena, const unsigned char *bytes, uint64_t bits);
const Konst *konst_fun(Arena *arena, const Konst *module, const Konst *name, uint32_t arity);

/* True for the atom of this text. */
bool konst_is_atom(const Konst *k, const char *text);

/* Structural equality, exact as =:= (1 and 1.0 differ; 0.0 and -0.0 differ, so that merging equal
 * constants never changes a sign). STRING equals the LIST of the same integers. */
bool konst_same(const Konst *a, const Konst *b);
/* Agrees with konst_same. */
uint64_t konst_hash(const Konst *a);
/* A deep copy that shares nothing with k. */
const Konst *konst_copy(Arena *arena, const Konst *k);
/* True if k is nested in more than `levels` levels; KONST_MAX_DEPTH is the question to ask. */
bool konst_is_deep(const Konst *k, unsigned levels);
/* Erlang-like text for dumps and the disassembler. Returned text lives in the arena. */
const char *konst_text(Arena *arena, const Konst *a);

#endif
