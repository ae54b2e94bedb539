#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records what real Erlang prints for each conformance program. Expected output is never typed.

  record.py                  records programs without a recording, or newer than it
  record.py --all [PATHS]    records all of them again
  record.py --check [PATHS]  records nothing; fails where Erlang prints something else now
  record.py PATHS            files or folders instead of the suite, the examples and test/stress
"""
import argparse
import concurrent.futures
import os
import sys

import oracle


def is_stale(test):
    """True when there is no recording or a source is newer than it."""
    out = test.recorded("out")
    if not os.path.exists(out):
        return True
    recorded_at = os.path.getmtime(out)
    sources = oracle.Oracle.sources(test)
    return any(os.path.getmtime(s) > recorded_at for s in sources)


def write(path, data):
    """Writes data, or removes the file when there is nothing to record."""
    if data is None:
        if os.path.exists(path):
            os.remove(path)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def record(test, result):
    write(test.recorded("out"), result.out)
    write(test.recorded("status"), b"%d\n" % result.status if result.status else None)
    write(test.recorded("err"), result.err if test.exact_stderr else None)


def differs(test, result):
    return (result.out != test.read("out", None)
            or result.status != int(test.read("status", b"0"))
            or (test.exact_stderr and result.err != test.read("err", None)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=120)
    args = parser.parse_args()

    default = [oracle.SUITE, os.path.join(oracle.ROOT, "examples"),
               os.path.join(oracle.ROOT, "test", "stress")]
    tests = oracle.find(args.paths or default)
    if not (args.all or args.check):
        tests = [t for t in tests if is_stale(t)]
    erl = oracle.Oracle()
    failed = 0
    try:
        complaints = erl.prepare(tests)
        if complaints:
            print(complaints, end="")
            return 1
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            for test, result in zip(tests, pool.map(lambda t: erl.run(t, args.timeout), tests)):
                if result.timed_out:
                    print("TIMEOUT", test.label)
                    failed += 1
                elif args.check:
                    if differs(test, result):
                        print("DIFFERS", test.label)
                        failed += 1
                else:
                    record(test, result)
                    note = "" if not result.status else "   (status %d)" % result.status
                    print("%6.2fs %s%s" % (result.seconds, test.label, note))
                    if result.status and result.err:
                        print(result.err.decode(errors="replace")[:600])
    finally:
        erl.close()
    print("%d programs, %d failed" % (len(tests), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
