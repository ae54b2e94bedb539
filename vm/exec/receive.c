/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/receive.c: the receive instructions' dealings with mailbox and timer. */
#include "vm/exec/exec_slow.h"

#include "vm/sched/deliver.h"
#include "vm/vm_parts.h"

Signal *exec_peek(Process *p)
{
    Signal *message = mailbox_peek(&p->mailbox, &p->heap);
    if (!message && mailbox_has_outer(&p->mailbox)) {
        deliver_take_in(p);
        message = mailbox_peek(&p->mailbox, &p->heap);
    }
    return message;
}

static void stop_timer(Process *p)
{
    if (p->receive_timer_id) {
        wheel_cancel(scheduler_wheel_of(p->vm, p->receive_timer_id), p->receive_timer_id, NULL,
                     NULL);
        p->receive_timer_id = 0;
    }
    p->timed_out = false;
}

void exec_accept(Process *p)
{
    mailbox_accept(&p->mailbox, &p->heap);
    stop_timer(p);
}

/* The time has come: the next receive starts at the oldest message. */
static UntilEnd over(Process *p)
{
    stop_timer(p);
    mailbox_rewind(&p->mailbox);
    return UNTIL_OVER;
}

UntilEnd exec_wait_until(Process *p, Term time)
{
    if (p->timed_out) {
        return over(p);
    }
    if (term_same(time, ATOM(infinity))) {
        return UNTIL_WAIT;
    }
    if (!term_is_small(time) || small_value(time) < 0 || small_value(time) > UINT32_MAX) {
        stop_timer(p);
        mailbox_rewind(&p->mailbox);
        raise_error(p, ATOM(timeout_value));
        return UNTIL_RAISED;
    }
    if (small_value(time) == 0) {
        return over(p);
    }
    if (!p->receive_timer_id) {
        Signal *signal = signal_new(SIGNAL_TIMEOUT, TERM_NIL, 0);
        uint64_t id = scheduler_new_id(p->scheduler);
        if (!signal) {
            raise_no_memory(p);
            return UNTIL_RAISED;
        }
        signal->extra = small_make((int64_t)id);
        if (!scheduler_start_timer(p->scheduler, (uint64_t)small_value(time), p->pid, signal, id)) {
            signal_free(signal);
            raise_no_memory(p);
            return UNTIL_RAISED;
        }
        p->receive_timer_id = id;
    }
    return UNTIL_WAIT;
}
