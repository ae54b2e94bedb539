# SPDX-License-Identifier: Apache-2.0
"""Makes a program that differs small: cuts its tree as long as the difference stays (delta debugging)."""
import itertools
import re
import time

from execute import REFUSED, SLOW, differ
from tree import List, smaller

CHUNK = 40
# "3 {error": how a test ended, or the beginning of any other line.
BEGINNING = re.compile(r"^[0-9]+ \{\w+|^\w*")


def kinds(ours, theirs):
    """What kind of difference it is: how the first lines that differ begin. Cutting must not change it."""
    if ours.startswith(REFUSED) or theirs.startswith(REFUSED):
        return ours.startswith(REFUSED), theirs.startswith(REFUSED)
    for ours_line, theirs_line in itertools.zip_longest(ours.splitlines(), theirs.splitlines(), fillvalue=""):
        if ours_line != theirs_line:
            return beginning(ours_line), beginning(theirs_line)
    return None


def beginning(line):
    found = BEGINNING.search(line)[0]
    return found.split(" ")[-1]


def still(ours, theirs, kind):
    if SLOW in ours or SLOW in theirs:
        return False
    return differ(ours, theirs) and kinds(ours, theirs) == kind


def shrink(machines, program, ours, theirs, seconds=90, log=None):
    """The smallest program found within the time that still differs, with its outcomes."""
    end = time.monotonic() + seconds
    kind = kinds(ours, theirs)
    best = (program, ours, theirs)
    candidates = itertools.chain(one_test(program), cuts(program))
    while time.monotonic() < end:
        chunk = list(itertools.islice(candidates, CHUNK))
        if not chunk:
            break
        named = [c.named("s%d" % i) for i, c in enumerate(chunk)]
        found = [(len(c.text()), i, c, o, t) for i, (c, (o, t)) in enumerate(zip(chunk, machines.run(named)))
                 if still(o, t, kind)]
        if found:
            _, _, program, ours, theirs = min(found)[:5]
            best = (program, ours, theirs)
            candidates = cuts(program)
            if log:
                log("  shrunk to %d characters" % len(program.text()))
    return best


def one_test(program):
    """The program with one of its tests alone."""
    items = program.functions.items
    for keep in [f for f in items if f.kind == "t"]:
        yield program.with_functions(List([f for f in items if f.kind != "t" or f is keep], "\n"))


def cuts(program):
    for i in range(len(program.head)):
        shorter = program.with_functions(program.functions)
        shorter.head = program.head[:i] + program.head[i + 1:]
        yield shorter
    for functions in smaller(program.functions):
        yield program.with_functions(functions)
