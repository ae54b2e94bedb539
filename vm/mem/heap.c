/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/heap.c: blocks and fragments, and handing out words of them. Collecting: gc.c. */
#include "vm/mem/heap.h"

#include "vm/base/bug.h"
#include "vm/base/stress.h"
#include "vm/mem/offheap.h"

enum {
    FRAGMENT_MIN = 32,
    FRAGMENT_SHARE = 8, /* of the heap's words */
    FRAGMENT_MAX_EXTRA = 8192,
    FULL_EVERY = 65535,
    OFF_HEAP_FIRST_LIMIT = 1 << 20,
};

bool heap_init(Heap *heap, size_t words, const Term *literals, const Term *literals_end)
{
    words = ACT_MAX(words, 16);
    *heap = (Heap){.min_words = words,
                   .full_every = FULL_EVERY,
                   .off_heap_limit = OFF_HEAP_FIRST_LIMIT,
                   .literals = literals,
                   .literals_end = literals_end};
    heap->start = alloc_try_for(ALLOC_PROCESS, words * sizeof *heap->start);
    if (!heap->start) {
        return false;
    }
    heap->block_words = words;
    heap->top = heap->high_water = heap->start;
    heap->end = heap->stack = heap->start + words;
    return true;
}

void heap_free(Heap *heap)
{
    offheap_release_list(heap->off_heap);
    offheap_release_list(heap->old_off_heap);
    for (Fragment *f = heap->fragments, *next; f; f = next) {
        next = f->next;
        fragment_free(f);
    }
    alloc_free_for(ALLOC_PROCESS, heap->start, heap->block_words * sizeof(Term));
    alloc_free_for(ALLOC_PROCESS, heap->old_start,
                   (size_t)(heap->old_end - heap->old_start) * sizeof(Term));
    *heap = (Heap){0};
}

Fragment *fragment_new(size_t words)
{
    Fragment *fragment = NULL;
    if (words <= SIZE_MAX / (2 * sizeof(Term))) {
        fragment = alloc_try_for(ALLOC_PROCESS, sizeof *fragment + words * sizeof(Term));
    }
    if (fragment) {
        fragment->next = NULL;
        fragment->room = words;
        fragment->used = 0;
        fragment->off_heap = NULL;
    }
    return fragment;
}

void fragment_free(Fragment *fragment)
{
    offheap_release_list(fragment->off_heap);
    fragment_free_block(fragment);
}

void heap_add_fragment(Heap *heap, Fragment *fragment)
{
    fragment->next = heap->fragments;
    heap->fragments = fragment;
    heap->fragment_words += fragment->room;
    if (heap->fragment_words > (size_t)(heap->end - heap->start) / 2) {
        heap->want_gc = true;
    }
    for (const Term *box = fragment->off_heap; box; box = (Term *)box[REFC_NEXT].w) {
        heap->off_heap_bytes += box[REFC_SIZE].w;
    }
    if (heap->off_heap_bytes > heap->off_heap_limit) {
        heap->want_gc = true;
    }
}

/* Words from the newest fragment, or from a new one. */
static ACT_NOINLINE Term *alloc_in_fragment(Heap *heap, size_t words)
{
    Fragment *f = heap->fragments;
    if (!f || f->room - f->used < words) {
        size_t share = (size_t)(heap->end - heap->start) / FRAGMENT_SHARE;
        size_t extra = ACT_MIN(ACT_MAX(heap->fragment_words / 2, share), FRAGMENT_MAX_EXTRA);
        f = fragment_new(ACT_MAX(words, ACT_MAX(extra, FRAGMENT_MIN)));
        if (!f) {
            f = fragment_new(words);
        }
        if (!f) {
            return NULL;
        }
        heap_add_fragment(heap, f);
    }
    Term *at = f->words + f->used;
    f->used += words;
    return at;
}

Term *heap_alloc(Heap *heap, size_t words)
{
    size_t left = (size_t)(heap->stack - heap->top);
    if (ACT_UNLIKELY(left < HEAP_STACK_SLACK || left - HEAP_STACK_SLACK < words ||
                     STRESS(fragment))) {
        return alloc_in_fragment(heap, words);
    }
    Term *at = heap->top;
    heap->top += words;
    return at;
}

void heap_shrink(Heap *heap, Term *end_of_alloc, size_t words)
{
    Fragment *f = heap->fragments;
    if (end_of_alloc == heap->top) {
        heap->top -= words;
    } else if (f && f->words + f->used == end_of_alloc) {
        f->used -= words;
    }
}

HeapMark heap_mark(const Heap *heap)
{
    return (HeapMark){.top = heap->top,
                      .off_heap = heap->off_heap,
                      .fragment = heap->fragments,
                      .fragment_used = heap->fragments ? heap->fragments->used : 0,
                      .want_gc = heap->want_gc};
}

void heap_release(Heap *heap, HeapMark mark)
{
    while (heap->off_heap != mark.off_heap) {
        Term *box = heap->off_heap;
        heap->off_heap = (Term *)box[REFC_NEXT].w;
        heap->off_heap_bytes -= box[REFC_SIZE].w;
        offheap_release(refc_off_heap(box));
    }
    heap->top = mark.top;
    while (heap->fragments != mark.fragment) {
        Fragment *newest = heap->fragments;
        heap->fragments = newest->next;
        heap->fragment_words -= newest->room;
        fragment_free(newest);
    }
    if (mark.fragment) {
        mark.fragment->used = mark.fragment_used;
    }
    heap->want_gc = mark.want_gc;
}

static Term *room_alloc_heap(void *ctx, size_t words)
{
    return heap_alloc(ctx, words);
}

static void room_shrink_heap(void *ctx, Term *end, size_t words)
{
    heap_shrink(ctx, end, words);
}

TermRoom heap_room(Heap *heap)
{
    return (TermRoom){.alloc = room_alloc_heap, .shrink = room_shrink_heap, .ctx = heap};
}

size_t heap_used(const Heap *heap)
{
    size_t words = (size_t)(heap->top - heap->start) + (size_t)(heap->end - heap->stack) +
                   (size_t)(heap->old_top - heap->old_start);
    for (const Fragment *f = heap->fragments; f; f = f->next) {
        words += f->used;
    }
    return words;
}
