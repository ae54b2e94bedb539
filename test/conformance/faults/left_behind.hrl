%% SPDX-License-Identifier: Apache-2.0
%% For programs that must leave nothing behind: runs a function twice, the first time unheard (code that is loaded at its first use, and its atoms are
%% there then), and tells what there is more of after the second time than before it.

%% What a heap or a table of processes may have grown by.
-define(SOME_BYTES, 1000000).

nothing_left(Run) ->
    Leader = group_leader(),
    Sink = spawn(fun Sink() -> receive {io_request, F, As, _} -> F ! {io_reply, As, ok}, Sink(); stop -> ok end end),
    group_leader(Sink, self()),
    _ = left(counts(), 1),
    timer:sleep(1),
    apart(Run),
    group_leader(Leader, self()),
    Ref = monitor(process, Sink),
    Sink ! stop,
    receive {'DOWN', Ref, _, _, _} -> ok end,
    io:format("~p~n", [none]),
    _ = left(counts(), 20),
    Before = counts(),
    apart(Run),
    Left = left(Before, 300),
    io:format("left behind: ~p~n", [Left]),
    [] = Left.

%% In a process of its own, whose heap goes with it.
apart(Run) ->
    {Pid, Ref} = spawn_monitor(Run),
    receive {'DOWN', Ref, process, Pid, Why} -> normal = Why end.

counts() ->
    garbage_collect(),
    #{processes => erlang:system_info(process_count), tables => length(ets:all()), atoms => erlang:system_info(atom_count), names => length(registered()),
      messages => element(2, process_info(self(), message_queue_len)), links => length(element(2, process_info(self(), links))), timers => timers(), bytes => erlang:memory(total)}.

%% Timers that will send a message; Erlang has no way to ask.
timers() ->
    try length(act_process:timers()) catch error:undef -> 0 end.

%% What there is more of than before. What is given back piece by piece may take a while.
left(Before, Tries) ->
    Left = [{K, V - map_get(K, Before)} || {K, V} <- lists:sort(maps:to_list(counts())), more(K, V, map_get(K, Before))],
    case Left of
        [_ | _] when Tries > 0 ->
            timer:sleep(20),
            left(Before, Tries - 1);
        _ -> Left
    end.

more(bytes, Now, Before) -> Now - Before > ?SOME_BYTES;
more(_, Now, Before) -> Now =/= Before.
