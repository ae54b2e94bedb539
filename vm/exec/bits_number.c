/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/bits_number.c: integers and floats at any bit, of any size, in either byte order.
 *
 * In the little order the bits stand in bytes as they come in memory, the least byte first; if they
 * are not whole bytes, the last and shortest one holds the highest bits. */
#include "vm/exec/bits.h"
#include "vm/term/big_limbs.h"

#include <math.h>

void bits_write(unsigned char *bytes, size_t at, uint64_t value, unsigned count)
{
    unsigned shift = at % 8;
    bytes += at / 8;
    while (count > 0) {
        unsigned room = 8 - shift;
        unsigned step = ACT_MIN(room, count);
        unsigned ones = (1u << step) - 1;
        unsigned part = (unsigned)(value >> (count - step)) & ones;
        unsigned kept = *bytes & ~(ones << (room - step));
        *bytes++ = (unsigned char)(kept | part << (room - step));
        count -= step;
        shift = 0;
    }
}

static uint64_t read_little(const unsigned char *bytes, size_t at, unsigned count)
{
    uint64_t value = 0;
    for (unsigned done = 0; done < count; done += 8) {
        value |= bits_read(bytes, at + done, ACT_MIN(8, count - done)) << done;
    }
    return value;
}

static void write_little(unsigned char *bytes, size_t at, uint64_t value, unsigned count)
{
    for (unsigned done = 0; done < count; done += 8) {
        bits_write(bytes, at + done, value >> done, ACT_MIN(8, count - done));
    }
}

/* Limb i (64 bits, or what is left of them), from the least, of an integer in count bits. */
static uint64_t read_limb(const unsigned char *bytes, size_t at, size_t count, size_t i,
                          bool little)
{
    size_t behind = i * 64;
    unsigned bits = (unsigned)ACT_MIN(count - behind, 64);
    return little ? read_little(bytes, at + behind, bits)
                  : bits_read(bytes, at + count - behind - bits, bits);
}

static Term read_word(const TermRoom *room, uint64_t value, unsigned count, bool is_signed,
                      NumberError *error)
{
    if (is_signed && count > 0 && value >> (count - 1) != 0) {
        uint64_t above = count == 64 ? 0 : UINT64_MAX << count;
        return big_from_int64(room, (int64_t)(value | above), error);
    }
    return big_from_uint64(room, value, error);
}

/* limbs := 2^bits - limbs */
static void negate(mp_limb_t *limbs, size_t count, size_t bits)
{
    mpn_neg(limbs, limbs, (mp_size_t)count);
    if (bits % 64 != 0) {
        limbs[count - 1] &= ((uint64_t)1 << bits % 64) - 1;
    }
}

/* How many limbs are left of an integer in count bits without those above that are 0. */
static size_t limbs_used(const unsigned char *bytes, size_t at, size_t count, bool little)
{
    size_t limbs = (count + 63) / 64;
    while (limbs > 1 && read_limb(bytes, at, count, limbs - 1, little) == 0) {
        limbs--;
    }
    return limbs;
}

Term bits_read_integer(const TermRoom *room, const unsigned char *bytes, size_t at, size_t count,
                       uint32_t spec, NumberError *error)
{
    bool little = bits_is_little(spec);
    if (count <= 64) {
        uint64_t value = little ? read_little(bytes, at, (unsigned)count)
                                : bits_read(bytes, at, (unsigned)count);
        return read_word(room, value, (unsigned)count, (spec & BC_SEG_SIGNED) != 0, error);
    }
    size_t in_all = (count + 63) / 64;
    size_t limb_count = in_all > BIG_MAX_LIMBS ? limbs_used(bytes, at, count, little) : in_all;
    Term *words = big_room(room, limb_count, error);
    if (!words) {
        return TERM_NONE;
    }
    mp_limb_t *limbs = big_limbs(words);
    for (size_t i = 0; i < limb_count; i++) {
        limbs[i] = read_limb(bytes, at, count, i, little);
    }
    bool negative = (spec & BC_SEG_SIGNED) != 0 && limb_count == in_all &&
                    (limbs[limb_count - 1] >> (count - 1) % 64) != 0;
    if (negative) {
        negate(limbs, limb_count, count);
    }
    return big_finish(room, words, words + 1 + limb_count, limb_count, negative, error);
}

static void write_small(unsigned char *bytes, size_t at, size_t count, bool little, int64_t value)
{
    while (count > 64) { /* the sign goes on and on */
        uint64_t sign = value < 0 ? UINT64_MAX : 0;
        unsigned step = (unsigned)ACT_MIN(count - 64, 64);
        bits_write(bytes, little ? at + count - step : at, sign, step);
        at += little ? 0 : step;
        count -= step;
    }
    if (little) {
        write_little(bytes, at, (uint64_t)value, (unsigned)count);
    } else {
        bits_write(bytes, at, (uint64_t)value, (unsigned)count);
    }
}

void bits_write_integer(unsigned char *bytes, size_t at, size_t count, uint32_t spec, Term value)
{
    bool little = bits_is_little(spec);
    if (term_is_small(value)) {
        write_small(bytes, at, count, little, small_value(value));
        return;
    }
    BigView view;
    big_open(&view, value);
    bool carry = true;
    for (size_t done = 0, i = 0; done < count; i++) {
        uint64_t limb = i < view.count ? view.limbs[i] : 0;
        if (view.negative) {
            limb = ~limb + carry;
            carry = carry && limb == 0;
        }
        unsigned step = (unsigned)ACT_MIN(count - done, 64);
        if (little) {
            write_little(bytes, at + done, limb, step);
        } else {
            bits_write(bytes, at + count - done - step, limb, step);
        }
        done += step;
    }
}

/* floats */

static double half_to_double(unsigned half)
{
    int exponent = (int)(half >> 10 & 31);
    double fraction = half & 1023;
    double value = exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);
    return half >> 15 ? -value : value;
}

/* Rounded to the nearest, halves to even; too large is infinite. Through a float, as Erlang does.
 */
static unsigned half_from_double(double value)
{
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    unsigned sign = bits >> 16 & 0x8000;
    int exponent = (int)(bits >> 23 & 0xff) - 127;
    uint32_t fraction = bits & 0x7fffff;
    if (exponent > 15) {
        return sign | 0x7c00;
    }
    if (exponent < -25) {
        return sign;
    }
    unsigned drop = 13;
    if (exponent < -14) {
        fraction |= 0x800000;
        drop += (unsigned)(-14 - exponent);
    } else {
        fraction |= (uint32_t)(exponent + 15) << 23;
    }
    unsigned half = fraction >> drop;
    uint32_t lost = fraction & ((1u << drop) - 1);
    uint32_t middle = 1u << (drop - 1);
    half += lost > middle || (lost == middle && (half & 1) != 0);
    return sign | half;
}

bool bits_read_float(const unsigned char *bytes, size_t at, size_t count, uint32_t spec,
                     double *value)
{
    *value = 0.0;
    if (count != 16 && count != 32 && count != 64) {
        return count == 0; /* as Erlang */
    }
    uint64_t bits = bits_is_little(spec) ? read_little(bytes, at, (unsigned)count)
                                         : bits_read(bytes, at, (unsigned)count);
    if (count == 16) {
        *value = half_to_double((unsigned)bits);
        return (bits >> 10 & 31) != 31;
    }
    if (count == 32) {
        uint32_t low = (uint32_t)bits;
        float single;
        memcpy(&single, &low, sizeof single);
        *value = (double)single;
    } else {
        memcpy(value, &bits, sizeof bits);
    }
    return isfinite(*value);
}

void bits_write_float(unsigned char *bytes, size_t at, size_t count, uint32_t spec, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (count == 16) {
        bits = half_from_double(value);
    } else if (count == 32) {
        float single = (float)value;
        uint32_t low;
        memcpy(&low, &single, sizeof low);
        bits = low;
    }
    if (bits_is_little(spec)) {
        write_little(bytes, at, bits, (unsigned)count);
    } else {
        bits_write(bytes, at, bits, (unsigned)count);
    }
}
