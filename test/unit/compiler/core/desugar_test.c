/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/core/desugar_test.c: what the tree becomes. The names of lifted functions were
 * read off real Erlang's stack traces. */
#include "test/unit/compiler/core/core_sample.h"

#include <criterion/criterion.h>

static void has(const char *source, const char *expected)
{
    CoreSample s;
    core_sample_start(&s, source);
    cr_assert_not_null(s.core, "%s does not compile", source);
    cr_expect_str_empty(s.error, "%s: %s", source, s.error);
    cr_expect(core_sample_has(&s, expected), "%s\nlacks\n%s\nin\n%s", source, expected, s.text);
    core_sample_end(&s);
}

static void function(const char *source, const char *name, uint32_t arity)
{
    CoreSample s;
    core_sample_start(&s, source);
    cr_assert_not_null(s.core);
    cr_expect_str_empty(s.error, "%s", s.error);
    const CoreFunction *f = core_sample_function(&s, name);
    cr_assert_not_null(f, "%s has no %s in\n%s", source, name, s.text);
    cr_expect_eq(f->arity, arity, "%s has arity %u", name, f->arity);
    core_sample_end(&s);
}

static void refused(const char *source)
{
    CoreSample s;
    core_sample_start(&s, source);
    cr_expect_null(s.core, "%s compiles", source);
    core_sample_end(&s);
}

Test(desugar, funs_take_what_they_capture_behind_their_arguments)
{
    function("f(X, Y) -> fun(A) -> {A, X, Y} end.", "-f/2-fun-0-", 3);
    function("f(X) -> fun() -> fun() -> X end end.", "-f/1-fun-0-", 1);
    function("f(X) -> fun() -> fun() -> X end end.", "-f/1-fun-1-", 1);
}

Test(desugar, funs_are_numbered_as_erlang_numbers_them)
{
    has("f() -> {fun() -> a end, fun() -> b end}.",
        "{fun '-f/0-fun-1-'/0 as /0 (), fun '-f/0-fun-0-'/0 as /0 ()}");
    function("f() -> fun R(0) -> 1; R(N) -> R(N - 1) end.", "-f/0-R/1-0-", 1);
    function("f(X) -> [[Z || Z <- Y] || Y <- X].", "-f/1-lc$^0/1-0-", 1);
    function("f(X) -> [[Z || Z <- Y] || Y <- X].", "-f/1-lc$^1/1-1-", 1);
    function("f(X) -> [A || A <- [B || B <- X]].", "-f/1-lc$^1/1-0-", 1);
    function("f(X) -> [A || A <- [B || B <- X]].", "-f/1-lc$^0/1-1-", 1);
}

Test(desugar, fun_heads_and_generators_shadow)
{
    has("f(X) -> {fun(X) -> X end, X}.", "'-f/1-fun-0-'/1");
    has("f(X) -> [X || X <- X].", "'-f/1-lc$^0/1-0-'/1");
}

Test(desugar, bound_variables_in_patterns_become_tests)
{
    has("f(X, Y) -> case Y of {X, Z} -> Z end.", "({v5, v6}) if =:=(v5, v3) ->");
    has("f({X, X}) -> X.", "({v2, v3}) if =:=(v3, v2) ->");
}

Test(desugar, choices_export_what_all_clauses_bind_and_somebody_uses)
{
    has("f(X) -> case X of 1 -> A = a, B = b; _ -> A = c, B = d end, A.", "=> v7 := v3");
    CoreSample s;
    core_sample_start(&s, "f(X) -> case X of 1 -> A = a, B = b; _ -> A = c, B = d end, A.");
    cr_expect_not(core_sample_has(&s, ", v8 :="), "%s", s.text);
    core_sample_end(&s);
}

Test(desugar, records_are_tuples)
{
    const char *def = "-record(r, {a = 1, b}).\n";
    CoreSample s;
    char text[256];
    snprintf(text, sizeof text,
             "%sf() -> #r{b = 2}.\ng(R) -> R#r.b.\nh(#r{a = A}) -> A.\n"
             "i() -> {#r.b, record_info(fields, r)}.",
             def);
    core_sample_start(&s, text);
    cr_assert_not_null(s.core);
    cr_expect(core_sample_has(&s, "{r,1,2}"), "%s", s.text);
    cr_expect(core_sample_has(&s, "record_get(v2, r/3, 2)"), "%s", s.text);
    cr_expect(core_sample_has(&s, "{r, v2, _}"), "%s", s.text);
    cr_expect(core_sample_has(&s, "{3,[a,b]}"), "%s", s.text);
    core_sample_end(&s);
}

Test(desugar, constants_are_folded_and_failures_left_for_run_time)
{
    has("f() -> 2 * 3 + 4.", "\n      10\n");
    has("f() -> 1 bsl 70.", "16#400000000000000000");
    has("f() -> 1 div 0.", "div(1, 0)");
    has("f(-1) -> 1 + a.", "add(1, a)");
    has("f(1 + 2) -> ok.", "(3) ->");
    has("f() -> <<1, \"ab\", 2:16>>.", "<<1,97,98,0,2>>");
}

Test(desugar, calls_find_what_they_mean)
{
    has("f(X) -> hd(X).", "bif erlang:hd/1");
    has("f(X) -> length(X).", "call erlang:length/1");
    has("f(X) when length(X) > 1 -> ok.", "bif erlang:length/1");
    has("length(_) -> 1.\nf(X) -> length(X).", "call length/1(");
    has("-import(lists, [sum/1]).\nf(X) -> sum(X).", "call lists:sum/1");
    has("f(M, X) -> M:g(X).", "apply (");
    has("f(X) -> apply(lists, sum, [X]).", "call lists:sum/1");
    has("f(F, X) -> apply(F, [X]).", "call_fun (");
    has("f(X) -> X ! a.", "call erlang:send/2");
}

Test(desugar, what_lint_should_have_refused_is_an_error_not_a_crash)
{
    refused("f() -> X.");
    refused("f() -> g().");
    refused("f() -> #nope{}.");
    refused("f(X + 1) -> X.");
    refused("f() -> fun g/1.");
}

Test(desugar, more_than_255_arguments_are_refused)
{
    char text[4096] = "f(";
    size_t at = 2;
    for (int i = 0; i < 256; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "%s_", i > 0 ? "," : "");
    }
    snprintf(text + at, sizeof text - at, ") -> ok.");
    refused(text);
}
