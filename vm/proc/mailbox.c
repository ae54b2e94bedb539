/* SPDX-License-Identifier: Apache-2.0 */
/* vm/proc/mailbox.c: the two queues of a process. The outer one is a stack of the kind of Treiber
 * ("Systems Programming: Coping with Parallelism", 1986), taken whole, so there is no ABA. */
#include "vm/proc/mailbox.h"

#include "vm/base/alloc.h"
#include "vm/base/stress.h"

/* Not an address of any signal: stands in `outer` once the process has ended. */
#define MAILBOX_CLOSED ((Signal *)1)

enum { MOVE_AT_MOST_WORDS = 24 };

void mailbox_init(Mailbox *mb)
{
    *mb = (Mailbox){0};
    mb->inner_end = &mb->inner;
    mb->save = &mb->inner;
    atomic_init(&mb->outer, NULL);
}

PushResult mailbox_push(Mailbox *mb, Signal *s)
{
    Signal *newest = atomic_load_explicit(&mb->outer, memory_order_relaxed);
    do {
        if (newest == MAILBOX_CLOSED) {
            return PUSH_CLOSED;
        }
        s->next = newest;
        /* seq_cst: publishes *s to mailbox_take (acquire), and is ordered against the pusher's
         * following load of the owner's state (process_wake), whose partner is the owner's store of
         * WAITING followed by mailbox_has_outer. */
    } while (!atomic_compare_exchange_weak_explicit(&mb->outer, &newest, s, memory_order_seq_cst,
                                                    memory_order_relaxed));
    return newest == NULL ? PUSH_WAKE : PUSH_QUEUED;
}

bool mailbox_has_outer(const Mailbox *mb)
{
    /* seq_cst: see mailbox_push */
    return atomic_load_explicit(&mb->outer, memory_order_seq_cst) != NULL;
}

static Signal *reverse(Signal *newest)
{
    Signal *oldest = NULL;
    while (newest) {
        Signal *older = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = older;
    }
    return oldest;
}

Signal *mailbox_take(Mailbox *mb)
{
    if (atomic_load_explicit(&mb->outer, memory_order_relaxed) == NULL) {
        return NULL;
    }
    /* acquire: pairs with the CAS in mailbox_push */
    return reverse(atomic_exchange_explicit(&mb->outer, NULL, memory_order_acquire));
}

void mailbox_defer(Mailbox *mb, Signal *signal)
{
    signal->next = mb->late;
    mb->late = signal;
}

Signal *mailbox_close(Mailbox *mb)
{
    /* acquire: pairs with the CAS in mailbox_push */
    Signal *signals =
        reverse(atomic_exchange_explicit(&mb->outer, MAILBOX_CLOSED, memory_order_acq_rel));
    while (mb->late) {
        Signal *older = mb->late->next;
        mb->late->next = signals;
        signals = mb->late;
        mb->late = older;
    }
    return signals;
}

void mailbox_append(Mailbox *mb, Signal *message)
{
    message->next = NULL;
    *mb->inner_end = message;
    mb->inner_end = &message->next;
    mb->length++;
}

size_t mailbox_words(const Mailbox *mb)
{
    size_t words = 0;
    for (const Signal *s = mb->inner; s; s = s->next) {
        words += s->room;
    }
    return words;
}

void mailbox_clear(Mailbox *mb)
{
    while (mb->inner) {
        Signal *next = mb->inner->next;
        signal_free(mb->inner);
        mb->inner = next;
    }
    mb->inner_end = &mb->inner;
    mb->save = &mb->inner;
    mb->on_heap = NULL;
    mb->length = 0;
    memset(mb->marks, 0, sizeof mb->marks);
}

static bool is_on_heap(const Signal *s)
{
    return s->used == 0;
}

static void chain_on_heap(Mailbox *mb, Signal *s)
{
    s->used = 0;
    s->chain = TERM_RAW(mb->on_heap);
    mb->on_heap = s;
}

/* Copies a block of whole terms that refers only to itself and to what never moves; returns where
 * root, a term in it or none of its pointers, is then. */
static Term copy_block(Term *to, const Term *from, size_t words, Term root)
{
    uintptr_t bytes = words * sizeof(Term);
    uintptr_t distance = (uintptr_t)to - (uintptr_t)from;
    for (size_t i = 0; i < words; i++) {
        uintptr_t w = from[i].w;
        to[i].w = w;
        if (header_is(w)) {
            if (header_kind(w) > BOXED_LAST_OF_TERMS) {
                size_t raw = header_words(w);
                memcpy(&to[i + 1], &from[i + 1], raw * sizeof(Term));
                i += raw;
            }
        } else if (((w & TAG_MASK) == TAG_CONS || (w & TAG_MASK) == TAG_BOXED) &&
                   w - (uintptr_t)from < bytes) {
            to[i].w = w + distance;
        }
    }
    return root.w - (uintptr_t)from < bytes && !term_is_small(root) ? TERM_RAW(root.w + distance)
                                                                    : root;
}

/* Moves the body of a small message without off-heap parts to the heap. */
static void move_to_heap(Mailbox *mb, Signal *s, Heap *heap)
{
    size_t words = s->used - SIGNAL_META_WORDS;
    if (words > MOVE_AT_MOST_WORDS || s->off_heap || STRESS(fragment) ||
        (size_t)(heap->stack - heap->top) < words + HEAP_STACK_SLACK) {
        return;
    }
    s->term = copy_block(heap->top, s->body, words, s->term);
    heap->top += words;
    chain_on_heap(mb, s);
}

Signal *mailbox_peek(Mailbox *mb, Heap *heap)
{
    Signal *s = *mb->save;
    if (s && mb->save == &mb->inner && !is_on_heap(s)) {
        move_to_heap(mb, s, heap);
    }
    mb->peeked = s != NULL;
    return s;
}

static void unchain(Mailbox *mb, Signal *s)
{
    Signal *at = mb->on_heap;
    if (at == s) {
        mb->on_heap = (Signal *)s->chain.w;
        return;
    }
    while ((Signal *)at->chain.w != s) {
        at = (Signal *)at->chain.w;
    }
    at->chain = s->chain;
}

/* The link `from` is about to go; the one at `to` takes its place. */
static void move_marks(Mailbox *mb, Signal *const *from, Signal **to)
{
    for (int i = 0; i < MAILBOX_MARKS; i++) {
        if (mb->marks[i].link == from) {
            mb->marks[i].link = to;
        }
    }
}

void mailbox_accept(Mailbox *mb, Heap *heap)
{
    Signal *s = *mb->save;
    *mb->save = s->next;
    if (mb->inner_end == &s->next) {
        mb->inner_end = mb->save;
    }
    move_marks(mb, &s->next, mb->save);
    mb->length--;
    mailbox_rewind(mb);
    if (is_on_heap(s)) {
        unchain(mb, s);
        fragment_free_block((Fragment *)s);
    } else if (s->used == SIGNAL_META_WORDS) {
        signal_free(s);
    } else {
        s->chain = TERM_NIL;
        heap_add_fragment(heap, (Fragment *)s);
    }
}

bool mailbox_pin(Mailbox *mb, Heap *heap)
{
    Signal *s = *mb->save;
    if (!mb->peeked || is_on_heap(s)) {
        return true;
    }
    Signal *stand_in = signal_new(SIGNAL_MESSAGE, s->from, 0);
    if (!stand_in) {
        return false;
    }
    stand_in->next = s->next;
    stand_in->term = s->term;
    *mb->save = stand_in;
    if (mb->inner_end == &s->next) {
        mb->inner_end = &stand_in->next;
    }
    move_marks(mb, &s->next, &stand_in->next);
    chain_on_heap(mb, stand_in);
    s->chain = TERM_NIL;
    heap_add_fragment(heap, (Fragment *)s);
    return true;
}

Signal **mailbox_link_of(Mailbox *mb, uint64_t ref)
{
    for (int i = 0; i < MAILBOX_MARKS; i++) {
        if (mb->marks[i].ref == ref && mb->marks[i].link) {
            mb->mark_served |= i == 0;
            return mb->marks[i].link;
        }
    }
    return &mb->inner;
}

void mailbox_start_at(Mailbox *mb, uint64_t ref)
{
    mb->save = mailbox_link_of(mb, ref);
    mb->peeked = false;
}
