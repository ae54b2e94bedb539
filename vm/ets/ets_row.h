/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_row.h: a row: a tuple and all that belongs to it, in one block outside the heaps.
 *
 * Large binaries are not copied, only counted; literals are referred to. All pointers inside a row
 * lead into the same row or to literals, so copying one to a heap is a copy of its words with the
 * pointers moved.
 *
 * A row is written once before it is published, and only read afterwards, with one exception: in a
 * set, elements beside the key that are single words may be stored anew (ets_row_store), which is
 * what counters do. Readers take no lock: one element is read at once (ets_row_element); who reads
 * several of a row of more than two looks at its version before and after (a sequence lock:
 * Lameter, "Effective synchronization on Linux/NUMA systems", 2005), and begins again if it has
 * changed. Who has begun again too often freezes the row: then a change makes a new row. */
#ifndef ACT_ETS_ETS_ROW_H
#define ACT_ETS_ETS_ROW_H

#include "vm/mem/heap.h"
#include "vm/proc/process.h"

#include <stdatomic.h>

/* A link of a hash table's chain: a row, or the start of a bucket. */
typedef struct EtsNode EtsNode;
struct EtsNode {
    _Atomic(EtsNode *) next; /* release when linked, acquire by readers: publishes the row */
    uint64_t order;          /* odd: a row */
};

typedef struct {
    EtsNode node;
    uint32_t words; /* of the term */
    uint8_t extra;  /* words behind the term */
    bool flat;      /* none of the words is a pointer into the row */
    /* any thread, atomic: deleted while the table was fixed. Release, acquire by readers */
    _Atomic(bool) ghost;
    _Atomic(bool) frozen; /* any thread, atomic, relaxed: nothing is stored in it any more */
    union {
        Term *off_heap; /* BOXED_REFC boxes, as a heap's; not of a flat row */
        _Atomic(uint64_t) flat_version;
    };
    Term term[]; /* the tuple comes first: term[0] is its header; then extra, then the version of a
                    row that is not flat */
} EtsRow;

enum { ETS_ROW_HEAD_WORDS = sizeof(EtsRow) / sizeof(Term) };

/* A row with a copy of a tuple of p's, and room for extra words behind it (of zeros); NULL, raised,
 * without memory. Not published yet. */
EtsRow *ets_row_new(Process *p, Term tuple, uint32_t extra);
/* A row like `from` but for elements changed to terms of p's: positions (from 1) and values, count
 * of them. NULL, raised, without memory. */
EtsRow *ets_row_change(Process *p, const EtsRow *from, const uint32_t *positions,
                       const Term *values, size_t count, uint32_t extra);
/* Nobody looks at it any more. Any thread. */
void ets_row_free(EtsRow *row);
/* The row's tuple; lives as long as the row. */
ACT_INLINE Term ets_row_term(const EtsRow *row)
{
    return boxed_term(row->term);
}
ACT_INLINE bool ets_row_is_ghost(const EtsRow *row)
{
    /* acquire: pairs with the release that made it one */
    return atomic_load_explicit(&row->ghost, memory_order_acquire);
}

/* Element `position` (from 1). */
ACT_INLINE Term ets_row_element(const EtsRow *row, size_t position)
{
    /* acquire: pairs with the release in ets_row_store: the version it has begun with is seen, too
     */
    return TERM_RAW(__atomic_load_n(&row->term[position].w, __ATOMIC_ACQUIRE));
}

/* True if it has more than one element that may be stored anew, so a version. */
ACT_INLINE bool ets_row_has_version(const EtsRow *row)
{
    return header_words(row->term[0].w) > 2;
}
/* A row with a version is looked at like this:
 *
 *     unsigned tries = 0;
 *     uint64_t version;
 *     do {
 *         version = ets_row_look(row, tries++);
 *         ...
 *     } while (!ets_row_seen(row, version));
 *
 * ets_row_look waits until nobody is storing. Both do nothing for a row without a version. */
uint64_t ets_row_await(EtsRow *row, unsigned tries);
uint64_t ets_row_version(const EtsRow *row);
ACT_INLINE uint64_t ets_row_look(const EtsRow *row, unsigned tries)
{
    return ets_row_has_version(row) ? ets_row_await((EtsRow *)row, tries) : 0;
}
ACT_INLINE bool ets_row_seen(const EtsRow *row, uint64_t version)
{
    return !ets_row_has_version(row) || ets_row_version(row) == version;
}
/* The key's lock is held: stores these values in these elements (from 1), for readers at once.
 * False if that cannot be done in place: they must be a row of their own. */
bool ets_row_store(EtsRow *row, const uint32_t *positions, const Term *values, size_t count);

/* A copy of the row's tuple on p's heap, of one moment; TERM_NONE, raised, without memory. */
Term ets_row_copy(Process *p, const EtsRow *row);
Term ets_row_list(Process *p, const EtsRow *row); /* [Copy] */
/* A copy on p's heap of a term that lies in some row, on p's heap or in both; t itself if there is
 * nothing to copy. TERM_NONE, raised, without memory. */
Term ets_part_copy(Process *p, Term t);

#endif
