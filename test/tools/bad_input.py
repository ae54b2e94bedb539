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
    "missing_file": (None, None, ["run", "none.act"], 1, r"error\[E0001\].*none\.act"),
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
    "no_main": ("a.act", b"-module(a).\n-export([f/0]).\nf() -> ok.\n", ["run", "a.act"], 1, r"error\[R0001\].*main/0"),
    "empty_source": ("a.act", b"", ["run", "a.act"], 1, r"error\[E\d+\]"),
    "noise": ("a.act", bytes((i * 7919 + i // 3) % 256 for i in range(5000)), ["check", "a.act"], 1, r"error\[E\d+\]"),
    "directory": (None, None, ["run", "."], 1, r"error\[E0001\]"),
    "unknown_command": (None, None, ["bogus"], 2, r"act help"),
    "unknown_option": (None, None, ["run", "--bogus", "a.act"], 2, r"act help run"),
    "no_file": (None, None, ["run"], 2, r"which file"),
    "include_loop": ("a.act", b"-module(a).\n-include(\"a.act\").\n", ["check", "a.act"], 1, r"error\[E\d+\]"),
    "macro_loop": ("a.act", b"-module(a).\n-export([main/0]).\n-define(A, ?B).\n-define(B, ?A).\nmain() -> ?A.\n",
                   ["check", "a.act"], 1, r"error\[E\d+\]"),
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act", required=True)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    cases = dict(CASES, **LARGE) if args.large else CASES
    failed = 0
    chosen = [name for name in cases if not args.names or name in args.names]
    for name in chosen:
        problem = run_case(os.path.abspath(args.act), name, cases[name])
        if problem:
            failed += 1
            print("FAIL %s: %s" % (name, problem))
    print("%d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
