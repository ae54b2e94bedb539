/* SPDX-License-Identifier: Apache-2.0 */
/* vm/ets/ets_fix.c: see ets_fix.h. */
#include "vm/ets/ets_fix.h"

#include "vm/base/alloc.h"
#include "vm/ets/ets_tables.h"
#include "vm/host/host.h"

enum {
    AT_ONCE = 500, /* rows taken out by who lets go, in no turn's time */
    REDUCTIONS_A_ROW = 4,
    MIN_ROWS = 16,
};

static EtsFixer *fixer_of(EtsTable *t, Term pid)
{
    for (uint32_t i = 0; i < t->fixer_count; i++) {
        if (term_same(t->fixers[i].pid, pid)) {
            return &t->fixers[i];
        }
    }
    return NULL;
}

static bool fixer_add(EtsTable *t, Term pid)
{
    if (t->fixer_count == t->fixer_room) {
        uint32_t room = t->fixer_room * 2 + 2;
        EtsFixer *grown = alloc_try_resize(t->fixers, room * sizeof *grown);
        if (!grown) {
            return false;
        }
        t->fixers = grown;
        t->fixer_room = room;
    }
    if (t->fixer_count == 0) {
        Host *host = t->vm->host;
        t->fixed_at_monotonic = host->monotonic(host);
        t->fixed_at_system = host->wall(host);
    }
    t->fixers[t->fixer_count++] = (EtsFixer){pid, 1};
    atomic_store_explicit(&t->fixes, t->fixer_count, memory_order_seq_cst);
    return true;
}

bool ets_fix_take(EtsTable *t, Term pid, bool *first)
{
    spin_lock(&t->meta);
    EtsFixer *fixer = fixer_of(t, pid);
    *first = !fixer;
    bool holds = fixer || fixer_add(t, pid);
    if (fixer) {
        fixer->count++;
    }
    spin_unlock(&t->meta);
    return holds;
}

/* Takes out deleted rows, and counts *budget down; true if none is left. */
static bool sweep(Scheduler *s, EtsTable *t, size_t *budget)
{
    uint64_t loosened = atomic_load_explicit(&t->loosened, memory_order_acquire);
    if (!t->kind->sweep(t, ets_body(t), s, budget)) {
        return false;
    }
    uint64_t swept = atomic_load_explicit(&t->swept, memory_order_relaxed);
    /* release: who sees it sees the rows gone. What was loosened meanwhile is not swept */
    while (swept < loosened &&
           !atomic_compare_exchange_weak_explicit(&t->swept, &swept, loosened, memory_order_release,
                                                  memory_order_relaxed)) {
    }
    return !ets_fix_leaves(t);
}

EtsBody *ets_fix_take_kept(EtsTable *t)
{
    return atomic_exchange_explicit(&t->kept, NULL, memory_order_relaxed);
}

void ets_fix_retire_kept(Scheduler *s, EtsBody *body)
{
    while (body) {
        EtsBody *next = body->next;
        ets_tables_retire_body(s, body);
        body = next;
    }
}

static void drop_kept(Scheduler *s, EtsTable *t)
{
    EtsBody *body = ets_lock_body(t);
    if (body) {
        bool fixed = atomic_load_explicit(&t->fixes, memory_order_seq_cst) > 0;
        EtsBody *kept = fixed ? NULL : ets_fix_take_kept(t);
        t->kind->unlock_all(body);
        ets_fix_retire_kept(s, kept);
    }
}

bool ets_fix_give(Scheduler *s, EtsTable *t, Term pid, bool all)
{
    spin_lock(&t->meta);
    EtsFixer *fixer = fixer_of(t, pid);
    bool ended = fixer && (all || --fixer->count == 0);
    bool last = ended && t->fixer_count == 1;
    if (ended) {
        *fixer = t->fixers[--t->fixer_count];
        atomic_store_explicit(&t->fixes, t->fixer_count, memory_order_seq_cst);
    }
    if (last) {
        /* release: whoever sweeps for it sees that t was not fixed */
        atomic_fetch_add_explicit(&t->loosened, 1, memory_order_release);
    }
    spin_unlock(&t->meta);
    if (last && epoch_reserve(s, 1)) {
        drop_kept(s, t);
        size_t budget = AT_ONCE;
        sweep(s, t, &budget);
    }
    return ended;
}

bool ets_fix_sweep(Process *p, EtsTable *t)
{
    size_t most = (size_t)ACT_MAX(p->reductions, 0) / REDUCTIONS_A_ROW + MIN_ROWS;
    size_t budget = most;
    bool none = sweep(p->scheduler, t, &budget);
    process_spend(p, (int32_t)(most - budget) * REDUCTIONS_A_ROW);
    return none;
}
