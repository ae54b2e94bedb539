/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/epoch.c: one counter for the machine, one mark a scheduler. */
#include "vm/sched/epoch.h"

#include "vm/base/alloc.h"
#include "vm/vm_parts.h"

enum { RECLAIM_EVERY = 32 };

static uint64_t oldest_seen(const Vm *vm)
{
    uint64_t oldest = UINT64_MAX;
    for (unsigned i = 0; i < vm->scheduler_count; i++) {
        /* acquire: pairs with the release in epoch_quiet: that scheduler's looks are over */
        uint64_t seen = atomic_load_explicit(&vm->schedulers[i]->epoch_seen, memory_order_acquire);
        oldest = ACT_MIN(oldest, seen);
    }
    return oldest;
}

static void free_up_to(Scheduler *s, uint64_t epoch)
{
    while (s->retired && s->retired->retired_epoch <= epoch) {
        Process *p = s->retired;
        s->retired = p->retired_next;
        alloc_free(p);
    }
    if (!s->retired) {
        s->retired_end = &s->retired;
    }
}

void epoch_quiet(Scheduler *s)
{
    /* seq_cst load: sees every removal whose retirement it counts; release store: pairs with
     * oldest_seen */
    uint64_t now = atomic_load_explicit(&s->vm->epoch, memory_order_seq_cst);
    atomic_store_explicit(&s->epoch_seen, now, memory_order_release);
    if (s->retired && ++s->quiet_count % RECLAIM_EVERY == 0) {
        free_up_to(s, oldest_seen(s->vm));
    }
}

void epoch_sleep(Scheduler *s)
{
    atomic_store_explicit(&s->epoch_seen, UINT64_MAX, memory_order_release);
    free_up_to(s, oldest_seen(s->vm));
}

void epoch_wake(Scheduler *s)
{
    /* seq_cst exchange: the mark stands before any look-up that follows */
    uint64_t now = atomic_load_explicit(&s->vm->epoch, memory_order_seq_cst);
    atomic_exchange_explicit(&s->epoch_seen, now, memory_order_seq_cst);
}

void epoch_retire(Scheduler *s, Process *p)
{
    p->retired_next = NULL;
    p->retired_epoch = atomic_fetch_add_explicit(&s->vm->epoch, 1, memory_order_seq_cst) + 1;
    *s->retired_end = p;
    s->retired_end = &p->retired_next;
}

void epoch_drain(Scheduler *s)
{
    free_up_to(s, UINT64_MAX);
}
