%% SPDX-License-Identifier: Apache-2.0
%% The record that handlers of common_test's events get. For -include_lib("common_test/include/ct_event.hrl").
-ifndef(CT_EVENT_HRL_).
-define(CT_EVENT_HRL_, 1).

-record(event, {name, node, data}).

-endif.
