%% SPDX-License-Identifier: Apache-2.0
%% A header of an application that lies beside the program.
-define(NEAR, {near, ?LINE}).
-record(near, {name = none, steps = [1, 2]}).
