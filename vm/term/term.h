/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/term.h: what a term is, in one word.
 *
 * Low bits: …0 small integer (63 bits) · 001 cons · 011 boxed · 101 immediate · 111 float.
 * Floats whose exponent is common live in the word ("Float Self-Tagging", Melançon, Feeley, Serrano
 * 2024); the others, boxed. An immediate's bits 3..5 tell its kind; a boxed term's first word is a
 * header, itself tagged as an immediate of kind header, so no header ever looks like a term and no
 * pointer like a header. A header replaced by a boxed pointer is a forwarding pointer of the
 * collector; a cons that moved has TERM_MOVED as its head and its new address as its tail.
 *
 * Code addresses and C pointers on stacks and heaps are at least 2-aligned: they look like small
 * integers and the collector leaves them alone.
 *
 * Term is a struct so that the C compiler refuses `term + 1`. */
#ifndef ACT_TERM_TERM_H
#define ACT_TERM_TERM_H

#include "vm/base/attr.h"
#include "vm/base/bug.h"

#include <string.h>

typedef struct {
    uintptr_t w;
} Term;

enum {
    TAG_MASK = 7,
    TAG_CONS = 1,
    TAG_BOXED = 3,
    TAG_IMMEDIATE = 5,
    TAG_FLOAT = 7,

    IMMEDIATE_MASK = 63,
    IMMEDIATE_SHIFT = 6,
    IMMEDIATE_ATOM = 0 << 3 | TAG_IMMEDIATE,
    IMMEDIATE_PID = 1 << 3 | TAG_IMMEDIATE,
    IMMEDIATE_PORT = 2 << 3 | TAG_IMMEDIATE,
    IMMEDIATE_NIL = 3 << 3 | TAG_IMMEDIATE,
    IMMEDIATE_SPECIAL = 4 << 3 | TAG_IMMEDIATE, /* never seen by programs */
    IMMEDIATE_HEADER = 7 << 3 | TAG_IMMEDIATE,
};

#define TERM_RAW(word) ((Term){(uintptr_t)(word)})
#define TERM_NIL TERM_RAW(IMMEDIATE_NIL)
#define TERM_NONE TERM_RAW(0 << IMMEDIATE_SHIFT | IMMEDIATE_SPECIAL)  /* no term: failure, unset */
#define TERM_MOVED TERM_RAW(1 << IMMEDIATE_SHIFT | IMMEDIATE_SPECIAL) /* see above */

/* What a boxed term is; in bits 6..11 of its header. The words after the header are terms for the
 * kinds up to BOXED_LAST_OF_TERMS, raw for the others (BOXED_FUN.. say in term/NAME.h). */
typedef enum {
    BOXED_TUPLE,
    BOXED_MAP,        /* flat: keys tuple, then values, sorted by key: term/map.h */
    BOXED_HAMT,       /* root of a large map: its size (small) comes first: term/hamt.h */
    BOXED_HAMT_NODE,  /* inner node of a large map; never seen by programs */
    BOXED_FUN,        /* word 1: FunEntry * (2-aligned: looks small), then free values */
    BOXED_EXPORT,     /* word 1: Export * */
    BOXED_SUB_BINARY, /* offset, length in bits (smalls), binary underneath: term/binary.h */
    BOXED_MATCH,      /* match context: term/binary.h */
    BOXED_LAST_OF_TERMS = BOXED_MATCH,
    BOXED_BIG, /* positive big integer: limbs */
    BOXED_BIG_NEGATIVE,
    BOXED_FLOAT,  /* a double that does not fit the word */
    BOXED_REF,    /* 3 words: id, and two more: term/ref.h */
    BOXED_BINARY, /* byte count, then bytes, to whole words (at most BINARY_HEAP_MAX bytes) */
    BOXED_REFC,   /* off-heap binary: bytes, OffHeap *, next in the owner's list: mem/offheap.h */
    BOXED_MAGIC,  /* reference that keeps an off-heap block: as REFC, then id, creation: term/ref.h
                   */
    BOXED__count
} BoxedKind;

enum { HEADER_KIND_SHIFT = 6, HEADER_SIZE_SHIFT = 12 };

/* A header: kind, and the number of words that follow it. */
ACT_INLINE uintptr_t header_make(BoxedKind kind, size_t words)
{
    return (uintptr_t)words << HEADER_SIZE_SHIFT | (uintptr_t)kind << HEADER_KIND_SHIFT |
           IMMEDIATE_HEADER;
}
ACT_INLINE bool header_is(uintptr_t w)
{
    return (w & IMMEDIATE_MASK) == IMMEDIATE_HEADER;
}
ACT_INLINE BoxedKind header_kind(uintptr_t header)
{
    return (BoxedKind)(header >> HEADER_KIND_SHIFT & 63);
}
ACT_INLINE size_t header_words(uintptr_t header)
{
    return header >> HEADER_SIZE_SHIFT;
}

ACT_INLINE bool term_same(Term a, Term b)
{
    return a.w == b.w;
}

/* small integers */
#define SMALL_MAX ((int64_t)0x3FFFFFFFFFFFFFFF)
#define SMALL_MIN (-SMALL_MAX - 1)
ACT_INLINE bool term_is_small(Term t)
{
    return (t.w & 1) == 0;
}
ACT_INLINE bool terms_are_small(Term a, Term b)
{
    return ((a.w | b.w) & 1) == 0;
}
ACT_INLINE int64_t small_value(Term t)
{
    return (int64_t)t.w >> 1;
}
ACT_INLINE Term small_make(int64_t value)
{
    return TERM_RAW((uint64_t)value << 1);
}
ACT_INLINE bool small_fits(int64_t value)
{
    return value >= SMALL_MIN && value <= SMALL_MAX;
}

/* cons cells */
ACT_INLINE bool term_is_cons(Term t)
{
    return (t.w & TAG_MASK) == TAG_CONS;
}
ACT_INLINE Term *cons_cell(Term t)
{
    return (Term *)(t.w - TAG_CONS);
}
ACT_INLINE Term cons_head(Term t)
{
    return cons_cell(t)[0];
}
ACT_INLINE Term cons_tail(Term t)
{
    return cons_cell(t)[1];
}
ACT_INLINE Term cons_term(const Term *cell)
{
    return TERM_RAW((uintptr_t)cell + TAG_CONS);
}
ACT_INLINE bool term_is_nil(Term t)
{
    return t.w == IMMEDIATE_NIL;
}
ACT_INLINE bool term_is_list(Term t)
{
    return term_is_cons(t) || term_is_nil(t);
}

/* boxed terms */
ACT_INLINE bool term_is_boxed(Term t)
{
    return (t.w & TAG_MASK) == TAG_BOXED;
}
ACT_INLINE Term *boxed_words(Term t) /* [0] is the header */
{
    return (Term *)(t.w - TAG_BOXED);
}
ACT_INLINE Term boxed_term(const Term *words)
{
    return TERM_RAW((uintptr_t)words + TAG_BOXED);
}
ACT_INLINE uintptr_t boxed_header(Term t)
{
    return boxed_words(t)[0].w;
}
ACT_INLINE bool term_is_kind(Term t, BoxedKind kind)
{
    return term_is_boxed(t) && header_kind(boxed_header(t)) == kind;
}

/* immediates */
ACT_INLINE bool term_is_atom(Term t)
{
    return (t.w & IMMEDIATE_MASK) == IMMEDIATE_ATOM;
}
ACT_INLINE Term atom_make(uint32_t index)
{
    return TERM_RAW((uintptr_t)index << IMMEDIATE_SHIFT | IMMEDIATE_ATOM);
}
ACT_INLINE uint32_t atom_index(Term t)
{
    return (uint32_t)(t.w >> IMMEDIATE_SHIFT);
}
ACT_INLINE bool term_is_pid(Term t)
{
    return (t.w & IMMEDIATE_MASK) == IMMEDIATE_PID;
}
ACT_INLINE bool term_is_port(Term t)
{
    return (t.w & IMMEDIATE_MASK) == IMMEDIATE_PORT;
}
/* A pid is slot (28 bits) and generation (30 bits) of the process table. */
enum { PID_SLOT_BITS = 28, PID_GENERATION_BITS = 30 };
ACT_INLINE Term pid_make(uint32_t slot, uint32_t generation)
{
    return TERM_RAW(((uintptr_t)generation << PID_SLOT_BITS | slot) << IMMEDIATE_SHIFT |
                    IMMEDIATE_PID);
}
ACT_INLINE uint32_t pid_slot(Term t)
{
    return (uint32_t)(t.w >> IMMEDIATE_SHIFT) & ((1u << PID_SLOT_BITS) - 1);
}
ACT_INLINE uint32_t pid_generation(Term t)
{
    return (uint32_t)(t.w >> (IMMEDIATE_SHIFT + PID_SLOT_BITS));
}

/* tuples */
ACT_INLINE bool term_is_tuple(Term t)
{
    return term_is_kind(t, BOXED_TUPLE);
}
ACT_INLINE size_t tuple_arity(Term t)
{
    return header_words(boxed_header(t));
}
ACT_INLINE Term *tuple_items(Term t)
{
    return boxed_words(t) + 1;
}
ACT_INLINE bool term_is_tuple_of(Term t, size_t arity)
{
    return term_is_boxed(t) && boxed_header(t) == header_make(BOXED_TUPLE, arity);
}

/* floats: sign rotated to the low end, exponent moved so that 2^-127 .. 2^128 has its three top
 * bits clear; the pattern that 2^-127 itself would take stands for zero. */
#define FLOAT_EXPONENT_SHIFT ((uint64_t)896 << 53)
/* The word for value; TERM_NONE if it does not fit. */
ACT_INLINE Term float_immediate(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t turned = bits << 1 | bits >> 63;
    uint64_t moved = turned - FLOAT_EXPONENT_SHIFT;
    if (ACT_LIKELY(moved >> 61 == 0 && moved > 1)) {
        return TERM_RAW(moved << 3 | TAG_FLOAT);
    }
    return turned <= 1 ? TERM_RAW(turned << 3 | TAG_FLOAT) : TERM_NONE;
}
ACT_INLINE bool term_is_float(Term t)
{
    return (t.w & TAG_MASK) == TAG_FLOAT || term_is_kind(t, BOXED_FLOAT);
}
ACT_INLINE bool terms_are_immediate_floats(Term a, Term b)
{
    return (a.w & b.w & TAG_MASK) == TAG_FLOAT;
}
/* The double of a float that lives in the word. */
ACT_INLINE double float_immediate_value(Term t)
{
    double value;
    uint64_t turned = t.w >> 3;
    turned = turned <= 1 ? turned : turned + FLOAT_EXPONENT_SHIFT;
    turned = turned >> 1 | turned << 63;
    memcpy(&value, &turned, sizeof value);
    return value;
}
/* The double of a term that is a float. */
ACT_INLINE double float_value(Term t)
{
    double value;
    if (ACT_UNLIKELY((t.w & TAG_MASK) != TAG_FLOAT)) {
        memcpy(&value, boxed_words(t) + 1, sizeof value);
        return value;
    }
    return float_immediate_value(t);
}

/* kinds by header */
ACT_INLINE bool term_is_big(Term t)
{
    return term_is_boxed(t) && (header_kind(boxed_header(t)) == BOXED_BIG ||
                                header_kind(boxed_header(t)) == BOXED_BIG_NEGATIVE);
}
ACT_INLINE bool term_is_integer(Term t)
{
    return term_is_small(t) || term_is_big(t);
}
ACT_INLINE bool term_is_number(Term t)
{
    return term_is_small(t) || term_is_float(t) || term_is_big(t);
}
ACT_INLINE bool term_is_map(Term t)
{
    return term_is_kind(t, BOXED_MAP) || term_is_kind(t, BOXED_HAMT);
}
ACT_INLINE bool term_is_fun(Term t)
{
    return term_is_kind(t, BOXED_FUN) || term_is_kind(t, BOXED_EXPORT);
}
ACT_INLINE bool term_is_ref(Term t)
{
    return term_is_kind(t, BOXED_REF) || term_is_kind(t, BOXED_MAGIC);
}
/* Any bitstring, whole bytes or not. */
ACT_INLINE bool term_is_bitstring(Term t)
{
    return term_is_boxed(t) && (header_kind(boxed_header(t)) == BOXED_BINARY ||
                                header_kind(boxed_header(t)) == BOXED_REFC ||
                                header_kind(boxed_header(t)) == BOXED_SUB_BINARY);
}

/* Atoms known at compile time: ATOM(ok) is a Term; their indices are fixed by atoms.def. */
typedef enum {
#define ATOM_ROW(id, text) ATOM_INDEX_##id,
#include "vm/bytecode/atoms.def"
#undef ATOM_ROW
    ATOM__static_count
} AtomIndex;
#define ATOM(id) TERM_RAW((uintptr_t)ATOM_INDEX_##id << IMMEDIATE_SHIFT | IMMEDIATE_ATOM)

ACT_INLINE Term term_bool(bool value)
{
    return value ? ATOM(true) : ATOM(false);
}
ACT_INLINE bool term_is_bool(Term t)
{
    return term_same(t, ATOM(true)) || term_same(t, ATOM(false));
}

#endif
