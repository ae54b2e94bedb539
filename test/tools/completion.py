#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""completion.py ACT ROOT: what TAB answers in bash, and, where there is a zsh, that it can read its file."""
import os
import shutil
import subprocess
import sys

# The words typed (the last one is being typed; bash takes a colon for a word), and what must and must not come.
CASES = [
    (["act", "f"], "fmt", "run"),
    (["act", "help", "co"], "compile", "check"),
    (["act", "test", "--co"], "--cover", "--junit"),
    (["act", "run", "hel"], "hello.act", "life.act"),
    (["act", "compile", "-o", "less"], "lesson", "hello.act"),
    (["act", "doc", "sof"], "sofs", "lists"),
    (["act", "doc", "lists", ":", "keyf"], "keyfind", "keysort"),
    (["act", "doc", "lists", ":"], "keysort", "sofs"),
]


def main():
    act, root = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    environment = dict(os.environ, PATH=os.path.dirname(act) + ":" + os.environ["PATH"])
    failed = 0
    for words, wanted, unwanted in CASES:
        script = ('source "$1/completion/act.bash"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _act; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        got = subprocess.run(["bash", "-c", script, "bash", root, *words], cwd=os.path.join(root, "examples"), env=environment,
                             capture_output=True, text=True, timeout=60, check=False)
        names = got.stdout.split()
        if got.stderr or wanted not in names or unwanted in names:
            failed += 1
            print(f"FAIL {' '.join(words)}: {names} {got.stderr}")
    if shutil.which("zsh"):
        got = subprocess.run(["zsh", "-n", os.path.join(root, "completion", "_act")], capture_output=True, text=True, check=False)
        if got.returncode != 0 or got.stderr:
            failed += 1
            print(f"FAIL zsh: {got.stderr}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
