%% SPDX-License-Identifier: Apache-2.0
%% What a suite of common_test takes from -include_lib("common_test/include/ct.hrl"): reading a
%% configuration, and the levels of messages. Module ct does the rest.
-ifndef(CT_HRL_).
-define(CT_HRL_, 1).

-define(config(Key, Config), proplists:get_value(Key, Config)).
-define(line, ).

-define(MIN_IMPORTANCE, 0).
-define(LOW_IMPORTANCE, 25).
-define(STD_IMPORTANCE, 50).
-define(HI_IMPORTANCE, 75).
-define(MAX_IMPORTANCE, 99).

-define(MIN_VERBOSITY, 0).
-define(LOW_VERBOSITY, 25).
-define(STD_VERBOSITY, 50).
-define(HI_VERBOSITY, 75).
-define(MAX_VERBOSITY, 100).

%% Other nodes to test with: test_server says that there are none.
-define(CT_PEER(), ?CT_PEER([])).
-define(CT_PEER(Options), test_server:start_peer(Options, ?MODULE, ?FUNCTION_NAME)).
-define(CT_PEER(Options, Release, Dir), test_server:start_peer(Options, ?MODULE, ?FUNCTION_NAME, Release, Dir)).
-define(CT_PEER_NAME(), ?CT_PEER_NAME(?FUNCTION_NAME)).
-define(CT_PEER_NAME(Case), test_server:peer_name(?MODULE_STRING, Case)).

-endif.
