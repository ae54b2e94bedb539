/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/match/match_tree_test.c: decision trees look once, and stay small. */
#include "test/unit/compiler/match/match_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

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

Test(match_tree, a_list_is_looked_at_once)
{
    MatchCounts c = count("f([], _) -> a; f([H | _], x) -> H; f([_ | T], y) -> T; f(_, _) -> b.");
    cr_expect_eq(c.of_test[BC_is_nil], 1);
    cr_expect_eq(c.of_test[BC_is_cons], 1);
    cr_expect_eq(c.of_op[SSA_head], 1);
    cr_expect_eq(c.of_op[SSA_tail_of], 1);
    cr_expect_eq(c.switches, 1);
}

Test(match_tree, constants_become_a_switch)
{
    MatchCounts c = count("f(a) -> 1; f(b) -> 2; f(3) -> 3; f(b) -> 4; f(-5) -> 5.");
    cr_expect_eq(c.switches, 1);
    cr_expect_eq(c.tests, 0);
    cr_expect_eq(c.failures, 1);
}

Test(match_tree, arities_become_a_switch)
{
    MatchCounts c = count("f({a}) -> 1; f({_, b}) -> 2; f({_, _, c}) -> 3.");
    cr_expect_eq(c.of_test[BC_is_tuple], 1);
    cr_expect_eq(c.switches, 1);
}

Test(match_tree, a_common_tag_is_one_test)
{
    MatchCounts c = count("f({ok, 1}) -> a; f({ok, X}) -> X.");
    cr_expect_eq(c.of_test[BC_is_tagged], 1);
    cr_expect_eq(c.of_op[SSA_element], 1, "the tag is not read again");
}

Test(match_tree, a_key_is_looked_up_once)
{
    MatchCounts c = count("f(#{k := 1}) -> a; f(#{k := 2, l := X}) -> X; f(#{k := Y}) -> Y.");
    cr_expect_eq(c.of_test[BC_is_map], 1);
    cr_expect_eq(c.of_test[BC_map_get], 2);
}

Test(match_tree, guards_do_not_make_booleans)
{
    MatchCounts c = count("f(X, Y) when is_atom(X), Y > 1; not is_list(X) -> a; f(_, _) -> b.");
    cr_expect_eq(c.of_op[SSA_compare], 0);
    cr_expect_eq(c.of_op[SSA_type_test], 0);
    cr_expect_eq(c.tests, 3);
}

Test(match_tree, a_tuple_of_subjects_is_not_built)
{
    MatchCounts c = count("f(X, Y) -> case {X, Y} of {1, a} -> p; {2, b} -> q; _ -> r end.");
    cr_expect_eq(c.of_op[SSA_tuple], 0);
}

Test(match_tree, strings_are_compared_whole_unless_taken_apart)
{
    MatchCounts c = count("f(\"abc\") -> 1; f(\"abd\") -> 2; f(_) -> 3.");
    cr_expect_eq(c.of_test[BC_is_eq_exact], 2);
    cr_expect_eq(c.of_test[BC_is_cons], 0);
    c = count("f(\"abc\") -> 1; f(\"ab\" ++ T) -> T; f(_) -> 3.");
    cr_expect_eq(c.of_test[BC_is_cons], 2, "the last character is compared with the rest");
}

Test(match_tree, zero_is_both_zeros)
{
    MatchCounts c = count("f(0.0) -> 1; f(-0.0) -> 2; f(_) -> 3.");
    cr_expect_eq(c.of_test[BC_is_eq_exact], 1);
}

/* What stands at every nth place keeps rows from being sorted: the classic that explodes. */
Test(match_tree, trees_do_not_explode)
{
    char text[8192];
    size_t at = 0;
    for (int i = 0; i < 20; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "f(");
        for (int k = 0; k < 20; k++) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", k > 0 ? "," : "",
                                   k == i              ? "a"
                                   : k == (i + 1) % 20 ? "b"
                                                       : "_");
        }
        at += (size_t)snprintf(text + at, sizeof text - at, ") -> %d; ", i);
    }
    at += (size_t)snprintf(text + at, sizeof text - at, "f(");
    for (int k = 0; k < 20; k++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "%s_", k > 0 ? "," : "");
    }
    snprintf(text + at, sizeof text - at, ") -> x.");
    MatchCounts c = count(text);
    cr_expect_lt(c.blocks, 1000, "%u blocks", c.blocks);
}

static uint32_t blocks_of_clauses(int n, const char *format)
{
    size_t room = (size_t)n * 64 + 64, at = 0;
    char *text = alloc_must(room);
    for (int i = 0; i < n; i++) {
        at += (size_t)snprintf(text + at, room - at, format, i, i);
        at += (size_t)snprintf(text + at, room - at, ";\n");
    }
    snprintf(text + at, room - at, "f(_) -> other.");
    MatchCounts c = count(text);
    alloc_free(text);
    return c.blocks;
}

static void is_linear(const char *format)
{
    uint32_t some = blocks_of_clauses(1000, format);
    uint32_t twice = blocks_of_clauses(2000, format);
    cr_expect_lt(twice, some * 2 + some / 10, "%s: %u blocks, then %u", format, some, twice);
    cr_expect_lt(some, 50000, "%s: %u blocks", format, some);
}

Test(match_tree, many_clauses_stay_linear)
{
    cr_expect_lt(blocks_of_clauses(10000, "f(%d) -> %d"), 10100);
    is_linear("f({a%d, X}) -> {X, %d}");
    is_linear("f(#{k%d := {X, _}}) when X > %d -> X");
    is_linear("f(X) when X > %d, X < %d -> X");
    is_linear("f({X, %d}) when X > 1 -> X; f({%d, X}) when X > 2 -> X");
}
