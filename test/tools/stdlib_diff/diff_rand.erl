%% SPDX-License-Identifier: Apache-2.0
-module(diff_rand).
-export([main/0]).

main() ->
    Algs = [exsss, exsp, exsplus, exrop, exro928ss, exs64, exs1024, exs1024s],
    [alg(A, S) || A <- Algs, S <- [1, 42, -7, 123456789012345678901234567890, {1, 2, 3}, {-5, 0, 1 bsl 70}, {1795367877867155, 42, 99}]],
    [stdlib_diff:same(rand, F, [X]) || F <- [mwc59, mwc59_value, mwc59_value32, mwc59_float], X <- [1, 5, 1 bsl 57, 123456789012345]],
    [stdlib_diff:same(rand, F, [X]) || F <- [mwc59_seed, splitmix64_next], X <- [0, 1, 2, 1 bsl 57, 123456789012345]],
    stdlib_diff:same(rand, seed58, [5, 17]),
    [stdlib_diff:same(rand, seed_s, [A, L]) || A <- [exsss, exs64], L <- [[], [0, 0], [a]]].

alg(A, S) ->
    {A, S1} = rand:export_seed_s(rand:seed_s(A, S)),
    {A, S2} = alt_rand:export_seed_s(alt_rand:seed_s(A, S)),
    check({seed, A, S}, S1, S2),
    Fs = [fun(M, X) -> M:uniform_s(X) end,
          fun(M, X) -> M:uniform_s(10, X) end,
          fun(M, X) -> M:uniform_s(1 bsl 32, X) end,
          fun(M, X) -> M:uniform_s((1 bsl 57) + 12345, X) end,
          fun(M, X) -> M:uniform_s((1 bsl 64) - 12345, X) end,
          fun(M, X) -> M:uniform_s(1 bsl 64, X) end,
          fun(M, X) -> M:uniform_s(1 bsl 200, X) end,
          fun(M, X) -> M:uniform_s((1 bsl 200) + 17, X) end,
          fun(M, X) -> M:uniform_real_s(X) end,
          fun(M, X) -> M:normal_s(X) end,
          fun(M, X) -> M:normal_s(3, 4.0, X) end,
          fun(M, X) -> M:bytes_s(17, X) end,
          fun(M, X) -> {M:export_seed_s(M:jump(X)), X} end],
    [check({A, S, I}, run(rand, F, rand:seed_s(A, S), 40), run(alt_rand, F, alt_rand:seed_s(A, S), 40)) || {I, F} <- lists:zip(lists:seq(1, length(Fs)), Fs)].

run(_, _, _, 0) -> [];
run(M, F, X, N) ->
    try F(M, X) of
        {V, X1} -> [V | run(M, F, X1, N - 1)]
    catch
        error:R -> [R]
    end.

check(_, Same, Same) -> put(runs, case get(runs) of undefined -> 1; N -> N + 1 end);
check(What, A, B) ->
    put(bad, case get(bad) of undefined -> 1; N -> N + 1 end),
    io:format("DIFF rand ~0P~n   otp ~0P~n   act ~0P~n", [What, 8, A, 8, B, 8]).
