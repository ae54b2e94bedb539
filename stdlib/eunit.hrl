%% SPDX-License-Identifier: Apache-2.0
%% For -include_lib("eunit/include/eunit.hrl"): assertions and test objects. Tests are functions NAME_test/0
%% and generators NAME_test_/0; they are exported, and run by whoever calls them.
-ifndef(EUNIT_HRL).
-define(EUNIT_HRL, true).
-ifndef(EUNIT).
-define(EUNIT, true).
-endif.
-ifdef(NOTEST).
-undef(TEST).
-else.
-ifndef(TEST).
-define(TEST, true).
-endif.
-compile([export_all, nowarn_export_all]).
-endif.

-include_lib("stdlib/include/assert.hrl").

-define(_test(E), {?LINE, fun() -> (E) end}).
-define(_assert(E), ?_test(?assert(E))).
-define(_assertNot(E), ?_test(?assertNot(E))).
-define(_assertMatch(P, E), ?_test(?assertMatch(P, E))).
-define(_assertNotMatch(P, E), ?_test(?assertNotMatch(P, E))).
-define(_assertEqual(X, E), ?_test(?assertEqual(X, E))).
-define(_assertNotEqual(X, E), ?_test(?assertNotEqual(X, E))).
-define(_assertException(K, T, E), ?_test(?assertException(K, T, E))).
-define(_assertNotException(K, T, E), ?_test(?assertNotException(K, T, E))).
-define(_assertError(T, E), ?_test(?assertError(T, E))).
-define(_assertExit(T, E), ?_test(?assertExit(T, E))).
-define(_assertThrow(T, E), ?_test(?assertThrow(T, E))).

-define(LET(X, Value, E), ((fun(X) -> (E) end)(Value))).
-define(IF(B, T, F), case (B) of true -> (T); false -> (F) end).

-define(debugMsg(Text), io:format(user, "~ts:~w:~w: ~ts~n", [?FILE, ?LINE, self(), Text])).
-define(debugFmt(Format, Arguments), ?debugMsg(io_lib:format(Format, Arguments))).
-define(debugHere, ?debugMsg("<-")).
-define(debugVal(E), ((fun(ActValue__) -> ?debugFmt("~ts = ~tP", [(??E), ActValue__, 15]), ActValue__ end)(E))).

-endif.
