/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/signal.h: what one process does to another: a message, an exit, a link, a question.
 *
 * A signal is a heap fragment whose first words are the signal's own fields, all valid terms, so an
 * accepted message becomes part of the receiver's heap by linking it in, without copying. Written
 * by the sender, then owned by the receiver's mailbox, then by its heap or freed. */
#ifndef ACT_PROC_SIGNAL_H
#define ACT_PROC_SIGNAL_H

#include "vm/mem/heap.h"

typedef enum {
    SIGNAL_MESSAGE,    /* term */
    SIGNAL_EXIT,       /* exit/2 by from, reason term */
    SIGNAL_LINK_EXIT,  /* a linked process died: from, reason term */
    SIGNAL_LINK,       /* from wants a link */
    SIGNAL_UNLINK,     /* from has removed its link; answer with UNLINK_ACK */
    SIGNAL_UNLINK_ACK, /* from has seen our UNLINK */
    SIGNAL_MONITOR,    /* from monitors us under reference extra; term: name it was given, or nil */
    SIGNAL_DEMONITOR,  /* from drops monitor extra */
    SIGNAL_DOWN,       /* what monitor extra watched is gone: reason term */
    SIGNAL_ALIAS,      /* a message (term) sent to the alias of reference extra */
    SIGNAL_TIMEOUT,    /* the receive timer of number extra ran out */
    SIGNAL_REQUEST,    /* run a request in the receiver: body[0] says which (proc/request.h) */
    SIGNAL_GROUP_LEADER, /* term is the new group leader */
    SIGNAL_WAKE,         /* says nothing: what the process waits for is there (helpers.h) */
    SIGNAL_TABLE, /* the table of slot extra is ours now: message term tells (ets/ets_tables.h) */
} SignalKind;

struct Signal {
    Signal *next; /* in a queue */
    size_t room;  /* as Fragment: words from `kind` on */
    size_t used;
    Term *off_heap;
    Term kind; /* small: SignalKind */
    Term from; /* pid, or TERM_NIL for nobody (timers, the machine) */
    Term term;
    Term extra; /* small */
    Term chain; /* raw Signal *: next message whose term lies on the owner's heap */
    Term body[];
};
_Static_assert(offsetof(Signal, kind) == offsetof(Fragment, words), "a signal is a fragment");
_Static_assert(offsetof(Signal, used) == offsetof(Fragment, used), "a signal is a fragment");
_Static_assert(offsetof(Signal, off_heap) == offsetof(Fragment, off_heap), "as above");

enum { SIGNAL_META_WORDS = 5 };

/* A signal with room for words words in its body, term nil; NULL without memory. */
Signal *signal_new(SignalKind kind, Term from, size_t words);
/* A signal whose term is a copy of term (body holds it); term lies on sender, or sender's machine
 * has it as a literal. NULL without memory. */
Signal *signal_new_copy(SignalKind kind, Term from, Term term, const Heap *sender);
/* As signal_new_copy, its term being a tuple of copies of these items (at most 8). */
Signal *signal_new_tuple(SignalKind kind, Term from, const Term *items, unsigned count,
                         const Heap *sender);
/* Frees a signal nobody refers to any more; NULL is fine. Any thread. */
void signal_free(Signal *signal);

ACT_INLINE SignalKind signal_kind(const Signal *s)
{
    return (SignalKind)small_value(s->kind);
}

#endif
