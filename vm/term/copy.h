/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/copy.h: copying a term from one heap to another.
 *
 * Plan first, get the words, then run: the words counted are exactly the words written. Parts that
 * occur twice are copied once when the term is large (COPY_PLAIN_MAX words and more counted without
 * sharing); in smaller ones they are copied as often as they occur. The source is only read.
 * Immediates and terms in [literals, literals_end) are not copied. No C stack is used for depth.
 *
 *   CopyPlan plan;
 *   if (!copy_plan(&plan, term, literals, literals_end)) … no memory
 *   Fragment *f = fragment_new(plan.words); if (!f) { copy_drop(&plan); … }
 *   Term copy = copy_run(&plan, f->words, &f->off_heap); f->used = plan.words;
 */
#ifndef ACT_TERM_COPY_H
#define ACT_TERM_COPY_H

#include "vm/term/term.h"
#include "vm/types.h"

enum { COPY_PLAIN_MAX = 4096 };

typedef struct {
    Term term;
    size_t words; /* that the copy takes */
    const Term *literals;
    const Term *literals_end;
    struct CopySeen *seen; /* what occurs twice; NULL for small terms */
} CopyPlan;

/* Counts. False without memory (nothing to give back then). Any thread that may read the term. */
bool copy_plan(CopyPlan *plan, Term term, const Term *literals, const Term *literals_end);
/* Copies into to[0..plan->words) and gives the plan back. BOXED_REFC boxes are retained and linked
 * in front of *off_heap. */
Term copy_run(CopyPlan *plan, Term *to, Term **off_heap);
/* Gives a plan back that is not run. */
void copy_drop(CopyPlan *plan);

/* Words of the term as the heap holds it, each shared part counted as often as it occurs, literals
 * not; at most limit + a little (stops early then). erts_debug:flat_size. */
size_t copy_flat_size(Term term, const Term *literals, const Term *literals_end, size_t limit);

#endif
