/* SPDX-License-Identifier: Apache-2.0 */
/* vm/exec/interp_test.h: the bodies of instructions: tests, and branches by value or arity. Part of
 * exec_run (interp.c), whose names it uses; no other file includes it. */

/* tests */
op_is_atom : TEST(term_is_atom(SLOT(pc[2])), 3);
op_is_boolean : TEST(term_is_bool(SLOT(pc[2])), 3);
op_is_integer : TEST(term_is_integer(SLOT(pc[2])), 3);
op_is_float : TEST(term_is_float(SLOT(pc[2])), 3);
op_is_number : TEST(term_is_number(SLOT(pc[2])), 3);
op_is_list : TEST(term_is_list(SLOT(pc[2])), 3);
op_is_nil : TEST(term_is_nil(SLOT(pc[2])), 3);
op_is_cons : TEST(term_is_cons(SLOT(pc[2])), 3);
op_is_tuple : TEST(term_is_tuple(SLOT(pc[2])), 3);
op_is_arity : TEST(boxed_header(SLOT(pc[2])) == header_make(BOXED_TUPLE, pc[3]), 4);
op_is_tuple_of : TEST(term_is_tuple_of(SLOT(pc[2]), pc[3]), 4);
op_is_tagged:
{
    Term t = SLOT(pc[2]);
    TEST(term_is_tuple_of(t, pc[3]) && term_same(tuple_items(t)[0], SLOT(pc[4])), 5);
}
op_is_map : TEST(term_is_map(SLOT(pc[2])), 3);
op_is_binary : TEST(exec_type_test(BC_is_binary, SLOT(pc[2])), 3);
op_is_bitstring : TEST(term_is_bitstring(SLOT(pc[2])), 3);
op_is_pid : TEST(term_is_pid(SLOT(pc[2])), 3);
op_is_port : TEST(term_is_port(SLOT(pc[2])), 3);
op_is_reference : TEST(term_is_ref(SLOT(pc[2])), 3);
op_is_function : TEST(term_is_fun(SLOT(pc[2])), 3);
op_is_function_of : TEST(exec_is_function_of(SLOT(pc[2]), SLOT(pc[3])), 4);
op_is_eq_exact : COMPARE_TEST(exec_equal_exact(p, SLOT(pc[2]), SLOT(pc[3])), true);
op_is_ne_exact : COMPARE_TEST(exec_equal_exact(p, SLOT(pc[2]), SLOT(pc[3])), false);
op_is_eq : COMPARE_TEST(exec_equal(p, SLOT(pc[2]), SLOT(pc[3])), true);
op_is_ne : COMPARE_TEST(exec_equal(p, SLOT(pc[2]), SLOT(pc[3])), false);
op_is_lt : COMPARE_TEST(exec_less(p, SLOT(pc[2]), SLOT(pc[3])), true);
op_is_ge : COMPARE_TEST(exec_less(p, SLOT(pc[2]), SLOT(pc[3])), false);
op_is_true : TEST(term_same(SLOT(pc[2]), ATOM(true)), 3);
op_switch_value:
{
    uintptr_t word = SLOT(pc[1]).w;
    uint32_t count = pc[3];
    for (uint32_t i = 0; i < count; i++) {
        if (SLOT(pc[4 + 2 * i]).w == word) {
            JUMP(pc[5 + 2 * i]);
        }
    }
    JUMP(pc[2]);
}
op_switch_sorted:
{
    uintptr_t word = SLOT(pc[1]).w;
    uint32_t low = 0, high = pc[3];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        uintptr_t here = SLOT(pc[4 + 2 * middle]).w;
        if (here == word) {
            JUMP(pc[5 + 2 * middle]);
        }
        if (here < word) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    JUMP(pc[2]);
}
op_switch_dense:
{
    uintptr_t distance = SLOT(pc[1]).w - SLOT(pc[3]).w;
    if (term_is_small(SLOT(pc[1])) && distance / 2 < pc[4]) {
        JUMP(pc[5 + distance / 2]);
    }
    JUMP(pc[2]);
}
op_switch_arity:
{
    size_t arity = tuple_arity(SLOT(pc[1]));
    uint32_t count = pc[3];
    for (uint32_t i = 0; i < count; i++) {
        if (pc[4 + 2 * i] == arity) {
            JUMP(pc[5 + 2 * i]);
        }
    }
    JUMP(pc[2]);
}
op_switch_arity_sorted:
{
    size_t arity = tuple_arity(SLOT(pc[1]));
    uint32_t low = 0, high = pc[3];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (pc[4 + 2 * middle] == arity) {
            JUMP(pc[5 + 2 * middle]);
        }
        if (pc[4 + 2 * middle] < arity) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    JUMP(pc[2]);
}
