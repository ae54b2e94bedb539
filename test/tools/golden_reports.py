#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden tests of crash reports: `act run --seed 1 test/golden/reports/NAME.act WORD` for each `main(["WORD"])`
of the program, in turn; what all of them print must be NAME.expected, byte for byte, but for pids and
times of day.

    golden_reports.py --act build/act [--update]

--update writes the expected files anew: read the difference before you commit it."""
import argparse
import difflib
import os
import re
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "reports")


def report(act, name):
    """What the program prints for each of its words."""
    with open(os.path.join(HERE, name + ".act"), encoding="utf-8") as file:
        words = re.findall(r'^main\(\["(\w+)"\]\)', file.read(), re.M)
    text = ""
    for word in words:
        run = subprocess.run([act, "run", "--seed", "1", name + ".act", word], cwd=HERE, capture_output=True,
                             timeout=60)
        out = (run.stdout + run.stderr).decode("utf-8", "replace")
        out = re.sub(r"<0\.\d+\.0>", "<PID>", out)
        out = re.sub(r"\d+-\w+-\d{4}::[\d:.]+", "TIME", out)
        text += f"--- {word}, status {run.returncode}\n{out}"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--act", required=True)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    act = os.path.abspath(args.act)
    names = sorted(name[:-4] for name in os.listdir(HERE) if name.endswith(".act"))
    failed = 0
    for name in names:
        path = os.path.join(HERE, name + ".expected")
        text = report(act, name)
        if args.update:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            continue
        with open(path, encoding="utf-8") as file:
            expected = file.read()
        if text != expected:
            failed += 1
            print(f"FAIL {name}")
            print("\n".join(difflib.unified_diff(expected.splitlines(), text.splitlines(),
                                                 "expected", "act", lineterm="")))
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
