/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/scheduler.c: queueing, choosing, stealing, sleeping. */
#include "vm/sched/scheduler.h"

#include "vm/base/alloc.h"
#include "vm/host/host.h"
#include "vm/sched/deliver.h"
#include "vm/sched/epoch.h"
#include "vm/sched/helpers.h"

enum {
    NS_PER_MS = 1000000,
    RECLAIM_NS = 2 * NS_PER_MS,
    /* a scheduler that had so many turns since it last tidied tidies again once it has fewer than
     * the lower number in a stretch of that length */
    TIDY_TURNS = 2000,
    TIDY_QUIET_TURNS = 100,
    TIDY_NS = 1000 * NS_PER_MS,
};

uint64_t scheduler_tick(const Scheduler *s)
{
    Host *host = s->vm->host;
    return (uint64_t)(host->monotonic(host) / NS_PER_MS);
}

Scheduler *scheduler_new(Vm *vm, unsigned index)
{
    Scheduler *s = alloc_try_zero(sizeof *s);
    if (!s) {
        return NULL;
    }
    s->vm = vm;
    s->index = index;
    s->retired_end = &s->retired;
    s->closed_bags_end = &s->closed_bags;
    s->random = (vm->options.seed + index) * 0x9E3779B97F4A7C15u + 1;
    s->event = vm->host->event_new(vm->host);
    atomic_init(&s->epoch_seen, UINT64_MAX);
    if (!s->event || !wheel_init(&s->wheel, scheduler_tick(s))) {
        alloc_free(s);
        return NULL;
    }
    return s;
}

void scheduler_free(Scheduler *s)
{
    helpers_drain(s);
    epoch_drain(s);
    wheel_free(&s->wheel);
    s->vm->host->event_free(s->vm->host, s->event);
    alloc_free(s);
}

uint64_t scheduler_random(Scheduler *s)
{
    /* xorshift64* (Vigna 2016) */
    uint64_t r = s->random;
    r ^= r >> 12;
    r ^= r << 25;
    r ^= r >> 27;
    s->random = r;
    return r * 0x2545F4914F6CDD1Du;
}

void scheduler_wake_another(Vm *vm)
{
    if (atomic_load_explicit(&vm->sleeping, memory_order_seq_cst) == 0) {
        return;
    }
    for (unsigned i = 0; i < vm->scheduler_count; i++) {
        Scheduler *other = vm->schedulers[i];
        bool asleep = true;
        if (atomic_compare_exchange_strong_explicit(&other->asleep, &asleep, false,
                                                    memory_order_seq_cst, memory_order_relaxed)) {
            vm->host->event_raise(vm->host, other->event);
            return;
        }
    }
}

void scheduler_wake_all(Vm *vm)
{
    for (unsigned i = 0; i < vm->scheduler_count; i++) {
        vm->host->event_raise(vm->host, vm->schedulers[i]->event);
    }
}

void scheduler_queue(Scheduler *s, Process *p)
{
    run_queue_push(&s->queue, p);
}

void scheduler_queue_hot(Scheduler *s, Process *p)
{
    if (!s->current || s->hot || s->vm->options.seeded || p->priority != PRIORITY_NORMAL ||
        run_queue_length(&s->queue) > 0) {
        scheduler_queue(s, p);
        return;
    }
    s->hot = p;
}

void scheduler_wake(Scheduler *s, Process *p)
{
    /* seq_cst: see mailbox_push; success acquires what scheduler_park released: p's whole state */
    uint32_t waiting = PROCESS_WAITING;
    if (atomic_load_explicit(&p->state, memory_order_seq_cst) == PROCESS_WAITING &&
        atomic_compare_exchange_strong_explicit(&p->state, &waiting, PROCESS_ACTIVE,
                                                memory_order_seq_cst, memory_order_relaxed)) {
        scheduler_queue_hot(s, p);
    }
}

void scheduler_lift_next(Process *p, unsigned priority)
{
    uint8_t lifted = atomic_load_explicit(&p->lifted, memory_order_relaxed);
    while (lifted < priority &&
           !atomic_compare_exchange_weak_explicit(&p->lifted, &lifted, (uint8_t)priority,
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
}

void scheduler_lift_queued(Process *p, unsigned priority)
{
    Vm *vm = p->vm;
    for (unsigned i = 0; i < vm->scheduler_count; i++) {
        if (run_queue_lift(&vm->schedulers[i]->queue, p, priority)) {
            return;
        }
    }
}

void scheduler_park(Scheduler *s, Process *p)
{
    /* seq_cst: see mailbox_push. From the store on, another scheduler may run p, and it may end:
     * but its struct stays readable until our next quiet point. */
    atomic_store_explicit(&p->state, PROCESS_WAITING, memory_order_seq_cst);
    if (mailbox_has_outer(&p->mailbox)) {
        scheduler_wake(s, p);
    }
}

static Process *steal(Scheduler *s)
{
    Vm *vm = s->vm;
    for (unsigned i = 1; i < vm->scheduler_count; i++) {
        Scheduler *victim = vm->schedulers[(s->index + i) % vm->scheduler_count];
        Process *p = run_queue_take(&victim->queue);
        if (p) {
            return p;
        }
    }
    return NULL;
}

Process *scheduler_next(Scheduler *s)
{
    if (s->vm->options.seeded) {
        uint32_t length = run_queue_length(&s->queue);
        return length ? run_queue_take_nth(&s->queue, (uint32_t)(scheduler_random(s) % length))
                      : NULL;
    }
    Process *p = NULL;
    if (!s->hot || atomic_load_explicit(&s->queue.urgent, memory_order_relaxed) > 0) {
        p = run_queue_take(&s->queue);
    }
    if (!p && s->hot) {
        p = s->hot;
        s->hot = NULL;
    }
    return p ? p : steal(s);
}

static bool work_anywhere(const Vm *vm)
{
    if (atomic_load_explicit(&vm->background, memory_order_seq_cst) > 0) {
        return true;
    }
    for (unsigned i = 0; i < vm->scheduler_count; i++) {
        if (run_queue_length(&vm->schedulers[i]->queue) > 0) {
            return true;
        }
    }
    return false;
}

/* After a time of much work there is a time to give memory back, when there is little of it. Called
 * before sleeping; returns when to look again, INT64_MAX if there is nothing to wait for. */
static int64_t rest(Scheduler *s, Host *host)
{
    if (s->turns - s->tidy_turns < TIDY_TURNS || host->simulated) {
        return INT64_MAX;
    }
    int64_t now = host->monotonic(host);
    if (now - s->watch_since < TIDY_NS) {
        return s->watch_since + TIDY_NS;
    }
    bool quiet = s->turns - s->watch_turns < TIDY_QUIET_TURNS;
    s->watch_since = now;
    s->watch_turns = s->turns;
    if (!quiet) {
        return now + TIDY_NS;
    }
    alloc_tidy();
    s->tidy_turns = s->turns;
    return INT64_MAX;
}

void scheduler_sleep(Scheduler *s)
{
    Vm *vm = s->vm;
    Host *host = vm->host;
    epoch_sleep(s);
    uint64_t tick = wheel_next(&s->wheel);
    int64_t until = tick > INT64_MAX / NS_PER_MS ? INT64_MAX : (int64_t)tick * NS_PER_MS;
    if (epoch_waits(s)) {
        /* what another scheduler still looks at must not stay for as long as we sleep */
        until = ACT_MIN(until, host->monotonic(host) + RECLAIM_NS);
    }
    int64_t look_again = rest(s, host);
    until = ACT_MIN(until, look_again);
    /* seq_cst, both: who looks for help after our look at the queues sees that we sleep */
    atomic_store_explicit(&s->asleep, true, memory_order_seq_cst);
    atomic_fetch_add_explicit(&vm->sleeping, 1, memory_order_seq_cst);
    if (!work_anywhere(vm) && !atomic_load_explicit(&vm->halting, memory_order_acquire)) {
        host->event_wait(host, s->event, until);
    }
    atomic_fetch_sub_explicit(&vm->sleeping, 1, memory_order_seq_cst);
    atomic_store_explicit(&s->asleep, false, memory_order_seq_cst);
    epoch_wake(s);
}

void scheduler_fire_timers(Scheduler *s)
{
    if (wheel_count(&s->wheel) == 0) {
        /* only its own thread starts timers in a wheel: a plain look suffices */
        return;
    }
    Timer *due = wheel_advance(&s->wheel, scheduler_tick(s));
    while (due) {
        Timer *next = due->next;
        deliver_to(s, due->to, due->signal);
        timer_free(due);
        due = next;
    }
}

uint64_t scheduler_new_id(Scheduler *s)
{
    return ++s->ref_count << TIMER_SCHEDULER_BITS | s->index;
}

TimerWheel *scheduler_wheel_of(Vm *vm, uint64_t id)
{
    unsigned index = id & ((1u << TIMER_SCHEDULER_BITS) - 1);
    return index < vm->scheduler_count ? &vm->schedulers[index]->wheel : NULL;
}

uint64_t scheduler_start_timer(Scheduler *s, uint64_t milliseconds, Term to, Signal *signal,
                               uint64_t id)
{
    Host *host = s->vm->host;
    uint64_t now = (uint64_t)host->monotonic(host);
    uint64_t tick = (now + NS_PER_MS - 1) / NS_PER_MS + milliseconds;
    return wheel_start(&s->wheel, id, tick, to, signal) ? id : 0;
}
