#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden tests of the compiler's stages: what `act compile --dump=STAGE test/golden/dumps/NAME.act`
prints must be NAME.STAGE, byte for byte, for each NAME.STAGE there is.

    golden_dumps.py --act build/act [--update]

--update writes NAME.core and NAME.ssa anew: read the difference before you commit it."""
import argparse
import difflib
import os
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "dumps")
STAGES = ["core", "ssa"]


def dump(act, name, stage):
    with tempfile.TemporaryDirectory() as out:
        run = subprocess.run(
            [act, "compile", "--dump=" + stage, "-o", out, name + ".act"],
            cwd=HERE, capture_output=True, timeout=60,
        )
    if run.returncode != 0:
        return run.stderr.decode("utf-8", "replace")
    return run.stdout.decode("utf-8", "replace")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--act", required=True)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    act = os.path.abspath(args.act)
    passed = failed = 0
    for name in sorted(n[:-4] for n in os.listdir(HERE) if n.endswith(".act")):
        for stage in STAGES:
            path = os.path.join(HERE, f"{name}.{stage}")
            text = dump(act, name, stage)
            if args.update:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                continue
            with open(path, encoding="utf-8") as file:
                expected = file.read()
            if text == expected:
                passed += 1
                continue
            failed += 1
            print(f"FAIL {name}.{stage}")
            sys.stdout.writelines(
                difflib.unified_diff(expected.splitlines(True), text.splitlines(True), path, "act")
            )
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
