#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same seed gives the same run, byte for byte; different seeds give different ones.

  test/tools/seeds.py --act build/act [--seeds 6] [FILE...]      default: test/sched/*.act

Each program runs twice with each seed: both outputs and the exit status must be the same; and
over all seeds there must be more than one output. Ends with `N passed, N failed`.
"""
import argparse
import glob
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(act, seed, path):
    done = subprocess.run([act, "run", "--seed", str(seed), path], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stdout, done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act", required=True)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    files = args.files or sorted(glob.glob(os.path.join(ROOT, "test", "sched", "*.act")))
    passed = failed = 0
    for path in files:
        seen = set()
        for seed in range(1, args.seeds + 1):
            first, again = run(args.act, seed, path), run(args.act, seed, path)
            seen.add(first)
            if first == again and first[0] == 0:
                passed += 1
            else:
                failed += 1
                print("FAIL %s --seed %d: %s" % (path, seed, "status %d" % first[0] if first[0]
                                                 else "two runs differ"))
        if len(seen) > 1:
            passed += 1
        else:
            failed += 1
            print("FAIL %s: every seed gives the same run" % path)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
