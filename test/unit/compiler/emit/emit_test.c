/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/emit/emit_test.c: what code the emitter makes of known functions. */
#include "compiler/emit/disasm.h"
#include "compiler/emit/emit.h"
#include "compiler/emit/emit_check.h"
#include "test/unit/compiler/ssa/ssa_sample.h"

#include <criterion/criterion.h>
#include <string.h>

/* Emits, checks, and gives the text, which the caller frees. */
static char *code_of(Sample *s)
{
    char error[300] = "";
    cr_assert(ssa_check(s->module, error, sizeof error), "%s", error);
    BcModule *m = emit_module(s->module, NULL);
    cr_assert(emit_check(m, error, sizeof error), "%s", error);
    DisasmText text = {0};
    disasm_module(m, &text);
    vec_push(&text, '\0');
    bc_free(m);
    sample_end(s);
    return text.items;
}

static uint32_t count_of(const char *text, const char *word)
{
    uint32_t count = 0;
    for (const char *at = text; (at = strstr(at, word)); at++) {
        count++;
    }
    return count;
}

Test(emit, a_base_case_has_no_frame)
{
    Sample s;
    sample_start(&s);
    sample_fib(&s);
    char *text = code_of(&s);
    cr_assert(strstr(text, "is_lt") < strstr(text, "frame  "), "%s", text);
    cr_assert(strstr(text, "return         0") < strstr(text, "frame  "), "%s", text);
    cr_assert_eq(count_of(text, "move  "), 2u, "%s", text);
    alloc_free(text);
}

Test(emit, a_loop_moves_nothing)
{
    Sample s;
    sample_start(&s);
    sample_rev(&s);
    char *text = code_of(&s);
    cr_assert_null(strstr(strstr(text, "head_tail"), "move  ") < strstr(text, "tail  ")
                       ? strstr(text, "swap")
                       : NULL);
    cr_assert_eq(count_of(text, "move  "), 1u, "only the result moves: %s", text);
    cr_assert_eq(count_of(text, "frame  "), 0u, "%s", text);
    alloc_free(text);
}

Test(emit, heap_room_is_asked_for_once)
{
    Sample s;
    sample_start(&s);
    SsaBlock *b1 = sample_function(&s, "f", 2);
    SsaArg a = PARAM(b1, 0), b = PARAM(b1, 1);
    SsaArg pair = sample_op(&s, b1, SSA_tuple, ARGS(a, b));
    SsaArg list = sample_op(&s, b1, SSA_cons, ARGS(pair, a));
    sample_return(&s, b1, sample_op(&s, b1, SSA_tuple, ARGS(list, pair, b)));
    char *text = code_of(&s);
    cr_assert_eq(count_of(text, "heap  "), 1u, "%s", text);
    cr_assert_not_null(strstr(text, "heap           9"), "3 + 2 + 4 words: %s", text);
    alloc_free(text);
}

Test(emit, what_a_handler_needs_is_in_the_frame)
{
    Sample s;
    sample_start(&s);
    sample_try(&s);
    char *text = code_of(&s);
    cr_assert_eq(count_of(text, "handler L"), 2u, "%s", text);
    cr_assert_not_null(strstr(text, "frame          2"), "%s", text);
    alloc_free(text);
}

Test(emit, receive_keeps_values_in_the_frame)
{
    Sample s;
    sample_start(&s);
    sample_receive(&s);
    char *text = code_of(&s);
    cr_assert_not_null(strstr(text, "recv_wait_until"), "%s", text);
    cr_assert_null(strstr(text, "swap"), "%s", text);
    alloc_free(text);
}

Test(emit, more_values_than_registers)
{
    for (uint32_t count = 30; count < 400; count += 37) {
        Sample s;
        sample_start(&s);
        sample_pressure(&s, count);
        alloc_free(code_of(&s));
    }
}

Test(emit, arguments_of_all_counts)
{
    for (uint32_t count = 1; count <= BC_MAX_ARITY; count++) {
        Sample s;
        sample_start(&s);
        sample_turn(&s, count);
        alloc_free(code_of(&s));
    }
}

Test(emit, a_cycle_of_arguments_is_swapped)
{
    Sample s;
    sample_start(&s);
    sample_turn(&s, 2);
    char *text = code_of(&s);
    cr_assert_eq(count_of(text, "swap  "), 1u, "%s", text);
    cr_assert_eq(count_of(text, "move  "), 0u, "%s", text);
    alloc_free(text);
}

/* The checker must be able to say no. */

static BcModule *fib_code(void)
{
    Sample s;
    sample_start(&s);
    sample_fib(&s);
    BcModule *m = emit_module(s.module, NULL);
    sample_end(&s);
    return m;
}

static uint32_t *find_op(BcModule *m, BcOpcode op)
{
    uint32_t *code = m->functions.items[0].code.items;
    size_t count = m->functions.items[0].code.count;
    for (size_t at = 0; at < count; at += bc_op_length(code, at, count)) {
        if (code[at] == op) {
            return code + at;
        }
    }
    return NULL;
}

static void refuse(BcModule *m, const char *word)
{
    char error[300] = "";
    cr_assert_not(emit_check(m, error, sizeof error));
    cr_assert_not_null(strstr(error, word), "\"%s\" should speak of \"%s\"", error, word);
    bc_free(m);
}

Test(emit_check, sees_an_unset_register)
{
    BcModule *m = fib_code();
    find_op(m, BC_add)[3] = BC_ARG(BC_X, 9);
    refuse(m, "X9");
}

Test(emit_check, sees_a_wrong_frame)
{
    BcModule *m = fib_code();
    find_op(m, BC_frame)[1] = 3;
    refuse(m, "frame of");
}

Test(emit_check, sees_a_register_lost_over_a_call)
{
    BcModule *m = fib_code();
    find_op(m, BC_add)[4] = BC_ARG(BC_X, 1);
    refuse(m, "X1");
}

Test(emit_check, sees_a_dead_slot)
{
    BcModule *m = fib_code();
    find_op(m, BC_add)[3] = BC_ARG(BC_Y, 0);
    refuse(m, "Y0");
}

Test(emit_check, sees_missing_room)
{
    Sample s;
    sample_start(&s);
    sample_rev(&s);
    BcModule *m = emit_module(s.module, NULL);
    sample_end(&s);
    find_op(m, BC_heap)[1] = 1;
    refuse(m, "heap words");
}
