/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/ssa/ssa_pass_test.c: what the passes make of small functions, as text. */
#include "compiler/ssa/ssa_pass.h"
#include "test/unit/compiler/ssa/ssa_sample.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct {
    Sample s;
    SsaText text;
} Made;

static const char *optimise(Made *m)
{
    char error[300] = "";
    cr_assert(ssa_check(m->s.module, error, sizeof error), "%s", error);
    ssa_optimise(m->s.module, NULL, NULL);
    cr_assert(ssa_check(m->s.module, error, sizeof error), "%s", error);
    ssa_print(m->s.module, &m->text);
    vec_push(&m->text, '\0');
    return m->text.items;
}

static void end(Made *m)
{
    vec_free(&m->text);
    sample_end(&m->s);
}

Test(ssa_pass, constants_fold)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "f", 0);
    SsaArg sum = sample_op(s, b1, SSA_add, ARGS(sample_int(s, 40), sample_int(s, 2)));
    SsaArg big = sample_op(s, b1, SSA_bsl, ARGS(sample_int(s, 1), sample_int(s, 70)));
    SsaArg bad = sample_op(s, b1, SSA_div, ARGS(sample_int(s, 1), sample_int(s, 0)));
    sample_return(s, b1, sample_op(s, b1, SSA_tuple, ARGS(sum, big, bad)));
    const char *text = optimise(&m);
    cr_assert_null(strstr(text, "add"), "%s", text);
    cr_assert_not_null(strstr(text, "tuple 42, "), "%s", text);
    cr_assert_not_null(strstr(text, "bsl 1, 70"), "left to run time: %s", text);
    cr_assert_not_null(strstr(text, "div 1, 0"), "raises at run time: %s", text);
    end(&m);
}

Test(ssa_pass, a_test_is_not_made_twice)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "f", 1);
    SsaBlock *cons = sample_block(s, 0), *no = sample_block(s, 0), *again = sample_block(s, 0);
    SsaArg list = PARAM(b1, 0);
    sample_test(s, b1, BC_is_cons, ARGS(list), cons, no);
    sample_test(s, cons, BC_is_cons, ARGS(list), again, no);
    sample_return(s, again, sample_op(s, again, SSA_head, ARGS(list)));
    sample_return(s, no, sample_atom(s, "none"));
    const char *text = optimise(&m);
    const char *first = strstr(text, "is_cons");
    cr_assert_not_null(first);
    cr_assert_null(strstr(first + 1, "is_cons"), "%s", text);
    end(&m);
}

/* By elimination it can only be a cons, but the verifier learns that from is_cons alone. */
Test(ssa_pass, a_test_that_teaches_stays)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "f", 1);
    SsaBlock *list = sample_block(s, 0), *rest = sample_block(s, 0), *cons = sample_block(s, 0),
             *no = sample_block(s, 0);
    SsaArg arg = PARAM(b1, 0);
    sample_test(s, b1, BC_is_list, ARGS(arg), list, no);
    sample_test(s, list, BC_is_nil, ARGS(arg), no, rest);
    sample_test(s, rest, BC_is_cons, ARGS(arg), cons, no);
    sample_return(s, cons, sample_op(s, cons, SSA_head, ARGS(arg)));
    sample_return(s, no, sample_atom(s, "none"));
    cr_assert_not_null(strstr(optimise(&m), "is_cons"));
    end(&m);
}

Test(ssa_pass, a_comparisons_outcome_is_tested_as_comparison)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "f", 2);
    SsaBlock *yes = sample_block(s, 0), *no = sample_block(s, 0);
    SsaInstr *compare = ssa_append(s->module, s->function, b1, SSA_compare,
                                   (SsaArg[]){PARAM(b1, 0), PARAM(b1, 1)}, 2);
    compare->imm = 1; /* =< */
    SsaArg outcome = ssa_use(compare->result);
    sample_test(s, b1, BC_is_eq_exact, ARGS(outcome, sample_atom(s, "true")), yes, no);
    sample_return(s, yes, sample_int(s, 1));
    sample_return(s, no, sample_int(s, 2));
    const char *text = optimise(&m);
    cr_assert_not_null(strstr(text, "test is_ge v2, v1 -> b2 else b3"), "%s", text);
    cr_assert_null(strstr(text, "compare"), "%s", text);
    end(&m);
}

Test(ssa_pass, tag_tests_become_one)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "f", 1);
    SsaBlock *arity = sample_block(s, 0), *tag = sample_block(s, 0), *yes = sample_block(s, 0),
             *no = sample_block(s, 0);
    SsaArg arg = PARAM(b1, 0);
    sample_test(s, b1, BC_is_tuple, ARGS(arg), arity, no);
    sample_test(s, arity, BC_is_arity, ARGS(arg), tag, no)->imm = 2;
    SsaArg first = sample_op(s, tag, SSA_element, ARGS(arg));
    sample_test(s, tag, BC_is_eq_exact, ARGS(first, sample_atom(s, "ok")), yes, no);
    SsaInstr *second = ssa_append(s->module, s->function, yes, SSA_element, &arg, 1);
    second->imm = 1;
    SsaArg value = ssa_use(second->result);
    SsaArg rebuilt = sample_op(s, yes, SSA_tuple, ARGS(sample_atom(s, "ok"), value));
    sample_return(s, yes, rebuilt);
    sample_return(s, no, sample_atom(s, "none"));
    const char *text = optimise(&m);
    cr_assert_not_null(strstr(text, "is_tagged #2 v1, ok"), "%s", text);
    cr_assert_null(strstr(text, "is_arity"), "%s", text);
    cr_assert_null(strstr(text, "tuple ok"), "the tuple is not built again: %s", text);
    cr_assert_not_null(strstr(text, "return v1"), "%s", text);
    end(&m);
}

Test(ssa_pass, a_constant_goes_past_its_test)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "f", 2);
    SsaBlock *a = sample_block(s, 0), *b = sample_block(s, 0), *join = sample_block(s, 1),
             *yes = sample_block(s, 0), *no = sample_block(s, 0);
    sample_test(s, b1, BC_is_atom, ARGS(PARAM(b1, 0)), a, b);
    sample_jump(s, a, join, ARGS(sample_atom(s, "true")));
    sample_jump(s, b, join, ARGS(PARAM(b1, 1)));
    sample_test(s, join, BC_is_eq_exact, ARGS(PARAM(join, 0), sample_atom(s, "true")), yes, no);
    sample_return(s, yes, sample_call_ext(s, yes, "y", 0, NULL));
    sample_return(s, no, sample_call_ext(s, no, "n", 0, NULL));
    const char *text = optimise(&m);
    cr_assert_not_null(strstr(text, "is_atom v1 -> b5 else"), "%s", text);
    end(&m);
}

Test(ssa_pass, unused_work_goes_but_exceptions_stay)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "f", 1);
    sample_op(s, b1, SSA_tuple, ARGS(PARAM(b1, 0)));
    sample_op(s, b1, SSA_add, ARGS(PARAM(b1, 0), sample_int(s, 1)));
    sample_return(s, b1, PARAM(b1, 0));
    const char *text = optimise(&m);
    cr_assert_null(strstr(text, "tuple"), "%s", text);
    cr_assert_not_null(strstr(text, "add"), "%s", text);
    end(&m);
}

Test(ssa_pass, a_small_total_function_is_inlined)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "is_a", 1);
    SsaBlock *yes = sample_block(s, 0), *no = sample_block(s, 0);
    sample_test(s, b1, BC_is_eq_exact, ARGS(PARAM(b1, 0), sample_atom(s, "a")), yes, no);
    sample_return(s, yes, sample_atom(s, "true"));
    sample_return(s, no, sample_atom(s, "false"));
    SsaBlock *main = sample_function(s, "main", 1);
    SsaBlock *good = sample_block(s, 0), *bad = sample_block(s, 0);
    SsaArg is_a = sample_call(s, main, 0, ARGS(PARAM(main, 0)));
    sample_test(s, main, BC_is_eq_exact, ARGS(is_a, sample_atom(s, "true")), good, bad);
    sample_return(s, good, sample_int(s, 1));
    sample_tail_call(s, bad, 0, ARGS(sample_atom(s, "b")));
    const char *text = optimise(&m);
    cr_assert_null(strstr(text, "call"), "%s", text);
    cr_assert_not_null(strstr(strstr(text, "function main"), "return false"), "%s", text);
    end(&m);
}

Test(ssa_pass, a_function_that_raises_is_called)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "inc", 1);
    sample_return(s, b1, sample_op(s, b1, SSA_add, ARGS(PARAM(b1, 0), sample_int(s, 1))));
    SsaBlock *main = sample_function(s, "main", 1);
    sample_tail_call(s, main, 0, ARGS(PARAM(main, 0)));
    cr_assert_not_null(strstr(optimise(&m), "tail_call"));
    end(&m);
}

Test(ssa_pass, a_known_fun_is_called_directly)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "body", 2);
    sample_return(s, b1, sample_op(s, b1, SSA_add, ARGS(PARAM(b1, 0), PARAM(b1, 1))));
    SsaBlock *main = sample_function(s, "main", 1);
    SsaArg free = PARAM(main, 0);
    SsaInstr *make = ssa_append(s->module, s->function, main, SSA_make_fun, &free, 1);
    make->imm = 1;
    SsaArg fun = ssa_use(make->result);
    SsaArg got = sample_op(s, main, SSA_call_fun, ARGS(fun, sample_int(s, 4)));
    sample_return(s, main, sample_op(s, main, SSA_add, ARGS(got, sample_int(s, 1))));
    const char *text = optimise(&m);
    cr_assert_not_null(strstr(text, "call body/2 4, v1"), "%s", text);
    cr_assert_null(strstr(text, "make_fun"), "%s", text);
    end(&m);
}

Test(ssa_pass, a_receive_for_one_value_says_so)
{
    Made m = {0};
    sample_start(&m.s);
    sample_receive(&m.s);
    cr_assert_not_null(strstr(optimise(&m), "recv_from v1"));
    end(&m);
}

Test(ssa_pass, a_receive_that_takes_others_too_does_not)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    sample_receive(s);
    SsaBlock *got = ssa_block_at(s->function, 3), *match = ssa_block_at(s->function, 4);
    SsaBlock *other = sample_block(s, 0);
    SsaArg message = got->term.args[0];
    got->term.edges[1].block = other->id;
    sample_test(s, other, BC_is_atom, ARGS(message), match, ssa_block_at(s->function, 5));
    cr_assert_null(strstr(optimise(&m), "recv_from"));
    end(&m);
}

Test(ssa_pass, a_call_of_what_never_returns_is_the_last)
{
    Made m = {0};
    Sample *s = &m.s;
    sample_start(s);
    SsaBlock *b1 = sample_function(s, "caller", 1);
    SsaArg never = sample_call(s, b1, 1, ARGS(PARAM(b1, 0)));
    sample_return(s, b1, sample_op(s, b1, SSA_tuple, ARGS(never, never)));
    b1 = sample_function(s, "fail", 1);
    SsaArg raised = sample_call_ext(s, b1, "error", ARGS(PARAM(b1, 0)));
    vec_last(&b1->instrs).import.module = sample_atom(s, "erlang").konst;
    sample_return(s, b1, raised);
    b1 = sample_function(s, "other_caller", 1);
    SsaArg value = sample_call(s, b1, 3, ARGS(PARAM(b1, 0)));
    sample_return(s, b1, sample_op(s, b1, SSA_cons, ARGS(value, value)));
    b1 = sample_function(s, "sometimes", 1);
    SsaBlock *fails = sample_block(s, 0), *returns = sample_block(s, 0);
    sample_test(s, b1, BC_is_cons, ARGS(PARAM(b1, 0)), fails, returns);
    sample_return(s, fails, sample_call(s, fails, 1, ARGS(PARAM(b1, 0))));
    sample_return(s, returns, sample_call_ext(s, returns, "now", ARGS(PARAM(b1, 0))));
    const char *text = optimise(&m);
    cr_assert_null(strstr(text, "tuple"), "never reached: %s", text);
    cr_assert_not_null(strstr(text, "tail_call call"), "%s", text);
    cr_assert_not_null(strstr(text, "cons"), "this one may return: %s", text);
    end(&m);
}
