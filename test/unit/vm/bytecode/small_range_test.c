/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/vm/bytecode/small_range_test.c: whatever two values of two ranges give lies in the
 * range that is said of the result; what is said to be small is. */
#include "vm/bytecode/small_range.h"

#include <criterion/criterion.h>

static __int128 least(SmallRange r)
{
    return small_range_negative(r) ? -((__int128)1 << small_range_bits(r)) : 0;
}

static __int128 most(SmallRange r)
{
    return ((__int128)1 << small_range_bits(r)) - 1;
}

static bool holds(SmallRange r, __int128 value)
{
    return value >= least(r) && value <= most(r);
}

/* The ends of a range, zero, and one beside each. */
static size_t samples(SmallRange r, __int128 out[6])
{
    const __int128 wanted[] = {least(r), least(r) + 1, -1, 0, 1, most(r)};
    size_t count = 0;
    for (size_t i = 0; i < ACT_COUNT(wanted); i++) {
        if (holds(r, wanted[i])) {
            out[count++] = wanted[i];
        }
    }
    return count;
}

static __int128 compute(BcOpcode op, __int128 a, __int128 b)
{
    switch (op) {
    case BC_add_small:
        return a + b;
    case BC_sub_small:
        return a - b;
    case BC_mul_small:
        return a * b;
    case BC_band_small:
        return a & b;
    case BC_bor_small:
        return a | b;
    case BC_bxor_small:
        return a ^ b;
    case BC_bsl_small:
        return a * ((__int128)1 << b);
    case BC_bsr_small:
        return a >> b;
    case BC_div_small:
        return a / b;
    default:
        return a % b;
    }
}

static void check(BcOpcode op, SmallRange result, __int128 a, __int128 b)
{
    cr_assert(result == SMALL_RANGE_ANY || small_range_is_small(result));
    if (small_range_is_small(result)) {
        cr_assert(holds(result, compute(op, a, b)), "%s %lld, %lld", bc_op_info[op].name,
                  (long long)a, (long long)b);
    }
}

Test(small_range, results_hold_what_comes_out)
{
    __int128 as[6], bs[6];
    for (SmallRange x = 1; x <= SMALL_RANGE_LAST; x++) {
        for (SmallRange y = 1; y <= SMALL_RANGE_LAST; y++) {
            size_t a_count = samples(x, as), b_count = samples(y, bs);
            for (BcOpcode op = BC_add_small; op <= BC_bxor_small; op++) {
                SmallRange result = small_range_result(op, x, y, 0);
                for (size_t i = 0; i < a_count * b_count; i++) {
                    check(op, result, as[i % a_count], bs[i / a_count]);
                }
            }
        }
    }
}

Test(small_range, shifts_and_quotients_by_constants)
{
    static const int64_t bys[] = {1, 2, 3, 7, 8, 62, 1000, INT64_MAX >> 1};
    __int128 as[6];
    for (SmallRange x = 1; x <= SMALL_RANGE_LAST; x++) {
        size_t count = samples(x, as);
        for (size_t k = 0; k < ACT_COUNT(bys); k++) {
            for (BcOpcode op = BC_bsl_small; op <= BC_rem_small; op++) {
                SmallRange result = small_range_result(op, x, SMALL_RANGE_ANY, bys[k]);
                bool shift = op == BC_bsl_small || op == BC_bsr_small;
                cr_assert(!shift || bys[k] <= SMALL_RANGE_BITS || result == SMALL_RANGE_ANY);
                for (size_t i = 0; i < count && result != SMALL_RANGE_ANY; i++) {
                    check(op, result, as[i], bys[k]);
                }
            }
        }
    }
    for (BcOpcode op = BC_bsl_small; op <= BC_rem_small; op++) {
        cr_assert_eq(small_range_result(op, small_range(3, false), SMALL_RANGE_ANY, -1),
                     SMALL_RANGE_ANY);
    }
    cr_assert_eq(small_range_result(BC_div_small, 1, SMALL_RANGE_ANY, 0), SMALL_RANGE_ANY);
}

Test(small_range, of_values)
{
    cr_assert_eq(small_range_of(0), small_range(0, false));
    cr_assert_eq(small_range_of(-1), small_range(0, true));
    cr_assert_eq(small_range_of(255), small_range(8, false));
    cr_assert_eq(small_range_of(-256), small_range(8, true));
    cr_assert_eq(small_range_of(INT64_MAX >> 1), small_range(62, false));
    cr_assert_eq(small_range_of(INT64_MIN >> 1), small_range(62, true));
    cr_assert_eq(small_range_of((INT64_MAX >> 1) + 1), SMALL_RANGE_ANY);
    cr_assert_eq(small_range_of(INT64_MIN), SMALL_RANGE_ANY);
}

Test(small_range, limits)
{
    SmallRange wide = small_range(62, false), byte = small_range(8, false);
    SmallRange sign = small_range(62, true);
    cr_assert_eq(small_range_limit(BC_below, wide, byte), byte);
    cr_assert_eq(small_range_limit(BC_at_most, byte, wide), byte);
    cr_assert_eq(small_range_limit(BC_below, sign, byte), sign, "it may be far below zero");
    cr_assert_eq(small_range_limit(BC_above, sign, byte), wide);
    cr_assert_eq(small_range_limit(BC_at_least, sign, small_range(3, true)), sign);
    cr_assert_eq(small_range_limit(BC_below, SMALL_RANGE_ANY, byte), SMALL_RANGE_ANY);
}
