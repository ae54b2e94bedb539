#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fmt.py ACT ROOT: `act fmt` over all our sources: laid out once it stays as it is, and compiles to the same code.

The code is compared as the disassembler shows it, without the numbers of lines. A source that uses ?LINE (itself
or by a macro of the library) has lines in its terms: there all numbers are left out.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FOLDERS = ["stdlib", "test/conformance", "examples", "bench/programs", "test/delay", "test/sched"]
# Forms that no tree stands for: what macros make of them, or what a condition leaves out.
LEFT = {"arguments_as_text.act", "mac_cond.act", "mac_stringify_all.act", "mac_tokens.act", "tokens_pasted.act",
        "overloaded_and_redefined.act", "undef_and_nesting.act"}

SAMPLE = """-module( sample ).
-export([f/1,g/2,
h/3]).
-ifdef(TEST).
-define( X(A,B),A+B ).
-endif.
%% about f


f(X)->A=1,B=[A|X],case B of [1|_]->?X(A,B);_->2 end.
g(A,B)->% behind
lists:foreach(fun(Z)->io:format("~p~n",[Z]),Z end,A),
  % alone
 case A of {B,_}->1;_ when B>1,is_atom(A);B<0->2 end, <<X:8/integer,"a">> = <<>>,  "a
  b" ++ [ X || X<-A,X/=-1 ], #{a=>1,b=>#r{c=d}}, fun f/1,
 a_long_name_of_a_function(with_one_argument,with_another_argument,{a,tuple,with,elements},and_a_last_one).
h( . %% not a form
"""
EXPECTED = """-module(sample).
-export([f/1, g/2,
         h/3]).
-ifdef(TEST).
-define(X(A, B), A + B).
-endif.
%% about f

f(X) ->
    A = 1,
    B = [A | X],
    case B of [1 | _] -> ?X(A, B); _ -> 2 end.
g(A, B) -> % behind
    lists:foreach(fun(Z) ->
                      io:format("~p~n", [Z]),
                      Z
                  end, A),
    % alone
    case A of {B, _} -> 1; _ when B > 1, is_atom(A); B < 0 -> 2 end,
    <<X:8/integer, "a">> = <<>>,
    "a
  b" ++ [X || X <- A, X /= -1],
    #{a => 1, b => #r{c = d}},
    fun f/1,
    a_long_name_of_a_function(with_one_argument, with_another_argument, {a, tuple, with, elements},
                              and_a_last_one).
h( . %% not a form
"""

failed = 0


def check(what, good, shown=""):
    global failed
    if not good:
        failed += 1
        print(f"FAIL {what}\n{shown}")


def sources(folder):
    for path, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith((".act", ".hrl", ".erl")):
                yield os.path.join(path, name)


def code(act, folder):
    """The disassembly of each source, by its path; None if it does not compile."""
    shown = {}
    for path, folders, names in sorted(os.walk(folder)):
        folders.sort()
        files = sorted(n for n in names if n.endswith((".act", ".erl")))
        if not files:
            continue
        got = subprocess.run([act, "disasm", "-I", ".", *files], cwd=path, capture_output=True, text=True,
                             timeout=120, check=False)
        check(f"disassembly in {path}", got.returncode >= 0, got.returncode)
        for text in re.split(r"^(?=module )", got.stdout, flags=re.M)[1:]:
            name = text.split("\n", 1)[0]
            shown[os.path.relpath(path, folder), name] = re.sub(r"line \d+", "line", text)
    return shown


def compare_code(before, after):
    check("the same modules", before.keys() == after.keys(), before.keys() ^ after.keys())
    for key, text in before.items():
        other = after.get(key, "")
        if text != other:
            blank = re.compile(r"\d+")
            check(f"code of {key}", blank.sub("N", text) == blank.sub("N", other))


def main():
    act, root = os.path.abspath(sys.argv[1]), sys.argv[2]

    def run(*words, text=None):
        return subprocess.run([act, "fmt", *words], input=text, capture_output=True, text=True, timeout=120,
                              check=False)

    got = run("-", text=SAMPLE)
    check("sample", got.stdout == EXPECTED, got.stdout)
    check("what is not understood is named", "standard input:17: not understood" in got.stderr, got.stderr)
    check("laid out twice", run("-", text=EXPECTED).stdout == EXPECTED)
    check("--diff", "-f(X)->A" in run("--diff", "-", text=SAMPLE).stdout)
    check("--check", run("--check", "-", text=SAMPLE).returncode == 1)
    check("--check of what is laid out", run("--check", "-", text=EXPECTED).returncode == 0)
    check("no such file", run("nothing.act").returncode == 1)
    check("bad option", run("--what", "-").returncode == 2)
    latin = subprocess.run([act, "fmt", "-"], input=b"% \xe9\nf() -> 1 .\n", capture_output=True, check=False)
    check("no UTF-8", latin.returncode == 1 and latin.stdout == b"% \xe9\nf() -> 1 .\n")

    with tempfile.TemporaryDirectory() as folder:
        before, after = os.path.join(folder, "before"), os.path.join(folder, "after")
        for name in FOLDERS:
            for copy in (before, after):
                shutil.copytree(os.path.join(root, name), os.path.join(copy, name))
        count = len(list(sources(after)))
        got = run(after)
        kept = {os.path.basename(line.split(":")[0]) for line in got.stderr.splitlines()}
        check("forms not understood", kept <= LEFT, kept - LEFT)
        got = run("--check", after)
        check("laid out twice", got.returncode == 0 and got.stdout == "", got.stdout)
        compare_code(code(act, before), code(act, after))
        print(f"{count} files")
    return 1 if failed or count < 600 else 0


sys.exit(main())
