/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_receive.c: act_receive, the steps of a receive for code that matches by itself
 * (erl_eval). A message is copied when it is looked at, so nothing refers into the mailbox.
 * The steps of one receive are not interleaved with those of another of the same process. */
#include "vm/bif/bif_util.h"

#include "vm/sched/deliver.h"
#include "vm/term/copy.h"
#include "vm/vm_parts.h"

/* [Message] or []. */
Term bif_act_receive_next_0(Process *p, const Term *a)
{
    if (!*p->mailbox.save && mailbox_has_outer(&p->mailbox)) {
        deliver_take_in(p);
        if (p->pending != PENDING_NONE) {
            return TERM_NONE;
        }
    }
    const Signal *message = *p->mailbox.save;
    if (!message) {
        return TERM_NIL;
    }
    CopyPlan plan;
    if (!copy_plan(&plan, message->term, p->heap.literals, p->heap.literals_end)) {
        return raise_no_memory(p);
    }
    Term *words = process_alloc(p, plan.words + 2);
    if (!words) {
        copy_drop(&plan);
        return TERM_NONE;
    }
    Term *to = words + 2;
    Term copy = copy_run(&plan, to, &p->heap.off_heap);
    return build_cons(&words, copy, TERM_NIL);
}

Term bif_act_receive_skip_0(Process *p, const Term *a)
{
    if (*p->mailbox.save) {
        mailbox_skip(&p->mailbox);
    }
    return ATOM(ok);
}

Term bif_act_receive_accept_0(Process *p, const Term *a)
{
    if (*p->mailbox.save) {
        mailbox_accept(&p->mailbox, &p->heap);
    }
    return ATOM(ok);
}

Term bif_act_receive_rewind_0(Process *p, const Term *a)
{
    mailbox_rewind(&p->mailbox);
    return ATOM(ok);
}

Term bif_act_receive_wait_0(Process *p, const Term *a)
{
    if (*p->mailbox.save) {
        return ATOM(ok);
    }
    p->pending = PENDING_WAIT;
    return TERM_NONE;
}
