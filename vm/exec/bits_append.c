/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/bits_append.c: the frequent way of appending: whole bytes behind a binary that ends where
 * its block's used part ends (bits_build.c tells how blocks grow), integers and characters of a
 * byte, and binaries. * Anything else is left, untouched, to the general way. */
#include "vm/exec/bits.h"

#include "vm/mem/offheap.h"

enum { SEGMENT_WORDS = 4, MOST_BITS = 1 << 20 };

typedef struct {
    const Operands *operands;
    Term base;
    OffHeap *block;
    size_t start, end; /* of the old binary in the block, in bits */
} Append;

ACT_INLINE Term operand(const Operands *operands, Code word)
{
    return *(const Term *)(operands->bases[word & 3] + word);
}

/* False if the first segment is no binary of whole bytes that may grow in place, or somebody else
 * knows of its block. */
static bool find_end(const Process *p, Append *a)
{
    Term old = operand(a->operands, a->operands->operands[1]);
    if (!term_is_kind(old, BOXED_SUB_BINARY)) {
        return false;
    }
    const Term *view = boxed_words(old);
    a->base = view[SUB_BASE];
    if (!term_is_kind(a->base, BOXED_REFC)) {
        return false;
    }
    const Term *box = boxed_words(a->base);
    a->block = refc_off_heap(box);
    a->start = (size_t)small_value(view[SUB_OFFSET]);
    a->end = a->start + (size_t)small_value(view[SUB_LENGTH]);
    /* acquire: pairs with the last release in offheap_release: those that knew the block are done
     */
    return box[REFC_SIZE].w == a->block->room && (a->start | a->end) % 8 == 0 &&
           !(box >= p->heap.literals && box < p->heap.literals_end) &&
           atomic_load_explicit(&a->block->references, memory_order_acquire) == 1 &&
           atomic_load_explicit(&a->block->used, memory_order_relaxed) == a->end;
}

/* Writes a binary of whole bytes; where it ends, or NULL if it is not a case for here. */
static unsigned char *write_binary(const Code *words, Term value, unsigned char *to,
                                   const unsigned char *limit)
{
    BinaryView view;
    if ((words[0] & BC_SEG_ALL) == 0 || !binary_view(value, &view) ||
        (view.bits | view.offset) % 8 != 0 || view.bits > MOST_BITS ||
        view.bits / 8 > (size_t)(limit - to)) {
        return NULL;
    }
    memmove(to, view.bytes, view.bits / 8);
    return to + view.bits / 8;
}

/* One segment, written as far as it is known to be one for here. */
ACT_INLINE unsigned char *write_segment(const Operands *operands, const Code *words,
                                        unsigned char *to, const unsigned char *limit)
{
    Term value = operand(operands, words[1]);
    uint32_t type = words[0] & BC_SEG_TYPE;
    if (type == BC_SEG_BINARY) {
        return write_binary(words, value, to, limit);
    }
    bool byte;
    if (type == BC_SEG_INTEGER) {
        byte = words[3] == 1 && term_same(operand(operands, words[2]), small_make(8)) &&
               term_is_small(value);
    } else {
        byte = type == BC_SEG_UTF8 && term_is_small(value) && value.w <= small_make(127).w;
    }
    if (!byte || to == limit) {
        return NULL;
    }
    *to = (unsigned char)small_value(value);
    return to + 1;
}

Term bits_append_bytes(Process *p, const Operands *segments)
{
    Append a = {.operands = segments};
    if (!find_end(p, &a)) {
        return TERM_NONE;
    }
    /* What is written behind `used` before it moves, nobody sees. */
    unsigned char *to = a.block->bytes + a.end / 8;
    const unsigned char *limit = a.block->bytes + a.block->room;
    for (uint32_t i = 1; i < segments->count; i++) {
        to = write_segment(segments, segments->operands + SEGMENT_WORDS * (size_t)i, to, limit);
        if (!to) {
            return TERM_NONE;
        }
    }
    size_t end = (size_t)(to - a.block->bytes) * 8;
    Term view = binary_sub(&p->heap, a.base, a.start, end - a.start);
    if (!term_same(view, TERM_NONE)) {
        atomic_store_explicit(&a.block->used, end, memory_order_relaxed);
    }
    return view;
}
