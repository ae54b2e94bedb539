# SPDX-License-Identifier: Apache-2.0
"""The tree of a random program: what the generator writes and the shrinker cuts.

A Node has a kind ('e' expression, 'p' pattern, 'g' guard, 't' test function, 'f' other function, 'x'
anything else) and parts: strings, Nodes and Lists. A List is items with a separator of which `least`
must stay. The text of a tree is its parts joined; nothing else gives a program meaning.
"""


class Node:
    __slots__ = ("kind", "parts", "name")

    def __init__(self, kind, parts, name=None):
        self.kind, self.parts, self.name = kind, parts, name


class List:
    __slots__ = ("items", "sep", "least")

    def __init__(self, items, sep=", ", least=0):
        self.items, self.sep, self.least = list(items), sep, least


def node(kind, template, *children):
    """A node from a template in which each `@` stands for the next child."""
    texts = template.split("@")
    assert len(texts) == len(children) + 1, template
    parts = [texts[0]]
    for child, text in zip(children, texts[1:]):
        parts += [child, text]
    return Node(kind, parts)


def expr(template, *children):
    return node("e", template, *children)


def text_of(tree):
    out = []
    _write(tree, out)
    return "".join(out)


def _write(tree, out):
    if isinstance(tree, str):
        out.append(tree)
    elif isinstance(tree, Node):
        for part in tree.parts:
            _write(part, out)
    else:
        for i, item in enumerate(tree.items):
            if i:
                out.append(tree.sep)
            _write(item, out)


def walk(tree, path=()):
    """All (path, subtree), the tree itself first, level by level: large things before small."""
    level = [((), tree)]
    while level:
        below = []
        for at, sub in level:
            yield at, sub
            inner = sub.parts if isinstance(sub, Node) else sub.items if isinstance(sub, List) else ()
            below += [(at + (i,), s) for i, s in enumerate(inner) if not isinstance(s, str)]
        level = below


def replace(tree, path, new):
    """A copy of the tree with `new` at the path; what is not on the path is shared."""
    if not path:
        return new
    if isinstance(tree, Node):
        parts = list(tree.parts)
        parts[path[0]] = replace(parts[path[0]], path[1:], new)
        return Node(tree.kind, parts, tree.name)
    items = list(tree.items)
    items[path[0]] = replace(items[path[0]], path[1:], new)
    return List(items, tree.sep, tree.least)


def size(tree):
    return len(text_of(tree))


SIMPLE = {"e": ("0", "a", "[]"), "p": ("_",), "g": ("true",)}


def smaller(tree):
    """All trees one cut smaller than this one, the deepest cuts first."""
    for path, sub in list(walk(tree)):
        if isinstance(sub, List):
            yield from _shorter(tree, path, sub)
        elif sub.kind in SIMPLE:
            text = text_of(sub)
            for simple in SIMPLE[sub.kind]:
                if len(simple) < len(text):
                    yield replace(tree, path, Node(sub.kind, [simple]))
            for _, inner in list(walk(sub))[1:40]:
                if isinstance(inner, Node) and inner.kind == sub.kind:
                    if len(text_of(inner)) < len(text):
                        yield replace(tree, path, inner)


def _shorter(tree, path, sub):
    count = len(sub.items)
    step = count
    while step >= 1:
        for start in range(0, count, step):
            rest = sub.items[:start] + sub.items[start + step:]
            if sub.least <= len(rest) < count:
                yield replace(tree, path, List(rest, sub.sep, sub.least))
        step //= 2
