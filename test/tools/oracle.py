# SPDX-License-Identifier: Apache-2.0
"""Programs of the conformance suite, and how real Erlang runs them.

A test is a file NAME.act; what it must print lies beside it in NAME.out (for examples: in the
sub-folder expected/; so for the lesson's), its exit status in NAME.status when that is not 0, its standard error in
NAME.err when the head of the file says `%% stderr: exact`. NAME.in is its standard input.
A folder that holds FOLDER/FOLDER.act is one test of several modules: its other files are helpers.
The head of a file may also say `%% args: A B` and `%% flags: -D X=1 -I inc -pa lib`, and `%% library: M N`
for modules of ours that OTP 25 does not have: real Erlang runs the program with stdlib/M.act and stdlib/N.act.
What is recorded then is what the language makes of our source; that it does what OTP's later module does is for test/eunit.
Each program runs in a fresh empty working folder.
"""
import os
import shlex
import shutil
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SUITE = os.path.join(ROOT, "test", "conformance")
# Reports of crashed processes go to standard error, as in Act.
LOGGER = "[{handler,default,logger_std_h,#{config=>#{type=>standard_error}}}]"


class Test:
    """One program with its recording."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.dir, base = os.path.split(self.path)
        self.name = base[: -len(".act")]
        self.label = os.path.relpath(self.path, ROOT)
        self.args, self.flags, self.exact_stderr, self.features = [], [], False, []
        self.library = []
        self.read_head()

    def read_head(self):
        with open(self.path, encoding="utf-8", errors="replace") as f:
            for line in f:
                if line.startswith("%% args:"):
                    self.args = shlex.split(line[8:])
                elif line.startswith("%% flags:"):
                    self.flags = shlex.split(line[9:])
                elif line.startswith("%% library:"):
                    names = line[11:].split()
                    self.library = [os.path.join(ROOT, "stdlib", n + ".act") for n in names]
                elif line.startswith("%% stderr: exact"):
                    self.exact_stderr = True
                elif line.startswith("-feature(maybe_expr"):
                    self.features = ["-enable-feature", "maybe_expr"]

    def recorded(self, kind):
        folder = self.dir
        if os.path.basename(folder) in ("examples", "lesson"):
            folder = os.path.join(folder, "expected")
        return os.path.join(folder, self.name + "." + kind)

    def read(self, kind, default):
        try:
            with open(self.recorded(kind), "rb") as f:
                return f.read()
        except FileNotFoundError:
            return default

    def stdin(self):
        path = os.path.join(self.dir, self.name + ".in")
        return path if os.path.exists(path) else os.devnull

    def helpers(self):
        """Folders whose modules the program may call: its own, and each -pa."""
        extra = [self.flags[i + 1] for i, f in enumerate(self.flags) if f == "-pa"]
        return [os.path.join(self.dir, d) for d in extra]

    def act_flags(self):
        """The flags for act; folders in them are relative to the program."""
        out, folder_next = [], False
        for flag in self.flags:
            out.append(os.path.join(self.dir, flag) if folder_next else flag)
            folder_next = flag in ("-pa", "-I")
        return out


def exports_transform(path):
    """A parse transform must be compiled before the modules that name it."""
    with open(path, "rb") as source:
        return b"parse_transform/2" in source.read()


class Result:
    def __init__(self, out, err, status, seconds, timed_out=False):
        self.out, self.err, self.status = out, err, status
        self.seconds, self.timed_out = seconds, timed_out


def is_helper(path):
    """True for a module of a several-module test that is not its main program."""
    folder, base = os.path.split(path)
    main = os.path.basename(folder) + ".act"
    if os.path.exists(os.path.join(folder, main)):
        return base != main
    above = os.path.dirname(folder)
    return os.path.exists(os.path.join(above, os.path.basename(above) + ".act"))


def find(paths):
    """All tests in files and folders, sorted."""
    found = []
    for path in paths or [SUITE]:
        if os.path.isfile(path):
            found.append(path)
            continue
        for folder, _, names in os.walk(path):
            found += [os.path.join(folder, n) for n in names if n.endswith(".act")]
    return [Test(p) for p in sorted(set(map(os.path.abspath, found))) if not is_helper(p)]


def execute(command, cwd, stdin, timeout, env=None):
    """Runs a command; a program that does not end is killed with its children."""
    started = time.monotonic()
    with open(stdin, "rb") as source:
        proc = subprocess.Popen(command, cwd=cwd, stdin=source, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=env, start_new_session=True)
        try:
            out, err = proc.communicate(timeout=timeout)
            timed_out = False
        except subprocess.TimeoutExpired:
            os.killpg(proc.pid, 9)
            out, err = proc.communicate()
            timed_out = True
    return Result(out, err, proc.returncode, time.monotonic() - started, timed_out)


def erl_options(flags, folder):
    """erlc's options as compile:file/2 wants them."""
    out, i = [], 0
    while i < len(flags):
        flag, value = flags[i], flags[i + 1] if i + 1 < len(flags) else ""
        if flag == "-D":
            name, _, val = value.partition("=")
            out.append("{d,'%s'}" % name if not val else "{d,'%s',%s}" % (name, val))
        elif flag == "-I":
            out.append('{i,"%s"}' % os.path.join(folder, value))
        i += 2
    return "[" + ",".join(out) + "]"


class Oracle:
    """Real Erlang: compiles a set of tests once, then runs each in its own OS process."""

    def __init__(self):
        self.tmp = tempfile.mkdtemp(prefix="act-oracle-")
        self.count = 0
        self.dirs = {}
        subprocess.run(["erlc", "-o", self.tmp, os.path.join(HERE, "act_oracle.erl")], check=True)

    def close(self):
        shutil.rmtree(self.tmp, ignore_errors=True)

    def prepare(self, tests):
        """Compiles them; returns the compiler's complaints, empty if there are none."""
        jobs = []
        for test in tests:
            self.count += 1
            out = os.path.join(self.tmp, "t%d" % self.count)
            self.dirs[test.path] = out
            os.mkdir(out)
            for path in self.data(test):
                shutil.copy(path, out)
            for source in self.sources(test):
                target = os.path.join(out, os.path.basename(source)[: -len(".act")] + ".erl")
                shutil.copy(source, target)
                options = erl_options(test.flags, test.dir)
                options = options[:-1] + ("," if options != "[]" else "") + '{i,"%s"}]' % test.dir
                jobs.append('{"%s","%s",%s}.' % (target, out, options))
        list_file = os.path.join(self.tmp, "jobs")
        with open(list_file, "w", encoding="utf-8") as f:
            f.write("\n".join(jobs) + "\n")
        # -include_lib of an application looks for its folder of modules
        ebins = [d for t in tests for d in t.helpers() if os.path.basename(d) == "ebin"]
        done = subprocess.run(["erl", "-noshell", "-pa", self.tmp, *ebins, "-run", "act_oracle", "compile",
                               list_file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout.decode() if done.returncode else ""

    @staticmethod
    def sources(test):
        if os.path.basename(test.dir) != test.name:
            return test.library + [test.path]
        folders = [test.dir] + test.helpers()
        found = [os.path.join(d, n) for d in folders for n in sorted(os.listdir(d))
                 if n.endswith(".act")]
        return test.library + sorted(found, key=lambda path: not exports_transform(path))

    @staticmethod
    def data(test):
        """Other files that the modules of a folder may read when they are compiled."""
        if os.path.basename(test.dir) != test.name:
            return []
        return [os.path.join(test.dir, n) for n in os.listdir(test.dir)
                if n.endswith((".txt", ".data"))]

    def run(self, test, timeout):
        cwd = tempfile.mkdtemp(prefix="cwd-", dir=self.tmp)
        command = ["erl", "-noshell", "-kernel", "logger", LOGGER, *test.features,
                   "+P", "4000000", "-pa", self.tmp, self.dirs[test.path],
                   "-run", "act_oracle", "run", test.name, "-extra", *test.args]
        result = execute(command, cwd, test.stdin(), timeout)
        shutil.rmtree(cwd, ignore_errors=True)
        return result
