/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/big_limbs.h: what the big_*.c files share: the words of a result on its way. */
#ifndef ACT_TERM_BIG_LIMBS_H
#define ACT_TERM_BIG_LIMBS_H

#include "vm/term/big.h"

#include <gmp.h>

ACT_INLINE mp_limb_t *big_limbs(Term *words)
{
    return (mp_limb_t *)(words + 1);
}

/* Room for a header and so many limbs; NULL with *error. */
Term *big_room(const TermRoom *room, size_t limbs, NumberError *error);

/* The integer of count limbs behind words, which big_room gave up to end: normalised. */
Term big_finish(const TermRoom *room, Term *words, Term *end, size_t count, bool negative,
                NumberError *error);

#endif
