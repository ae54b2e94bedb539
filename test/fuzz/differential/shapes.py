# SPDX-License-Identifier: Apache-2.0
"""Expressions that are more than a template: case, if, try, receive, comprehensions, calls, maybe, macros.

Each function takes (generator, type, depth, scope) and gives a Node of that type, or None when it does
not apply. ALL of them go into generate.SHAPES.
"""
from generate import DATA, FUNCTIONS, SHAPES
from tree import List, Node, expr, node


def case_of(g, kind, depth, scope):
    subject = g.pick(DATA)
    clauses = [g.clause([subject], kind, depth - 1, scope, "@") for _ in range(1 + g.rng.randrange(3))]
    if g.chance(0.75):
        clauses.append(node("x", "_ -> @", g.body(kind, depth - 1, scope)))
    return expr("case @ of @ end", g.expr(subject, depth - 1, scope), List(clauses, "; ", 1))


def case_of_tuple(g, kind, depth, scope):
    """Several values matched at once: what decision trees are for."""
    kinds = [g.pick(DATA) for _ in range(2 + g.rng.randrange(2))]
    clauses = [g.clause(kinds, kind, depth - 1, scope, "{@}") for _ in range(2 + g.rng.randrange(3))]
    if g.chance(0.7):
        clauses.append(node("x", "_ -> @", g.expr(kind, depth - 1, scope)))
    values = List([g.expr(k, depth - 2, scope) for k in kinds], ", ", len(kinds))
    return expr("case {@} of @ end", values, List(clauses, "; ", 1))


def switch(g, kind, depth, scope):
    """A case with many constants."""
    subject = g.pick(["int", "int", "atom", "str", "bin", "float", "tagged"])
    clauses = []
    for _ in range(g.pick([3, 5, 8, 12])):
        constant = str(g.pick(range(-3, 20))) if subject == "int" and g.chance(0.6) else g.constant_pattern(subject)
        clauses.append(node("x", "@ -> @", Node("p", [constant] if isinstance(constant, str) else constant), g.expr(kind, depth - 2, scope)))
    if g.chance(0.7):
        clauses.append(node("x", "_ -> @", g.expr(kind, depth - 2, scope)))
    return expr("case @ of @ end", g.expr(subject, depth - 1, scope), List(clauses, "; ", 1))


def noted(g, kind, depth, scope):
    """Several expressions whose order of evaluation shows, one of which may fail."""
    items = [expr("fz:note(%d, @)" % i, g.expr("any", depth - 2, scope)) for i in range(g.pick([2, 3, 4]))]
    if kind in ("tuple", "list", "any"):
        return expr(g.pick(["{@}"] if kind == "tuple" else ["[@]"] if kind == "list" else ["{@}", "[@]", "[{@} | 1]", "hd([@])"]), List(items, ", ", 1))
    return expr("begin @, @ end", List(items, ", ", 1), g.expr(kind, depth - 1, scope))


def if_(g, kind, depth, scope):
    clauses = [node("x", "@ -> @", g.guard(scope), g.body(kind, depth - 1, scope)) for _ in range(1 + g.rng.randrange(2))]
    if g.chance(0.8):
        clauses.append(node("x", "true -> @", g.body(kind, depth - 1, scope)))
    return expr("if @ end", List(clauses, "; ", 1))


def begin(g, kind, depth, scope):
    return expr("begin @ end", g.body(kind, depth - 1, scope))


def call_function(g, kind, depth, scope):
    from generate import fits
    found = [f for f in g.functions if fits(f[2], kind)]
    if not found:
        return None
    name, arguments, _ = g.pick(found)
    given = List([g.expr(t, depth - 1, scope) for t in arguments], ", ", len(arguments))
    return expr(g.pick(["", "", "", "?MODULE:"]) + name + "(@)", given)


def call_fun(g, kind, depth, scope):
    arguments = [g.pick(DATA) for _ in range(g.rng.randrange(3))]
    made = g.fun_clauses(arguments, kind, depth, scope)
    given = List([g.expr(t, depth - 1, scope) for t in arguments], ", ", len(arguments))
    return expr("(@)(@)", made, given)


def named_fun(g, kind, depth, scope):
    """A local recursion that ends: a counter goes down."""
    name, n, acc = g.fresh("F"), g.fresh("N"), g.fresh("A")
    inner = scope + [(n, "int"), (acc, kind)]
    step = expr(name + "(" + n + " - 1, @)", g.expr(kind, depth - 2, inner))
    if g.chance(0.2):
        step = expr("begin X = @, X end".replace("X", g.fresh()), step)
    return expr("(fun " + name + "(0, " + acc + ") -> @; " + name + "(" + n + ", " + acc + ") -> @ end)(@, @)",
                g.expr(kind, 0, scope + [(acc, kind)]), step, Node("e", [g.pick("0123456")]), g.expr(kind, depth - 1, scope))


CLASSES = ["error", "throw", "exit", "_", "", "C"]


def handler(g, kind, depth, scope):
    """One clause of a catch part."""
    bound = []
    class_ = g.pick(CLASSES)
    if class_ == "C":
        class_ = g.fresh("C")
        bound.append((class_, "atom"))
    if g.chance(0.15):
        reason = Node("p", [g.pick(["badarith", "badarg", "function_clause", "{badmatch, _}", "{case_clause, _}", "if_clause", "undef",
                                    "{badkey, _}", "{badmap, _}"])])
    else:
        reason = g.pattern(g.pick(["any", "atom", "tagged", "any"]), 2, scope, bound)
    stack = ""
    if class_ and g.chance(0.25):
        stack = g.fresh("S")
    head = (class_ + ":" if class_ else "") + "@" + (":" + stack if stack else "")
    guard = node("x", " when @", g.guard(scope + bound)) if g.chance(0.25) else Node("x", [""])
    inner = scope + bound
    body = g.body(kind, depth - 1, inner)
    if stack and kind == "any":
        body = Node("e", ["{", body, ", fz:top(" + stack + ")}"]) if body.kind == "e" else body
    return node("x", head + "@ -> @", reason, guard, body)


def failing(g, depth, scope):
    """An expression that often raises."""
    text = g.pick(["throw(@)", "error(@)", "exit(@)", "erlang:error(@, [1])", "erlang:raise(error, @, [])", "@", "@", "@", "hd([@])",
                   "list_to_integer(@)", "element(2, @)", "1 + @", "3 = @"])
    return expr(text, g.expr("any", depth - 1, scope))


def try_(g, kind, depth, scope):
    parts = []
    protected = g.pick(["any", kind])
    body = failing(g, depth, scope) if g.chance(0.5) else g.body(protected, depth - 1, scope)
    template = "try @"
    if g.chance(0.35):
        clauses = [g.clause([protected], kind, depth - 1, scope, "@") for _ in range(1 + g.rng.randrange(2))]
        if g.chance(0.6):
            clauses.append(node("x", "_ -> @", g.expr(kind, depth - 1, scope)))
        template += " of @"
        parts.append(List(clauses, "; ", 1))
    handlers = [handler(g, kind, depth, scope) for _ in range(g.pick([1, 1, 2, 2, 3]))]
    if g.chance(0.6):
        handlers.append(node("x", "_:_ -> @", g.expr(kind, depth - 1, scope)))
    after = g.chance(0.2)
    if not after or g.chance(0.7):
        template += " catch @"
        parts.append(List(handlers, "; ", 1))
    if after:
        template += " after @"
        parts.append(g.body("any", depth - 2, scope) if g.chance(0.6) else
                     expr("put(@, @)", g.expr("key", 0, scope), g.expr("any", depth - 2, scope)))
    return expr(template + " end", body, *parts)


def catch_(g, kind, depth, scope):
    if kind != "any":
        return None
    return expr("fz:tidy(catch @)", failing(g, depth, scope))


def stack_top(g, kind, depth, scope):
    if kind != "any":
        return None
    return expr("fz:inside(fun() -> @ end)", g.body("any", depth - 1, scope))


def generator_of(g, depth, scope, bound, proper):
    """PATTERN <- LIST or PATTERN <= BINARY; what it binds shadows. In binary comprehensions only proper things: see differences.md."""
    if g.chance(0.3):
        pattern = g.binary_pattern(depth, [], bound, "generator")
        return node("x", "@ <= fz:bits(@)" if proper else "@ <= @", pattern, g.expr(g.pick(["bin", "bin", "bits"]), depth - 1, scope))
    kind, element = g.pick([("ilist", "int"), ("ilist", "int"), ("list", "any"), ("plist", "tuple"), ("str", "int"), ("alist", "atom")])
    return node("x", "@ <- fz:proper(@)" if proper else "@ <- @", g.pattern(element, 2, [], bound), g.expr(kind, depth - 1, scope))


def qualifiers(g, depth, scope, proper=False):
    inner, parts = list(scope), []
    for i in range(g.pick([1, 1, 1, 2, 2, 3])):
        if i and g.chance(0.4):
            test = g.guard_test(2, inner) if g.chance(0.6) else g.expr("bool", depth - 1, inner)
            parts.append(test)
            continue
        bound = []
        parts.append(generator_of(g, depth, inner, bound, proper))
        inner += bound
    return List(parts, ", ", 1), inner


def list_comprehension(g, kind, depth, scope):
    if kind not in ("list", "ilist", "any", "iolist"):
        return None
    parts, inner = qualifiers(g, depth - 1, scope)
    return expr("[@ || @]", g.expr("int" if kind == "ilist" else "any", depth - 1, inner), parts)


def binary_comprehension(g, kind, depth, scope):
    if kind not in ("bin", "bits", "any"):
        return None
    parts, inner = qualifiers(g, depth - 1, scope, True)
    return expr("<< @ || @ >>", g.binary(depth - 2, inner, kind == "bin"), parts)


def receive_own(g, kind, depth, scope):
    """Messages to oneself, then received by selection: nothing depends on time."""
    sends = [expr("self() ! @", g.expr(g.pick(DATA), depth - 2, scope)) for _ in range(1 + g.rng.randrange(3))]
    clauses = [g.clause([g.pick(DATA)], kind, depth - 1, scope, "@") for _ in range(1 + g.rng.randrange(2))]
    after = node("x", "@ -> @", Node("e", [g.pick(["0", "0", "1", "2"])]), g.body(kind, depth - 1, scope))
    return expr("begin @, receive @ after @ end end", List(sends, ", ", 1), List(clauses, "; ", 1), after)


def receive_nothing(g, kind, depth, scope):
    return expr("receive after @ -> @ end", Node("e", [g.pick(["0", "1", "0", "fz:id(-1)", "fz:id(a)", "fz:id(1 bsl 33)"])]) if g.chance(0.5) else Node("e", ["0"]),
                g.body(kind, depth - 1, scope))


def drain(g, kind, depth, scope):
    if kind not in ("list", "any"):
        return None
    return expr("(fun F() -> receive M -> [M | F()] after 0 -> [] end end)()"
                .replace("F", g.fresh("F")).replace("M", g.fresh()))


def macro(g, kind, depth, scope):
    found = [m for m in g.macros if m[1] == kind or kind == "any"]
    if not found:
        return None
    template, _ = g.pick(found)
    before, g.maybe = g.maybe, False  # a comma in `maybe` parts two arguments: see docs/differences.md
    made = g.fill(template, depth - 1, scope)
    g.maybe = before
    return made


def maybe(g, kind, depth, scope):
    if not g.maybe:
        return None
    inner, parts = list(scope), []
    for _ in range(1 + g.rng.randrange(3)):
        if g.chance(0.7):
            subject, bound = g.pick(DATA), []
            value = g.expr(subject, depth - 1, inner)
            parts.append(node("x", "@ ?= @", g.pattern(subject, 2, inner, bound), value))
            inner += bound
        else:
            parts.append(g.statement(depth - 2, inner))
    parts.append(g.expr(kind, depth - 1, inner))
    if g.chance(0.5):
        return expr("maybe @ end", List(parts, ", ", 1))
    clauses = [g.clause([g.pick(DATA)], kind, depth - 1, scope, "@") for _ in range(1 + g.rng.randrange(2))]
    return expr("maybe @ else @ end", List(parts, ", ", 1), List(clauses, "; ", 1))


def binary_shape(g, kind, depth, scope):
    if kind not in ("bin", "bits", "any"):
        return None
    return g.binary(depth, scope, kind == "bin")


def binary_match(g, kind, depth, scope):
    return g.binary_round_trip(kind, depth, scope)


def record(g, kind, depth, scope):
    if kind not in ("tuple", "any"):
        return None
    return g.record_value(depth, scope)


def dictionary(g, kind, depth, scope):
    if kind != "any":
        return None
    return expr(g.pick(["put(@, @)", "{get(@), put(a, @)}", "{erase(@), get(b), @}"]), g.expr("key", 1, scope), g.expr("any", depth - 1, scope))


def map_shape(g, kind, depth, scope):
    if kind not in ("map", "any"):
        return None
    op = lambda: g.pick([" => @", " => @", " := @"])
    pairs = [node("x", "@" + op(), g.expr("key", 1, scope), g.expr("any", depth - 2, scope)) for _ in range(g.rng.randrange(4))]
    return expr("fz:id((@)#{@})", g.expr("map", depth - 1, scope), List(pairs)) if g.chance(0.8) else expr("fz:id((@)#{@})", g.expr("any", depth - 1, scope), List(pairs))


def process_shape(g, kind, depth, scope):
    if kind != "any" or depth < 2:
        return None
    return g.process(depth, scope)


assert FUNCTIONS
SHAPES += [switch, noted, noted, case_of, case_of, case_of, case_of_tuple, case_of_tuple, if_, begin, call_function, call_function, call_function, call_function,
           call_fun, named_fun, try_, try_, try_, catch_, stack_top, list_comprehension, list_comprehension, list_comprehension,
           binary_comprehension, binary_comprehension, receive_own, receive_own, receive_nothing, drain, macro, macro, maybe, maybe, maybe,
           binary_shape, binary_shape, binary_match, binary_match, record, dictionary, map_shape, map_shape, process_shape, process_shape]
