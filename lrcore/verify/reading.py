"""From a text in either language to chains of equations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import syntax as s
from . import text as plain
from .errors import Unreadable
from .names import plain_key

RELATIONS = ("=", ":=", "<=", ">=", "<", ">", "!=", "approx", "~", "in", "->")


@dataclass
class Chain:
    """Sides joined by relations; ``spans`` are those of the sides. ``link`` says how it follows from the chain before."""

    sides: list[s.Node] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    link: str = ""
    problem: Unreadable | None = None
    line: int = 1


def is_latex(text: str) -> bool:
    """Whether a text is LaTeX rather than the NumPy-like language."""
    if re.search(r"[\\{}^&]|_\{|[A-Za-z\d]'", text):
        return True
    if re.search(r"@|\*\*|\.T\b|\w\(|\[|\*|//", text):
        return False
    sides = [side for side in re.split(r":=|==|=", text) if side.strip()]
    try:
        for side in sides:
            plain.read(side)
    except Unreadable:
        return True
    return False


def name_key(name: str) -> tuple[str, str]:
    """The key and the font of a symbol's name, plain or LaTeX."""
    if re.search(r"[\\{}^]", name) or len(name.split()) > 1:
        from .latex import read_name

        return read_name(name)
    return plain_key(name.strip()), ""


def read_expression(text: str, context) -> s.Node:
    """One expression in either language."""
    if is_latex(text):
        from .latex import read_expression as read_latex

        return read_latex(text, context)
    return plain.read(text)


def read_definition(name: str, text: str, context):
    """``name := text``: the key, the indices of an entry, the parameters of a function, the tree."""
    from .latex import read_head

    key, indices, params = read_head(name, context)
    return key, indices, params, read_expression(text, context)


def read_chains(text: str, context) -> list[Chain]:
    """All chains of a text: each has its sides in reading order."""
    if is_latex(text):
        from .latex import read_chains as read_latex

        return read_latex(text, context)
    return _plain_chains(text)


def _plain_chains(text):
    chains, offset = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.split("#")[0]
        if bare.strip():
            chains += _plain_line(bare, offset, number, chains)
        offset += len(line) + 1
    return chains


def _plain_line(line, offset, number, before):
    parts = _split_relations(line)
    chain = Chain(line=number)
    if not line[: parts[0][2]].strip() and len(parts) > 1 and before:
        chain = before[-1]
        chain.relations.append(parts[0][1])
        parts = parts[1:]
    for start, relation, end in parts:
        try:
            node = plain.read(line[start:end])
        except Unreadable as error:
            at = error.span or (0, 0)
            chain.problem = chain.problem or Unreadable(error.message, (offset + start + at[0], offset + start + at[1]))
            node = s.Dots()
        chain.sides.append(_moved(node, offset + start))
        chain.spans.append((offset + start, offset + end))
        if relation:
            chain.relations.append(relation)
    return [] if before and chain is before[-1] else [chain]


def _split_relations(line):
    """(start, relation after it, end) of each side."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(line):
        char = line[at]
        depth += (char in "([") - (char in ")]")
        found = re.match(r":=|==|<=|>=|!=|=|<|>", line[at:]) if depth <= 0 else None
        if found:
            parts.append((start, "=" if found[0] == "==" else found[0], at))
            at += len(found[0])
            start = at
        else:
            at += 1
    return [*parts, (start, "", len(line))]


def _moved(node, by):
    from dataclasses import replace

    node = s.rebuild(node, lambda child: _moved(child, by))
    return replace(node, span=(node.span[0] + by, node.span[1] + by)) if node.span else node
