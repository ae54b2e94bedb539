%% SPDX-License-Identifier: Apache-2.0
-module(diff_io_lib).
-export([main/0]).

main() ->
    rand:seed(exsss, {4, 5, 6}),
    fixed(),
    [pretty(N) || N <- lists:seq(1, 4000)],
    [floats() || _ <- lists:seq(1, 2000)],
    [misc() || _ <- lists:seq(1, 500)],
    ok.

flat(F, As) -> stdlib_diff:same(io_lib, format, [F, As], fun lists:flatten/1).

pretty(I) ->
    T = rterm:term(rterm:pick([3, 10, 30, 60])),
    LL = rterm:pick([10, 20, 30, 40, 60, 80, 80, 80, 120]),
    D = rterm:pick([1, 2, 3, 4, 5, 7, 10, 20]),
    flat("~p", [T]),
    flat("~w", [T]),
    flat("~*p", [LL, T]),
    flat("~*.*p", [LL, rterm:int(20), T]),
    flat("abc~*p", [LL, T]),
    flat("~P", [T, D]),
    flat("~W", [T, D]),
    flat("~*P", [LL, T, D]),
    flat("~tp", [T]),
    flat("~tw", [T]),
    flat("~lp", [T]),
    flat("x~s~n ~tp", ["ab\tc", {T, I}]),
    stdlib_diff:same(io_lib, write, [T], fun lists:flatten/1),
    stdlib_diff:same(io_lib, print, [T], fun lists:flatten/1),
    stdlib_diff:same(io_lib, print, [T, 3, LL, D], fun lists:flatten/1).

floats() ->
    X = rterm:pick([1.0, -1.0, 10.0, 0.001, 1.0e10, 1.0e-10, 1.0e100, 123.456]) * rand:uniform() * rterm:pick([1, 10, 100, 1000, 10000]),
    P = rterm:int(12),
    [flat(F, [X]) || F <- ["~e", "~f", "~g", "~10.2f|", "~-12.4e|", "~w", "~p", "~20.10g", "~.3f", "~.30f", "~.1g", "~.2g"]],
    [flat(F, [P, X]) || F <- ["~.*e", "~.*f", "~.*g"]],
    [flat(F, [Y]) || F <- ["~e", "~f", "~g", "~.1f", "~.2f", "~.2e", "~.3g"], Y <- [0.0, -0.0, 9.995, 0.5, 1.5, 2.5, 99999.5, 0.9999999, 9999.99999, 0.05]].

misc() ->
    S = rterm:text(), N = rterm:int(300) - 150, W = rterm:int(12), P = rterm:int(8), A = rterm:pick([abc, 'A b', 'Ā', "abc", <<"abc">>]),
    [stdlib_diff:same(io_lib, F, [S]) || F <- [write_string, printable_list, printable_unicode_list, printable_latin1_list, char_list, latin1_char_list,
                                              deep_char_list, write_string_as_latin1, write_latin1_string]],
    [stdlib_diff:same(io_lib, F, [[S, [S | S]]]) || F <- [deep_char_list, deep_latin1_char_list, deep_unicode_char_list]],
    [stdlib_diff:same(io_lib, F, [C]) || F <- [write_char, write_latin1_char, write_char_as_latin1, write_unicode_char], C <- [rterm:int(256), rterm:int(2000)]],
    stdlib_diff:same(io_lib, write_string, [[rterm:int(5000)]]),
    stdlib_diff:same(io_lib, write_atom, [list_to_atom(lists:sublist(S, 5))]),
    stdlib_diff:same(io_lib, indentation, [S, W]),
    [flat(F, [W, S]) || F <- ["~*s", "~-*s", "~*ts", "~*w", "~*p"]],
    [flat(F, [W, P, S]) || F <- ["~*.*s|", "~-*.*s|", "~*.*.xts|", "~*.*w|"]],
    [flat(F, [W, P, A]) || F <- ["~*.*s|", "~-*.*s|", "~*.*.xts|", "~*.*w|", "~-*.*tw|", "~*.*p|"]],
    [flat(F, [W, P, N]) || F <- ["~*.*b|", "~-*.*B|", "~*.*.0b|", "~*.*#|", "~*.*+|", "~*.*w|", "~*.*c|", "~-*.*c", "~*.*tc", "~*.*p"]],
    [flat(F, [W, P, N, "0x"]) || F <- ["~*.*x|", "~-*.*X|"]],
    [flat(F, [N]) || F <- ["~b", "~B", "~.16b", "~.2B", "~.36#", "~c", "~tc", "~i", "~s"]],
    stdlib_diff:same(io_lib, limit_term, [rterm:term(30), rterm:int(8)]),
    ok.

fixed() ->
    [stdlib_diff:same(io_lib, format, [F, A]) || {F, A} <-
      [{"~10w|", []}, {"~s", [[1000]]}, {"~ts", [[1000]]}, {"~s", [<<200, 201>>]}, {"~ts", [<<200, 201>>]}, {"~ts", [["a", <<200, 201>>]]}, {"~s", [5]},
       {"~s", [["a" | b]]}, {"~s", [[a]]}, {"~c", [a]}, {"~tc", [-1]}, {"~c", [1000]}, {"~.37b", [3]}, {"~.1b", [3]}, {"~x", [1]}, {"~x", [1, 2]},
       {"~.1e", [1.5]}, {"~e", [1]}, {"~.0f", [1.5]}, {"~f", [1.0e50]}, {"~.20f", [0.1]}, {"~q", []}, {"~", []}, {"~w", []}, {"~w", [a, b]},
       {"a~10.5", []}, {"~ta", [a]}, {"~-10p|", [abc]}, {"~10p", [abc]}, {<<"~p">>, [a]}, {'~p', [a]}, {"~p", a}, {[$~, "p"], [a]}, {"~Kp", [a]},
       {"~.-3w", [a]}, {"~-5n", []}, {"~3n", []}, {"~3~", []}, {"~5i", [a]}, {"~W", [[1, 2, 3, 4], 3]}, {"~P", [a, b]}, {"~W", [a, 0]},
       {"~p", ["abc"]}, {"~p", [<<"abc">>]}, {"~w", [[1, a, "b"]]}, {"~p", [{a, b}]}, {"~p", [[a, b]]}, {"~s ~p", [abc, 1]}, {"~b", [12]},
       {"~0p", [lists:seq(1, 50)]}, {"~0p", [#{a => lists:seq(1, 50)}]}, {"~p", [<<1:3>>]}, {"~p", [<<1, 2, 3:3>>]}, {"~P", [<<1, 2, 3:3>>, 3]}, {"~P", [<<"abc", 3:3>>, 3]},
       {"~p", [fun lists:map/2]}, {"~w", [fun lists:map/2]}, {"~p", [self()]}, {"~tp", [<<"åäö"/utf8>>]}, {"~p", [<<"åäö"/utf8>>]}, {"~tp", ["\x{400}"]},
       {"~tp", [<<"\x{400}\x{401}abc"/utf8>>]}, {"~tP", [<<"\x{400}\x{401}abcdef\x{400}abcdefgh"/utf8>>, 3]}, {"~tp", ["åäö"]}, {"~p", ["åäö"]}, {"~p", ['Ā']}, {"~tp", ['Ā']}, {"~w", ['Ā']}, {"~tw", ['Ā']},
       {"~p", [{['Ā']}]}, {"~p", [maybe]}, {"~p", ['maybe']}, {"~p", [[]]}, {"~p", [{}]}, {"~p", [#{}]}, {"~p", [<<>>]}, {"~p", [""]}, {"~ts", [<<"åäö"/utf8>>]}]].
