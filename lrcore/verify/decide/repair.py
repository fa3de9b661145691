"""The one change that mends a wrong line, where there is one: a factor, a sign, a transpose, an index, an order, a
square.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lrcore.verify.decide.claims import decide_quickly
from lrcore.verify.decide.conditions import contradicted
from lrcore.verify.prove.normal import follows, prove
from lrcore.verify.refute.mutants import Change, mutants
from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.indices import free_indices
from lrcore.verify.type.context import Context

CANDIDATES, UNDER_CONDITIONS, LARGEST = 160, 24, 400


@dataclass(frozen=True)
class Repair:
    """``what`` in words, and the side (left or right) as it should be."""

    what: str
    side: str
    node: s.Node


def repair(
    left: s.Node, right: s.Node, context: Context, claim_of: Any, both: bool = True, given: Sequence[Claim] = ()
) -> Repair | None:
    """A single change after which the line is proved: of the right side, and of the left one too if ``both``; where
    equations are ``given``, it is to follow from them.
    """
    if sum(1 for side in (left, right) for _ in s.walk(side)) > LARGEST:
        return None
    sizes = sorted(
        size for size in context.sizes if size in s.names(left) | s.names(right) | set(list(context.sizes)[:3])
    )
    known = (*_factors(right, sizes), *_sums(left, right, context), *_factors_of_terms(right))
    for what, node in (*known, *_of_derivatives(left, right, context)):
        if _mends(left, node, claim_of, given):
            return Repair(what, "right", node)
    found = _changed(left, right, context, claim_of, "right", given)
    return found or (_changed(left, right, context, claim_of, "left", given) if both else None)


def _factors(node: s.Node, sizes: Any) -> Any:
    """The whole side times something that people lose."""
    yield "the sign", s.neg(node) if not isinstance(node, s.Add) else s.Neg(node)
    yield "a factor 2 is lost", s.Mul((s.num(2), node))
    yield "a factor 2 too many", s.Mul((s.Div(s.ONE, s.num(2)), node))
    for size in sizes:
        name = s.Name(size)
        twice = _divisions(node, size) > 1
        yield f"a factor 1/{size} is lost", s.Mul((s.Div(s.ONE, name), node))
        yield f"it is divided by {size} twice" if twice else f"a factor {size} is lost", s.Mul((name, node))
    yield "it needs a transpose", s.T(node)


def _divisions(node: s.Node, size: str) -> int:
    """How often an expression is divided by a size, along its factors and denominators."""
    if isinstance(node, s.Div):
        return _divisions(node.num, size) + _times_in(node.den, size)
    if isinstance(node, s.Mul | s.Neg | s.Star):
        return sum(_divisions(one, size) for one in s.children(node))
    return _divisions(node.body, size) if isinstance(node, s.Sum) else 0


def _times_in(node: s.Node, size: str) -> int:
    if isinstance(node, s.Name):
        return int(node.id == size)
    if isinstance(node, s.Pow) and isinstance(node.exponent, s.Num):
        return int(node.exponent.value) * _times_in(node.base, size)
    return sum(_times_in(one, size) for one in node.factors) if isinstance(node, s.Mul) else 0


def _sums(left: s.Node, right: s.Node, context: Context) -> Iterator[Change]:
    """The right side summed over an index that it alone leaves free."""
    for letter in sorted(free_indices(right, context) - free_indices(left, context)):
        yield f"the sum over {letter} is missing", s.Sum(letter, right)


def _of_derivatives(left: s.Node, right: s.Node, context: Context) -> Iterator[Change]:
    """What is lost on the way to a derivative: the other term of a product, or the factor from within."""
    body = _differentiated(left, context)
    if body is None:
        return
    f, by = body
    for factors in [one.factors for one in s.walk(f) if isinstance(one, s.Mul)][:2]:
        for place in range(len(factors) if len(factors) == 2 else 0):
            slope = s.Deriv(factors[place], (by,))
            term = s.Mul((*factors[:place], slope, *factors[place + 1 :]))
            yield f"the product rule has one more term, {to_latex(term)}", s.Add((right, term))
    atoms = [one for one in s.walk(f) if isinstance(one, s.Entry | s.Name) and one != by]
    based = {id(one.base) for one in atoms if isinstance(one, s.Entry)}
    for atom in list(dict.fromkeys(one for one in atoms if id(one) not in based and not _is_size(one, context)))[:6]:
        for factor in (atom, s.Neg(atom)):
            yield f"the factor {to_latex(factor)} from within is lost", _times_within(factor, right)
        if isinstance(atom, s.Name):
            yield f"the factor {to_latex(s.T(atom))} from within is lost", s.Mul((s.T(atom), right))


def _is_size(node: s.Node, context: Context) -> bool:
    return isinstance(node, s.Name) and context.is_size(node.id)


def _differentiated(left: s.Node, context: Context) -> tuple[s.Node, s.Node] | None:
    """What a derivative is taken of, with definitions of the text put in once or twice, and by what."""
    if isinstance(left, s.Prime) and isinstance(left.arg, s.At) and len(left.arg.args) == 1:
        left = s.Deriv(left.arg, left.arg.args)
    if not isinstance(left, s.Deriv) or len(left.wrt) != 1:
        return None
    f = left.f
    for _ in range(3):
        name = f.fn if isinstance(f, s.At) else f
        symbol = context.lookup(name.id) if isinstance(name, s.Name) else None
        if symbol is not None and symbol.definition is not None:
            f = symbol.definition
    known = {one: context.lookup(one) for one in s.names(f)}
    table = {
        one: symbol.definition for one, symbol in known.items()
        if symbol is not None and symbol.definition is not None and not symbol.indices and not symbol.params
    }  # fmt: skip
    inner = s.substitute(f, table) if table else f
    more = [
        symbol.definition for symbol in known.values() if symbol is not None and symbol.indices and symbol.definition
    ]
    return s.Block(((inner, *more),)) if more else inner, left.wrt[0]


def _times_within(factor: s.Node, node: s.Node) -> s.Node:
    """A product with one more factor: inside a sum that stands at its end."""
    if isinstance(node, s.Sum):
        return replace(node, body=_times_within(factor, node.body))
    if isinstance(node, s.Neg):
        return replace(node, arg=_times_within(factor, node.arg))
    if isinstance(node, s.Mul) and isinstance(node.factors[-1], s.Sum):
        return replace(node, factors=(*node.factors[:-1], _times_within(factor, node.factors[-1])))
    return s.Mul((*(node.factors if isinstance(node, s.Mul) else (node,)), factor))


def _factors_of_terms(node: s.Node) -> Any:
    """One term of a sum times something that people lose."""
    terms = node.terms if isinstance(node, s.Add) else ()
    for place, term in enumerate(terms):
        for what, changed in (("a factor 2 is lost", _times(s.num(2), term)), ("a factor 2 too many", _halved(term))):
            yield f"{what} in one term", s.Add((*terms[:place], changed, *terms[place + 1 :]))


def _times(number: s.Node, term: s.Node) -> s.Node:
    if isinstance(term, s.Neg):
        return s.Neg(_times(number, term.arg))
    return s.Mul((number, *(term.factors if isinstance(term, s.Mul) else (term,))))


def _halved(term: s.Node) -> Any:
    return _times(s.Div(s.ONE, s.num(2)), term)


def _changed(
    left: s.Node, right: s.Node, context: Context, claim_of: Any, side: str, given: Sequence[Claim]
) -> Repair | None:
    changed = right if side == "right" else left
    for number, (what, node) in enumerate(mutants(changed, context)):
        if number >= (UNDER_CONDITIONS if given else CANDIDATES):
            return None
        pair = (left, node) if side == "right" else (node, right)
        if _mends(pair[0], pair[1], claim_of, given) and not _trivial(pair[0], pair[1]):
            return Repair(_named(what, left), side, node)
    return None


def _named(what: str, left: s.Node) -> str:
    """The change, with the rule that was forgotten where it is plain."""
    if re.fullmatch(r"without the term [\d.]+", what) and any(
        isinstance(one, s.Deriv | s.Prime) for one in s.walk(left)
    ):
        return f"{what}, since the derivative of a constant is 0"
    return what


def _trivial(left: s.Node, right: s.Node) -> bool:
    """A change that makes both sides say nothing is no repair."""
    return isinstance(left, s.Num) or isinstance(right, s.Num) or left == right


def _mends(left: s.Node, right: s.Node, claim_of: Any, given: Sequence[Claim]) -> bool:
    try:
        claim = claim_of(left, right)
    except (Problem, RecursionError):
        return False
    if given:
        return follows(claim, given) and contradicted(claim, given) is None
    return decide_quickly(claim) and prove(claim)[0]
