/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bytecode/small_range.h: what is known of a small integer: how many bits it takes, and whether
 * it may be negative. The compiler finds ranges (ssa/ssa_range.c) and the verifier proves them
 * again, with the functions of this file, so that typed instructions need no check when they run.
 *
 * A range is one byte. B bits: 0 .. 2^B - 1, or -2^B .. 2^B - 1 if it may be negative. Pure. */
#ifndef ACT_BYTECODE_SMALL_RANGE_H
#define ACT_BYTECODE_SMALL_RANGE_H

#include "vm/bytecode/bytecode.h"

typedef uint8_t SmallRange;
enum {
    SMALL_RANGE_NONE = 0,  /* no value: code that is not reached */
    SMALL_RANGE_ANY = 255, /* may be any term */
    SMALL_RANGE_BITS = 62, /* at most: those of a small integer */
    SMALL_RANGE_LAST = 2 * SMALL_RANGE_BITS + 2,
    SMALL_RANGE_SIZE_BITS = 58, /* of lengths and sizes, in bits too: more has no place in memory */
};

ACT_INLINE SmallRange small_range(unsigned bits, bool negative)
{
    return bits > SMALL_RANGE_BITS ? SMALL_RANGE_ANY : (SmallRange)(1 + 2 * bits + negative);
}
/* Neither NONE nor ANY. */
ACT_INLINE bool small_range_is_small(SmallRange range)
{
    return range >= 1 && range <= SMALL_RANGE_LAST;
}
/* Of a range that is small. */
ACT_INLINE unsigned small_range_bits(SmallRange range)
{
    return (range - 1u) / 2;
}
ACT_INLINE bool small_range_negative(SmallRange range)
{
    return (range - 1u) % 2 != 0;
}

/* The least range that holds value; ANY if it is no small integer. */
SmallRange small_range_of(int64_t value);
/* The least range that holds both. */
SmallRange small_range_join(SmallRange a, SmallRange b);
/* The result of a typed instruction (add_small .. rem_small); ANY: it may be no small integer, so
 * the instruction must not be used. by: the constant of bsl_small, bsr_small, div_small, rem_small.
 */
SmallRange small_range_result(BcOpcode op, SmallRange a, SmallRange b, int64_t by);
/* a, once it has been compared with a value of range b by below, at_most, above or at_least. */
SmallRange small_range_limit(BcOpcode op, SmallRange a, SmallRange b);
/* The result of the untyped `a band by`, `a rem by`, where a may be anything that does not fail. */
SmallRange small_range_band(int64_t by);
SmallRange small_range_rem(SmallRange a, int64_t by);
/* Of a guard built-in that gives a size (length, byte_size …); ANY if it is none of them. */
SmallRange small_range_bif(const BcImport *import);
/* An integer segment of n bits with this spec (BC_SEG_). */
SmallRange small_range_segment(uint32_t spec, uint64_t bits);

#endif
