/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/fast_float.h: arithmetic where both operands are floats in their words, or one is and the
 * other a small integer. TERM_NONE: it is not such a case, or the result does not fit a word; then
 * exec_arith does it. Pure; for the interpreter's loop. */
#ifndef ACT_EXEC_FAST_FLOAT_H
#define ACT_EXEC_FAST_FLOAT_H

#include "vm/term/term.h"

ACT_INLINE bool fast_float_read(Term t, double *value)
{
    if ((t.w & TAG_MASK) == TAG_FLOAT) {
        *value = float_immediate_value(t);
        return true;
    }
    *value = (double)small_value(t);
    return term_is_small(t);
}

#define FAST_FLOAT(name, operator) \
    ACT_INLINE Term fast_float_##name(Term a, Term b) \
    { \
        double x, y; \
        bool fast = !terms_are_small(a, b) && fast_float_read(a, &x) && fast_float_read(b, &y); \
        return fast ? float_immediate(x operator y) : TERM_NONE; \
    }
FAST_FLOAT(add, +)
FAST_FLOAT(sub, -)
FAST_FLOAT(mul, *)
#undef FAST_FLOAT

/* Also of two small integers. */
ACT_INLINE Term fast_float_fdiv(Term a, Term b)
{
    double x, y;
    bool fast = fast_float_read(a, &x) && fast_float_read(b, &y) && y != 0.0;
    return fast ? float_immediate(x / y) : TERM_NONE;
}

#endif
