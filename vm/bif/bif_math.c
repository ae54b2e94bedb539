/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_math.c: module math over the C library. No number: badarg; a number too large for a
 * float, or a result that is none: badarith. */
#include "vm/base/rounding.h"
#include "vm/bif/bif_shared.h"
#include "vm/bif/bif_util.h"
#include "vm/term/arith.h"
#include "vm/vm_parts.h"

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

#define MATH_1(name, value) \
    Term bif_math_##name##_1(Process *p, const Term *a) \
    { \
        double x; \
        return argument(p, a[0], &x) ? result(p, value) : TERM_NONE; \
    }
MATH_1(ceil, rounding_ceil(x))
MATH_1(floor, rounding_floor(x))
MATH_1(sqrt, __builtin_sqrt(x))

#define LIBRARY_1(name) MATH_1(name, math_lib_1(&vm_bifs(p->vm)->math, MATH_##name, x))
MATH_LIB_1(LIBRARY_1)

#define LIBRARY_2(name) \
    Term bif_math_##name##_2(Process *p, const Term *a) \
    { \
        double x, y; \
        return argument(p, a[0], &x) && argument(p, a[1], &y) \
                   ? result(p, math_lib_2(&vm_bifs(p->vm)->math, MATH_##name, x, y)) \
                   : TERM_NONE; \
    }
MATH_LIB_2(LIBRARY_2)

Term bif_math_pi_0(Process *p, const Term *a)
{
    return util_float(p, 3.14159265358979323846);
}
