#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long single calls take on Act and on Erlang: the cases of micro.act, the slowest beside Erlang first.

  micro.py --act build/act [--rounds N] [--all] [WORDS]   only cases whose names contain a word; without --all only where Act is slower

The two machines run in turn; a case's figure is its least. Natives should be at 1, what is Act code on both sides at 4: there Erlang's is compiled
to machine code. A call of less than 20 ns measures the interpreter.
"""
import argparse
import os
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command):
    """{case: nanoseconds}"""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=1200, check=True)
    return {line.split("\t")[0]: float(line.split("\t")[1]) for line in done.stdout.decode().splitlines()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--act", required=True)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    source = os.path.join(HERE, "micro.act")
    folder = tempfile.mkdtemp(prefix="act-micro-")
    try:
        shutil.copy(source, os.path.join(folder, "micro.erl"))
        subprocess.run(["erlc", "-o", folder, os.path.join(folder, "micro.erl")], check=True, stdout=subprocess.DEVNULL)
        act, erl = [], []
        for _ in range(args.rounds):
            act.append(run([os.path.abspath(args.act), "run", source] + args.words))
            erl.append(run(["erl", "-noinput", "-pa", folder, "-run", "micro", "main"] + args.words))
    finally:
        shutil.rmtree(folder)
    rows = []
    for case in act[0]:
        a, e = min(r[case] for r in act), min(r[case] for r in erl)
        rows.append((a / e, case, a, e))
    print("%-32s %12s %12s %8s" % ("case", "act ns", "erlang ns", "act/erl"))
    for ratio, case, a, e in sorted(rows, reverse=True):
        if args.all or ratio > 1:
            print("%-32s %12.1f %12.1f %8.2f" % (case, a, e, ratio))
    print("%d of %d cases are at least level" % (sum(r[0] <= 1 for r in rows), len(rows)))


if __name__ == "__main__":
    main()
