%% SPDX-License-Identifier: Apache-2.0
%% The order of to_list and fold_keys after random changes.
-module(diff_dict).
-export([main/0]).

main() ->
    rand:seed(exsss, {3, 1, 4}),
    [sets_once(rterm:pick([10, 100, 700, 3000])) || _ <- lists:seq(1, 30)],
    [dict_once(rterm:pick([10, 100, 700, 3000])) || _ <- lists:seq(1, 30)].

key() -> rterm:pick([rterm:int(2000), {rterm:int(100), a}, rterm:word("abc")]).

sets_once(N) ->
    Adds = [key() || _ <- lists:seq(1, N)],
    Dels = [K || K <- Adds, rterm:int(4) > 0],
    F = fun(M) ->
            S1 = M:from_list(Adds),
            S2 = lists:foldl(fun M:del_element/2, S1, Dels),
            S3 = M:filter(fun(X) -> erlang:phash2(X, 3) > 0 end, S1),
            [M:to_list(S1), M:to_list(S2), M:to_list(S3), M:to_list(M:union(S1, S2)), M:to_list(M:intersection(S1, S3)), M:to_list(M:subtract(S1, S2)),
             M:to_list(M:add_element(new, S3)), M:is_subset(S2, S1), M:is_disjoint(S2, S1), M:size(S2)]
        end,
    check(F(sets), F(alt_sets)).

dict_once(N) ->
    Adds = [{key(), rterm:int(10)} || _ <- lists:seq(1, N)],
    Dels = [K || {K, _} <- Adds, rterm:int(4) > 0],
    F = fun(M) ->
            S1 = M:from_list(Adds),
            S2 = lists:foldl(fun M:erase/2, S1, Dels),
            S3 = M:filter(fun(X, _) -> erlang:phash2(X, 3) > 0 end, S1),
            S4 = lists:foldl(fun({K, V}, D) -> M:update_counter(K, V, D) end, S2, Adds),
            S5 = lists:foldl(fun({K, V}, D) -> M:append(K, V, D) end, M:new(), Adds),
            [M:to_list(S1), M:to_list(S2), M:to_list(S3), M:to_list(S4), M:to_list(S5), M:to_list(M:merge(fun(_, A, B) -> A + B end, S1, S4)), M:fetch_keys(S3),
             M:to_list(M:map(fun(_, V) -> {V} end, S3)), M:size(S2)]
        end,
    check(F(dict), F(alt_dict)).

check(As, Bs) -> [check_one(I, A, B) || {I, A, B} <- lists:zip3(lists:seq(1, length(As)), As, Bs)].

check_one(_, A, A) -> put(runs, case get(runs) of undefined -> 1; N -> N + 1 end);
check_one(I, A, B) ->
    put(bad, case get(bad) of undefined -> 1; N -> N + 1 end),
    io:format("DIFF ~p~n ~0P~n ~0P~n", [I, A, 15, B, 15]).
