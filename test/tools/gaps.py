#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which documented functions of OTP 25 the library does not have: docs/gaps.md.

  gaps.py --act build/act --check       fails when docs/gaps.md is not what this program would write
  gaps.py --act build/act --write       writes docs/gaps.md
  gaps.py --record OTP_SOURCES          writes otp25_functions.txt: what the manuals of the applications below document
                                        and the `erl` of this machine exports (a module that it does not have: all that is
                                        documented); a line a module, as `lists all/2 any/2`

Ours is what `module_info(exports)` says under act.
"""
import argparse
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RECORDED = os.path.join(HERE, "otp25_functions.txt")
PAGE = os.path.join(ROOT, "docs", "gaps.md")
APPLICATIONS = ["erts", "lib/kernel", "lib/stdlib", "lib/crypto", "lib/compiler"]

PROGRAM = """-module(gaps_exports).
-export([main/0]).
main() ->
    lists:foreach(fun(M) ->
        Fs = try M:module_info(exports) catch error:undef -> none end,
        case Fs of
            none -> ok;
            _ -> io:format("~ts~ts~n", [M, [io_lib:format(" ~ts/~w", [F, A]) || {F, A} <- lists:sort(Fs)]])
        end
    end, [MODULES]).
"""


def arguments(text):
    """How many arguments stand between the parentheses that text begins behind."""
    depth, commas, some = 0, 0, False
    for c in text:
        if c in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif c in "([{":
            depth += 1
        elif c == "," and depth == 0:
            commas += 1
        some = some or not c.isspace()
    return commas + 1 if some else 0


def documented(page):
    """Module and {(function, arity)} of one page of a manual."""
    module = re.search(r"<module[^>]*>(\w+)</module>", page)
    if not module or "<erlref" not in page:
        return None, set()
    found = {(n, int(a)) for n, a in re.findall(r'<name\s+name="([^"]+)"\s+arity="(\d+)"', page)}
    for text in re.findall(r"<name[^>/]*>(.*?)</name>", page, re.S):
        text = re.sub(r"<[^>]+>", "", text).strip()
        head = re.match(r"(?:%s:)?([a-z]\w*)\s*\(" % module.group(1), text)
        if head:
            found.add((head.group(1), arguments(text[head.end():])))
    return module.group(1), found


def exports(modules, command, suffix):
    """{module: {"function/arity"}} of the modules that the machine has; command makes arguments of a source file."""
    with tempfile.TemporaryDirectory(prefix="act-gaps-") as folder:
        source = os.path.join(folder, "gaps_exports" + suffix)
        with open(source, "w", encoding="utf-8") as f:
            f.write(PROGRAM.replace("MODULES", ",".join("'%s'" % m for m in modules)))
        for words in command(source, folder):
            out = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout.decode()
    lines = [line.split(" ") for line in out.splitlines()]
    return {line[0]: set(line[1:]) for line in lines}


def of_erl(source, folder):
    return [["erlc", "-o", folder, source],
            ["erl", "-noshell", "-pa", folder, "-s", "gaps_exports", "main", "-s", "init", "stop"]]


def record(otp):
    pages = {}
    for application in APPLICATIONS:
        for path in glob.glob(os.path.join(otp, application, "doc", "src", "*.xml")):
            with open(path, encoding="utf-8", errors="replace") as f:
                module, found = documented(f.read())
            if module:
                pages.setdefault(module, set()).update(found)
    there = exports(sorted(pages), of_erl, ".erl")
    with open(RECORDED, "w", encoding="utf-8") as f:
        for module in sorted(pages):
            names = {"%s/%d" % fa for fa in pages[module]}
            names &= there.get(module, names)
            if names:
                f.write("%s %s\n" % (module, " ".join(sorted(names))))


def page(act):
    with open(RECORDED, encoding="utf-8") as f:
        otp = {line.split()[0]: line.split()[1:] for line in f}
    ours = exports(sorted(otp), lambda source, _: [[act, "run", source]], ".act")
    total = sum(map(len, otp.values()))
    missing = {m: [f for f in fs if f not in ours.get(m, ())] for m, fs in otp.items()}
    lost = sum(map(len, missing.values()))
    out = ["# Documented functions of OTP 25 that Act does not have", "",
           "Written by `test/tools/gaps.py --act build/act --write` from two lists: what the manuals of erts, kernel, stdlib, crypto and compiler document",
           "and OTP 25's `erl` exports (`test/tools/otp25_functions.txt`), and what the library exports. The test `gaps` holds this page to it.",
           "That a function is there does not say that each of its options is: [differences.md](differences.md) tells.", "",
           "%d of %d functions are there." % (total - lost, total), "",
           "## Modules that lack something", "", "| module | there | missing |", "|---|---|---|"]
    for m in sorted(otp):
        if m in ours and missing[m]:
            out.append("| %s | %d of %d | `%s` |" % (m, len(otp[m]) - len(missing[m]), len(otp[m]), " ".join(missing[m])))
    out += ["", "## Modules that are not there", "", "| module | functions |", "|---|---|"]
    out += ["| %s | %d |" % (m, len(otp[m])) for m in sorted(otp) if m not in ours]
    out += ["", "## Complete modules", "", ", ".join(m for m in sorted(otp) if m in ours and not missing[m]) + "."]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--act")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--record", metavar="OTP_SOURCES")
    args = parser.parse_args()
    if args.record:
        record(args.record)
        return 0
    text = page(args.act)
    if args.write:
        with open(PAGE, "w", encoding="utf-8") as f:
            f.write(text)
        return 0
    with open(PAGE, encoding="utf-8") as f:
        if f.read() == text:
            return 0
    print("docs/gaps.md is not up to date: run test/tools/gaps.py --act build/act --write")
    return 1


if __name__ == "__main__":
    sys.exit(main())
