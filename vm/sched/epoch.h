/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/epoch.h: when may memory go that another thread may still look at?
 *
 * Quiescent-state reclamation (Hart, McKenney, Brown, Walpole, "Performance of memory reclamation
 * for lockless synchronization", 2007). A scheduler passes a quiet point between two turns: it then
 * holds no pointer it looked up. What is retired in epoch e is freed when every scheduler has seen
 * an epoch of at least e; a sleeping scheduler counts as having seen all. */
#ifndef ACT_SCHED_EPOCH_H
#define ACT_SCHED_EPOCH_H

#include "vm/proc/process.h"
#include "vm/sched/scheduler.h"

/* At the end of a turn: the scheduler holds no looked-up pointer now. Frees what may go. */
void epoch_quiet(Scheduler *s);
/* Around sleeping. */
void epoch_sleep(Scheduler *s);
void epoch_wake(Scheduler *s);
/* p is in no table any more; its struct is freed when nobody can look at it. The scheduler that
 * calls keeps it until then. */
void epoch_retire(Scheduler *s, Process *p);
/* Frees all that is retired; no other scheduler runs. */
void epoch_drain(Scheduler *s);

#endif
