%% SPDX-License-Identifier: Apache-2.0
-ifndef(TWICE_HRL).
-define(TWICE_HRL, true).
-define(TWICE, included_once).
-endif.
