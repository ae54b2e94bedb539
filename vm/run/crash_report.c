/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/crash_report.c: hands pid, reason and stack trace of a crash to Act code; tells the
 * process act_deaths of every end, if there is one that wants to know. */
#include "vm/run/crash_report.h"

#include "vm/sched/deliver.h"
#include "vm/sched/spawn.h"
#include "vm/vm_parts.h"

/* {death, Pid, Reason, {M, F, A}} to act_deaths. */
static void tell_of_death(Process *p)
{
    Term *words = process_alloc(p, 4 + 5);
    if (!words) {
        return;
    }
    Term *call = words + 5;
    call[0] = TERM_RAW(header_make(BOXED_TUPLE, 3));
    call[1] = p->initial_call[0];
    call[2] = p->initial_call[1];
    call[3] = small_make(p->initial_arity);
    words[0] = TERM_RAW(header_make(BOXED_TUPLE, 4));
    words[1] = ATOM(death);
    words[2] = p->pid;
    words[3] = p->exit_reason;
    words[4] = boxed_term(call);
    deliver_message(p, ATOM(act_deaths), boxed_term(words));
}

void crash_report(Scheduler *s, Process *p)
{
    if (ACT_UNLIKELY(atomic_load_explicit(&p->vm->deaths_watched, memory_order_relaxed))) {
        tell_of_death(p);
    }
    bool quiet = !p->crashed || term_same(p->raise_class, ATOM(exit)) ||
                 term_same(p->initial_call[0], ATOM(act_report)) ||
                 !term_is_tuple_of(p->exit_reason, 2);
    Term *words = quiet ? NULL : process_alloc(p, 6);
    if (!words) {
        return;
    }
    const Term *reason = tuple_items(p->exit_reason);
    Term args = build_cons(&words, reason[1], TERM_NIL);
    args = build_cons(&words, reason[0], args);
    args = build_cons(&words, p->pid, args);
    SpawnOptions options = SPAWN_DEFAULTS;
    options.priority = PRIORITY_HIGH;
    spawn_process(s, p, ATOM(act_report), ATOM(log_crash), args, &options);
}
