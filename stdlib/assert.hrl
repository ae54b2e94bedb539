%% SPDX-License-Identifier: Apache-2.0
%% Assertions, for -include_lib("stdlib/include/assert.hrl"): ?assert(Expr) and its kin give ok or raise
%% {Kind, [{module, M}, {line, L}, {expression, Text} | What]}. Each takes a comment as last argument
%% too. With NOASSERT (or NODEBUG without DEBUG), and without ASSERT, they are ok and evaluate nothing.
%% The work is done inside a fun, so that no variable of theirs is seen outside.
-ifndef(ASSERT_HRL).
-define(ASSERT_HRL, true).

-ifdef(NODEBUG).
-ifndef(DEBUG).
-ifndef(NOASSERT).
-define(NOASSERT, true).
-endif.
-endif.
-endif.
-ifdef(ASSERT).
-undef(NOASSERT).
-endif.

-ifdef(NOASSERT).

-define(assert(E), ok).
-define(assert(E, C), ok).
-define(assertNot(E), ok).
-define(assertNot(E, C), ok).
-define(assertMatch(P, E), ok).
-define(assertMatch(P, E, C), ok).
-define(assertNotMatch(P, E), ok).
-define(assertNotMatch(P, E, C), ok).
-define(assertEqual(X, E), ok).
-define(assertEqual(X, E, C), ok).
-define(assertNotEqual(X, E), ok).
-define(assertNotEqual(X, E, C), ok).
-define(assertException(K, T, E), ok).
-define(assertException(K, T, E, C), ok).
-define(assertNotException(K, T, E), ok).
-define(assertNotException(K, T, E, C), ok).

-else.

-define(act_assert_fail(Kind, Comment, Text, What),
        erlang:error({Kind, [{module, ?MODULE}, {line, ?LINE}] ++ Comment ++ [{expression, Text} | What]})).
-define(act_assert_pattern(K, T), {pattern, "{ " ++ K ++ " , " ++ T ++ " , [...] }"}).

-define(act_assert_bool(Want, E, Text, Comment),
        ((fun() ->
              case (E) of
                  Want -> ok;
                  ActV__ when is_boolean(ActV__) ->
                      ?act_assert_fail(assert, Comment, Text, [{expected, Want}, {value, ActV__}]);
                  ActV__ ->
                      ?act_assert_fail(assert, Comment, Text, [{expected, Want}, {not_boolean, ActV__}])
              end
          end)())).
-define(assert(E), ?act_assert_bool(true, E, (??E), [])).
-define(assert(E, C), ?act_assert_bool(true, E, (??E), [{comment, (C)}])).
-define(assertNot(E), ?act_assert_bool(false, E, (??E), [])).
-define(assertNot(E, C), ?act_assert_bool(false, E, (??E), [{comment, (C)}])).

-define(act_assert_match(P, E, Pattern, Text, Comment),
        ((fun() ->
              case (E) of
                  P -> ok;
                  ActV__ -> ?act_assert_fail(assertMatch, Comment, Text, [{pattern, Pattern}, {value, ActV__}])
              end
          end)())).
-define(assertMatch(P, E), ?act_assert_match(P, E, (??P), (??E), [])).
-define(assertMatch(P, E, C), ?act_assert_match(P, E, (??P), (??E), [{comment, (C)}])).

-define(act_assert_not_match(P, E, Pattern, Text, Comment),
        ((fun() ->
              ActV__ = (E),
              case ActV__ of
                  P -> ?act_assert_fail(assertNotMatch, Comment, Text, [{pattern, Pattern}, {value, ActV__}]);
                  _ -> ok
              end
          end)())).
-define(assertNotMatch(P, E), ?act_assert_not_match(P, E, (??P), (??E), [])).
-define(assertNotMatch(P, E, C), ?act_assert_not_match(P, E, (??P), (??E), [{comment, (C)}])).

-define(act_assert_equal(X, E, Text, Comment),
        ((fun() ->
              ActX__ = (X),
              case (E) of
                  ActX__ -> ok;
                  ActV__ -> ?act_assert_fail(assertEqual, Comment, Text, [{expected, ActX__}, {value, ActV__}])
              end
          end)())).
-define(assertEqual(X, E), ?act_assert_equal(X, E, (??E), [])).
-define(assertEqual(X, E, C), ?act_assert_equal(X, E, (??E), [{comment, (C)}])).

-define(act_assert_not_equal(X, E, Text, Comment),
        ((fun() ->
              ActX__ = (X),
              case (E) of
                  ActX__ -> ?act_assert_fail(assertNotEqual, Comment, Text, [{value, ActX__}]);
                  _ -> ok
              end
          end)())).
-define(assertNotEqual(X, E), ?act_assert_not_equal(X, E, (??E), [])).
-define(assertNotEqual(X, E, C), ?act_assert_not_equal(X, E, (??E), [{comment, (C)}])).

-define(act_assert_exception(K, T, E, Pattern, Text, Comment),
        ((fun() ->
              try (E) of
                  ActV__ ->
                      ?act_assert_fail(assertException, Comment, Text, [Pattern, {unexpected_success, ActV__}])
              catch
                  K:T -> ok;
                  ActC__:ActT__:ActS__ ->
                      ?act_assert_fail(assertException, Comment, Text,
                                       [Pattern, {unexpected_exception, {ActC__, ActT__, ActS__}}])
              end
          end)())).
-define(assertException(K, T, E),
        ?act_assert_exception(K, T, E, ?act_assert_pattern((??K), (??T)), (??E), [])).
-define(assertException(K, T, E, C),
        ?act_assert_exception(K, T, E, ?act_assert_pattern((??K), (??T)), (??E), [{comment, (C)}])).

-define(act_assert_not_exception(K, T, E, Pattern, Text, Comment),
        ((fun() ->
              try (E) of
                  _ -> ok
              catch
                  ActC__:ActT__:ActS__ ->
                      case ActC__ of
                          K ->
                              case ActT__ of
                                  T ->
                                      ?act_assert_fail(assertNotException, Comment, Text,
                                                       [Pattern, {unexpected_exception, {ActC__, ActT__, ActS__}}]);
                                  _ -> ok
                              end;
                          _ -> ok
                      end
              end
          end)())).
-define(assertNotException(K, T, E),
        ?act_assert_not_exception(K, T, E, ?act_assert_pattern((??K), (??T)), (??E), [])).
-define(assertNotException(K, T, E, C),
        ?act_assert_not_exception(K, T, E, ?act_assert_pattern((??K), (??T)), (??E), [{comment, (C)}])).

-endif.

-define(assertError(T, E), ?assertException(error, T, E)).
-define(assertError(T, E, C), ?assertException(error, T, E, C)).
-define(assertExit(T, E), ?assertException(exit, T, E)).
-define(assertExit(T, E, C), ?assertException(exit, T, E, C)).
-define(assertThrow(T, E), ?assertException(throw, T, E)).
-define(assertThrow(T, E, C), ?assertException(throw, T, E, C)).

-endif.
