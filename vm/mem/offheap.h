/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/offheap.h: binaries that live outside the heaps, counted, and the making of all binaries.
 *
 * A heap links its BOXED_REFC boxes in a list through their last word (REFC_NEXT), so that a
 * collection can drop the references of those that died. Layouts: term/binary.h. */
#ifndef ACT_MEM_OFFHEAP_H
#define ACT_MEM_OFFHEAP_H

#include "vm/mem/heap.h"
#include "vm/term/binary.h"

/* A block of so many bytes, not cleared, with one reference, all of it used. NULL without memory.
 */
OffHeap *offheap_new(size_t size);
/* block (NULL: a new one), which nobody else knows, with room for size bytes, all of them used and
 * what was there kept. NULL without memory: block is as it was. */
OffHeap *offheap_resize(OffHeap *block, size_t size);
/* Drops one reference, frees the block with the last. Any thread. */
void offheap_release(OffHeap *block);
/* Drops the references of a list of boxes (REFC_NEXT). */
void offheap_release_list(Term *box);
/* True if a list holds more than so many bytes or so many boxes. */
bool offheap_list_is_large(const Term *box, size_t bytes, size_t boxes);

/* A box for size bytes of block on heap, taking over one reference of the caller's (dropped on
 * failure). TERM_NONE without memory. */
Term offheap_box(Heap *heap, OffHeap *block, size_t size);

/* A magic reference (term/ref.h) to the whole of block, as offheap_box otherwise. */
Term offheap_magic(Heap *heap, OffHeap *block, uint64_t id, uint64_t creation);

/* A new binary holding a copy of bytes (NULL: bytes are to be written by the caller, through *room,
 * before anything else happens to the heap). TERM_NONE without memory. */
Term binary_new(Heap *heap, const unsigned char *bytes, size_t size);
Term binary_new_room(Heap *heap, size_t size, unsigned char **room);
/* A view on bits of bitstring base (any kind; views of views are resolved), offset from its start.
 * TERM_NONE without memory. */
Term binary_sub(Heap *heap, Term base, size_t bit_offset, size_t bits);
/* A bitstring of `bits` bits copied from bytes (first bit is the highest of bytes[0]). */
Term binary_new_bits(Heap *heap, const unsigned char *bytes, size_t bits);

#endif
