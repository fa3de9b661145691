"""From a text in either language to chains of equations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lrcore.verify.read import numpy_like as plain
from lrcore.verify.read.asked import Asked
from lrcore.verify.read.diagonals import with_columns
from lrcore.verify.read.families import told_apart
from lrcore.verify.read.labels import at_fixed, by_labels, has_labels
from lrcore.verify.read.macros import Macro, Macros, relations, together, without_definitions
from lrcore.verify.read.marks import GOES_ON
from lrcore.verify.read.passages import Passage, find
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.memory import once
from lrcore.verify.terms.names import plain_key
from lrcore.verify.terms.words import CHARACTERS, LOWERED, RAISED

if TYPE_CHECKING:
    from lrcore.verify.read.latex.cursor import Known


_LONE_I = re.compile(r"(?!\s*I\s*:?=(?!=)).*?(?<![\w.])I(?![\w(])", re.S)
_QUOTIENT = re.compile(r"(?<![\w.])(d[A-Za-z])\s*/\s*(d[A-Za-z])(?![\w(])")
MOST_KEPT = 6  # readings of one chain
_MODULE = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(plain.MODULES))})\.(?=[A-Za-z])")


@dataclass
class Chain:
    """Sides joined by relations; ``spans`` are those of the sides, ``link`` says how it follows from the chain
    before. ``known`` are trees that were read, each with what their reading asked.
    """

    sides: list[s.Node] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    link: str = ""
    problem: Unreadable | None = None
    raw: Any = None
    latex: bool = False
    known: list[tuple[tuple[Any, ...], Asked, list[s.Node]]] = field(default_factory=list)

    def read(self, context: Known, wide: bool = False) -> list[s.Node]:
        """The trees of the sides, in this context; ``wide`` lets sums reach over plus and minus."""
        if self.problem is not None:
            raise self.problem.with_traceback(None)
        if self.raw is None:
            return [_with_gradients(one, context.gradients) for one in self.sides] if context.gradients else self.sides
        how = wide, frozenset(context.families), tuple(context.fixed.items())
        for before, asked, trees in self.known:
            if before == how and asked.holds(context):
                return trees
        asked = Asked(context)
        trees = [told_apart(one, how[1]) for one in self.raw.read(asked, wide)]
        trees = [at_fixed(one, context.fixed) for one in trees] if context.fixed else trees
        if any(isinstance(one, s.Call) and one.fn == "diag" for tree in trees for one in s.walk(tree)):
            trees = [with_columns(one, lambda key: _is_matrix(key, asked)) for one in trees]
        if any(map(has_labels, trees)):
            trees = [by_labels(one, frozenset().union(*map(s.names, trees))) for one in trees]
        asked.forget()
        self.known[:] = [(how, asked, trees), *self.known[: MOST_KEPT - 1]]
        return trees

    def left_out(self, trees: Sequence[s.Node]) -> list[s.Span]:
        """Where something was written that is in none of these trees, which :meth:`read` made."""
        return [] if self.raw is None else self.raw.left_out(trees)


def _is_matrix(key: str, context: Known) -> bool:
    symbol = context.lookup(key)
    return symbol is not None and symbol.shape is not None and "1" not in map(str, symbol.shape)


def _with_gradients(node: s.Node, gradients: Mapping[str, tuple[str, str]]) -> s.Node:
    """The tree with derivatives for the names that stand for them in code."""
    if isinstance(node, s.Name) and node.id in gradients:
        of, by = gradients[node.id]
        return s.Deriv(
            s.Name(plain_key(of), span=node.span), (s.Name(plain_key(by), span=node.span),), "grad", span=node.span
        )
    return s.rebuild(node, lambda child: _with_gradients(child, gradients))


def is_latex(text: str, context: Known | None = None) -> bool:
    """Whether a text is LaTeX rather than the NumPy-like language; ``XW`` is where X and W are declared and XW is
    not.
    """
    pairs = re.findall(r"(?<!\w)([^\W\d_]+)_(\w+)(?![\w(])", text)
    if context is not None and any(_is_entry(pair[0], pair[1], context) for pair in pairs):
        return True
    if context is not None and any(
        _is_product(word, context) for word in re.findall(r"(?<!\w)[^\W\d_]{2,}(?!\w|\s*\()", _MODULE.sub("", text))
    ):
        return True
    strange = [one for one in text if one > "\x7f" and CHARACTERS.get(one) != "-"]
    if any(one in CHARACTERS or one in RAISED or one in LOWERED for one in strange):
        return True
    if re.search(r"[\\{}^&$]|_\{|[A-Za-z\d]'", re.sub(r"'\w+'", "", text)):
        return True
    if plain.is_code(text):
        return False
    if _QUOTIENT.search(text) and not (context and any(map(context.lookup, _QUOTIENT.findall(text)[0]))):
        return True
    if context is not None and _LONE_I.match(text) and context.lookup("I") is None and not context.is_size("I"):
        return True
    sides = [line[a:b] for line in text.split("\n") for a, _, b in _split_relations(line) if line[a:b].strip()]
    try:
        for side in sides:
            plain.read(side)
    except Unreadable:
        return True
    return False


def _is_entry(base: str, sub: str, context: Known) -> bool:
    """``y_i`` where y is declared and y_i is not: an index, as LaTeX writes it."""
    key = plain_key(f"{base}_{sub}")
    if context.lookup(key) is not None or sub == "t":
        return False
    if base == "I" or (len(sub) > 1 and context.lookup(plain_key(f"{base}_{sub[0]}")) is not None):
        return context.is_size(sub) if base == "I" else _all_known(sub[1:], context)
    return context.lookup(plain_key(base)) is not None and len(sub) <= 2


def _all_known(letters: str, context: Known) -> bool:
    return all(context.lookup(one) is not None or context.is_size(one) for one in letters)


def _is_product(word: str, context: Known) -> bool:
    """``XW`` and ``IA``, where I is the identity unless it is declared."""
    letters = word if context.lookup("I") is not None else word.replace("I", "")
    return (
        letters != ""
        and _all_known(letters, context)
        and context.lookup(word) is None
        and not context.is_size(word)
        and word not in plain.ONE_ARGUMENT
    )


def name_key(name: str, macros: Macros | None = None) -> tuple[str, str]:
    """The key and the font of a symbol's name, plain or LaTeX."""
    name = name.strip().strip("$").strip()
    if not re.search(r"[\\{}^]", name) and len(name.split()) == 1:
        return plain_key(name), ""
    return once(_latex_key, name, tuple(sorted((macros or {}).items())))


def _latex_key(name: str, macros: tuple[tuple[str, str | tuple[Macro, ...]], ...]) -> tuple[str, str]:
    from lrcore.verify.read.latex import read_name

    return read_name(name, dict(macros))


def read_expression(text: str, context: Known) -> s.Node:
    """One expression in either language."""
    if is_latex(text, context):
        from lrcore.verify.read.latex import read_expression as read_latex

        return read_latex(text, context)
    return _with_squares(plain.read(text, plain.is_code(text)), context)


def _with_squares(node: s.Node, context: Known) -> s.Node:
    """The tree with ``sigma**2`` as the name that is declared, where sigma^2 is one and sigma is none."""
    node = s.rebuild(node, lambda child: _with_squares(child, context))
    if not isinstance(node, s.Pow) or not isinstance(node.base, s.Name) or node.exponent != s.num(2):
        return node
    key = f"{node.base.id}^2"
    named = context.lookup(key) is not None and context.lookup(node.base.id) is None
    return s.Name(key, span=node.span) if named else node


def read_chains(text: str, context: Known, formula: bool = False, start: int = 0) -> list[Chain]:
    """All chains of a text; of a ``formula``, in which there is no prose, every character is mathematics. Of a part of
    a text ``start`` says where it begins, from which places do not count, but macros do.
    """
    found: list[Chain] = []
    text, own = without_definitions(text)
    macros = together(context.macros, own)
    passages = [Passage(0, len(text), text)] if formula else find(text, {*context.words(), *relations(own)})
    code = plain.is_code(text)
    for latex, group in groupby(zip(_languages(passages, context), passages), lambda pair: pair[0]):
        if latex is None:
            found += [Chain([], [], [(one.start, one.end)], one.link, one.problem) for _, one in group]
        elif latex:
            found += _latex_chains([one for _, one in group], macros, start)
        else:
            for _, one in group:
                first = len(found)
                within = re.sub(r"(?<==)([ \t]*)\n", r"\1 ", one.text) if formula else one.text.replace("\n", " ")
                _plain_chains(within, one.start, found, code)
                if len(found) > first:
                    found[first].link = one.link
    return found


def _languages(passages: Sequence[Passage], context: Known) -> list[bool | None]:
    """Whether each passage is LaTeX, None where it is not read; what goes on with one before is in its language."""
    found: list[bool | None] = []
    for one in passages:
        latex = None if one.problem else is_latex(one.reads, context)
        if latex is not None and found and found[-1] is not None and GOES_ON.match(one.text):
            latex = latex or found[-1]
            found[-1] = latex
        found.append(latex)
    return found


def _latex_chains(passages: Sequence[Passage], macros: Macros, begins: int) -> list[Chain]:
    """Chains of their own in what may change, with the trees that were read of them before."""
    formulas = tuple((one.start, one.text, one.link) for one in passages)
    kept = once(_chains_of, formulas, tuple(sorted(macros.items())), begins)
    return [replace(one, relations=[*one.relations], spans=[*one.spans]) for one in kept]


def _chains_of(
    formulas: tuple[tuple[int, str, str], ...], macros: tuple[tuple[str, str | tuple[Macro, ...]], ...], begins: int
) -> tuple[Chain, ...]:
    from lrcore.verify.read.chains import chains

    links = {start: link for start, _, link in formulas if link}
    raws = chains([one[:2] for one in formulas], dict(macros), begins=begins, links=links)
    spans = [[one.span(k) for k in range(len(one.sides))] for one in raws]
    return tuple(Chain([], one.relations, spans, one.link, one.problem, one, True) for one, spans in zip(raws, spans))


def _plain_chains(text: str, offset: int, chains: list[Chain], code: bool) -> None:
    for line in text.split("\n"):
        if line.strip():
            _plain_line(line, offset, chains, code)
        offset += len(line) + 1


def _plain_line(line: str, offset: int, chains: list[Chain], code: bool) -> None:
    parts = _split_relations(line)
    if not line[: parts[0][2]].strip() and len(parts) > 1 and chains:
        chain = chains[-1]
        chain.relations.append(parts[0][1])
        parts = parts[1:]
    else:
        chain = Chain()
        chains.append(chain)
    for start, relation, end in parts:
        chain.sides.append(_plain_side(line[start:end], offset + start, chain, code))
        chain.spans.append((offset + start, offset + end))
        if relation:
            chain.relations.append(relation)


def _plain_side(text: str, offset: int, chain: Chain, code: bool) -> s.Node:
    try:
        return plain.read(text, code, offset)
    except Unreadable as error:
        at = error.span or (offset, offset + len(text))
        chain.problem = chain.problem or Unreadable(error.message, at, fault=error.fault)
        return s.Dots()


def _split_relations(line: str) -> list[tuple[int, str, int]]:
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
