%% SPDX-License-Identifier: Apache-2.0
%% Random arguments, and all combinations of awkward ones.
-module(rterm).
-export([int/1, elem/0, list/0, list/1, many/2, tuples/0, pairs/0, map/0, term/1, pick/1, combos/2, bad/0, key_fun/0, cmp/0, text/0, word/1, of_ints/0]).

int(N) -> rand:uniform(N) - 1.
pick(L) -> lists:nth(rand:uniform(length(L)), L).
elem() ->
    case int(6) of
        0 -> float(int(6));
        1 -> pick([a, b, c]);
        2 -> {int(3), int(3)};
        _ -> int(12)
    end.
list() -> list(fun elem/0).
list(F) -> many(int(pick([3, 8, 40])), F).
many(N, F) -> [F() || _ <- lists:seq(1, N)].
tuples() -> list(fun() -> {elem(), int(5), make_ref_free(int(1000))} end).
make_ref_free(N) -> {tag, N}.
pairs() -> list(fun() -> {elem(), elem()} end).
map() -> maps:from_list(many(int(pick([3, 8, 60])), fun() -> {elem(), elem()} end)).
key_fun() -> fun(X) -> erlang:phash2(X, 3) end.
cmp() -> pick([fun(A, B) -> A =< B end, fun(A, B) -> A >= B end, fun(A, B) -> erlang:phash2(A) =< erlang:phash2(B) end]).
bad() -> [a, [a | b], 0, -1, 2, [], fun ?MODULE:pick/1, fun(_) -> true end, fun(_, _) -> true end, fun(_, _, _) -> x end,
          [{a, 1}], [3, 1, 2], {}, #{a => 1}, "abc", <<"abc">>].
combos(0, _) -> [[]];
combos(N, V) -> [[X | R] || X <- V, R <- combos(N - 1, V)].
text() -> list(fun() -> int(256) end).
word(Cs) -> list(fun() -> pick(Cs) end).

%% Any term, size about N.
term(N) when N =< 0 ->
    case int(12) of
        0 -> pick([a, b, 'Hej', 'x y', '', 'a@b_1', 'ö', '\n', 'case', 'Ö', 'a.b']);
        1 -> int(1000) - 500;
        2 -> (int(1000) - 500) / 7;
        3 -> [];
        4 -> word("abc def");
        5 -> list_to_binary(text());
        6 -> list_to_binary(word("abc "));
        7 -> int(1 bsl 80);
        8 -> pick([1.0e100, 0.0, 1.0e-9, 123456789.0]);
        9 -> {};
        10 -> text();
        11 -> #{}
    end;
term(N) ->
    K = int(6) + 1,
    case int(6) of
        0 -> list_to_tuple(many(K, fun() -> term(N div K - 1) end));
        1 -> many(K, fun() -> term(N div K - 1) end);
        2 -> maps:from_list(many(K, fun() -> {term(N div K div 2 - 1), term(N div K - 1)} end));
        3 -> many(K - 1, fun() -> term(N div K - 1) end) ++ term(0);
        4 -> {pick([foo, bar, a_rather_long_atom]), term(N - 2)};
        5 -> term(0)
    end.
of_ints() -> [int(50) || _ <- lists:seq(1, int(150))].
