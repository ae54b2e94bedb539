#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""act_test.py ACT: what `act test` and `act doc` print, and their exit statuses."""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

SAMPLE = """-module(sample).
-include_lib("eunit/include/eunit.hrl").
-export([add/2]).
%% add(A, B) -> Sum. Example: `sample:add(1, 2) =:= 4`.
add(A, B) -> A + B.
good_test() -> 3 = add(1, 2).
bad_test() -> io:format("hello~n"), ?assertEqual(#{a => 1}, #{a => add(1, 2)}).
gen_test_() -> [?_assert(true), {"title", ?_assertMatch({ok, _}, {error, add(1, 2)})}].
slow_test_() -> {timeout, 0.1, ?_test(timer:sleep(5000))}.
"""

LEAKS = """-module(leaks).
-include_lib("eunit/include/eunit.hrl").
-export([sum/1, unused/0]).
sum(L) ->
    lists:foldl(fun(X, S) ->
                    X + S
                end, 0, L).
unused() ->
    case sum([]) of
        0 -> zero
    end.
clean_test() -> spawn(fun() -> ok end), 6 = sum([1, 2, 3]).
process_test() -> register(stays, spawn(fun() -> receive stop -> ok end end)).
table_test() -> ets:new(a_table, []).
timer_test() -> erlang:send_after(60000, self(), late), timer:send_after(60000, later).
parallel_test_() -> {inparallel, [?_test(spawn(fun() -> timer:sleep(300) end)) || _ <- [1, 2]]}.
cleaned_test_() -> {setup, fun() -> ets:new(setup, []) end, fun ets:delete/1, fun(_) -> ?_test(ok) end}.
"""

# The second does not begin, the others run all the same; the last one waits for TEST.
CANCELLED = """-module(cancelled).
-include_lib("eunit/include/eunit.hrl").
first_test_() -> [?_assertError(badarg, error(other))].
second_test_() -> no_such_module_here.
third_test_() -> {setup, fun() -> error(no_setup) end, fun(_) -> ok end, fun(_) -> [?_assert(true)] end}.
slow_test_() -> {timeout, 0.3, ?_test(timer:sleep(5000))}.
-ifdef(TEST).
last_test() -> ok.
-endif.
"""

NOT_CANCELLED = [
    "  got exception error: other\n  in cancelled:",
    "FAIL cancelled:second_test_/0 cancelled.act\n  *** test module not found ***\n",
    "FAIL cancelled:third_test_/0 cancelled.act\n  *** context setup failed ***\n",
    "5 tests, failed 4, passed 1.\n",
]

DOCUMENTED = """-module(documented).
%% Examples of each kind, good ones and bad ones.
%%
%% Example module doc_twice:
%%     twice(X) -> {X,
%%         X}.
-export([say/1]).
%% say(Text) -> ok. Example: `documented:say("a\\"b")` prints `<a"b>\\n`. Example: `documented:say(x)` prints `<y>...`.
%% An example may go on: Example: `doc_twice:twice(1)
%%     =:= {1, 1}`. Example: `logger:error("bad ~w", [1])` logs `=ERROR REPORT==== ... ===\\nbad 1\\n`.
%% Example: `logger:info("not seen")` logs `seen`. Example: `halt(3)` ends with status
%% `3`. Example: `halt(4)` ends with status `5`.
say(Text) -> io:format("<~s>~n", [Text]).
"""

DOCUMENTED_FAILURES = [
    "FAIL documented:example/0 documented.act:8\n  expression    documented:say(x) prints\n"
    "  expected      \"<y>...\"\n  got           \"<x>\\n\"\n",
    "FAIL documented:example/0 documented.act:11\n  expression    logger:info(\"not seen\") logs\n"
    "  expected      \"seen\"\n  got           []\n",
    "FAIL documented:example/0 documented.act:12\n  expression    halt(4) ends with status\n"
    "  expected      \"5\"\n  got           \"4\"\n",
    "7 tests, failed 3, passed 4.\n",
]

LEFT = [
    r"LEFT leaks:process_test/0 leaks\.act\n  process <[\d.]+>, registered as stays, in leaks:'-process_test/0-fun-0-'/0\n\n",
    r"LEFT leaks:table_test/0 leaks\.act\n  table a_table of <[\d.]+>\n\n",
    r"LEFT leaks:timer_test/0 leaks\.act\n(  timer of <[\d.]+>, sends to .* in 59\d\d\d ms\n){2}\n",
    r"7 tests passed, 3 left something behind\.\n",
    r"leaks +10 +8 +80\.0 %\n",
    r"total +10 +8 +80\.0 %\npages: pages/index\.html\n",
]

EXPECTED = [
    "FAIL sample:bad_test/0 sample.act\n  expression    # { a => add ( 1 , 2 ) }\n"
    "  expected      #{a => 1}\n  got           #{a => 3}\n"
    "  difference    key a: 1 -> 3\n  in sample:bad_test/0 (sample.act:7)\n  printed:\n    hello\n",
    "FAIL sample:gen_test_/0 (title) sample.act:8\n  expression    { error , add ( 1 , 2 ) }\n"
    "  pattern       { ok , _ }\n  got           {error,3}\n",
    "FAIL sample:slow_test_/0 sample.act:9\n  timed out\n",
    "FAIL sample:example/0 sample.act:4\n  expression    sample:add(1, 2) =:= 4\n"
    "  expected      4\n  got           3\n",
    "6 tests, failed 4, passed 2.\n",
]

failed = 0


def check(what, good, shown=""):
    global failed
    if not good:
        failed += 1
        print(f"FAIL {what}\n{shown}")


def main():
    act = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "sample.act"), "w", encoding="utf-8") as out:
            out.write(SAMPLE)

        def run(*words):
            return subprocess.run([act, *words], cwd=folder, capture_output=True, text=True,
                                  timeout=60, check=False)

        got = run("test", "--junit", "out.xml", "sample.act")
        check("status of failures", got.returncode == 1, got.stderr)
        for text in EXPECTED:
            check("output", text in got.stdout, f"expected {text}\ngot {got.stdout}")
        suites = xml.parse(os.path.join(folder, "out.xml")).getroot()
        check("junit", suites.get("tests") == "6" and suites.get("failures") == "4")
        check("junit cases", len(list(suites.iter("failure"))) == 4)
        got = run("test", "--filter", "sample:good", ".")
        check("filter", got.returncode == 0 and got.stdout == "1 test passed.\n", got.stdout)
        got = run("test", "--seed", "7", "--filter", "sample:good")
        check("seed", got.returncode == 0 and got.stdout == "1 test passed.\n", got.stdout)
        with open(os.path.join(folder, "documented.act"), "w", encoding="utf-8") as out:
            out.write(DOCUMENTED)
        got = run("test", "documented.act")
        check("status of wrong examples", got.returncode == 1, got.stderr)
        for text in DOCUMENTED_FAILURES:
            check("examples", text in got.stdout, f"expected {text}\ngot {got.stdout}")
        with open(os.path.join(folder, "leaks.act"), "w", encoding="utf-8") as out:
            out.write(LEAKS)
        got = run("test", "--cover=pages", "leaks.act")
        check("status of leaks", got.returncode == 0, got.stderr)
        for text in LEFT:
            check("what is left, and lines", re.search(text, got.stdout), f"expected {text}\ngot {got.stdout}")
        check("only those", got.stdout.count("LEFT") == 3, got.stdout)
        with open(os.path.join(folder, "pages", "leaks.html"), encoding="utf-8") as page:
            rows = page.read()
        check("a line that ran", '<tr class="run"><td>6</td><td>6</td>' in rows or
              '<tr class="run"><td>6</td><td>3</td>' in rows, rows)
        check("a line that did not", '<tr class="not"><td>10</td><td>0</td>' in rows, rows)
        with open(os.path.join(folder, "cancelled.act"), "w", encoding="utf-8") as out:
            out.write(CANCELLED)
        got = run("test", "cancelled.act", "--schedulers", "1", "--junit", "out.xml")
        for text in NOT_CANCELLED:
            check("not cancelled", text in got.stdout, f"expected {text}\ngot {got.stdout}")
        cases = list(xml.parse(os.path.join(folder, "out.xml")).getroot().iter("testcase"))
        check("junit classes", {c.get("classname") for c in cases} == {"cancelled"})
        times = {c.get("name").split("/")[0]: float(c.get("time")) for c in cases}
        check("junit times", 0.3 <= times["slow_test_"] < 5, times)
        got = run("test", "cancelled.act", "-D", "NOTEST", "--filter", "last")
        check("NOTEST", got.stdout == "There were no tests to run.\n", got.stdout)
        with open(os.path.join(folder, "ends.act"), "w", encoding="utf-8") as out:
            out.write("-module(ends).\n-include_lib(\"eunit/include/eunit.hrl\").\na_test() -> halt(0).\nb_test() -> error(wrong).\n")
        got = run("test", "ends.act")
        check("a test that ends the program", got.returncode == 1 and got.stderr == "act test: a test ended the program\n", got.stderr)
        check("no such file", run("test", "nothing.act").returncode == 2)
        check("bad option", run("test", "--what", ".").returncode == 2)
        check("help", run("test", "--help").stdout.startswith("usage: act test"))
        got = run("doc", "lists:keyfind")
        check("doc of a function", got.returncode == 0 and "keyfind(Key, N, Tuples)" in got.stdout,
              got.stdout)
        got = run("doc", "lists")
        check("doc of a module", "keyfind/3" in got.stdout and got.returncode == 0, got.stdout)
        got = run("doc", "gen_server")
        check("doc of a module: not what others call", "cast/2" in got.stdout and "wake_hib" not in got.stdout, got.stdout)
        got = run("doc", "sample:add/2")
        check("doc of a source", "add(A, B) -> Sum." in got.stdout, got.stdout)
        check("doc of nothing", run("doc", "no_such_module_here").returncode == 1)
        got = run("doc", "erlang:'--'/2")
        check("doc of an operator", got.returncode == 0 and "'--'(A, B) -> List." in got.stdout, got.stdout)
        check("doc of no function", run("doc", "lists:nothing").returncode == 1)
        check("doc without a word", run("doc").returncode == 2)
    return 1 if failed else 0


sys.exit(main())
