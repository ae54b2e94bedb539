/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp_special.h: what the loader makes of frequent cases (code/fuse.def): the bodies of
 * interp.c with operands of known kinds, and two or three instructions as one. Part of exec_run;
 * no other file includes it. An instruction's operands are those of its parts, one after the other.
 */

/* moves, two moves, a move and the way out behind it */
#define MOVE(to, from) \
    op_move_##to##from : IN_##to(pc[1]) = IN_##from(pc[2]); \
    NEXT(3);
MOVE(x, x)
MOVE(x, y)
MOVE(y, x)
MOVE(x, k)
#undef MOVE
#define MOVE_TWICE(to, from) \
    op_move_##to##from##_twice : IN_##to(pc[1]) = IN_##from(pc[2]); \
    IN_##to(pc[3]) = IN_##from(pc[4]); \
    NEXT(5);
MOVE_TWICE(x, x)
MOVE_TWICE(x, y)
MOVE_TWICE(y, x)
#undef MOVE_TWICE
#define MOVE_RETURN(from) \
    op_move_x##from##_return : IN_x(pc[1]) = IN_##from(pc[2]); \
    sp += pc[3]; \
    pc = (const Code *)(sp++)->w; \
    SET_SP(sp); \
    GO();
MOVE_RETURN(x)
MOVE_RETURN(y)
MOVE_RETURN(k)
#undef MOVE_RETURN
#define MOVE_CALL(from) \
    op_move_x##from##_call : IN_x(pc[1]) = IN_##from(pc[2]); \
    PUSH_RETURN(pc + 5); \
    pc += (int32_t)pc[3]; \
    ENTER(code->functions[pc[-1]].arity);
MOVE_CALL(x)
MOVE_CALL(y)
MOVE_CALL(k)
#undef MOVE_CALL
#define MOVE_TAIL(from) \
    op_move_x##from##_tail : IN_x(pc[1]) = IN_##from(pc[2]); \
    sp += pc[3]; \
    pc += (int32_t)pc[4]; \
    ENTER(code->functions[pc[-1]].arity);
MOVE_TAIL(x)
MOVE_TAIL(y)
MOVE_TAIL(k)
#undef MOVE_TAIL
op_move_xy_twice_call : IN_x(pc[1]) = IN_y(pc[2]);
IN_x(pc[3]) = IN_y(pc[4]);
PUSH_RETURN(pc + 7);
pc += (int32_t)pc[5];
ENTER(code->functions[pc[-1]].arity);
op_frame_move : MAKE_FRAME();
IN_y(pc[4]) = IN_x(pc[5]);
NEXT(6);
op_frame_move_twice : MAKE_FRAME();
IN_y(pc[4]) = IN_x(pc[5]);
IN_y(pc[6]) = IN_x(pc[7]);
NEXT(8);
op_frame_move_thrice : MAKE_FRAME();
IN_y(pc[4]) = IN_x(pc[5]);
IN_y(pc[6]) = IN_x(pc[7]);
IN_y(pc[8]) = IN_x(pc[9]);
NEXT(10);

/* tests */
#define EQUAL(a, b) \
    op_is_eq_exact_##a##b : COMPARE_TEST(exec_equal_exact(p, IN_##a(pc[2]), IN_##b(pc[3])), true);
EQUAL(x, k)
EQUAL(x, x)
EQUAL(x, y)
#undef EQUAL
op_is_ne_exact_xk : COMPARE_TEST(exec_equal_exact(p, IN_x(pc[2]), IN_k(pc[3])), false);
#define ORDER(a, b) \
    op_is_lt_##a##b : COMPARE_TEST(exec_less(p, IN_##a(pc[2]), IN_##b(pc[3])), true); \
    op_is_ge_##a##b : COMPARE_TEST(exec_less(p, IN_##a(pc[2]), IN_##b(pc[3])), false);
ORDER(x, x)
ORDER(x, k)
ORDER(k, x)
#undef ORDER
op_is_cons_x : TEST(term_is_cons(IN_x(pc[2])), 3);
op_is_nil_x : TEST(term_is_nil(IN_x(pc[2])), 3);
op_is_tuple_of_x : TEST(term_is_tuple_of(IN_x(pc[2]), pc[3]), 4);
op_is_tagged_x:
{
    Term t = IN_x(pc[2]);
    TEST(term_is_tuple_of(t, pc[3]) && term_same(tuple_items(t)[0], IN_k(pc[4])), 5);
}

/* taking apart and building */
op_take_cons:
{
    Term whole = IN_x(pc[2]);
    if (!term_is_cons(whole)) {
        JUMP(pc[1]);
    }
    const Term *cell = cons_cell(IN_x(pc[5]));
    Term tail = cell[1];
    IN_x(pc[3]) = cell[0];
    IN_x(pc[4]) = tail;
    NEXT(6);
}
op_head_tail_xxx:
{
    const Term *cell = cons_cell(IN_x(pc[3]));
    Term tail = cell[1];
    IN_x(pc[1]) = cell[0];
    IN_x(pc[2]) = tail;
    NEXT(4);
}
op_element_xx : IN_x(pc[1]) = tuple_items(IN_x(pc[2]))[pc[3]];
NEXT(4);
op_element_xy : IN_x(pc[1]) = tuple_items(IN_y(pc[2]))[pc[3]];
NEXT(4);
op_element_twice : IN_x(pc[1]) = tuple_items(IN_x(pc[2]))[pc[3]];
IN_x(pc[4]) = tuple_items(IN_x(pc[5]))[pc[6]];
NEXT(7);
op_take_tuple : if (!term_is_tuple_of(IN_x(pc[2]), pc[3]))
{
    JUMP(pc[1]);
}
IN_x(pc[4]) = tuple_items(IN_x(pc[5]))[pc[6]];
NEXT(7);
#define CONS(head, tail) \
    op_cons_x##head##tail : top[0] = IN_##head(pc[2]); \
    top[1] = IN_##tail(pc[3]); \
    IN_x(pc[1]) = cons_term(top); \
    top += 2; \
    NEXT(4);
CONS(x, x)
CONS(y, x)
CONS(x, k)
#undef CONS
op_heap_tuple:
{
    MAKE_ROOM();
    uint32_t count = pc[4];
    top[0].w = header_make(BOXED_TUPLE, count);
    for (uint32_t i = 1; i <= count; i++) {
        top[i] = SLOT(pc[4 + i]);
    }
    SLOT(pc[3]) = boxed_term(top);
    top += count + 1;
    NEXT(5 + count);
}

/* bitstrings */
op_bs_take_xx:
{
    Term *match = boxed_words(IN_x(pc[3]));
    if (ACT_UNLIKELY(pc[4] > bits_left(match))) {
        JUMP(pc[1]);
    }
    IN_x(pc[2]) = bits_take(match, pc[4], pc[5]);
    NEXT(6);
}
op_bs_bits_left_x : TEST(bits_left_are(boxed_words(IN_x(pc[2])), pc[3]), 4);
op_bs_take_left:
{
    Term *match = boxed_words(IN_x(pc[3]));
    if (ACT_UNLIKELY(pc[4] > bits_left(match))) {
        JUMP(pc[1]);
    }
    IN_x(pc[2]) = bits_take(match, pc[4], pc[5]);
    if (ACT_UNLIKELY(!bits_left_are(boxed_words(IN_x(pc[7])), pc[8]))) {
        JUMP(pc[6]);
    }
    NEXT(9);
}

/* sums */
#define SMALL(op, kinds, d, left, right, code) \
    op_##op##_##kinds: \
    { \
        Term a = IN_##left(pc[3]), b = IN_##right(pc[4]); \
        intptr_t word; \
        if (ACT_LIKELY(terms_are_small(a, b) && (code))) { \
            IN_##d(pc[1]) = TERM_RAW(word); \
            NEXT(6); \
        } \
        goto op_##op; \
    }
#define SUM !__builtin_add_overflow((intptr_t)a.w, (intptr_t)b.w, &word)
#define DIFFERENCE !__builtin_sub_overflow((intptr_t)a.w, (intptr_t)b.w, &word)
#define PRODUCT !__builtin_mul_overflow((intptr_t)a.w, (intptr_t)b.w >> 1, &word)
#define REMAINDER b.w != 0 && (intptr_t)b.w != -2 && (word = (intptr_t)a.w % (intptr_t)b.w, true)
SMALL(add, xxk, x, x, k, SUM)
SMALL(add, xyx, x, y, x, SUM)
SMALL(add, xxx, x, x, x, SUM)
SMALL(sub, xxk, x, x, k, DIFFERENCE)
SMALL(sub, xyk, x, y, k, DIFFERENCE)
SMALL(sub, yxk, y, x, k, DIFFERENCE)
SMALL(sub, xxx, x, x, x, DIFFERENCE)
SMALL(mul, xxk, x, x, k, PRODUCT)
SMALL(mul, xxx, x, x, x, PRODUCT)
SMALL(rem, xxk, x, x, k, REMAINDER)
SMALL(rem, xxx, x, x, x, REMAINDER)
#undef SMALL
#undef SUM
#undef DIFFERENCE
#undef PRODUCT
#undef REMAINDER

/* typed */
#define TYPED(name, code) \
    op_##name##_small_xxx: \
    { \
        Term a = IN_x(pc[2]), b = IN_x(pc[3]); \
        IN_x(pc[1]) = TERM_RAW(code); \
        NEXT(4); \
    } \
    op_##name##_small_xxk: \
    { \
        Term a = IN_x(pc[2]), b = IN_k(pc[3]); \
        IN_x(pc[1]) = TERM_RAW(code); \
        NEXT(4); \
    }
TYPED(add, a.w + b.w)
TYPED(sub, a.w - b.w)
TYPED(mul, a.w *(uintptr_t)small_value(b))
TYPED(band, a.w &b.w)
TYPED(bor, a.w | b.w)
TYPED(bxor, a.w ^ b.w)
#undef TYPED
op_bsl_small_xx : IN_x(pc[1]) = TERM_RAW(IN_x(pc[2]).w << pc[3]);
NEXT(4);
op_bsr_small_xx : IN_x(pc[1]) = small_make(small_value(IN_x(pc[2])) >> pc[3]);
NEXT(4);
#define BELOW(kind) \
    op_below_xx##kind: \
    { \
        Term a = IN_x(pc[3]); \
        if ((intptr_t)a.w < (intptr_t)IN_##kind(pc[4]).w) { \
            IN_x(pc[2]) = a; \
            NEXT(5); \
        } \
        JUMP(pc[1]); \
    }
BELOW(x)
BELOW(k)
#undef BELOW
