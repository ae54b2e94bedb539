#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden tests of the compiler's messages: test/golden/diagnostics/NAME.act is checked by
`act check NAME.act`, and what it prints must be NAME.expected, byte for byte; its exit status is 1 when
there is an error among the messages, else 0. Words for the command line may stand in a comment of the first two lines:
`%% act check --json +warn_unused_import`.

    golden.py --act build/act [--update] [NAME ...]

--update writes the expected files anew: read the difference before you commit it."""
import argparse
import difflib
import os
import re
import shlex
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "diagnostics")


def check(act, name):
    """What the compiler prints for a case, and the exit status."""
    with open(os.path.join(HERE, name + ".act"), "rb") as source:
        head = (source.readline() + source.readline()).decode("utf-8", "replace")
    words = re.search(r"^%% act check (.*)$", head, re.M)
    run = subprocess.run(
        [act, "check", *shlex.split(words.group(1) if words else ""), name + ".act"],
        cwd=HERE, capture_output=True, timeout=60
    )
    return (run.stdout + run.stderr).decode("utf-8", "replace"), run.returncode


def compare(name, text, status, expected):
    """The complaints about one case."""
    wanted_status = 1 if re.search(r"(^|: )error\[|^{\"severity\":\"error\"", expected, re.M) else 0
    problems = list(
        difflib.unified_diff(
            expected.splitlines(), text.splitlines(), name + ".expected", "act", lineterm=""
        )
    )
    if status != wanted_status:
        problems.append(f"exit status {status}, not {wanted_status}")
    return problems


def codes_in(table):
    """All codes of diag.def."""
    with open(table, encoding="utf-8") as rows:
        return set(re.findall(r"^DIAG\(([EW]\d{4}),", rows.read(), re.M))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--act", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--uncovered", action="store_true", help="list codes that no case shows")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    act = os.path.abspath(args.act)
    names = args.names or sorted(
        name[:-4] for name in os.listdir(HERE) if name.endswith(".act")
    )
    failed = 0
    seen = set()
    for name in names:
        path = os.path.join(HERE, name + ".expected")
        text, status = check(act, name)
        seen |= set(re.findall(r"(?:error|warning)\[([EW]\d{4})\]", text))
        if args.update:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            continue
        expected = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                expected = file.read()
        problems = compare(name, text, status, expected)
        if problems:
            failed += 1
            print(f"FAIL {name}")
            for line in problems:
                print("    " + line)
    if args.uncovered:
        table = os.path.join(HERE, "..", "..", "..", "compiler", "source", "diag.def")
        print("no case shows:", " ".join(sorted(codes_in(table) - seen)))
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
