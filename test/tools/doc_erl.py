#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples in the library's doc comments, run by the Erlang of this machine: what they say must be true there, too.

  doc_erl.py [MODULES]   fails when an example fails in Erlang that has no reason in doc_erl.txt, or has one and does not fail

Left out are the modules that this machine's Erlang does not have (those of later releases, and of syntax_tools, eunit and common_test unless
ERL_LIBS leads to them). doc_erl.txt: MODULE TEXT # REASON,
where TEXT occurs in the example; such an example shows what docs/differences.md tells, or what depends on the machine.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
STDLIB = os.path.join(os.path.dirname(os.path.dirname(HERE)), "stdlib")
KNOWN = os.path.join(HERE, "doc_erl.txt")

RUNNER = r"""
-module(doc_erl).
-export([main/1]).
%% In a process of its own, when the system has started.
main(Names) ->
    spawn(fun() ->
                  {started, _} = started(init:get_status()),
                  lists:foreach(fun file/1, Names),
                  act_test_doc:clean(),
                  halt(0)
          end).
started({started, _} = S) -> S;
started(_) -> timer:sleep(10), started(init:get_status()).
file(Name) ->
    {ok, Source} = file:read_file(Name),
    M = list_to_atom(filename:basename(Name, ".act")),
    Tests = case code:ensure_loaded(M) of {module, M} -> act_test_doc:tests(M, Source); _ -> [] end,
    lists:foreach(fun({Line, {_, F}}) -> one(Name, Line, F) end, Tests),
    io:format(user, "~nRAN ~ts ~w~n", [Name, length(Tests)]).
one(Name, Line, F) ->
    {P, R} = spawn_monitor(fun() -> try F() catch C:E:_ -> exit({failed, C, E}) end end),
    receive
        {'DOWN', R, _, _, normal} -> ok;
        {'DOWN', R, _, _, Why} -> io:format(user, "~nFAIL ~ts ~w ~0tp~n", [Name, Line, Why])
    after 10000 ->
        exit(P, kill),
        io:format(user, "~nFAIL ~ts ~w timeout~n", [Name, Line])
    end.
"""


def known():
    """[(module, text, reason)]."""
    if not os.path.exists(KNOWN):
        return []
    with open(KNOWN, encoding="utf-8") as f:
        lines = [line.rstrip("\n") for line in f if line.strip()]
    return [(line.split()[0], line.split(" ", 1)[1].rsplit(" # ", 1)[0], line.rsplit(" # ", 1)[1]) for line in lines]


def modules():
    """All but Act's own; shell_default's commands are those of c, and some of Act's shell."""
    names = [os.path.basename(p)[:-4] for p in glob.glob(os.path.join(STDLIB, "*.act"))]
    return sorted(n for n in names if not n.startswith("act_") and n != "shell_default") + ["builtins/erlang"]


def path(module):
    """Its source; for what builtins/NAME.act tells of module NAME: builtins/NAME."""
    return os.path.join(STDLIB, module + ".act")


def run(names):
    """[(module, line, why)] of those that fail, and how many examples there were."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("act_test_doc", "act_test_left"):
            shutil.copy(os.path.join(STDLIB, name + ".act"), os.path.join(folder, name + ".erl"))
        with open(os.path.join(folder, "doc_erl.erl"), "w", encoding="utf-8") as out:
            out.write(RUNNER)
        subprocess.run(["erlc", *[n + ".erl" for n in ("act_test_doc", "act_test_left", "doc_erl")]], cwd=folder, check=True)
        files = [path(n) for n in names]
        done = subprocess.run(["erl", "-noshell", "-run", "doc_erl", "main", *files], cwd=folder, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=600, check=False)
    text = done.stdout.decode("utf-8", "replace")
    failed = [(os.path.relpath(f, STDLIB)[:-4], int(line), why) for f, line, why in re.findall(r"^FAIL (\S+) (\d+) (.*)$", text, re.M)]
    counts = re.findall(r"^RAN (\S+) (\d+)$", text, re.M)
    if len(counts) != len(names):
        print("doc_erl: Erlang ended early:\n%s%s" % (text[-1000:], done.stderr.decode("utf-8", "replace")[-1000:]))
    return failed, sum(int(n) for _, n in counts), len(counts) == len(names)


def main():
    names = sys.argv[1:] or modules()
    failed, count, whole = run(names)
    reasons, bad = [k for k in known() if k[0] in names], 0 if whole else 1
    for module, line, why in failed:
        with open(path(module), encoding="utf-8") as f:
            text = f.read().split("\n")[line - 1]
        reason = next((k for k in reasons if k[0] == module and k[1] in text), None)
        if reason:
            reasons.remove(reason)
        else:
            bad += 1
            print("%s.act:%d: %s\n    %s" % (module, line, text[text.find("Example"):][:300], why[:600]))
    for module, text, _ in reasons:
        bad += 1
        print("doc_erl.txt: %s %s: no such example fails" % (module, text))
    print("%d examples of %d modules, %d fail in Erlang" % (count, len(names), len(failed)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
