/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/ssa/ssa_check_test.c: the checker says no, and why. */
#include "test/unit/compiler/ssa/ssa_sample.h"

#include <criterion/criterion.h>
#include <string.h>

static void refuse(Sample *s, const char *word)
{
    char error[300] = "";
    cr_assert_not(ssa_check(s->module, error, sizeof error));
    cr_assert_not_null(strstr(error, word), "\"%s\" should speak of \"%s\"", error, word);
    sample_end(s);
}

Test(ssa_check, accepts_the_samples)
{
    static void (*const samples[])(Sample *) = {sample_fib, sample_map, sample_rev, sample_try,
                                                sample_receive};
    for (size_t i = 0; i < ACT_COUNT(samples); i++) {
        Sample s;
        char error[300] = "";
        sample_start(&s);
        samples[i](&s);
        cr_assert(ssa_check(s.module, error, sizeof error), "%s", error);
        sample_end(&s);
    }
}

Test(ssa_check, a_value_must_be_defined)
{
    Sample s;
    sample_start(&s);
    SsaBlock *b1 = sample_function(&s, "f", 1);
    sample_return(&s, b1, ssa_use(99));
    refuse(&s, "v99");
}

Test(ssa_check, a_definition_must_dominate)
{
    Sample s;
    sample_start(&s);
    SsaBlock *b1 = sample_function(&s, "f", 1);
    SsaBlock *a = sample_block(&s, 0), *b = sample_block(&s, 0);
    sample_test(&s, b1, BC_is_atom, ARGS(PARAM(b1, 0)), a, b);
    SsaArg made = sample_op(&s, a, SSA_cons, ARGS(PARAM(b1, 0), PARAM(b1, 0)));
    sample_return(&s, a, made);
    sample_return(&s, b, made);
    refuse(&s, "dominate");
}

Test(ssa_check, a_handler_must_not_use_what_its_region_made)
{
    Sample s;
    sample_start(&s);
    SsaBlock *b1 = sample_function(&s, "f", 1);
    SsaBlock *handler = sample_block(&s, 3);
    b1->handler = handler->id;
    SsaArg made = sample_call_ext(&s, b1, "g", ARGS(PARAM(b1, 0)));
    sample_return(&s, b1, made);
    sample_return(&s, handler, made);
    refuse(&s, "dominate");
}

Test(ssa_check, a_guards_result_is_for_success_only)
{
    Sample s;
    sample_start(&s);
    SsaBlock *b1 = sample_function(&s, "f", 1);
    SsaBlock *good = sample_block(&s, 0), *bad = sample_block(&s, 0);
    SsaEdge edges[] = {{.block = good->id}, {.block = bad->id}};
    SsaTerm *term = ssa_terminate(s.module, b1, SSA_T_GUARD, (SsaArg[]){PARAM(b1, 0), PARAM(b1, 0)},
                                  2, edges, 2);
    term->op = SSA_add;
    term->result = ssa_value_new(s.function);
    sample_return(&s, good, ssa_use(term->result));
    sample_return(&s, bad, ssa_use(term->result));
    refuse(&s, "dominate");
}

Test(ssa_check, edges_pass_what_targets_take)
{
    Sample s;
    sample_start(&s);
    SsaBlock *b1 = sample_function(&s, "f", 1);
    SsaBlock *next = sample_block(&s, 2);
    sample_jump(&s, b1, next, ARGS(PARAM(b1, 0)));
    sample_return(&s, next, PARAM(next, 0));
    refuse(&s, "passes 1 arguments for 2");
}

Test(ssa_check, no_tail_call_under_a_handler)
{
    Sample s;
    sample_start(&s);
    SsaBlock *b1 = sample_function(&s, "f", 1);
    SsaBlock *handler = sample_block(&s, 3);
    b1->handler = handler->id;
    sample_tail_call(&s, b1, 0, ARGS(PARAM(b1, 0)));
    sample_return(&s, handler, PARAM(handler, 1));
    refuse(&s, "tail call");
}

Test(ssa_check, each_block_ends)
{
    Sample s;
    sample_start(&s);
    sample_function(&s, "f", 1);
    refuse(&s, "no terminator");
}
