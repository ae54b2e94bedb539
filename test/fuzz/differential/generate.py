# SPDX-License-Identifier: Apache-2.0
"""Random expressions, patterns and guards, mostly well-typed.

Types: int float num atom bool list (of any) ilist (of integers) alist str bin bits tuple ituple tagged map
imap plist iolist any, and the functions fun1 (any to any), ifun1 (int to int), fun2, ifun2, fold3, pred,
ipred. `any` holds no functions: how they print and hash is not promised. One expression in thirty has a
wrong type on purpose. Scope is a list of (variable, type); each variable is made once a function, so that
almost all programs compile.
"""
import re

from rules import LITERALS, table
from tree import List, Node, expr, node, text_of

ALONE = re.compile(r"[A-Z]\w*( =|$)|.* = [A-Z]\w*$")
HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
TABLE = table()
DATA = ["int", "float", "atom", "bool", "list", "ilist", "str", "bin", "bits", "tuple", "tagged", "map", "plist"]
EDGES = [0, 7, 8, 15, 16, 23, 24, 27, 28, 31, 32, 47, 52, 53, 54, 58, 59, 60, 61, 62, 63, 64, 65, 95, 96, 127, 128, 130]
FLOATS = """0.0 1.0 -1.0 0.5 1.5 2.5 -2.5 3.7 100.0 1.0e10 1.0e15 1.0e16 1.0e21 1.0e22 123456.789 0.1 0.2 0.30000000000000004
    9007199254740992.0 9007199254740993.0 -9007199254740992.0 1152921504606846976.0 576460752303423488.0 9223372036854775808.0
    18446744073709551616.0 1.0e100 1.0e-100 1.7976931348623157e308 2.2250738585072014e-308 5.0e-324 -1.0e308 1.0e-5 1.0e-7
    4611686018427387904.0 3.141592653589793 1.0e23""".split()
ATOMS = ["a", "b", "c", "ok", "error", "true", "false", "undefined", "'A b'", "x1", "'é'", "k1", "nil", "''", "infinity"]
STRINGS = ['""', '"a"', '"abc"', '"hello world"', '"a,b,,c"', '"12"', '"ab" "cd"', '"\\n\\t\\"x"', '"3.5"', '"été"', '"  x "', '"日本"',
           '[1,2,3]', '"abcabc"', '[0]', '"A"', '"a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9"']
BINARIES = ['<<>>', '<<"a">>', '<<"abc">>', '<<1,2,3>>', '<<0>>', '<<255,254>>', '<<"hello world">>', '<<"é"/utf8>>', '<<"a,b,,c">>', '<<200,1>>',
            '<<0:64>>', '<<1:80,7>>', '<<"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz">>', '<<-1:32>>']


class Generator:
    """One program's worth of random choices; gen_program.py builds functions and modules with it."""

    def __init__(self, rng):
        self.rng = rng
        self.count = 0
        self.functions = []  # (name, argument types, result type) of those that may be called
        self.records = []    # (name, [(field, type)])
        self.macros = []     # (text with holes, type)
        self.maybe = False
        self.wrong = 0.03

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, items):
        return self.rng.choice(items)

    def fresh(self, stem="V"):
        self.count += 1
        return "%s%d" % (stem, self.count)

    # Expressions

    def expr(self, kind, depth, scope):
        """A Node of kind 'e'."""
        if kind in LITERALS:
            return self.literal_hole(kind, depth, scope)
        if kind in FUNCTIONS:
            return self.function_value(kind, depth, scope)
        if kind == "maker":
            return self.maker(depth, scope)
        if kind == "funs":
            return expr("[@]", List([self.function_value("fun1", depth - 1, scope) for _ in range(self.rng.randrange(4))]))
        if kind != "text" and self.chance(self.wrong) and depth > 0:
            kind = self.pick(DATA)
        if depth <= 0 or self.chance(0.08):
            return self.leaf(kind, scope)
        if self.chance(0.28):
            made = self.pick(SHAPES)(self, kind, depth, scope)
            if made is not None:
                return made
        return self.from_rules(kind, depth, scope)

    def literal_hole(self, kind, depth, scope):
        if kind == "key" and self.chance(0.15) and depth > 0:
            return self.expr("any", depth - 2, scope)
        if kind in ("small", "shift") and self.chance(0.06):
            return expr("(" + self.integer_text() + " rem 40)")
        if kind == "small" and self.chance(0.04):
            return Node("e", [self.pick(["-1", "a", "1.0", "-3"])])
        return Node("e", [self.pick(LITERALS[kind])])

    def leaf(self, kind, scope):
        fitting = [v for v, t in scope if fits(t, kind)]
        if fitting and self.chance(0.6):
            return Node("e", [self.pick(fitting[-6:])])
        return Node("e", [self.constant(kind)])

    def from_rules(self, kind, depth, scope):
        if kind not in TABLE:
            return self.leaf(kind, scope)
        template = self.pick(TABLE[kind])
        if template == "{record}":
            return self.record_value(depth, scope)
        made = self.fill(template, depth, scope)
        return expr("(@)", made) if needs_parentheses(template) and self.chance(0.97) else made

    def fill(self, template, depth, scope):
        parts, at = [], 0
        for hole in HOLE.finditer(template):
            if hole[1] == "record":
                child = self.record_value(depth - 1, scope)
            else:
                child = self.expr(hole[1], depth - 1 - self.rng.randrange(2), scope)
            if hole[1] in FUNCTIONS and template[hole.end():hole.end() + 1] == "(":
                child = expr("(@)", child)
            parts += [template[at:hole.start()], child]
            at = hole.end()
        parts.append(template[at:])
        return Node("e", parts)

    # Constants

    def integer(self):
        if self.chance(0.45):
            return self.rng.randrange(-5, 20)
        edge = 1 << self.pick(EDGES)
        value = edge + self.pick([-2, -1, -1, 0, 0, 1, 2, 3]) if self.chance(0.8) else self.rng.randrange(edge + 1)
        return -value if self.chance(0.4) else value

    def integer_text(self):
        value = self.integer()
        if self.chance(0.05) and value >= 0:
            return "16#%x" % value
        return str(value)

    def constant(self, kind):
        if kind == "any":
            kind = self.pick(DATA)
        if kind == "num":
            kind = self.pick(["int", "int", "float"])
        simple = {"text": STRINGS, "float": FLOATS, "atom": ATOMS, "str": STRINGS, "bin": BINARIES, "bool": ["true", "false"]}
        if kind == "int":
            return self.integer_text()
        if kind in simple:
            return self.pick(simple[kind])
        one = lambda: self.constant(self.pick(["int", "atom", "float", "str", "bin", "int"]))
        some = lambda f: ",".join(f() for _ in range(self.rng.randrange(5)))
        number = lambda: self.integer_text()
        pair = lambda: "{%s,%s}" % (self.pick(LITERALS["key"]), one())
        return {
            "list": lambda: "[" + some(one) + "]" if self.chance(0.95) else "[a|b]",
            "ilist": lambda: "[" + some(number) + "]",
            "alist": lambda: "[" + some(lambda: self.pick(ATOMS)) + "]",
            "tuple": lambda: "{" + some(one) + "}",
            "ituple": lambda: "{%s,%s,%s}" % (number(), number(), number()),
            "tagged": lambda: "{%s,%s}" % (self.pick(ATOMS), one()),
            "map": lambda: "#{" + ",".join("%s => %s" % (self.pick(LITERALS["key"]), one()) for _ in range(self.rng.randrange(4))) + "}",
            "bigmap": lambda: "(maps:from_keys(lists:seq(1, %d), %s))" % (33 + self.rng.randrange(4), number()),
            "imap1": lambda: "#{%s => %s}" % (self.pick(["1", "2", "40"]), number()),
            "map1": lambda: "#{%s => %s}" % (self.pick(LITERALS["key"]), one()),
            "imap": lambda: "#{%s => %s, b => %s}" % (self.pick(["a", "1", "k1"]), number(), number()),
            "plist": lambda: "[" + some(pair) + "]",
            "iolist": lambda: "[" + some(lambda: self.pick(STRINGS + BINARIES + ["10", "$a", "255"])) + "]",
            "bits": lambda: self.pick(BINARIES + ["<<1:1>>", "<<5:3>>", "<<1,2:4>>", "<<-1:13>>", "<<0:7,255:65>>"]),
        }[kind]()

    # Values that are functions

    def function_value(self, kind, depth, scope):
        arguments, result = FUNCTIONS[kind]
        named = [n for n, a, r in self.functions if len(a) == len(arguments) and fits(r, result)]
        if named and self.chance(0.2):
            return expr("fun %s/%d" % (self.pick(named), len(arguments)))
        makers = [f for f in self.functions if f[2] == kind]
        if makers and depth > 0 and self.chance(0.35):
            name, taken, _ = self.pick(makers)
            return expr(name + "(@)", List([self.expr(t, depth - 2, scope) for t in taken], ", ", len(taken)))
        bound = [v for v, t in scope if t == kind]
        if bound and self.chance(0.4):
            return expr(self.pick(bound))
        if self.chance(0.12):
            return expr(self.pick({1: ["fun erlang:abs/1", "fun lists:reverse/1", "fun is_atom/1", "fun hd/1", "fun erlang:tuple_size/1"],
                                   2: ["fun erlang:'+'/2", "fun lists:append/2", "fun max/2", "fun erlang:element/2"],
                                   3: ["fun lists:foldl/3", "fun lists:keyfind/3"], 0: ["fun erlang:node/0"]}[len(arguments)]))
        if depth < -3:
            names = ["_"] * len(arguments)
            return expr("fun(%s) -> @ end" % ", ".join(names), self.leaf(result, scope))
        if self.chance(0.06):
            return expr("fun " + self.fresh("F") + "(@) -> @ end", List([self.pattern(t, 1, scope, []) for t in arguments]),
                        self.expr(result, depth - 1, scope))
        return self.fun_clauses(arguments, result, depth, scope)

    def fun_clauses(self, arguments, result, depth, scope):
        clauses = []
        for _ in range(1 if self.chance(0.7) else 2):
            clauses.append(self.clause(arguments, result, depth - 1, scope, "(@)"))
        if len(clauses) == 2:
            plain = [self.fresh("X") for _ in arguments]
            clauses[-1] = node("x", "(" + ", ".join(plain) + ") -> @",
                               self.body(result, depth - 1, scope + list(zip(plain, arguments))))
        elif self.chance(0.75):
            plain = [self.fresh("X") for _ in arguments]
            clauses = [node("x", "(" + ", ".join(plain) + ") -> @",
                            self.body(result, depth - 1, scope + list(zip(plain, arguments))))]
        return expr("fun@ end", List(clauses, "; ", 1))

    def maker(self, depth, scope):
        """A fun that makes funs, which keep what it was given."""
        name = self.fresh("X")
        inner = scope + [(name, "any")]
        made = [self.fun_clauses(["any"], "any", depth - 2, inner) for _ in range(self.pick([1, 1, 2]))]
        if len(made) == 1:
            return expr("(fun(" + name + ") -> @ end)", made[0])
        return expr("(fun(" + name + ") when " + self.pick(["is_atom", "is_list", "is_number"]) + "(" + name + ") -> @; (" + name + ") -> @ end)", *made)

    def clause(self, arguments, result, depth, scope, head):
        """PATTERNS [when GUARD] -> BODY; in a fun's head variables are new, and shadow."""
        bound = []
        patterns = [self.pattern(t, 2, [] if head == "(@)" else scope, bound) for t in arguments]
        inner = scope + bound
        guard = node("x", " when @", self.guard(inner)) if self.chance(0.35) else Node("x", [""])
        return node("x", head + "@ -> @", List(patterns, ", ", len(patterns)), guard, self.body(result, depth, inner))

    # Bodies

    def body(self, kind, depth, scope):
        """Statements, the last of which is the value."""
        statements, scope = [], list(scope)
        while self.chance(0.3) and depth > 0 and len(statements) < 3:
            statements.append(self.statement(depth - 1, scope))
        statements.append(self.expr(kind, depth, scope))
        return Node("e", [List(statements, ", ", 1)]) if len(statements) == 1 else Node("x", [List(statements, ", ", 1)])

    def statement(self, depth, scope):
        """A statement; what it binds is added to the scope."""
        kind = self.pick(DATA + ["int", "any", "fun1", "ifun1", "imap"])
        choice = self.rng.random()
        if choice < 0.55:
            name = self.fresh()
            made = expr(name + " = @", self.expr(kind, depth, scope))
            scope.append((name, kind))
        elif choice < 0.8 and kind not in FUNCTIONS:
            bound = []
            value = self.expr(kind, depth, scope)
            pattern = self.pattern(kind, 2, scope, bound)
            # Erlang 25 takes V in `N = V = E` for new, even when it is bound: no variable stands alone.
            alone = bool(ALONE.match(text_of(pattern)))
            made = expr("{@} = {@}" if alone else "@ = @", pattern, value)
            scope += bound
        elif choice < 0.9 and kind not in FUNCTIONS:
            name = self.fresh()
            made = self.exporting_case(name, kind, depth, scope)
            scope.append((name, kind))
        else:
            made = self.expr("any", depth, scope)
        return made

    def exporting_case(self, name, kind, depth, scope):
        """A case of which each branch binds the same variable."""
        clauses = []
        subject = self.pick(DATA)
        for _ in range(1 + self.rng.randrange(2)):
            bound = []
            pattern = self.pattern(subject, 2, scope, bound)
            clauses.append(node("x", "@ -> " + name + " = @", pattern, self.expr(kind, depth - 1, scope + bound)))
        clauses.append(node("x", "_ -> " + name + " = @", self.expr(kind, depth - 1, scope)))
        return expr("case @ of @ end", self.expr(subject, depth - 1, scope), List(clauses, "; ", 1))

    # Patterns

    def pattern(self, kind, depth, scope, bound):
        """A pattern for a value of that type; new variables are added to bound."""
        if self.chance(0.03):
            kind = self.pick(DATA)
        if kind in FUNCTIONS:
            return Node("p", [self.new_variable(kind, bound)])
        choice = self.rng.random()
        if choice < 0.30 or depth <= 0 and choice < 0.6:
            return Node("p", [self.new_variable(kind, bound)])
        if choice < 0.36:
            return Node("p", ["_"])
        if choice < 0.42 and (scope or bound):
            fitting = [v for v, t in bound + scope if t not in FUNCTIONS]
            if fitting:
                return Node("p", [self.pick(fitting[:6])])
        if choice < 0.47:
            name = self.fresh()
            inner = self.pattern(kind, depth - 1, scope, bound)
            bound.append((name, kind))
            return node("p", name + " = @" if self.chance(0.5) else "@ = " + name, inner)
        if depth <= 0 or kind in ("int", "float", "atom", "bool", "num"):
            return Node("p", [self.constant_pattern(kind)])
        return self.deep_pattern(kind, depth, scope, bound)

    def constant_pattern(self, kind):
        text = self.constant(kind)
        if kind == "int" and self.chance(0.1):
            return self.pick(["1 + 2", "-(3)", "1 bsl 60", "$a", "16#ff", "3 * 4 - 1", "(1 bsl 64) - 1", "bnot 0"])
        return text.replace("=>", ":=") if "#{" in text else text

    def new_variable(self, kind, bound):
        name = self.fresh()
        bound.append((name, kind))
        return name

    def deep_pattern(self, kind, depth, scope, bound):
        inner = lambda t: self.pattern(t, depth - 1, scope, bound)
        element = {"ilist": "int", "str": "int", "alist": "atom", "plist": "tuple", "ituple": "int"}.get(kind, "any")
        if kind in ("list", "ilist", "str", "alist", "plist", "iolist"):
            if kind == "str" and self.chance(0.3):
                return node("p", '"%s" ++ @' % self.pick(["a", "ab", "hello", "1", ""]), inner("str"))
            items = List([inner(element) for _ in range(1 + self.rng.randrange(2))])
            return node("p", "[@ | @]", items, inner(kind)) if self.chance(0.7) and items.items else node("p", "[@]", items)
        if kind in ("tuple", "ituple", "tagged"):
            if self.records and kind == "tuple" and self.chance(0.3):
                return self.record_pattern(depth, scope, bound)
            kinds = ["atom", "any"] if kind == "tagged" else [element] * self.rng.randrange(4)
            items = [inner(k) for k in kinds]
            return node("p", "{@}", List(items))
        if kind in ("map", "imap"):
            keys = self.pick([1, 1, 2])
            pairs = []
            for _ in range(keys):
                key = self.pick(LITERALS["key"])
                known = [v for v, t in scope if t not in FUNCTIONS]
                if known and self.chance(0.15):
                    key = self.pick(known)
                pairs.append(node("x", key + " := @", inner("any" if kind == "map" else "int")))
            return node("p", "#{@}", List(pairs))
        if kind in ("bin", "bits"):
            return self.binary_pattern(depth, scope, bound, kind)
        return inner(self.pick(DATA))

    def record_pattern(self, depth, scope, bound):
        name, fields = self.pick(self.records)
        chosen = self.rng.sample(fields, self.rng.randrange(len(fields) + 1))
        pairs = [node("x", f + " = @", self.pattern(t, depth - 1, scope, bound)) for f, t in chosen]
        return node("p", "#" + name + "{@}", List(pairs))

    # Guards

    def guard(self, scope):
        groups = []
        for _ in range(1 if self.chance(0.8) else 2):
            tests = [self.guard_test(2, scope) for _ in range(1 if self.chance(0.7) else 2)]
            groups.append(Node("x", [List(tests, ", ", 1)]))
        return Node("g", [List(groups, "; ", 1)])

    def guard_test(self, depth, scope):
        template = self.pick(GUARD_TESTS)
        if depth <= 0:
            template = self.pick(GUARD_TESTS[:12])
        return node("g", "@", self.guard_fill(template, depth, scope))

    def guard_fill(self, template, depth, scope):
        parts, at = [], 0
        for hole in HOLE.finditer(template):
            kind = hole[1]
            if kind == "test":
                child = node("g", "(@)", self.guard_test(depth - 1, scope))
            elif kind == "num" and depth > 0 and self.chance(0.4):
                child = expr("(@)", self.guard_fill(self.pick(GUARD_NUMBERS), depth - 1, scope))
            elif kind in LITERALS:
                child = expr(self.pick(LITERALS[kind]))
            else:
                child = self.guard_leaf(kind, scope)
            parts += [template[at:hole.start()], child]
            at = hole.end()
        return Node("e", parts + [template[at:]])

    def guard_leaf(self, kind, scope):
        usable = [v for v, t in scope]
        fitting = [v for v, t in scope if fits(t, kind)]
        if fitting and self.chance(0.7):
            return expr(self.pick(fitting[-5:]))
        if usable and self.chance(0.3):
            return expr(self.pick(usable[-5:]))
        return expr(self.constant(kind))

    # Records

    def record_value(self, depth, scope):
        if not self.records:
            return self.leaf("tuple", scope)
        name, fields = self.pick(self.records)
        chosen = self.rng.sample(fields, self.rng.randrange(len(fields) + 1))
        pairs = [node("x", f + " = @", self.expr(t, depth - 1, scope)) for f, t in chosen]
        choice = self.rng.random()
        if choice < 0.5 or depth <= 0:
            return expr("#" + name + "{@}", List(pairs))
        if choice < 0.8:
            return expr("(@)#" + name + "{@}", self.record_value(depth - 2, scope), List(pairs))
        return expr("(@)#" + name + "." + self.pick(fields)[0], self.record_value(depth - 2, scope))


def fits(have, want):
    return have == want or have in WIDER.get(want, ()) or want == "any" and have not in FUNCTIONS


def needs_parentheses(template):
    return " " in template and template[0] not in "[<#" or template.startswith("-") or "||" not in template and template[0] == "{"


WIDER = {
    "num": ("int", "float"), "atom": ("bool",), "list": ("ilist", "str", "alist", "plist"), "bits": ("bin",),
    "tuple": ("ituple", "tagged"), "map": ("imap",), "iolist": ("str", "bin"), "ilist": ("str",), "map1": ("map",),
}
FUNCTIONS = {
    "fun1": (["any"], "any"), "ifun1": (["int"], "int"), "fun2": (["any", "any"], "any"), "ifun2": (["int", "int"], "int"),
    "fold3": (["any", "int", "int"], "int"), "fun0": ([], "any"), "fun3": (["any", "any", "any"], "any"), "pred": (["any"], "bool"), "ipred": (["int"], "bool"),
}
GUARD_TESTS = """is_integer({any})|is_list({any})|is_tuple({any})|is_atom({any})|is_binary({any})|is_map({any})|is_float({any})|{any} =:= {any}
    |{num} > {num}|{num} =< {num}|{num} == {num}|{any} < {any}|{test} andalso {test}|{test} orelse {test}|not {test}|{test} and {test}
    |{test} or {test}|{test} xor {test}|{any} =/= {any}|is_map_key({key}, {map})|map_get({key}, {map}) =:= {any}|hd({list}) > {num}
    |element({small}, {tuple}) == {any}|length({list}) > {small}|tuple_size({tuple}) =:= {small}|is_number({any})|is_boolean({any})|{bool}
    |is_function({any})|is_function({any}, {small})|is_bitstring({any})|{any}|true|byte_size({bin}) > {small}|tl({list}) =:= []
    |is_record({tuple}, r1)|is_record({tuple}, r1, 3)|size({tuple}) > {small}|binary_part({bin}, 0, {small}) =:= {bin}|is_pid({any})
    |node() =:= nonode@nohost|map_size({map}) > {small}|{map} =:= #{a => {any}}|[{any}|{list}] < {list}|{ {any}, {any} } =:= {tuple}
    |is_integer({num}) andalso {num} rem 2 =:= 0|is_list({list}) andalso length({list}) < {small}|({any} < {any}) =:= {bool}""".replace("\n", "").split("|")
GUARD_TESTS = [t.strip() for t in GUARD_TESTS if t.count("[") == t.count("]") and t.count("(") == t.count(")")]
# These have a bar of their own.
GUARD_TESTS += ["[{any}|{list}] < {list}", "{list} =:= [{any}|{list}]", "hd([{num}|{list}]) > {num}", "length([{any}|{list}]) > {small}"]
GUARD_TESTS += ["is_record({any}, r1)", "({tuple})#r1.b =:= {any}", "element(#r1.a, {tuple}) =:= {any}", "self() =:= {any}", "is_reference({any})",
                "{any} andalso {any}", "{test} orelse {any}", "{test} andalso {any}", "is_function({any}, {num})", "map_get({any}, {map}) > {any}",
                "is_map_key({any}, {map})", "{num} / {num} > {num}", "{num} bsl {small} =:= 0", "tuple_size({any}) =:= {small}", "byte_size({bits}) > bit_size({bits}) div 8",
                "{any} == {any} xor {test}", "<<{num}>> =:= {bin}", "{bin} =:= <<({bin})/binary, 1>>", "#{a => {any}} =:= {map}", "{map}#{a => {any}} =:= {map}",
                "({num} rem 2) + ({num} rem 3) == 1", "abs({num}) =:= {num}", "trunc({num}) == {num}", "is_integer(hd({list}))", "element(1, {tuple})", "{atom}"]
GUARD_NUMBERS = """{num} + {num}|{num} - {num}|{num} * {num}|{num} div {num}|{num} rem {num}|{num} / {num}|abs({num})|length({list})|- {num}
    |byte_size({bin})|bit_size({bits})|round({num})|trunc({num})|{num} band {num}|{num} bsr {small}|{num} bsl {small}|map_size({map})|hd({ilist})
    |element({small}, {ituple})|size({bin})|tuple_size({tuple})|float({num})|ceil({num})|floor({num})|bnot {num}|map_get({key}, {imap})""".replace("\n", "").split("|")
GUARD_NUMBERS = [t.strip() for t in GUARD_NUMBERS]
SHAPES = []  # functions (generator, type, depth, scope) -> Node or None; filled by the modules that import this one
