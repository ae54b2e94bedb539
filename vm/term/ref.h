/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/ref.h: references: BOXED_REF, [id] [extra] [VM's creation], all raw.
 *
 * The id is unique in the VM and rises (in blocks, a thread each); extra is for the maker: sched/
 * says there what the reference is good for (a timer, an alias) — 0 for make_ref. Equality is by id
 * and creation, order by id.
 *
 * A magic reference (BOXED_MAGIC, as OTP calls them) is one that a block outside the heaps lives
 * by: its first words are a BOXED_REFC's (term/binary.h), [id] and [creation] follow. atomics uses
 * it. */
#ifndef ACT_TERM_REF_H
#define ACT_TERM_REF_H

#include "vm/term/term.h"

enum { REF_WORDS = 4, REF_ID = 1, REF_EXTRA = 2, REF_CREATION = 3 };
enum { MAGIC_WORDS = 6, MAGIC_ID = 4, MAGIC_CREATION = 5 };

/* Writes a reference into REF_WORDS words. */
ACT_INLINE Term ref_build(Term *words, uint64_t id, uint64_t extra, uint64_t creation)
{
    words[0].w = header_make(BOXED_REF, REF_WORDS - 1);
    words[REF_ID].w = id;
    words[REF_EXTRA].w = extra;
    words[REF_CREATION].w = creation;
    return boxed_term(words);
}
ACT_INLINE bool ref_is_magic(Term t)
{
    return header_kind(boxed_header(t)) == BOXED_MAGIC;
}
ACT_INLINE uint64_t ref_id(Term t)
{
    return boxed_words(t)[ref_is_magic(t) ? MAGIC_ID : REF_ID].w;
}
ACT_INLINE uint64_t ref_extra(Term t)
{
    return ref_is_magic(t) ? 0 : boxed_words(t)[REF_EXTRA].w;
}
ACT_INLINE uint64_t ref_creation(Term t)
{
    return boxed_words(t)[ref_is_magic(t) ? MAGIC_CREATION : REF_CREATION].w;
}
ACT_INLINE bool ref_equal(Term a, Term b)
{
    return ref_id(a) == ref_id(b) && ref_creation(a) == ref_creation(b);
}
ACT_INLINE int ref_compare(Term a, Term b)
{
    if (ref_creation(a) != ref_creation(b)) {
        return ref_creation(a) < ref_creation(b) ? -1 : 1;
    }
    return ref_id(a) < ref_id(b) ? -1 : ref_id(a) > ref_id(b);
}

#endif
