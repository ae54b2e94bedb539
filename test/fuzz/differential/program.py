# SPDX-License-Identifier: Apache-2.0
"""A whole random program: functions that call only those before them, and tests that call the functions."""
import random

import bits
import processes
import shapes
from generate import DATA, FUNCTIONS, Generator
from tree import List, Node, expr, node, text_of

assert bits and processes and shapes
RESULTS = DATA + ["int", "any", "any", "ilist", "list"]


def plain(g, name):
    """Clauses over patterns."""
    arguments = [g.pick(DATA + ["fun1", "int"]) for _ in range(g.pick([0, 1, 1, 2, 2, 3, 4]))]
    result = g.pick(RESULTS)
    clauses = [g.clause(arguments, result, 3, [], name + "(@)") for _ in range(g.pick([1, 1, 2, 3, 4]))]
    if g.chance(0.6) and arguments:
        names = [g.fresh("X") for _ in arguments]
        clauses.append(node("x", name + "(" + ", ".join(names) + ") -> @", g.body(result, 3, list(zip(names, arguments)))))
    return arguments, result, clauses


def counting(g, name):
    """A loop over a number that goes down."""
    result = g.pick(RESULTS)
    n, acc = g.fresh("N"), g.fresh("A")
    scope = [(n, "int"), (acc, result)]
    clauses = [node("x", name + "(0, " + acc + ") -> @", g.body(result, 2, scope[1:]))]
    if g.chance(0.4):
        clauses.append(node("x", name + "(" + n + ", " + acc + ") when @ -> @", g.guard(scope), g.body(result, 2, scope)))
    again = expr(name + "(" + n + " - 1, @)", g.expr(result, 2, scope))
    if g.chance(0.3) and result in ("list", "any"):
        again = expr("[@ | @]", g.expr("any", 2, scope), again)
    elif g.chance(0.2) and result == "int":
        again = expr("@ + @", g.expr("int", 2, scope), again)
    clauses.append(node("x", name + "(" + n + ", " + acc + ") when " + n + " > 0, " + n + " < 30 -> @", again))
    return ["small", result], result, clauses


def over_list(g, name):
    """A walk over a list, with or without an accumulator."""
    kind, element = g.pick([("list", "any"), ("ilist", "int"), ("str", "int"), ("plist", "tuple"), ("alist", "atom")])
    result = g.pick(RESULTS)
    acc, rest = g.fresh("A"), g.fresh("T")
    clauses = [node("x", name + "([], " + acc + ") -> @", g.body(result, 1, [(acc, result)]))]
    for _ in range(g.pick([1, 1, 2])):
        bound = []
        pattern = g.pattern(element, 2, [], bound)
        scope = bound + [(acc, result), (rest, kind)]
        guard = node("x", " when @", g.guard(scope)) if g.chance(0.4) else Node("x", [""])
        body = expr(name + "(" + rest + ", @)", g.expr(result, 2, scope))
        if result in ("list", "any", "ilist") and g.chance(0.5):
            body = expr("[@ | " + name + "(" + rest + ", @)]", g.expr("int" if result == "ilist" else "any", 2, scope), g.expr(result, 1, scope))
        clauses.append(node("x", name + "([@ | " + rest + "], " + acc + ")@ -> @", pattern, guard, body))
    if g.chance(0.6):
        clauses.append(node("x", name + "([_ | " + rest + "], " + acc + ") -> " + name + "(" + rest + ", " + acc + ")"))
    return [kind, result], result, clauses


def over_binary(g, name):
    """A walk over a binary."""
    result = g.pick(["list", "ilist", "int", "bin", "any"])
    acc, rest, first = g.fresh("A"), g.fresh("R"), g.fresh("B")
    spec = g.pick(["", ":8", ":4", ":16", "/utf8", ":7/signed", ":16/little", ":1", ":3/unit:8", "/float", ":2/binary"])
    kind = {"/float": "float", ":2/binary": "bin"}.get(spec, "int")
    scope = [(first, kind), (acc, result), (rest, "bits")]
    tail = g.pick(["bitstring", "binary", "bits"])
    clauses = []
    if g.chance(0.4):
        clauses.append(node("x", name + "(<<" + g.pick(["0", "1", "$a", "255", '"ab"', "97:8,98", "1:1"]) + ", " + rest + "/" + tail + ">>, " + acc + ") -> @",
                            expr(name + "(" + rest + ", @)", g.expr(result, 1, scope[1:]))))
    guard = node("x", " when @", g.guard(scope)) if g.chance(0.3) else Node("x", [""])
    clauses.append(node("x", name + "(<<" + first + spec + ", " + rest + "/" + tail + ">>, " + acc + ")@ -> @", guard,
                        expr(name + "(" + rest + ", @)", g.expr(result, 2, scope))))
    if result == "bin":
        clauses[-1] = node("x", name + "(<<" + first + spec + ", " + rest + "/" + tail + ">>, " + acc + ") -> @",
                           expr(name + "(" + rest + ", <<" + acc + "/bitstring, (@)>>)", g.expr("int", 2, scope)))
    if g.chance(0.6):
        clauses.append(node("x", name + "(<<>>, " + acc + ") -> @", g.body(result, 1, [(acc, result)])))
    if g.chance(0.6):
        other = g.fresh("O")
        clauses.append(node("x", name + "(" + other + ", " + acc + ") -> @", g.body(result, 2, [(other, "bits"), (acc, result)])))
    return ["bits", result], result, clauses


def closures(g, name):
    """A function that makes funs."""
    result = g.pick(list(FUNCTIONS))
    arguments = [g.pick(DATA + ["int", "fun1"]) for _ in range(g.pick([0, 1, 2, 3]))]
    clauses = []
    for last in [False] * g.pick([0, 1]) + [True]:
        names = [g.fresh("X") for _ in arguments]
        scope = list(zip(names, arguments))
        guard = node("x", " when @", g.guard(scope)) if not last and arguments else Node("x", [""])
        if last or arguments:
            clauses.append(node("x", name + "(" + ", ".join(names) + ")@ -> @", guard, g.function_value(result, 3, scope)))
    return arguments, result, clauses


def table(g, name):
    """Many clauses with constants, as lexers and decoders have them."""
    kind = g.pick(["int", "int", "atom", "float", "str", "bin", "any", "ituple", "tagged"])
    result = g.pick(RESULTS)
    more = g.pick([[], [], ["int"], ["atom"]])
    clauses = []
    for _ in range(g.pick([4, 6, 9, 14])):
        constant = str(g.pick(range(-3, 20))) if kind == "int" and g.chance(0.6) else g.constant_pattern(kind)
        extra = [Node("p", [g.pick(["_", g.constant_pattern(k)])]) for k in more]
        guard = node("x", " when @", g.guard([])) if g.chance(0.08) else Node("x", [""])
        clauses.append(node("x", name + "(@)@ -> @", List([Node("p", [constant] if isinstance(constant, str) else constant), *extra], ", ", 1 + len(extra)), guard,
                            g.expr(result, 1, [])))
    if g.chance(0.7):
        names = [g.fresh("X") for _ in [kind, *more]]
        clauses.append(node("x", name + "(" + ", ".join(names) + ") -> @", g.expr(result, 2, list(zip(names, [kind, *more])))))
    return [kind, *more], result, clauses


def wide(g, name):
    """Many arguments and many variables that live long."""
    arguments = [g.pick(DATA + ["int"]) for _ in range(g.pick([6, 8, 11, 17]))]
    names = [g.fresh("X") for _ in arguments]
    scope = list(zip(names, arguments))
    result = g.pick(["tuple", "any", "list"])
    first = [name + "(" + ", ".join(names) + ") -> "]
    statements = [g.statement(2, scope) for _ in range(g.pick([1, 2, 4]))]
    end = expr("{@}", List([Node("e", [v]) for v, t in scope if t not in FUNCTIONS]))
    return arguments, result, [node("x", first[0] + "@", List([*statements, end], ", ", 1))]


def mutual(g, name):
    """Two functions that take turns."""
    other = name + "b"
    result = g.pick(RESULTS)
    clauses = []
    for this, that in ((name, other), (other, name)):
        n, acc = g.fresh("N"), g.fresh("A")
        scope = [(n, "int"), (acc, result)]
        clauses.append([node("x", this + "(" + n + ", " + acc + ") when " + n + " > 0, " + n + " < 20 -> " + that + "(" + n + " - 1, @)", g.expr(result, 2, scope)),
                        node("x", this + "(_, " + acc + ") -> @", g.body(result, 2, scope[1:]))])
    return ["small", result], result, clauses


MAKERS = [plain, plain, plain, counting, over_list, over_list, over_binary, mutual, closures, closures, table, wide]


def add_function(g, number, functions):
    name = "f%d" % number
    arguments, result, clauses = g.pick(MAKERS)(g, name)
    groups = clauses if isinstance(clauses[0], list) else [clauses]
    for group in groups:
        functions.append(Node("f", [List(group, ";\n", 1), ".\n"]))
    g.functions.append((name, arguments, result))


def macro(g, number, functions_text):
    name = "M%d" % number
    kind = g.pick(["int", "any", "list", "bool", "atom", "bin"])
    style = g.rng.randrange(3)
    if style == 0:
        functions_text.append("-define(%s, (%s))." % (name, g.constant(kind)))
        g.macros.append(("?" + name, kind))
    elif style == 1:
        functions_text.append("-define(%s(X), {X, ??X, ?LINE})." % name)
        g.macros.append(("?%s(%s)" % (name, g.pick(["a", "1 + 2", "{x, y}", "[a|b]", "fun(A) -> A end(1)", "(begin 1 end)", "<<1,2>>", "\"s\""])), "any"))
    else:
        functions_text.append("-define(%s(X, Y), (case X of Y -> yes; _ -> no end))." % name)
        g.macros.append(("?%s({int}, 1)" % name, "atom"))


def attributes(g, head):
    """Attributes and what the preprocessor decides."""
    if g.chance(0.4):
        head.append("-compile(export_all).")
    if g.chance(0.2):
        g.records.append(("r3", [("in", "tuple"), ("n", "int")]))
        head.append("-record(r3, {in = #r1{a = %s} :: #r1{}, n = 1 + %s})." % (g.constant("any"), g.integer_text()))
    if g.chance(0.15):
        head.append("-ifdef(M0).\n-define(D, %s).\n-else.\n-define(D, ?E).\n-define(E, (%s)).\n-endif." % (g.integer_text(), g.integer_text()))
        g.macros.append(("?D", "int"))
    if g.chance(0.15):
        head.append("-import(lists, [reverse/1, map/2, foldl/3, member/2]).")
        g.macros += [("reverse({list})", "list"), ("map({fun1}, {list})", "list"), ("foldl({fun2}, {any}, {list})", "any"), ("member({any}, {list})", "bool")]
    if g.chance(0.1):
        head.append("-type t(X) :: {X, integer() | atom(), [X]} | #{a => X, _ => _} | fun((X) -> t(X)) | <<_:8, _:_*16>> | 1..5.")


def make(seed, name):
    """(head text, List of function and test Nodes) of the program with that seed."""
    g = Generator(random.Random(seed))
    g.wrong = g.pick([0.0, 0.02, 0.02, 0.05, 0.2])
    head = []
    if g.chance(0.12):
        g.maybe = True
        head.append("-feature(maybe_expr, enable).")
    fields = [("a", "any"), ("b", g.pick(DATA))]
    g.records = [("r1", fields)]
    head.append("-record(r1, {a, b = %s})." % g.constant(fields[1][1]))
    if g.chance(0.3):
        g.records.append(("'r 2'", [("x", "int"), ("y", "list"), ("z", "any")]))
        head.append("-record('r 2', {x = %s :: integer(), y = [], z})." % g.integer_text())
    for i in range(g.pick([0, 0, 1, 2])):
        macro(g, i, head)
    attributes(g, head)
    functions = []
    for i in range(g.pick([0, 1, 1, 2, 2, 3, 4])):
        add_function(g, i, functions)
    for i in range(g.pick([2, 3, 3, 4])):
        depth = g.pick([2, 3, 3, 3, 4, 4, 5])
        functions.append(Node("t", ["t%d() -> " % i, g.body(g.pick(RESULTS), depth, []), ".\n"], "t%d" % i))
    return Program(name, head, List(functions, "\n"))


class Program:
    """A program that can be written out, and cut."""

    def __init__(self, name, head, functions):
        self.name, self.head, self.functions = name, head, functions

    def text(self):
        tests = [f.name for f in self.functions.items if f.kind == "t"]
        calls = ",\n    ".join("fz:show(%s, fun %s/0)" % (t[1:], t) for t in tests) or "ok"
        first = [h for h in self.head if h.startswith("-feature")]
        rest = [h for h in self.head if not h.startswith("-feature")]
        lines = ["-module(%s)." % self.name, *first, "-export([main/0]).", "-compile([nowarn_unused_function, nowarn_unused_record]).", *rest]
        return "\n".join(lines) + "\n\nmain() ->\n    " + calls + ".\n\n" + text_of(self.functions)

    def named(self, name):
        return Program(name, self.head, self.functions)

    def with_functions(self, functions):
        return Program(self.name, self.head, functions)
