%% SPDX-License-Identifier: Apache-2.0
%% qlc.hrl: lets qlc:q/1,2 be turned into query handles.
-compile({parse_transform, qlc}).
