/* SPDX-License-Identifier: Apache-2.0 */
/* vm/bif/bif_arith.c: the arithmetic operators as functions, and numbers to integers. The
 * interpreter has its own ways for operators in code; these are for calls by name. */
#include "vm/bif/bif_util.h"
#include "vm/term/arith.h"

#define ARITH_1(id, function) \
    Term bif_erlang_##id##_1(Process *p, const Term *a) \
    { \
        NumberError error = NUMBER_BADARITH; \
        TermRoom room = heap_room(&p->heap); \
        Term result = function(&room, a[0], &error); \
        return util_number(p, result, error); \
    }
#define ARITH_2(id, function) \
    Term bif_erlang_##id##_2(Process *p, const Term *a) \
    { \
        NumberError error = NUMBER_BADARITH; \
        TermRoom room = heap_room(&p->heap); \
        Term result = function(&room, a[0], a[1], &error); \
        return util_number(p, result, error); \
    }

ARITH_1(plus, arith_plus)
ARITH_1(minus, arith_neg)
ARITH_1(bnot, arith_bnot)
ARITH_2(plus, arith_add)
ARITH_2(minus, arith_sub)
ARITH_2(times, arith_mul)
ARITH_2(divide, arith_fdiv)
ARITH_2(div, arith_div)
ARITH_2(rem, arith_rem)
ARITH_2(band, arith_band)
ARITH_2(bor, arith_bor)
ARITH_2(bxor, arith_bxor)
ARITH_2(bsl, arith_bsl)
ARITH_2(bsr, arith_bsr)

/* Functions of one number, whose wrong argument is badarg. */
static Term number_function(Process *p, Term a,
                            Term (*function)(const TermRoom *, Term, NumberError *))
{
    NumberError error = NUMBER_BADARITH;
    TermRoom room = heap_room(&p->heap);
    Term result = function(&room, a, &error);
    if (term_same(result, TERM_NONE) && error == NUMBER_BADARITH) {
        return raise_badarg(p);
    }
    return util_number(p, result, error);
}

#define NUMBER_1(id) \
    Term bif_erlang_##id##_1(Process *p, const Term *a) \
    { \
        return number_function(p, a[0], arith_##id); \
    }

NUMBER_1(abs)
NUMBER_1(trunc)
NUMBER_1(round)
NUMBER_1(floor)
NUMBER_1(ceil)
NUMBER_1(float)
