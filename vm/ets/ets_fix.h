/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_fix.h: processes that hold a table fixed, and what follows when the last lets go.
 *
 * While a table is fixed its deleted rows stay, and so do bodies that were cleared. When the last
 * fixer is gone the rows are taken out, a turn's worth at a time by all who come for the table and
 * may go on only then (as with ets_bulk.h): nobody finds a row of a fixation that is over. */
#ifndef ACT_ETS_ETS_FIX_H
#define ACT_ETS_ETS_FIX_H

#include "vm/ets/ets.h"

/* The process holds t fixed once more, *first: it did not before. False without memory. */
bool ets_fix_take(EtsTable *t, Term pid, bool *first);
/* Once less, or not at all any more if `all`; true if it did hold t and does no longer. */
bool ets_fix_give(Scheduler *s, EtsTable *t, Term pid, bool all);

/* The bodies that were cleared while t was fixed, t's no more; all locks are held, but not while
 * they are given back. */
EtsBody *ets_fix_take_kept(EtsTable *t);
void ets_fix_retire_kept(Scheduler *s, EtsBody *body);

/* True if rows of a fixation that is over are left: ets_fix_sweep first. */
ACT_INLINE bool ets_fix_leaves(const EtsTable *t)
{
    /* acquire: pairs with the releases in ets_fix.c */
    return atomic_load_explicit(&t->swept, memory_order_acquire) !=
           atomic_load_explicit(&t->loosened, memory_order_acquire);
}
/* What is left of p's turn for these rows; true if there are none (any more). */
bool ets_fix_sweep(Process *p, EtsTable *t);

#endif
