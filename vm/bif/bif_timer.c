/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_timer.c: timers that send messages. A timer's id is its reference's. */
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/host/host.h"
#include "vm/proc/registry.h"
#include "vm/proc/table.h"
#include "vm/sched/deliver.h"
#include "vm/term/ref.h"

enum { NS_PER_MS = 1000000 };

typedef struct {
    bool absolute;
} StartOptions;

static bool read_start_options(Term list, StartOptions *options)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term item = cons_head(list);
        if (!term_is_tuple_of(item, 2) || !term_same(tuple_items(item)[0], ATOM(abs)) ||
            !term_is_bool(tuple_items(item)[1])) {
            return false;
        }
        options->absolute = term_same(tuple_items(item)[1], ATOM(true));
    }
    return term_is_nil(list);
}

/* Milliseconds of Erlang's monotonic time, rounded down. */
static int64_t now_ms(Process *p)
{
    int64_t now = bif_shared_monotonic(vm_bifs(p->vm), vm_host(p->vm));
    return now / NS_PER_MS - (now % NS_PER_MS < 0);
}

enum { BEFORE_START = 10000 };

/* Reads a time in milliseconds, of the clock or from now on, up to the clock's end, as those from
 * now on. Erlang refuses what lies before its start, but has been running for a while when a
 * program begins. */
static bool read_time(Process *p, Term time, bool absolute, int64_t *ms)
{
    int64_t now = now_ms(p);
    int64_t first = absolute ? BIF_MONOTONIC_START / NS_PER_MS - BEFORE_START : 0;
    int64_t last = BIF_MONOTONIC_END / NS_PER_MS - (absolute ? 0 : now);
    if (!util_get_range(time, first, last, ms)) {
        return false;
    }
    *ms = absolute ? ACT_MAX(*ms - now, 0) : *ms;
    return true;
}

/* Makes sure that a process ends its timers: it looks at `timed` after it has left the table, and
 * then takes the wheels' locks. If it did so before the timer stood in its wheel, the second look
 * finds it gone. */
static bool start_tied(Process *p, uint64_t ms, Term to, Signal *signal, uint64_t id)
{
    Process *receiver = term_is_pid(to) ? process_table_find(p->vm->processes, to) : NULL;
    if (receiver) {
        atomic_exchange_explicit(&receiver->timed, true, memory_order_acq_rel);
    }
    if (!scheduler_start_timer(p->scheduler, ms, to, signal, id)) {
        return false;
    }
    if (term_is_pid(to) && !process_table_find(p->vm->processes, to)) {
        wheel_cancel(&p->scheduler->wheel, id, NULL, NULL);
    }
    return true;
}

static Term start(Process *p, Term time, Term to, Term message, Term options, bool wrapped)
{
    StartOptions read = {0};
    int64_t ms;
    bool known = term_is_pid(to) || term_is_atom(to);
    if (!known || !read_start_options(options, &read) || !read_time(p, time, read.absolute, &ms)) {
        return raise_badarg(p);
    }
    Term *words = process_alloc(p, REF_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    uint64_t id = scheduler_new_id(p->scheduler);
    Term ref = ref_build(words, id, 1, 0);
    Term items[3] = {ATOM(timeout), ref, message};
    Signal *signal = wrapped ? signal_new_tuple(SIGNAL_MESSAGE, p->pid, items, 3, &p->heap)
                             : signal_new_copy(SIGNAL_MESSAGE, p->pid, message, &p->heap);
    if (!signal) {
        return raise_no_memory(p);
    }
    if (!start_tied(p, (uint64_t)ms, to, signal, id)) {
        signal_free(signal);
        return raise_no_memory(p);
    }
    return ref;
}

Term bif_erlang_send_after_3(Process *p, const Term *a)
{
    return start(p, a[0], a[1], a[2], TERM_NIL, false);
}

Term bif_erlang_send_after_4(Process *p, const Term *a)
{
    return start(p, a[0], a[1], a[2], a[3], false);
}

Term bif_erlang_start_timer_3(Process *p, const Term *a)
{
    return start(p, a[0], a[1], a[2], TERM_NIL, true);
}

Term bif_erlang_start_timer_4(Process *p, const Term *a)
{
    return start(p, a[0], a[1], a[2], a[3], true);
}

/* What cancel_timer and read_timer answer: milliseconds left, or false. */
static Term left(Process *p, Term ref, bool cancel)
{
    TimerWheel *wheel = scheduler_wheel_of(p->vm, ref_id(ref));
    uint64_t tick;
    Term to;
    if (!wheel || !(cancel ? wheel_cancel(wheel, ref_id(ref), &tick, &to)
                           : wheel_read(wheel, ref_id(ref), &tick, &to))) {
        return ATOM(false);
    }
    if (term_is_pid(to) && !process_table_find(p->vm->processes, to)) {
        return ATOM(false); /* a timer ends with its process */
    }
    Host *host = p->vm->host;
    int64_t now = (host->monotonic(host) + NS_PER_MS - 1) / NS_PER_MS;
    return small_make((int64_t)tick > now ? (int64_t)tick - now : 0);
}

/* In front of tail. TERM_NONE without memory. */
static Term put_facts(Process *p, const TimerFact *facts, uint32_t count, Term tail)
{
    int64_t now = (p->vm->host->monotonic(p->vm->host) + NS_PER_MS - 1) / NS_PER_MS;
    for (uint32_t i = 0; i < count; i++) {
        Term *words = process_alloc(p, REF_WORDS + 5 + 2);
        if (!words) {
            return TERM_NONE;
        }
        Term items[4] = {ref_build(words, facts[i].id, 1, 0), facts[i].from, facts[i].to,
                         small_make(ACT_MAX((int64_t)facts[i].tick - now, 0))};
        words += REF_WORDS;
        Term tuple = boxed_term(words);
        (words++)->w = header_make(BOXED_TUPLE, 4);
        for (int k = 0; k < 4; k++) {
            *words++ = items[k];
        }
        tail = build_cons(&words, tuple, tail);
    }
    return tail;
}

Term bif_act_process_timers_0(Process *p, const Term *a)
{
    Term list = TERM_NIL;
    for (unsigned i = 0; i < p->vm->scheduler_count; i++) {
        TimerWheel *wheel = &p->vm->schedulers[i]->wheel;
        uint32_t room = wheel_count(wheel) + 64; /* more may come while we look: next time */
        TimerFact *facts = alloc_try(room * sizeof *facts);
        if (!facts) {
            return raise_no_memory(p);
        }
        list = put_facts(p, facts, wheel_list(wheel, facts, room), list);
        alloc_free(facts);
        if (term_same(list, TERM_NONE)) {
            return TERM_NONE;
        }
    }
    return list;
}

typedef struct {
    bool asynchronous, quiet;
} StopOptions;

static bool read_stop_options(Term list, StopOptions *options)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term item = cons_head(list);
        if (!term_is_tuple_of(item, 2) || !term_is_bool(tuple_items(item)[1])) {
            return false;
        }
        bool on = term_same(tuple_items(item)[1], ATOM(true));
        if (term_same(tuple_items(item)[0], ATOM(async))) {
            options->asynchronous = on;
        } else if (term_same(tuple_items(item)[0], ATOM(info))) {
            options->quiet = !on;
        } else {
            return false;
        }
    }
    return term_is_nil(list);
}

static Term stop(Process *p, Term ref, Term options, bool cancel)
{
    StopOptions read = {0};
    if (!term_is_ref(ref) || !read_stop_options(options, &read)) {
        return raise_badarg(p);
    }
    Term answer = left(p, ref, cancel);
    if (!read.asynchronous) {
        return read.quiet ? ATOM(ok) : answer;
    }
    if (!read.quiet) {
        Term items[3] = {cancel ? ATOM(cancel_timer) : ATOM(read_timer), ref, answer};
        Signal *signal = signal_new_tuple(SIGNAL_MESSAGE, p->pid, items, 3, &p->heap);
        if (!signal) {
            return raise_no_memory(p);
        }
        deliver_to(p->scheduler, p->pid, signal);
    }
    return ATOM(ok);
}

Term bif_erlang_cancel_timer_1(Process *p, const Term *a)
{
    return stop(p, a[0], TERM_NIL, true);
}

Term bif_erlang_cancel_timer_2(Process *p, const Term *a)
{
    return stop(p, a[0], a[1], true);
}

Term bif_erlang_read_timer_1(Process *p, const Term *a)
{
    return stop(p, a[0], TERM_NIL, false);
}

Term bif_erlang_read_timer_2(Process *p, const Term *a)
{
    return stop(p, a[0], a[1], false);
}
