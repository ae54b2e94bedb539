/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/helpers.h: threads that do what may block (files, commands, standard input, compiling),
 * so that no scheduler does.
 *
 * A built-in makes a job, gives it to helpers_run and waits (PENDING_WAIT); a helper thread does
 * the work, on nothing but the job; the job then comes back to the scheduler it was started on,
 * which wakes the process; the built-in is called again and finds the job done in p->job. If the
 * process ends first, whoever of the two comes second throws the job away. In a simulated run the
 * work happens at once, in line, so that runs repeat.
 *
 * Threads are made when no idle one is there, up to HELPERS_MAX, and end when they were idle long.
 * Those that still block when the machine is freed are left to themselves: they own what they use.
 */
#ifndef ACT_SCHED_HELPERS_H
#define ACT_SCHED_HELPERS_H

#include "vm/proc/process.h"

typedef struct HelperPool HelperPool; /* fields: sched/helpers.c */
typedef struct HelperJob HelperJob;

enum { HELPERS_MAX = 1024 };

typedef struct {
    /* On a helper thread: touches only the job and the host. */
    void (*work)(HelperJob *job, Host *host);
    /* Frees the job. vm NULL: the machine is no more, so only memory is given back. */
    void (*discard)(HelperJob *job, Vm *vm);
    /* The job is back on its scheduler's thread and no process waits for it by p->job: frees it.
     * NULL: its owner is woken. */
    void (*arrive)(HelperJob *job, Scheduler *s);
    /* work touches the machine too (its loader, its atoms): the machine waits for its end. */
    bool uses_vm;
} HelperKind;

/* The first field of each job. */
struct HelperJob {
    const HelperKind *kind;
    HelperJob *next; /* in the pool's queue, then in a scheduler's arrivals */
    Term owner;      /* pid */
    Signal *wake;    /* sent to the owner when the work is done */
    unsigned scheduler;
    /* any thread, atomic: acq_rel exchanges; who finds the other's mark owns the job */
    _Atomic(uint32_t) state;
};

/* A pool without threads. NULL without memory. The host is shared until the last helper has ended.
 */
HelperPool *helpers_new(Vm *vm);
/* No more jobs; waits for those that use the machine, or what its options point to. */
void helpers_close(HelperPool *pool);
/* No more jobs; throws away those not begun, waits for those that use the machine and for idle
 * threads. Before the schedulers are freed. */
void helpers_free(HelperPool *pool);

/* Has job, freshly made and all set but for its first field's owner, wake and scheduler, done for
 * p, who owns it from now on as p->job. True if it is done already; false if p must wait
 * (p->pending is set) or ends for lack of memory: the built-in then returns TERM_NONE. */
bool helpers_run(Process *p, HelperJob *job);
/* Has a job of a kind with `arrive` done. False if there is no thread to do it. */
bool helpers_give(Scheduler *s, HelperJob *job);
/* p, called again, has p->job: true if it is done; else as helpers_run. */
bool helpers_done(Process *p);
/* p is through with p->job, which is done: throws it away. */
void helpers_drop(Process *p);
/* p ends: its job, if any, is thrown away now or when its work is done. */
void helpers_abandon(Process *p);

/* Has a job of a kind with `arrive`, of which nothing is left to do, arrive at s. Any thread, also
 * inside the operating system's signal handler. */
void helpers_return(Scheduler *s, HelperJob *job);
/* Wakes the owners of the jobs that came back to s. Its thread. */
void helpers_arrive(Scheduler *s);
/* Nobody is woken any more by what came back to s. After helpers_free. */
void helpers_drain(Scheduler *s);

#endif
