#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Types into `act shell` in a real terminal (tmux) and looks at the screen.

    shell_terminal.py --act build/act            the tests
    shell_terminal.py --record                   types test/shell/*.txt into erl and records the screens

test/shell/NAME.txt is what a person types, a line each; NAME.out is the screen that Erlang's shell shows for
it. What cannot be equal is made so on both sides first: pids, references, funs' names, places in the
library, times; reports of dead processes are compared apart, since when they come is not fixed.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAIT = 30  # seconds at most for a prompt


class Terminal:
    """A tmux server of its own with one pane."""

    def __init__(self, command, home):
        self.socket = os.path.join(home, "tmux.sock")
        environment = dict(os.environ, HOME=home, TERM="xterm", LANG="C.UTF-8", ACT_HISTORY=os.path.join(home, "history"))
        environment.pop("TMUX", None)
        self.environment = environment
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "300", *command)

    def tmux(self, *words):
        return subprocess.run(["tmux", "-S", self.socket, *words], env=self.environment, check=True,
                              capture_output=True, text=True, timeout=WAIT).stdout

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def screen(self):
        return self.tmux("capture-pane", "-p").rstrip()

    def wait(self, pattern):
        """The screen, as soon as it matches."""
        end = time.time() + WAIT
        while time.time() < end:
            screen = self.screen()
            if re.search(pattern, screen, re.M):
                return screen
            time.sleep(0.05)
        raise AssertionError(f"no {pattern!r} on the screen:\n{self.screen()}")

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], env=self.environment, capture_output=True)


def session(command, body):
    home = tempfile.mkdtemp(prefix="act-shell-")
    terminal = Terminal(command, home)
    try:
        return body(terminal)
    finally:
        terminal.close()
        shutil.rmtree(home, ignore_errors=True)


def play(lines):
    """Types the lines, each when the prompt is there; the screen at the end."""

    def body(terminal):
        terminal.wait(r"^1> ?\Z")
        for line in lines:
            before = terminal.screen()
            terminal.type(line)
            terminal.keys("Enter")
            end = time.time() + WAIT
            while True:
                screen = terminal.screen()
                if screen != before and re.search(r"^\d+>\Z", screen, re.M) and screen.count("\n") > before.count("\n"):
                    break
                if time.time() > end:
                    raise AssertionError(f"no prompt after {line!r}:\n{screen}")
                time.sleep(0.05)
        return terminal.screen()

    return body


def plain(screen):
    """(screen, reports) without what differs between two runs."""
    text = "\n".join(line.rstrip() for line in screen.splitlines())
    text = text[text.index("1>"):]
    reports = re.findall(r"=ERROR REPORT====.*?\n(Error in process.*?\n.*?)(?=\n\n|\n\d+>)", text, re.S)
    text = re.sub(r"=ERROR REPORT====.*?\nError in process.*?(?=\n\n|\n\d+>)\n*", "", text, flags=re.S)
    text = re.sub(r"^(\d+>) *\n(?=\1)", "", text, flags=re.M)
    out = []
    for piece in [text] + reports:
        piece = re.sub(r"<0\.\d+\.0>", "<pid>", piece)
        piece = re.sub(r"#Ref<[\d.]+>", "#Ref<>", piece)
        piece = re.sub(r"#Fun<[^>]*>", "#Fun<>", piece)
        piece = re.sub(r"\((\w+)\.(erl|act), line \d+\)", r"(\1)", piece)
        out.append(re.sub(r"\n\n+", "\n", piece))
    return out[0], [re.sub(r"\s+", "", r) for r in out[1:]]


def transcripts():
    return sorted((ROOT / "test/shell").glob("*.txt"))


def record():
    for path in transcripts():
        lines = path.read_text().splitlines()
        text, reports = plain(session(["erl"], play(lines)))
        path.with_suffix(".out").write_text(text + "\n" + "".join(f"REPORT {r}\n" for r in reports))
        print(f"recorded {path.with_suffix('.out')}")


def check_transcript(act, path):
    text, reports = plain(session([act, "shell"], play(path.read_text().splitlines())))
    got = text + "\n" + "".join(f"REPORT {r}\n" for r in reports)
    expected = path.with_suffix(".out").read_text()
    if got != expected:
        import difflib
        diff = difflib.unified_diff(expected.splitlines(), got.splitlines(), "erl", "act", lineterm="")
        raise AssertionError("\n".join(diff))


def check_keys(act):
    """Editing, history, completion, ^C, output above the line."""

    def body(t):
        t.wait(r"^1>\Z")
        t.type("lists:rev")
        t.keys("Tab")
        t.wait(r"^1> lists:reverse\(\Z")
        t.type("[1,2]).")
        t.keys("Enter")
        t.wait(r"^\[2,1\]\n2>\Z")
        t.keys("Up", "Enter")
        t.wait(r"^2> lists:reverse\(\[1,2\]\)\.\n\[2,1\]\n3>\Z")
        t.type("Longname = 7.")
        t.keys("Enter")
        t.wait(r"^4>\Z")
        t.type("Longn")
        t.keys("Tab")
        t.type(" + 1.")
        t.keys("Enter")
        t.wait(r"^4> Longname \+ 1\.\n8\n5>\Z")
        t.type("timer:sleep(infinity).")
        t.keys("Enter")
        t.wait(r"sleep\(infinity\)\.\Z")
        time.sleep(0.3)
        t.keys("C-c")
        t.wait(r"interrupted\n6>\Z")
        t.type("Longname.")
        t.keys("Enter")
        t.wait(r"^6> Longname\.\n7\n7>\Z")
        t.type("F = fun L() -> L() end, F().")
        t.keys("Enter")
        time.sleep(0.3)
        t.keys("C-c")
        t.wait(r"interrupted\n8>\Z")
        t.type("abc")
        t.keys("C-c")
        t.wait(r"^8>\Z")
        t.type("foo(")
        t.keys("Enter")
        t.type("1,")
        t.keys("Enter")
        t.type("2).")
        t.keys("Enter")
        t.wait(r"undefined shell command foo/2\n9>\Z")
        t.type('spawn(fun() -> timer:sleep(500), io:format("from afar~n") end).')
        t.keys("Enter")
        t.wait(r"^10>\Z")
        t.type("1 + ")
        t.wait(r"^from afar\n10> 1 \+\Z")
        t.type("1.")
        t.keys("Enter")
        t.wait(r"^10> 1 \+ 1\.\n2\n11>\Z")
        t.type("rd(person, {name, age}).")
        t.keys("Enter")
        t.wait(r"^12>\Z")
        t.type("#per")
        t.keys("Tab")
        t.type('name = "a"}.')
        t.keys("Enter")
        t.wait(r'^#person\{name = "a",age = undefined\}\n13>\Z')
        t.type('P = spawn(fun() -> receive x -> ok end end), P ! y, mailbox(P).')
        t.keys("Enter")
        t.wait(r"^\[y\]\n14>\Z")
        t.type("exit(P, because), timer:sleep(50), why(P).")
        t.keys("Enter")
        t.wait(r"ended at .*\n\*\* exception exit: because\nok\n15>\Z")
        t.type("tree().")
        t.keys("Enter")
        t.wait(r"act_shell.*\n(.*\n)*ok\n16>\Z")
        t.type("q().")
        t.keys("Enter")

    session([act, "shell"], body)


def check_history(act):
    """A second run knows what was typed in the first."""

    def body(t):
        t.wait(r"^1>\Z")
        t.type("first_run.")
        t.keys("Enter")
        t.wait(r"^2>\Z")
        t.type("q().")
        t.keys("Enter")

    home = tempfile.mkdtemp(prefix="act-shell-")
    try:
        first = Terminal([act, "shell"], home)
        body(first)
        time.sleep(1)
        first.close()
        second = Terminal([act, "shell"], home)
        second.wait(r"^1>\Z")
        second.keys("Up", "Up", "Enter")
        second.wait(r"^1> first_run\.\nfirst_run\n2>\Z")
        second.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def check_eval(act):
    """act eval: values, statuses; a shell that reads from a pipe."""

    def run(words, text=None):
        done = subprocess.run([act, *words], input=text, capture_output=True, text=True, timeout=WAIT)
        return done.returncode, done.stdout, done.stderr

    def expect(got, wanted):
        if got != wanted:
            raise AssertionError(f"got {got!r}, wanted {wanted!r}")

    expect(run(["eval", "ok."]), (0, "ok\n", ""))
    expect(run(["eval", "X = 1, X + 1"]), (0, "2\n", ""))
    expect(run(["eval", "-1"]), (0, "-1\n", ""))
    expect(run(["eval", "lists:map(fun(X) -> X * 2 end, [1, 2])"]), (0, "[2,4]\n", ""))
    expect(run(["eval", "io:format(\"hi~n\")"]), (0, "hi\nok\n", ""))
    expect(run(["eval", "exit(because)"]), (1, "", "** exception exit: because\n"))
    expect(run(["eval", "X + 1"]), (1, "", "act eval: 1:1: variable 'X' is unbound\n"))
    expect(run(["eval", "1 + )"]), (1, "", "act eval: 1:5: syntax error before: ')'\n"))
    expect(run(["eval", "halt(3)"])[0], 3)
    expect(run(["eval"])[0], 2)
    expect(run(["eval", "1", "2"])[0], 2)
    expect(run(["eval", "--nonsense", "1"])[0], 2)
    expect(run(["shell", "surplus"])[0], 2)
    status, out, _ = run(["shell"], "A = 2.\nA * 3.\nq().\n")
    expect((status, out.splitlines()[1:4]), (0, ["1> 2", "2> 6", "3> ok"]))
    status, out, _ = run(["shell"], "halt(4).\n")
    expect(status, 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--act", default=str(ROOT / "build/act"))
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    if options.record:
        record()
        return 0
    act = os.path.abspath(options.act)
    checks = [("eval", lambda: check_eval(act))]
    checks += [(f"transcript {p.stem}", lambda p=p: check_transcript(act, p)) for p in transcripts()]
    checks += [("keys", lambda: check_keys(act)), ("history", lambda: check_history(act))]
    failed = 0
    for name, check in checks:
        try:
            check()
            print(f"ok   {name}")
        except AssertionError as error:
            failed += 1
            print(f"FAIL {name}\n{error}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
