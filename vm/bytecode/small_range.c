/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/small_range.c: arithmetic on ranges of small integers. */
#include "vm/bytecode/small_range.h"

static unsigned bits_of(uint64_t value)
{
    return value == 0 ? 0 : 64 - (unsigned)__builtin_clzll(value);
}

SmallRange small_range_of(int64_t value)
{
    return small_range(bits_of(value < 0 ? ~(uint64_t)value : (uint64_t)value), value < 0);
}

SmallRange small_range_join(SmallRange a, SmallRange b)
{
    if (a == SMALL_RANGE_NONE || b == SMALL_RANGE_ANY) {
        return b;
    }
    if (b == SMALL_RANGE_NONE || a == SMALL_RANGE_ANY) {
        return a;
    }
    return small_range(ACT_MAX(small_range_bits(a), small_range_bits(b)),
                       small_range_negative(a) || small_range_negative(b));
}

static SmallRange product(unsigned a, bool a_negative, unsigned b, bool b_negative)
{
    /* -2^a times -2^b is 2^(a + b), one more than a + b bits hold */
    return small_range(a + b + (a_negative && b_negative), a_negative || b_negative);
}

/* With a mask that is not negative, the result is between 0 and the mask. */
static SmallRange masked(unsigned a, bool a_negative, unsigned b, bool b_negative)
{
    if (a_negative && b_negative) {
        return small_range(ACT_MAX(a, b), true);
    }
    return small_range(a_negative ? b : b_negative ? a : ACT_MIN(a, b), false);
}

SmallRange small_range_rem(SmallRange a, int64_t by)
{
    if (by == 0 || by == INT64_MIN || small_range_of(by) == SMALL_RANGE_ANY) {
        return SMALL_RANGE_ANY;
    }
    unsigned bits = bits_of((uint64_t)(by < 0 ? -by : by) - 1);
    bool small = small_range_is_small(a);
    return small_range(small ? ACT_MIN(bits, small_range_bits(a)) : bits,
                       !small || small_range_negative(a));
}

SmallRange small_range_band(int64_t by)
{
    return by < 0 ? SMALL_RANGE_ANY : small_range_of(by);
}

SmallRange small_range_result(BcOpcode op, SmallRange a, SmallRange b, int64_t by)
{
    if (!small_range_is_small(a)) {
        return SMALL_RANGE_ANY;
    }
    unsigned x = small_range_bits(a);
    bool x_negative = small_range_negative(a);
    switch (op) {
    case BC_bsl_small:
        return by < 0 || by > SMALL_RANGE_BITS ? SMALL_RANGE_ANY
                                               : small_range(x + (unsigned)by, x_negative);
    case BC_bsr_small:
        return by < 0 || by > SMALL_RANGE_BITS
                   ? SMALL_RANGE_ANY
                   : small_range(x > (unsigned)by ? x - (unsigned)by : 0, x_negative);
    case BC_div_small:
        return by < 1 || !small_range_is_small(b) ? SMALL_RANGE_ANY : a;
    case BC_rem_small:
        return by < 1 ? SMALL_RANGE_ANY : small_range_rem(a, by);
    default:
        break;
    }
    if (!small_range_is_small(b)) {
        return SMALL_RANGE_ANY;
    }
    unsigned y = small_range_bits(b);
    bool y_negative = small_range_negative(b);
    switch (op) {
    case BC_add_small:
        return small_range(ACT_MAX(x, y) + 1, x_negative || y_negative);
    case BC_sub_small:
        return small_range(ACT_MAX(x, y) + (x_negative || y_negative), true);
    case BC_mul_small:
        return product(x, x_negative, y, y_negative);
    case BC_band_small:
        return masked(x, x_negative, y, y_negative);
    default: /* bor_small, bxor_small */
        return small_range(ACT_MAX(x, y), x_negative || y_negative);
    }
}

SmallRange small_range_limit(BcOpcode op, SmallRange a, SmallRange b)
{
    if (!small_range_is_small(a) || !small_range_is_small(b)) {
        return a;
    }
    if (op == BC_above || op == BC_at_least) {
        return small_range(small_range_bits(a), small_range_negative(a) && small_range_negative(b));
    }
    return small_range_negative(a)
               ? a
               : small_range(ACT_MIN(small_range_bits(a), small_range_bits(b)), false);
}

SmallRange small_range_bif(const BcImport *import)
{
    static const char *const sizes[] = {"length", "byte_size", "bit_size", "tuple_size",
                                        "map_size"};
    if (!konst_is_atom(import->module, "erlang") || import->arity != 1) {
        return SMALL_RANGE_ANY;
    }
    for (size_t i = 0; i < ACT_COUNT(sizes); i++) {
        if (konst_is_atom(import->name, sizes[i])) {
            return small_range(SMALL_RANGE_SIZE_BITS, false);
        }
    }
    return SMALL_RANGE_ANY;
}

SmallRange small_range_segment(uint32_t spec, uint64_t bits)
{
    if ((spec & BC_SEG_TYPE) != BC_SEG_INTEGER || bits > SMALL_RANGE_BITS) {
        return SMALL_RANGE_ANY;
    }
    bool negative = (spec & BC_SEG_SIGNED) != 0;
    return small_range(negative && bits > 0 ? (unsigned)bits - 1 : (unsigned)bits, negative);
}
