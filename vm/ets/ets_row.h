/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_row.h: a row: a tuple and all that belongs to it, in one block outside the heaps.
 *
 * Large binaries are not copied, only counted; literals are referred to. All pointers inside a row
 * lead into the same row or to literals, so copying one to a heap is a copy of its words with the
 * pointers moved. Written once before the row is published, only read afterwards, with one
 * exception: the one element beside the key of a flat row of two may be stored anew (a counter), so
 * elements of rows that are flat are read by ets_row_element. */
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
    bool flat;      /* none of the words is a pointer into the row */
    /* any thread, atomic: deleted while the table was fixed. Release, acquire by readers */
    _Atomic(bool) ghost;
    uint16_t extra; /* words behind the term */
    Term *off_heap; /* BOXED_REFC boxes, as a heap's */
    Term term[];    /* the tuple comes first: term[0] is its header */
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
    /* relaxed: a word for itself */
    return TERM_RAW(__atomic_load_n(&row->term[position].w, __ATOMIC_RELAXED));
}
/* True if the element can be stored in place: nobody can see two of a row's elements at odds. */
ACT_INLINE bool ets_row_in_place(const EtsRow *row)
{
    return row->flat && row->words == 3;
}
ACT_INLINE void ets_row_store(EtsRow *row, size_t position, Term word)
{
    __atomic_store_n(&row->term[position].w, word.w, __ATOMIC_RELAXED);
}

/* A copy of the row's tuple on p's heap; TERM_NONE, raised, without memory. */
Term ets_row_copy(Process *p, const EtsRow *row);
/* A copy on p's heap of a term that lies in some row, on p's heap or in both; t itself if there is
 * nothing to copy. TERM_NONE, raised, without memory. */
Term ets_part_copy(Process *p, Term t);

#endif
