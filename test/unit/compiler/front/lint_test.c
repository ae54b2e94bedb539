/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/front/lint_test.c: the codes that the linter reports for one function. What
 * each looks like is in test/golden/diagnostics; here are the conditions at their edges, recorded
 * from erl_lint. */
#include "compiler/front/lint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static bool no_file(void *context, const char *path, char **bytes, size_t *length)
{
    return false;
}

/* body is what stands behind -module and -export([f/1]). */
static void expect(const char *body, const char *codes)
{
    SyntaxContext cx;
    syntax_context_init(&cx);
    SourceReader reader = {NULL, no_file, NULL, NULL};
    char text[2000];
    snprintf(text, sizeof text, "-module(x).\n-export([f/1]).\n%s\n", body);
    AstModule module = parse_source(&cx, &reader, NULL, "x.act", text, strlen(text));
    cr_expect_eq(diag_errors(&cx.diags), 0, "%s does not parse", body);
    lint_module(&cx, &module, NULL, NULL);
    char found[500] = "";
    for (size_t i = 0; i < cx.diags.list.count; i++) {
        strcat(found, i == 0 ? "" : " ");
        strcat(found, diag_code_text(cx.diags.list.items[i]->code));
    }
    cr_expect_str_eq(found, codes, "%s\ngives %s, not %s", body, found, codes);
    syntax_context_free(&cx);
}

Test(lint, variables_of_a_case)
{
    expect("f(X) -> case X of 1 -> Y = 1; _ -> Y = 2 end, Y.", "");
    expect("f(X) -> case X of 1 -> Y = 1; _ -> ok end, Y.", "E0102");
    expect("f(X) -> case X of {A, 1} -> A; {A, 2} -> 1 end.", "W0001");
    expect("f(X) -> case X of {A, 1} -> a; {A, 2} -> b end, A.", "");
    expect("f(X) -> case X of 1 -> Y = 1; _ -> Y = 2 end, {ok, Y} = X.", "W0004");
}

Test(lint, siblings_do_not_see_each_other)
{
    expect("f(X) -> {Y = X, Y}.", "E0101");
    expect("f(X) -> {Y = X, Y = X}.", "");
    expect("f(X) -> Y = X, {Y, Y}.", "");
}

Test(lint, what_short_circuits_and_catches_is_unsafe)
{
    expect("f(X) -> X andalso (Y = 1), Y.", "E0102");
    expect("f(X) -> X andalso (Y = 1) andalso Y.", "");
    expect("f(X) -> (Y = X) andalso Y.", "");
    expect("f(X) -> (catch Y = X), Y.", "E0102");
    expect("f(X) -> try Y = X, Y catch _:_ -> Y end.", "E0102");
    expect("f(X) -> try Y = X of _ -> Y catch _:_ -> 1 end.", "");
}

Test(lint, shadowing)
{
    expect("f(X) -> fun(X) -> X end.", "W0003 W0001");
    expect("f(X) -> [X || X <- X].", "W0003");
    expect("f(X) -> [Y || Y <- X], fun(Y) -> Y end.", "");
    expect("f(X) -> G = fun F(Y) -> F(Y) end, G(X).", "");
    expect("f(X) -> [Y || Y <- X, Y <- Y].", "W0003");
}

Test(lint, underscores)
{
    expect("f(_X) -> ok.", "");
    expect("f(_X) -> _X.", "");
    expect("f(_) -> _.", "E0101");
    expect("f({_X, _X}) -> ok.", "W0018");
}

Test(lint, unused_functions_are_those_that_no_export_reaches)
{
    expect("f(_) -> ok.\ng() -> h().\nh() -> g().", "W0002 W0002");
    expect("f(_) -> fun g/0.\ng() -> h().\nh() -> ok.", "");
    expect("-compile({nowarn_unused_function, g/0}).\nf(_) -> ok.\ng() -> ok.", "");
}

Test(lint, patterns)
{
    expect("f(\"a\" ++ X) -> X.", "");
    expect("f([$a] ++ X) -> X.", "");
    expect("f(1 + 2) -> ok.", "");
    expect("f(#{}) -> ok.", "");
    expect("f(X) -> #{X := Y} = X, Y.", "");
    expect("f(<<N, B:N/binary>>) -> B.", "");
    expect("f(<<B/binary, N>>) -> {B, N}.", "E0134");
    expect("f(X) -> case X of foo(1) -> 2 end.", "E0109");
}

Test(lint, guards)
{
    expect("f(X) when is_atom(X), X > 1; erlang:is_map(X) -> ok.", "");
    expect("f(X) when erlang:'+'(X, 1) > 2 -> ok.", "");
    expect("f(X) when g(X) -> ok.\ng(_) -> true.", "E0111 W0002");
    expect("f(X) when X ++ \"a\" == b -> ok.", "E0110");
    expect("f(X) when is_record(X, nope) -> ok.", "E0105");
}

Test(lint, defaults_of_a_record_count_where_it_is_made)
{
    expect("-record(r, {a = g()}).\nf(_) -> #r{}.\ng() -> 1.", "");
    expect("-record(r, {a = g()}).\nf(#r{}) -> 1.\ng() -> 1.", "W0002");
    expect("-record(a, {}).\n-record(b, {a = #a{}}).\nf(_) -> 1.", "W0005 W0005");
    expect("-record(r, {a, b}).\nf(_) -> #r{_ = 1}.", "");
}

Test(lint, unreachable_clauses)
{
    expect("f(X) -> X; f(1) -> 2.", "W0101");
    expect("f(X) when X > 1 -> X; f(1) -> 2.", "");
    expect("f({X, X}) -> X; f({_, 1}) -> 2.", "");
    expect("f(X) -> case 1 of X -> a; 2 -> b end.", "");
    expect("f(X) -> fun(Y) -> {X, Y}; (1) -> 2 end.", "W0101");
}
