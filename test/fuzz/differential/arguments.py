#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What functions of the library do with arguments of all kinds, on Act and on Erlang; prints the calls that differ.

  arguments.py string                   all functions of a module
  arguments.py string split find        those
  arguments.py --count 1000 lists merge all pairs of arguments

Functions that end the machine or touch it (halt, spawn, ...) are not for this. The last line is `N calls, N differ`."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

import execute

OPAQUE = execute.OPAQUE + [(re.compile(r"timeout"), "slow")]


def functions(module, names):
    """["name/arity"] of what Erlang's module exports."""
    ask = 'io:format("~p", [[atom_to_list(F) ++ "/" ++ integer_to_list(A) || {F, A} <- %s:module_info(exports)]]), halt().' % module
    out = subprocess.run(["erl", "-noshell", "-eval", ask], check=True, stdout=subprocess.PIPE).stdout.decode()
    found = sorted(re.findall(r'"([^"]*)"', out))
    return [f for f in found if 0 < int(f.split("/")[1]) < 6 and not f.startswith("module_info") and (not names or f.split("/")[0] in names)]


def lines(command, folder):
    out = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    text = out.decode(errors="replace")
    for pattern, plain in OPAQUE:
        text = pattern.sub(plain, text)
    return text.splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--act", default=os.path.join(execute.ROOT, "build", "act"))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", default="300")
    parser.add_argument("module")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    words = [args.module, args.seed, args.count, *functions(args.module, args.names)]
    folder = tempfile.mkdtemp(prefix="act-arguments-")
    try:
        source = os.path.join(execute.HERE, "arguments.act")
        shutil.copy(source, folder)
        shutil.copy(source, os.path.join(folder, "arguments.erl"))
        subprocess.run(["erlc", "arguments.erl"], cwd=folder, check=True)
        theirs = lines(["erl", "-noshell", "+S", "1", "-kernel", "logger_level", "none", "-eval", "io:setopts(user, [{encoding, unicode}])",
                        "-run", "arguments", "main", *words, "-s", "init", "stop"], folder)
        ours = lines([os.path.abspath(args.act), "run", "arguments.act", *words], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    differing = [(o, t) for o, t in zip(ours, theirs) if o != t]
    for o, t in differing:
        print("%s\n    erl: %s" % (o, t.split(" -> ", 1)[-1]))
    failed = len(differing) + abs(len(ours) - len(theirs))
    print("%d calls, %d differ" % (len(theirs), failed))
    return 1 if failed or not theirs else 0


if __name__ == "__main__":
    sys.exit(main())
