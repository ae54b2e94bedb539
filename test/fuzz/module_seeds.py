#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Seeds for module-fuzz: conformance programs that touch no files and print nothing, compiled into FOLDER.

    module_seeds.py --act build/act FOLDER

What they print is dropped and what main raises is caught, so the machine of a run loads no text library; what hashes
terms of exponential size (phash2) is left out, and a regular expression that takes 16 s here. docs/design/TESTING.md tells how they are used."""
import argparse
import glob
import os
import re
import subprocess
import tempfile

CONFORMANCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "conformance")
SLOW = {"exploding_regex.act"}
MOST_SOURCE, MOST_MODULE = 3000, 4096
LEFT_OUT = re.compile(r"file:|filelib:|os:|io:get|io:read|io:fread|compile:|erl_parse|epp:|code:|act_|logger|gen_"
                      r"|supervisor|application|io_lib|halt|-file|timer:sleep|phash2")
PRINTS = re.compile(r"io:format\(|io:put_chars\(|erlang:display\(")


def quiet(source):
    """The program without its printing, or None if it is none for this."""
    if len(source) > MOST_SOURCE or LEFT_OUT.search(source) or not re.search(r"^main\(\) ->", source, re.M):
        return None
    source = re.sub(r"^main\(\) ->", "main() -> try main1() catch _:_ -> ok end.\n\nmain1() ->",
                    PRINTS.sub("quiet(", source), count=1, flags=re.M)
    return source + "\nquiet(_) -> ok.\n\nquiet(_, _) -> ok.\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--act", required=True)
    parser.add_argument("folder")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        for path in sorted(glob.glob(os.path.join(CONFORMANCE, "*", "*.act"))):
            with open(path, encoding="utf-8") as file:
                source = quiet(file.read())
            if source and os.path.basename(path) not in SLOW:
                copy = os.path.join(work, os.path.basename(path))
                with open(copy, "w", encoding="utf-8") as file:
                    file.write(source)
                subprocess.run([args.act, "compile", "-o", args.folder, copy], capture_output=True)
    seeds = [os.path.join(args.folder, name) for name in os.listdir(args.folder)]
    for seed in seeds:
        if os.path.getsize(seed) > MOST_MODULE:
            os.remove(seed)
    print("%d seeds" % len(os.listdir(args.folder)))


if __name__ == "__main__":
    main()
