/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/binary.h: layouts of bitstrings, and their bytes.
 *
 *   BOXED_BINARY      [size in bytes, raw] [bytes, filled up with 0 to whole words]; up to
 *                     BINARY_HEAP_MAX bytes
 *   BOXED_REFC        [size in bytes, raw] [OffHeap *] [next box of the owning heap's list, Term *]
 *   BOXED_SUB_BINARY  [offset in bits, small] [length in bits, small] [BOXED_BINARY or BOXED_REFC]
 *   BOXED_MATCH       [position in bits, small] [end in bits, small] [start in bits, small]
 *                     [BOXED_BINARY or BOXED_REFC]; lives in registers only, never in other terms
 *
 * Whole binaries are BOXED_BINARY, BOXED_REFC or sub-binaries; any with bits left over are
 * sub-binaries. Made by mem/offheap.h. */
#ifndef ACT_TERM_BINARY_H
#define ACT_TERM_BINARY_H

#include "vm/term/term.h"
#include "vm/types.h"

#include <stdatomic.h>

enum {
    BINARY_HEAP_MAX = 64,
    REFC_WORDS = 4,
    SUB_BINARY_WORDS = 4,
    MATCH_WORDS = 5,

    REFC_SIZE = 1,
    REFC_OFF_HEAP = 2,
    REFC_NEXT = 3,
    SUB_OFFSET = 1,
    SUB_LENGTH = 2,
    SUB_BASE = 3,
    MATCH_POSITION = 1,
    MATCH_END = 2,
    MATCH_START = 3,
    MATCH_BASE = 4,
};

/* A block of bytes that many boxes on many heaps may refer to. */
struct OffHeap {
    /* any thread, atomic: one for each box. Decrements release, the last one acquires before it
     * frees (mem/offheap.c), so that no reader's look comes after the free. */
    _Atomic(size_t) references;
    size_t room;                  /* bytes there are */
    void (*drop)(OffHeap *block); /* before it is freed: ends what the bytes own; NULL: nothing */
    /* any thread, atomic: bits given out so far. Who moves it from the end of their bitstring owns
     * the bits up to there and writes them in place (exec/bits_build.c). */
    _Atomic(size_t) used;
    unsigned char bytes[];
};

ACT_INLINE void offheap_retain(OffHeap *block)
{
    /* relaxed: whoever retains holds a reference already */
    atomic_fetch_add_explicit(&block->references, 1, memory_order_relaxed);
}

ACT_INLINE OffHeap *refc_off_heap(const Term *box)
{
    return (OffHeap *)box[REFC_OFF_HEAP].w;
}

/* True for the kinds that refer to a block and are in their heap's list (REFC_NEXT). */
ACT_INLINE bool kind_is_counted(BoxedKind kind)
{
    return kind == BOXED_REFC || kind == BOXED_MAGIC;
}

/* Words of a BOXED_BINARY of so many bytes, its header included. */
ACT_INLINE size_t binary_heap_words(size_t bytes)
{
    return 2 + (bytes + 7) / 8;
}
/* Writes header, size and the zero bytes of the last word into words; returns where the bytes go.
 */
ACT_INLINE unsigned char *binary_heap_init(Term *words, size_t bytes)
{
    size_t total = binary_heap_words(bytes);
    words[total - 1].w = 0;
    words[0].w = header_make(BOXED_BINARY, total - 1);
    words[1].w = bytes;
    return (unsigned char *)(words + 2);
}

/* Where a bitstring's bits are: `bits` bits from bit `offset` (0..7, 0 = highest) of bytes[0].
 * Valid until its heap is collected. */
typedef struct {
    const unsigned char *bytes;
    unsigned offset;
    size_t bits;
} BinaryView;

/* Opens any bitstring; false if t is none. */
bool binary_view(Term t, BinaryView *view);
/* Opens a bitstring of whole bytes that starts at a byte; false if t is not such a term (then
 * binary_view and binary_copy_bits). */
bool binary_bytes(Term t, const unsigned char **bytes, size_t *size);
/* Length in bits; t must be a bitstring. */
size_t binary_bits(Term t);
/* True for bitstrings of whole bytes. */
bool term_is_binary(Term t);

/* Copies bits bits, from bit from_offset of from to bit to_offset of to; other bits of `to` stay.
 */
void binary_copy_bits(const unsigned char *from, size_t from_offset, unsigned char *to,
                      size_t to_offset, size_t bits);
/* <0, 0, >0: bit by bit, a prefix first. */
int binary_compare(const BinaryView *a, const BinaryView *b);

#endif
