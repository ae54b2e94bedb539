/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/standing.h: where a process stands that does not run now. */
#ifndef ACT_SCHED_STANDING_H
#define ACT_SCHED_STANDING_H

#include "vm/code/code.h"
#include "vm/proc/process.h"

/* The site of the instruction that p stands at, or of the call it has just come back from; NULL at
 * a function's entry, where the stack's top is a return address. */
const Site *standing_site(const Process *p);
/* True if p stands in, or will return to, code in [from, to). */
bool standing_in(const Process *p, const Code *from, const Code *to);

/* Answers the signals in p->checks, each a SIGNAL_REQUEST whether it runs old code, whether it has
 * stopped as it was told, about what it does, or to collect (which it did if it waits, or had use
 * for room); ended: p is no more. The thread that ran p. */
void standing_answer(Scheduler *s, Process *p, bool ended);

#endif
