%% SPDX-License-Identifier: Apache-2.0
-record(shape, {kind = square, size = 1}).
-define(SIZE, 7).
from_header(X) -> {from_header, X, ?LINE}.
