%% SPDX-License-Identifier: Apache-2.0
-module(diff_erl_scan).
-export([main/0]).

main() ->
    rand:seed(exsss, {7, 7, 8}),
    [stdlib_diff:same(erl_scan, string, [S]) || S <- texts()],
    [stdlib_diff:same(erl_scan, string, [S, {1, 1}]) || S <- texts()],
    [begin
         {ok, T, _} = erl_scan:string(S),
         stdlib_diff:same(erl_parse, parse_term, [T])
     end || S <- terms()],
    [begin
         T = rterm:term(40),
         S = lists:flatten(io_lib:format("~tp.", [T])),
         stdlib_diff:same(erl_scan, string, [S]),
         {ok, Toks, _} = erl_scan:string(S),
         stdlib_diff:same(erl_parse, parse_term, [Toks])
     end || _ <- lists:seq(1, 500)].

texts() ->
    ["foo.", "Foo _ 'A b' \"s\\n\\x41\\x{400}\\101\" $a $\\n 16#ff 1.5 1.5e3 1_000 2#101 -> => := :: <- <= == =:= =/= /= >= =< ++ -- << >> || | ! ? # .. ... <<\"a\">> case of end maybe else",
     "1.2.3", "a\nb", "\"abc", "'abc", "$", "\0 ~ `", "37#1", "1.5e", "1.5e999", "$\\^a $\\s $  \"a\\\nb\"", "a.%c\nb", "é É", "a.b. c", "\\", "^", "% c", ""].

terms() ->
    ["a.", "a", "{1,2}.", "[1|2].", "[1,2|3].", "#{a=>1}.", "-1.", "+ 1.5.", "\"a\" \"b\".", "<<1,2>>.", "<<\"abc\"/utf8>>.", "<<1:16>>.", "X.", "a b.", "{a.", "[1,]. ",
     "fun lists:map/2.", "$a.", "1+2.", "- - 1.", "f(x).", "{a,\"b\".", "a}. ", "'A' 'b'. ", "1 2.", "\"x\" y.", "<<1:3>>.", "#r{}.", "{_}. ", "[a||b]. ", "$a b.", "1.5 x.", "(1).", "-a.", "[].", "{}.", "."].
