/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/math_lib.h: the C library's mathematics, a shared library of its own that is loaded when
 * one of its functions is first called: most programs call none. */
#ifndef ACT_BIF_MATH_LIB_H
#define ACT_BIF_MATH_LIB_H

#include "vm/base/attr.h"

#include <stdatomic.h>

/* the formatter would move one of them to another line each time */
/* clang-format off */
#define MATH_LIB_1(F) \
    F(acos) F(acosh) F(asin) F(asinh) F(atan) F(atanh) F(cos) F(cosh) F(erf) F(erfc) F(exp) \
    F(log) F(log10) F(log2) F(sin) F(sinh) F(tan) F(tanh)
/* clang-format on */
#define MATH_LIB_2(F) F(atan2) F(fmod) F(pow)

typedef enum {
#define NAME(name) MATH_##name,
    MATH_LIB_1(NAME) MATH_LIB_2(NAME)
#undef NAME
        MATH__count
} MathName;

typedef void (*MathFunction)(void);

/* All NULL at first. Any thread, atomic. release: pairs with the acquire in math_lib_1 and _2. */
typedef struct {
    _Atomic(MathFunction) functions[MATH__count];
} MathLib;

/* Finds it, for ever. Any thread. */
MathFunction math_lib_find(MathLib *lib, MathName name);

ACT_INLINE MathFunction math_lib_function(MathLib *lib, MathName name)
{
    MathFunction found = atomic_load_explicit(&lib->functions[name], memory_order_acquire);
    return ACT_LIKELY(found != NULL) ? found : math_lib_find(lib, name);
}
ACT_INLINE double math_lib_1(MathLib *lib, MathName name, double x)
{
    return ((double (*)(double))math_lib_function(lib, name))(x);
}
ACT_INLINE double math_lib_2(MathLib *lib, MathName name, double x, double y)
{
    return ((double (*)(double, double))math_lib_function(lib, name))(x, y);
}

#endif
