#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exported functions of the library without a doc comment or without an example in it.

  doc_gaps.py                    fails when there is one
  doc_gaps.py --list [MODULES]   names them, by module

The comment stands directly above the function's first clause, or in builtins/ when the function is made in C: `name(Arguments) -> Result.`, what it
does, perhaps `Errors: ...`, and an example. That is `Example: ` with code in back quotes that says what is true (a comparison, a match), what it prints, logs or ends with, so that `act test` runs
it. Two kinds of functions need no example:
  those of the inner modules: all act_* that docs/own-modules.md does not tell of (OWN);
  those whose comment says "Called by WHO.": a callback, or what only a module of the library calls. WHO is a module that names the function (of itself:
  as ?MODULE:F or ?MODULE, F), or `the machine`: the sources in C.
"""
import functools
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STDLIB = os.path.join(os.path.dirname(os.path.dirname(HERE)), "stdlib")
ROOT = os.path.dirname(STDLIB)
OWN = ["act_task", "act_agent", "act_registry", "act_pool", "act_stage", "act_protocol"]


def modules():
    return sorted(os.path.basename(p)[:-4] for p in glob.glob(os.path.join(STDLIB, "*.act")))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def is_inner(module):
    return module.startswith("act_") and module not in OWN


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
    """{(name, arity): comment directly above the first clause}, whose head ends on its first line: `act doc` looks no further."""
    lines = text.split("\n")
    found, joined = {}, []
    for i, line in enumerate(lines):
        head = re.match(r"('[^']+'|[a-z]\w*)\(", line)
        if not head:
            continue
        arity = arity_of(line, head.end())
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


def calls(module, who, name):
    """Whether the source of who names the function."""
    if who == "the machine":
        found = re.search(r"\b%s\b" % re.escape(name), c_sources())
    elif who == module:
        found = re.search(r"(\?MODULE|\b%s)\s*[:,]\s*%s\b" % (module, re.escape(name)), read(os.path.join(STDLIB, who + ".act")))
    else:
        path = os.path.join(STDLIB, who + ".act")
        found = os.path.exists(path) and re.search(r"\b%s\b" % re.escape(name), read(path))
    return bool(found)


@functools.lru_cache(maxsize=None)
def c_sources():
    folders = [os.path.join(ROOT, d) for d in ("vm", "compiler", "cli")]
    return "\n".join(read(p) for d in folders for p in glob.glob(os.path.join(d, "**", "*.[ch]"), recursive=True))


def gaps(module):
    text = read(os.path.join(STDLIB, module + ".act"))
    above, functions = comments(text), exported(text)
    beside = os.path.join(STDLIB, "builtins", module + ".act")
    if os.path.exists(beside):
        above.update(comments(read(beside)))
        functions = sorted(set(functions + built_in(module)))
    return [gap for gap in (gap_of(module, name, arity, above.get((name, arity), "")) for name, arity in functions) if gap]


def gap_of(module, name, arity, comment):
    who = re.search(r"Called by (the machine|\w+)\b", comment.replace("\n%%", ""))
    if name + "(" not in comment and "'%s'(" % name not in comment:
        return "%s/%d has no comment" % (name, arity)
    if is_inner(module):
        return None
    if not says(comment):
        return "%s/%d has nothing on what it does" % (name, arity)
    if runs(comment):
        return None
    if not who:
        return "%s/%d has no example that runs" % (name, arity)
    return None if calls(module, who.group(1), name) else "%s/%d is not called by %s" % (name, arity, who.group(1))


def says(comment):
    """Whether there is more in the comment than name, arguments, result, errors and examples. "-> the same" and "-> as f/1" say what it does."""
    text = " ".join(line.lstrip("%").strip() for line in comment.split("\n"))
    text = re.sub(r"Example: `[^`]*`( (prints|logs|ends with status) `[^`]*`)?( \([^()]*\))?", "", text)
    depth, end = 0, 0
    while end < len(text) and not (text[end] == "." and depth == 0 and text[end + 1:end + 2] in ("", " ")):
        depth += (text[end] in "([{") - (text[end] in ")]}")
        end += 1
    does = re.sub(r"Errors: [^.]*", "", text[end:])
    return bool(re.search(r"[A-Za-z]{2}", does) or re.search(r"\b(the same|as|never)\b", text[:end].split("->", 1)[-1]))


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


def main():
    wanted = sys.argv[sys.argv.index("--list") + 1:] if "--list" in sys.argv else []
    found = [(m, gap) for m in wanted or modules() for gap in gaps(m)]
    for m, gap in found:
        print("%s:%s" % (m, gap))
    print("%d functions of %d modules" % (len(found), len({m for m, _ in found})))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
