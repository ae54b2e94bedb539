#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks who includes whom (docs/design/ARCHITECTURE.md); names file:line of each breach.

  layers.py [ROOT]     exit status 1 and a list when a file includes what stands below it
"""
import os
import re
import sys

# The rooms of vm/, top first; those of one row do not know each other.
VM_ROWS = [["base"], ["host", "bytecode"], ["term"], ["mem"], ["code"], ["proc"], ["sched"],
           ["ets", "io"], ["bif"], ["exec"], ["run"]]
# Headers of vm/ itself: names of structs, for everybody from term/ down.
VM_SHARED = {"vm/types.h": "base", "vm/vm_parts.h": "base"}
# ssa/ says what core/ and match/ speak of, so it comes before them.
STAGES = ["source", "syntax", "layout", "front", "forms", "ssa", "core", "match", "emit"]
COMPILER_MAY = {"base", "bytecode"}  # of vm/
# The operating system is reached through vm/host/host.h alone.
OS_HEADERS = re.compile(r"^(sys/|netinet/|arpa/|linux/)|^(unistd|pthread|fcntl|poll|dlfcn|termios|"
                        r"spawn|dirent|sched|pwd|grp|netdb|semaphore|ucontext|uv)\.h$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
VM_ROW = {room: i for i, row in enumerate(VM_ROWS) for room in row}


def room_of(path):
    """("vm", room), ("compiler", stage) or (top folder, "")."""
    parts = path.split("/")
    return (parts[0], parts[1] if len(parts) > 2 else "")


def breach_in_vm(room, path):
    top, other = room_of(path)
    if path in VM_SHARED or path.startswith("vm/vm_"):
        return None
    if top != "vm":
        return "vm/ includes only vm/"
    if room == other or room == "":
        return None
    if other not in VM_ROW:
        return "vm/%s is no room" % other
    if VM_ROW[other] >= VM_ROW[room]:
        return "%s/ stands above %s/ or beside it" % (room, other)
    return None


def breach_in_compiler(stage, path):
    top, other = room_of(path)
    if top == "vm":
        return None if other in COMPILER_MAY else "compiler/ includes only vm/base and vm/bytecode"
    if top != "compiler":
        return "compiler/ includes only itself, vm/base and vm/bytecode"
    if stage == "" or stage == other:
        return None
    if other == "":
        return "only cli/ and tests know how the passes are put together"
    if STAGES.index(other) > STAGES.index(stage):
        return "%s/ comes before %s/" % (stage, other)
    return None


def breach(path, kind, included):
    top, room = room_of(path)
    if kind == "<":
        if top == "vm" and room != "host" and OS_HEADERS.search(included):
            return "only vm/host/ knows the operating system"
        return None
    if "/" not in included:
        return None  # generated beside its user
    if included.startswith("/") or ".." in included:
        return "paths start at the root of the repository"
    if top == "vm":
        return breach_in_vm(room, included)
    if top == "compiler":
        return breach_in_compiler(room, included)
    return None


def sources(root):
    for top in ("vm", "compiler", "cli", "test"):
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".def", ".y", ".l")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    files = breaches = 0
    for path in sources(root):
        files += 1
        with open(os.path.join(root, path), encoding="utf-8") as source:
            for number, line in enumerate(source, 1):
                match = INCLUDE.match(line)
                why = match and breach(path, match.group(1), match.group(2))
                if why:
                    breaches += 1
                    print("%s:%d: includes %s: %s" % (path, number, match.group(2), why))
    print("%d files, %d breaches" % (files, breaches))
    return 1 if breaches or files < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
