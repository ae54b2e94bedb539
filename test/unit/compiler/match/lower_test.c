/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/match/lower_test.c: calls, exceptions, receive, and what they must not do. */
#include "test/unit/compiler/match/match_sample.h"

#include <criterion/criterion.h>

static MatchCounts count(const char *source)
{
    MatchSample s;
    match_sample_start(&s, source);
    cr_assert_not_null(s.ssa, "%s does not compile", source);
    cr_expect_str_empty(s.error, "%s: %s", source, s.error);
    MatchCounts counts = match_sample_count(&s, 0);
    match_sample_end(&s);
    return counts;
}

Test(lower, tail_calls)
{
    cr_expect_eq(count("f(X) -> f(X).").tail_calls, 1);
    cr_expect_eq(count("f(X) -> case X of 1 -> f(2); _ -> f(3) end.").tail_calls, 2);
    cr_expect_eq(count("f(X) -> X andalso f(X).").tail_calls, 1);
    cr_expect_eq(count("f(X) -> Y = f(X), Y.").tail_calls, 1);
    cr_expect_eq(count("f(X) -> [f(X)].").tail_calls, 0);
}

Test(lower, no_tail_call_in_a_protected_region)
{
    MatchCounts c = count("f(X) -> try f(X) catch _:_ -> f(1) end.");
    cr_expect_eq(c.calls, 1);
    cr_expect_eq(c.tail_calls, 1, "the handler's");
    c = count("f(X) -> try f(X) after f(1) end.");
    cr_expect_eq(c.calls, 2, "the after part exists once");
    cr_expect_eq(c.tail_calls, 0);
}

Test(lower, what_never_returns_is_called_so_that_its_caller_is_in_the_trace)
{
    MatchCounts c = count("f(X) -> error(X).");
    cr_expect_eq(c.calls, 1);
    cr_expect_eq(c.tail_calls, 0);
}

Test(lower, conditions_are_control_flow)
{
    MatchCounts c = count("f(X, Y) -> case X > 1 andalso Y < 2 of true -> a; false -> b end.");
    cr_expect_eq(c.tests, 2);
    cr_expect_eq(c.of_op[SSA_compare], 0);
    cr_expect_eq(count("f(X, Y) -> {X > Y}.").of_op[SSA_compare], 1);
}

Test(lower, arithmetic_raises_outside_guards_only)
{
    MatchCounts c = count("f(X) -> X + 1.");
    cr_expect_eq(c.of_op[SSA_add], 1);
    cr_expect_eq(c.guards, 0);
    c = count("f(X) when X + 1 > 2 -> a; f(_) -> b.");
    cr_expect_eq(c.of_op[SSA_add], 0);
    cr_expect_eq(c.guards, 1);
}

Test(lower, receive_accepts_once_a_clause)
{
    MatchCounts c = count("f() -> receive a -> 1; {b, X} when X > 1 -> X after 10 -> 2 end.");
    cr_expect_eq(c.of_op[SSA_recv_accept], 2);
}

Test(lower, deep_and_long_sources_do_not_overflow_the_stack)
{
    enum { DEEP = 4000, LONG = 50000 };
    char *text = alloc_must(LONG * 4 + 64);
    char *at = text;
    at += sprintf(at, "f(X) -> ");
    for (int i = 0; i < DEEP; i++) {
        *at++ = '{';
    }
    *at++ = 'X';
    for (int i = 0; i < DEEP; i++) {
        *at++ = '}';
    }
    sprintf(at, ".");
    cr_expect_eq(count(text).of_op[SSA_tuple], DEEP);
    at = text + sprintf(text, "f(X) -> [");
    for (int i = 0; i < LONG; i++) {
        at += sprintf(at, "%sX", i > 0 ? "," : "");
    }
    sprintf(at, "].");
    cr_expect_eq(count(text).of_op[SSA_cons], LONG);
    at = text + sprintf(text, "f(X) -> ");
    for (int i = 0; i < LONG; i++) {
        at += sprintf(at, "%sX", i > 0 ? "," : "");
    }
    sprintf(at, ".");
    count(text);
    alloc_free(text);
}
