/* SPDX-License-Identifier: Apache-2.0 */
/* vm/run/crash_report.h: telling on standard error that a process crashed, as Erlang does. */
#ifndef ACT_RUN_CRASH_REPORT_H
#define ACT_RUN_CRASH_REPORT_H

#include "vm/sched/scheduler.h"

/* If p, which is about to end, dies of an error or a throw that nobody caught, starts a process
 * that says so (act_report:log_crash/3). */
void crash_report(Scheduler *s, Process *p);

#endif
