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

enum { EPOCH_BAG = 256 }; /* blocks deferred together */

/* At the end of a turn: the scheduler holds no looked-up pointer now. Frees what may go. */
void epoch_quiet(Scheduler *s);
/* Around sleeping. */
void epoch_sleep(Scheduler *s);
void epoch_wake(Scheduler *s);
/* True if deferred blocks are left that another scheduler may still look at: sleep not for long. */
bool epoch_waits(const Scheduler *s);
/* p is in no table any more; its struct is freed when nobody can look at it. The scheduler that
 * calls keeps it until then. */
void epoch_retire(Scheduler *s, Process *p);
/* Blocks of other rooms (tables' rows): epoch_reserve first makes sure that `count` more (at most
 * EPOCH_BAG) can be noted, false without memory; epoch_defer then notes one: release(s, block) is
 * called, on this scheduler, when nobody can look at it any more. epoch_hurry: without waiting for
 * more to come together. The scheduler's own thread. */
bool epoch_reserve(Scheduler *s, size_t count);
void epoch_defer(Scheduler *s, void (*release)(Scheduler *s, void *block), void *block);
void epoch_hurry(Scheduler *s);
/* A mark in time; and whether every scheduler has passed a quiet point since. Any thread. */
uint64_t epoch_mark(Vm *vm);
bool epoch_passed(const Vm *vm, uint64_t mark);
/* A helper thread looks at what this scheduler has found in its turn, also after it: nothing of it
 * goes before epoch_unpin (any thread). The pin is the beginning of a block from alloc, which is
 * epoch's until then. */
typedef struct EpochPin EpochPin;
struct EpochPin {
    EpochPin *next, *before;
    uint64_t epoch;
};
void epoch_pin(Scheduler *s, EpochPin *pin);
void epoch_unpin(Vm *vm, EpochPin *pin);
/* Frees all that is retired; no other scheduler runs, and no helper. */
void epoch_drain(Scheduler *s);

#endif
