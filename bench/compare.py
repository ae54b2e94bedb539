#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs each program of bench/programs on act and on Erlang in turn, and compares the medians.

  bench/compare.py --act build/act [--rounds 5] [fib ring ...]

The rounds are interleaved, so that a slow spell of the machine hits both. Each program prints
its own time in microseconds, without start and compilation; `hello` is the whole process, where
Erlang runs a compiled module and act compiles the source.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "programs")


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="programs; default: all")
    parser.add_argument("--act", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--timeout", type=float, default=300)
    return parser.parse_args()


def compile_erlang(name, folder):
    """A .beam of the program, as erlc makes it."""
    source = os.path.join(folder, name + ".erl")
    shutil.copy(os.path.join(PROGRAMS, name + ".act"), source)
    subprocess.run(["erlc", "-o", folder, source], check=True)


def run(command, timeout):
    """Standard output, and milliseconds of the whole process; None if it failed."""
    started = time.perf_counter()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None, None
    elapsed = (time.perf_counter() - started) * 1000
    return (done.stdout.decode(), elapsed) if done.returncode == 0 else (None, None)


def measure(name, command, timeout):
    """Milliseconds of one run, None if it failed."""
    out, elapsed = run(command, timeout)
    if out is None:
        return None
    if name == "hello":
        return elapsed if out == "Hello, world!\n" else None
    try:
        return int(out) / 1000
    except ValueError:
        return None


def median(times):
    good = [t for t in times if t is not None]
    return statistics.median(good) if len(good) == len(times) and good else None


def show(ms):
    return "failed" if ms is None else "%.1f ms" % ms


def main():
    args = parse_args()
    names = args.names or sorted(f[:-4] for f in os.listdir(PROGRAMS) if f.endswith(".act"))
    act = os.path.abspath(args.act)
    folder = tempfile.mkdtemp(prefix="act-bench-")
    failed = False
    try:
        print("%-12s %14s %14s %10s" % ("program", "act", "erlang", "act/erl"))
        for name in names:
            compile_erlang(name, folder)
            act_cmd = [act, "run", os.path.join(PROGRAMS, name + ".act")]
            erl_cmd = ["erl", "+P", "4000000", "-noshell", "-pa", folder, "-s", name, "main",
                       "-s", "erlang", "halt"]
            ours, theirs = [], []
            for _ in range(args.rounds):
                ours.append(measure(name, act_cmd, args.timeout))
                theirs.append(measure(name, erl_cmd, args.timeout))
            a, e = median(ours), median(theirs)
            failed = failed or a is None or e is None
            ratio = "-" if a is None or e is None else "%.2f" % (a / e)
            print("%-12s %14s %14s %10s" % (name, show(a), show(e), ratio), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
