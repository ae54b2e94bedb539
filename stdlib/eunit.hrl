%% SPDX-License-Identifier: Apache-2.0
%% For -include_lib("eunit/include/eunit.hrl"): assertions, test objects and help for debugging.
%% Tests are on unless NOTEST is defined (TEST wins over it): TEST, EUNIT and ASSERT are then defined, NAME_test/0 and
%% NAME_test_/0 are exported and test/0 is made. EUNIT_NOAUTO leaves the module as it is; NODEBUG (DEBUG wins over
%% it) makes the debug macros do nothing. Work is done inside funs, so that no variable of theirs is seen outside.
-ifndef(EUNIT_HRL).
-define(EUNIT_HRL, true).

-ifdef(TEST).
-undef(NOTEST).
-endif.
-ifdef(DEBUG).
-undef(NODEBUG).
-endif.
-ifdef(NOTEST).
-undef(EUNIT).
-else.
-ifndef(TEST).
-define(TEST, true).
-endif.
-ifndef(EUNIT).
-define(EUNIT, true).
-endif.
-ifndef(ASSERT).
-define(ASSERT, true).
-endif.
-endif.

-include_lib("stdlib/include/assert.hrl").

-ifndef(EUNIT_NOAUTO).
-ifdef(NOTEST).
-compile({parse_transform, eunit_striptests}).
-else.
-compile({parse_transform, eunit_autoexport}).
-endif.
-endif.

%% ---- expressions ----

-ifndef(LET).
-define(LET(X, Value, E), ((fun(X) -> (E) end)(Value))).
-endif.
-ifndef(IF).
-define(IF(B, T, F), (case (B) of true -> (T); false -> (F) end)).
-endif.
-ifndef(MATCHES).
-define(MATCHES(P, E), (case (E) of P -> true; _ -> false end)).
-endif.
-ifndef(UNDER_EUNIT).
-define(UNDER_EUNIT,
        (?MATCHES({current_function, {eunit_proc, _, _}},
                  erlang:process_info(erlang:group_leader(), current_function)))).
-endif.
-ifndef(capturedOutput).
-define(capturedOutput, (case ?UNDER_EUNIT of true -> eunit_proc:get_output(); false -> "" end)).
-endif.

%% ---- test objects ----

-define(_test(E), {?LINE, fun() -> (E) end}).
-define(_assert(E), ?_test(?assert(E))).
-define(_assertNot(E), ?_assert(not (E))).
-define(_assertMatch(P, E), ?_test(?assertMatch(P, E))).
-define(_assertNotMatch(P, E), ?_test(?assertNotMatch(P, E))).
-define(_assertEqual(X, E), ?_test(?assertEqual(X, E))).
-define(_assertNotEqual(X, E), ?_test(?assertNotEqual(X, E))).
-define(_assertException(K, T, E), ?_test(?assertException(K, T, E))).
-define(_assertNotException(K, T, E), ?_test(?assertNotException(K, T, E))).
-define(_assertError(T, E), ?_test(?assertError(T, E))).
-define(_assertExit(T, E), ?_test(?assertExit(T, E))).
-define(_assertThrow(T, E), ?_test(?assertThrow(T, E))).

%% ---- commands of the operating system ----

-define(_cmd_(Cmd), (eunit_lib:command(Cmd))).
-define(cmdStatus(N, Cmd),
        ((fun() ->
              case ?_cmd_(Cmd) of
                  {(N), ActOut__} -> ActOut__;
                  {ActN__, _} ->
                      erlang:error({command_failed, [{module, ?MODULE}, {line, ?LINE}, {command, (Cmd)},
                                                     {expected_status, (N)}, {status, ActN__}]})
              end
          end)())).
-define(cmd(Cmd), ?cmdStatus(0, Cmd)).
-define(_cmdStatus(N, Cmd), ?_test(?cmdStatus(N, Cmd))).
-define(_cmd(Cmd), ?_test(?cmd(Cmd))).

-ifdef(NOASSERT).
-define(assertCmdStatus(N, Cmd), ok).
-define(assertCmdOutput(T, Cmd), ok).
-else.
-define(assertCmdStatus(N, Cmd),
        ((fun() ->
              case ?_cmd_(Cmd) of
                  {(N), _} -> ok;
                  {ActN__, _} ->
                      erlang:error({assertCmd_failed, [{module, ?MODULE}, {line, ?LINE}, {command, (Cmd)},
                                                       {expected_status, (N)}, {status, ActN__}]})
              end
          end)())).
-define(assertCmdOutput(T, Cmd),
        ((fun() ->
              case ?_cmd_(Cmd) of
                  {_, (T)} -> ok;
                  {_, ActOut__} ->
                      erlang:error({assertCmdOutput_failed, [{module, ?MODULE}, {line, ?LINE}, {command, (Cmd)},
                                                             {expected_output, (T)}, {output, ActOut__}]})
              end
          end)())).
-endif.
-define(assertCmd(Cmd), ?assertCmdStatus(0, Cmd)).
-define(_assertCmdStatus(N, Cmd), ?_test(?assertCmdStatus(N, Cmd))).
-define(_assertCmd(Cmd), ?_test(?assertCmd(Cmd))).
-define(_assertCmdOutput(T, Cmd), ?_test(?assertCmdOutput(T, Cmd))).

%% ---- debugging: straight to the console, also while eunit keeps what tests print ----

-ifdef(NODEBUG).
-define(debugMsg(Text), ok).
-define(debugHere, ok).
-define(debugFmt(Format, Arguments), ok).
-define(debugVal(E), (E)).
-define(debugVal(E, Depth), (E)).
-define(debugTime(Text, E), (E)).
-else.
-ifndef(EUNIT_DEBUG_VAL_DEPTH).
-define(EUNIT_DEBUG_VAL_DEPTH, 15).
-endif.
-define(debugMsg(Text), io:fwrite(user, <<"~ts:~w:~w: ~ts\n">>, [?FILE, ?LINE, self(), Text])).
-define(debugHere, (?debugMsg("<-"))).
-define(debugFmt(Format, Arguments), (?debugMsg(io_lib:format((Format), (Arguments))))).
-define(debugVal(E), ?debugVal(E, ?EUNIT_DEBUG_VAL_DEPTH)).
-define(debugVal(E, Depth),
        ((fun(ActValue__) -> ?debugFmt(<<"~ts = ~tP">>, [(??E), ActValue__, Depth]), ActValue__ end)(E))).
-define(debugTime(Text, E),
        ((fun() ->
              ActStart__ = erlang:monotonic_time(millisecond),
              ActValue__ = (E),
              ?debugFmt(<<"~ts: ~.3f s">>, [(Text), (erlang:monotonic_time(millisecond) - ActStart__) / 1000]),
              ActValue__
          end)())).
-endif.

-endif.
