%% SPDX-License-Identifier: Apache-2.0
-module(diff_maps).
-export([main/0]).
-import(rterm, [int/1, elem/0, list/0, map/0]).

main() ->
    rand:seed(exsss, {1, 2, 3}),
    [c(F, As) || {F, A} <- maps:module_info(exports), F =/= module_info, A < 4, F =/= iterator, F =/= is_key, {F, A} =/= {get, 2},
                 As <- rterm:combos(A, rterm:bad())],
    [once() || _ <- lists:seq(1, 400)],
    ok.

c(F, Args) -> stdlib_diff:same(maps, F, Args).

once() ->
    M = map(), M2 = map(), L = list(), E = elem(),
    Add = fun(K, A, B) -> {K, A, B} end,
    [c(F, A) || {F, A} <-
        [{filter, [fun(K, _) -> is_integer(K) end, M]}, {filter, [fun(_, _) -> x end, M]}, {map, [fun(K, V) -> {K, V} end, M]},
         {filtermap, [fun(K, V) -> case erlang:phash2(K, 3) of 0 -> true; 1 -> false; 2 -> {true, {V}} end end, M]},
         {filtermap, [fun(_, V) -> V end, M]},
         {fold, [fun(K, V, A) -> [{K, V} | A] end, [], M]}, {groups_from_list, [fun(X) -> erlang:phash2(X, 3) end, L]},
         {groups_from_list, [fun(X) -> erlang:phash2(X, 3) end, fun(X) -> {X} end, L]}, {intersect, [M, M2]}, {intersect_with, [Add, M, M2]},
         {merge_with, [Add, M, M2]}, {update_with, [E, fun(V) -> {V} end, M]}, {update_with, [E, fun(V) -> {V} end, i, M]},
         {with, [L, M]}, {without, [L, M]}, {get, [E, M, d]}, {size, [M]}, {foreach, [fun(_, _) -> x end, M]}]],
    Walk = walk(alt_maps:next(alt_maps:iterator(M))),
    case Walk =:= maps:to_list(M) of true -> ok; false -> put(bad, 1), io:format("iterator ~p ~p~n", [M, Walk]) end,
    c(fold, [fun(K, V, A) -> [{K, V} | A] end, [], M]).

walk({K, V, I}) -> [{K, V} | walk(alt_maps:next(I))];
walk(none) -> [].
