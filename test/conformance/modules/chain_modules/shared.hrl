%% SPDX-License-Identifier: Apache-2.0
-record(ball, {owner = nobody, bounces = 0}).
-define(LIMIT, 6).
