r"""Names that a text differentiates and of which it never says how they depend on the variable: any function.

A formula that holds only values and first derivatives at one point holds for every differentiable function if it holds
for every affine one, for at a point some affine function has the same value and the same derivatives. So an unknown
``u`` of x is read as ``\Upsilon x + \Xi`` with symbols of its own; what is false for it is not refuted, but asked
about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from lrcore.verify import names as spelling
from lrcore.verify import syntax as s
from lrcore.verify import to_latex

from .conventions import Choice, Question, Text, is_loss, is_target
from .table import Row

ANY = "any function of"
DIFFERENTIATED, IN_PLACE = "what is differentiated beside it", "what stands in its place beside it"


def written_out(text: Text) -> dict[str, Choice]:
    r"""Losses whose derivative the text writes as that of an expression, ``dL/dw = d/dw (...)``: that expression."""
    found: dict[str, Choice] = {}
    for chain in text.uses.chains:
        first = chain[0]
        if len(chain) < 2 or not isinstance(first, s.Deriv) or len(first.wrt) != 1:
            continue
        name = first.f.fn if isinstance(first.f, s.At) else first.f
        if not isinstance(name, s.Name) or name.id in found or not text.is_open(name.id) or not is_loss(name.id):
            continue
        body = _undone(chain[1], first.wrt)
        if body is not None and not _base(body) and name.id not in s.names(body):
            says = DIFFERENTIATED
            found[name.id] = Choice(says, Row(spelling.latex(name.id), "", says, to_latex(body), True))
    return found


def stood_for(text: Text) -> dict[str, Choice]:
    """Names that nothing explains, where the next side is the same but for an expression in their place, as c in
    ``\\sum_i c_i^2 = \\sum_i (x_i - m)^2``: that expression is asked about.
    """
    found: dict[str, Choice] = {}
    for one, other in (pair for chain in text.uses.chains for pair in pairwise(chain)):
        for side, beside in ((one, other), (other, one)):
            for name, body in _places(side, beside):
                key, inside = _base(name), s.names(body)
                known = key in found or not text.is_open(key) or bool(spelling.split_key(key)[1])
                known = known or (is_target(key) and not isinstance(body, s.Block))
                known = known or any(isinstance(each, s.Deriv) for each in s.walk(body))
                known = known or spelling.swap_case(key) in inside  # beside A_ij, a_ij is no other thing
                if known or key in s.names(beside) or not inside or key in text.uses.varied:
                    continue
                says = IN_PLACE
                name, body = _apart(name, body)
                found[key] = Choice(says, Row(to_latex(name), "", says, to_latex(body), True))
    return found


def _apart(name: s.Node, body: s.Node) -> tuple[s.Node, s.Node]:
    """An entry and what it is, with a new letter for an index that a sum inside runs over as well."""
    sums = {one.index for one in s.walk(body) if isinstance(one, s.Sum)}
    letters = [one.id for one in name.indices if isinstance(one, s.Name)] if isinstance(name, s.Entry) else []
    for letter in sums & set(letters):
        new = next(one for one in "kjmlpqrst" if one not in s.names(body) | set(letters) | sums)
        name, body = _renamed(name, letter, new), _renamed(body, letter, new)
    return name, body


def _renamed(node: s.Node, old: str, new: str) -> s.Node:
    """A tree with another letter for one that is free."""
    if isinstance(node, s.Name):
        return s.Name(new) if node.id == old else node
    if isinstance(node, s.Sum) and node.index == old:
        return node
    return s.rebuild(node, lambda child: _renamed(child, old, new))


def _places(node: s.Node, other: s.Node) -> Iterator[tuple[s.Node, s.Node]]:
    """The entries of names, and matrices that are written out beside them, in a tree that is the same as another
    elsewhere, with what is there instead.
    """
    for one, beside in zip(s.children(node), s.children(other)) if _alike(node, other) else ():
        if one == beside:
            continue
        entry = isinstance(one, s.Entry) and isinstance(one.base, s.Name)
        written_out = isinstance(one, s.Name) and isinstance(beside, s.Block)
        if written_out or (entry and not isinstance(beside, s.Name | s.Num | s.Entry)):
            yield one, beside
        else:
            yield from _places(one, beside)


def _alike(node: s.Node, other: s.Node) -> bool:
    """Whether two trees are the same but for what is below."""
    below, beside = s.children(node), s.children(other)
    if type(node) is not type(other) or len(below) != len(beside):
        return False
    return not isinstance(node, s.Sum) or node.index == other.index  # type: ignore[attr-defined]


def _undone(node: s.Node, by: tuple[s.Node, ...]) -> s.Node | None:
    """What a sum of derivatives by one variable, with factors that are free of it, is the derivative of."""
    if isinstance(node, s.Deriv):
        return node.f if node.wrt == by else None
    if isinstance(node, s.Neg):
        inner = _undone(node.arg, by)
        return None if inner is None else s.Neg(inner)
    if isinstance(node, s.Add):
        terms = [_undone(one, by) for one in node.terms]
        return s.Add(tuple(one for one in terms if one is not None)) if None not in terms else None
    if isinstance(node, s.Sum):
        inner = _undone(node.body, by)
        return None if inner is None else replace(node, body=inner)
    if isinstance(node, s.Mul):
        free = set().union(*map(s.names, by))
        places = [k for k, one in enumerate(node.factors) if any(isinstance(x, s.Deriv) for x in s.walk(one))]
        rest = set().union(*(s.names(one) for k, one in enumerate(node.factors) if k not in places))
        inner = _undone(node.factors[places[0]], by) if len(places) == 1 else None
        if inner is None or rest & (free | set(map(spelling.swap_case, free))):
            return None
        return replace(node, factors=tuple(inner if k == places[0] else one for k, one in enumerate(node.factors)))
    return None


def any_functions(text: Text, spoken: Mapping[str, object]) -> Iterator[Question]:
    """A question for each such name, with one answer; names that are ``spoken`` of already are left out."""
    by = _variables(text) if sum(isinstance(one, s.Deriv) for one in text.nodes()) > 1 else {}
    plain = _called_plainly(text)
    for number, key in enumerate(sorted(by), start=1):
        called = re.search(rf"{re.escape(spelling.latex(key))}\s*(?:\\left)?\(", text.source)
        if key in spoken or not text.is_unexplained(key):
            continue
        if (key in text.uses.called or called) and plain.get(key) not in by[key]:
            continue
        terms, more = [], []
        for place, variable in enumerate(sorted(by[key])):
            slope = rf"\Upsilon_{{{number}{place}}}"
            found = _term(slope, text.dims(key), variable, text.dims(variable))
            if found is None:
                break
            terms.append(found[0])
            more.append(Row(slope, found[1], "", "", True))
        else:
            shape = text.shapes.get(key, "scalar")
            offset = Row(rf"\Xi_{{{number}}}", shape, "", "", True)
            says = f"{ANY} {' and '.join(map(spelling.latex, sorted(by[key])))}"
            argument = f"({spelling.latex(plain[key])})" if key in plain else ""
            row = Row(spelling.latex(key) + argument, "", says, " + ".join([*terms, offset.name]), True)
            yield Question(key, (Choice(says, row, (*more, offset)),))


def activations(text: Text) -> Iterator[Question]:
    r"""Names whose derivative the text writes as that of a sigmoid, ``\partial a_i / \partial w = a_i (1 - a_i) x_i``:
    the sigmoid of what is linear in w, with the factor beside for its slope.
    """
    for one, other in (pair for chain in text.uses.chains for pair in pairwise(chain)):
        before, after = _factors(one), _factors(other)
        slopes = [node for node in before if isinstance(node, s.Deriv)]
        rest = [node for node in after if node not in before]
        if len(slopes) != 1 or len(slopes[0].wrt) != 1:
            continue
        name, by = slopes[0].f, slopes[0].wrt[0]
        key, variable = _base(name), _base(by)
        left = [node for node in rest if _base(node) != key and not _is_rest(node, key)]
        data = [node for node in left if _base(node) and text.uses.bound >= _indices_of(node) and _base(node) != key]
        if not key or not variable or len(left) != 1 or left != data or len(rest) != 3 or text.dims(variable):
            continue
        if not _indices_of(name) <= _indices_of(left[0]):  # a slip in one of them
            continue
        if text.is_unexplained(key) and (not is_target(_base(left[0])) or _base(left[0]) in ("x", "X")):
            offset = Row(r"\Xi_{0}", text.shapes.get(key, "scalar"), "", "", True)
            place = "".join(f"_{{{to_latex(k)}}}" for k in name.indices) if isinstance(name, s.Entry) else ""
            score = rf"{to_latex(left[0])} {to_latex(by)} + \left(\Xi_{{0}}\right){place}"
            says = f"the sigmoid of what is linear in {to_latex(by)}"
            yield Question(
                key,
                (Choice(says, Row(to_latex(name), "", says, rf"\frac{{1}}{{1 + e^{{-({score})}}}}", True), (offset,)),),
            )


def _is_rest(node: s.Node, key: str) -> bool:
    """Whether it is ``1 - a``, or a slip of that."""
    below = [one.arg if isinstance(one, s.Neg) else one for one in node.terms] if isinstance(node, s.Add) else []
    return len(below) == 2 and s.ONE in below and key in map(_base, below)


def _factors(node: s.Node) -> list[s.Node]:
    """The factors of a product, within a sum and a quotient too."""
    if isinstance(node, s.Sum):
        return _factors(node.body)
    if isinstance(node, s.Mul):
        return [each for one in node.factors for each in _factors(one)]
    return [node]


def _indices_of(node: s.Node) -> set[str]:
    return {one.id for one in node.indices if isinstance(one, s.Name)} if isinstance(node, s.Entry) else set()


def _called_plainly(text: Text) -> dict[str, str]:
    """The functions that the text calls with one and the same name alone, as in f(A), with that name."""
    found: dict[str, set[s.Node]] = {}
    for node in text.nodes():
        if isinstance(node, s.At) and isinstance(node.fn, s.Name):
            found.setdefault(node.fn.id, set()).update(node.args)
    return {key: one.id for key, args in found.items() for one in args if len(args) == 1 and isinstance(one, s.Name)}


def _uncalled(node: s.Node) -> s.Node:
    """f for f(A)."""
    return node.fn if isinstance(node, s.At) and all(isinstance(one, s.Name) for one in node.args) else node


def _variables(text: Text) -> dict[str, set[str]]:
    """Which open names are differentiated, by what; none that a second derivative is taken of."""
    found: dict[str, set[str]] = {}
    twice: set[str] = set()
    for node in text.nodes():
        if not isinstance(node, s.Deriv):
            continue
        if len(node.wrt) != 1 or any(isinstance(one, s.Deriv) for one in s.walk(node.f) if one is not node):
            twice |= s.names(node.f)
        one = node.wrt[0]
        variable = _base(one.arg if isinstance(one, s.T) else one)
        inside = s.names(_uncalled(node.f))
        if not variable or variable in inside or spelling.swap_case(variable) in inside:
            continue
        for key in inside - text.uses.bound:
            if text.is_unexplained(key) and _stands_alone(_uncalled(node.f), key, text):
                found.setdefault(key, set()).add(variable)
    whole = {key: set(by) for key, by in found.items()}
    for by in found.values():  # what depends on another through a third depends on the third
        for middle in list(by):
            by -= whole.get(middle, set())
    return {
        key: by for key, by in found.items()
        if by and key not in twice and not any(key in whole.get(one, ()) for one in by)
    }  # fmt: skip


def _stands_alone(node: s.Node, key: str, text: Text) -> bool:
    """Whether what is differentiated is the name, an entry of it, or made of names that nothing explains."""
    if _base(node) == key:
        return True
    inside = s.names(node)
    return isinstance(node, s.Mul | s.T | s.Add) and all(
        text.is_unexplained(one) and one in text.shapes and not is_target(one) for one in inside
    )


def _base(node: s.Node) -> str:
    inner = node.base if isinstance(node, s.Entry) else node
    return inner.id if isinstance(inner, s.Name) else ""


def _term(slope: str, dims: list[str], variable: str, by: list[str]) -> tuple[str, str] | None:
    """A linear term of the right shape, and the shape of its slope."""
    name = spelling.latex(variable)
    if not by:
        return rf"{slope} {name}", " x ".join(dims) or "scalar"
    if len(by) == 1:
        if not dims:
            return rf"{slope}^\top {name}", by[0]
        return (rf"{slope} {name}", f"{dims[0]} x {by[0]}") if len(dims) == 1 else None
    return (rf"\operatorname{{tr}}({slope}^\top {name})", " x ".join(by)) if not dims else None
