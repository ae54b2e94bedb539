# SPDX-License-Identifier: Apache-2.0
"""Processes, in forms whose outcome does not depend on timing.

Each template makes its processes, and waits for the end of each before it has its value. Capitals with
a digit become fresh variables; `{T}` is an expression of type T as in rules.py.
"""
import re

from generate import HOLE, Generator
from tree import Node

TEMPLATES = [
    # a value from a child, or what it died of
    """begin P1 = self(), {C1, M1} = spawn_monitor(fun() -> P1 ! {self(), {any}} end),
       receive {C1, R1} -> {R1, receive {'DOWN', M1, process, C1, W1} -> W1 end}; {'DOWN', M1, _, _, W2} -> {down, fz:tidy(W2)} end end""",
    "begin {C1, M1} = spawn_monitor(fun() -> {any} end), receive {'DOWN', M1, process, C1, W1} -> fz:tidy(W1) end end",
    "begin {C1, M1} = spawn_monitor(fun() -> exit({any}) end), receive {'DOWN', M1, process, C1, W1} -> W1 end end",
    "begin {C1, M1} = spawn_monitor({mod}, {fname}, [{any}]), receive {'DOWN', M1, process, C1, W1} -> fz:tidy(W1) end end",
    # a link to one that traps exits
    """begin {C1, M1} = spawn_monitor(fun() -> process_flag(trap_exit, true), C2 = spawn_link(fun() -> {any} end),
       receive {'EXIT', C2, W1} -> exit({got, fz:tidy(W1)}) end end), receive {'DOWN', M1, process, C1, W2} -> W2 end end""",
    # a link to one that does not
    """begin {C1, M1} = spawn_monitor(fun() -> C2 = spawn_link(fun() -> {any}, exit({reason}) end), M2 = monitor(process, C2),
       receive {'DOWN', M2, _, _, W1} -> fz:tidy(W1) after 300 -> late end, receive after 20 -> ok end, exit({any}) end),
       receive {'DOWN', M1, process, C1, W2} -> W2 =:= {reason} orelse is_tuple(W2) end end""",
    # an exit signal to one that traps, or not
    """begin P1 = self(), {C1, M1} = spawn_monitor(fun() -> process_flag(trap_exit, {bool}), P1 ! {ready, self()},
       receive {'EXIT', _, W1} -> exit({got, W1}); go -> {any} end end), receive {ready, C1} -> exit(C1, {reason}), C1 ! go; {'DOWN', M1, _, _, bad} -> no end,
       receive {'DOWN', M1, process, C1, W2} -> fz:tidy(W2) end end""",
    "begin {C1, M1} = spawn_monitor(fun() -> exit(self(), {reason}), {any} end), receive {'DOWN', M1, process, C1, W1} -> fz:tidy(W1) end end",
    # a chain of links
    """begin P1 = self(), {C1, M1} = spawn_monitor(fun() -> C2 = spawn_link(fun() -> P1 ! {c, self()}, receive stop -> exit({reason}); {X1, _} -> X1 end end),
       P1 ! {b, C2}, receive never -> ok end end), receive {b, B1} -> ok end, M2 = monitor(process, B1), receive {c, B1} -> B1 ! {pick_message} end,
       receive {'DOWN', M2, _, _, W1} -> ok end, exit(C1, last), receive {'DOWN', M1, _, _, W2} -> {fz:tidy(W1), fz:tidy(W2)} end end""",
    # a server with a state
    """begin F1 = fun L1(S1) -> receive {P2, R1, X1} -> V1 = {fun2}(X1, S1), P2 ! {R1, V1}, L1(V1); stop -> exit({final, fz:tidy(S1)}) end end,
       {C1, M1} = spawn_monitor(fun() -> F1({any}) end),
       G1 = fun(Q1) -> R2 = make_ref(), C1 ! {self(), R2, Q1}, receive {R2, A1} -> A1; {'DOWN', M1, _, _, W1} = D1 -> self() ! D1, {dead, fz:tidy(W1)} end end,
       T1 = [G1({any}), G1({any}), G1({any})], C1 ! stop, receive {'DOWN', M1, _, _, W2} -> {T1, fz:tidy(W2)} end end""",
    # registered names
    """begin P1 = self(), {C1, M1} = spawn_monitor(fun() -> register({name}, self()), P1 ! {self(), up}, receive X1 -> exit({X1, whereis({name}) =:= self()}) end end),
       receive {C1, up} -> {name} ! {any}; {'DOWN', M1, _, _, W1} -> self() ! {'DOWN', M1, process, C1, W1} end, receive {'DOWN', M1, _, _, W2} -> {fz:tidy(W2), whereis({name})} end end""",
    "begin {name} ! {any} end", "begin register({name}, self()), {name} ! {any}, X1 = registered_name, Y1 = receive Z1 -> Z1 end, unregister({name}), {X1, Y1, whereis({name})} end",
    "begin register({name}, self()), X1 = (catch register({name}, self())), unregister({name}), fz:tidy(X1) end", "unregister({name})", "whereis({name})", "register({any}, self())",
    # the dead
    """begin {C1, M1} = spawn_monitor(fun() -> ok end), receive {'DOWN', M1, _, _, W1} -> W1 end, M2 = monitor(process, C1), X1 = (catch link(C1)), C1 ! {any},
       exit(C1, kill), unlink(C1), {fz:tidy(X1), is_process_alive(C1), process_info(C1), receive {'DOWN', M2, process, C1, W2} -> W2 end} end""",
    """begin {C1, M1} = spawn_monitor(fun() -> receive go -> {any} end end), D1 = demonitor(M1, {demonitor}), C1 ! go, M2 = monitor(process, C1),
       receive {'DOWN', M2, _, _, W1} -> ok end, {D1, is_process_alive(C1), receive {'DOWN', M1, _, _, W2} -> W2 after 0 -> none end} end""",
    # order of messages, selective receive
    """begin P1 = self(), {C1, M1} = spawn_monitor(fun() -> [P1 ! {m, X1} || X1 <- {list}], P1 ! {m, {any}} end), receive {'DOWN', M1, _, _, W1} -> ok end,
       {fz:tidy(W1), (fun F1() -> receive {m, X2} when {guard1} -> [X2 | F1()] after 0 -> [] end end)(), (fun F2() -> receive {m, X3} -> [X3 | F2()] after 0 -> [] end end)()} end""",
    # many workers, their results in order
    """begin F1 = {fun1}, P1 = self(), T1 = [{X1, spawn_monitor(fun() -> P1 ! {self(), F1(X1)} end)} || X1 <- lists:sublist({list}, 6)],
       [receive {C1, V1} -> receive {'DOWN', M1, _, _, normal} -> {X2, V1} end; {'DOWN', M1, _, _, W1} -> {X2, fz:tidy(W1)} end || {X2, {C1, M1}} <- T1] end""",
    # timers
    "begin R1 = erlang:start_timer({small}, self(), {any}), receive {timeout, R1, X1} -> {X1, erlang:cancel_timer(R1), erlang:read_timer(R1)} end end",
    "begin R1 = erlang:send_after(60000, self(), {any}), X1 = erlang:cancel_timer(R1), {is_integer(X1), erlang:cancel_timer(R1)} end",
    "begin erlang:send_after({small}, self(), {sent, {any}}), receive {sent, X1} -> X1 end end",
    # options
    """begin {C1, M1} = spawn_opt(fun() -> process_flag(trap_exit, true), {any} end, [monitor, {opt}]), receive {'DOWN', M1, process, C1, W1} -> fz:tidy(W1) end end""",
    "begin self() ! {any}, self() ! {any}, X1 = process_info(self(), message_queue_len), (fun F1() -> receive _ -> F1() after 0 -> X1 end end)() end",
    "{process_flag(trap_exit, false), process_flag(trap_exit, {any})}", "exit(whereis({name}), {reason})", "link({any})", "monitor(process, {any})", "exit({any}, {reason})",
    "begin M1 = monitor(process, {name}), receive {'DOWN', M1, process, X1, W1} -> {X1, W1} end end", "{any} ! {any}", "spawn({any})", "erlang:send({name}, {any})",
    "begin put(a, {any}), {C1, M1} = spawn_monitor(fun() -> put(a, {any}), exit({get(a), lists:sort(get())}) end), receive {'DOWN', M1, _, _, W1} -> {fz:tidy(W1), get(a)} end end",
    # an exception that comes over a call to a process
    """begin {C1, M1} = spawn_monitor(fun() -> try {any} of X1 -> exit({ok, X1}) catch A1:B1:S1 -> exit({A1, fz:tidy(B1), fz:top(S1)}) end end),
       receive {'DOWN', M1, _, _, W1} -> fz:tidy(W1) end end""",
]
WORDS = {
    "reason": ["normal", "kill", "killed", "shutdown", "bad", "{shutdown, 1}", "[x]", "noproc"],
    "name": ["n1", "n1", "n2", "undefined", "'n 3'"],
    "demonitor": ["[]", "[flush]", "[info]", "[flush, info]", "[bad]", "flush"],
    "opt": ["link", "{priority, low}", "{min_heap_size, 1000}", "{fullsweep_after, 0}", "bad", "monitor", "{message_queue_data, off_heap}"],
    "pick_message": ["stop", "{1, 2}", "{a, b}", "stop"],
    "guard1": ["is_atom(X2)", "X2 > 3", "is_integer(X2), X2 rem 2 =:= 0", "true", "hd(X2) =:= a", "X2 =:= a; is_list(X2)"],
}
NAME = re.compile(r"\b([A-Z][0-9])\b")


def process(g, depth, scope):
    template = g.pick(TEMPLATES)
    names = {}
    template = NAME.sub(lambda m: names.setdefault(m[1], g.fresh(m[1][0])), template)
    template = re.sub(r"\s+", " ", template)
    parts, at = [], 0
    reason = g.pick(WORDS["reason"])
    name = g.pick(WORDS["name"])
    for hole in HOLE.finditer(template):
        kind = hole[1]
        if kind == "reason":
            child = reason
        elif kind == "name":
            child = name
        elif kind == "guard1":
            child = names["X2"].join(("", "")) and re.sub(r"\bX2\b", names["X2"], g.pick(WORDS[kind]))
        elif kind in WORDS:
            child = g.pick(WORDS[kind])
        else:
            child = g.expr(kind, depth - 2, scope)
        parts += [template[at:hole.start()], child]
        at = hole.end()
    return Node("e", parts + [template[at:]])


Generator.process = process
