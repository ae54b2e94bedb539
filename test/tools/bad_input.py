#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input: each case must give a clear message with a code, the right exit status, in time.

  test/tools/bad_input.py --act build/act [--large] [NAME...]

--large adds the cases that take long (a source of 50 MB). Ends with `N passed, N failed`.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HEAD = "-module({0}).\n-export([main/0]).\nmain() -> "


def source(name, body):
    return (HEAD.format(name) + body + ".\n").encode()


def many_clauses():
    clauses = ";\n".join("f({k%d, X, [%d | _]}) -> X + %d" % (i, i, i) for i in range(10_000))
    return ("-module(a).\n-export([main/0]).\n" + clauses + ".\n"
            "main() -> io:format(\"~p~n\", [f({k9999, 1, [9999]})]).\n").encode()


def many_functions():
    functions = "".join("f%d(X) -> f%d(X + 1).\n" % (i, i + 1) for i in range(20_000))
    return ("-module(a).\n-export([main/0]).\n" + functions +
            "f20000(X) -> X.\nmain() -> io:format(\"~p~n\", [f0(0)]).\n").encode()


def arguments(count):
    names = ", ".join("A%d" % i for i in range(count))
    values = ", ".join(str(i) for i in range(count))
    return ("-module(a).\n-export([main/0]).\nf(%s) -> A%d.\nmain() -> io:format(\"~p~n\", [f(%s)]).\n"
            % (names, count - 1, values)).encode()


def guarded(expression):
    """Prints the reason of the exception, then that the program goes on."""
    return (HEAD.format("a") + "try %s of V -> io:format(\"value ~P~n\", [V, 9]) catch error:R -> "
            "io:format(\"~p~n\", [R]) end, io:format(\"goes on~n\").\nid(X) -> X.\n" % expression).encode()


def large_source():
    clause = ("f%d(X) when X > %d -> [X, {tuple, %d, \"some text here\"} | f%d(X - 1)];\n"
              "f%d(X) -> X + %d.\n")
    parts = [HEAD.format("large") + "io:format(\"~p~n\", [f0(1)]).\n"]
    size, i = 0, 0
    while size < 50_000_000:
        parts.append(clause % (i, i, i, i, i, i))
        size += len(parts[-1])
        i += 1
    return "".join(parts).encode()


# name: (file name, its bytes or None, words after `act`, exit status, what the output must match)
CASES = {
    "syntax_error": ("a.act", source("a", "foo("), ["run", "a.act"], 1, r"a\.act:3:.*error\[E\d+\]"),
    "several_errors": ("a.act", b"-module(a).\nf( -> ok.\ng(X) -> Y.\nh() -> [1.\n", ["check", "a.act"], 1,
                       r"(?s)a\.act:2:.*a\.act:4:.*errors"),
    "missing_file": (None, None, ["run", "none.act"], 1, r"error\[E0001\].*none\.act\": No such file"),
    "missing_module": ("a.act", source("a", "nomod:f(1)"), ["run", "a.act"], 1, r"undefined function.*nomod:f/1"),
    "missing_function": ("a.act", source("a", "lists:nosuch(1)"), ["run", "a.act"], 1,
                         r"undefined function.*lists:nosuch/1"),
    "undefined_function": ("a.act", source("a", "man()"), ["run", "a.act"], 1, r"error\[E\d+\].*man/0"),
    "wrong_name": ("a.act", source("other", "ok"), ["run", "a.act"], 1, r"error\[E\d+\].*'other'.*a"),
    "wrong_magic": ("a.actb", b"BEAM!!!!xxxxxxxxxxxxxxx", ["run", "a.actb"], 1, r"a\.actb.*magic"),
    "empty_module_file": ("a.actb", b"", ["run", "a.actb"], 1, r"a\.actb"),
    "long_atom": ("a.act", source("a", "a" * 300), ["run", "a.act"], 1, r"error\[E\d+\].*300 characters.*255"),
    "long_line": ("a.act", source("a", "length(\"" + "x" * 3_000_000 + "\")"), ["run", "a.act"], 0, r"^$"),
    "nul_byte": ("a.act", source("a", "o\0k"), ["run", "a.act"], 1, r"error\[E\d+\].*NUL"),
    "nested_brackets": ("a.act", source("a", "[" * 100_000 + "]" * 100_000), ["run", "a.act"], 1,
                        r"error\[E\d+\].*nested too deeply"),
    "nested_parentheses": ("a.act", source("a", "(" * 100_000 + "ok" + ")" * 100_000), ["run", "a.act"], 0, r"^$"),
    "unclosed_brackets": ("a.act", source("a", "[" * 100_000), ["run", "a.act"], 1, r"error\[E\d+\]"),
    "no_such_transform": ("a.act", b"-module(a).\n-compile({parse_transform, nosuch}).\nmain() -> ok.\n",
                          ["run", "a.act"], 1, r"undefined parse transform 'nosuch'"),
    "transform_that_is_none": ("a.act", b"-module(a).\n-compile([{parse_transform, lists}]).\nmain() -> ok.\n",
                               ["check", "a.act"], 1, r"undefined parse transform 'lists'"),
    "error_behind_a_transform": ("a.act", b"-module(a).\n-compile({parse_transform, ms_transform}).\n-export([main/0]).\n"
                                 b"main() -> X.\n", ["run", "a.act"], 1, r"(?s)a\.act:4:11: error: variable 'X' is unbound.*main\(\) -> X"),
    "no_main": ("a.act", b"-module(a).\n-export([f/0]).\nf() -> ok.\n", ["run", "a.act"], 1, r"error\[R0001\].*main/0"),
    "empty_source": ("a.act", b"", ["run", "a.act"], 1, r"error\[E\d+\]"),
    "noise": ("a.act", bytes((i * 7919 + i // 3) % 256 for i in range(5000)), ["check", "a.act"], 1, r"error\[E\d+\]"),
    "directory": (None, None, ["run", "."], 1, r"error\[E0001\].*Is a directory"),
    "unknown_command": (None, None, ["bogus"], 2, r"act help"),
    "unknown_option": (None, None, ["run", "--bogus", "a.act"], 2, r"act help run"),
    "no_file": (None, None, ["run"], 2, r"which file"),
    # Modules of the library that were not loaded before are loaded all the same.
    "all_atoms_used": ("a.act", b"-module(a).\n-export([main/0]).\nfill(I) -> try list_to_atom([$A, $t | integer_to_list(I)]) of _ -> fill(I + 1) "
                       b"catch error:R -> R end.\nmain() -> R = fill(1), io:format(\"~p ~p~n\", [R, gb_sets:to_list(gb_sets:from_list([b, a]))]), "
                       b"io:format(\"~p ~p~n\", [catch element(1, element(2, catch binary_to_atom(<<\"not seen before\">>))), list_to_existing_atom(\"lists\")]), "
                       b"{_, M} = spawn_monitor(fun() -> exit(done) end), receive {'DOWN', M, _, _, W} -> io:format(\"~p~n\", [W]) end.\n",
                       ["run", "a.act"], 0, r"^system_limit \[a,b\]\nsystem_limit lists\ndone$"),
    "huge_segment": ("a.act", guarded("<<1:(id(1 bsl 60))>>"), ["run", "a.act"], 0, r"^system_limit\ngoes on$"),
    "huge_literal_segment": ("a.act", guarded("<<1:1152921504606846976>>"), ["run", "a.act"], 0,
                             r"^system_limit\ngoes on$"),
    "huge_segment_units": ("a.act", guarded("<<1:(id(1 bsl 60))/unit:256>>"), ["run", "a.act"], 0,
                           r"^system_limit\ngoes on$"),
    "huge_binary_segment": ("a.act", guarded("<<(id(<<1>>)):(id(1 bsl 60))/binary>>"), ["run", "a.act"], 0,
                            r"^system_limit\ngoes on$"),
    "huge_pattern_size": ("a.act", guarded("case id(<<1>>) of <<_:1152921504606846976>> -> a; <<_:(1 bsl 60)/"
                                           "unit:256>> -> b; _ -> none end"), ["run", "a.act"], 0, r"value none"),
    "huge_comprehension": ("a.act", guarded("<< <<X:(id(1 bsl 60))>> || X <- [1] >>"), ["run", "a.act"], 0,
                           r"^system_limit\ngoes on$"),
    "huge_shift": ("a.act", guarded("1 bsl id(1 bsl 40)"), ["run", "a.act"], 0, r"^system_limit\ngoes on$"),
    "huge_literal_shift": ("a.act", guarded("1 bsl (1 bsl 40)"), ["run", "a.act"], 0,
                           r"^system_limit\ngoes on$"),
    "huge_shift_in_if": ("a.act", b"-module(a).\n-if(1 bsl (1 bsl 40) > 0).\n-error(no).\n-endif.\n",
                         ["check", "a.act"], 0, r"^$"),
    "huge_copy": ("a.act", guarded("binary:copy(<<0>>, 1 bsl 50)"), ["run", "a.act"], 0,
                  r"^system_limit\ngoes on$"),
    "huge_heap": ("a.act", guarded("spawn_opt(fun() -> ok end, [{min_heap_size, 1 bsl 60}])"), ["run", "a.act"], 0,
                  r"^badarg\ngoes on$"),
    "many_clauses": ("a.act", many_clauses, ["run", "a.act"], 0, r"^10000$"),
    "many_functions": ("a.act", many_functions, ["run", "a.act"], 0, r"^20000$"),
    "deep_addition": ("a.act", source("a", "0" + " + 1" * 100_000), ["run", "a.act"], 1,
                      r"error\[E\d+\].*nested too deeply"),
    "deep_calls": ("a.act", source("a", "abs(" * 100_000 + "1" + ")" * 100_000), ["run", "a.act"], 1,
                   r"error\[E\d+\].*nested too deeply"),
    "deep_funs": ("a.act", source("a", "fun() -> " * 100_000 + "1" + " end" * 100_000), ["run", "a.act"], 1,
                  r"error\[E\d+\].*nested too deeply"),
    "deep_types": ("a.act", b"-module(a).\n-export_type([t/0]).\n-type t() :: " + b"[" * 100_000 + b"a" +
                   b"]" * 100_000 + b".\n", ["check", "a.act"], 1, r"error\[E\d+\]"),
    "deep_conditions": ("a.act", b"-module(a).\n" + b"-ifdef(A).\n" * 100_000 + b"-endif.\n" * 100_000,
                        ["check", "a.act"], 0, r"^$"),
    "deep_if": ("a.act", b"-module(a).\n-if(" + b"{" * 100_000 + b"}" * 100_000 + b" == 1).\n-endif.\n",
                ["check", "a.act"], 1, r"error\[E\d+\]"),
    "arguments_255": ("a.act", arguments(255), ["run", "a.act"], 0, r"^254$"),
    "arguments_256": ("a.act", arguments(256), ["run", "a.act"], 1, r"error\[E0028\].*255"),
    "missing_include": ("a.act", b"-module(a).\n-include(\"b.hrl\").\n", ["check", "a.act"], 1,
                            r"error\[E0208\].*b\.hrl"),
    "macro_of_itself": ("a.act", source("a", "?A(1)").replace(b"main()", b"-define(A(X), {X, ?A(X)}).\nmain()", 1),
                        ["check", "a.act"], 1, r"error\[E0204\].*itself"),
    "macro_that_grows": ("a.act", b"-module(a).\n-define(M0, a).\n" + b"".join(
        b"-define(M%d, ?M%d, ?M%d).\n" % (i, i - 1, i - 1) for i in range(1, 60)) + b"f() -> [?M59].\n",
        ["check", "a.act"], 1, r"error\[E0216\].*longer than"),
    "include_loop": ("a.act", b"-module(a).\n-include(\"a.act\").\n", ["check", "a.act"], 1, r"error\[E\d+\]"),
    "macro_loop": ("a.act", b"-module(a).\n-export([main/0]).\n-define(A, ?B).\n-define(B, ?A).\nmain() -> ?A.\n",
                   ["check", "a.act"], 1, r"error\[E\d+\]"),
    "nested_tuples": ("a.act", source("a", "{" * 100_000 + "ok" + "}" * 100_000), ["run", "a.act"], 1,
                      r"error\[E0030\].*5000 levels"),
    "long_sum": ("a.act", source("a", "X = 1, " + "+".join(["X"] * 100_000)), ["run", "a.act"], 1, r"error\[E0030\]"),
    "nested_cases": ("a.act", source("a", "X = 1, " + "case X of 1 -> " * 50_000 + "X" + " end" * 50_000), ["run", "a.act"], 1,
                     r"error\[E0030\]"),
    "255_arguments": ("a.act", source("a", "f(" + ", ".join(map(str, range(255))) + ").\nf("
                                      + ", ".join("A%d" % i for i in range(255)) + ") -> io:format(\"~w~n\", [A0 + A254])"),
                      ["run", "a.act"], 0, r"254\n$"),
    "256_arguments": ("a.act", source("a", "ok.\nf(" + ", ".join("A%d" % i for i in range(256)) + ") -> A0"), ["run", "a.act"], 1,
                      r"error\[E0028\].*255"),
    "10000_clauses": ("a.act", source("a", "io:format(\"~w~n\", [f({9999, x})]).\n"
                                      + ";\n".join("f({%d, X}) -> {X, %d}" % (i, i) for i in range(10_000))),
                      ["run", "a.act"], 0, r"\{x,9999\}\n$"),
    "20000_functions": ("a.act", source("a", "f19999(1).\n" + "".join("f%d(X) -> g(X, %d).\n" % (i, i) for i in range(20_000))
                                        + "g(X, Y) -> io:format(\"~w~n\", [{X, Y}])"), ["run", "a.act"], 0, r"\{1,19999\}\n$"),
    "long_list_pattern": ("a.act", source("a", "io:format(\"~w~n\", [f(lists:seq(1, 20000))]).\nf(["
                                          + ", ".join(map(str, range(1, 20_001))) + "]) -> yes;\nf(_) -> no"), ["run", "a.act"], 0,
                          r"yes\n$"),
    "65000_live_values": ("a.act", source("a", ", ".join("X%d = h([%d])" % (i, i) for i in range(65_000))
                                          + ", io:format(\"~w~n\", [h([" + ", ".join("X%d" % i for i in range(65_000))
                                          + "])]).\nh(L) -> lists:sum(L)"), ["run", "a.act"], 0, r"2112467500\n$"),
    "66000_live_values": ("a.act", source("a", ", ".join("X%d = h([%d])" % (i, i) for i in range(66_000))
                                          + ", h([" + ", ".join("X%d" % i for i in range(66_000)) + "]).\nh(L) -> lists:sum(L)"),
                          ["run", "a.act"], 1, r"error\[E0172\].*65535"),
}
LARGE = {
    "source_of_50_MB": ("large.act", large_source, ["run", "large.act"], 0, r"some text here"),
}


def run_case(act, name, case):
    file_name, content, words, status, pattern = case
    with tempfile.TemporaryDirectory() as folder:
        if file_name:
            with open(os.path.join(folder, file_name), "wb") as out:
                out.write(content() if callable(content) else content)
        try:
            done = subprocess.run([act] + words, cwd=folder, stdin=subprocess.DEVNULL, timeout=300,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired:
            return "did not end within 300 s"
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != status:
        return "exit status %d, not %d; output: %s" % (done.returncode, status, text[:400])
    if not re.search(pattern, text):
        return "output does not match %s: %s" % (pattern, text[:400])
    return None


# Where standard output takes nothing: exit status and what standard error must match.
FULL = {
    "full_output": (["eval", "catch io:put_chars(\"x\"), try io:format(\"x\") catch error:R -> "
                     "io:format(standard_error, \"~p~n\", [R]), halt(3) end"], 3, r"^terminated$"),
    "full_output_of_help": (["help"], 1, r"^act: standard output: No space left on device$"),
    "no_such_stage": (["compile", "--dump=nothing", "a.act"], 2, r"there is no stage `nothing`"),
}


def run_full(act, name):
    words, status, pattern = FULL[name]
    with tempfile.TemporaryDirectory() as folder, open("/dev/full", "wb") as full:
        with open(os.path.join(folder, "a.act"), "wb") as out:
            out.write(source("a", "ok"))
        done = subprocess.run([act] + words, cwd=folder, stdin=subprocess.DEVNULL, timeout=60, stdout=full,
                              stderr=subprocess.PIPE)
    text = done.stderr.decode("utf-8", "replace")
    if done.returncode != status or not re.search(pattern, text, re.M):
        return "exit status %d, not %d, or standard error does not match %s: %s" % (done.returncode, status, pattern, text)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act", required=True)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    cases = dict(CASES, **LARGE) if args.large else CASES
    failed = 0
    chosen = [name for name in [*cases, *FULL] if not args.names or name in args.names]
    for name in chosen:
        act = os.path.abspath(args.act)
        problem = run_full(act, name) if name in FULL else run_case(act, name, cases[name])
        if problem:
            failed += 1
            print("FAIL %s: %s" % (name, problem))
    print("%d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
