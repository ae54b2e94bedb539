#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs what the lesson's chapters (docs/lesson/*.md) show, and compares it with what they say.

  lesson.py --act build/act [CHAPTER...]            checks; the last line is `N passed, N failed`
  lesson.py --act build/act --update [CHAPTER...]   puts programs and output as they are into the chapters

In a chapter
* ```erlang FILE [FUNCTION/ARITY...]``` shows examples/lesson/FILE, or these functions of it (`head`: what
  stands before the first function);
* ```console``` shows commands, `$ act ...`, as typed in examples/lesson, each with all it prints, standard error
  included. After `$ act shell`, lines that begin with `1> ` are typed. A line `...` stands for any lines.
Pids in output may differ. An erlang block that names no file is a fragment and is not looked at; so is a block
of any other kind. Every program of examples/lesson must be run by some chapter.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHAPTERS = os.path.join(ROOT, "docs", "lesson")
PROGRAMS = os.path.join(ROOT, "examples", "lesson")
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.S | re.M)
PROMPT = re.compile(r"^(\d+)> ", re.M)
LIMIT = 60  # seconds a command may take


def excerpt(path, wanted):
    """The file, or of it the forms that are wanted, as they stand there."""
    with open(path, encoding="utf-8") as source:
        text = source.read()
    if not wanted:
        return text
    forms = text.rstrip("\n").split("\n\n")
    found = []
    for name in wanted:
        found.append("\n\n".join(form for form in forms if is_form(form, name)))
        if not found[-1]:
            raise LookupError("%s has no %s" % (os.path.basename(path), name))
    return "\n\n".join(found) + "\n"


def is_form(form, name):
    code = [line for line in form.split("\n") if not line.startswith(("%", "-spec"))]
    first = code[0] if code else ""
    if name == "head":
        return first.startswith("-module")
    function, _, arity = name.partition("/")
    if not first.startswith(function + "("):
        return False
    arguments = first[len(function) + 1:]
    depth, count, i = 0, 0, 0
    while i < len(arguments) and not (depth == 0 and arguments[i] == ")"):
        depth += (arguments[i] in "([{") - (arguments[i] in ")]}")
        count += arguments[i] == "," and depth == 0
        i += 1
    return int(arity) == (count + 1 if i > 0 else 0)


def steps(block):
    """[(command, what it prints)]"""
    found = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].rstrip("\n"), ""))
        elif not found:
            raise LookupError("a console block begins with a command")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


class Runner:
    """A folder like examples/lesson, with `act` in the path."""

    def __init__(self, act):
        self.tmp = tempfile.mkdtemp(prefix="act-lesson-")
        self.folder = os.path.join(self.tmp, "lesson")
        shutil.copytree(PROGRAMS, self.folder)
        os.mkdir(os.path.join(self.tmp, "bin"))
        os.symlink(os.path.abspath(act), os.path.join(self.tmp, "bin", "act"))
        self.env = dict(os.environ, PATH=os.path.join(self.tmp, "bin") + ":" + os.environ["PATH"], LC_ALL="C.UTF-8")

    def close(self):
        shutil.rmtree(self.tmp, ignore_errors=True)

    def run(self, command, typed):
        try:
            done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.env, input=typed, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return "(did not end within %d s)\n" % LIMIT
        return done.stdout

    def output(self, command, shown):
        """What a reader sees after the command."""
        if command != "act shell":
            text = self.run(command, "")
            return text if text == "" or text.endswith("\n") else text + "\n"
        typed = re.findall(r"^\d+> (.*)$", shown, re.M)
        text = self.run(command, "".join(line + "\n" for line in typed))
        parts = PROMPT.split(text)[1:]
        seen = ""
        for number, line, printed in zip(parts[0::2], typed, parts[1::2]):
            seen += "%s> %s\n%s" % (number, line, printed)
        return seen


def same(shown, seen):
    pattern = re.escape(shown)
    pattern = re.sub(r"(?m)^\\\.\\\.\\\.\n", "(?:.*\n)*?", pattern.replace("\\\n", "\n"))
    pattern = re.sub(r"<0\\\.\d+\\\.0>", lambda _: r"<0\.\d+\.0>", pattern)
    return re.fullmatch(pattern, seen) is not None


class Chapter:
    def __init__(self, path, runner, update):
        self.path, self.runner, self.update = path, runner, update
        self.problems, self.count, self.used = [], 0, set()

    def block(self, match):
        kind, info, body = match.group(1), match.group(2).split(), match.group(3)
        if kind == "erlang" and info:
            try:
                fresh = excerpt(os.path.join(PROGRAMS, info[0]), info[1:])
            except LookupError as error:
                self.count += 1
                self.problems.append("%s: %s" % (os.path.relpath(self.path, ROOT), error))
                return match.group(0)
            self.judge(" ".join(info), body, fresh, body == fresh)
        elif kind == "console":
            fresh = ""
            for command, shown in steps(body):
                seen = self.runner.output(command, shown)
                self.used.update(re.findall(r"\S+\.act\b", command))
                matches = same(shown, seen)
                self.judge("$ " + command, shown, seen, matches)
                fresh += "$ %s\n%s" % (command, shown if matches else seen)
        else:
            return match.group(0)
        return "```%s%s\n%s```" % (kind, match.group(2), fresh) if self.update else match.group(0)

    def judge(self, what, shown, seen, good):
        self.count += 1
        if not good and not self.update:
            self.problems.append("%s: %s\n  the text says\n%s  there is\n%s" % (
                os.path.relpath(self.path, ROOT), what, indent(shown), indent(seen)))

    def check(self):
        with open(self.path, encoding="utf-8") as source:
            text = source.read()
        fresh = FENCE.sub(self.block, text)
        if self.update and fresh != text:
            with open(self.path, "w", encoding="utf-8") as target:
                target.write(fresh)


def indent(text):
    return "".join("    " + line for line in text.splitlines(keepends=True))


def programs():
    """Those that are run: files of the folder, and NAME/NAME.act."""
    for name in sorted(os.listdir(PROGRAMS)):
        if name.endswith(".act"):
            yield name
        elif os.path.exists(os.path.join(PROGRAMS, name, name + ".act")):
            yield "%s/%s.act" % (name, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("chapters", nargs="*")
    parser.add_argument("--act", required=True)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    everything = sorted(os.path.join(CHAPTERS, n) for n in os.listdir(CHAPTERS) if n.endswith(".md"))
    runner = Runner(args.act)
    passed, problems, used = 0, [], set()
    try:
        for path in args.chapters or everything:
            chapter = Chapter(path, runner, args.update)
            chapter.check()
            problems += chapter.problems
            passed += chapter.count - len(chapter.problems)
            used |= chapter.used
    finally:
        runner.close()
    if not args.chapters:
        problems += ["no chapter runs examples/lesson/%s" % p for p in programs() if p not in used]
    print("\n".join(problems), end="\n" if problems else "")
    print("%d passed, %d failed" % (passed, len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
