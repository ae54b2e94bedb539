/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/arith.c: the operators on any terms. */
#include "vm/term/arith.h"

#include "vm/base/rounding.h"

#include <math.h>

static Term fail(NumberError *error, NumberError what)
{
    *error = what;
    return TERM_NONE;
}

static Term make_float(const TermRoom *room, double value, NumberError *error)
{
    if (!isfinite(value)) {
        return fail(error, NUMBER_BADARITH);
    }
    Term t = float_make(room, value);
    return term_same(t, TERM_NONE) ? fail(error, NUMBER_NO_MEMORY) : t;
}

bool arith_to_double(Term a, double *value)
{
    if (term_is_small(a)) {
        *value = (double)small_value(a);
        return true;
    }
    if (term_is_float(a)) {
        *value = float_value(a);
        return true;
    }
    return term_is_big(a) && big_to_double(a, value);
}

static bool both_integers(Term a, Term b)
{
    return term_is_integer(a) && term_is_integer(b);
}

/* Both as doubles, for an operator with at least one float. */
static bool both_doubles(Term a, Term b, double *x, double *y)
{
    return arith_to_double(a, x) && arith_to_double(b, y);
}

Term arith_add(const TermRoom *room, Term a, Term b, NumberError *error)
{
    double x, y;
    if (terms_are_small(a, b)) {
        return big_from_int64(room, small_value(a) + small_value(b), error);
    }
    if (both_integers(a, b)) {
        return big_add(room, a, b, error);
    }
    return both_doubles(a, b, &x, &y) ? make_float(room, x + y, error)
                                      : fail(error, NUMBER_BADARITH);
}

Term arith_sub(const TermRoom *room, Term a, Term b, NumberError *error)
{
    double x, y;
    if (terms_are_small(a, b)) {
        return big_from_int64(room, small_value(a) - small_value(b), error);
    }
    if (both_integers(a, b)) {
        return big_sub(room, a, b, error);
    }
    return both_doubles(a, b, &x, &y) ? make_float(room, x - y, error)
                                      : fail(error, NUMBER_BADARITH);
}

Term arith_mul(const TermRoom *room, Term a, Term b, NumberError *error)
{
    double x, y;
    int64_t product;
    if (terms_are_small(a, b) &&
        !__builtin_mul_overflow(small_value(a), small_value(b), &product)) {
        return big_from_int64(room, product, error);
    }
    if (both_integers(a, b)) {
        return big_mul(room, a, b, error);
    }
    return both_doubles(a, b, &x, &y) ? make_float(room, x * y, error)
                                      : fail(error, NUMBER_BADARITH);
}

Term arith_fdiv(const TermRoom *room, Term a, Term b, NumberError *error)
{
    double x, y;
    if (!both_doubles(a, b, &x, &y) || y == 0) {
        return fail(error, NUMBER_BADARITH);
    }
    return make_float(room, x / y, error);
}

Term arith_div(const TermRoom *room, Term a, Term b, NumberError *error)
{
    if (!both_integers(a, b) || term_same(b, small_make(0))) {
        return fail(error, NUMBER_BADARITH);
    }
    return terms_are_small(a, b) ? big_from_int64(room, small_value(a) / small_value(b), error)
                                 : big_div(room, a, b, error);
}

Term arith_rem(const TermRoom *room, Term a, Term b, NumberError *error)
{
    if (!both_integers(a, b) || term_same(b, small_make(0))) {
        return fail(error, NUMBER_BADARITH);
    }
    return terms_are_small(a, b) ? small_make(small_value(a) % small_value(b))
                                 : big_rem(room, a, b, error);
}

Term arith_neg(const TermRoom *room, Term a, NumberError *error)
{
    if (term_is_small(a)) {
        return big_from_int64(room, -small_value(a), error);
    }
    if (term_is_float(a)) {
        return make_float(room, -float_value(a), error);
    }
    return term_is_big(a) ? big_neg(room, a, error) : fail(error, NUMBER_BADARITH);
}

Term arith_plus(const TermRoom *room, Term a, NumberError *error)
{
    return term_is_number(a) ? a : fail(error, NUMBER_BADARITH);
}

Term arith_abs(const TermRoom *room, Term a, NumberError *error)
{
    bool negative;
    if (term_is_small(a)) {
        negative = small_value(a) < 0;
    } else if (term_is_float(a)) {
        negative = float_value(a) < 0; /* abs(-0.0) stays -0.0, as in OTP 25 */
    } else if (term_is_big(a)) {
        negative = term_is_kind(a, BOXED_BIG_NEGATIVE);
    } else {
        return fail(error, NUMBER_BADARITH);
    }
    return negative ? arith_neg(room, a, error) : a;
}

Term arith_band(const TermRoom *room, Term a, Term b, NumberError *error)
{
    if (terms_are_small(a, b)) {
        return TERM_RAW(a.w & b.w);
    }
    return both_integers(a, b) ? big_band(room, a, b, error) : fail(error, NUMBER_BADARITH);
}

Term arith_bor(const TermRoom *room, Term a, Term b, NumberError *error)
{
    if (terms_are_small(a, b)) {
        return TERM_RAW(a.w | b.w);
    }
    return both_integers(a, b) ? big_bor(room, a, b, error) : fail(error, NUMBER_BADARITH);
}

Term arith_bxor(const TermRoom *room, Term a, Term b, NumberError *error)
{
    if (terms_are_small(a, b)) {
        return TERM_RAW(a.w ^ b.w);
    }
    return both_integers(a, b) ? big_bxor(room, a, b, error) : fail(error, NUMBER_BADARITH);
}

Term arith_bnot(const TermRoom *room, Term a, NumberError *error)
{
    if (term_is_small(a)) {
        return small_make(~small_value(a));
    }
    return term_is_big(a) ? big_bnot(room, a, error) : fail(error, NUMBER_BADARITH);
}

/* Shifts of small by small whose result is small need no limbs. */
static bool shift_small(Term a, int64_t left, Term *result)
{
    int64_t value = small_value(a);
    if (left <= 0) {
        *result = small_make(value >> ACT_MIN(-left, 63));
        return true;
    }
    if (left >= 62 || (uint64_t)(value + ((int64_t)1 << (62 - left))) >> (63 - left) != 0) {
        return false;
    }
    *result = small_make((int64_t)((uint64_t)value << left));
    return true;
}

Term arith_bsl(const TermRoom *room, Term a, Term b, NumberError *error)
{
    Term result;
    if (terms_are_small(a, b) && shift_small(a, small_value(b), &result)) {
        return result;
    }
    return both_integers(a, b) ? big_bsl(room, a, b, error) : fail(error, NUMBER_BADARITH);
}

Term arith_bsr(const TermRoom *room, Term a, Term b, NumberError *error)
{
    Term result;
    if (terms_are_small(a, b) && shift_small(a, -small_value(b), &result)) {
        return result;
    }
    return both_integers(a, b) ? big_bsr(room, a, b, error) : fail(error, NUMBER_BADARITH);
}

/* An integer as it is, a float after rounding by how. */
static Term to_integer(const TermRoom *room, Term a, double (*how)(double), NumberError *error)
{
    if (term_is_float(a)) {
        return big_from_double(room, how(float_value(a)), error);
    }
    return term_is_integer(a) ? a : fail(error, NUMBER_BADARITH);
}

Term arith_trunc(const TermRoom *room, Term a, NumberError *error)
{
    return to_integer(room, a, rounding_trunc, error);
}

Term arith_round(const TermRoom *room, Term a, NumberError *error)
{
    return to_integer(room, a, rounding_round, error);
}

Term arith_floor(const TermRoom *room, Term a, NumberError *error)
{
    return to_integer(room, a, rounding_floor, error);
}

Term arith_ceil(const TermRoom *room, Term a, NumberError *error)
{
    return to_integer(room, a, rounding_ceil, error);
}

Term arith_float(const TermRoom *room, Term a, NumberError *error)
{
    double value;
    if (term_is_float(a)) {
        return a;
    }
    return arith_to_double(a, &value) ? make_float(room, value, error)
                                      : fail(error, NUMBER_BADARITH);
}
