/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/front/preprocess_test.c: macros, conditions and inclusions, as text. What is
 * expected was recorded from epp of OTP 25. */
#include "compiler/front/parse_source.h"
#include "compiler/syntax/ast_print.h"
#include "vm/base/alloc.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* The one file that there is to include. */
static bool read_header(void *context, const char *path, char **bytes, size_t *length)
{
    const char *text = context;
    if (strcmp(path, "dir/h.hrl") != 0) {
        return false;
    }
    *length = strlen(text);
    *bytes = alloc_must(*length + 1);
    memcpy(*bytes, text, *length);
    return true;
}

static void expect_with(const char *header, const SourceOptions *options, const char *text,
                        const char *expected)
{
    SyntaxContext cx;
    syntax_context_init(&cx);
    SourceReader reader = {(void *)header, read_header, NULL, NULL};
    AstModule module = parse_source(&cx, &reader, options, "dir/x.act", text, strlen(text));
    AstText out = {0};
    for (size_t i = 0; i < cx.diags.list.count; i++) {
        const char *code = diag_code_text(cx.diags.list.items[i]->code);
        for (const char *at = code; *at != '\0'; at++) {
            vec_push(&out, *at);
        }
        vec_push(&out, ' ');
    }
    Arena arena = {0};
    for (uint32_t i = 0; i < module.forms.count; i++) {
        const char *form = ast_print_short(&arena, module.forms.items[i], 200);
        for (const char *at = form; *at != '\0'; at++) {
            vec_push(&out, *at);
        }
        vec_push(&out, '.');
    }
    vec_push(&out, '\0');
    cr_expect_str_eq(out.items, expected, "%s\ngives %s", text, out.items);
    vec_free(&out);
    arena_free(&arena);
    syntax_context_free(&cx);
}

static void expect(const char *text, const char *expected)
{
    expect_with("", NULL, text, expected);
}

Test(preprocess, macros_are_overloaded_by_arity)
{
    expect("-define(A, 1).\n-define(A(), 2).\n-define(A(X), {3, X}).\nf() -> {?A, ?A(), ?A(7)}.\n",
           "f() -> {1, 2, {3, 7}}.");
    expect("-define(A, g).\nf() -> ?A(7).\n", "f() -> g(7).");
    expect("-define(A(X), X).\nf() -> ?A.\n", "E0203 f() -> A.");
    expect("-define(A(X), X).\nf() -> ?A(1, 2).\n", "E0202 f() -> A.");
}

Test(preprocess, arguments_keep_commas_inside_brackets)
{
    expect("-define(A(X, Y), [X | Y]).\nf() -> ?A({a, b}, begin c, d end).\n",
           "f() -> [{a, b} | begin c, d end].");
    expect("-define(A(X), X).\nf() -> ?A(fun g/1).\n", "f() -> fun g/1.");
    expect("-define(A(X), X).\nf() -> ?A(case 1 of 1 -> a, b end).\n",
           "f() -> case 1 of 1 -> a, b end.");
}

Test(preprocess, stringify)
{
    expect("-define(S(X), ??X).\nf() -> ?S(g(a,\"b\",$c,1.5,'X y')).\n",
           "f() -> \"g ( a , \\\"b\\\" , $c , 1.5 , 'X y' )\".");
}

Test(preprocess, bodies_are_read_again)
{
    expect("-define(A(X), ?B(X, 1)).\n-define(B(X, Y), {X, Y}).\nf() -> ?A(?A(2)).\n",
           "f() -> {{2, 1}, 1}.");
    expect("-define(A, case).\nf() -> ?A 1 of _ -> 2 end.\n", "f() -> case 1 of _ -> 2 end.");
}

Test(preprocess, a_macro_must_not_lead_to_itself)
{
    expect("-define(A, ?B).\n-define(B, ?A).\nf() -> ?A.\n", "E0204 f() -> A.");
    expect("-define(A(X), ?A(X, 1)).\n-define(A(X, Y), {X, Y}).\nf() -> ?A(2).\n",
           "f() -> {2, 1}.");
}

Test(preprocess, predefined_macros)
{
    expect(
        "-module(m).\nf(_, _) -> {?MODULE, ?MODULE_STRING, ?FUNCTION_NAME, ?FUNCTION_ARITY, ?LINE,"
        " ?FILE, ?MACHINE, ?OTP_RELEASE}.\n",
        "-module(m).f(_, _) -> {m, \"m\", f, 2, 2, \"dir/x.act\", 'BEAM', 25}.");
    expect("-file(\"o.erl\", 100).\nf() -> {?FILE, ?LINE}.\n",
           "-file(\"o.erl\", 100).f() -> {\"o.erl\", 101}.");
    expect("-define(LINE, 1).\n", "E0206 ");
}

Test(preprocess, line_in_a_body_counts_on_from_an_argument)
{
    expect("-define(A(X), {X, ?LINE}).\nf() ->\n?A(\n\nb).\n", "f() -> {b, 5}.");
}

Test(preprocess, conditions)
{
    expect("-ifdef(X).\na() -> 1.\n-else.\nb() -> 1.\n-endif.\n", "b() -> 1.");
    expect("-if(1 + 1 == 2 andalso not defined(X)).\na() -> 1.\n-endif.\n", "a() -> 1.");
    expect("-if(1 / 0 == 2).\na() -> 1.\n-elif(?OTP_RELEASE >= 25).\nb() -> 1.\n-else.\nc() -> "
           "1.\n-endif.\n",
           "b() -> 1.");
    expect("-ifdef(X).\n-if(no_guard()).\n$ ' \"\n-else.\n-endif.\n-endif.\na() -> 1.\n",
           "a() -> 1."); /* a lone quote ends with its line; in Erlang it swallows the -endif */
    expect("-if(io:format(\"\")).\n-endif.\n", "E0221 ");
    expect("-endif.\n", "E0210 ");
}

Test(preprocess, definitions_from_outside)
{
    SourceDefine defines[] = {{"DEBUG", NULL}, {"LIMIT", "{1, 2}"}};
    SourceOptions options = {.defines = defines, .define_count = 2};
    expect_with("", &options, "f() -> {?DEBUG, ?LIMIT}.\n", "f() -> {true, {1, 2}}.");
}

Test(preprocess, includes_beside_the_file)
{
    expect_with("-define(H, 1).\nh() -> 2.\n", NULL, "-include(\"h.hrl\").\nf() -> ?H.\n",
                "h() -> 2.f() -> 1.");
    expect_with("-include(\"h.hrl\").\n", NULL, "-include(\"h.hrl\").\n", "E0209 ");
    expect("-include(\"nope.hrl\").\n", "E0208 ");
    expect_with("-ifdef(X).\n", NULL, "-include(\"h.hrl\").\nf() -> 1.\n", "E0212 f() -> 1.");
}
