%% SPDX-License-Identifier: Apache-2.0
%%
%% The Erlang side of the differential fuzzer: compiles the named modules of the working folder, says which
%% it refused, and runs the rest with fz:run/1. (On Act, `act check` and `act run fz.act` do the same.)
-module(fz_erl).
-export([main/1]).

main(Names) ->
    io:setopts(user, [{encoding, unicode}]),
    {ok, fz, Code} = compile:file("fz.act.erl", [binary]),
    {module, fz} = code:load_binary(fz, "fz.erl", Code),
    fz:run([list_to_atom(N) || N <- Names, compile(N)]),
    halt().

compile(Name) ->
    {Pid, Ref} = spawn_monitor(fun() -> exit({done, compile:file(Name, [binary, return])}) end),
    receive
        {'DOWN', Ref, process, Pid, {done, {ok, Module, Code, _}}} ->
            {module, Module} = code:load_binary(Module, Name ++ ".erl", Code),
            true;
        {'DOWN', Ref, process, Pid, {done, {error, Errors, _}}} ->
            io:format("refused ~s ~w~n", [Name, [element(1, L) || {_, Es} <- Errors, {L, _, _} <- Es, is_tuple(L)]]),
            io:format("% ~s ~0p~n", [Name, Errors]),
            false;
        {'DOWN', Ref, process, Pid, Other} ->
            io:format("refused ~s crash~n% ~0P~n", [Name, Other, 20]),
            false
    after 20000 ->
        exit(Pid, kill),
        receive {'DOWN', Ref, process, Pid, _} -> ok end,
        io:format("refused ~s slow~n", [Name]),
        false
    end.
