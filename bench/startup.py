#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long `act eval 'ok.'` and a first program take to start, beside erl.

  bench/startup.py --act build/act [--rounds 30]

For each: the median and the shortest run by the clock, and the processor time (user and system) of the cheapest run, which
depends least on what else the computer does. `act version`, which starts no machine, and `true` show what a process costs.
"""
import argparse
import os
import statistics
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def once(command):
    """(milliseconds by the clock, milliseconds of processor time)"""
    out = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    started = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=out)
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        raise SystemExit(f"{command}: status {status}")
    return (time.perf_counter() - started) * 1000, (used.ru_utime + used.ru_stime) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act", required=True)
    parser.add_argument("--rounds", type=int, default=30)
    args = parser.parse_args()
    act = os.path.abspath(args.act)
    commands = {
        "act eval 'ok.'": [act, "eval", "ok."],
        "act run hello.act": [act, "run", os.path.join(HERE, "programs", "hello.act")],
        "erl -noshell -eval 'halt().'": ["erl", "-noshell", "-eval", "halt()."],
        "act version": [act, "version"],
        "true": ["true"],
    }
    runs = {name: [] for name in commands}
    for _ in range(args.rounds):
        for name, command in commands.items():
            runs[name].append(once(command))
    print("%-30s %12s %12s %14s" % ("", "median ms", "shortest ms", "processor ms"))
    for name, times in runs.items():
        print("%-30s %12.1f %12.1f %14.1f" % (name, statistics.median(t[0] for t in times), min(t[0] for t in times),
                                              min(t[1] for t in times)))


if __name__ == "__main__":
    main()
