/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/hash.h: hashes of terms. Terms that are =:= have equal hashes. Any thread. */
#ifndef ACT_TERM_HASH_H
#define ACT_TERM_HASH_H

#include "vm/term/term.h"
#include "vm/types.h"

/* For tables inside the machine: fast, may change with any version, not written anywhere. Atoms
 * hash by index, so the value depends on the order in which a VM met its atoms. */
uint64_t term_hash(Term t);

/* erlang:phash2(T): 0 .. 2^27 - 1, the same numbers as OTP's. */
uint32_t term_phash2(const AtomTable *atoms, Term t);
/* The whole 32 bits, for phash2/2 with any range. */
uint32_t term_phash2_wide(const AtomTable *atoms, Term t);

#endif
