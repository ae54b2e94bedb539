%% SPDX-License-Identifier: Apache-2.0
%% What erlc asks a compiler for. For -include_lib("stdlib/include/erl_compile.hrl"): generators of code have a function that takes it.
-ifndef(ERL_COMPILE_HRL_).
-define(ERL_COMPILE_HRL_, 1).

-record(options, {includes = [], outdir = ".", output_type, defines = [], warning = 1, verbose = false, optimize = 999, specific = [], outfile = "", cwd}).

-endif.
