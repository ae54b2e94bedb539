/* SPDX-License-Identifier: Apache-2.0 */
/* vm/term/arith.h: the operators on any terms, with Erlang's results.
 *
 * The slow paths behind the interpreter's small and float cases, and all there is for built-ins.
 * Failure: TERM_NONE and *error (NUMBER_BADARITH for operands that are no numbers, division by 0,
 * and floats that overflow). Words are taken from room. Any thread. */
#ifndef ACT_TERM_ARITH_H
#define ACT_TERM_ARITH_H

#include "vm/term/big.h"

Term arith_add(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_sub(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_mul(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_fdiv(const TermRoom *room, Term a, Term b, NumberError *error); /* a / b */
Term arith_div(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_rem(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_neg(const TermRoom *room, Term a, NumberError *error);
Term arith_plus(const TermRoom *room, Term a, NumberError *error); /* + a */
Term arith_abs(const TermRoom *room, Term a, NumberError *error);
Term arith_band(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_bor(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_bxor(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_bnot(const TermRoom *room, Term a, NumberError *error);
Term arith_bsl(const TermRoom *room, Term a, Term b, NumberError *error);
Term arith_bsr(const TermRoom *room, Term a, Term b, NumberError *error);

/* Number to integer, as the built-ins of these names; a must be a number, else NUMBER_BADARITH. */
Term arith_trunc(const TermRoom *room, Term a, NumberError *error);
Term arith_round(const TermRoom *room, Term a, NumberError *error); /* half away from zero */
Term arith_floor(const TermRoom *room, Term a, NumberError *error);
Term arith_ceil(const TermRoom *room, Term a, NumberError *error);
/* float(a) */
Term arith_float(const TermRoom *room, Term a, NumberError *error);
/* The double of any number; false if a is none or too large. */
bool arith_to_double(Term a, double *value);

#endif
