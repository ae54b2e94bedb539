/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_bulk.h: a list of rows that goes into a table as one: whoever asks for a key sees none
 * of them or all.
 *
 * A short list goes in under all of the table's locks. A long one would keep them for too long: it
 * stands in the table (EtsTable.bulk) and goes in a turn's worth at a time, put there by all who
 * come for the table: the process that inserts, and every other, which may go on only then. So
 * nobody waits for a process that has no turn, and what a process that died has begun the next to
 * come ends. (OTP has its processes help one another, too.)
 *
 * Where many rows are changed one after the other in a turn (select_delete, select_replace), no
 * bulk may begin in the midst: ets_rework_begin. */
#ifndef ACT_ETS_ETS_BULK_H
#define ACT_ETS_ETS_BULK_H

#include "vm/ets/ets.h"
#include "vm/mem/offheap.h"

typedef enum {
    ETS_BULK_MADE, /* not in a table yet */
    ETS_BULK_LOOKS,
    ETS_BULK_PUTS,
    /* it is over: */
    ETS_BULK_PUT,
    ETS_BULK_REFUSED,   /* insert_new, and one of the keys was there */
    ETS_BULK_NO_MEMORY, /* some of it is in the table */
    ETS_BULK_GONE,      /* the table was deleted */
} EtsBulkState;

struct EtsBulk {
    OffHeap *block; /* that it lies in */
    uint32_t key_position, extra;
    /* any thread, atomic: changes under all locks of the table. Release, acquire: who sees that it
     * is over sees what has become of it */
    _Atomic(EtsBulkState) state;
    /* under all locks of the table */
    bool backwards; /* the last row first */
    size_t next;    /* the first that was not looked at, or is not in the table yet */
    size_t count;
    EtsRow *rows[];
};

/* Copies of the tuples of a proper list that is so long, for a table of such keys and rows, with
 * one reference of the caller's to bulk->block, whose end frees what is in no table. NULL, raised,
 * without memory. */
EtsBulk *ets_bulk_new(Process *p, Term list, size_t length, uint32_t key_position, uint32_t extra);
ACT_INLINE EtsBulk *ets_bulk_of(OffHeap *block)
{
    return (EtsBulk *)block->bytes;
}
ACT_INLINE EtsBulkState ets_bulk_state(EtsBulk *bulk)
{
    return atomic_load_explicit(&bulk->state, memory_order_acquire);
}

/* All of it, at once. False: t was deleted, or is busy, or no memory (raised). */
bool ets_bulk_put(Process *p, EtsTable *t, EtsBulk *bulk, bool only_new);
/* It stands in the table; ets_bulk_help does the work. False: t was deleted, or is busy. */
bool ets_bulk_begin(EtsTable *t, EtsBulk *bulk, bool only_new);
/* What is left of p's turn for the bulk in t; true if there is none (any more). */
bool ets_bulk_help(Process *p, EtsTable *t);
/* The bulk in t, if there is one, is over like that. All locks are held. */
void ets_bulk_end(EtsTable *t, EtsBulkState state);

/* Around a turn's changes of one row after the other. False: t is busy. */
bool ets_rework_begin(EtsTable *t);
void ets_rework_end(EtsTable *t);

#endif
