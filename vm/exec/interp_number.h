/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp_number.h: the bodies of instructions: arithmetic and comparison, on any terms and
 * on small integers that the verifier has proven. Part of exec_run (interp.c), whose names it uses;
 * no other file includes it. */

/* arithmetic; a small integer is twice its value, so sums need no untagging */
op_add : ARITH_FAST(add, {
    intptr_t sum;
    if (terms_are_small(a, b) && !__builtin_add_overflow((intptr_t)a.w, (intptr_t)b.w, &sum)) {
        SLOT(pc[1]) = TERM_RAW(sum);
        NEXT(6);
    }
    ARITH_FLOAT(add);
});
op_sub : ARITH_FAST(sub, {
    intptr_t difference;
    if (terms_are_small(a, b) &&
        !__builtin_sub_overflow((intptr_t)a.w, (intptr_t)b.w, &difference)) {
        SLOT(pc[1]) = TERM_RAW(difference);
        NEXT(6);
    }
    ARITH_FLOAT(sub);
});
op_mul : ARITH_FAST(mul, {
    intptr_t product;
    if (terms_are_small(a, b) &&
        !__builtin_mul_overflow((intptr_t)a.w, (intptr_t)b.w >> 1, &product)) {
        SLOT(pc[1]) = TERM_RAW(product);
        NEXT(6);
    }
    ARITH_FLOAT(mul);
});
op_div : ARITH_FAST(div, {
    if (terms_are_small(a, b) && b.w != 0 && (intptr_t)b.w != -2) {
        SLOT(pc[1]) = small_make(small_value(a) / small_value(b));
        NEXT(6);
    }
});
op_rem : ARITH_FAST(rem, {
    if (terms_are_small(a, b) && b.w != 0 && (intptr_t)b.w != -2) {
        SLOT(pc[1]) = TERM_RAW((intptr_t)a.w % (intptr_t)b.w);
        NEXT(6);
    }
});
op_band : ARITH_FAST(band, {
    if (terms_are_small(a, b)) {
        SLOT(pc[1]) = TERM_RAW(a.w & b.w);
        NEXT(6);
    }
});
op_bor : ARITH_FAST(bor, {
    if (terms_are_small(a, b)) {
        SLOT(pc[1]) = TERM_RAW(a.w | b.w);
        NEXT(6);
    }
});
op_bxor : ARITH_FAST(bxor, {
    if (terms_are_small(a, b)) {
        SLOT(pc[1]) = TERM_RAW(a.w ^ b.w);
        NEXT(6);
    }
});
op_bsr : ARITH_FAST(bsr, {
    if (terms_are_small(a, b) && (intptr_t)b.w >= 0 && b.w < 126) {
        SLOT(pc[1]) = small_make(small_value(a) >> (b.w >> 1));
        NEXT(6);
    }
});
op_fdiv : ARITH_FAST(fdiv, ARITH_FLOAT(fdiv));
op_bsl : live = XOP_bsl;
goto arith_slow;
op_and : live = XOP_and;
goto arith_slow;
op_or : live = XOP_or;
goto arith_slow;
op_xor : live = XOP_xor;
arith_slow : SAVE();
result = exec_arith(p, (ExecOp)live, SLOT(pc[3]), SLOT(pc[4]));
if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
    site = &sites[pc[5]];
    goto operator_failed;
}
LOAD();
SLOT(pc[1]) = result;
NEXT(6);
op_neg : live = XOP_neg;
goto arith_one;
op_plus : live = XOP_plus;
goto arith_one;
op_bnot : live = XOP_bnot;
goto arith_one;
op_not : live = XOP_not;
arith_one : SAVE();
result = exec_arith(p, (ExecOp)live, SLOT(pc[3]), TERM_NONE);
if (ACT_UNLIKELY(term_same(result, TERM_NONE))) {
    site = &sites[pc[4]];
    goto operator_failed;
}
LOAD();
SLOT(pc[1]) = result;
NEXT(5);
op_compare:
{
    int is_so = exec_compare(p, (Compare)pc[2], SLOT(pc[3]), SLOT(pc[4]));
    if (ACT_UNLIKELY(is_so < 0)) {
        goto compare_away;
    }
    SLOT(pc[1]) = term_bool(is_so);
    NEXT(5);
}
op_type_test : SLOT(pc[1]) = term_bool(exec_type_test(pc[2], SLOT(pc[3])));
NEXT(4);

/* typed: a small integer is twice its value (term.h); the verifier knows that nothing overflows
 */
op_add_small : SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w + SLOT(pc[3]).w);
NEXT(4);
op_sub_small : SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w - SLOT(pc[3]).w);
NEXT(4);
op_mul_small : SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w * (uintptr_t)small_value(SLOT(pc[3])));
NEXT(4);
op_band_small : SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w & SLOT(pc[3]).w);
NEXT(4);
op_bor_small : SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w | SLOT(pc[3]).w);
NEXT(4);
op_bxor_small : SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w ^ SLOT(pc[3]).w);
NEXT(4);
op_bsl_small : SLOT(pc[1]) = TERM_RAW(SLOT(pc[2]).w << pc[3]);
NEXT(4);
op_bsr_small : SLOT(pc[1]) = small_make(small_value(SLOT(pc[2])) >> pc[3]);
NEXT(4);
op_div_small : SLOT(pc[1]) = small_make(small_value(SLOT(pc[2])) / small_value(SLOT(pc[3])));
NEXT(4);
op_rem_small : SLOT(pc[1]) = TERM_RAW((intptr_t)SLOT(pc[2]).w % (intptr_t)SLOT(pc[3]).w);
NEXT(4);
op_is_lt_small : TEST((intptr_t)SLOT(pc[2]).w < (intptr_t)SLOT(pc[3]).w, 4);
op_is_ge_small : TEST((intptr_t)SLOT(pc[2]).w >= (intptr_t)SLOT(pc[3]).w, 4);
#define LIMIT(name, order) \
    op_##name: \
    { \
        Term a = SLOT(pc[3]); \
        if ((intptr_t)a.w order(intptr_t) SLOT(pc[4]).w) { \
            SLOT(pc[2]) = a; \
            NEXT(5); \
        } \
        JUMP(pc[1]); \
    }
LIMIT(below, <)
LIMIT(at_most, <=)
LIMIT(above, >)
LIMIT(at_least, >=)
#undef LIMIT
