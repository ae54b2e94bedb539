/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_suspend.c: what erlang:suspend_process and resume_process (stdlib/erlang.act) are made
 * of. Who suspends keeps how many times it did; the other is told of the first time and of the
 * last, and counts those that told it so. */
#include "vm/bif/bif_util.h"
#include "vm/proc/relations.h"
#include "vm/proc/table.h"
#include "vm/sched/request.h"
#include "vm/vm_parts.h"

/* The relation to a living process; one to a process that has ended is dropped. */
static Relation *suspends(Process *p, Term pid)
{
    Relation *relation = relations_find(p, RELATION_SUSPENDS, pid.w);
    if (relation && !process_table_find(p->vm->processes, pid)) {
        relations_remove(p, relation);
        return NULL;
    }
    return relation;
}

/* act_process:suspend(Pid, Tag): the message {Tag, suspended} comes when Pid stands still, or
 * {Tag, badarg} when it has ended; the tag [] asks for no message. */
Term bif_act_process_suspend_2(Process *p, const Term *a)
{
    if (!term_is_pid(a[0]) || term_same(a[0], p->pid)) {
        return raise_badarg(p);
    }
    Term what = ATOM(is_suspended);
    Relation *relation = suspends(p, a[0]);
    if (!relation) {
        what = ATOM(suspend);
        relation = relations_add(p, RELATION_SUSPENDS, a[0].w, a[0]);
        if (!relation) {
            return raise_no_memory(p);
        }
        relation->mode = 0;
    }
    relation->mode++;
    Term from = term_is_nil(a[1]) ? TERM_NIL : p->pid;
    return request_send_tagged(p, from, a[0], a[1], what, TERM_NIL) ? ATOM(true)
                                                                    : raise_no_memory(p);
}

/* act_process:resume(Pid) */
Term bif_act_process_resume_1(Process *p, const Term *a)
{
    Relation *relation = term_is_pid(a[0]) ? suspends(p, a[0]) : NULL;
    if (!relation) {
        return raise_badarg(p);
    }
    if (--relation->mode > 0) {
        return ATOM(true);
    }
    relations_remove(p, relation);
    return request_send_tagged(p, TERM_NIL, a[0], TERM_NIL, ATOM(resume), TERM_NIL)
               ? ATOM(true)
               : raise_no_memory(p);
}
