# SPDX-License-Identifier: Apache-2.0
"""Runs batches of programs on Act and on Erlang. What a program did is its outcome: the text it
printed, or `refused`, or how the machine ended under it."""
import os
import re
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
REFUSED, SLOW = "refused", "timeout\n"
# How these print is not promised.
OPAQUE = [(re.compile(r"#Fun<[^>]*>"), "#Fun<>"), (re.compile(r"<\d+\.\d+\.\d+>"), "<pid>"), (re.compile(r"#Ref<[^>]*>"), "#Ref<>")]


def compiled():
    """A new folder with the Erlang side, compiled; once for all Machines of a run."""
    folder = tempfile.mkdtemp(prefix="act-diff-erl-")
    subprocess.run(["erlc", "-o", folder, os.path.join(HERE, "fz_erl.erl")], check=True)
    return folder


class Machines:
    """Act and Erlang, ready to run programs; close() removes what was written."""

    def __init__(self, act, erlang):
        self.act, self.erlang = os.path.abspath(act), erlang
        self.tmp = tempfile.mkdtemp(prefix="act-diff-")
        self.batches = 0

    def close(self):
        shutil.rmtree(self.tmp, ignore_errors=True)

    def run(self, programs):
        """[(act's outcome, erl's outcome)] in the order of the programs (objects with name and text())."""
        self.batches += 1
        folder = os.path.join(self.tmp, "b%d-%d" % (self.batches, os.getpid()))
        os.mkdir(folder)
        shutil.copy(os.path.join(HERE, "fz.act"), folder)
        shutil.copy(os.path.join(HERE, "fz.act"), os.path.join(folder, "fz.act.erl"))
        for program in programs:
            for end in (".act", ".erl"):
                with open(os.path.join(folder, program.name + end), "w", encoding="utf-8") as f:
                    f.write(program.text())
        names = [p.name for p in programs]
        theirs = self.run_all(names, folder, self.erl_command)
        ours = self.run_act(names, folder)
        shutil.rmtree(folder, ignore_errors=True)
        return [(ours[n], theirs[n]) for n in names]

    def erl_command(self, names):
        return ["erl", "-noshell", "+S", "1", "+MIscs", "128", "-enable-feature", "maybe_expr", "-kernel", "logger_level", "none",
                "-pa", self.erlang, "-run", "fz_erl", "main", *names]

    def act_command(self, names):
        return [self.act, "run", "fz.act", *names]

    def run_act(self, names, folder):
        check = subprocess.run([self.act, "check", "--json", *[n + ".act" for n in names]], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        refused = {}
        for line in check.stdout.decode(errors="replace").splitlines():
            found = re.search(r'"severity":"error".*"file":"([^"]*)\.act"', line)
            if found:
                refused.setdefault(found[1], line)
        outcomes = self.run_all([n for n in names if n not in refused], folder, self.act_command)
        if check.returncode < 0:
            outcomes = {n: "act check ended by signal %d\n" % -check.returncode for n in names}
        outcomes.update({n: REFUSED + " " + line for n, line in refused.items()})
        return outcomes

    def run_all(self, names, folder, command):
        """Runs names in one machine; when it ends before its time, goes on after the one it ended under."""
        outcomes = {}
        left = list(names)
        while left:
            text, how = self.once(command(left), folder, 30 + 6 * len(left))
            last = read(text, outcomes)
            if how is None:
                for n in left:
                    outcomes.setdefault(n, "nothing\n")
                break
            if not outcomes and len(left) == len(names):
                raise RuntimeError("the machine does not start: %s %s" % (text, how))
            if last not in outcomes:
                last = next(n for n in left if n not in outcomes)
            outcomes[last] = outcomes.get(last, "") + how
            left = [n for n in left if n not in outcomes]
        return outcomes

    @staticmethod
    def once(command, folder, seconds):
        """(what it printed, None or how it ended too soon)."""
        with open(os.path.join(folder, "stderr"), "wb") as err:
            proc = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err)
            try:
                out, _ = proc.communicate(timeout=seconds)
                how = "ended with status %d\n" % proc.returncode
            except subprocess.TimeoutExpired:
                proc.kill()
                out, _ = proc.communicate()
                how = "hangs\n"
        text = out.decode(errors="replace")
        if text.rstrip().endswith("== end"):
            return text, None
        with open(os.path.join(folder, "stderr"), "rb") as err:
            return text, how + err.read().decode(errors="replace")[-3000:]


def read(text, outcomes):
    """Splits what a machine printed into outcomes; the name of the last program it began."""
    name = None
    for line in text.splitlines(keepends=True):
        if line.startswith("== "):
            name = line[3:].strip()
            if name != "end":
                outcomes[name] = ""
        elif name is None and line.startswith("refused "):
            _, which, why = line.split(" ", 2)
            outcomes[which] = REFUSED + " " + why
        elif name is None and line.startswith("% "):
            continue
        elif name in outcomes:
            outcomes[name] += line
    return name


def tidy(outcome):
    if outcome.startswith(REFUSED):
        return REFUSED
    for pattern, plain in OPAQUE:
        outcome = pattern.sub(plain, outcome)
    return outcome


def unanswered(theirs):
    """True when Erlang itself failed: its compiler (an error without a line, a crash, too long), or its machine."""
    return "ended with status" in theirs or theirs.strip() in (REFUSED + " []", REFUSED + " crash", REFUSED + " slow")


def differ(ours, theirs):
    """True when the outcomes differ in what is promised. A program too slow for Erlang says nothing."""
    if SLOW in theirs or unanswered(theirs):
        return False
    return tidy(ours) != tidy(theirs)


LINE = re.compile(r"\d+(?=}(,noted,.*)?$)")
HEAD = re.compile(r"(f\d+b?)\(")


def only_lines(text, ours, theirs):
    """True when nothing differs but that Erlang names the line of another clause of the function than Act, which
    names that of the clause that failed: Erlang's compiler does so where it knows from the calls what can come."""
    ours, theirs, lines = tidy(ours).splitlines(), tidy(theirs).splitlines(), text.splitlines()

    def function(number):
        head = HEAD.match(lines[int(number) - 1]) if 0 < int(number) <= len(lines) else None
        return head and head.group(1)

    def same(our, their):
        a, b = LINE.search(our), LINE.search(their)
        return our == their or (
            a and b and our[:a.start()] == their[:b.start()] and our[a.end():] == their[b.end():] and function(a.group()) is not None
            and function(a.group()) == function(b.group()))

    return len(ours) == len(theirs) and all(same(o, t) for o, t in zip(ours, theirs))
