/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/mailbox.h: where signals wait for their process.
 *
 * Two queues. Any thread pushes onto the outer one; only the owner empties it, all at once, and
 * puts the messages among what it finds, in sending order, into the inner one, which it alone
 * reads. A signal in the outer queue is sent; a message in the inner is received, and only received
 * messages can be matched. When its process ends the mailbox is closed, for good.
 *
 * `save` is the link that leads to the message under examination. A message found at the head is
 * moved into the heap while it is examined, if it is small; others are examined where they lie.
 *
 * Pushed to by sched/deliver.c alone. */
#ifndef ACT_PROC_MAILBOX_H
#define ACT_PROC_MAILBOX_H

#include "vm/proc/signal.h"

#include <stdalign.h>
#include <stdatomic.h>

typedef struct {
    /* owner only */
    Signal *inner; /* oldest first */
    Signal **inner_end;
    Signal **save;
    Signal *on_heap;  /* chain of messages whose term is a root of this process */
    size_t length;    /* messages in inner */
    bool peeked;      /* *save is under examination: registers may refer into it */
    Signal **mark;    /* recv_mark: the link where the inner queue ended, or NULL */
    uint64_t mark_id; /* counts marks, so that an old one is not taken for a new one */
    /* any thread, atomic */
    alignas(64) _Atomic(Signal *) outer; /* newest first; MAILBOX_CLOSED at the end */
} Mailbox;

typedef enum { PUSH_WAKE, PUSH_QUEUED, PUSH_CLOSED } PushResult;

void mailbox_init(Mailbox *mb);

/* Gives s to the mailbox. PUSH_WAKE if nothing was waiting to be taken: the caller must wake the
 * owner. PUSH_CLOSED: the process has ended and s is still the caller's. Any thread. */
PushResult mailbox_push(Mailbox *mb, Signal *s);

/* True if signals wait in the outer queue. Owner, or the owner's scheduler when it may sleep. */
bool mailbox_has_outer(const Mailbox *mb);

/* Empties the outer queue: returns its signals, oldest first, linked by next. Owner. */
Signal *mailbox_take(Mailbox *mb);

/* Appends a message to the inner queue. Owner. */
void mailbox_append(Mailbox *mb, Signal *message);

/* Closes the mailbox; returns what was in the outer queue, oldest first. Owner, once. */
Signal *mailbox_close(Mailbox *mb);
/* Frees all messages of the inner queue. Owner. */
void mailbox_clear(Mailbox *mb);

/* The message under examination, NULL if the inner queue is exhausted. Its term may lie in the
 * signal itself or, for a small one at the head, on heap, to where this moves it. Owner. */
Signal *mailbox_peek(Mailbox *mb, Heap *heap);
/* Takes the message under examination out; the receive that follows starts at the oldest. A message
 * not on the heap becomes a fragment of it. Owner. */
void mailbox_accept(Mailbox *mb, Heap *heap);
/* Leaves it and goes to the next. Owner. */
ACT_INLINE void mailbox_skip(Mailbox *mb)
{
    mb->save = &(*mb->save)->next;
    mb->peeked = false;
}
/* The next receive starts at the oldest message. Owner. */
ACT_INLINE void mailbox_rewind(Mailbox *mb)
{
    mb->save = &mb->inner;
    mb->peeked = false;
}
/* Before a collection while a message is under examination: registers may refer into it, so its
 * body is given to the heap and its term becomes a root. False without memory. Owner. */
bool mailbox_pin(Mailbox *mb, Heap *heap);
/* Remembers the end of the queue; returns its number. Owner. */
uint64_t mailbox_set_mark(Mailbox *mb);
/* The next receive starts at mark `id` if it is the last one set. Owner. */
void mailbox_use_mark(Mailbox *mb, uint64_t id);

#endif
