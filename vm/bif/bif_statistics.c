/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_statistics.c: erlang:statistics/1: times, reductions, queues. */
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/sched/scheduler.h"
#include "vm/term/atom.h"
#include "vm/vm_parts.h"

#include <string.h>

/* {Value, Value since the last call} */
static Term since_last(Process *p, int64_t value, _Atomic(int64_t) *last)
{
    int64_t before = atomic_exchange_explicit(last, value, memory_order_relaxed);
    Term now = util_int64(p, value), since = util_int64(p, value - before);
    return term_same(now, TERM_NONE) || term_same(since, TERM_NONE) ? TERM_NONE
                                                                    : UTIL_TUPLE(p, now, since);
}

static Term stat_runtime(Process *p)
{
    Host *host = vm_host(p->vm);
    return since_last(p, host->cpu_time(host) / 1000000, &vm_bifs(p->vm)->last_runtime);
}

static Term stat_wall_clock(Process *p)
{
    Host *host = vm_host(p->vm);
    BifShared *shared = vm_bifs(p->vm);
    int64_t passed = host->monotonic(host) - shared->start_monotonic;
    return since_last(p, passed / 1000000, &shared->last_wall_clock);
}

/* Those of the turns that are over, and of this one. A scheduler's counts are its own: others are
 * not looked at while they run, so the sum is what this one has done, never less than told before.
 */
static int64_t reductions_now(Process *p)
{
    int64_t here = (int64_t)p->scheduler->reductions + TURN_REDUCTIONS - p->reductions;
    int64_t told = atomic_load_explicit(&vm_bifs(p->vm)->last_reductions, memory_order_relaxed);
    return here > told ? here : told + TURN_REDUCTIONS - ACT_MAX(p->reductions, 0);
}

static Term stat_reductions(Process *p)
{
    return since_last(p, reductions_now(p), &vm_bifs(p->vm)->last_reductions);
}

static Term io_pair(Process *p, Term name, const _Atomic(int64_t) *count)
{
    Term bytes = util_int64(p, atomic_load_explicit(count, memory_order_relaxed));
    return term_same(bytes, TERM_NONE) ? bytes : UTIL_TUPLE(p, name, bytes);
}

static Term stat_io(Process *p)
{
    Term in = io_pair(p, ATOM(io_stat), &vm_bifs(p->vm)->bytes_in);
    Term out = io_pair(p, ATOM(output), &vm_bifs(p->vm)->bytes_out);
    return term_same(in, TERM_NONE) || term_same(out, TERM_NONE) ? TERM_NONE
                                                                 : UTIL_TUPLE(p, in, out);
}

static Term stat_context_switches(Process *p)
{
    return UTIL_TUPLE(p, small_make((int64_t)p->scheduler->context_switches), small_make(0));
}

static Term stat_garbage_collection(Process *p)
{
    return UTIL_TUPLE(p, small_make((int64_t)p->heap.collections),
                      small_make((int64_t)p->heap.reclaimed_words), small_make(0));
}

static int64_t queued(Process *p)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < p->vm->scheduler_count; i++) {
        sum += run_queue_length(&p->vm->schedulers[i]->queue);
    }
    return sum;
}

/* One number a scheduler, with more added to each; then `dirty` zeros. */
static Term lengths(Process *p, int64_t running_here, unsigned dirty)
{
    UtilList list;
    util_list_open(&list, p);
    for (unsigned i = 0; i < p->vm->scheduler_count; i++) {
        int64_t more = p->vm->schedulers[i] == p->scheduler ? running_here : 0;
        if (!util_list_add(&list,
                           small_make(run_queue_length(&p->vm->schedulers[i]->queue) + more))) {
            return TERM_NONE;
        }
    }
    for (unsigned i = 0; i < dirty; i++) {
        if (!util_list_add(&list, small_make(0))) {
            return TERM_NONE;
        }
    }
    return util_list_close(&list, TERM_NIL);
}

static Term stat_queued(Process *p)
{
    return small_make(queued(p));
}

static Term stat_active(Process *p)
{
    return small_make(queued(p) + 1);
}

static Term stat_lengths(Process *p)
{
    return lengths(p, 0, 1);
}

static Term stat_lengths_all(Process *p)
{
    return lengths(p, 0, 2);
}

static Term stat_tasks(Process *p)
{
    return lengths(p, 1, 1);
}

static Term stat_tasks_all(Process *p)
{
    return lengths(p, 1, 2);
}

static Term stat_undefined(Process *p)
{
    return ATOM(undefined);
}

static const struct {
    const char *name;
    Term (*function)(Process *p);
} stat_rows[] = {
    {"active_tasks", stat_tasks},
    {"active_tasks_all", stat_tasks_all},
    {"context_switches", stat_context_switches},
    {"exact_reductions", stat_reductions},
    {"garbage_collection", stat_garbage_collection},
    {"io", stat_io},
    {"reductions", stat_reductions},
    {"run_queue", stat_queued},
    {"run_queue_lengths", stat_lengths},
    {"run_queue_lengths_all", stat_lengths_all},
    {"runtime", stat_runtime},
    {"scheduler_wall_time", stat_undefined},
    {"scheduler_wall_time_all", stat_undefined},
    {"total_active_tasks", stat_active},
    {"total_active_tasks_all", stat_active},
    {"total_run_queue_lengths", stat_queued},
    {"total_run_queue_lengths_all", stat_queued},
    {"wall_clock", stat_wall_clock},
};

Term bif_erlang_statistics_1(Process *p, const Term *a)
{
    size_t length;
    const char *name = term_is_atom(a[0]) ? atom_text(vm_atoms(p->vm), a[0], &length) : "";
    for (size_t i = 0; i < ACT_COUNT(stat_rows); i++) {
        if (strcmp(stat_rows[i].name, name) == 0) {
            return stat_rows[i].function(p);
        }
    }
    return raise_badarg(p);
}
