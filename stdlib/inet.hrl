%% SPDX-License-Identifier: Apache-2.0
%% A host as it is looked up. For -include_lib("kernel/include/inet.hrl"): programs that keep such records compile; there are no look-ups.
-ifndef(INET_HRL_).
-define(INET_HRL_, 1).

-record(hostent, {h_name, h_aliases = [], h_addrtype, h_length, h_addr_list = []}).

-endif.
