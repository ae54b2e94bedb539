%% SPDX-License-Identifier: Apache-2.0
-module(emu_io_lib).
-export([last_bits/1]).

last_bits(B) ->
    N = bit_size(B) rem 8,
    Skip = bit_size(B) - N,
    <<_:Skip, X:N>> = B,
    X.
