#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles public libraries and runs their eunit tests on erl and on act, and compares.

  libraries.py --act build/act --sources DIR --out DIR [NAME...]

The table below names the libraries; docs/design/TESTING.md says where their sources come from
and what is out of scope. A line per library: modules compiled, tests passed, by each machine;
then each file that only one of them compiles and each test that ends differently.
"""
import argparse
import glob
import os
import re
import subprocess
import time
from dataclasses import dataclass

MODULE_FILES = (".beam", ".actb")
HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Library:
    name: str
    path: str  # below --sources; the newest that fits
    needs: tuple = ()
    first: tuple = ()  # modules that others need when they are compiled
    macros: tuple = ("TEST", "namespaced_types")
    skip: tuple = ()  # modules that both leave out
    folders: tuple = ("src", "test")


OTP = "../otp-src/erlang-25*/lib/"
RABBIT = "rabbitmq-server-*/deps/"
LIBRARIES = [
    Library("base64url", "base64url-1*"),
    Library("cowlib1", "cowlib-1*"),
    Library("eredis", "eredis-*"),
    Library("asciideck", "erlang-asciideck-*"),
    Library("cf", "erlang-cf-*"),
    Library("erlware_commons", "erlang-erlware-commons-*", ("cf",)),
    Library("getopt", "erlang-getopt-*"),
    Library("horse", "erlang-horse-*"),
    Library("unicode_util_compat", "unicode_util_compat-*"),
    Library("idna", "erlang-idna-*", ("unicode_util_compat",)),
    Library("metrics", "erlang-metrics-*"),
    Library("poolboy", "erlang-poolboy-*", skip=("poolboy_eqc",)),
    Library("syntax_tools", OTP + "syntax_tools", folders=("src",), skip=("merl_transform", "merl_tests")),
    Library("goldrush", "goldrush-*", ("syntax_tools",)),
    Library("lager", "lager-*", ("goldrush",), first=("lager_util", "lager_transform"),
            skip=("trunc_io_eqc",)),
    Library("p1_pgsql", "p1_pgsql-*"),
    Library("rebar", "rebar-2*", ("getopt",)),
] + [Library(name, RABBIT + name, tuple(needs.split())) for name, needs in {
    "accept": "", "amqp10_common": "rabbit_common", "aten": "", "cowlib": "", "ranch": "", "cowboy": "cowlib ranch",
    "credentials_obfuscation": "", "cuttlefish": "getopt", "enough": "", "gen_batch_server": "", "gun": "cowlib",
    "jose": "", "jsx": "", "recon": "", "observer_cli": "recon", "osiris": "gen_batch_server",
    "quantile_estimator": "", "prometheus": "quantile_estimator", "ra": "gen_batch_server aten",
    "rabbit_common": "", "seshat": "", "stdout_formatter": "", "syslog": "", "sysmon_handler": "",
    "systemd": "enough"}.items()]


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--act", required=True)
    parser.add_argument("--sources", required=True, help="where the sources are unpacked")
    parser.add_argument("--otp", required=True, help="folder of the OTP applications that the "
                        "installed erl has not: eunit, syntax_tools, crypto ...")
    parser.add_argument("--out", required=True)
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--module", default="", help="only the tests of this module")
    return parser.parse_args()


# What property tests need to compile; they are not run.
TRIQ = """-define(LET(Var, Domain, Body), {let_, Domain, fun(Var) -> Body end}).
-define(SUCHTHAT(Var, Domain, Body), {such_that, Domain, fun(Var) -> Body end}).
-define(FORALL(Var, Domain, Body), {for_all, Domain, fun(Var) -> Body end}).
-import(triq_dom, [list/1, tuple/1, int/0, int/1, int/2, byte/0, real/0, char/0, atom/0, elements/1, any/0,
                   oneof/1, frequency/1, non_empty/1, vector/2, pos_integer/0, non_neg_integer/0,
                   choose/2, binary/0, binary/1, largeint/0, bool/0, boolean/0, union/1, integer/2, float/2]).
"""


class Machine:
    def __init__(self, args, name):
        self.args, self.name = args, name
        self.out = os.path.join(args.out, name)
        self.env = dict(os.environ, ERL_LIBS=self.out + ":" + args.otp)

    def stubs(self):
        for name in ("triq", "proper"):
            folder = os.path.join(self.out, name, "include")
            os.makedirs(folder, exist_ok=True)
            os.makedirs(os.path.join(self.out, name, "ebin"), exist_ok=True)
            open(os.path.join(folder, name + ".hrl"), "w").write(TRIQ)

    def ebin(self, library):
        return os.path.join(self.out, library, "ebin")

    def paths(self, library):
        known = {l.name: l for l in LIBRARIES}
        seen, left = [], [library.name]
        while left:
            name = left.pop(0)
            if name not in seen:
                seen.append(name)
                left += known[name].needs
        return [self.ebin(name) for name in seen]

    def run(self, command, cwd, timeout):
        """Output and seconds; a run that takes too long ends with a line that says so."""
        begin = time.time()
        try:
            done = subprocess.run(command, cwd=cwd, env=self.env, timeout=timeout, text=True,
                                  errors="replace", stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            out = done.stdout
        except subprocess.TimeoutExpired as late:
            out = (late.stdout or b"").decode(errors="replace") + "\n= no end\n"
        return out, time.time() - begin

    def prepare(self, library, source):
        """The library as an application in ERL_LIBS: its folders as links, an ebin of our own."""
        home = os.path.join(self.out, library.name)
        os.makedirs(os.path.join(home, "ebin"), exist_ok=True)
        for part in ("src", "include", "priv", "test"):
            there, here = os.path.join(source, part), os.path.join(home, part)
            if os.path.isdir(there) and not os.path.lexists(here):
                os.symlink(there, here)
        for app in glob.glob(os.path.join(source, "src", "*.app.src")):
            text = open(app).read().replace("{modules, []}", "{modules, [%s]}" % library.name)
            open(os.path.join(home, "ebin", os.path.basename(app)[:-4]), "w").write(text)


class Erl(Machine):
    def __init__(self, args):
        super().__init__(args, "erl")
        os.makedirs(self.out, exist_ok=True)
        text = open(os.path.join(HERE, "libraries.act")).read()
        copy = os.path.join(self.out, "libraries.erl")
        open(copy, "w").write(text)
        subprocess.run(["erlc", "-o", self.out, copy], check=True)

    def command(self, library, words):
        return ["erl", "-noinput", "-pa", self.out, *self.paths(library), "-s", "libraries", "main",
                "-s", "init", "stop", "-extra", *words]

    def compile(self, library, source, files):
        options = ["{i,\"%s\"}" % folder for folder in includes(source)]
        options += ["{d,'%s'}" % macro for macro in library.macros]
        words = ["compile", self.ebin(library.name), *options, *files]
        return self.run(self.command(library, words), source, 280)[0]

    def test(self, library, source, module):
        return self.run(self.command(library, ["test", module]), source, self.args.timeout)


class Act(Machine):
    def __init__(self, args):
        super().__init__(args, "act")
        self.act = os.path.abspath(args.act)
        os.makedirs(self.out, exist_ok=True)

    def paths_of(self, library):
        return [word for path in self.paths(library) for word in ("-pa", path)]

    def compile(self, library, source, files):
        options = [word for folder in includes(source) for word in ("-I", folder)]
        options += [word for macro in library.macros for word in ("-D", macro)]
        command = [self.act, "compile", "-W0", "-o", self.ebin(library.name), *options,
                   *self.paths_of(library), *files]
        return self.run(command, source, 280)[0]

    def test(self, library, source, module):
        command = [self.act, "run", *self.paths_of(library), os.path.join(HERE, "libraries.act"),
                   "test", module]
        return self.run(command, source, self.args.timeout)


def includes(source):
    return [os.path.join(source, part) for part in ("include", "src", "test")]


def sources_of(library, source):
    files = [f for part in library.folders for f in
             sorted(glob.glob(os.path.join(source, part, "**", "*.erl"), recursive=True))]
    files = [f for f in files if module_of(f) not in library.skip]
    order = {name: i for i, name in enumerate(library.first)}
    return sorted(files, key=lambda f: order.get(module_of(f), len(order)))


def module_of(path):
    return os.path.splitext(os.path.basename(path))[0]


def modules_in(folder):
    return sorted(module_of(f) for f in glob.glob(os.path.join(folder, "*"))
                  if f.endswith(MODULE_FILES))


def test_modules(files):
    """Those that name eunit.hrl; NAME_tests runs with NAME."""
    names = [module_of(f) for f in files if "eunit.hrl" in open(f, errors="replace").read()]
    return [n for n in names if not (n.endswith("_tests") and n[:-6] in names)]


def compile_with(machine, library, source, files):
    """What the compiler says; modules that others need first, then those left."""
    for old in glob.glob(os.path.join(machine.ebin(library.name), "*")):
        if old.endswith(MODULE_FILES):
            os.remove(old)
    first = [f for f in files if module_of(f) in library.first]
    said = machine.compile(library, source, first) if first else ""
    return said + machine.compile(library, source, [f for f in files if f not in first])


def results(out):
    lines = out.splitlines()
    return [l for l in lines if re.match(r"^(.* line \d+ .*: |= )", l)]


def passed(tests):
    return sum(1 for l in tests if re.match(r"^.* line \d+ .*: ok$", l))


def compare(machines, library, source, modules):
    totals = [0, 0]
    report = []
    for module in modules:
        (erl, erl_time), (act, act_time) = [m.test(library, source, module) for m in machines]
        for machine, out in zip(machines, (erl, act)):
            open(os.path.join(machine.out, library.name, module + ".log"), "w").write(out)
        theirs, ours = results(erl), results(act)
        totals[0] += passed(theirs)
        totals[1] += passed(ours)
        for line in sorted(set(theirs) - set(ours)):
            report.append("  erl only: " + line[:300])
        for line in sorted(set(ours) - set(theirs)):
            report.append("  act only: " + line[:300])
        if act_time > 4 * erl_time:
            report.append("  slow: %s %.1f s, in erl %.1f s" % (module, act_time, erl_time))
    return totals, report


def main():
    args = parse_args()
    args.out = os.path.abspath(args.out)
    machines = [Erl(args), Act(args)]
    for machine in machines:
        machine.stubs()
    for library in LIBRARIES:
        found = sorted(glob.glob(os.path.join(args.sources, library.path)))
        if not found or (args.names and library.name not in args.names):
            continue
        source = os.path.abspath(found[-1])
        files = sources_of(library, source)
        said = []
        for machine in machines:
            machine.prepare(library, source)
            if not args.no_compile:
                said.append(compile_with(machine, library, source, files))
                open(os.path.join(machine.out, library.name, "compile.log"), "w").write(said[-1])
        made = [modules_in(m.ebin(library.name)) for m in machines]
        modules = [m for m in test_modules(files) if m in made[0] and args.module in ("", m)]
        totals, report = compare(machines, library, source, modules)
        print("%-24s %d files; compiled erl %d, act %d; tests passed erl %d, act %d" %
              (os.path.basename(source), len(files), len(made[0]), len(made[1]), *totals))
        for name in sorted(set(made[0]) - set(made[1])):
            print("  not compiled by act: " + name)
        for name in sorted(set(made[1]) - set(made[0])):
            print("  compiled by act only: " + name)
        print("\n".join(report), flush=True)


if __name__ == "__main__":
    main()
