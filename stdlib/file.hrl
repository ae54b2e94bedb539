%% SPDX-License-Identifier: Apache-2.0
%% The record that file:read_file_info/1,2 gives. For -include_lib("kernel/include/file.hrl").
-ifndef(FILE_HRL_).
-define(FILE_HRL_, 1).

-record(file_info, {size, type, access, atime, mtime, ctime, mode, links, major_device, minor_device, inode, uid, gid}).
-record(file_descriptor, {module, data}).

-endif.
