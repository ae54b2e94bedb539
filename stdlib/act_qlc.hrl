%% SPDX-License-Identifier: Apache-2.0
%% What query handles are made of, for qlc and act_qlc. A list by itself is a handle, too.
-record(qlc_handle, {h}).
-record(qlc_append, {parts}).
%% sort: fun(Answers) -> Answers; call: the call that made it, for info/1,2.
-record(qlc_sort, {handle, sort, call}).
-record(qlc_table, {traverse, format_fun, info_fun, key_equality = '=:=', lookup_fun, parent_fun, post_fun, pre_fun}).
%% See act_qlc_transform.
-record(qlc_query, {sources, rows, facts, text, opts}).
