%% SPDX-License-Identifier: Apache-2.0
-define(FROM_INC(X), {inc, X * 2}).
