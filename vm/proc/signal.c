/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/signal.c: making and freeing signals. */
#include "vm/proc/signal.h"

#include "vm/term/copy.h"

Signal *signal_new(SignalKind kind, Term from, size_t words)
{
    Signal *s = (Signal *)fragment_new(SIGNAL_META_WORDS + words);
    if (s) {
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
    size_t words = copy_size(term, sender->literals, sender->literals_end);
    Signal *s = signal_new(kind, from, words);
    if (s && words > 0) {
        s->used = SIGNAL_META_WORDS;
        s->term = copy_into_fragment((Fragment *)s, term, words, sender->literals,
                                     sender->literals_end);
    } else if (s) {
        s->term = term;
    }
    return s;
}

void signal_free(Signal *signal)
{
    fragment_free((Fragment *)signal);
}
