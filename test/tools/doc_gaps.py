#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Documented functions of the library without a doc comment or without an example in it.

  doc_gaps.py            fails when a module has more of them than doc_gaps.txt allows (a module that is not there: none)
  doc_gaps.py --list [MODULES]   names them
  doc_gaps.py --write    writes doc_gaps.txt: what is missing now

Documented are the functions of OTP's manuals (otp25_functions.txt), and all of json, argparse, eunit and Act's own modules. The comment stands directly above the
function's first clause; its example is `Example: ` with code in back quotes that says what is true (a comparison, a match), what it prints, logs or ends
with, so that `act test` runs it.
"""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STDLIB = os.path.join(os.path.dirname(os.path.dirname(HERE)), "stdlib")
OWN = ["act_task", "act_agent", "act_registry", "act_pool", "act_stage", "act_protocol"]
# Called by behaviours and supervisors, not by people.
CALLBACKS = {"init/1", "handle_call/3", "handle_cast/2", "handle_info/2", "terminate/2", "code_change/3", "parse_transform/2",
             "start_task/1", "enter/1", "start_keeper/1"}
ALLOWED = os.path.join(HERE, "doc_gaps.txt")


def modules():
    """{module: its documented functions, None for all that it exports}."""
    with open(os.path.join(HERE, "otp25_functions.txt"), encoding="utf-8") as f:
        names = {line.split()[0]: set(line.split()[1:]) for line in f}
    names.update({"json": None, "argparse": None, "eunit": None})
    names.update({name: None for name in OWN})
    return {n: names[n] for n in sorted(names) if os.path.exists(os.path.join(STDLIB, n + ".act"))}


def exported(text):
    found = []
    for part in re.findall(r"^-export\(\[(.*?)\]\)", text, re.S | re.M):
        found += re.findall(r"('[^']+'|[a-z]\w*)\s*/\s*(\d+)", part)
    return [(name.strip("'"), int(arity)) for name, arity in found]


def arity_of(line, start):
    """Arguments of the head that begins behind start; None when it does not end on the line."""
    depth, commas, some, quote, i = 0, 0, False, None, start
    while i < len(line):
        c = line[i]
        if quote:
            if c == "\\":
                i += 1
            elif c == quote:
                quote = None
        elif c == "$":
            some = True
            i += 2 if line[i + 1:i + 2] == "\\" else 1
        elif c in "\"'":
            quote, some = c, True
        elif line.startswith("<<", i) or line.startswith(">>", i):
            some = True
            depth += 1 if c == "<" else -1
            i += 1
        elif c in "([{":
            depth, some = depth + 1, True
        elif c in ")]}":
            if depth == 0:
                return commas + 1 if some else 0
            depth -= 1
        elif c == "," and depth == 0:
            commas += 1
        elif not c.isspace():
            some = True
        i += 1
    return None


def comments(text):
    """{(name, arity): comment directly above the first clause}."""
    lines = text.split("\n")
    found, joined = {}, []
    for i, line in enumerate(lines):
        head = re.match(r"('[^']+'|[a-z]\w*)\(", line)
        if not head:
            continue
        whole, more = line, i + 1
        arity = arity_of(whole, head.end())
        while arity is None and more < len(lines) and more < i + 6:
            whole += "\n" + lines[more]
            arity = arity_of(whole, head.end())
            more += 1
        key = (head.group(1).strip("'"), arity)
        if arity is None or key in found:
            continue
        above = i - 1
        block = []
        while above >= 0 and (lines[above].startswith("%%") or lines[above].startswith("-spec") or lines[above].startswith("    ->")):
            block.insert(0, lines[above])
            above -= 1
        found[key] = "\n".join(b for b in block if b.startswith("%%") and b.strip() != "%% native")
    return found


def built_in(module):
    """Functions of a module whose source is not theirs: made in C, documented in builtins/."""
    found = []
    for path in glob.glob(os.path.join(STDLIB, "..", "vm", "bytecode", "bifs", "*.def")):
        with open(path, encoding="utf-8") as f:
            rows = re.findall(r'BIF\(\s*%s,\s*\w+,\s*(\d+),\s*"([^"]+)"' % module, f.read())
        found += [(name, int(arity)) for arity, name in rows]
    return found


def gaps(module, documented):
    with open(os.path.join(STDLIB, module + ".act"), encoding="utf-8") as f:
        text = f.read()
    above, functions = comments(text), exported(text)
    beside = os.path.join(STDLIB, "builtins", module + ".act")
    if os.path.exists(beside):
        with open(beside, encoding="utf-8") as f:
            above.update(comments(f.read()))
        functions = sorted(set(functions + built_in(module)))
    missing = []
    for name, arity in functions:
        comment = above.get((name, arity), "")
        if module in OWN and "%s/%d" % (name, arity) in CALLBACKS:
            continue
        if documented is not None and "%s/%d" % (name, arity) not in documented:
            continue
        if name + "(" not in comment and "'%s'(" % name not in comment:
            missing.append("%s/%d has no comment" % (name, arity))
        elif not runs(comment):
            missing.append("%s/%d has no example that runs" % (name, arity))
    return missing


def last_expression(code):
    """What stands behind the last comma outside of brackets and quotes."""
    depth, quote, start, i = 0, None, 0, 0
    while i < len(code):
        c = code[i]
        if quote:
            i += c == "\\"
            quote = None if c == quote else quote
        elif c == "$":
            i += 2 if code[i + 1:i + 2] == "\\" else 1
        elif c in "\"'":
            quote = c
        elif c in "([{" or code.startswith("<<", i):
            depth += 1
            i += c == "<"
        elif c in ")]}" or code.startswith(">>", i):
            depth -= 1
            i += c == ">"
        elif c == "," and depth == 0:
            start = i + 1
        i += 1
    return code[start:]


def runs(comment):
    """Whether an example of the comment says something that can be true. (What exactly runs, act_test_doc decides.)"""
    examples = re.findall(r"Example: `([^`]+)`(\s+(?:%%\s+)?(?:prints|logs|ends with status)\s+`)?", comment)
    return any(says or re.search(r" (=:=|==|=/=|/=|=|<|>|=<|>=) ", last_expression(code)) for code, says in examples)


def allowed():
    if not os.path.exists(ALLOWED):
        return {}
    with open(ALLOWED, encoding="utf-8") as f:
        return {line.split()[0]: int(line.split()[1]) for line in f if line.strip()}


def main():
    now = {m: gaps(m, names) for m, names in modules().items()}
    if "--list" in sys.argv:
        wanted = sys.argv[sys.argv.index("--list") + 1:] or sorted(now)
        for m in wanted:
            for what in now[m]:
                print("%s:%s" % (m, what))
        return 0
    if "--write" in sys.argv:
        with open(ALLOWED, "w", encoding="utf-8") as f:
            f.writelines("%s %d\n" % (m, len(now[m])) for m in sorted(now) if now[m])
        return 0
    limit, bad = allowed(), 0
    for m, what in sorted(now.items()):
        if len(what) > limit.get(m, 0):
            bad += 1
            print("%s: %d functions, %d allowed: %s" % (m, len(what), limit.get(m, 0), ", ".join(what[:10])))
        elif len(what) < limit.get(m, 0):
            bad += 1
            print("%s: %d functions, fewer than the %d of doc_gaps.txt: run doc_gaps.py --write" % (m, len(what), limit[m]))
    total = sum(map(len, now.values()))
    print("%d functions of %d modules without comment or example" % (total, sum(1 for w in now.values() if w)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
