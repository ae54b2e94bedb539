#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast the compiler is beside erlc, on the same files in one run.

  bench/compiler.py --act build/act [--rounds 3] [--single 12] [FILES...]

FILES: .act or .erl sources both can compile; default: the library's modules, the conformance programs and
the benchmarks. Files that either refuses are left out (the library has modules that OTP protects).

  many    all files in one process: act compile A B C..., erlc A B C...
  single  a process a file, over `--single` files spread over the list

Rounds are interleaved; the figures are medians, of elapsed time and of processor time (which others on the
machine disturb less).
"""
import argparse
import glob
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*")
    parser.add_argument("--act", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--single", type=int, default=12)
    return parser.parse_args()


def default_files():
    patterns = ["stdlib/*.act", "test/conformance/*/*.act", "bench/programs/*.act"]
    return sorted(f for p in patterns for f in glob.glob(os.path.join(ROOT, p)))


def run(command, folder):
    """Elapsed and processor seconds; None for a process that failed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        return None
    return elapsed, usage.ru_utime + usage.ru_stime


# Which of the files in the folder the compiler accepts, one process for all.
ACCEPTED = ('[io:format("~s~n", [F]) || F <- filelib:wildcard("*.erl"),'
            ' {ok, _, _} <- [catch compile:file(F, [binary])]]')


def gather(folder, files, act):
    """Copies the files as .act and .erl; the names that both compile."""
    for path in files:
        name = os.path.splitext(os.path.basename(path))[0]
        shutil.copy(path, os.path.join(folder, name + ".act"))
        shutil.copy(path, os.path.join(folder, name + ".erl"))
    for header in glob.glob(os.path.join(ROOT, "stdlib", "*.hrl")):
        shutil.copy(header, folder)
    out = subprocess.run(["erl", "-noshell", "-eval", ACCEPTED, "-s", "init", "stop"], cwd=folder,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    names = [line[:-4] for line in out.stdout.decode().split("\n") if line.endswith(".erl")]
    os.mkdir(os.path.join(folder, "o"))
    return [n for n in names if run([act, "compile", "-o", "o", n + ".act"], folder)]


def commands(act, names):
    return ([act, "compile", "-o", "o"] + [n + ".act" for n in names],
            ["erlc", "-o", "o"] + [n + ".erl" for n in names])


def measure(folder, act, lots, rounds):
    """For act and erlc: the median over the rounds of (elapsed, processor) summed over the lots."""
    rows = ([], [])
    for _ in range(rounds):
        for which in (0, 1):
            runs = [run(commands(act, lot)[which], folder) for lot in lots]
            if None in runs:
                return None
            rows[which].append([sum(r[i] for r in runs) for i in (0, 1)])
    return [[statistics.median(row[i] for row in rows[which]) for i in (0, 1)] for which in (0, 1)]


def main():
    args = parse_args()
    act = os.path.abspath(args.act)
    folder = tempfile.mkdtemp(prefix="act-compiler-")
    try:
        names = gather(folder, args.files or default_files(), act)
        size = sum(os.path.getsize(os.path.join(folder, n + ".act")) for n in names)
        print("%d files, %d KB" % (len(names), size // 1024))
        step = max(len(names) // args.single, 1)
        lots = {"many": [names], "single": [[n] for n in names[::step][:args.single]]}
        print("%-8s %10s %10s %9s   %10s %10s %9s" % ("", "act", "erlc", "erlc/act", "act cpu", "erlc cpu", "erlc/act"))
        worst = None
        for what, chosen in lots.items():
            times = measure(folder, act, chosen, args.rounds)
            if times is None:
                print("%-8s failed" % what)
                return 1
            (a, ac), (e, ec) = times
            print("%-8s %8.0f ms %8.0f ms %9.1f   %8.0f ms %8.0f ms %9.1f"
                  % (what, a * 1000, e * 1000, e / a, ac * 1000, ec * 1000, ec / ac))
            worst = min(e / a, ec / ac) if worst is None else min(worst, e / a, ec / ac)
        print("at least %.1f times as fast" % worst)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
