/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/threads.c: what a scheduler's thread does: take a process, give it a turn, see how it
 * ended. */
#include "vm/run/threads.h"

#include "vm/base/stress.h"
#include "vm/bif/bif_shared.h"
#include "vm/ets/ets_tables.h"
#include "vm/exec/exec.h"
#include "vm/host/host.h"
#include "vm/run/crash_report.h"
#include "vm/sched/away.h"
#include "vm/sched/deliver.h"
#include "vm/sched/epoch.h"
#include "vm/sched/exit.h"
#include "vm/sched/helpers.h"
#include "vm/sched/spawn.h"
#include "vm/sched/standing.h"

enum { REAP_AFTER_TURN = 500, REAP_WHEN_IDLE = 2000 }; /* rows of deleted tables */
enum { CROWDED_TURNS = 100, MANY_WAIT = 16 };

static int32_t turn_length(Scheduler *s)
{
    if (STRESS(turn)) {
        return 1;
    }
    return s->vm->options.seeded ? 1 + (int32_t)(scheduler_random(s) % TURN_REDUCTIONS)
                                 : TURN_REDUCTIONS;
}

static ExecEnd run_code(Scheduler *s, Process *p)
{
    if (ACT_UNLIKELY(atomic_load_explicit(&p->lifted, memory_order_relaxed) > 0)) {
        atomic_store_explicit(&p->lifted, 0, memory_order_relaxed);
    }
    /* back from afar: nothing may come between it and its result */
    if (p->away == AWAY_NO && mailbox_has_outer(&p->mailbox)) {
        deliver_take_in(p);
        if (p->pending == PENDING_EXIT) {
            return EXEC_EXITED;
        }
    }
    if (p->pending == PENDING_EXIT) {
        return EXEC_EXITED;
    }
    if (ACT_UNLIKELY(p->suspended > 0) && p->away == AWAY_NO) {
        return EXEC_WAITING;
    }
    p->answering_waiting = false;
    if (p->hibernating && p->mailbox.length == 0) {
        return EXEC_WAITING; /* woken for other signals than a message */
    }
    p->hibernating = false;
    ExecEnd end = exec_run(s, p);
    /* who comes back from afar only to leave again takes signals in between */
    if (end == EXEC_AWAY && mailbox_has_outer(&p->mailbox)) {
        deliver_take_in(p);
        end = p->pending == PENDING_EXIT ? EXEC_EXITED : end;
    }
    return end;
}

static ExecEnd give_turn(Scheduler *s, Process *p)
{
    int32_t turn = turn_length(s);
    s->current = p;
    p->scheduler = s;
    p->reductions = turn;
    ExecEnd end = run_code(s, p);
    p->reductions_done += (uint64_t)(turn - p->reductions);
    s->reductions += (uint64_t)(turn - p->reductions);
    s->turns++;
    if (ACT_UNLIKELY(p->checks != NULL) && end != EXEC_AWAY) {
        standing_answer(s, p, end == EXEC_EXITED);
    }
    switch (end) {
    case EXEC_YIELDED:
        s->current = NULL;
        scheduler_queue(s, p);
        break;
    case EXEC_AWAY:
        s->current = NULL;
        away_start(s, p);
        break;
    case EXEC_WAITING:
        p->answering_waiting = true;
        s->current = NULL;
        scheduler_park(s, p);
        break;
    case EXEC_EXITED:
        crash_report(s, p);
        helpers_abandon(p);
        code_abandon(s->vm, p->pid.w);
        ets_tables_process_ended(s, p);
        bif_shared_process_ended(s->vm->bifs, s->vm->host, p->pid);
        s->current = NULL;
        exit_process(s, p);
        break;
    }
    return end;
}

static void run_scheduler(void *argument);

static void start_others(Scheduler *s)
{
    Vm *vm = s->vm;
    for (unsigned i = 1; i < vm->scheduler_count; i++) {
        Scheduler *other = vm->schedulers[i];
        other->thread = vm->host->thread_start(vm->host, run_scheduler, other, "act-scheduler");
    }
    s->alone = false;
}

/* Others help when a process has used up its turn while another waited, when so many wait, or when
 * somebody has waited at the end of so many turns in a row. Not sooner: a few processes that talk
 * to each other are quicker on one core, and run in the order in which they were woken. (Erlang's
 * wakeup threshold is for the same.) Until then the first scheduler has no others: a thread costs
 * as much as many a program. */
static void call_others(Scheduler *s, ExecEnd end)
{
    uint32_t yielded = end == EXEC_YIELDED ? 1 : 0; /* and stands in the queue again */
    uint32_t waiting = run_queue_length(&s->queue);
    if (waiting <= yielded) {
        s->crowded = 0;
        return;
    }
    s->crowded += waiting < MANY_WAIT ? 1 : waiting;
    if (!yielded && s->crowded < CROWDED_TURNS) {
        return;
    }
    s->crowded = 0;
    if (s->alone) {
        start_others(s);
    } else {
        scheduler_wake_another(s->vm);
    }
}

/* No process can go on, and in a simulated run nothing comes from outside. */
static bool stands_still(const Scheduler *s)
{
    return s->vm->host->simulated && wheel_count(&s->wheel) == 0 &&
           atomic_load_explicit(&s->vm->background, memory_order_relaxed) == 0;
}

/* Lets a process say who waits where and end the run; where that is not possible it ends at once.
 */
static void end_standstill(Scheduler *s)
{
    Vm *vm = s->vm;
    SpawnOptions options = SPAWN_DEFAULTS;
    if (vm->standstill_told ||
        term_same(spawn_process(s, NULL, ATOM(act_deadlock), ATOM(report), TERM_NIL, &options),
                  TERM_NONE)) {
        vm_halt(vm, 1);
    }
    vm->standstill_told = true;
}

static void run_scheduler(void *argument)
{
    Scheduler *s = argument;
    Vm *vm = s->vm;
    epoch_wake(s);
    /* acquire: pairs with the release in vm_halt */
    while (!atomic_load_explicit(&vm->halting, memory_order_acquire)) {
        scheduler_fire_timers(s);
        if (atomic_load_explicit(&s->arrivals, memory_order_relaxed)) {
            helpers_arrive(s);
        }
        Process *p = scheduler_next(s);
        if (p) {
            ExecEnd end = give_turn(s, p);
            call_others(s, end);
            ets_tables_reap(s, REAP_AFTER_TURN);
            epoch_quiet(s);
        } else if (ets_tables_reap(s, REAP_WHEN_IDLE)) {
            epoch_quiet(s);
        } else if (stands_still(s)) {
            end_standstill(s);
        } else {
            scheduler_sleep(s);
        }
    }
    epoch_sleep(s);
}

void threads_run(Vm *vm)
{
    Host *host = vm->host;
    vm->schedulers[0]->alone = vm->scheduler_count > 1;
    run_scheduler(vm->schedulers[0]);
    for (unsigned i = 1; i < vm->scheduler_count; i++) {
        if (vm->schedulers[i]->thread) {
            host->thread_join(host, vm->schedulers[i]->thread);
        }
    }
}
