%% SPDX-License-Identifier: Apache-2.0
%% What an archive has. For -include_lib("stdlib/include/zip.hrl").
-ifndef(ZIP_HRL_).
-define(ZIP_HRL_, 1).

-record(zip_file, {name, info, comment, offset, comp_size}).
-record(zip_comment, {comment}).

-endif.
