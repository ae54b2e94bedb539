%% SPDX-License-Identifier: Apache-2.0
%% test/tools/lint_oracle.erl: what Erlang's compiler says of files, one message a line:
%%     Line E|W module:tag text
%% into FILE.lint beside each. Run by lint_compare.py.
-module(lint_oracle).
-export([main/1]).

main(Files) ->
    lists:foreach(fun one/1, Files).

one(File) ->
    {Errors, Warnings} = messages(compile:file(File, [return, strong_validation])),
    Lines = [{line(Place), "E", Module, What} || {_, List} <- Errors, {Place, Module, What} <- List] ++
            [{line(Place), "W", Module, What} || {_, List} <- Warnings, {Place, Module, What} <- List],
    {ok, Out} = file:open(File ++ ".lint", [write, {encoding, utf8}]),
    [io:format(Out, "~p ~s ~p:~p ~ts~n", [Line, Kind, Module, tag(What), text(Module, What)])
     || {Line, Kind, Module, What} <- lists:usort(Lines)],
    ok = file:close(Out).

messages({error, Errors, Warnings}) -> {Errors, Warnings};
messages({ok, _, Warnings}) -> {[], Warnings};
messages({ok, Warnings}) when is_list(Warnings) -> {[], Warnings};
messages(_) -> {[], []}.

line({Line, _Column}) -> Line;
line(Line) -> Line.

tag(What) when is_tuple(What) -> element(1, What);
tag(What) when is_list(What) -> syntax;
tag(What) -> What.

text(Module, What) ->
    [C || C <- lists:flatten(Module:format_error(What)), C =/= $\n].
