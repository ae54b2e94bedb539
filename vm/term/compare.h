/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/compare.h: the order of all terms, and the two equalities.
 *
 * number < atom < reference < fun < port < pid < tuple < map < nil < list < bitstring. Integers and
 * floats are compared by exact value. None of these uses the C stack for deep terms, reads
 * anything but the terms, or fails. Any thread that may read the terms. */
#ifndef ACT_TERM_COMPARE_H
#define ACT_TERM_COMPARE_H

#include "vm/term/term.h"
#include "vm/types.h"

/* Bodies of the inline functions below; callers use those. */
int term_compare_slow(const AtomTable *atoms, Term a, Term b, bool exact);
bool term_equal_slow(Term a, Term b, bool exact);

/* The same in so many steps (term/weight.h), which are counted down; if none is left there were too
 * few, and what is returned says nothing. a and b are not the same word. */
int term_compare_within(const AtomTable *atoms, Term a, Term b, bool exact, int64_t *budget);
bool term_equal_within(Term a, Term b, bool exact, int64_t *budget);

/* Erlang's order: <0, 0 (==) or >0. */
ACT_INLINE int term_compare(const AtomTable *atoms, Term a, Term b)
{
    if (terms_are_small(a, b)) {
        return (int64_t)a.w < (int64_t)b.w ? -1 : (int64_t)a.w > (int64_t)b.w;
    }
    return term_same(a, b) ? 0 : term_compare_slow(atoms, a, b, false);
}

/* a < b */
ACT_INLINE bool term_less(const AtomTable *atoms, Term a, Term b)
{
    if (terms_are_small(a, b)) {
        return (int64_t)a.w < (int64_t)b.w;
    }
    if (terms_are_immediate_floats(a, b)) {
        return float_immediate_value(a) < float_immediate_value(b);
    }
    return !term_same(a, b) && term_compare_slow(atoms, a, b, false) < 0;
}

/* The order of map keys: as term_compare, but any integer comes before any float; 0 only if =:=. */
ACT_INLINE int term_compare_exact(const AtomTable *atoms, Term a, Term b)
{
    if (terms_are_small(a, b)) {
        return (int64_t)a.w < (int64_t)b.w ? -1 : (int64_t)a.w > (int64_t)b.w;
    }
    return term_same(a, b) ? 0 : term_compare_slow(atoms, a, b, true);
}

/* True if equal words are the only way for t to be =:= to anything: small, atom, pid, port, []. */
ACT_INLINE bool term_is_word(Term t)
{
    return term_is_small(t) || (t.w & TAG_MASK) == TAG_IMMEDIATE;
}

/* a =:= b. (0.0 =:= -0.0 is true, as in OTP 25.) */
ACT_INLINE bool term_equal_exact(Term a, Term b)
{
    if (term_same(a, b)) {
        return true;
    }
    if (term_is_word(a) || (a.w & TAG_MASK) != (b.w & TAG_MASK)) {
        /* an immediate float is never equal to a boxed one */
        return false;
    }
    return term_equal_slow(a, b, true);
}

/* a == b */
ACT_INLINE bool term_equal(Term a, Term b)
{
    if (term_same(a, b)) {
        return true;
    }
    if (terms_are_small(a, b)) {
        return false;
    }
    return term_equal_slow(a, b, false);
}

#endif
