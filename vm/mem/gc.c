/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/gc.c: collecting one heap (Cheney 1970, with two generations).
 *
 * A minor collection copies what lives of the young block: what survived one before goes behind
 * old_top, the rest, with the live part of the fragments, into a new young block. A full one copies
 * everything into one new block. All blocks are allocated before the first term moves, so that
 * running out of memory leaves the heap as it was. The stack is walked where it is and moved to
 * the end of the new block last, when it is known how large the heap has become. */
#include "vm/mem/heap.h"

#include "vm/base/alloc.h"
#include "vm/base/stress.h"
#include "vm/mem/heap_sizes.h"
#include "vm/mem/offheap.h"

/* Words from which on a heap is large. */
enum { LARGE = 8192 };

/* What the copying loops need, in one struct that they copy into locals. */
typedef struct {
    Term *top;       /* of the new young block */
    Term *old_top;   /* minor: of the old generation */
    uintptr_t young; /* the block being left */
    uintptr_t young_bytes;
    uintptr_t mature_bytes; /* the first part of it goes to the old generation */
    uintptr_t literals;
    uintptr_t literal_bytes;
    uintptr_t old;
    uintptr_t old_bytes;
    uintptr_t to; /* the new block */
    uintptr_t to_bytes;
    bool fragments; /* there are some: a pointer may lead to them */
} Gc;

ACT_INLINE void copy_words(Term *to, const Term *from, size_t words)
{
    if (ACT_UNLIKELY(words > 16)) {
        memcpy(to, from, words * sizeof *to);
        return;
    }
    for (size_t i = 0; i < words; i++) {
        to[i] = from[i];
    }
}

/* Moves the cons or boxed term that *slot points to, if it has not moved yet, to *top. */
ACT_INLINE void move(Term *slot, bool cons, Term **top)
{
    if (cons) {
        Term *cell = cons_cell(*slot);
        if (term_same(cell[0], TERM_MOVED)) {
            *slot = cell[1];
            return;
        }
        Term *to = *top;
        to[0] = cell[0];
        to[1] = cell[1];
        cell[0] = TERM_MOVED;
        cell[1] = *slot = cons_term(to);
        *top = to + 2;
        return;
    }
    Term *words = boxed_words(*slot);
    if (!header_is(words[0].w)) {
        *slot = words[0];
        return;
    }
    size_t count = header_words(words[0].w) + 1;
    Term *to = *top;
    copy_words(to, words, count);
    words[0] = *slot = boxed_term(to);
    *top = to + count;
}

/* Brings one root or field up to date. minor is a constant where this is inlined. */
ACT_INLINE void update(Gc *g, Term *slot, bool minor)
{
    uintptr_t tag = slot->w & TAG_MASK;
    if (tag != TAG_CONS && tag != TAG_BOXED) {
        return;
    }
    uintptr_t address = slot->w - tag;
    if (!minor) {
        if (address - g->literals >= g->literal_bytes) {
            move(slot, tag == TAG_CONS, &g->top);
        }
    } else if (address - g->young < g->young_bytes) {
        if (address - g->young < g->mature_bytes) {
            move(slot, tag == TAG_CONS, &g->old_top);
        } else {
            move(slot, tag == TAG_CONS, &g->top);
        }
    } else if (ACT_UNLIKELY(g->fragments) && address - g->old >= g->old_bytes &&
               address - g->literals >= g->literal_bytes && address - g->to >= g->to_bytes) {
        move(slot, tag == TAG_CONS, &g->top);
    }
}

/* The next word to look at after *scan: raw words are jumped over. */
ACT_INLINE Term *scan_word(Gc *g, Term *scan, bool minor)
{
    if (header_is(scan->w)) {
        return header_kind(scan->w) > BOXED_LAST_OF_TERMS ? scan + 1 + header_words(scan->w)
                                                          : scan + 1;
    }
    update(g, scan, minor);
    return scan + 1;
}

static ACT_NOINLINE void scan_minor(Gc *g, Term *young_scan, Term *old_scan)
{
    Gc local = *g;
    do {
        while (young_scan < local.top) {
            young_scan = scan_word(&local, young_scan, true);
        }
        while (old_scan < local.old_top) {
            old_scan = scan_word(&local, old_scan, true);
        }
    } while (young_scan < local.top);
    *g = local;
}

static ACT_NOINLINE void scan_full(Gc *g, Term *scan)
{
    Gc local = *g;
    while (scan < local.top) {
        scan = scan_word(&local, scan, false);
    }
    *g = local;
}

ACT_INLINE void update_range(Gc *g, Term *items, size_t count, bool minor)
{
    for (size_t i = 0; i < count; i++) {
        update(g, &items[i], minor);
    }
}

ACT_INLINE void update_masked(Gc *g, Term *items, uint64_t live, bool minor)
{
    for (; live; live &= live - 1) {
        update(g, &items[__builtin_ctzll(live)], minor);
    }
}

/* Slots that are not live may hold anything: under stress, make using one obvious. */
static void wipe_dead(Term *slots, uint32_t live, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (!(live >> i & 1)) {
            slots[i] = TERM_NONE;
        }
    }
}

ACT_INLINE void update_frame(Gc *g, Term *slots, const Site *site, bool minor)
{
    unsigned masked = ACT_MIN(site->frame, 32);
    uint32_t live = site->live_y;
    if (masked < 32) {
        live &= ((uint32_t)1 << masked) - 1;
    }
    update_masked(g, slots, live, minor);
    if (ACT_UNLIKELY(site->frame > 32)) {
        update_range(g, slots + 32, site->frame - 32u, minor);
    }
    if (STRESS(gc)) {
        wipe_dead(slots, live, masked);
    }
}

ACT_INLINE void update_stack(Gc *g, Term *stack, const Roots *roots, bool minor)
{
    const Site *site = roots->top_site;
    do {
        update_frame(g, stack, site, minor);
        stack += site->frame;
        const Code *return_address = (const Code *)stack->w;
        stack++;
        site = &roots->sites[return_address[-1]];
    } while (!(site->flags & SITE_BOTTOM));
}

ACT_INLINE void update_roots(Gc *g, Term *stack, const Roots *roots, bool minor)
{
    for (size_t i = 0; i < roots->range_count; i++) {
        update_range(g, roots->ranges[i].items, roots->ranges[i].count, minor);
    }
    for (size_t i = 0; i < roots->more_count; i++) {
        update_range(g, roots->more[i].items, roots->more[i].count, minor);
    }
    if (roots->use_x) {
        const Site *site = roots->top_site;
        if (site->live_count > 64) {
            update_range(g, roots->x, site->live_count, minor);
        } else {
            update_masked(g, roots->x, site->live_x, minor);
        }
    }
    if (!roots->no_frame) {
        update_stack(g, stack, roots, minor);
    }
}

static ACT_NOINLINE void roots_minor(Gc *g, Term *stack, const Roots *roots)
{
    Gc local = *g;
    update_roots(&local, stack, roots, true);
    *g = local;
}

static ACT_NOINLINE void roots_full(Gc *g, Term *stack, const Roots *roots)
{
    Gc local = *g;
    update_roots(&local, stack, roots, false);
    *g = local;
}

static void set_ranges(Gc *g, const Heap *heap, const Term *to, size_t to_words)
{
    *g = (Gc){
        .young = (uintptr_t)heap->start,
        .young_bytes = (uintptr_t)heap->top - (uintptr_t)heap->start,
        .mature_bytes = (uintptr_t)heap->high_water - (uintptr_t)heap->start,
        .literals = (uintptr_t)heap->literals,
        .literal_bytes = (uintptr_t)heap->literals_end - (uintptr_t)heap->literals,
        .old = (uintptr_t)heap->old_start,
        .old_bytes = (uintptr_t)heap->old_end - (uintptr_t)heap->old_start,
        .to = (uintptr_t)to,
        .to_bytes = to_words * sizeof *to,
        .fragments = heap->fragments != NULL,
        .old_top = heap->old_top,
    };
}

/* Links the boxes of a list that moved into the heap's new lists, drops the others'. */
static void sweep_list(Heap *heap, Term *box)
{
    while (box) {
        Term *next = (Term *)box[REFC_NEXT].w;
        if (header_is(box[0].w)) {
            offheap_release(refc_off_heap(box));
        } else {
            Term *moved = boxed_words(box[0]);
            bool old = moved >= heap->old_start && moved < heap->old_end;
            Term **list = old ? &heap->old_off_heap : &heap->off_heap;
            moved[REFC_NEXT].w = (uintptr_t)*list;
            *list = moved;
            heap->old_off_heap_bytes += old ? moved[REFC_SIZE].w : 0;
        }
        box = next;
    }
}

/* After the copying: off-heap references of what died are dropped, fragments are freed. */
static void sweep(Heap *heap, bool full)
{
    Term *young = heap->off_heap;
    Term *old = heap->old_off_heap;
    heap->off_heap = NULL;
    if (full) {
        heap->old_off_heap = NULL;
        heap->old_off_heap_bytes = 0;
        sweep_list(heap, old);
    }
    sweep_list(heap, young);
    for (Fragment *f = heap->fragments, *next; f; f = next) {
        next = f->next;
        sweep_list(heap, f->off_heap);
        fragment_free_block(f);
    }
    heap->fragments = NULL;
    heap->fragment_words = 0;
    heap->off_heap_bytes = 0;
}

static size_t words_in_fragments(const Heap *heap)
{
    size_t words = 0;
    for (const Fragment *f = heap->fragments; f; f = f->next) {
        words += f->used;
    }
    return words;
}

static Term *new_words(size_t words)
{
    Term *block = alloc_try_for(ALLOC_PROCESS, words * sizeof(Term));
    if (ACT_UNLIKELY(words >= LARGE)) {
        alloc_walked(block, words * sizeof(Term)); /* a quarter of maps:put of 10^6 keys */
    }
    return block;
}

static void free_words(Term *block, size_t words)
{
    alloc_free_for(ALLOC_PROCESS, block, words * sizeof(Term));
}

void gc_pace(Heap *heap, uint64_t reductions)
{
    enum { SOON = 400 };
    heap->near = reductions - heap->collected_at < SOON ? heap->near + 1 : 0;
    heap->collected_at = reductions;
}

/* The block's size for so many collections at a fast pace. The first is about what BEAM's
 * processes begin with; the last fits the processor's first cache. */
static size_t paced_size(uint32_t near)
{
    static const struct {
        uint32_t near, words;
    } steps[] = {{32, 1864}, {8, 712}, {2, 272}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (near >= steps[i].near) {
            return steps[i].words;
        }
    }
    return 0;
}

/* The size that the heap's history asks for. */
static size_t wished_size(const Heap *heap)
{
    size_t current = (size_t)(heap->end - heap->start);
    size_t size = heap->next_words ? heap->next_words : current;
    return ACT_MAX(ACT_MAX(size, paced_size(heap->near)), heap->min_words);
}

/* Makes block the young block: the stack goes to its end. `allocated` is its whole size; if the
 * heap needs no more than the wished size, the rest of the block is left alone. */
static void enter_block(Heap *heap, Term *block, size_t allocated, Term *top, size_t need)
{
    size_t stack_words = (size_t)(heap->end - heap->stack);
    size_t wish = wished_size(heap);
    size_t busy = (size_t)(top - block) + stack_words + need + HEAP_STACK_SLACK;
    size_t size = busy <= wish / 4 * 3 && wish < allocated ? wish : allocated;
    heap->next_words = busy > size / 4 * 3 ? heap_size_for(busy + busy / 2) : 0;
    memcpy(block + size - stack_words, heap->stack, stack_words * sizeof *block);
    free_words(heap->start, heap->block_words);
    heap->start = block;
    heap->block_words = allocated;
    heap->top = heap->high_water = top;
    heap->end = block + size;
    heap->stack = heap->end - stack_words;
}

/* Makes sure of room for all mature words in the old generation; false: collect fully. */
static bool old_has_room(Heap *heap)
{
    size_t mature = (size_t)(heap->high_water - heap->start);
    if (heap->old_start || mature == 0) {
        return (size_t)(heap->old_end - heap->old_top) >= mature;
    }
    size_t size = heap_size_for(ACT_MAX(mature * 2, (size_t)(heap->end - heap->start)));
    heap->old_start = new_words(size);
    if (!heap->old_start) {
        return false;
    }
    heap->old_top = heap->old_start;
    heap->old_end = heap->old_start + size;
    return true;
}

static bool collect_minor(Heap *heap, const Roots *roots, size_t need)
{
    size_t bound = (size_t)(heap->top - heap->high_water) + words_in_fragments(heap) +
                   (size_t)(heap->end - heap->stack) + need + HEAP_STACK_SLACK;
    size_t wish = wished_size(heap);
    /* Untouched memory of large blocks costs nothing: leave room for all to survive and more. */
    size_t size = bound <= wish ? wish : bound < LARGE ? bound : heap_size_for(bound + bound / 4);
    Term *block = new_words(size);
    if (!block) {
        return false;
    }
    Gc g;
    set_ranges(&g, heap, block, size);
    g.top = block;
    roots_minor(&g, heap->stack, roots);
    scan_minor(&g, block, heap->old_top);
    heap->old_top = g.old_top;
    sweep(heap, false);
    enter_block(heap, block, size, g.top, need);
    heap->minor_count++;
    return true;
}

/* Everything into one new block of size words: the young one, or, if young_size is not 0, the old
 * generation beside an empty young block of that size. */
static bool copy_all(Heap *heap, const Roots *roots, size_t size, size_t young_size, size_t need)
{
    Term *block = new_words(size);
    Term *young = young_size ? new_words(young_size) : block;
    if (!block || !young) {
        free_words(block, size);
        if (young != block) {
            free_words(young, young_size);
        }
        return false;
    }
    Gc g;
    set_ranges(&g, heap, block, size);
    g.top = block;
    roots_full(&g, heap->stack, roots);
    scan_full(&g, block);
    Term *old = heap->old_start;
    size_t old_words = (size_t)(heap->old_end - old);
    heap->old_start = young_size ? block : NULL;
    heap->old_top = young_size ? g.top : NULL;
    heap->old_end = young_size ? block + size : NULL;
    sweep(heap, true); /* looks at boxes in the former old generation that did not move */
    free_words(old, old_words);
    enter_block(heap, young, young_size ? young_size : size, young_size ? young : g.top, need);
    heap->minor_count = 0;
    return true;
}

/* As copy_all, with sizes for `words` words that live and room to grow. Many words go to the old
 * generation at once: they have proved that they live long. */
static bool copy_all_with_room(Heap *heap, const Roots *roots, size_t words, size_t need)
{
    size_t extra = (size_t)(heap->end - heap->stack) + need + HEAP_STACK_SLACK;
    if (words < LARGE) {
        size_t size = heap_size_for(words + words / 2 + extra);
        heap->next_words = 0;
        return copy_all(heap, roots, ACT_MAX(size, heap->min_words), 0, need);
    }
    size_t young_size = heap_size_for(words / 2 + extra + extra / 2);
    heap->next_words = young_size;
    return copy_all(heap, roots, heap_size_for(words + words / 2), young_size, need);
}

static bool collect_full(Heap *heap, const Roots *roots, size_t need)
{
    size_t bound = (size_t)(heap->top - heap->start) + (size_t)(heap->old_top - heap->old_start) +
                   words_in_fragments(heap);
    if (!copy_all_with_room(heap, roots, bound, need)) {
        return false;
    }
    /* Mostly empty: once more into blocks that fit. What lives is little, so this is cheap; without
     * memory for it things stay as they are. */
    size_t live = (size_t)(heap->top - heap->start) + (size_t)(heap->old_top - heap->old_start);
    if (live < bound / 3) {
        copy_all_with_room(heap, roots, live, need);
    }
    return true;
}

/* Off-heap bytes that live set the mark at which the next collection is due. */
static void set_off_heap_limit(Heap *heap)
{
    size_t bytes = heap->old_off_heap_bytes;
    for (const Term *box = heap->off_heap; box; box = (Term *)box[REFC_NEXT].w) {
        bytes += box[REFC_SIZE].w;
    }
    if (bytes > heap->off_heap_limit / 2) {
        heap->off_heap_limit = bytes * 2;
    }
    heap->want_full = heap->old_off_heap_bytes > heap->off_heap_limit;
}

bool gc_collect(Heap *heap, const Roots *roots, size_t need, bool full)
{
    size_t used = heap_used(heap);
    if (need > SIZE_MAX / 64) {
        return false;
    }
    full = full || heap->want_full || heap->minor_count >= heap->full_every || !old_has_room(heap);
    if (!(full ? collect_full(heap, roots, need) : collect_minor(heap, roots, need))) {
        return false;
    }
    set_off_heap_limit(heap);
    heap->want_gc = false;
    size_t live = heap_used(heap);
    size_t moved = (size_t)(heap->top - heap->start) + (size_t)(heap->end - heap->stack);
    heap->collections++;
    heap->reclaimed_words += used > live ? used - live : 0;
    heap->last_cost = (uint32_t)ACT_MIN(moved / 16 + 1, INT32_MAX / 2);
    return true;
}

uint32_t gc_last_cost(const Heap *heap)
{
    return heap->last_cost;
}
