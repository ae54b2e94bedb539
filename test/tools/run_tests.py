#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs all suites; the last line is `N passed, N failed`.

  run_tests.py quick      the meson suite `quick` of the release build
  run_tests.py standard   all suites, and the builds that look for trouble at a length that fits CI
  run_tests.py full       the same, the builds that look for trouble over the whole conformance suite

Called by ./bootstrap test, which has installed what is needed.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import oracle

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CRITERION = re.compile(r"Tested: (\d+) \| Passing: (\d+) \| Failing: (\d+) \| Crashing: (\d+)")
COUNT = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
TAIL_LINES = 60

# Topics of the conformance suite where threads meet: for the thread sanitizer.
THREADED = ["spawn", "signals", "links", "monitors", "exceptions", "trap_exit", "registered",
            "timers", "selective", "receive", "preemption", "sched", "process_info", "group_leader",
            "hibernate", "priorities", "programs", "gc", "helpers"]
# One topic or two of each kind: for switches that slow a program down a hundred times.
MIXED = ["patterns", "exceptions", "receive", "maps", "bigint", "funs", "links", "records",
         "strings", "io_format", "selective", "tuples"]
# A collection at every chance takes time in the size of heap and stack: hours for these.
LARGE = ["exceptions/nested_deep.act", "maps/map_collide.act", "maps/map_large.act",
         "receive/rcv_copy.act", "selective/sel_fresh_ref.act"]
FUZZED = ["patterns/pat_basic.act", "exceptions/try_of.act", "records/rec_basic.act",
          "bits/bits_append.act"]
# Macros that grow without end: each run takes seconds.
SLOW_SEEDS = ["macro_explosion.act", "deep_nesting.act"]


class Totals:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def add(self, name, passed, failed, output, start):
        self.passed += passed
        self.failed += failed
        print("%-34s %5d passed, %d failed  (%.0f s)" % (name, passed, failed, time.time() - start),
              flush=True)
        if failed:
            print("\n".join("    " + line for line in output.splitlines()[-TAIL_LINES:]), flush=True)


def build(totals, kind):
    """The folder of that build; None, counted as a failure, when it cannot be built."""
    start = time.time()
    result = subprocess.run([os.path.join(ROOT, "bootstrap"), "build", kind], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
    ok = result.returncode == 0
    totals.add("build " + kind, int(ok), int(not ok), result.stdout, start)
    return os.path.join(ROOT, "build" if kind == "release" else "build-" + kind) if ok else None


def counted(entry):
    """(passed, failed) of one meson test: by what it prints, else itself."""
    output = entry.get("stdout", "") + entry.get("stderr", "")
    ok = entry["result"] in ("OK", "EXPECTEDFAIL")
    criterion = CRITERION.search(output)
    count = COUNT.findall(output)
    if criterion:
        passed, failed = int(criterion[2]), int(criterion[3]) + int(criterion[4])
    elif count:
        passed, failed = int(count[-1][0]), int(count[-1][1])
    else:
        passed, failed = int(ok), 0
    return passed, failed if ok else max(failed, 1)


def meson_suite(totals, label, folder, suite):
    log = os.path.join(folder, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.remove(log)
    start = time.time()
    subprocess.run(["meson", "test", "-C", folder, "--suite", suite],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not os.path.exists(log):
        totals.add(label, 0, 1, "meson test ran nothing", start)
        return
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            passed, failed = counted(entry)
            output = entry.get("stdout", "") + entry.get("stderr", "")
            totals.add(label + entry["name"].split(":")[-1].split("/")[-1].strip(), passed, failed, output,
                       time.time() - entry.get("duration", 0))


def without_large(topics):
    """The programs of these topics but the LARGE ones."""
    large = [os.path.join(oracle.SUITE, name) for name in LARGE]
    tests = oracle.find([os.path.join(oracle.SUITE, topic) for topic in topics])
    return [test.path for test in tests if test.path not in large]


def verify_fuzz(totals, label, folder, seeds):
    """Damaged bytecode that the verifier accepts does no harm when it runs."""
    start = time.time()
    env = dict(os.environ, ACT_STRESS="gc", ASAN_OPTIONS="exitcode=99:detect_leaks=0")
    passed = failed = 0
    output = ""
    with tempfile.TemporaryDirectory(prefix="act-fuzz-") as work:
        for path in FUZZED:
            subprocess.run([os.path.join(folder, "act"), "compile", "-o", work,
                            os.path.join(oracle.SUITE, path)], stderr=subprocess.DEVNULL, check=True)
            module = os.path.basename(path).replace(".act", ".actb")
            result = subprocess.run([os.path.join(folder, "test", "fuzz", "verify-fuzz"), module, "1",
                                     str(seeds)], cwd=work, env=env, stdout=subprocess.PIPE, text=True)
            output += result.stdout
            count = COUNT.findall(result.stdout)
            passed += int(count[-1][0]) if count else 0
            failed += int(count[-1][1]) if count else 1
    totals.add(label, passed, failed, output, start)


def drive_fuzz(totals, label, folder, runs):
    """A short run of the fuzz targets, without libFuzzer: sources at the front end, module files at loader
    and machine."""
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1")
    golden = os.path.join(ROOT, "test", "golden", "diagnostics")
    sources = [os.path.join(golden, name) for name in sorted(os.listdir(golden))
               if name.endswith(".act") and os.path.getsize(os.path.join(golden, name)) < 1500
               and name not in SLOW_SEEDS]
    with tempfile.TemporaryDirectory(prefix="act-fuzz-") as work:
        programs = [os.path.join(oracle.SUITE, path) for path in FUZZED]
        subprocess.run([os.path.join(folder, "act"), "compile", "-o", work, *programs],
                       stderr=subprocess.DEVNULL, check=True)
        modules = [os.path.join(work, name) for name in sorted(os.listdir(work))]
        for target, seeds in (("front", sources), ("module", modules)):
            start = time.time()
            result = subprocess.run([os.path.join(folder, "test", "fuzz", target + "-fuzz-drive"), "1",
                                     str(runs), *seeds], cwd=work, env=env, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True, errors="replace")
            count = COUNT.findall(result.stdout)
            passed = int(count[-1][0]) if count else 0
            totals.add(label + target, passed, int(result.returncode != 0), result.stdout, start)


def script(totals, label, name, folder, arguments):
    """One of our tools that counts in its last line."""
    start = time.time()
    command = [sys.executable, os.path.join(ROOT, "test", "tools", name), "--act",
               os.path.join(folder, "act"), *arguments]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            errors="replace")
    count = COUNT.findall(result.stdout)
    passed, failed = (int(count[-1][0]), int(count[-1][1])) if count else (0, 1)
    totals.add(label, passed, max(failed, int(result.returncode != 0)), result.stdout, start)


def conformance(totals, label, folder, topics=(), env=(), quick=True, timeout=120):
    arguments = ["--timeout", str(timeout), *topics] + (["--quick"] if quick else [])
    for setting in env:
        arguments += ["--env", setting]
    script(totals, label, "conformance.py", folder, arguments)


def trouble(totals, full):
    """The builds that look for trouble."""
    folder = build(totals, "asan")
    if folder:
        meson_suite(totals, "asan: ", folder, "unit")
        conformance(totals, "asan: conformance", folder, (), ["ASAN_OPTIONS=exitcode=99:quarantine_size_mb=16"],
                    quick=not full)
        verify_fuzz(totals, "asan: verify fuzz", folder, 2000 if full else 60)
        drive_fuzz(totals, "asan: fuzz ", folder, 50000 if full else 3000)
    folder = build(totals, "tsan")
    if folder:
        conformance(totals, "tsan: conformance", folder, () if full else THREADED, quick=not full)
    folder = build(totals, "stress")
    if folder:
        conformance(totals, "stress gc: conformance", folder, () if full else without_large(MIXED),
                    ["ACT_STRESS=gc"], timeout=7200 if full else 600)
        for switch in ("turn", "fragment"):
            conformance(totals, "stress %s: conformance" % switch, folder, () if full else MIXED,
                        ["ACT_STRESS=" + switch])
        verify_fuzz(totals, "stress gc: verify fuzz", folder, 20000 if full else 300)
        script(totals, "stress alloc", "alloc_stress.py", folder,
               ["--every", "31,61,97,211,409,997,2003"] if full else [])


def main():
    how = sys.argv[1] if len(sys.argv) > 1 else "standard"
    if how not in ("quick", "standard", "full"):
        sys.exit("run_tests.py: quick, standard or full")
    os.chdir(ROOT)
    totals = Totals()
    folder = build(totals, "release")
    if folder:
        meson_suite(totals, "", folder, "quick")
    if folder and how != "quick":
        meson_suite(totals, "", folder, "slow")
        build(totals, "clang")
        trouble(totals, how == "full")
    print("%d passed, %d failed" % (totals.passed, totals.failed))
    sys.exit(1 if totals.failed or not totals.passed else 0)


if __name__ == "__main__":
    main()
