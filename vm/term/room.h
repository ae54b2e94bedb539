/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/room.h: where functions that build terms get their words from.
 *
 * A heap gives one (mem/heap.h: heap_room), so does a buffer of known size (room_in) and anybody
 * else who sets the two functions. Words asked for are filled at once and never move while the
 * building goes on. */
#ifndef ACT_TERM_ROOM_H
#define ACT_TERM_ROOM_H

#include "vm/term/term.h"

typedef struct {
    /* words words for the caller to fill completely; NULL without memory. */
    Term *(*alloc)(void *ctx, size_t words);
    /* Takes back the last `words` words of the latest alloc, which ended at end. */
    void (*shrink)(void *ctx, Term *end, size_t words);
    void *ctx;
} TermRoom;

ACT_INLINE Term *room_alloc(const TermRoom *room, size_t words)
{
    return room->alloc(room->ctx, words);
}
ACT_INLINE void room_shrink(const TermRoom *room, Term *end, size_t words)
{
    if (words > 0) {
        room->shrink(room->ctx, end, words);
    }
}

/* A block of known size that is filled from its start. */
typedef struct {
    Term *top;
    Term *end;
} TermBlock;

/* Room in a block; NULL from alloc when it is full. The block must outlive the room. */
TermRoom room_in(TermBlock *block);

/* Small builders, for room known to be there: *top moves past the words written. */
ACT_INLINE Term build_cons(Term **top, Term head, Term tail)
{
    Term *cell = *top;
    cell[0] = head;
    cell[1] = tail;
    *top = cell + 2;
    return cons_term(cell);
}
ACT_INLINE Term build_tuple2(Term **top, Term a, Term b)
{
    Term *words = *top;
    words[0].w = header_make(BOXED_TUPLE, 2);
    words[1] = a;
    words[2] = b;
    *top = words + 3;
    return boxed_term(words);
}
ACT_INLINE Term build_tuple3(Term **top, Term a, Term b, Term c)
{
    Term *words = *top;
    words[0].w = header_make(BOXED_TUPLE, 3);
    words[1] = a;
    words[2] = b;
    words[3] = c;
    *top = words + 4;
    return boxed_term(words);
}

/* A float: in the word if it fits, else FLOAT_WORDS words. TERM_NONE without memory. value must be
 * finite. */
enum { FLOAT_WORDS = 2 };
Term float_make_boxed(const TermRoom *room, double value);
ACT_INLINE Term float_make(const TermRoom *room, double value)
{
    Term word = float_immediate(value);
    return ACT_LIKELY(!term_same(word, TERM_NONE)) ? word : float_make_boxed(room, value);
}

#endif
