/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/pairs.h: pairs of term ranges still to be compared: the stack of compare.c and equal.c.
 *
 * The first ones lie in the struct; more move to a block of their own. Steps are counted as
 * term/weight.h does, for those who must not take long. */
#ifndef ACT_TERM_PAIRS_H
#define ACT_TERM_PAIRS_H

#include "vm/base/alloc.h"
#include "vm/term/term.h"

typedef struct {
    const Term *a;
    const Term *b;
    size_t count;
    bool exact;
} PairRange;

enum { PAIRS_FIRST = 24, PAIRS_BITS_A_STEP = 512 };
typedef struct {
    PairRange *items;
    size_t count;
    size_t room;
    int64_t budget; /* steps that may still be done; if none is left, the result says nothing */
    PairRange first[PAIRS_FIRST];
} PairStack;

ACT_INLINE void pairs_init(PairStack *stack, int64_t budget)
{
    stack->budget = budget;
    stack->items = stack->first;
    stack->count = 0;
    stack->room = PAIRS_FIRST;
}

/* Doubles the room. Without memory the OS process ends with a message. */
void pairs_grow(PairStack *stack);

ACT_INLINE void pairs_push(PairStack *stack, const Term *a, const Term *b, size_t count, bool exact)
{
    if (count == 0) {
        return;
    }
    if (ACT_UNLIKELY(stack->count == stack->room)) {
        pairs_grow(stack);
    }
    stack->items[stack->count++] = (PairRange){a, b, count, exact};
}

/* Takes so many steps (less than PTRDIFF_MAX); false if there were too few. */
ACT_INLINE bool pairs_spend(PairStack *stack, size_t steps)
{
    stack->budget -= (int64_t)steps;
    return stack->budget > 0;
}

/* Takes the next pair of terms; false at the end. */
ACT_INLINE bool pairs_next(PairStack *stack, Term *a, Term *b, bool *exact)
{
    if (stack->count == 0) {
        return false;
    }
    PairRange *top = &stack->items[stack->count - 1];
    *a = *top->a++;
    *b = *top->b++;
    *exact = top->exact;
    if (--top->count == 0) {
        stack->count--;
    }
    return true;
}

ACT_INLINE void pairs_free(PairStack *stack)
{
    if (stack->items != stack->first) {
        alloc_free(stack->items);
    }
}

#endif
