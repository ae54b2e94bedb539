#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets the N-th allocation fail, and each N-th after it, for many N: whatever the program then does, the
machine must not crash, nor spin for ever.

  alloc_stress.py --act build-stress/act [--every 97,997] [PATHS]

A process without memory is killed, so programs say other things than recorded, or wait for ever for one
that is gone: both are fine. Dying by a signal, a broken invariant, or using up the time is not. The last
line is `N passed, N failed`.
"""
import argparse
import concurrent.futures
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import oracle

DEFAULT_TOPICS = ["arith", "exceptions", "funs", "links", "maps", "receive", "spawn", "strings"]
WAIT_SECONDS = 4
SPIN_SECONDS = 3


def cpu_limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SPIN_SECONDS, SPIN_SECONDS + 1))


def fault(act, test, every):
    """What went wrong, or None."""
    cwd = tempfile.mkdtemp(prefix="act-alloc-")
    command = [os.path.abspath(act), "run", *test.act_flags(), test.path, *test.args]
    env = dict(os.environ, ACT_STRESS="alloc=%d" % every)
    process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, preexec_fn=cpu_limit)
    try:
        _, errors = process.communicate(timeout=WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    finally:
        shutil.rmtree(cwd, ignore_errors=True)
    if process.returncode >= 0:
        return None
    name = signal.Signals(-process.returncode).name
    return "%s\n%s" % (name, errors.decode(errors="replace")[-800:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--act", required=True)
    parser.add_argument("--every", default="61,409,2003")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    paths = args.paths or [os.path.join(oracle.SUITE, topic) for topic in DEFAULT_TOPICS]
    tests = oracle.find(paths)
    runs = [(test, int(every)) for test in tests for every in args.every.split(",")]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        faults = pool.map(lambda run: fault(args.act, *run), runs)
        for (test, every), what in zip(runs, faults):
            if what:
                failed += 1
                print("FAIL %s alloc=%d: %s" % (test.label, every, what), flush=True)
    print("%d passed, %d failed" % (len(runs) - failed, failed))
    return 1 if failed or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
