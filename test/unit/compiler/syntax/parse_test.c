/* SPDX-License-Identifier: Apache-2.0 */
/* test/unit/compiler/syntax/parse_test.c: texts against Erlang's abstract format of them (recorded
 * from epp:parse_file/2 of OTP 25), and errors against their codes. */
#include "test/unit/compiler/syntax/syntax_sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void expect(const char *text, const char *abstract)
{
    char *found = syntax_sample_abstract(text);
    cr_expect_str_eq(found, abstract, "%s\ngives %s", text, found);
    free(found);
}

Test(parse, precedences)
{
    expect("f() -> 1 + 2 * 3 - 4.\n",
           "{function,1,f,0,[{clause,1,[],[],[{op,1,'-',{op,1,'+',{integer,1,1},{op,1,'*',"
           "{integer,1,2},{integer,1,3}}},{integer,1,4}}]}]}.\n");
    expect("f() -> X = catch 1 + 2.\n",
           "{function,1,f,0,[{clause,1,[],[],[{match,1,{var,1,'X'},{'catch',1,{op,1,'+',"
           "{integer,1,1},{integer,1,2}}}}]}]}.\n");
    expect("f() -> a ! b ! c.\n",
           "{function,1,f,0,[{clause,1,[],[],[{op,1,'!',{atom,1,a},{op,1,'!',{atom,1,b},"
           "{atom,1,c}}}]}]}.\n");
    expect("f() -> not a andalso b orelse c.\n",
           "{function,1,f,0,[{clause,1,[],[],[{op,1,'orelse',{op,1,'andalso',{op,1,'not',"
           "{atom,1,a}},{atom,1,b}},{atom,1,c}}]}]}.\n");
}

Test(parse, lists_and_strings)
{
    expect("f() -> [a, b | c].\n",
           "{function,1,f,0,[{clause,1,[],[],[{cons,1,{atom,1,a},{cons,1,{atom,1,b},"
           "{atom,1,c}}}]}]}.\n");
    expect("f() -> [a,\nb\n].\n",
           "{function,1,f,0,[{clause,1,[],[],[{cons,1,{atom,1,a},{cons,2,{atom,2,b},"
           "{nil,3}}}]}]}.\n");
    expect("f() -> \"a\" \"b\".\n", "{function,1,f,0,[{clause,1,[],[],[{string,1,[97,98]}]}]}.\n");
}

Test(parse, numbers_of_all_bases)
{
    expect("f() -> {16#Ff, 2#1010, 36#zz, 1_000, 1.5e-3, 123456789012345678901234567890}.\n",
           "{function,1,f,0,[{clause,1,[],[],[{tuple,1,[{integer,1,255},{integer,1,10},"
           "{integer,1,1295},{integer,1,1000},{float,1,0.0015},"
           "{integer,1,123456789012345678901234567890}]}]}]}.\n");
    expect("f() -> 16#ffffffffffffffffffff.\n",
           "{function,1,f,0,[{clause,1,[],[],[{integer,1,1208925819614629174706175}]}]}.\n");
}

Test(parse, characters_and_escapes)
{
    expect("f() -> [$a, $\\n, $\\x41, $\\x{3bb}, $\\101, $\\^A, $\\s, $ ].\n",
           "{function,1,f,0,[{clause,1,[],[],[{cons,1,{char,1,97},{cons,1,{char,1,10},{cons,1,"
           "{char,1,65},{cons,1,{char,1,955},{cons,1,{char,1,65},{cons,1,{char,1,1},{cons,1,"
           "{char,1,32},{cons,1,{char,1,32},{nil,1}}}}}}}}}]}]}.\n");
}

Test(parse, try_clauses)
{
    expect("f() -> try a catch b -> c; error:X:S -> S after d end.\n",
           "{function,1,f,0,[{clause,1,[],[],[{'try',1,[{atom,1,a}],[],[{clause,1,[{tuple,1,"
           "[{atom,1,throw},{atom,1,b},{var,1,'_'}]}],[],[{atom,1,c}]},{clause,1,[{tuple,1,"
           "[{atom,1,error},{var,1,'X'},{var,1,'S'}]}],[],[{var,1,'S'}]}],[{atom,1,d}]}]}]}.\n");
}

Test(parse, specs)
{
    expect("-spec f(X) -> [X, ...] when X :: a | b | (c | d).\n",
           "{attribute,1,spec,{{f,1},[{type,1,bounded_fun,[{type,1,'fun',[{type,1,product,"
           "[{var,1,'X'}]},{type,1,nonempty_list,[{var,1,'X'}]}]},[{type,1,constraint,[{atom,1,"
           "is_subtype},[{var,1,'X'},{type,1,union,[{atom,1,a},{atom,1,b},{atom,1,c},"
           "{atom,1,d}]}]]}]]}]}}.\n");
}

Test(parse, triple_quoted_strings)
{
    expect("f() -> \"\"\"\n  a\"\n    b\\n\n  \"\"\".\n",
           "{function,1,f,0,[{clause,1,[],[],[{string,1,[97,34,10,32,32,98,92,110]}]}]}.\n");
    expect("f() -> \"\"\"\n\"\"\".\n", "{function,1,f,0,[{clause,1,[],[],[{string,1,[]}]}]}.\n");
}

Test(parse, maybe_needs_its_feature)
{
    expect("-feature(maybe_expr, enable).\nf() -> maybe ok ?= a else _ -> b end.\n",
           "{function,2,f,0,[{clause,2,[],[],[{'maybe',2,[{maybe_match,2,{atom,2,ok},"
           "{atom,2,a}}],{'else',2,[{clause,2,[{var,2,'_'}],[],[{atom,2,b}]}]}}]}]}.\n");
    expect("f() -> {maybe, else}.\n",
           "{function,1,f,0,[{clause,1,[],[],[{tuple,1,[{atom,1,maybe},{atom,1,else}]}]}]}.\n");
}

Test(parse, reports_all_errors_of_a_file)
{
    expect("f() -> 1 2.\ng(1) -> ;\ng(2) -> b c.\nh() -> ok.\ni() -> [.\n",
           "E0023 E0020 E0023 E0022");
    expect("f() -> a\ng() -> b.\n", "E0034");
    expect("f() -> (", "E0021 E0022");
}

static void expect_nested(char open, char close, size_t depth, const char *result)
{
    char *text = malloc(2 * depth + 20);
    memcpy(text, "f() -> ", 7);
    memset(text + 7, open, depth);
    text[7 + depth] = '1';
    memset(text + 8 + depth, close, depth);
    strcpy(text + 8 + 2 * depth, ".\n");
    expect(text, result);
    free(text);
}

Test(parse, nesting)
{
    expect_nested('(', ')', 100000, "{function,1,f,0,[{clause,1,[],[],[{integer,1,1}]}]}.\n");
    expect_nested('[', ']', 100000, "E0030");
}

static void expect_print(const char *text)
{
    char *found = syntax_sample_print(text);
    cr_expect_str_eq(found, text);
    free(found);
}

Test(ast_print, writes_what_it_read)
{
    expect_print(
        "-module(m).\n\n-export([f/1, 'G'/0]).\n\n-record(r, {a, b = 1 :: integer()}).\n\n");
    expect_print("f(X, [H | T]) when X > 1, H; T ->\n    (X + 1) * 2,\n    - (X - 1),\n    "
                 "f#r.a;\nf(_, <<A:8/little-unit:2, B/binary>>) ->\n    {A, B}.\n\n");
    expect_print("g() ->\n    case a of\n        {b} when c ->\n            d;\n        _ ->\n"
                 "            fun(X) ->\n                [Y || Y <- X, Y > 1]\n            end\n"
                 "    end.\n\n");
    expect_print(
        "-spec f(X) -> fun((...) -> X) when X :: #{a => b, c := 1..2} | <<_:1, _:_*8>>.\n\n");
}
