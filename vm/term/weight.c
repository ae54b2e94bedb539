/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/weight.c: see weight.h. What nests too deep for the small stack here counts as heavy. */
#include "vm/term/weight.h"

#include "vm/term/binary.h"
#include "vm/term/map.h"

enum { BYTES_PER_STEP = 64, LIMB_PAIRS_PER_STEP = 64, STACK = 64 };

typedef struct {
    Term items[STACK];
    unsigned count;
    size_t left; /* steps; 0: heavy */
} Walk;

static void take(Walk *w, size_t steps)
{
    w->left = steps < w->left ? w->left - steps : 0;
}

static void later(Walk *w, Term t)
{
    if (!term_is_cons(t) && !term_is_boxed(t)) {
        return;
    }
    if (w->count == STACK) {
        w->left = 0;
    } else {
        w->items[w->count++] = t;
    }
}

static void visit_boxed(Walk *w, Term t)
{
    const Term *words = boxed_words(t);
    size_t count = header_words(words[0].w);
    if (term_is_bitstring(t)) {
        take(w, binary_bits(t) / 8 / BYTES_PER_STEP + 1);
    } else if (header_kind(words[0].w) > BOXED_LAST_OF_TERMS) {
        take(w, count * count / LIMB_PAIRS_PER_STEP + 1); /* what is done to integers is slow */
    } else {
        take(w, count + 1);
        for (size_t i = 1; i <= count && w->left > 0; i++) {
            later(w, words[i]);
        }
    }
}

bool term_heavier(Term t, size_t limit)
{
    Walk w; /* not all of it is zeroed: most terms are small */
    w.count = 0;
    w.left = limit;
    later(&w, t);
    while (w.count > 0 && w.left > 0) {
        t = w.items[--w.count];
        for (; term_is_cons(t) && w.left > 0; t = cons_tail(t)) {
            take(&w, 1);
            later(&w, cons_head(t));
        }
        if (w.left > 0 && term_is_boxed(t)) {
            visit_boxed(&w, t);
        }
    }
    return w.left == 0;
}
