%% SPDX-License-Identifier: Apache-2.0
%% For -include_lib("syntax_tools/include/merl.hrl"): ?Q(Text) and ?Q(Text, Env), see merl. Unless MERL_NO_TRANSFORM is defined,
%% merl_transform lets metavariables be variables of the program, and ?Q(Text) be a pattern.
-ifndef(MERL_HRL).
-define(MERL_HRL, 1).

-define(Q(Text), merl:quote(?LINE, Text)).
-define(Q(Text, Env), merl:qquote(?LINE, Text, Env)).

-ifndef(MERL_NO_TRANSFORM).
-compile({parse_transform, merl_transform}).
-endif.

-endif.
