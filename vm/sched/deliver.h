/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/deliver.h: the one door through which signals reach processes, and what a process does
 * with those it takes in. */
#ifndef ACT_SCHED_DELIVER_H
#define ACT_SCHED_DELIVER_H

#include "vm/sched/scheduler.h"

/* Gives a signal to the process `to` (a pid, or the atom of a registered name), waking it if it
 * waits. If there is no such process, the signal is answered as a dead process answers it (a
 * monitor by DOWN, a link by an exit, both with noproc) and freed. True if it was delivered. The
 * signal is not the caller's any more. s: the calling thread's scheduler. */
bool deliver_to(Scheduler *s, Term to, Signal *signal);

/* A copy of message from `from`'s heap to `to`. False, with the raise done, without memory;
 * true otherwise, whether or not anybody is there. */
bool deliver_message(Process *from, Term to, Term message);

/* Takes all signals in: messages go to the inner queue, the others act. Afterwards p->pending may
 * be PENDING_EXIT. Owner of p. */
void deliver_take_in(Process *p);

/* Takes p's monitor of that reference id away. True if there was one. Owner of p. */
bool deliver_drop_monitor(Process *p, uint64_t id);

/* Answers what came for a process that is no more, and frees it. */
void deliver_dead(Scheduler *s, Term dead, Signal *signal);

#endif
