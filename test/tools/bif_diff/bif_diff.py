#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bif_diff.py ACT: runs bif_diff.act on act and on erl and compares line by line. Takes a minute."""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SHOWN = 20


def main():
    act = Path(sys.argv[1]).resolve()
    program = Path(__file__).parent / "bif_diff.act"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bif_diff.erl"
        shutil.copy(program, copy)
        subprocess.run(["erlc", "-o", folder, copy], check=True)
        erl = subprocess.run(["erl", "-noinput", "-pa", folder, "-s", "bif_diff", "main", "-s", "init",
                              "stop"], capture_output=True, check=True, cwd=folder).stdout
        ours = subprocess.run([act, "run", program], capture_output=True, cwd=folder).stdout
    erl, ours = erl.splitlines(), ours.splitlines()
    wrong = [(e, o) for e, o in zip(erl, ours) if e != o]
    for e, o in wrong[:SHOWN]:
        print("erl:", e.decode(errors="replace")[:300])
        print("act:", o.decode(errors="replace")[:300])
    print(f"{len(erl)} calls on erl, {len(ours)} on act, {len(wrong)} differ")
    return 1 if wrong or len(erl) != len(ours) or len(erl) < 100000 else 0


if __name__ == "__main__":
    sys.exit(main())
