%% SPDX-License-Identifier: Apache-2.0
%% How a connection between nodes names its other end. For -include_lib("kernel/include/net_address.hrl").
-ifndef(NET_ADDRESS_HRL_).
-define(NET_ADDRESS_HRL_, 1).

-record(net_address, {address, host, protocol, family}).

-endif.
