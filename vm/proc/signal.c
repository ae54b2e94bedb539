/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/signal.c: making and freeing signals. */
#include "vm/proc/signal.h"

#include "vm/term/copy.h"

enum { TUPLE_ITEMS_MAX = 8 };

Signal *signal_new(SignalKind kind, Term from, size_t words)
{
    Signal *s = (Signal *)fragment_new(SIGNAL_META_WORDS + words);
    if (s) {
        s->next = NULL;
        s->used = SIGNAL_META_WORDS + words;
        s->kind = small_make(kind);
        s->from = from;
        s->term = TERM_NIL;
        s->extra = small_make(0);
        s->chain = TERM_NIL;
    }
    return s;
}

Signal *signal_new_copy(SignalKind kind, Term from, Term term, const Heap *sender)
{
    CopyPlan plan;
    if (!copy_plan(&plan, term, sender->literals, sender->literals_end)) {
        return NULL;
    }
    Signal *s = signal_new(kind, from, plan.words);
    if (!s) {
        copy_drop(&plan);
        return NULL;
    }
    s->term = copy_run(&plan, s->body, &s->off_heap);
    return s;
}

Signal *signal_new_tuple(SignalKind kind, Term from, const Term *items, unsigned count,
                         const Heap *sender)
{
    CopyPlan plans[TUPLE_ITEMS_MAX];
    size_t words = 1 + count;
    for (unsigned i = 0; i < count; i++) {
        if (!copy_plan(&plans[i], items[i], sender->literals, sender->literals_end)) {
            while (i-- > 0) {
                copy_drop(&plans[i]);
            }
            return NULL;
        }
        words += plans[i].words;
    }
    Signal *s = signal_new(kind, from, words);
    if (!s) {
        for (unsigned i = 0; i < count; i++) {
            copy_drop(&plans[i]);
        }
        return NULL;
    }
    Term *top = s->body + 1 + count;
    s->body[0].w = header_make(BOXED_TUPLE, count);
    for (unsigned i = 0; i < count; i++) {
        size_t part = plans[i].words;
        s->body[1 + i] = copy_run(&plans[i], top, &s->off_heap);
        top += part;
    }
    s->term = boxed_term(s->body);
    return s;
}

void signal_free(Signal *signal)
{
    if (signal) {
        fragment_free((Fragment *)signal);
    }
}
