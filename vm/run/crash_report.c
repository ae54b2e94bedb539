/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/crash_report.c: hands pid, reason and stack trace of a crash to Act code. */
#include "vm/run/crash_report.h"

#include "vm/sched/spawn.h"

void crash_report(Scheduler *s, Process *p)
{
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
