/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/big.c: opening integers, adding, multiplying, dividing. Bits: big_bits.c; doubles and
 * text: big_convert.c.
 *
 * Results are computed into fresh words [header][limbs] and finished by big_finish, which strips
 * leading zeros and gives back what is not needed. */
#include "vm/term/big.h"

#include "vm/term/big_limbs.h"

_Static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0, "limbs fill words");

void big_open(BigView *view, Term t)
{
    if (term_is_small(t)) {
        int64_t value = small_value(t);
        view->negative = value < 0;
        view->small_limb = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        view->limbs = &view->small_limb;
        view->count = value != 0;
    } else {
        uintptr_t header = boxed_header(t);
        view->negative = header_kind(header) == BOXED_BIG_NEGATIVE;
        view->limbs = (const uint64_t *)(boxed_words(t) + 1);
        view->count = header_words(header);
    }
}

Term *big_room(const TermRoom *room, size_t limbs, NumberError *error)
{
    if (limbs > 2 * (size_t)BIG_MAX_LIMBS + 4) {
        *error = NUMBER_SYSTEM_LIMIT;
        return NULL;
    }
    Term *words = room_alloc(room, 1 + limbs);
    if (!words) {
        *error = NUMBER_NO_MEMORY;
    }
    return words;
}

Term big_finish(const TermRoom *room, Term *words, Term *end, size_t count, bool negative,
                NumberError *error)
{
    const mp_limb_t *limbs = big_limbs(words);
    while (count > 0 && limbs[count - 1] == 0) {
        count--;
    }
    if (count > BIG_MAX_LIMBS) {
        room_shrink(room, end, (size_t)(end - words));
        *error = NUMBER_SYSTEM_LIMIT;
        return TERM_NONE;
    }
    uint64_t low = count > 0 ? limbs[0] : 0;
    if (count <= 1 && low <= (uint64_t)SMALL_MAX + negative) {
        room_shrink(room, end, (size_t)(end - words));
        return small_make(negative ? (int64_t)(0 - low) : (int64_t)low);
    }
    words[0].w = header_make(negative ? BOXED_BIG_NEGATIVE : BOXED_BIG, count);
    room_shrink(room, end, (size_t)(end - words) - 1 - count);
    return boxed_term(words);
}

Term big_from_limbs(const TermRoom *room, bool negative, const uint64_t *limbs, size_t count,
                    NumberError *error)
{
    Term *words = big_room(room, count, error);
    if (!words) {
        return TERM_NONE;
    }
    memcpy(words + 1, limbs, count * sizeof *limbs);
    return big_finish(room, words, words + 1 + count, count, negative, error);
}

Term big_from_int64(const TermRoom *room, int64_t value, NumberError *error)
{
    if (small_fits(value)) {
        return small_make(value);
    }
    uint64_t limb = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    return big_from_limbs(room, value < 0, &limb, 1, error);
}

Term big_from_uint64(const TermRoom *room, uint64_t value, NumberError *error)
{
    return value <= (uint64_t)SMALL_MAX ? small_make((int64_t)value)
                                        : big_from_limbs(room, false, &value, 1, error);
}

bool big_to_int64(Term t, int64_t *value)
{
    BigView v;
    big_open(&v, t);
    if (v.count > 1 || (v.count == 1 && v.limbs[0] > (uint64_t)INT64_MAX + v.negative)) {
        return false;
    }
    uint64_t limb = v.count ? v.limbs[0] : 0;
    *value = (int64_t)(v.negative ? 0 - limb : limb);
    return true;
}

bool big_to_uint64(Term t, uint64_t *value)
{
    BigView v;
    big_open(&v, t);
    *value = v.count ? v.limbs[0] : 0;
    return v.count <= 1 && !v.negative;
}

static int compare_magnitudes(const BigView *a, const BigView *b)
{
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    return a->count == 0 ? 0 : mpn_cmp(a->limbs, b->limbs, (mp_size_t)a->count);
}

int big_compare(Term a, Term b)
{
    BigView x, y;
    big_open(&x, a);
    big_open(&y, b);
    if (x.negative != y.negative) {
        return x.negative ? -1 : 1;
    }
    int diff = compare_magnitudes(&x, &y);
    return x.negative ? -diff : diff;
}

/* a + b, with b's sign as given. */
static Term add_signed(const TermRoom *room, const BigView *a, const BigView *b, bool b_negative,
                       NumberError *error)
{
    bool a_negative = a->negative;
    if (compare_magnitudes(a, b) < 0) {
        const BigView *swap = a;
        a = b;
        b = swap;
        bool sign = a_negative;
        a_negative = b_negative;
        b_negative = sign;
    }
    size_t count = a->count + 1;
    Term *words = big_room(room, count, error);
    if (!words) {
        return TERM_NONE;
    }
    mp_limb_t *out = big_limbs(words);
    if (b->count == 0) {
        memcpy(out, a->limbs, a->count * sizeof *out);
        out[a->count] = 0;
    } else if (a_negative == b_negative) {
        out[a->count] = mpn_add(out, a->limbs, (mp_size_t)a->count, b->limbs, (mp_size_t)b->count);
    } else {
        mpn_sub(out, a->limbs, (mp_size_t)a->count, b->limbs, (mp_size_t)b->count);
        out[a->count] = 0;
    }
    return big_finish(room, words, words + 1 + count, count, a_negative, error);
}

Term big_add(const TermRoom *room, Term a, Term b, NumberError *error)
{
    BigView x, y;
    big_open(&x, a);
    big_open(&y, b);
    return add_signed(room, &x, &y, y.negative, error);
}

Term big_sub(const TermRoom *room, Term a, Term b, NumberError *error)
{
    BigView x, y;
    big_open(&x, a);
    big_open(&y, b);
    return add_signed(room, &x, &y, !y.negative, error);
}

Term big_neg(const TermRoom *room, Term a, NumberError *error)
{
    BigView x;
    big_open(&x, a);
    return big_from_limbs(room, !x.negative, x.limbs, x.count, error);
}

Term big_mul(const TermRoom *room, Term a, Term b, NumberError *error)
{
    BigView x, y;
    big_open(&x, a);
    big_open(&y, b);
    if (x.count == 0 || y.count == 0) {
        return small_make(0);
    }
    size_t count = x.count + y.count;
    if (count > BIG_MAX_LIMBS + 1) {
        *error = NUMBER_SYSTEM_LIMIT;
        return TERM_NONE;
    }
    Term *words = big_room(room, count, error);
    if (!words) {
        return TERM_NONE;
    }
    const BigView *large = x.count >= y.count ? &x : &y;
    const BigView *less = x.count >= y.count ? &y : &x;
    mpn_mul(big_limbs(words), large->limbs, (mp_size_t)large->count, less->limbs,
            (mp_size_t)less->count);
    return big_finish(room, words, words + 1 + count, count, x.negative != y.negative, error);
}

/* Quotient or remainder, both computed side by side in the room; the other half is given back. */
static Term divide(const TermRoom *room, Term a, Term b, bool remainder, NumberError *error)
{
    BigView x, y;
    big_open(&x, a);
    big_open(&y, b);
    if (compare_magnitudes(&x, &y) < 0) {
        return remainder ? a : small_make(0);
    }
    size_t quotient_count = x.count - y.count + 1;
    size_t total = quotient_count + y.count;
    Term *words = big_room(room, total, error);
    if (!words) {
        return TERM_NONE;
    }
    mp_limb_t *first = big_limbs(words);
    mp_limb_t *q = remainder ? first + y.count : first;
    mp_limb_t *r = remainder ? first : first + quotient_count;
    mpn_tdiv_qr(q, r, 0, x.limbs, (mp_size_t)x.count, y.limbs, (mp_size_t)y.count);
    return big_finish(room, words, words + 1 + total, remainder ? y.count : quotient_count,
                      remainder ? x.negative : x.negative != y.negative, error);
}

Term big_div(const TermRoom *room, Term a, Term b, NumberError *error)
{
    return divide(room, a, b, false, error);
}

Term big_rem(const TermRoom *room, Term a, Term b, NumberError *error)
{
    return divide(room, a, b, true, error);
}
