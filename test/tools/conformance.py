#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the conformance programs on act and compares with what real Erlang printed.

  conformance.py --act build/act                        against the recordings
  conformance.py --act build/act --side-by-side lists   against `erl`, run now, on one topic

Nothing is skipped and no failure is expected. The last line is `N passed, N failed`.
"""
import argparse
import concurrent.futures
import difflib
import os
import shutil
import sys
import tempfile

import oracle

DIFF_LINES = 14


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*", help="files, folders or topics; default: the suite")
    parser.add_argument("--act", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--filter", default="", help="only paths that contain this")
    parser.add_argument("--side-by-side", action="store_true", help="run erl too, and compare")
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--quick", action="store_true", help="leave out the topic heavy")
    parser.add_argument("--env", action="append", default=[], metavar="K=V")
    parser.add_argument("--act-flag", action="append", default=[], help="one more flag for act run")
    parser.add_argument("--verbose", action="store_true", help="name each program as it ends")
    parser.add_argument("--full-diff", action="store_true")
    return parser.parse_args()


def resolve(path):
    """A topic's name stands for its folder."""
    topic = os.path.join(oracle.SUITE, path)
    return topic if not os.path.exists(path) and os.path.exists(topic) else path


def run_act(args, env, test):
    cwd = tempfile.mkdtemp(prefix="act-conf-")
    command = [os.path.abspath(args.act), "run", *args.act_flag, *test.act_flags(), test.path,
               *test.args]
    try:
        return oracle.execute(command, cwd, test.stdin(), args.timeout, env)
    finally:
        shutil.rmtree(cwd, ignore_errors=True)


def expected(args, erl, test):
    """Output, status and standard error (None: not compared) that act must give."""
    if erl:
        result = erl.run(test, args.timeout)
        return result.out, result.status, result.err if test.exact_stderr else None
    out = test.read("out", None)
    return out, int(test.read("status", b"0")), test.read("err", None)


def diff(args, title, want, got):
    lines = list(difflib.unified_diff(want.decode(errors="replace").splitlines(),
                                      got.decode(errors="replace").splitlines(),
                                      "erlang/" + title, "act/" + title, lineterm="", n=1))
    shown = lines if args.full_diff else lines[:DIFF_LINES]
    if len(shown) < len(lines):
        shown.append("... %d more lines" % (len(lines) - len(shown)))
    return ["    " + line[:300] for line in shown]


def judge(args, want, got):
    """The reasons for which a program fails, as lines; empty when it passes."""
    want_out, want_status, want_err = want
    if want_out is None:
        return ["    no recording: run test/tools/record.py"]
    problems = []
    if got.timed_out:
        problems.append("    did not end within %g s" % args.timeout)
    elif got.status != want_status:
        problems.append("    exit status %d, not %d" % (got.status, want_status))
    if got.out != want_out:
        problems += diff(args, "stdout", want_out, got.out)
    if want_err is not None and got.err != want_err:
        problems += diff(args, "stderr", want_err, got.err)
    elif problems and got.err:
        problems += ["    ! " + line[:300]
                     for line in got.err.decode(errors="replace").splitlines()[:8]]
    return problems


def main():
    args = parse_args()
    tests = [t for t in oracle.find([resolve(p) for p in args.paths]) if args.filter in t.label]
    if args.quick:
        tests = [t for t in tests if os.sep + "heavy" + os.sep not in t.path]
    env = dict(os.environ, **dict(pair.split("=", 1) for pair in args.env))
    erl = oracle.Oracle() if args.side_by_side else None
    passed = failed = 0
    try:
        if erl:
            print(erl.prepare(tests), end="")

        def one(test):
            got = run_act(args, env, test)
            return judge(args, expected(args, erl, test), got), got

        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            for test, (problems, got) in zip(tests, pool.map(one, tests)):
                if problems:
                    failed += 1
                    print("FAIL", test.label)
                    print("\n".join(problems), flush=True)
                else:
                    passed += 1
                    if args.verbose:
                        print("ok   %6.2fs %s" % (got.seconds, test.label), flush=True)
    finally:
        if erl:
            erl.close()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main())
