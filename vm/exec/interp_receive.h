/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp_receive.h: the bodies of instructions: the mailbox and waiting. Part of exec_run
 * (interp.c), whose names it uses; no other file includes it. */

/* receive */
op_recv_peek:
{
    Signal *next = *p->mailbox.save;
    if (ACT_LIKELY(next && p->mailbox.save != &p->mailbox.inner)) {
        /* in the midst of the queue: nothing to take in, nothing to move */
        p->mailbox.peeked = true;
        SLOT(pc[2]) = next->term;
        NEXT(4);
    }
    SAVE();
    p->pc = pc; /* for who asks where it stands, in a signal that it takes in */
    const Signal *message = exec_peek(p);
    if (ACT_UNLIKELY(p->pending == PENDING_EXIT)) {
        goto exited;
    }
    if (!message && ACT_UNLIKELY(p->heap.want_gc)) { /* who waits may wait for long */
        site = &sites[pc[3]];
        if (exec_collect_away(p, site, 0)) {
            goto away;
        }
        if (!exec_collect(p, site, x, NULL, 0)) {
            goto exited;
        }
        SET_SP(p->heap.stack);
    }
    LOAD();
    if (message) {
        SLOT(pc[2]) = message->term;
        NEXT(4);
    }
    JUMP(pc[1]);
}
op_recv_accept : SAVE();
exec_accept(p);
LOAD();
NEXT(1);
op_recv_next : mailbox_skip(&p->mailbox);
JUMP(pc[1]);
op_recv_wait : SAVE();
p->pc = pc + (int32_t)pc[1];
return EXEC_WAITING;
op_recv_wait_until:
{
    SAVE();
    UntilEnd end = exec_wait_until(p, SLOT(pc[2]));
    if (end == UNTIL_WAIT) {
        p->pc = pc + (int32_t)pc[1];
        return EXEC_WAITING;
    }
    if (end == UNTIL_RAISED) {
        site = &sites[pc[3]];
        goto raise_plain;
    }
    LOAD();
    NEXT(4);
}
op_recv_from : if (term_is_ref(SLOT(pc[1])))
{
    mailbox_start_at(&p->mailbox, ref_id(SLOT(pc[1])));
}
NEXT(2);
