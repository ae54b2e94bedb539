/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/request.c: asking and answering. A request's term is {Ref, What, Argument}. */
#include "vm/sched/request.h"

#include "vm/proc/table.h"
#include "vm/sched/deliver.h"
#include "vm/term/ref.h"

static const Heap no_heap;

Term request_send(Process *p, Term pid, Term what, Term argument)
{
    Term *words = process_alloc(p, REF_WORDS);
    if (!words) {
        return TERM_NONE;
    }
    Term ref = ref_build(words, scheduler_new_id(p->scheduler), 0, 0);
    mailbox_mark(&p->mailbox, ref_id(ref));
    return request_send_tagged(p, p->pid, pid, ref, what, argument) ? ref : raise_no_memory(p);
}

bool request_send_tagged(Process *p, Term from, Term pid, Term tag, Term what, Term argument)
{
    Term items[3] = {tag, what, argument};
    Signal *signal = signal_new_tuple(SIGNAL_REQUEST, from, items, 3, &p->heap);
    if (!signal) {
        return false;
    }
    Process *to = p->priority > PRIORITY_NORMAL ? process_table_find(p->vm->processes, pid) : NULL;
    if (to) {
        scheduler_lift_next(to, p->priority);
    }
    deliver_to(p->scheduler, pid, signal);
    if (to) {
        scheduler_lift_queued(to, p->priority);
    }
    return true;
}

static void reply(Scheduler *s, const Signal *request, Term answer, const Heap *heap)
{
    /* the reference lies in the request, which is no heap: copied all the same */
    Term items[2] = {tuple_items(request->term)[0], answer};
    Signal *signal = signal_new_tuple(SIGNAL_MESSAGE, TERM_NIL, items, 2, heap);
    if (signal) {
        deliver_to(s, request->from, signal);
    }
}

void request_reply(Scheduler *s, const Signal *request, Term answer)
{
    reply(s, request, answer, &no_heap);
}

/* To be answered when p's turn is over: it may stand in the midst of something. */
static bool answer_later(Process *p, Signal *signal)
{
    signal->next = p->checks;
    p->checks = signal;
    return true;
}

bool request_answer(Process *p, Signal *signal)
{
    Term what = tuple_items(signal->term)[1];
    Term answer = ATOM(true);
    bool where = term_same(what, ATOM(check_process_code)) || term_same(what, ATOM(is_suspended));
    if (where || (term_same(what, ATOM(process_info)) && p->at_no_site)) {
        return answer_later(p, signal);
    }
    if (term_same(what, ATOM(suspend))) {
        p->suspended++;
        return answer_later(p, signal);
    }
    if (term_same(what, ATOM(resume))) {
        p->suspended--;
        return false;
    }
    if (term_same(what, ATOM(process_info))) {
        HeapMark mark = heap_mark(&p->heap);
        answer = process_info_term(p, tuple_items(signal->term)[2]);
        if (!term_same(answer, TERM_NONE)) {
            reply(p->scheduler, signal, answer, &p->heap); /* copies it */
            heap_release(&p->heap, mark); /* who asks often does not make p larger */
            return false;
        }
        p->pending = p->pending == PENDING_RAISE ? PENDING_NONE : p->pending;
        answer = ATOM(badarg);
    } else if (term_same(what, ATOM(garbage_collect))) {
        p->heap.want_full = true;
        p->heap.want_gc = true;
        return answer_later(p, signal);
    }
    reply(p->scheduler, signal, answer, &p->heap);
    return false;
}

void request_answer_dead(Scheduler *s, Signal *signal)
{
    Term what = tuple_items(signal->term)[1];
    bool info = term_same(what, ATOM(process_info));
    bool stop = term_same(what, ATOM(suspend)) || term_same(what, ATOM(is_suspended));
    reply(s, signal, info ? ATOM(undefined) : stop ? ATOM(badarg) : ATOM(false), &no_heap);
}
