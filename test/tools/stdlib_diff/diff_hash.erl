%% SPDX-License-Identifier: Apache-2.0
-module(diff_hash).
-export([main/0]).

main() ->
    rand:seed(exsss, {1, 2, 3}),
    [try_term(T) || T <- [a, b, abc, 'Hello World', 0, 1, -1, 255, 256, 1 bsl 31, 1 bsl 32, 1 bsl 40, (1 bsl 59) - 1, 1 bsl 59, -(1 bsl 59), 1 bsl 64, -(1 bsl 64), 1 bsl 100, [], [1], "abc", [a], [[]], [256], [1 | 2], {}, {1}, {a, b}, <<>>, <<"abc">>, <<"0123456789abcdefghi">>, 1.0, 0.0, -2.5, 'å', 'Ā', {a, "x", [1, 2, {3}]}, [1, a, 2]]],
    [try_term(no_maps(rterm:term(20))) || _ <- lists:seq(1, 1000)].

no_maps(M) when is_map(M) -> no_maps(maps:to_list(M));
no_maps(T) when is_tuple(T) -> list_to_tuple(no_maps(tuple_to_list(T)));
no_maps([H | T]) -> [no_maps(H) | no_maps(T)];
no_maps(T) -> T.

try_term(T0) ->
    T = no_maps(T0),
    A = erlang:phash(T, 1 bsl 32),
    put(runs, case get(runs) of undefined -> 1; N -> N + 1 end),
    case act_hash:phash(T, 1 bsl 32) of
        A -> ok;
        B ->
            put(bad, case get(bad) of undefined -> 1; N1 -> N1 + 1 end),
            case get(bad) < 30 of
                true -> io:format("~P: ~p ~p~n", [T, 20, A, B]);
                false -> ok
            end
    end.
