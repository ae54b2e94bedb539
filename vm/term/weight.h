/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/weight.h: whether work over a term takes long, found out without doing it. */
#ifndef ACT_TERM_WEIGHT_H
#define ACT_TERM_WEIGHT_H

#include "vm/term/term.h"

/* True if a walk over t takes more than `limit` steps: an element is one, 64 bytes of a binary are,
 * and n * n / 64 are an integer of n words. Looks no further than that. */
bool term_heavier(Term t, size_t limit);

#endif
