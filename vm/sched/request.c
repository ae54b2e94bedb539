/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/request.c: asking and answering. A request's term is {Ref, What, Argument}. */
#include "vm/sched/request.h"

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
    Term items[3] = {ref, what, argument};
    Signal *signal = signal_new_tuple(SIGNAL_REQUEST, p->pid, items, 3, &p->heap);
    if (!signal) {
        return raise_no_memory(p);
    }
    deliver_to(p->scheduler, pid, signal);
    return ref;
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

bool request_answer(Process *p, Signal *signal)
{
    Term what = tuple_items(signal->term)[1];
    Term answer = ATOM(true);
    if (term_same(what, ATOM(check_process_code))) {
        signal->next =
            p->checks; /* when p's turn is over: it may stand in the midst of something */
        p->checks = signal;
        return true;
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
    }
    reply(p->scheduler, signal, answer, &p->heap);
    return false;
}

void request_answer_dead(Scheduler *s, Signal *signal)
{
    bool info = term_same(tuple_items(signal->term)[1], ATOM(process_info));
    reply(s, signal, info ? ATOM(undefined) : ATOM(false), &no_heap);
}
