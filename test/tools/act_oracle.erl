%% SPDX-License-Identifier: Apache-2.0
%%
%% The Erlang side of oracle.py: compiles programs in one go, and runs one by the rules of
%% `act run` (main/1 with strings, else main/0, else start/0; status 0, 1 or what halt says).
-module(act_oracle).
-export([compile/1, run/1]).

%% The list file holds one term a program: {Source, OutDir, Options}.
compile([ListFile]) ->
    {ok, Jobs} = file:consult(ListFile),
    Failed = [S || {S, Out, Options} <- Jobs, not compile_one(S, Out, Options)],
    halt(case Failed of [] -> 0; _ -> 1 end).

compile_one(Source, Out, Options) ->
    _ = code:add_patha(Out),
    case compile:file(Source, [{outdir, Out}, return | Options]) of
        {ok, _, _} ->
            true;
        {error, Errors, _} ->
            [io:format("~ts:~p: ~ts~n", [F, Where, M:format_error(D)])
             || {F, Es} <- Errors, {Where, M, D} <- Es],
            false
    end.

run([Name]) ->
    Module = list_to_atom(Name),
    Args = init:get_plain_arguments(),
    ok = io:setopts(user, [{encoding, unicode}]),
    {module, Module} = code:ensure_loaded(Module),
    {Pid, Ref} = spawn_monitor(fun() -> enter(Module, Args) end),
    receive
        {'DOWN', Ref, process, Pid, normal} ->
            halt(0);
        {'DOWN', Ref, process, Pid, _} ->
            halt(1)
    end.

enter(Module, Args) ->
    case {has(Module, main, 1), has(Module, main, 0)} of
        {true, _} -> Module:main(Args);
        {_, true} -> Module:main();
        _ -> Module:start()
    end.

has(Module, F, A) ->
    erlang:function_exported(Module, F, A).
