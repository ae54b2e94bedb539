%% SPDX-License-Identifier: Apache-2.0
-module(diff_string).
-export([main/0]).

main() ->
    rand:seed(exsss, {7, 8, 9}),
    [stdlib_diff:same(string, F, As) || {F, As} <- fixed()],
    [once() || _ <- lists:seq(1, 1500)],
    ok.

fixed() ->
    [{length,["a\r\nb"]}, {length,[["ab",<<"cd">>,$e]]}, {split,["a-b-c","-"]}, {split,[<<"a-b-c">>,"-"]}, {split,["a-b-c","-",all]}, {split,["a-b-c","-",trailing]}, {split,[["a-",<<"b-c">>],"-"]}, {split,[["a-",<<"b-c">>],"-",all]}, {split,["abc",""]}, {find,["abcabc","b"]}, {find,[<<"abcabc">>,"b",trailing]}, {find,[["ab",<<"cab">>],"ca"]}, {find,["abc",""]}, {prefix,["abc","ab"]}, {prefix,[<<"abc">>,"ab"]}, {prefix,[["a",<<"bc">>],"ab"]}, {prefix,["abc",""]}, {lexemes,["a b  c"," "]}, {lexemes,[<<"a b  c">>," "]}, {lexemes,["a b\r\nc",["\r\n"]]}, {lexemes,[["a b",<<" c">>]," "]}, {nth_lexeme,["a b c",2," "]}, {nth_lexeme,[<<"a b c">>,2," "]}, {trim,["  ab \n"]}, {trim,[<<"  ab \n">>]}, {trim,["  ab \n",leading]}, {trim,["xxabxx",both,"x"]}, {trim,[["  ",<<" ab ">>]]}, {trim,[<<"xabx">>,trailing,"x"]}, {pad,["ab",5]}, {pad,["ab",5,leading]}, {pad,["ab",5,both,"xy"]}, {pad,[<<"ab">>,5,both,$x]}, {slice,["abcdef",2]}, {slice,[<<"abcdef">>,2,2]}, {slice,[["ab",<<"cdef">>],1,3]}, {slice,["abc",5]}, {replace,["abcb","b","x"]}, {replace,["abcb","b","x",all]}, {replace,[<<"abcb">>,"b","x",all]}, {replace,["abcb","b",<<"x">>,trailing]}, {replace,["abc","z","x"]}, {reverse,["abc"]}, {reverse,[<<"abc">>]}, {reverse,["a\r\nb"]}, {to_graphemes,["a\r\nb"]}, {uppercase,["aßc"]}, {uppercase,[<<"abß"/utf8>>]}, {lowercase,["ABÄ"]}, {titlecase,["abc"]}, {titlecase,[<<"abc">>]}, {casefold,["ABß"]}, {take,["abc","ab"]}, {take,["abc","ab",true]}, {take,["abc","bc",false,trailing]}, {take,[<<"abc">>,"ab"]}, {chomp,["ab\n"]}, {chomp,[<<"ab\r\n">>]}, {is_empty,[""]}, {is_empty,[["",<<>>]]}, {equal,["ab",<<"ab">>]}, {equal,["aB","ab",true]}, {next_codepoint,["ab"]}, {next_codepoint,[<<"ab">>]}, {next_codepoint,[["ab","c"]]}, {next_grapheme,["\r\na"]}, {next_grapheme,[<<"ab">>]}, {to_integer,["123abc"]}, {to_integer,["abc"]}, {to_integer,[<<"123abc">>]}, {to_integer,["+-1"]}, {to_integer,[" 1"]}, {to_integer,[""]}, {to_integer,[1]}, {to_float,["1.5e3x"]}, {to_float,["1.x"]}, {to_float,["1"]}, {to_float,["1.0e"]}, {to_float,[<<"-1,5">>]}, {to_float,["1e5"]}, {tokens,["a b"," "]}, {words,["a b"]}, {words,["aXb",$X]}, {sub_word,["a b c",2]}, {strip,[" a "]}, {strip,["xax",left,$x]}, {left,["ab",5]}, {right,["ab",5,$x]}, {right,["abcdef",3]}, {centre,["ab",5]}, {centre,["abcdef",3]}, {sub_string,["abcd",2]}, {sub_string,["abcd",2,3]}, {substr,["abcd",2]}, {substr,["abcd",2,2]}, {span,["aab","a"]}, {cspan,["aab","b"]}, {chars,[$a,3]}, {chars,[$a,2,"x"]}, {copies,["ab",2]}, {concat,["a","b"]}, {chr,["abc",$b]}, {rchr,["abcb",$b]}, {str,["abcb","b"]}, {rstr,["abcb","b"]}, {str,["abc",""]}, {rstr,["abc",""]}, {join,[["a","b"],","]}, {join,[[],","]}, {join,[a,b]}, {to_upper,["aäÿ"]}, {to_upper,[$a]}, {to_lower,["AÄ"]}, {equal,[a,"b"]}, {split,["a","-",foo]}, {trim,[a]}, {length,[a]}, {uppercase,[a]}, {tokens,[a,b]}, {slice,["abc",-1]}, {slice,["abc",1,-1]}, {pad,["a",a]}, {find,[a,"b"]}, {lexemes,[a,"b"]}, {sub_string,["abc",5]}, {substr,["abc",9]}, {left,["a",-1]}, {replace,["abc","","x"]}, {length,[[-1]]}, {length,[<<255>>]}, {uppercase,[<<255>>]}, {reverse,[<<255>>]}, {to_integer,[<<255>>]}, {lowercase,[["AB",<<"CD">>]]}, {uppercase,[["ab",[$c,<<"d">>]]]}].

c(F, As) -> stdlib_diff:same(string, F, As).

once() ->
    S = rterm:word("aab b-\r\n"), T = rterm:word("ab "), L1 = [C || C <- rterm:text()], N = rterm:int(10), P = rterm:pick(["a", "b", "ab", "-", " ", "\r\n"]),
    B = unicode:characters_to_binary(S), Dir = rterm:pick([leading, trailing, both]), Num = rterm:word("123.e-+5 "), C = rterm:pick("ab "),
    [c(F, [X]) || F <- [length, trim, chomp, reverse, uppercase, lowercase, casefold, titlecase, to_graphemes, is_empty, next_codepoint, next_grapheme], X <- [S, B, L1, T]],
    [c(F, [X]) || F <- [to_integer, to_float], X <- [Num, unicode:characters_to_binary(Num), S]],
    [c(split, [X, P, W]) || X <- [S, B], W <- [leading, trailing, all]],
    [c(replace, [X, P, "xy", W]) || X <- [S, B], W <- [leading, trailing, all]],
    [c(find, [X, P, W]) || X <- [S, B], W <- [leading, trailing]],
    [c(F, [X, P]) || X <- [S, B], F <- [prefix, split, find, equal]],
    [c(F, [X, [C, $-]]) || X <- [S, B], F <- [lexemes, take]],
    [c(trim, [X, Dir, [C, $-]]) || X <- [S, B]],
    [c(take, [X, [C, $-], Not, W]) || X <- [S, B], Not <- [true, false], W <- [leading, trailing]],
    [c(slice, [X, N]) || X <- [S, B]],
    [c(slice, [X, N, rterm:int(6)]) || X <- [S, B]],
    [c(pad, [X, N, Dir, $x]) || X <- [S, B]],
    [c(nth_lexeme, [X, N + 1, " -"]) || X <- [S, B]],
    [c(F, [S, C]) || F <- [chr, rchr, words]],
    [c(F, [S, P]) || F <- [str, rstr, span, cspan, tokens]],
    [c(F, [T, N]) || F <- [left, right, centre, copies, substr, sub_string]],
    [c(F, [T, N, $x]) || F <- [left, right, centre]],
    [c(strip, [T, W, C]) || W <- [left, right, both]],
    [c(F, [L1]) || F <- [to_upper, to_lower]],
    c(sub_word, [T, N + 1]), c(substr, [T, N, 3]), c(sub_string, [T, N, N + 2]), c(join, [[T, S], P]), c(words, [T]).
