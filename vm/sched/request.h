/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/request.h: questions that only their owner can answer, sent as signals so that they keep
 * their place among the others: is_process_alive, process_info, garbage_collect, suspend_process of
 * another process.
 *
 * The asker waits for the message {Ref, Answer} (stdlib/act_process.act). */
#ifndef ACT_SCHED_REQUEST_H
#define ACT_SCHED_REQUEST_H

#include "vm/sched/scheduler.h"

/* Sends `what` (an atom: is_alive, process_info, garbage_collect) with its argument to pid; the
 * reference to wait for, or TERM_NONE with the raise done. */
Term request_send(Process *p, Term pid, Term what, Term argument);
/* The same with any term instead of the reference; answers go to `from`, which may be nobody
 * (TERM_NIL). False without memory: nothing is raised, for p may be about to end. */
bool request_send_tagged(Process *p, Term from, Term pid, Term tag, Term what, Term argument);
/* Answers a SIGNAL_REQUEST taken in by p; the caller frees it, unless this is true: then it is kept
 * to be answered later (p->checks). */
bool request_answer(Process *p, Signal *signal);
/* Sends an immediate as the answer to a request. */
void request_reply(Scheduler *s, const Signal *request, Term answer);
/* As above, for a process that is no more. */
void request_answer_dead(Scheduler *s, Signal *signal);

/* process_info(p, item) as the {Item, Value} tuple, [] for registered_name of a nameless one;
 * TERM_NONE if item is unknown or without memory (p->pending tells). Built on p's heap. */
Term process_info_item(Process *p, Term item);
/* process_info(p, items or item or `undefined` for process_info/1). TERM_NONE: badarg. */
Term process_info_term(Process *p, Term items);

#endif
