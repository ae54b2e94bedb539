#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The order of the code path: the last -pa comes first, and before the program's own folder, as in Erlang.

  test/tools/code_path.py --act build/act [--erl]

Three folders have the module `which`; --erl runs the same words with erl.
"""
import argparse
import os
import subprocess
import sys
import tempfile

PROGRAM = """-module(path).
-export([main/0]).
main() ->
    [_ | _] = Path = [P || P <- code:get_path(), string:find(P, "erlang") =:= nomatch, P =/= "."],
    io:format("~s ~0p~n", [which:folder(), Path]).
"""
# words before the program: what it must print
CASES = {
    "-pa a": 'a ["a"]',
    "-pa a -pa b": 'b ["b","a"]',
    "-pa b -pa a": 'a ["a","b"]',
}


def run(args, folder, words):
    if args.erl:
        command = ["erl", "-noinput", *words, "-s", "path", "main", "-s", "init", "stop"]
    else:
        command = [os.path.abspath(args.act), "run", *words, "path.erl"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act", default="build/act")
    parser.add_argument("--erl", action="store_true")
    args = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        sources = {"a/which.erl": '-module(which). -export([folder/0]). folder() -> "a".\n',
                   "b/which.erl": '-module(which). -export([folder/0]). folder() -> "b".\n',
                   "which.erl": '-module(which). -export([folder/0]). folder() -> ".".\n',
                   "path.erl": PROGRAM}
        for name, text in sources.items():
            os.makedirs(os.path.join(folder, os.path.dirname(name)), exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
            if args.erl:
                subprocess.run(["erlc", os.path.basename(name)], check=True,
                               cwd=os.path.join(folder, os.path.dirname(name)))
        for words, expected in CASES.items():
            printed = run(args, folder, words.split())
            if printed != expected:
                failed += 1
                print("%s: printed %r, not %r" % (words, printed, expected))
    print("%d passed, %d failed" % (len(CASES) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
