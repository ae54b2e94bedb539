%% SPDX-License-Identifier: Apache-2.0
-module(diff_lists).
-export([main/0]).
-import(rterm, [int/1, elem/0, list/0, list/1, tuples/0, pairs/0, cmp/0, pick/1, many/2]).

main() ->
    rand:seed(exsss, {1, 2, 3}),
    bad(),
    [once() || _ <- lists:seq(1, 600)],
    ok.

c(F, Args) -> stdlib_diff:same(lists, F, Args).

%% Helper functions' names in a stack are not compared where they differ between sort strategies.
bad() ->
    %% Merging what is not sorted, or no list, promises nothing: not compared.
    Skip = [{keysort, 2}, {ukeysort, 2}, {merge, 1}, {merge, 2}, {merge, 3}, {merge3, 3}, {umerge, 1}, {umerge, 2}, {umerge, 3}, {umerge3, 3}, {rmerge, 2}, {rmerge, 3},
            {rmerge3, 3}, {rumerge, 2}, {rumerge, 3}, {rumerge3, 3}, {keymerge, 3}, {rkeymerge, 3}, {ukeymerge, 3}, {rukeymerge, 3},
            {duplicate, 2}, {sort, 1}, {usort, 1}, {usort, 2}, {sort, 2}, {filter, 2}],
    [c(F, As) || {F, A} <- lists:module_info(exports), F =/= module_info, A < 4, not lists:member({F, A}, Skip),
                 As <- rterm:combos(A, rterm:bad())],
    [weak(F, As) || {F, A} <- [{sort, 1}, {usort, 1}, {usort, 2}, {sort, 2}, {filter, 2}], As <- rterm:combos(A, rterm:bad())].

weak(F, As) ->
    case {stdlib_diff:run(lists, F, As), stdlib_diff:run(alt_lists, F, As)} of
        {{ok, X}, {ok, X}} -> ok;
        {{C, _, _}, {C, _, _}} -> ok;
        _ -> c(F, As)
    end.

once() ->
    L = list(), L2 = list(), L3 = list(), T = tuples(), P = pairs(), F = cmp(), K = rterm:key_fun(), N = int(6), E = elem(),
    P1 = fun(X) -> erlang:phash2(X, 4) > 0 end,
    FM = fun(X) -> pick_by(X, [true, false, {true, X, y}, {true, z}]) end,
    FM1 = fun(X) -> pick_by(X, [true, false, {true, z}]) end,
    Ints = list(fun() -> int(100) end),
    Deep = list(fun() -> pick([elem(), [elem(), [elem()]], [], list()]) end),
    S = lists:sort(L), S2 = lists:sort(L2), S3 = lists:sort(L3), U = lists:usort(L), U2 = lists:usort(L2), U3 = lists:usort(L3),
    R = lists:reverse(S), R2 = lists:reverse(S2), R3 = lists:reverse(S3), RU = lists:reverse(U), RU2 = lists:reverse(U2), RU3 = lists:reverse(U3),
    FS = lists:sort(F, L), FS2 = lists:sort(F, L2), FU = lists:usort(F, L), FU2 = lists:usort(F, L2),
    KS = lists:keysort(1, T), KS2 = lists:keysort(1, tuples()), KU = lists:ukeysort(1, T), KU2 = lists:ukeysort(1, tuples()),
    [c(Fn, A) || {Fn, A} <-
        [{sort, [L]}, {usort, [L]}, {sort, [F, L]}, {usort, [F, L]}, {keysort, [1, T]}, {keysort, [2, T]}, {ukeysort, [1, T]}, {ukeysort, [2, T]},
         {keysort, [4, T]}, {sort, [lists:seq(1, 50) ++ L]}, {sort, [lists:seq(50, 1, -1) ++ L]},
         {merge, [[S, S2, S3]]}, {merge, [S, S2]}, {merge, [F, FS, FS2]}, {merge3, [S, S2, S3]}, {rmerge, [R, R2]}, {rmerge3, [R, R2, R3]},
         {rmerge, [F, lists:reverse(FS), lists:reverse(FS2)]}, {umerge, [[U, U2, U3]]}, {umerge, [U, U2]}, {umerge, [F, FU, FU2]},
         {umerge3, [U, U2, U3]}, {rumerge, [RU, RU2]}, {rumerge, [F, lists:reverse(FU), lists:reverse(FU2)]}, {rumerge3, [RU, RU2, RU3]},
         {keymerge, [1, KS, KS2]}, {rkeymerge, [1, lists:reverse(KS), lists:reverse(KS2)]}, {ukeymerge, [1, KU, KU2]},
         {rukeymerge, [1, lists:reverse(KU), lists:reverse(KU2)]},
         {nth, [N, L]}, {nthtail, [N, L]}, {prefix, [lists:sublist(L, N), L]}, {suffix, [L2, L]}, {suffix, [lists:nthtail(length(L) div 2, L), L]},
         {sublist, [L, N, N]}, {sublist, [L, N]}, {delete, [E, L]}, {split, [N, L]}, {zip, [L, L2]}, {zip, [L, L]}, {unzip, [P]}, {unzip3, [T]},
         {zip3, [L, L, L]}, {zipwith, [fun(A, B) -> {A, B} end, L, L]}, {zipwith3, [fun(A, B, C) -> {A, B, C} end, L, L, L]},
         {concat, [[a, 1, "b", 1.5, N]]}, {flatten, [Deep]}, {flatten, [Deep, L]}, {flatlength, [Deep]}, {enumerate, [L]}, {enumerate, [N, L]},
         {join, [x, L]}, {uniq, [L]}, {uniq, [K, L]}, {keydelete, [E, 1, T]}, {keyreplace, [E, 1, T, {new}]}, {keytake, [E, 1, T]},
         {keystore, [E, 1, T, {new}]}, {keymap, [K, 2, T]}, {keymap, [K, 4, T]}, {all, [P1, L]}, {any, [P1, L]}, {map, [K, L]},
         {flatmap, [fun(X) -> [X, X] end, L]}, {foldl, [fun(X, A) -> [X | A] end, [], L]}, {foldr, [fun(X, A) -> [X | A] end, [], L]},
         {filter, [P1, L]}, {filter, [K, L]}, {partition, [P1, L]}, {filtermap, [FM, L]}, {filtermap, [FM1, L]}, {zf, [FM1, L]},
         {mapfoldl, [fun(X, A) -> {{X, A}, X} end, s, L]}, {mapfoldr, [fun(X, A) -> {{X, A}, X} end, s, L]},
         {takewhile, [P1, L]}, {dropwhile, [P1, L]}, {search, [P1, L]}, {splitwith, [P1, L]}, {min, [L]}, {max, [L]}, {sum, [Ints]},
         {last, [L]}, {droplast, [L]}, {seq, [N, int(20)]}, {seq, [int(20) - 10, int(20) - 10, int(7) - 3]}, {duplicate, [N, x]},
         {append, [[L, L2]]}, {subtract, [L, L2]}, {reverse, [L]}, {member, [E, L]}]].

pick_by(X, L) -> lists:nth(erlang:phash2(X, length(L)) + 1, L).
