#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The differential fuzzer: random programs on Act and on Erlang, and what differs between them.

  fuzz.py --act build/act --count 500              a new seed, which is printed
  fuzz.py --act build/act --seed 7 --first 0 --count 50000 --jobs 2 --out FOLDER
  fuzz.py --seed 7 --first 123 --show              prints that program and runs nothing

Program I of seed S is always the same. A difference is written to the --out folder as NAME.act with what both
printed beside it, and shrunk (--no-shrink leaves it). Needs erl. The last line is `N passed, N failed`."""
import argparse
import concurrent.futures
import os
import secrets
import shutil
import sys
import time

import execute
import program as programs
import shrink



def make(seed, index):
    return programs.make("%s/%d" % (seed, index), "p%d" % index)


def one_batch(act, erlang, seed, first, count):
    """[(index, ours, theirs)] of those that differ, and how many were refused and too slow on both."""
    machines = execute.Machines(act, erlang)
    try:
        batch = [make(seed, i) for i in range(first, first + count)]
        results = machines.run(batch)
    finally:
        machines.close()
    differing = [(first + i, o, t) for i, (o, t) in enumerate(results)
                 if execute.differ(o, t) and not execute.only_lines(batch[i].text(), o, t)]
    refused = sum(o.startswith(execute.REFUSED) and t.startswith(execute.REFUSED) for o, t in results)
    slow = sum(execute.SLOW in o or execute.SLOW in t for o, t in results)
    tests = sum(t.count("\n") for _, t in results)
    return differing, refused, slow, tests


def keep(out, name, program, ours, theirs):
    os.makedirs(out, exist_ok=True)
    for end, text in ((".act", program.text()), (".ours", ours), (".theirs", theirs)):
        with open(os.path.join(out, name + end), "w", encoding="utf-8") as f:
            f.write(text)


def handle(args, erlang, index, ours, theirs):
    program = make(args.seed, index)
    name = "p%d" % index
    print("DIFFERS seed %s program %d" % (args.seed, index), flush=True)
    if args.out:
        keep(args.out, name, program, ours, theirs)
    if args.shrink:
        machines = execute.Machines(args.act, erlang)
        program, ours, theirs = shrink.shrink(machines, program, ours, theirs, args.shrink_seconds)
        machines.close()
        if args.out:
            keep(args.out, name + ".small", program, ours, theirs)
        print(program.text() + "--- act\n" + ours + "--- erl\n" + theirs, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--act", default=os.path.join(execute.ROOT, "build", "act"))
    parser.add_argument("--seed")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=150, help="programs for one start of the machines")
    parser.add_argument("--seconds", type=float, help="start no batch after this time")
    parser.add_argument("--out", help="folder for what differs")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    parser.add_argument("--shrink-seconds", type=float, default=90)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    if args.seed is None:
        args.seed = str(secrets.randbelow(10 ** 9))
    if args.show:
        print(make(args.seed, args.first).text())
        return 0
    print("seed %s" % args.seed, flush=True)
    erlang = execute.compiled()
    try:
        return run(args, erlang)
    finally:
        shutil.rmtree(erlang, ignore_errors=True)


def run(args, erlang):
    """All batches; the exit status."""
    started = time.monotonic()
    total = failed = refused = slow = tests = 0
    starts = iter(range(args.first, args.first + args.count, args.batch))
    with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        running = {}
        while True:
            while len(running) < args.jobs and (not args.seconds or time.monotonic() - started < args.seconds):
                first = next(starts, None)
                if first is None:
                    break
                count = min(args.batch, args.first + args.count - first)
                running[pool.submit(one_batch, args.act, erlang, args.seed, first, count)] = count
            if not running:
                break
            done, _ = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                total += running.pop(future)
                differing, r, s, n = future.result()
                refused, slow, tests = refused + r, slow + s, tests + n
                for found in differing:
                    failed += 1
                    handle(args, erlang, *found)
            if args.out:
                print("%d programs, %d differ, %.0f s" % (total, failed, time.monotonic() - started), flush=True)
    print("%d programs (%d lines of outcome), %d refused by both, %d too slow, %.0f s"
          % (total, tests, refused, slow, time.monotonic() - started))
    print("%d passed, %d failed" % (total - failed, failed))
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
