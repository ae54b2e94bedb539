/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/copy.c: counting, then copying breadth first: the copy itself is the queue of what is
 * still to be copied, so that copying can neither fail nor run deep. */
#include "vm/term/copy.h"

#include "vm/base/alloc.h"
#include "vm/term/binary.h"
#include "vm/term/copy_seen.h"

/* Ranges of terms still to be counted. */
typedef struct {
    const Term *next;
    size_t count;
} CountRange;

enum { RANGES_FIRST = 32 };
typedef struct {
    CountRange *ranges;
    size_t depth;
    size_t room;
    CountRange first[RANGES_FIRST];
    const CopyPlan *plan;
    CopySeen *seen; /* NULL: count shared parts each time */
    size_t words;
    bool failed;
} Counting;

ACT_INLINE bool is_literal(const CopyPlan *plan, uintptr_t address)
{
    return address - (uintptr_t)plan->literals <
           (uintptr_t)plan->literals_end - (uintptr_t)plan->literals;
}

static ACT_NOINLINE void grow_ranges(Counting *c)
{
    CountRange *ranges = alloc_try(c->room * 2 * sizeof *ranges);
    if (!ranges) {
        c->failed = true;
        c->depth = 0; /* what is here is given up */
        return;
    }
    memcpy(ranges, c->ranges, c->depth * sizeof *ranges);
    if (c->ranges != c->first) {
        alloc_free(c->ranges);
    }
    c->ranges = ranges;
    c->room *= 2;
}

ACT_INLINE void push_range(Counting *c, const Term *next, size_t count)
{
    if (count == 0) {
        return;
    }
    if (ACT_UNLIKELY(c->depth == c->room)) {
        grow_ranges(c);
    }
    c->ranges[c->depth++] = (CountRange){next, count};
}

/* True if the words at address are to be counted: no literal, and not counted before. */
ACT_INLINE bool to_count(Counting *c, uintptr_t address)
{
    if (is_literal(c->plan, address)) {
        return false;
    }
    if (!c->seen) {
        return true;
    }
    int first = seen_visit(c->seen, address);
    c->failed |= first < 0;
    return first > 0;
}

static void count_boxed(Counting *c, Term t)
{
    const Term *words = boxed_words(t);
    if (!to_count(c, (uintptr_t)words)) {
        return;
    }
    size_t count = header_words(words[0].w);
    c->words += count + 1;
    if (header_kind(words[0].w) <= BOXED_LAST_OF_TERMS) {
        push_range(c, words + 1, count);
    }
}

/* A list is walked to its end; its items go to the stack only if there is something inside. */
static void count_list(Counting *c, Term t, size_t limit)
{
    while (term_is_cons(t) && c->words < limit) {
        const Term *cell = cons_cell(t);
        if (!to_count(c, (uintptr_t)cell)) {
            return;
        }
        c->words += 2;
        if (term_is_cons(cell[0])) {
            push_range(c, cell, 1);
        } else if (term_is_boxed(cell[0])) {
            count_boxed(c, cell[0]);
        }
        t = cell[1];
    }
    if (term_is_boxed(t)) {
        count_boxed(c, t);
    }
}

/* Words of the term; at least limit if it is larger. */
static bool count_words(const CopyPlan *plan, CopySeen *seen, size_t limit, size_t *words)
{
    Counting c;
    c.ranges = c.first;
    c.depth = 0;
    c.room = RANGES_FIRST;
    c.plan = plan;
    c.seen = seen;
    c.words = 0;
    c.failed = false;
    push_range(&c, &plan->term, 1);
    while (c.depth > 0 && c.words < limit && !c.failed) {
        CountRange *range = &c.ranges[c.depth - 1];
        Term t = *range->next++;
        c.depth -= --range->count == 0;
        if (term_is_cons(t)) {
            count_list(&c, t, limit);
        } else if (term_is_boxed(t)) {
            count_boxed(&c, t);
        }
    }
    if (c.ranges != c.first) {
        alloc_free(c.ranges);
    }
    *words = c.words;
    return !c.failed;
}

size_t copy_flat_size(Term term, const Term *literals, const Term *literals_end, size_t limit)
{
    CopyPlan plan = {.term = term, .literals = literals, .literals_end = literals_end};
    size_t words;
    return count_words(&plan, NULL, limit, &words) ? words : limit;
}

bool copy_plan(CopyPlan *plan, Term term, const Term *literals, const Term *literals_end)
{
    *plan = (CopyPlan){.term = term, .literals = literals, .literals_end = literals_end};
    if (!term_is_cons(term) && !term_is_boxed(term)) {
        return true;
    }
    if (!count_words(plan, NULL, COPY_PLAIN_MAX, &plan->words)) {
        return false;
    }
    if (plan->words < COPY_PLAIN_MAX) {
        return true;
    }
    CopySeen *seen = seen_new();
    if (!seen || !count_words(plan, seen, SIZE_MAX, &plan->words) || !seen_prepare(seen)) {
        seen_free(seen);
        return false;
    }
    if (seen_any_shared(seen)) {
        plan->seen = seen;
    } else {
        seen_free(seen);
    }
    return true;
}

void copy_drop(CopyPlan *plan)
{
    seen_free(plan->seen);
    plan->seen = NULL;
}

/* The state of a run: words up to scan are finished, up to top they are copied as they were. */
typedef struct {
    Term *top;
    Term **off_heap;
    const CopyPlan *plan;
} CopyRun;

ACT_INLINE Term copy_cell(CopyRun *run, const Term *cell)
{
    Term *to = run->top;
    to[0] = cell[0];
    to[1] = cell[1];
    run->top = to + 2;
    return cons_term(to);
}

ACT_INLINE Term copy_box(CopyRun *run, const Term *words)
{
    Term *to = run->top;
    size_t count = header_words(words[0].w) + 1;
    memcpy(to, words, count * sizeof *to);
    run->top = to + count;
    if (ACT_UNLIKELY(kind_is_counted(header_kind(words[0].w)))) {
        offheap_retain(refc_off_heap(to));
        to[REFC_NEXT].w = (uintptr_t)*run->off_heap;
        *run->off_heap = to;
    }
    return boxed_term(to);
}

ACT_INLINE Term copy_one(CopyRun *run, Term t)
{
    uintptr_t tag = t.w & TAG_MASK;
    if ((tag != TAG_CONS && tag != TAG_BOXED) || is_literal(run->plan, t.w - tag)) {
        return t;
    }
    Term *twin = run->plan->seen ? seen_copy_of(run->plan->seen, t.w - tag) : NULL;
    if (twin && !term_same(*twin, TERM_NONE)) {
        return *twin;
    }
    Term copy = tag == TAG_CONS ? copy_cell(run, cons_cell(t)) : copy_box(run, boxed_words(t));
    if (twin) {
        *twin = copy;
    }
    return copy;
}

Term copy_run(CopyPlan *plan, Term *to, Term **off_heap)
{
    CopyRun run = {.top = to, .off_heap = off_heap, .plan = plan};
    Term copy = copy_one(&run, plan->term);
    for (Term *scan = to; scan < run.top;) {
        if (header_is(scan->w)) {
            scan += header_kind(scan->w) > BOXED_LAST_OF_TERMS ? 1 + header_words(scan->w) : 1;
        } else {
            *scan = copy_one(&run, *scan);
            scan++;
        }
    }
    VM_ASSERT(run.top == to + plan->words);
    copy_drop(plan);
    return copy;
}
