/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/big_convert.c: integers to doubles and text, and back. */
#include "vm/base/alloc.h"
#include "vm/term/big_limbs.h"

#include <math.h>

/* Bits of the magnitude. */
static size_t bit_length(const BigView *v)
{
    return v->count == 0 ? 0 : v->count * 64 - (size_t)__builtin_clzll(v->limbs[v->count - 1]);
}

/* The highest 64 bits, shifted up until the first is set; *rest: lower bits are set. count > 0. */
static uint64_t top_bits(const BigView *v, bool *rest)
{
    size_t last = v->count - 1;
    unsigned shift = (unsigned)__builtin_clzll(v->limbs[last]);
    uint64_t top = v->limbs[last] << shift;
    *rest = false;
    if (last > 0) {
        uint64_t next = v->limbs[last - 1];
        top |= shift ? next >> (64 - shift) : 0;
        *rest = next << shift != 0;
        for (size_t i = 0; i + 1 < last && !*rest; i++) {
            *rest = v->limbs[i] != 0;
        }
    }
    return top;
}

/* Limb by limb from below, rounding each sum, as OTP 25 does: from three limbs on this is not
 * always the nearest double. */
bool big_to_double(Term t, double *value)
{
    BigView v;
    big_open(&v, t);
    double sum = 0.0;
    double weight = 1.0;
    if (bit_length(&v) > 1024) {
        return false;
    }
    for (size_t i = 0; i < v.count; i++) {
        sum += (double)v.limbs[i] * weight;
        weight *= 18446744073709551616.0;
    }
    *value = v.negative ? -sum : sum;
    return isfinite(sum);
}

int big_compare_double(Term a, double b)
{
    BigView v;
    big_open(&v, a);
    bool b_negative = b < 0;
    if (v.count == 0) {
        return b > 0 ? -1 : b < 0;
    }
    if (v.negative != b_negative || b == 0) {
        return v.negative ? -1 : 1;
    }
    int exponent;
    double fraction = frexp(fabs(b), &exponent); /* 0.5 =< fraction < 1 */
    int64_t bits = (int64_t)bit_length(&v);
    int diff;
    if (bits != exponent) {
        diff = bits < exponent ? -1 : 1;
    } else {
        bool rest;
        uint64_t top = top_bits(&v, &rest);
        uint64_t mantissa = (uint64_t)ldexp(fraction, 64);
        diff = top != mantissa ? (top < mantissa ? -1 : 1) : rest;
    }
    return v.negative ? -diff : diff;
}

Term big_from_double(const TermRoom *room, double value, NumberError *error)
{
    if (fabs(value) < 4611686018427387904.0) { /* 2^62 */
        return small_make((int64_t)value);
    }
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(value), &exponent), 53);
    unsigned shift = (unsigned)exponent - 53;
    uint64_t limbs[18] = {0};
    limbs[shift / 64] = mantissa << shift % 64;
    if (shift % 64) {
        limbs[shift / 64 + 1] = mantissa >> (64 - shift % 64);
    }
    return big_from_limbs(room, value < 0, limbs, shift / 64 + 2, error);
}

/* Binary logarithms of the bases. */
static const double log2_of[37] = {
    0.0,
    0.0,
    1.0,
    1.584962500721156,
    2.0,
    2.321928094887362,
    2.584962500721156,
    2.807354922057604,
    3.0,
    3.169925001442312,
    3.321928094887362,
    3.4594316186372973,
    3.584962500721156,
    3.700439718141092,
    3.807354922057604,
    3.9068905956085187,
    4.0,
    4.087462841250339,
    4.169925001442312,
    4.247927513443585,
    4.321928094887363,
    4.392317422778761,
    4.459431618637297,
    4.523561956057013,
    4.584962500721156,
    4.643856189774724,
    4.700439718141092,
    4.754887502163468,
    4.807354922057604,
    4.857980995127572,
    4.906890595608519,
    4.954196310386875,
    5.0,
    5.044394119358453,
    5.087462841250339,
    5.129283016944966,
    5.169925001442312,
};

size_t big_text_room(Term t, unsigned base)
{
    BigView v;
    big_open(&v, t);
    return (size_t)((double)bit_length(&v) / log2_of[base]) + 4;
}

static char digit_char(unsigned digit)
{
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit];
}

static size_t limb_text(uint64_t limb, unsigned base, char *out)
{
    char reversed[64];
    size_t count = 0;
    do {
        reversed[count++] = digit_char((unsigned)(limb % base));
        limb /= base;
    } while (limb > 0);
    for (size_t i = 0; i < count; i++) {
        out[i] = reversed[count - 1 - i];
    }
    return count;
}

size_t big_text(Term t, unsigned base, char *out)
{
    BigView v;
    big_open(&v, t);
    char *at = out;
    if (v.negative) {
        *at++ = '-';
    }
    if (v.count <= 1) {
        return (size_t)(at - out) + limb_text(v.count ? v.limbs[0] : 0, base, at);
    }
    mp_limb_t *copy = alloc_try((v.count + 1) * sizeof *copy); /* mpn_get_str eats its input */
    if (!copy) {
        return 0;
    }
    memcpy(copy, v.limbs, v.count * sizeof *copy);
    size_t count = mpn_get_str((unsigned char *)at, (int)base, copy, (mp_size_t)v.count);
    alloc_free(copy);
    size_t zeros = 0;
    while (zeros + 1 < count && at[zeros] == 0) {
        zeros++;
    }
    for (size_t i = zeros; i < count; i++) {
        at[i - zeros] = digit_char((unsigned char)at[i]);
    }
    return (size_t)(at - out) + count - zeros;
}

/* The digit's value, or 36. */
static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'z') {
        return (unsigned)(c - 'a') + 10;
    }
    return c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A') + 10 : 36;
}

static Term parse_long(const TermRoom *room, const char *digits, size_t length, unsigned base,
                       bool negative, NumberError *error)
{
    size_t limbs = (size_t)((double)length * log2_of[base] / 64) + 2;
    if (limbs > BIG_MAX_LIMBS + 2) {
        *error = NUMBER_SYSTEM_LIMIT;
        return TERM_NONE;
    }
    unsigned char *values = alloc_try(length);
    Term *words = values ? big_room(room, limbs, error) : NULL;
    if (!words) {
        *error = NUMBER_NO_MEMORY;
        alloc_free(values);
        return TERM_NONE;
    }
    for (size_t i = 0; i < length; i++) {
        values[i] = (unsigned char)digit_value(digits[i]);
    }
    size_t count = (size_t)mpn_set_str(big_limbs(words), values, length, (int)base);
    alloc_free(values);
    return big_finish(room, words, words + 1 + limbs, count, negative, error);
}

Term big_parse(const TermRoom *room, const char *digits, size_t length, unsigned base,
               bool negative, NumberError *error)
{
    for (size_t i = 0; i < length; i++) {
        if (digit_value(digits[i]) >= base) {
            length = 0;
        }
    }
    if (length == 0) {
        *error = NUMBER_BADARITH;
        return TERM_NONE;
    }
    while (length > 1 && *digits == '0') {
        digits++;
        length--;
    }
    if (length > 11) { /* 36^11 < 2^62 */
        return parse_long(room, digits, length, base, negative, error);
    }
    int64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        value = value * base + digit_value(digits[i]);
    }
    return small_make(negative ? -value : value);
}
