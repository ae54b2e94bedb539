/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/scheduler.h: one thread's share of the machine: a run queue, a timer wheel, the
 * registers of the process that runs.
 *
 * The next process to run is chosen in scheduler_next and nowhere else; the seeded policy is a
 * branch there. Owner of a field without another word: the scheduler's thread. */
#ifndef ACT_SCHED_SCHEDULER_H
#define ACT_SCHED_SCHEDULER_H

#include "vm/bytecode/bytecode.h"
#include "vm/sched/run_queue.h"
#include "vm/sched/timer.h"
#include "vm/vm_parts.h"

typedef struct HostThread HostThread;
typedef struct EpochBag EpochBag; /* sched/epoch.c */

enum {
    TURN_REDUCTIONS = 4000,
    X_COUNT = 264, /* X0..X254, and room for free values and scratch behind them */
};

struct Scheduler {
    Term x[X_COUNT];
    Vm *vm;
    unsigned index;
    Process *current;
    Process *hot;       /* before all in the queue: woken when the queue was empty */
    uint64_t ref_count; /* references made here */
    uint64_t random;    /* state of the policy's generator */
    HostThread *thread;
    HostEvent *event;
    Process *retired, **retired_end; /* sched/epoch.c */
    uint32_t quiet_count;
    EpochBag *bag;                            /* being filled; sched/epoch.c */
    EpochBag *closed_bags, **closed_bags_end; /* oldest first */
    EpochBag *spare_bag;
    uint64_t turns, context_switches, reductions;
    bool alone;       /* the others have no threads yet: run/threads.c */
    uint32_t crowded; /* turns in a row that ended with somebody waiting, more if many did */
    /* turns until the last tidying, and until the moment (of the monotonic clock) at which watching
     * for quiet began; see rest in scheduler.c */
    uint64_t tidy_turns, watch_turns;
    int64_t watch_since;
    RunQueue queue;
    TimerWheel wheel;
    /* any thread, atomic: jobs that come back, newest first; see send_back in sched/helpers.c */
    _Atomic(struct HelperJob *) arrivals;
    /* any thread, atomic: sched/epoch.c */
    alignas(64) _Atomic(uint64_t) epoch_seen;
    /* any thread, atomic. seq_cst: pairs with the queue lengths in the wakers' look (scheduler.c)
     */
    _Atomic(bool) asleep;
};

/* A scheduler that stands still; scheduler_free when it does so again. NULL without memory. */
Scheduler *scheduler_new(Vm *vm, unsigned index);
void scheduler_free(Scheduler *s);

/* Queues a process that may run, at the end. s is the scheduler whose thread calls; it sees after
 * its turn whether others should help (run/threads.c). */
void scheduler_queue(Scheduler *s, Process *p);
/* As scheduler_queue, for a p just woken by the process that runs: if nobody waits it stays here,
 * next to run while its message is in the cache, and no other scheduler can take it. */
void scheduler_queue_hot(Scheduler *s, Process *p);
/* If p waits, it does no more. Any scheduler's thread, its own scheduler given. */
void scheduler_wake(Scheduler *s, Process *p);
/* Somebody of that priority, above normal, waits for an answer of p's: p's next turn comes as if it
 * had that priority. First the one, then a signal is sent, then the other. Any scheduler thread. */
void scheduler_lift_next(Process *p, unsigned priority);
void scheduler_lift_queued(Process *p, unsigned priority);
/* p, which has run on s, stops until a signal comes: its state must be complete. After this s must
 * not touch p. */
void scheduler_park(Scheduler *s, Process *p);

/* The process to run now; NULL if there is none anywhere. */
Process *scheduler_next(Scheduler *s);
/* Sleeps until there may be work, a timer is due or the machine halts. */
void scheduler_sleep(Scheduler *s);
/* Fires what is due. */
void scheduler_fire_timers(Scheduler *s);
/* Wakes all of them: the machine halts. Any thread. */
void scheduler_wake_all(Vm *vm);
/* If a scheduler sleeps, one wakes and looks for work. Any thread. */
void scheduler_wake_another(Vm *vm);

/* Milliseconds of the monotonic clock, rounded down. */
uint64_t scheduler_tick(const Scheduler *s);
/* A new unique id for a reference or timer, whose low bits tell the scheduler. */
uint64_t scheduler_new_id(Scheduler *s);
/* The wheel that the timer of that id stands in, NULL if the id is none of ours. */
TimerWheel *scheduler_wheel_of(Vm *vm, uint64_t id);
/* Starts a timer `milliseconds` from now under a new id; 0 without memory. */
uint64_t scheduler_start_timer(Scheduler *s, uint64_t milliseconds, Term to, Signal *signal,
                               uint64_t id);
/* Next number of the policy's generator. */
uint64_t scheduler_random(Scheduler *s);

#endif
