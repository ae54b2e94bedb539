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

enum { MAILBOX_MARKS = 2 };

typedef struct {
    /* owner only */
    Signal *inner; /* oldest first */
    Signal **inner_end;
    Signal **save;
    Signal *late;     /* came behind what ends the process, the newest first */
    Signal *on_heap;  /* chain of messages whose term is a root of this process */
    size_t length;    /* messages in inner */
    bool peeked;      /* *save is under examination: registers may refer into it */
    bool mark_served; /* the newest mark has been used: the next one may take its place */
    /* where the inner queue ended when a reference was made, the newest first */
    struct MailboxMark {
        Signal **link; /* NULL: unused */
        uint64_t ref;  /* the reference's id */
    } marks[MAILBOX_MARKS];
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

/* Keeps a signal taken from the outer queue for mailbox_close: the process has ended for it, though
 * it is still there. Owner. */
void mailbox_defer(Mailbox *mb, Signal *signal);
/* Closes the mailbox; returns what was kept and in the outer queue, oldest first. Owner, once. */
Signal *mailbox_close(Mailbox *mb);
/* Words that the messages of the inner queue take. Owner. */
size_t mailbox_words(const Mailbox *mb);
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
/* A reference of this id has just been made: no message before the queue's end holds it. Owner. */
ACT_INLINE void mailbox_mark(Mailbox *mb, uint64_t ref)
{
    if (!mb->mark_served) {
        mb->marks[1] = mb->marks[0];
    }
    mb->marks[0] = (struct MailboxMark){mb->inner_end, ref};
    mb->mark_served = false;
}
/* The link behind which messages may hold the reference: where it was made, if the mailbox still
 * knows, else the oldest. Owner. */
Signal **mailbox_link_of(Mailbox *mb, uint64_t ref);
/* The next receive starts there. No message is under examination. Owner. */
void mailbox_start_at(Mailbox *mb, uint64_t ref);

#endif
