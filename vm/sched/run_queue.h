/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/run_queue.h: processes that want to run, first in, first out within a priority.
 * Any thread may push and take; a spin lock guards it. */
#ifndef ACT_SCHED_RUN_QUEUE_H
#define ACT_SCHED_RUN_QUEUE_H

#include "vm/base/spin.h"
#include "vm/proc/process.h"

enum { PRIORITY_COUNT = 4 };

typedef struct {
    alignas(64) SpinLock lock;
    /* under lock */
    Process *first[PRIORITY_COUNT];
    Process *last[PRIORITY_COUNT];
    uint32_t lengths[PRIORITY_COUNT];
    uint32_t low_passed; /* times low was passed over for normal */
    /* any thread, atomic. seq_cst in push: pairs with the sleeper's look after it has said that it
     * sleeps (scheduler.c) */
    _Atomic(uint32_t) length;
    _Atomic(uint32_t) urgent; /* of priority high and max; relaxed: a hint */
} RunQueue;

void run_queue_push(RunQueue *q, Process *p);
/* If p stands here behind others of less than that priority, it goes to the end of those that have
 * it. (Not if it stands behind thousands.) True if p was here. */
bool run_queue_lift(RunQueue *q, Process *p, unsigned priority);
/* The process to run next, or NULL: max before high before normal, low now and then. */
Process *run_queue_take(RunQueue *q);
/* The n-th of all, n < length, for the seeded policy; NULL if there are fewer. */
Process *run_queue_take_nth(RunQueue *q, uint32_t n);

ACT_INLINE uint32_t run_queue_length(const RunQueue *q)
{
    return atomic_load_explicit(&q->length, memory_order_seq_cst);
}

#endif
