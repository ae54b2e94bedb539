/* SPDX-License-Identifier: Apache-2.0 */
/* vm/mem/heap.h: a process's memory: one block in which the heap grows up and the stack grows
 * down, an old generation, and fragments.
 *
 *   start … top → free ← stack … end        old_start … old_top … old_end
 *
 * Young terms below high_water survived one collection and move to the old generation at the next.
 * Fragments hold what did not fit between safepoints (results of built-ins, accepted messages);
 * the next collection copies the live part of them into the heap. Terms never point from old to
 * young, from a heap to another process's heap, or into a fragment from the old generation.
 *
 * A term pointer leads into: the young block, the old generation, a fragment of this process, or
 * the VM's literal area (never moved). Nothing else.
 *
 * Owner: the thread that runs the process. No locks. */
#ifndef ACT_MEM_HEAP_H
#define ACT_MEM_HEAP_H

#include "vm/base/alloc.h"
#include "vm/mem/site.h"
#include "vm/term/room.h"
#include "vm/types.h"

typedef struct Fragment Fragment;
struct Fragment {
    Fragment *next;
    size_t room; /* words in words[] */
    size_t used;
    Term *off_heap; /* BOXED_REFC boxes in words[], as a list (mem/offheap.h) */
    Term words[];
};

/* What a program may ask for as a least size: beyond, no machine has the memory. */
#define HEAP_MOST_MIN_WORDS ((int64_t)1 << 36)

struct Heap {
    Term *top;
    Term *stack; /* last word pushed; top <= stack */
    Term *start;
    Term *end;
    size_t block_words; /* that start was made with; end may stand before their end */
    Term *high_water;
    Term *old_start;
    Term *old_top;
    Term *old_end;
    Fragment *fragments; /* newest first; allocation goes to the newest if it has room */
    size_t fragment_words;
    Term *off_heap; /* young BOXED_REFC boxes of this heap, linked through their last word */
    Term *old_off_heap;
    size_t off_heap_bytes;     /* bytes boxed since the last collection: bring it forward */
    size_t old_off_heap_bytes; /* bytes of old_off_heap: bring a full one forward */
    size_t off_heap_limit;     /* for either; grows with what lives */
    size_t min_bin_words;      /* min_bin_vheap_size: only told */
    size_t min_words;          /* the block is never smaller (min_heap_size); HEAP_MOST_MIN_WORDS */
    size_t max_words;          /* 0: no limit (max_heap_size) */
    size_t next_words;    /* size that the next collection should make the block; 0: as it is */
    uint32_t minor_count; /* minor collections since the last full one */
    uint32_t full_every;  /* fullsweep_after */
    bool want_full;
    bool want_gc;         /* collect at the next safepoint (fragments or off-heap bytes) */
    const Term *literals; /* the VM's literal area: [literals, literals_end) is never moved */
    const Term *literals_end;
    uint64_t collected_at; /* the last collection: reductions of the process before it */
    uint32_t near;         /* collections in a row that came soon after the one before */
    uint32_t last_cost;    /* of the last collection, in reductions */
    uint64_t collections, reclaimed_words; /* for statistics */
};

enum {
    HEAP_FIRST_WORDS = 64, /* of a new process; block sizes then grow as mem/heap_sizes.c tells */
    HEAP_STACK_SLACK =
        2, /* words always free between top and stack: a leaf call's return address */
};

/* Makes an empty heap of at least words words. False without memory. */
bool heap_init(Heap *heap, size_t words, const Term *literals, const Term *literals_end);
/* Gives all memory back, dropping references to off-heap binaries. */
void heap_free(Heap *heap);

/* Room for words words that the caller fills at once, completely, with terms or a header and its
 * words: from the block if it fits, else from a fragment (always under STRESS(fragment)). Moves
 * nothing. NULL without memory. Sets want_gc when fragments have grown large. */
Term *heap_alloc(Heap *heap, size_t words);
/* Gives back the unused end of the latest heap_alloc: its last `words` words. */
void heap_shrink(Heap *heap, Term *end_of_alloc, size_t words);

/* What stands on the heap now; heap_release gives back all that was allocated since, which nothing
 * leads to any more. No collection may lie between the two. */
typedef struct {
    Term *top;
    const Term *off_heap;
    Fragment *fragment;
    size_t fragment_used;
    bool want_gc;
} HeapMark;
HeapMark heap_mark(const Heap *heap);
void heap_release(Heap *heap, HeapMark mark);

/* The heap as a place to build terms in. */
TermRoom heap_room(Heap *heap);

/* Words in use: heap, stack, old generation, fragments. */
size_t heap_used(const Heap *heap);
/* Words of all blocks: total_heap_size. */
ACT_INLINE size_t heap_total(const Heap *heap)
{
    return (size_t)(heap->end - heap->start) + (size_t)(heap->old_end - heap->old_start) +
           heap->fragment_words;
}

/* Links a ready-made fragment (an accepted message) into the heap: the heap owns it from now on. */
void heap_add_fragment(Heap *heap, Fragment *fragment);
/* A fragment of exactly this room, used = 0; NULL without memory. Freed with fragment_free, on any
 * thread. */
Fragment *fragment_new(size_t words);
void fragment_free(Fragment *fragment); /* drops its off-heap references too */
/* Frees a fragment whose off-heap references have become another's. */
ACT_INLINE void fragment_free_block(Fragment *fragment)
{
    alloc_free_for(ALLOC_PROCESS, fragment, sizeof *fragment + fragment->room * sizeof(Term));
}

/* Everything outside the heap that refers into it, as data. No word may be in it twice. */
typedef struct {
    Term *items;
    size_t count;
} RootRange;

typedef struct {
    RootRange
        ranges[12]; /* registers already filtered by live masks, process fields, dictionary … */
    size_t range_count;
    const RootRange *more; /* as many more, NULL if more_count is 0 */
    size_t more_count;
    const Site *top_site; /* of the top frame on the stack; its Y slots start at heap->stack */
    const Site *sites;    /* the VM's table: return addresses lead to sites[address[-1]] */
    Term *x;              /* x registers; which are live, top_site->live_x / live_count tells */
    bool use_x;
    bool no_frame; /* the stack is empty or holds nothing to walk */
} Roots;

/* Collects so that `need` words are free between top and stack afterwards (beside the slack).
 * Minor or full as the heap's history asks; full if told so.
 * False without memory: the heap is still valid then, but `need` words may not be free. Updates
 * every root. */
bool gc_collect(Heap *heap, const Roots *roots, size_t need, bool full);

/* Before gc_collect: so many reductions its process has done in all. A heap that is collected soon
 * after the last time, again and again, gets a larger block, however little lives on it. */
void gc_pace(Heap *heap, uint64_t reductions);

/* After gc_collect, the cost of it in reductions. */
uint32_t gc_last_cost(const Heap *heap);

/* Debug: walks all roots and all that they reach; VM_BUG on the first word that breaks the rules at
 * the head of this file. */
void heap_check(const Heap *heap, const Roots *roots);

#endif
