#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the programs of bench/library on act and on Erlang in turn, and compares what they measured.

  bench/library.py --act build/act [--rounds 3] [lib_lists lib_maps ...]

The rounds are interleaved. Each program prints lines `NAME MICROSECONDS`; the medians of the rounds are shown. AIM
says what is asked of a case: 1 (no worse than Erlang) for what C code does on both sides, 4 for what is Act on our
interpreter and compiled code in Erlang. Modules json and act_json are compiled by erlc from our source. Status 1: a program failed.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "library")
# Cases whose work is done by C code in Act; all others are Act.
NATIVE = ("lists:sort", "maps:put", "maps:get", "binary:split", "re:run", "term_to_binary", "binary_to_term", "iolist", "product",
          "factorial", "16,326 digits")


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="programs; default: all")
    parser.add_argument("--act", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=900)
    return parser.parse_args()


def compile_erlang(name, folder):
    source = os.path.join(folder, name + ".erl")
    where = PROGRAMS if name.startswith("lib_") else os.path.join(HERE, "..", "stdlib")
    shutil.copy(os.path.join(where, name + ".act"), source)
    subprocess.run(["erlc", "+nowarn_shadow_vars", "-o", folder, source], check=True, stdout=subprocess.DEVNULL)


def run(command, timeout):
    """The cases of one run in their order: {name: milliseconds}; None if it failed."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        print(done.stderr.decode(errors="replace")[:500], file=sys.stderr)
        return None
    rows = [line.rsplit(" ", 1) for line in done.stdout.decode().splitlines()]
    return {name: int(time) / 1000 for name, time in rows}


def compare(name, act, folder, args):
    compile_erlang(name, folder)
    act_cmd = [act, "run", os.path.join(PROGRAMS, name + ".act")]
    erl_cmd = ["erl", "-noshell", "-pa", folder, "-s", name, "main", "-s", "erlang", "halt"]
    rounds = [(run(act_cmd, args.timeout), run(erl_cmd, args.timeout)) for _ in range(args.rounds)]
    if any(a is None or e is None or a.keys() != e.keys() for a, e in rounds):
        print(f"{name} failed")
        return False
    for case in rounds[0][0]:
        a = statistics.median(r[0][case] for r in rounds)
        e = statistics.median(r[1][case] for r in rounds)
        aim = 1 if case.startswith(NATIVE) else 4
        ratio = a / max(e, 0.001)
        print("%-38s %10.1f ms %10.1f ms %8.2f %4d%s" % (case, a, e, ratio, aim, "" if ratio <= aim else "  missed"),
              flush=True)
    return True


def main():
    args = parse_args()
    act = os.path.abspath(args.act)
    names = args.names or sorted(f[:-4] for f in os.listdir(PROGRAMS) if f.endswith(".act"))
    folder = tempfile.mkdtemp(prefix="act-bench-")
    try:
        for name in ["json", "act_json"] if "lib_json" in names else []:
            compile_erlang(name, folder)
        print("%-38s %13s %13s %8s %4s" % ("case", "act", "erlang", "act/erl", "aim"))
        good = [compare(name, act, folder, args) for name in names]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
