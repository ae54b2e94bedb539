#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The compiler's time and memory grow with the source, not faster. Each shape is compiled in a size and in
four times that size; four times as much may take up to nine times the processor time (quadratic would be
sixteen), and no more memory than so many times the source. A size that no longer fits the processor's caches
costs more once; whether it was that tells four times as much again, where what is not linear only gets worse.

  test/tools/linear.py --act build/act [--show] [NAME...]

Ends with `N passed, N failed`.
"""
import argparse
import os
import resource
import subprocess
import sys
import tempfile

TIMES, TIME_LIMIT, MEMORY_LIMIT = 4, 9, 300
LEAST_SECONDS = 0.02  # of the smaller size; less is too little to compare


def numbers(n, form):
    return ",\n".join(form.replace("#", str(i)) for i in range(n))


def clauses(n, form):
    return ";\n".join(form.replace("#", str(i)) for i in range(n)) + ".\n"


def functions(n, form):
    return "".join(form.replace("#", str(i)) for i in range(n))


# name: (the smaller size, the program's text behind its head)
SHAPES = {
    "functions": (5000, lambda n: "main() -> f0(1).\n" + functions(n, "f#(X) -> g(X, #).\n") + "g(X, Y) -> {X, Y}.\n"),
    "clauses": (5000, lambda n: "main() -> f(1).\n" + clauses(n, "f(#) -> {#, a#}")),
    "guarded_clauses": (3000, lambda n: "main() -> f({1, x}, 2).\n" + clauses(n, "f({#, X}, Y) when Y > # rem 7 -> {#, X}")),
    "list_clauses": (2500, lambda n: "main() -> f([x, 1]).\n" + clauses(n, "f([_, # | X]) -> {#, X}")),
    "binary_clauses": (1500, lambda n: "main() -> f(<<\"k1\">>).\n" + clauses(n, "f(<<\"k#\", R/binary>>) -> {R, #}")),
    "map_clauses": (2000, lambda n: "main() -> f(#{}).\n" + clauses(n, "f(@{k# := X}) -> {X, #}").replace("@", "#")),
    "long_pattern": (8000, lambda n: "main() -> f([]).\nf([" + numbers(n, "X#") + " | _]) -> X0;\nf(_) -> no.\n"),
    "long_literal_pattern": (5000, lambda n: "main() -> f([]).\nf([" + numbers(n, "#") + " | _]) -> ok;\nf(_) -> no.\n"),
    "binary_pattern": (5000, lambda n: "main() -> f(<<>>).\nf(<<" + numbers(n, "X#") + ">>) -> X0;\nf(_) -> no.\n"),
    "alternatives": (5000, lambda n: "main() -> f(x).\nf(X) when " + "; ".join("X =:= a%d" % i for i in range(n)) + " -> y;\nf(_) -> n.\n"),
    "long_body": (15000, lambda n: "main() ->\n" + numbers(n, "X# = self()") + ",\nX0.\n"),
    "live_values": (4000, lambda n: "main() ->\n" + numbers(n, "X# = h([#])") + ",\nh([" + numbers(n, "X#") + "]).\nh(L) -> lists:sum(L).\n"),
    "inlined_calls": (8000, lambda n: "main() ->\n" + numbers(n, "X# = g(#)") + ",\n[" + numbers(n, "X#") + "].\ng(X) -> X.\n"),
    "long_tuple": (15000, lambda n: "main() -> f(1).\nf(X) -> {" + numbers(n, "X") + "}.\n"),
    "long_binary": (5000, lambda n: "main() -> f(1).\nf(X) -> <<" + numbers(n, "X") + ">>.\n"),
    "lambdas": (4000, lambda n: "main() -> f(1).\nf(X) -> [" + numbers(n, "fun() -> {X, #} end") + "].\n"),
    "cases": (3000, lambda n: "main() -> f(1).\nf(X) ->\n" + numbers(n, "case X of # -> g(#); _ -> ok end") + ".\ng(X) -> exit(X).\n"),
}


def compile_size(act, shape, n):
    """Seconds of processor time, kilobytes at most, kilobytes of source; None if it failed."""
    with tempfile.TemporaryDirectory() as folder:
        text = "-module(shape).\n-export([main/0]).\n-compile(nowarn_unused_vars).\n" + shape(n)
        with open(os.path.join(folder, "shape.act"), "w") as out:
            out.write(text)
        process = subprocess.Popen([act, "compile", "-o", folder, os.path.join(folder, "shape.act")],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        return None
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, len(text) // 1024


def least(act, shape, n):
    """The least of three, as others may disturb."""
    runs = [compile_size(act, shape, n) for _ in range(3)]
    return None if None in runs else min(runs)


def judge(act, name, show):
    n, shape = SHAPES[name]
    small = least(act, shape, n)
    large = least(act, shape, TIMES * n)
    if not (small and large):
        return "does not compile"
    seconds = large[0] / max(small[0], LEAST_SECONDS)
    if seconds > TIME_LIMIT:
        again = compile_size(act, shape, TIMES * TIMES * n)
        if not again:
            return "does not compile"
        seconds = again[0] / large[0]
    # What the tool itself held when it forked counts for the child too.
    memory = (large[1] - 20000) / large[2]
    if show:
        print("%-22s %7d: %6.3f s; x4: %6.3f s %7d KB of %5d KB source; %.1f times the time, memory %.1f times the source"
              % (name, n, small[0], *large, seconds, memory))
    if seconds > TIME_LIMIT:
        return "%.1f times the time (%.3f s, %.3f s, %.3f s)" % (seconds, small[0], large[0], again[0])
    if memory > MEMORY_LIMIT:
        return "memory %.1f times the source (%d KB)" % (memory, large[1])
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act", required=True)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    failed = 0
    chosen = args.names or list(SHAPES)
    for name in chosen:
        problem = judge(os.path.abspath(args.act), name, args.show)
        if problem:
            failed += 1
            print("FAIL %s: %s" % (name, problem))
    print("%d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
