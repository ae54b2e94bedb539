%% SPDX-License-Identifier: Apache-2.0
%% queue, gb_trees, gb_sets, ordsets, orddict, array: the same operations on both, then the structures themselves compared.
-module(diff_structs).
-export([main/0]).

main() ->
    rand:seed(exsss, {9, 9, 9}),
    [same(M, ops(M, 60)) || M <- [queue, gb_trees, gb_sets, ordsets, orddict, array], _ <- lists:seq(1, 300)].

same(M, Ops) ->
    A = run(M, Ops, new(M, M), []),
    B = run(M, Ops, new(M, list_to_atom("alt_" ++ atom_to_list(M))), []),
    put(runs, case get(runs) of undefined -> 1; N -> N + 1 end),
    case A =:= B of
        true -> ok;
        false ->
            put(bad, case get(bad) of undefined -> 1; N2 -> N2 + 1 end),
            case get(bad) < 12 of
                true ->
                    {Op, X, Y} = first(Ops, A, B),
                    io:format("DIFF ~p ~0P~n  ~0P~n  ~0P~n", [M, Op, 20, X, 40, Y, 40]);
                false -> ok
            end
    end.

first([_ | Os], [A | As], [A | Bs]) -> first(Os, As, Bs);
first([O | _], [A | _], [B | _]) -> {O, A, B}.

new(array, M) -> {M, M:new()};
new(queue, M) -> {M, M:new()};
new(gb_trees, M) -> {M, M:empty()};
new(_, M) -> {M, M:new()}.

%% Each result is kept; a result that is a structure goes on.
run(_, [], _, Acc) -> lists:reverse(Acc);
run(K, [{F, Args, Next} | T], {M, S}, Acc) ->
    As = [case A of self -> S; {other, L} -> other(K, M, L); _ -> A end || A <- Args],
    R = try apply(M, F, As) catch C:E -> {C, E} end,
    S1 = case {Next, R} of
             {_, {error, _}} -> S;
             {go, R} -> R;
             {2, {_, X}} -> X;
             {3, {_, _, X}} -> X;
             _ -> S
         end,
    run(K, T, {M, S1}, [R | Acc]).

other(queue, M, L) -> M:from_list(L);
other(gb_trees, M, L) -> M:from_orddict(orddict:from_list([{X, x} || X <- L]));
other(orddict, M, L) -> M:from_list([{X, x} || X <- L]);
other(_, M, L) -> M:from_list(L).

ops(M, N) -> [op(M) || _ <- lists:seq(1, rterm:int(N) + 1)] ++ [{to_list, [self], no}].

k() -> rterm:int(40).

op(queue) ->
    rterm:pick([{in, [k(), self], go}, {in, [k(), self], go}, {in_r, [k(), self], go}, {out, [self], 2}, {out_r, [self], 2}, {drop, [self], go}, {drop_r, [self], go}, {get, [self], no},
                {get_r, [self], no}, {peek, [self], no}, {peek_r, [self], no}, {len, [self], no}, {reverse, [self], go}, {join, [self, {other, [1, 2, 3]}], go}, {member, [k(), self], no},
                {split, [rterm:int(5), self], no}, {filter, [fun(X) -> X rem 3 > 0 end, self], go}, {is_empty, [self], no}, {fold, [fun(X, A) -> [X | A] end, [], self], no},
                {any, [fun(X) -> X > 30 end, self], no}, {filtermap, [fun(X) -> X rem 3 > 0 andalso {true, X} end, self], no}, {from_list, [rterm:of_ints()], go}, {delete, [k(), self], no}]);
op(gb_trees) ->
    rterm:pick([{insert, [k(), v, self], go}, {insert, [k(), v, self], go}, {insert, [rterm:int(1000), v, self], go}, {enter, [k(), w, self], go}, {delete, [k(), self], go}, {delete_any, [k(), self], go},
                {lookup, [k(), self], no}, {get, [k(), self], no}, {take_smallest, [self], 3}, {take_largest, [self], 3}, {smallest, [self], no}, {largest, [self], no}, {keys, [self], no}, {values, [self], no},
                {balance, [self], go}, {update, [k(), u, self], go}, {size, [self], no}, {map, [fun(K, V) -> {K, V} end, self], no}, {take_any, [k(), self], no}, {iterator_from, [k(), self], no}, {iterator, [self], no}]);
op(gb_sets) ->
    rterm:pick([{add, [k(), self], go}, {add, [rterm:int(1000), self], go}, {insert, [k(), self], go}, {delete_any, [k(), self], go}, {is_member, [k(), self], no}, {take_smallest, [self], 2},
                {balance, [self], go}, {fold, [fun(X, A) -> [X | A] end, [], self], no}, {size, [self], no}, {is_subset, [{other, [1, 2]}, self], no}, {filter, [fun(X) -> X rem 3 > 0 end, self], go}]);
op(ordsets) ->
    rterm:pick([{add_element, [k(), self], go}, {del_element, [k(), self], go}, {is_element, [k(), self], no}, {union, [self, {other, [1, 5, k()]}], go}, {intersection, [self, {other, [1, 5, k()]}], no},
                {subtract, [self, {other, [1, 5, k()]}], go}, {is_subset, [{other, [5]}, self], no}, {is_disjoint, [self, {other, [1, 5]}], no}, {is_set, [self], no}]);
op(orddict) ->
    rterm:pick([{store, [k(), v, self], go}, {erase, [k(), self], go}, {find, [k(), self], no}, {update, [k(), fun(X) -> {X} end, i, self], go}, {take, [k(), self], no}, {fetch_keys, [self], no},
                {merge, [fun(_, A, B) -> {A, B} end, self, {other, [1, 5, k()]}], go}, {filter, [fun(X, _) -> X rem 3 > 0 end, self], go}, {map, [fun(X, V) -> {X, V} end, self], no}, {is_key, [k(), self], no}]);
op(array) ->
    rterm:pick([{set, [k(), k(), self], go}, {set, [rterm:int(1500), k(), self], go}, {get, [k(), self], no}, {get, [rterm:int(2000), self], no}, {reset, [k(), self], go}, {size, [self], no}, {resize, [rterm:int(300), self], go},
                {fix, [self], go}, {relax, [self], go}, {sparse_size, [self], no}, {sparse_to_list, [self], no}, {from_list, [rterm:of_ints()], go}, {sparse_to_orddict, [self], no}, {foldl, [fun(I, V, A) -> [{I, V} | A] end, [], self], no},
                {set, [-1, x, self], go}, {new, [rterm:pick([[], 5, fixed, [{size, 30}, {default, d}], {default, 0}, [{size, 12}, {fixed, false}]])], go}, {sparse_map, [fun(_, V) -> {V} end, self], no}]).
