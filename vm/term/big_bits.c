/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/big_bits.c: bit operations on integers, as if in two's complement without end. */
#include "vm/term/big_limbs.h"

/* Limbs of a number's two's complement, one after the other. */
typedef struct {
    BigView view;
    size_t at;
    bool carry;
} Twos;

static void twos_open(Twos *t, Term term)
{
    big_open(&t->view, term);
    t->at = 0;
    t->carry = true;
}

static uint64_t twos_next(Twos *t)
{
    uint64_t limb = t->at < t->view.count ? t->view.limbs[t->at] : 0;
    t->at++;
    if (!t->view.negative) {
        return limb;
    }
    limb = ~limb + t->carry;
    t->carry = t->carry && limb == 0;
    return limb;
}

typedef enum { BITS_AND, BITS_OR, BITS_XOR } BitsOp;

static uint64_t apply(BitsOp op, uint64_t a, uint64_t b)
{
    switch (op) {
    case BITS_AND:
        return a & b;
    case BITS_OR:
        return a | b;
    default:
        return a ^ b;
    }
}

static Term bitwise(const TermRoom *room, BitsOp op, Term a, Term b, NumberError *error)
{
    Twos x, y;
    twos_open(&x, a);
    twos_open(&y, b);
    size_t count = ACT_MAX(x.view.count, y.view.count) + 1;
    bool negative = apply(op, x.view.negative, y.view.negative) & 1;
    Term *words = big_room(room, count, error);
    if (!words) {
        return TERM_NONE;
    }
    mp_limb_t *out = big_limbs(words);
    bool carry = true;
    for (size_t i = 0; i < count; i++) {
        uint64_t limb = apply(op, twos_next(&x), twos_next(&y));
        if (negative) {
            limb = ~limb + carry;
            carry = carry && limb == 0;
        }
        out[i] = limb;
    }
    return big_finish(room, words, words + 1 + count, count, negative, error);
}

Term big_band(const TermRoom *room, Term a, Term b, NumberError *error)
{
    return bitwise(room, BITS_AND, a, b, error);
}

Term big_bor(const TermRoom *room, Term a, Term b, NumberError *error)
{
    return bitwise(room, BITS_OR, a, b, error);
}

Term big_bxor(const TermRoom *room, Term a, Term b, NumberError *error)
{
    return bitwise(room, BITS_XOR, a, b, error);
}

Term big_bnot(const TermRoom *room, Term a, NumberError *error)
{
    return bitwise(room, BITS_XOR, a, small_make(-1), error);
}

static Term shift_left(const TermRoom *room, const BigView *x, uint64_t shift, NumberError *error)
{
    if (x->count == 0) {
        return small_make(0);
    }
    if (shift >= BIG_MAX_BITS) {
        *error = NUMBER_SYSTEM_LIMIT;
        return TERM_NONE;
    }
    size_t zeros = shift / 64;
    unsigned bits = shift % 64;
    size_t count = zeros + x->count + 1;
    Term *words = big_room(room, count, error);
    if (!words) {
        return TERM_NONE;
    }
    mp_limb_t *out = big_limbs(words);
    memset(out, 0, zeros * sizeof *out);
    if (bits == 0) {
        memcpy(out + zeros, x->limbs, x->count * sizeof *out);
        out[count - 1] = 0;
    } else {
        out[count - 1] = mpn_lshift(out + zeros, x->limbs, (mp_size_t)x->count, bits);
    }
    return big_finish(room, words, words + 1 + count, count, x->negative, error);
}

static bool any_bits(const uint64_t *limbs, size_t bits)
{
    for (size_t i = 0; i < bits / 64; i++) {
        if (limbs[i] != 0) {
            return true;
        }
    }
    return bits % 64 != 0 && limbs[bits / 64] << (64 - bits % 64) != 0;
}

/* Rounds down: a negative number from which bits were lost moves one away from 0. */
static Term shift_right(const TermRoom *room, const BigView *x, uint64_t shift, NumberError *error)
{
    if (shift / 64 >= x->count) {
        return small_make(x->negative ? -1 : 0);
    }
    size_t skipped = shift / 64;
    unsigned bits = shift % 64;
    size_t count = x->count - skipped + 1;
    Term *words = big_room(room, count, error);
    if (!words) {
        return TERM_NONE;
    }
    mp_limb_t *out = big_limbs(words);
    if (bits == 0) {
        memcpy(out, x->limbs + skipped, (count - 1) * sizeof *out);
    } else {
        mpn_rshift(out, x->limbs + skipped, (mp_size_t)(count - 1), bits);
    }
    out[count - 1] = 0;
    if (x->negative && any_bits(x->limbs, shift)) {
        mpn_add_1(out, out, (mp_size_t)count, 1);
    }
    return big_finish(room, words, words + 1 + count, count, x->negative, error);
}

/* a shifted by shift, to the left if `left` and shift is positive, or neither. */
static Term shift_by(const TermRoom *room, Term a, Term shift, bool left, NumberError *error)
{
    BigView x, by;
    big_open(&x, a);
    big_open(&by, shift);
    uint64_t distance = by.count > 1 ? UINT64_MAX : by.count == 0 ? 0 : by.limbs[0];
    return left != by.negative ? shift_left(room, &x, distance, error)
                               : shift_right(room, &x, distance, error);
}

Term big_bsl(const TermRoom *room, Term a, Term shift, NumberError *error)
{
    return shift_by(room, a, shift, true, error);
}

Term big_bsr(const TermRoom *room, Term a, Term shift, NumberError *error)
{
    return shift_by(room, a, shift, false, error);
}
