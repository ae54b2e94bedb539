/* SPDX-License-Identifier: Apache-2.0 */
/* vm/base/rounding.h: trunc, floor, ceil and round of the C library's mathematics, without that
 * library: it would have to be loaded each time a program starts. */
#ifndef ACT_BASE_ROUNDING_H
#define ACT_BASE_ROUNDING_H

#include "vm/base/attr.h"

/* Towards zero. The sign of a zero stays. */
ACT_INLINE double rounding_trunc(double x)
{
    bool whole = !(__builtin_fabs(x) < 4503599627370496.0); /* 2^52; and what is no number */
    return whole ? x : __builtin_copysign((double)(int64_t)x, x);
}

ACT_INLINE double rounding_floor(double x)
{
    double t = rounding_trunc(x);
    return t > x ? t - 1 : t;
}

ACT_INLINE double rounding_ceil(double x)
{
    double t = rounding_trunc(x);
    return t < x ? __builtin_copysign(t + 1, x) : t;
}

/* To the nearest; halves away from zero. */
ACT_INLINE double rounding_round(double x)
{
    double t = rounding_trunc(x);
    return __builtin_fabs(x - t) >= 0.5 ? t + __builtin_copysign(1.0, x) : t;
}

#endif
