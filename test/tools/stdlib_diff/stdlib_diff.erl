%% SPDX-License-Identifier: Apache-2.0
%% Compares modules of stdlib/ with those of the OTP that runs this script.
%%
%% Each stdlib/NAME.act is compiled for the BEAM as alt_NAME; calls between them are redirected
%% likewise, and a function marked native calls OTP's own of that name (module act_X: emu_X here).
-module(stdlib_diff).
-export([build/2, same/3, same/4, report/0, run/3, prefix/1]).

%% build(SrcDir, OutDir) -> ok. Compiles all modules below SrcDir.
build(Src, Out) ->
    Files = filelib:wildcard(filename:join(Src, "*.act")),
    Set = [list_to_atom(filename:basename(F, ".act")) || F <- Files],
    Rs = [compile_one(F, Set, Src, Out) || F <- Files],
    case lists:member(error, Rs) of true -> error; false -> ok end.

compile_one(File, Set, Src, Out) ->
    {ok, Forms0} = epp:parse_file(File, [{includes, [Src]}]),
    M = list_to_atom(filename:basename(File, ".act")),
    Forms = [form(F, M, Set) || F <- Forms0],
    case compile:forms(Forms, [return, debug_info, nowarn_export_all, no_auto_import_types]) of
        {ok, Name, Bin, Ws} ->
            show(Ws, warning, File),
            ok = file:write_file(filename:join(Out, atom_to_list(Name) ++ ".beam"), Bin),
            ok;
        {error, Es, Ws} ->
            show(Ws, warning, File),
            show(Es, error, File),
            error
    end.

show(L, Kind, File) ->
    [io:format("~s:~p: ~p: ~ts~n", [filename:basename(File), P, Kind, Mod:format_error(D)])
     || {_, Ds} <- L, {P, Mod, D} <- Ds, not boring(D)].

boring({deprecated, _, _, _}) -> true;
boring({deprecated, _, _, _, _}) -> true;
boring(_) -> false.

prefix(M) ->
    case atom_to_list(M) of
        "act_" ++ _ -> M;
        L -> list_to_atom("alt_" ++ L)
    end.

form({attribute, L, module, M}, M, _) ->
    {attribute, L, module, prefix(M)};
form({function, L, F, A, [{clause, CL, Ps, [], [{call, _, {remote, _, {atom, _, erlang}, {atom, _, nif_error}}, [{atom, _, undef}]}]}]}, M, _) ->
    Vars = [{var, CL, list_to_atom("V" ++ integer_to_list(I))} || I <- lists:seq(1, length(Ps))],
    To = case atom_to_list(M) of
             "act_" ++ R -> list_to_atom("emu_" ++ R);
             _ -> M
         end,
    {function, L, F, A, [{clause, CL, Vars, [], [{call, CL, {remote, CL, {atom, CL, To}, {atom, CL, F}}, Vars}]}]};
form(Form, _M, Set) ->
    walk(Form, Set).

walk({remote, L, {atom, L1, M}, F}, Set) ->
    {remote, L, {atom, L1, swap(M, Set)}, F};
walk({'fun', L, {function, {atom, L1, M}, F, A}}, Set) ->
    {'fun', L, {function, {atom, L1, swap(M, Set)}, F, A}};
walk(T, Set) when is_tuple(T) -> list_to_tuple([walk(E, Set) || E <- tuple_to_list(T)]);
walk([H | T], Set) -> [walk(H, Set) | walk(T, Set)];
walk(X, _) -> X.

swap(M, Set) ->
    case M =/= erlang andalso M =/= math andalso M =/= init andalso M =/= code andalso lists:member(M, Set) of
        true -> prefix(M);
        false -> M
    end.

%% same(M, F, Args): calls both, complains when the outcomes differ.
same(M, F, Args) -> same(M, F, Args, fun(X) -> X end).

same(M, F, Args, Norm) ->
    R1 = run(M, F, Args),
    R2 = run(prefix(M), F, Args),
    count(runs),
    case norm(R1, Norm) =:= norm(R2, Norm) of
        true -> ok;
        false ->
            count(bad),
            Key = {bad, M, F, length(Args), case {F, Args} of {format, [Fmt | _]} -> Fmt; _ -> x end},
            put(Key, case get(Key) of undefined -> 1; N -> N + 1 end),
            case get(Key) =< 20 andalso erlang:external_size(Args) < 100 of
                true -> io:format("DIFF ~p:~p/~p(~P)~n   otp ~s~n   act ~s~n", [M, F, length(Args), Args, 60, show(norm(R1, Norm)), show(norm(R2, Norm))]);
                false -> ok
            end
    end.

show({ok, [_ | _] = S}) ->
    case io_lib:printable_list(S) of
        true -> ["ok\n", S];
        false -> io_lib:format("~P", [S, 80])
    end;
show(R) -> io_lib:format("~P", [R, 80]).

norm({ok, V}, Norm) -> {ok, Norm(V)};
norm(E, _) -> E.

count(K) -> put(K, case get(K) of undefined -> 1; N -> N + 1 end).

report() ->
    [io:format("~p: ~p~n", [K, V]) || {{bad, _, _, _, _} = K, V} <- get(), begin erase(K), true end],
    io:format("~p calls compared, ~p differ~n", [get(runs), case get(bad) of undefined -> 0; N -> N end]),
    case get(bad) of undefined -> ok; _ -> error end.

%% run(M, F, Args) -> {ok, V} | {Class, Reason, Top}: Top is the function of the top frame of the stack.
run(M, F, Args) ->
    try {ok, apply(M, F, Args)}
    catch C:R:S -> {C, unprefix(R), top(S)}
    end.

top([{M, F, A, _} | _]) ->
    case atom_to_list(M) of
        _ when F =:= 'nolegal' -> any;
        _ -> {unprefix(M), plain(F), if is_list(A) -> length(A); true -> A end}
    end;
top([]) -> none.

plain(F) -> F.

unprefix(A) when is_atom(A) ->
    case atom_to_list(A) of "alt_" ++ R -> list_to_atom(R); _ -> A end;
unprefix(R) -> R.
