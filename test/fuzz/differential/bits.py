# SPDX-License-Identifier: Apache-2.0
"""Bit syntax: segments that construct, segments that match, and values taken apart as they were made."""
from generate import Generator
from tree import List, Node, expr, node

INTEGER_SIZES = ["1", "3", "4", "7", "8", "8", "12", "16", "24", "31", "32", "33", "48", "60", "63", "64", "65", "128", "0"]
INTEGER_TYPES = ["", "", "", "/little", "/signed", "/signed-little", "/unsigned", "/big", "/integer", "/native-signed"]


class Segment:
    """How one piece is written, both ways: the size (or None) and the type."""

    def __init__(self, kind, size, spec, fixed=True):
        self.kind, self.size, self.spec, self.fixed = kind, size, spec, fixed

    def tail(self):
        return (":" + self.size if self.size is not None else "") + self.spec


def segment(g, last, whole):
    """A random segment; with whole its size is a number of bytes."""
    choice = g.rng.random()
    if choice < 0.5:
        if whole or g.chance(0.5):
            size = g.pick(["8", "16", "24", "32", "64", "72", None])
        else:
            size = g.pick(INTEGER_SIZES)
        spec = g.pick(INTEGER_TYPES)
        if g.chance(0.1) and size is not None:
            size, spec = g.pick(["1", "2", "3"]), g.pick(["/unit:8", "/little-unit:8", "/integer-unit:16"])
        return Segment("int", size, spec)
    if choice < 0.62:
        return Segment("num", g.pick(["64", "32", None, "16", "64"]), g.pick(["/float", "/float-little", "/float-big", "/native-float"]))
    if choice < 0.72:
        return Segment("int", None, g.pick(["/utf8", "/utf8", "/utf16", "/utf16-little", "/utf32", "/utf32-little"]))
    if choice < 0.9 and not last:
        return Segment("bin", g.pick(["0", "1", "2", "3", "4"]), g.pick(["/binary", "/binary", "/bytes", "/binary-unit:8"]))
    if choice < 0.94 and not whole:
        return Segment("bits", g.pick(["1", "5", "9"]), g.pick(["/bitstring", "/bits"]))
    if last:
        return Segment("bin" if whole else "bits", None, "/binary" if whole else g.pick(["/bitstring", "/bits", "/binary"]))
    return Segment("int", None, "")


def segments(g, whole):
    count = g.pick([0, 1, 1, 2, 2, 3, 3, 4])
    return [segment(g, i == count - 1, whole) for i in range(count)]


def built(g, seg, depth, scope):
    """The segment as it stands in an expression."""
    if seg.kind == "int" and seg.size is None and not seg.spec and g.chance(0.3):
        return node("x", '"' + g.pick(["abc", "", "é", "x"]) + '"' + g.pick(["", "/utf8", "/utf16", ":16", "/utf32"]))
    value = g.expr(seg.kind, depth - 1, scope)
    if seg.kind == "int" and "utf" in seg.spec and g.chance(0.8):
        value = Node("e", [g.pick(["65", "233", "8364", "128512", "$a", "55296", "1114111", "1114112", "0", "127", "128", "2047", "2048", "65535"])])
    size = seg.size
    if size is not None and g.chance(0.12):
        return node("x", "(@):(@)" + seg.spec, value, sized(g, size, scope))
    return node("x", "(@)" + seg.tail(), value)


def sized(g, size, scope):
    """An expression for a size: the number itself, or something of it."""
    numbers = [v for v, t in scope if t == "int"]
    if numbers and g.chance(0.5):
        return expr(g.pick(["(%s rem 70)", "abs(%s rem 20)", "%s rem 9"]) % g.pick(numbers))
    return expr(g.pick(["%s + 1 - 1", "2 * %s", "%s - 8", "-%s", "%s div 2"]) % size)


def matched(g, seg, depth, scope, bound, numbers):
    """The segment as it stands in a pattern. numbers: fields before it that may be its size."""
    size = seg.size
    if size is not None and numbers and g.chance(0.3):
        size = g.pick(numbers) if g.chance(0.6) else "(%s rem %s)" % (g.pick(numbers), g.pick(["5", "17", "64"]))
    tail = (":" + size if size is not None else "") + seg.spec
    choice = g.rng.random()
    if choice < 0.6:
        name = g.fresh()
        bound.append((name, "float" if "float" in seg.spec else seg.kind))
        if seg.kind == "int" and "float" not in seg.spec:
            numbers.append(name)
        return node("x", "@" + tail, Node("p", [name]))
    if choice < 0.72:
        return Node("x", ["_" + tail])
    if choice < 0.78 and scope:
        return node("x", "@" + tail, Node("p", [g.pick(scope)[0]]))
    if seg.kind == "int":
        value = g.pick(["0", "1", "255", "97", "(-1)", "$a", "65535", "(1 bsl 40)", "233"])
        return Node("x", [value + tail])
    if seg.kind == "num":
        return Node("x", [g.pick(["1.0", "0.0", "1"]) + tail])
    name = g.fresh()
    bound.append((name, seg.kind))
    return node("x", "@" + tail, Node("p", [name]))


def binary(g, depth, scope, whole):
    """<<...>> that constructs."""
    return expr("<<@>>", List([built(g, s, depth, scope) for s in segments(g, whole)]))


def binary_pattern(g, depth, scope, bound, kind):
    """<<...>> that matches. In a generator the sizes are fixed."""
    chosen = segments(g, kind == "bin")
    if kind == "generator":
        chosen = [s for s in chosen if s.size is not None or s.kind != "bin" and s.kind != "bits"] or [Segment("int", "8", "")]
    elif g.chance(0.5) and not (chosen and chosen[-1].size is None and chosen[-1].kind in ("bin", "bits")):
        chosen.append(Segment("bin", None, g.pick(["/binary", "/bitstring"])))
    chosen = [s for i, s in enumerate(chosen) if i == len(chosen) - 1 or s.size is not None or s.kind not in ("bin", "bits")]
    known = [(v, t) for v, t in scope if t in ("int", "bin", "float", "any", "bits")]
    numbers = [v for v, t in scope if t == "int"][:3] if g.chance(0.3) else []
    items = []
    for seg in chosen:
        if seg.kind == "int" and seg.size is None and not seg.spec and g.chance(0.2):
            items.append(Node("x", ['"%s"' % g.pick(["a", "abc", "h", ""])]))
        else:
            items.append(matched(g, seg, depth, known, bound, numbers))
    return node("p", "<<@>>", List(items))


def binary_round_trip(g, kind, depth, scope):
    """case <<A, B, ...>> of <<PA, PB, ...>> -> ...: the same segments in both, or nearly."""
    chosen = segments(g, g.chance(0.5))
    value = expr("<<@>>", List([built(g, s, depth - 1, scope) for s in chosen]))
    clauses = []
    for _ in range(g.pick([1, 1, 2, 3])):
        bound, numbers = [], []
        read = [s if g.chance(0.85) else segment(g, False, False) for s in chosen]
        if g.chance(0.5) and not (read and read[-1].size is None and read[-1].kind in ("bin", "bits")):
            read.append(Segment("bits", None, g.pick(["/bitstring", "/binary"])))
        read = [s for i, s in enumerate(read) if i == len(read) - 1 or s.size is not None or s.kind not in ("bin", "bits")]
        pattern = node("p", "<<@>>", List([matched(g, s, depth, scope[-3:], bound, numbers) for s in read]))
        guard = node("x", " when @", g.guard(scope + bound)) if g.chance(0.2) else Node("x", [""])
        if kind == "any" and bound:
            body = expr("{@}", List([Node("e", [v]) for v, _ in bound]))
        else:
            body = g.body(kind, depth - 1, scope + bound)
        clauses.append(node("x", "@@ -> @", pattern, guard, body))
    if g.chance(0.8):
        clauses.append(node("x", "_ -> @", g.expr(kind, depth - 1, scope)))
    return expr("case @ of @ end", value, List(clauses, "; ", 1))


Generator.binary = binary
Generator.binary_pattern = binary_pattern
Generator.binary_round_trip = binary_round_trip
