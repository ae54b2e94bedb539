/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/away.h: a process is away while a helper thread does something long for it on its own
 * heap: a built-in over a huge term, arithmetic on huge integers, a large collection, the copy of a
 * huge message. It stands in no run queue and is not WAITING either, so that nobody else touches
 * it; signals pile up in its outer queue. Then it is queued again and goes on.
 *
 * Whoever finds that work would take long asks (away_ask) and returns TERM_NONE: the turn ends, the
 * work is done, and the same instruction is executed again, which finds p->away AWAY_BACK and takes
 * the result (away_take). Never in simulated runs, which repeat. */
#ifndef ACT_SCHED_AWAY_H
#define ACT_SCHED_AWAY_H

#include "vm/proc/process.h"
#include "vm/sched/scheduler.h"

enum {
    AWAY_STEPS = 20000,            /* what takes more (term/weight.h) is done away */
    AWAY_HEAP_WORDS = 65536,       /* a heap of less holds nothing that takes long, */
    AWAY_OFF_HEAP_BYTES = 1 << 20, /* with less than that in binaries outside */
};

/* True if p's heap has room for something that takes long. Its room, not what is used of it: that
 * would mean a walk over its fragments at each send. */
ACT_INLINE bool away_possible(const Process *p)
{
    return heap_total(&p->heap) > AWAY_HEAP_WORDS ||
           p->heap.off_heap_bytes + p->heap.old_off_heap_bytes > AWAY_OFF_HEAP_BYTES;
}
/* True if work over t, on p's heap or a binary, should be done away. Cheap for small heaps. */
bool away_heavy(const Process *p, Term t);
/* True if work of so many steps (one: some 50 nanoseconds) should be done away and p is here. */
bool away_wanted(const Process *p, size_t steps);
/* Has function(p, args) done away; a is copied. TERM_NONE: p->pending says so. */
Term away_ask(Process *p, Term (*function)(Process *p, const Term *a), const Term *a,
              unsigned count);
/* p is back: what the function has returned; p->pending is as it left it. */
ACT_INLINE Term away_take(Process *p)
{
    p->away = AWAY_NO;
    p->pending = p->away_pending;
    return p->away_result;
}

/* On the helper thread: made, not on p's heap, is what the work was for; unmake(made) if p dies. */
ACT_INLINE void away_keep(Process *p, void *made, void (*unmake)(void *made))
{
    p->away_made = made;
    p->away_unmake = unmake;
}
/* p is back: what was kept, NULL if there was no memory for it. */
ACT_INLINE void *away_take_made(Process *p)
{
    void *made = p->away_made;
    away_take(p);
    p->away_made = NULL;
    return made;
}

/* Sends p, whose turn has ended and whose whole state is in it, away: p->away_work is done. */
void away_start(Scheduler *s, Process *p);

#endif
