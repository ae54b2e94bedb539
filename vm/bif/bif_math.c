/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_math.c: module math over the C library. No number: badarg; a number too large for a
 * float, or a result that is none: badarith. */
#include "vm/bif/bif_util.h"
#include "vm/term/arith.h"

#include <math.h>

static Term result(Process *p, double value)
{
    return isfinite(value) ? util_float(p, value) : raise_badarith(p);
}

/* True and the double; else the exception is raised. */
static bool argument(Process *p, Term t, double *value)
{
    if (!term_is_number(t)) {
        raise_badarg(p);
        return false;
    }
    if (!arith_to_double(t, value)) {
        raise_badarith(p);
        return false;
    }
    return true;
}

#define MATH_1(name) \
    Term bif_math_##name##_1(Process *p, const Term *a) \
    { \
        double x; \
        return argument(p, a[0], &x) ? result(p, name(x)) : TERM_NONE; \
    }
#define MATH_2(name) \
    Term bif_math_##name##_2(Process *p, const Term *a) \
    { \
        double x, y; \
        return argument(p, a[0], &x) && argument(p, a[1], &y) ? result(p, name(x, y)) : TERM_NONE; \
    }

MATH_1(acos)
MATH_1(acosh)
MATH_1(asin)
MATH_1(asinh)
MATH_1(atan)
MATH_1(atanh)
MATH_1(ceil)
MATH_1(cos)
MATH_1(cosh)
MATH_1(erf)
MATH_1(erfc)
MATH_1(exp)
MATH_1(floor)
MATH_1(log)
MATH_1(log10)
MATH_1(log2)
MATH_1(sin)
MATH_1(sinh)
MATH_1(sqrt)
MATH_1(tan)
MATH_1(tanh)
MATH_2(atan2)
MATH_2(fmod)
MATH_2(pow)

Term bif_math_pi_0(Process *p, const Term *a)
{
    return util_float(p, 3.14159265358979323846);
}
