/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/big.h: integers of any size.
 *
 * A big is a boxed term of kind BOXED_BIG or BOXED_BIG_NEGATIVE whose words are limbs, least
 * significant first, the last one not 0; it never holds what a small can. Magnitudes are computed
 * by GMP's mpn_ functions straight into term words. Pure functions over their arguments; any
 * thread. */
#ifndef ACT_TERM_BIG_H
#define ACT_TERM_BIG_H

#include "vm/term/room.h"

/* Results with more limbs than this are refused (system_limit). */
enum { BIG_MAX_LIMBS = 524287 }; /* as OTP 25 */
#define BIG_MAX_BITS ((uint64_t)BIG_MAX_LIMBS * 64)

typedef enum { NUMBER_OK, NUMBER_BADARITH, NUMBER_SYSTEM_LIMIT, NUMBER_NO_MEMORY } NumberError;

/* A small or big, opened: sign and magnitude. For a small the limb lies in the struct itself, so a
 * BigView must not be copied. */
typedef struct {
    const uint64_t *limbs;
    size_t count; /* 0 for zero */
    bool negative;
    uint64_t small_limb;
} BigView;
/* t must be an integer. */
void big_open(BigView *view, Term t);

/* The integer of a 64-bit number, and of a magnitude with any leading zero limbs: normalised.
 * TERM_NONE and *error on failure. Words needed: at most 1 + limbs (2 for the first two). */
Term big_from_int64(const TermRoom *room, int64_t value, NumberError *error);
Term big_from_uint64(const TermRoom *room, uint64_t value, NumberError *error);
Term big_from_limbs(const TermRoom *room, bool negative, const uint64_t *limbs, size_t count,
                    NumberError *error);
/* The value if the integer t fits; else false. */
bool big_to_int64(Term t, int64_t *value);
bool big_to_uint64(Term t, uint64_t *value);

/* Arithmetic on integers, small or big. div truncates toward zero, rem has the sign of a; b must
 * not be 0 for these two. bsl with a negative shift is bsr. TERM_NONE and *error on failure. */
Term big_add(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_sub(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_mul(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_div(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_rem(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_neg(const TermRoom *room, Term a, NumberError *error);
Term big_band(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_bor(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_bxor(const TermRoom *room, Term a, Term b, NumberError *error);
Term big_bnot(const TermRoom *room, Term a, NumberError *error);
Term big_bsl(const TermRoom *room, Term a, Term shift, NumberError *error);
Term big_bsr(const TermRoom *room, Term a, Term shift, NumberError *error);

/* <0, 0, >0 for any two integers. */
int big_compare(Term a, Term b);
/* Exact: <0 if the integer a is less than the finite double b, … */
int big_compare_double(Term a, double b);
/* The double that OTP 25 makes of it; false if it would be infinite. */
bool big_to_double(Term t, double *value);
/* The integer part of a finite double (toward zero). */
Term big_from_double(const TermRoom *room, double value, NumberError *error);

/* Text in base 2..36 (digits as 0-9A-Z). Length is an upper bound that includes a sign; big_text
 * returns the characters written, without a NUL; 0 without memory. */
size_t big_text_room(Term t, unsigned base);
size_t big_text(Term t, unsigned base, char *out);
/* The integer that digits[0..length) write in base 2..36 (either case, no sign, no underscores).
 * TERM_NONE with NUMBER_BADARITH if they are none. */
Term big_parse(const TermRoom *room, const char *digits, size_t length, unsigned base,
               bool negative, NumberError *error);

#endif
