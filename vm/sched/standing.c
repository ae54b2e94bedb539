/* SPDX-License-Identifier: Apache-2.0 */
/* vm/sched/standing.c: see standing.h. */
#include "vm/sched/standing.h"

#include "vm/sched/request.h"
#include "vm/vm_parts.h"

const Site *standing_site(const Process *p)
{
    const CodeTables *code = p->vm->code;
    const Code *pc = p->pc;
    if (p->away_site) {
        return p->away_site;
    }
    if (p->at_return) {
        return &code->sites[pc[-1]];
    }
    if (*pc == (Code)code->op_words[XOP_call_native]) {
        return &code->sites[pc[2]];
    }
    if (*pc == (Code)code->op_words[XOP_tail_native] ||
        *pc == (Code)code->op_words[XOP_recv_peek]) {
        return &code->sites[pc[3]];
    }
    return NULL;
}

bool standing_in(const Process *p, const Code *from, const Code *to)
{
    if (p->pc >= from && p->pc < to) {
        return true;
    }
    const Site *sites = p->vm->code->sites;
    const Site *site = standing_site(p);
    const Term *stack = p->heap.stack;
    while (!site || !(site->flags & SITE_BOTTOM)) {
        stack += site ? site->frame : 0;
        const Code *address = (const Code *)(stack++)->w;
        if (address >= from && address < to) {
            return true;
        }
        site = &sites[address[-1]];
    }
    return false;
}

void standing_answer(Scheduler *s, Process *p, bool ended)
{
    Signal *signal = p->checks;
    p->checks = NULL;
    while (signal) {
        Signal *next = signal->next;
        const Term *asked = tuple_items(signal->term);
        if (term_same(asked[1], ATOM(garbage_collect)) && !ended) {
            request_reply(s, signal, ATOM(true));
        } else if (term_same(asked[1], ATOM(check_process_code))) {
            const Code *from, *to;
            bool runs =
                !ended && code_old_range(s->vm, asked[2], &from, &to) && standing_in(p, from, to);
            request_reply(s, signal, term_bool(runs));
        } else if (!term_same(asked[1], ATOM(process_info))) {
            request_reply(s, signal, ended ? ATOM(badarg) : ATOM(suspended));
        } else if (ended) {
            request_answer_dead(s, signal);
        } else {
            request_answer(p, signal);
        }
        signal_free(signal);
        signal = next;
    }
}
