/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/exit.h: the end of a process, and the signals that tell of it. */
#ifndef ACT_SCHED_EXIT_H
#define ACT_SCHED_EXIT_H

#include "vm/sched/scheduler.h"

/* Ends p, which s runs and which nobody else will run again, with p->exit_reason: its name goes,
 * links and monitors are told, its memory is given back. p must not be touched afterwards. */
void exit_process(Scheduler *s, Process *p);

/* {'DOWN', Ref, process, Object, Reason} to `to`, whose monitor `id` watched `dead`; name: the name
 * it was watched under, or nil. reason lies on heap (NULL: an immediate). */
void exit_send_down(Scheduler *s, Term dead, Term to, uint64_t id, Term name, Term reason,
                    const Heap *heap);
/* {'EXIT', dead, Reason} to the linked process `to`. */
void exit_send_link_exit(Scheduler *s, Term dead, Term to, Term reason, const Heap *heap);

#endif
