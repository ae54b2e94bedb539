%% SPDX-License-Identifier: Apache-2.0
%% act_maps on the BEAM: pieces of three pairs, so that going on from a position is tried.
-module(emu_maps).
-export([next/2]).

next(P, M) ->
    L = maps:to_list(M),
    piece(lists:nthtail(P, L), P, M, 3).

piece([], _, _, _) -> none;
piece(_, P, M, 0) -> [P | M];
piece([{K, V} | T], P, M, N) -> {K, V, piece(T, P + 1, M, N - 1)}.
