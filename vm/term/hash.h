/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/hash.h: hashes of terms. Terms that are =:= have equal hashes. Any thread. */
#ifndef ACT_TERM_HASH_H
#define ACT_TERM_HASH_H

#include "vm/term/term.h"
#include "vm/types.h"

/* For tables inside the machine: fast, may change with any version, not written anywhere. Atoms
 * hash by index, so the value depends on the order in which a VM met its atoms. */
ACT_INLINE uint64_t term_hash(Term t);
/* The same of a single word (small, atom, pid, port, []). */
ACT_INLINE uint64_t term_hash_word(Term t);

/* erlang:phash2(T): 0 .. 2^27 - 1, the same numbers as OTP's. */
uint32_t term_phash2(const AtomTable *atoms, Term t);
/* The whole 32 bits, for phash2/2 with any range. */
uint32_t term_phash2_wide(const AtomTable *atoms, Term t);

/* ---- in line ---- */

uint64_t term_hash_slow(Term t);

#define HASH_MULTIPLIER UINT64_C(0xD6E8FEB86659FD93)

/* Bijective in word for a given state: small integers never collide with each other. */
ACT_INLINE uint64_t hash_fold(uint64_t state, uint64_t word)
{
    uint64_t h = state ^ word;
    h ^= h >> 32;
    h *= HASH_MULTIPLIER;
    h ^= h >> 32;
    h *= HASH_MULTIPLIER;
    return h ^ h >> 32;
}

ACT_INLINE uint64_t term_hash_word(Term t)
{
    return hash_fold(0, t.w);
}

ACT_INLINE uint64_t term_hash(Term t)
{
    return term_is_small(t) || (t.w & TAG_MASK) == TAG_IMMEDIATE ? term_hash_word(t)
                                                                 : term_hash_slow(t);
}

#endif
