#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""natives.py [ROOT]: every function that the library expects from the machine has a row in
vm/bytecode/bifs, and every row is written well.

Expected are: the `nif_error(undef)` bodies of stdlib/*.act, and the functions named in the tables and
lists of stdlib/README.md. Ends with 1 and says what is missing."""
import re
import sys
from pathlib import Path

ROW = re.compile(
    r'BIF\(\s*(\w+),\s*(\w+),\s*(\d+),\s*"((?:[^"\\]|\\.)*)",\s*BIF_(\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)')


def read_rows(root):
    """{(module, name, arity)} and complaints about the rows themselves."""
    rows, complaints = {}, []
    for path in sorted((root / "vm/bytecode/bifs").glob("*.def")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        found = ROW.findall(text)
        if len(found) != text.count("BIF("):
            complaints.append(f"{path.name}: {text.count('BIF(') - len(found)} rows cannot be read")
        for module, _, arity, name, kind, doc in found:
            key = (module, name, int(arity))
            if key in rows:
                complaints.append(f"{path.name}: {module}:{name}/{arity} is there twice")
            if kind not in ("GUARD", "PLAIN", "TRAPS", "LONG", "GUARD_LONG"):
                complaints.append(f"{path.name}: {module}:{name}/{arity} is of kind {kind}")
            if not doc.strip('" \n'):
                complaints.append(f"{path.name}: {module}:{name}/{arity} has no doc")
            rows[key] = path.name
    return rows, complaints


def count_arguments(text):
    """Arguments of a clause head's parentheses, given what stands between them."""
    depth, commas = 0, 0
    for c in text:
        depth += c in "([{"
        depth -= c in ")]}"
        commas += c == "," and depth == 0
    return commas + 1 if text.strip() else 0


def library_natives(root):
    head = re.compile(r"^('[^']+'|[a-z]\w*)\(([^)]*)\)\s*->\s*\n?\s*erlang:nif_error\(undef\)", re.M)
    for path in sorted((root / "stdlib").glob("*.act")):
        for name, arguments in head.findall(path.read_text()):
            yield path.stem, name.strip("'"), count_arguments(arguments), path.name


def arities_of(word):
    """`name/1,2` -> name, [1, 2]"""
    name, _, arities = word.partition("/")
    return name.strip("'"), [int(a) for a in arities.split(",") if a.isdigit()]


def readme_natives(root, rows):
    """Natives named `module:name/arities` in tables, and the lists of names of a module."""
    text = (root / "stdlib/README.md").read_text()
    full = re.compile(r"^\|[^|]*`([a-z_]\w*):([a-z_]\w*/[\d,]+)`([^|]*)", re.M)
    for module, word, more in full.findall(text):
        others = re.findall(r"`(?:([a-z_]\w*):)?([a-z_]\w*/[\d,]+)`", more)
        for m, w in [(module, word)] + others:
            name, arities = arities_of(w)
            for arity in arities:
                yield m or module, name, arity, "README.md"
    for module, paragraph in re.findall(r"^`(math|binary)`(.*?)\n\n", text, re.M | re.S):
        names = max(re.findall(r"`([^`]*)`", paragraph), key=len)
        yield from listed(module, names, rows)
    erlang = re.search(r"### Module erlang.*?`([^`]+)`\.\n", text, re.S)
    body = re.search(r"by name:\s*`([^`]+)`", text)
    if erlang is None or body is None:
        yield "erlang", "(no list of erlang's functions)", 0, "README.md"
    else:
        yield from listed("erlang", re.sub(r"\([^)]*\)", "", body.group(1)), rows)


def listed(module, body, rows):
    """A name without arities asks for any arity."""
    for word in body.split():
        name, arities = arities_of(word)
        if not arities and not any(r[:2] == (module, name) for r in rows):
            yield module, name, -1, "README.md"
        for arity in arities:
            yield module, name, arity, "README.md"


def defined_in_library(root, module, name, arity):
    """True if the library has that function in Act."""
    path = root / "stdlib" / f"{module}.act"
    if not path.exists():
        return False
    for head, arguments in re.findall(r"^('[^']+'|[a-z]\w*)\(([^\n]*?)\)\s*(?:when|->)",
                                      path.read_text(), re.M):
        if head.strip("'") == name and arity in (-1, count_arguments(arguments)):
            return True
    return False


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2])
    rows, complaints = read_rows(root)
    wanted = list(library_natives(root))
    count = len(wanted)
    for module, name, arity, where in wanted:
        if (module, name, arity) not in rows:
            complaints.append(f"{where}: {module}:{name}/{arity} is native, but has no row")
    for module, name, arity, where in readme_natives(root, rows):
        count += 1
        if (module, name, arity) not in rows and not defined_in_library(root, module, name, arity):
            complaints.append(f"{where}: {module}:{name}/{arity} has neither row nor Act code")
    for line in complaints:
        print(line)
    print(f"{len(rows)} built-ins, {count} expected, {len(complaints)} complaints")
    return 1 if complaints or count == 0 or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
