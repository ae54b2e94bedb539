/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/helpers.c: see helpers.h. The pool is counted: the machine and each thread hold it. */
#include "vm/sched/helpers.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"
#include "vm/sched/deliver.h"

enum {
    JOB_RUNNING,
    JOB_DONE,      /* came back to its scheduler */
    JOB_ABANDONED, /* its process is no more */
};

enum { IDLE_SECONDS = 5 };
#define NS_PER_SECOND INT64_C(1000000000)

typedef struct Helper Helper;
struct Helper {
    HelperPool *pool;
    HostEvent *event;
    Helper *next; /* in pool->idle */
    bool awake;   /* under lock: taken out of idle by who has work */
};

struct HelperPool {
    Host *host;
    HostMutex *lock;
    HostEvent *changed; /* a thread left or finished, while the pool closes */
    /* under lock */
    Vm *vm; /* NULL: closed */
    HelperJob *first, *last;
    Helper *idle;
    uint32_t threads;
    uint32_t resting; /* threads that wait for work, those just woken included */
    uint32_t busy_in_vm;
    uint32_t holds; /* the machine's and one a thread */
};

static void lock(HelperPool *pool)
{
    pool->host->mutex_lock(pool->host, pool->lock);
}

static void unlock(HelperPool *pool)
{
    pool->host->mutex_unlock(pool->host, pool->lock);
}

/* Under lock, which it ends: one hold less. */
static void let_go(HelperPool *pool)
{
    bool last = --pool->holds == 0;
    unlock(pool);
    if (last) {
        Host *host = pool->host;
        host->event_free(host, pool->changed);
        host->mutex_free(host, pool->lock);
        alloc_free(pool);
        host_free(host);
    }
}

HelperPool *helpers_new(Vm *vm)
{
    HelperPool *pool = alloc_try_zero(sizeof *pool);
    if (pool) {
        Host *host = vm->host;
        pool->vm = vm;
        pool->host = host_share(host);
        pool->lock = host->mutex_new(host);
        pool->changed = host->event_new(host);
        pool->holds = 1;
    }
    return pool;
}

/* ---- a helper's thread ---- */

/* The job's work is over, or will never begin, and nobody is to be woken: it is its process's to
 * throw away, unless that is gone. vm as in discard. */
static void settle(HelperJob *job, Vm *vm)
{
    signal_free(job->wake);
    job->wake = NULL;
    /* acq_rel: pairs with the exchange in helpers_abandon */
    if (atomic_exchange_explicit(&job->state, JOB_DONE, memory_order_acq_rel) == JOB_ABANDONED) {
        job->kind->discard(job, vm);
    }
}

/* The job goes back to its scheduler, if the machine is there still. Under lock. */
static void send_back(HelperPool *pool, HelperJob *job)
{
    if (!pool->vm) {
        settle(job, NULL);
        return;
    }
    helpers_return(pool->vm->schedulers[job->scheduler], job);
}

void helpers_return(Scheduler *s, HelperJob *job)
{
    HelperJob *newest = atomic_load_explicit(&s->arrivals, memory_order_relaxed);
    do {
        job->next = newest;
        /* seq_cst: publishes the job; and the scheduler, if it falls asleep, sees it or is raised
         */
    } while (!atomic_compare_exchange_weak_explicit(&s->arrivals, &newest, job,
                                                    memory_order_seq_cst, memory_order_relaxed));
    vm_host(s->vm)->event_raise(vm_host(s->vm), s->event);
}

/* Waits for work. False if the thread should end. Under lock, given up meanwhile. */
static bool rest(HelperPool *pool, Helper *me)
{
    Host *host = pool->host;
    me->awake = false;
    me->next = pool->idle;
    pool->idle = me;
    pool->resting++;
    unlock(pool);
    host->event_wait(host, me->event, host->monotonic(host) + IDLE_SECONDS * NS_PER_SECOND);
    lock(pool);
    pool->resting--;
    if (!me->awake) {
        Helper **at = &pool->idle;
        while (*at != me) {
            at = &(*at)->next;
        }
        *at = me->next;
    }
    return pool->vm && (me->awake || pool->first);
}

static HelperJob *take_job(HelperPool *pool)
{
    HelperJob *job = pool->first;
    if (job) {
        pool->first = job->next;
        pool->last = pool->first ? pool->last : NULL;
    }
    return job;
}

static void do_job(HelperPool *pool, HelperJob *job)
{
    uint32_t in_vm = job->kind->uses_vm ? 1 : 0;
    pool->busy_in_vm += in_vm;
    unlock(pool);
    job->kind->work(job, pool->host);
    lock(pool);
    pool->busy_in_vm -= in_vm;
    send_back(pool, job);
    if (in_vm) {
        pool->host->event_raise(pool->host, pool->changed);
    }
}

static void run_helper(void *argument)
{
    Helper *me = argument;
    HelperPool *pool = me->pool;
    lock(pool);
    for (bool go_on = true; go_on;) {
        HelperJob *job = take_job(pool);
        if (job) {
            do_job(pool, job);
        } else {
            go_on = pool->vm && rest(pool, me);
        }
    }
    pool->threads--;
    pool->host->event_free(pool->host, me->event);
    alloc_free(me);
    pool->host->event_raise(pool->host, pool->changed);
    let_go(pool);
}

/* ---- giving work ---- */

/* One more thread, if there may be one. Under lock. */
static bool add_helper(HelperPool *pool)
{
    Helper *helper = pool->threads < HELPERS_MAX ? alloc_try_zero(sizeof *helper) : NULL;
    if (!helper) {
        return false;
    }
    helper->pool = pool;
    helper->event = pool->host->event_new(pool->host);
    pool->threads++;
    pool->holds++;
    if (!pool->host->thread_detached(pool->host, run_helper, helper, "act-helper")) {
        pool->threads--;
        pool->holds--;
        pool->host->event_free(pool->host, helper->event);
        alloc_free(helper);
        return false;
    }
    return true;
}

/* False if there is no thread to do it, now or ever. */
static bool give(HelperPool *pool, HelperJob *job)
{
    lock(pool);
    Helper *helper = pool->idle;
    if (helper) {
        pool->idle = helper->next;
        helper->awake = true;
    } else if (!add_helper(pool) && pool->threads == 0) {
        unlock(pool);
        return false;
    }
    job->next = NULL;
    if (pool->last) {
        pool->last->next = job;
    } else {
        pool->first = job;
    }
    pool->last = job;
    if (helper) { /* under lock: afterwards it may have ended */
        pool->host->event_raise(pool->host, helper->event);
    }
    unlock(pool);
    return true;
}

bool helpers_give(Scheduler *s, HelperJob *job)
{
    job->scheduler = s->index;
    atomic_init(&job->state, JOB_ABANDONED); /* no process answers for it */
    return give(s->vm->helpers, job);
}

static bool wait_for_it(Process *p)
{
    p->pending = PENDING_WAIT;
    return false;
}

bool helpers_run(Process *p, HelperJob *job)
{
    Vm *vm = p->vm;
    p->job = job;
    job->owner = p->pid;
    job->scheduler = p->scheduler->index;
    atomic_init(&job->state, JOB_RUNNING);
    if (!vm->host->simulated) {
        job->wake = signal_new(SIGNAL_WAKE, TERM_NIL, 0);
        if (job->wake && give(vm->helpers, job)) {
            return wait_for_it(p);
        }
        signal_free(job->wake);
        job->wake = NULL;
    }
    job->kind->work(job, vm->host); /* simulated, or no thread to be had: in line */
    atomic_store_explicit(&job->state, JOB_DONE, memory_order_relaxed);
    return true;
}

bool helpers_done(Process *p)
{
    /* acquire: pairs with the exchange in helpers_arrive; what the work wrote is seen */
    return atomic_load_explicit(&p->job->state, memory_order_acquire) == JOB_DONE || wait_for_it(p);
}

void helpers_drop(Process *p)
{
    HelperJob *job = p->job;
    p->job = NULL;
    job->kind->discard(job, p->vm);
}

void helpers_abandon(Process *p)
{
    HelperJob *job = p->job;
    p->job = NULL;
    if (job &&
        atomic_exchange_explicit(&job->state, JOB_ABANDONED, memory_order_acq_rel) == JOB_DONE) {
        job->kind->discard(job, p->vm);
    }
}

/* ---- coming back ---- */

/* All arrivals, oldest first. */
static HelperJob *take_arrivals(Scheduler *s)
{
    /* acquire: pairs with the push in send_back */
    HelperJob *newest = atomic_exchange_explicit(&s->arrivals, NULL, memory_order_acquire);
    HelperJob *oldest = NULL;
    while (newest) {
        HelperJob *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

void helpers_arrive(Scheduler *s)
{
    for (HelperJob *job = take_arrivals(s), *next; job; job = next) {
        next = job->next;
        if (job->kind->arrive) {
            job->kind->arrive(job, s);
            continue;
        }
        Term owner = job->owner;
        Signal *wake = job->wake;
        job->wake = NULL;
        /* once settled the job may be its process's, and gone */
        settle(job, s->vm);
        deliver_to(s, owner, wake);
    }
}

static void settle_all(HelperJob *jobs, Vm *vm)
{
    for (HelperJob *job = jobs, *next; job; job = next) {
        next = job->next;
        settle(job, vm);
    }
}

void helpers_drain(Scheduler *s)
{
    settle_all(take_arrivals(s), s->vm);
}

/* No work begins any more, and none that uses the machine goes on. Under lock, given up meanwhile.
 */
static void close_pool(HelperPool *pool)
{
    while (pool->busy_in_vm > 0) {
        unlock(pool);
        pool->host->event_wait(pool->host, pool->changed, INT64_MAX);
        lock(pool);
    }
    pool->vm = NULL;
}

void helpers_close(HelperPool *pool)
{
    lock(pool);
    pool->first = pool->last = NULL;
    close_pool(pool);
    unlock(pool);
}

void helpers_free(HelperPool *pool)
{
    if (!pool) {
        return;
    }
    lock(pool);
    Vm *vm = pool->vm;
    HelperJob *jobs = pool->first;
    pool->first = pool->last = NULL;
    close_pool(pool);
    for (Helper *helper = pool->idle; helper; helper = helper->next) {
        helper->awake = true;
        pool->host->event_raise(pool->host, helper->event);
    }
    pool->idle = NULL;
    while (pool->resting > 0) {
        unlock(pool);
        pool->host->event_wait(pool->host, pool->changed, INT64_MAX);
        lock(pool);
    }
    let_go(pool);
    settle_all(jobs, vm);
}
