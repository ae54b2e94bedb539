/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/offheap.c: making binaries, on the heap or outside. */
#include "vm/mem/offheap.h"

#include "vm/base/alloc.h"
#include "vm/term/ref.h"

OffHeap *offheap_new(size_t size)
{
    OffHeap *block =
        size <= SIZE_MAX / 2 ? alloc_try_for(ALLOC_BINARY, sizeof *block + size) : NULL;
    if (block) {
        atomic_init(&block->references, 1);
        atomic_init(&block->used, size * 8);
        block->room = size;
        block->drop = NULL;
    }
    return block;
}

OffHeap *offheap_resize(OffHeap *block, size_t size)
{
    if (!block) {
        return offheap_new(size);
    }
    size_t old_size = sizeof *block + block->room;
    OffHeap *resized = size <= SIZE_MAX / 2 ? alloc_try_resize_for(ALLOC_BINARY, block, old_size,
                                                                   sizeof *block + size)
                                            : NULL;
    if (resized) {
        atomic_store_explicit(&resized->used, size * 8, memory_order_relaxed);
        resized->room = size;
    }
    return resized;
}

void offheap_release(OffHeap *block)
{
    /* acq_rel: pairs with itself in other threads: the last one sees all of their uses finished */
    if (atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1) {
        if (block->drop) {
            block->drop(block);
        }
        alloc_free_for(ALLOC_BINARY, block, sizeof *block + block->room);
    }
}

void offheap_release_list(Term *box)
{
    while (box) {
        Term *next = (Term *)box[REFC_NEXT].w;
        offheap_release(refc_off_heap(box));
        box = next;
    }
}

bool offheap_list_is_large(const Term *box, size_t bytes, size_t boxes)
{
    while (box && boxes > 0 && box[REFC_SIZE].w <= bytes) {
        bytes -= box[REFC_SIZE].w;
        boxes--;
        box = (const Term *)box[REFC_NEXT].w;
    }
    return box != NULL;
}

/* A box of so many words that has taken over the reference; NULL without memory. */
static Term *new_box(Heap *heap, OffHeap *block, BoxedKind kind, size_t words, size_t size)
{
    Term *box = heap_alloc(heap, words);
    if (!box) {
        offheap_release(block);
        return NULL;
    }
    box[0].w = header_make(kind, words - 1);
    box[REFC_SIZE].w = size;
    box[REFC_OFF_HEAP].w = (uintptr_t)block;
    box[REFC_NEXT].w = (uintptr_t)heap->off_heap;
    heap->off_heap = box;
    heap->off_heap_bytes += size;
    if (heap->off_heap_bytes > heap->off_heap_limit) {
        heap->want_gc = true;
    }
    return box;
}

Term offheap_box(Heap *heap, OffHeap *block, size_t size)
{
    Term *box = new_box(heap, block, BOXED_REFC, REFC_WORDS, size);
    return box ? boxed_term(box) : TERM_NONE;
}

Term offheap_magic(Heap *heap, OffHeap *block, uint64_t id, uint64_t creation)
{
    Term *box = new_box(heap, block, BOXED_MAGIC, MAGIC_WORDS, block->room);
    if (!box) {
        return TERM_NONE;
    }
    box[MAGIC_ID].w = id;
    box[MAGIC_CREATION].w = creation;
    return boxed_term(box);
}

Term binary_new_room(Heap *heap, size_t size, unsigned char **room)
{
    if (size <= BINARY_HEAP_MAX) {
        Term *words = heap_alloc(heap, binary_heap_words(size));
        if (!words) {
            return TERM_NONE;
        }
        *room = binary_heap_init(words, size);
        return boxed_term(words);
    }
    OffHeap *block = offheap_new(size);
    if (!block) {
        return TERM_NONE;
    }
    *room = block->bytes;
    return offheap_box(heap, block, size);
}

Term binary_new(Heap *heap, const unsigned char *bytes, size_t size)
{
    unsigned char *room;
    Term binary = binary_new_room(heap, size, &room);
    if (!term_same(binary, TERM_NONE) && bytes && size > 0) {
        memcpy(room, bytes, size);
    }
    return binary;
}

Term binary_sub(Heap *heap, Term base, size_t bit_offset, size_t bits)
{
    const Term *box = boxed_words(base);
    if (header_kind(box[0].w) == BOXED_SUB_BINARY) {
        bit_offset += (size_t)small_value(box[SUB_OFFSET]);
        base = box[SUB_BASE];
    }
    Term *words = heap_alloc(heap, SUB_BINARY_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    words[0].w = header_make(BOXED_SUB_BINARY, SUB_BINARY_WORDS - 1);
    words[SUB_OFFSET] = small_make((int64_t)bit_offset);
    words[SUB_LENGTH] = small_make((int64_t)bits);
    words[SUB_BASE] = base;
    return boxed_term(words);
}

Term binary_new_bits(Heap *heap, const unsigned char *bytes, size_t bits)
{
    Term whole = binary_new(heap, bytes, (bits + 7) / 8);
    return term_same(whole, TERM_NONE) || bits % 8 == 0 ? whole : binary_sub(heap, whole, 0, bits);
}
