/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/ref.h: references: BOXED_REF, [id] [extra] [VM's creation], all raw.
 *
 * The id is unique in the VM and rises (in blocks, a thread each); extra is for the maker: sched/
 * says there what the reference is good for (a timer, an alias) — 0 for make_ref. Equality is by id
 * and creation, order by creation and id.
 *
 * As text and as bytes a reference is three numbers of 18, 32 and 32 bits, as in Erlang. The id is
 * all of them but the highest 18 bits, which are the low bits of the creation: 0 in what is made
 * here.
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

enum {
    REF_NUMBERS = 3,
    REF_FIRST_BITS = 18,    /* of the first number; the others have 32 */
    REF_LAST_BITS = 14,     /* of the last number that are in the id */
    REF_CREATION_SHIFT = 32 /* below: the rest of the last number; above: another VM's creation */
};

ACT_INLINE void ref_numbers(Term t, uint32_t numbers[REF_NUMBERS])
{
    uint64_t id = ref_id(t);
    numbers[0] = (uint32_t)(id & ((1u << REF_FIRST_BITS) - 1));
    numbers[1] = (uint32_t)(id >> REF_FIRST_BITS);
    numbers[2] = (uint32_t)(id >> (32 + REF_FIRST_BITS) | ref_creation(t) << REF_LAST_BITS);
}

/* The reference of these numbers; the first is below 2^18. */
ACT_INLINE Term ref_of_numbers(Term *words, const uint32_t numbers[REF_NUMBERS], uint64_t extra,
                               uint64_t creation)
{
    uint64_t id = numbers[0] | (uint64_t)numbers[1] << REF_FIRST_BITS |
                  (uint64_t)numbers[2] << (32 + REF_FIRST_BITS);
    return ref_build(words, id, extra,
                     creation << REF_CREATION_SHIFT | numbers[2] >> REF_LAST_BITS);
}

#endif
