/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/away.c: see away.h. */
#include "vm/sched/away.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"
#include "vm/sched/helpers.h"
#include "vm/term/binary.h"
#include "vm/term/weight.h"
#include "vm/vm_parts.h"

enum { ENDLESS = INT32_MAX / 2 };

bool away_heavy(const Process *p, Term t)
{
    if ((!term_is_cons(t) && !term_is_boxed(t)) || p->vm->host->simulated) {
        return false;
    }
    /* on a small heap only what lies outside can be large (binaries), and only integers take more
     * steps than they have words */
    return (away_possible(p) || term_is_bitstring(t) || term_is_big(t)) &&
           term_heavier(t, AWAY_STEPS);
}

bool away_wanted(const Process *p, size_t steps)
{
    return steps > AWAY_STEPS && p->away == AWAY_NO && !p->vm->host->simulated;
}

/* Calls the function until it is through: what it does in turns elsewhere it does at once here. */
static void work_function(Process *p)
{
    int32_t reductions = p->reductions;
    p->away = AWAY_THERE;
    do {
        p->pending = PENDING_NONE;
        p->reductions = ENDLESS;
        p->away_result = p->away_function(p, p->away_args);
    } while (term_same(p->away_result, TERM_NONE) && p->pending == PENDING_AGAIN);
    p->reductions = reductions;
    p->away_pending = p->pending;
    p->pending = PENDING_NONE;
    p->away = AWAY_BACK;
}

Term away_ask(Process *p, Term (*function)(Process *p, const Term *a), const Term *a,
              unsigned count)
{
    VM_CHECK(count <= ACT_COUNT(p->away_args));
    memcpy(p->away_args, a, count * sizeof *a);
    p->away_function = function;
    p->away_work = work_function;
    p->pending = PENDING_AWAY;
    return TERM_NONE;
}

typedef struct {
    HelperJob base;
    Process *p;
} AwayJob;

static void away_work(HelperJob *base, Host *host)
{
    Process *p = ((AwayJob *)base)->p;
    p->away_work(p);
}

static void away_discard(HelperJob *base, Vm *vm)
{
    alloc_free(base);
}

static void away_arrive(HelperJob *base, Scheduler *s)
{
    Process *p = ((AwayJob *)base)->p;
    alloc_free(base);
    scheduler_queue(s, p);
}

static const HelperKind away_kind = {
    .work = away_work, .discard = away_discard, .arrive = away_arrive, .uses_vm = true};

void away_start(Scheduler *s, Process *p)
{
    AwayJob *job = alloc_try_zero(sizeof *job);
    if (job) {
        job->base.kind = &away_kind;
        job->p = p;
        if (helpers_give(s, &job->base)) {
            return;
        }
        alloc_free(job);
    }
    p->away_work(p); /* nobody to do it */
    scheduler_queue(s, p);
}
