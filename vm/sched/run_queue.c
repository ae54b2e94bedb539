/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/run_queue.c: four linked lists under one lock. */
#include "vm/sched/run_queue.h"

enum { LOW_PASSED_AT_MOST = 8, LIFTED_FROM_AT_MOST = 4096 };

/* Under lock. */
static void put_last(RunQueue *q, Process *p, unsigned priority)
{
    p->run_next = NULL;
    if (q->last[priority]) {
        q->last[priority]->run_next = p;
    } else {
        q->first[priority] = p;
    }
    q->last[priority] = p;
    q->lengths[priority]++;
}

void run_queue_push(RunQueue *q, Process *p)
{
    unsigned lifted = atomic_load_explicit(&p->lifted, memory_order_relaxed);
    unsigned priority = ACT_MAX(p->priority, lifted);
    spin_lock(&q->lock);
    put_last(q, p, priority);
    spin_unlock(&q->lock);
    if (priority > PRIORITY_NORMAL) {
        atomic_fetch_add_explicit(&q->urgent, 1, memory_order_relaxed);
    }
    atomic_fetch_add_explicit(&q->length, 1, memory_order_seq_cst);
}

/* Under lock. */
static Process *take_after(RunQueue *q, unsigned priority, Process *before)
{
    Process *p = before ? before->run_next : q->first[priority];
    if (before) {
        before->run_next = p->run_next;
    } else {
        q->first[priority] = p->run_next;
    }
    if (q->last[priority] == p) {
        q->last[priority] = before;
    }
    q->lengths[priority]--;
    return p;
}

/* Under lock. True if p stood there and was taken out. */
static bool take_out(RunQueue *q, const Process *p, unsigned priority)
{
    Process *before = NULL;
    Process *at = q->first[priority];
    for (unsigned steps = 0; at && at != p && steps < LIFTED_FROM_AT_MOST; steps++) {
        before = at;
        at = at->run_next;
    }
    return at == p && take_after(q, priority, before);
}

bool run_queue_lift(RunQueue *q, Process *p, unsigned priority)
{
    bool here = false;
    unsigned from = priority;
    spin_lock(&q->lock);
    while (!here && from > 0) {
        here = take_out(q, p, --from);
    }
    if (here) {
        put_last(q, p, priority);
    }
    spin_unlock(&q->lock);
    if (here && from <= PRIORITY_NORMAL && priority > PRIORITY_NORMAL) {
        atomic_fetch_add_explicit(&q->urgent, 1, memory_order_relaxed);
    }
    return here;
}

static unsigned choose(RunQueue *q)
{
    for (unsigned priority = PRIORITY_MAX; priority > PRIORITY_NORMAL; priority--) {
        if (q->lengths[priority]) {
            return priority;
        }
    }
    if (!q->lengths[PRIORITY_LOW]) {
        return PRIORITY_NORMAL;
    }
    if (!q->lengths[PRIORITY_NORMAL] || ++q->low_passed >= LOW_PASSED_AT_MOST) {
        q->low_passed = 0;
        return PRIORITY_LOW;
    }
    return PRIORITY_NORMAL;
}

static Process *taken(RunQueue *q, Process *p, unsigned priority)
{
    spin_unlock(&q->lock);
    if (p) {
        atomic_fetch_sub_explicit(&q->length, 1, memory_order_relaxed);
        if (priority > PRIORITY_NORMAL) {
            atomic_fetch_sub_explicit(&q->urgent, 1, memory_order_relaxed);
        }
    }
    return p;
}

Process *run_queue_take(RunQueue *q)
{
    if (atomic_load_explicit(&q->length, memory_order_relaxed) == 0) {
        return NULL;
    }
    spin_lock(&q->lock);
    unsigned priority = choose(q);
    Process *p = q->lengths[priority] ? take_after(q, priority, NULL) : NULL;
    return taken(q, p, priority);
}

Process *run_queue_take_nth(RunQueue *q, uint32_t n)
{
    spin_lock(&q->lock);
    for (unsigned priority = PRIORITY_COUNT; priority-- > 0;) {
        if (n >= q->lengths[priority]) {
            n -= q->lengths[priority];
            continue;
        }
        Process *before = NULL;
        while (n-- > 0) {
            before = before ? before->run_next : q->first[priority];
        }
        return taken(q, take_after(q, priority, before), priority);
    }
    return taken(q, NULL, 0);
}
