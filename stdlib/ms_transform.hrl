%% SPDX-License-Identifier: Apache-2.0
%% ms_transform.hrl: lets ets:fun2ms/1 and dbg:fun2ms/1 be turned into match specifications.
-compile({parse_transform, ms_transform}).
