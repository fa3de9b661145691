"""The one change that mends a wrong line, where there is one: a factor, a sign, a transpose, an index, an order, a
square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lrcore.verify.decide.claims import decide_quickly
from lrcore.verify.decide.conditions import contradicted
from lrcore.verify.decide.forgotten import forgotten, inverses
from lrcore.verify.decide.state import Reading
from lrcore.verify.prove.normal import follows, prove
from lrcore.verify.refute.mutants import mutants
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.report import Change
from lrcore.verify.type.context import Context

CANDIDATES, UNDER_CONDITIONS, LARGEST = 160, 24, 400


@dataclass(frozen=True)
class Repair:
    """``what`` in words, and the side (left or right) as it should be."""

    what: str
    side: str
    node: s.Node


def repair(
    left: s.Node, right: s.Node, context: Context, claim_of: Reading, both: bool = True, given: Sequence[Claim] = ()
) -> Repair | None:
    """A single change after which the line is proved: of the right side, and of the left one too if ``both``; where
    equations are ``given``, it is to follow from them.
    """
    if sum(1 for side in (left, right) for _ in s.walk(side)) > LARGEST:
        return None
    sizes = sorted(context.sizes & {*_names(left, right, context), *sorted(context.sizes)[:3]})
    more = inverses(right, context) if given else forgotten(left, right, context)
    for what, node in (*_factors(right, sizes), *_factors_of_terms(right, sizes), *more):
        if _mends(left, node, claim_of, given):
            return Repair(what, "right", node)
    found = _changed(left, right, context, claim_of, "right", given)
    return found or (_changed(left, right, context, claim_of, "left", given) if both else None)


def change_of(old: s.Node, new: s.Node, context: Context) -> Change:
    """What a repair does to a side."""
    before, after = (Counter(one.id for one in s.walk(side) if isinstance(one, s.Name)) for side in (old, new))
    letters, kept = (
        Counter({key: times for key, times in found.items() if not context.is_size(key)}) for found in (before, after)
    )
    if kept < letters:
        return Change.LEAVES_OUT
    shapes = (s.T, s.Inv, s.Pow, s.Sum, s.Entry, s.Call)
    forms, formed = (Counter(type(one) for one in s.walk(side) if isinstance(one, shapes)) for side in (old, new))
    numbers, others = (Counter(one for one in s.walk(side) if isinstance(one, s.Num)) for side in (old, new))
    turned = new == s.neg(old) or new == s.Neg(old) or old == s.neg(new)
    same = letters == kept and forms == formed
    return Change.SCALES if same and (turned or numbers != others or before != after) else Change.OTHER


def _names(left: s.Node, right: s.Node, context: Context) -> set[str]:
    """The names in both sides, and in the definitions that they rest on."""
    written = s.names(left) | s.names(right)
    below = map(context.lookup, written.union(*map(context.depends, written)))
    return written.union(*(s.names(one.definition) for one in below if one is not None and one.definition is not None))


def _factors(node: s.Node, sizes: Sequence[str]) -> Iterator[tuple[str, s.Node]]:
    """The whole side times something that people lose."""
    yield "the sign", s.neg(node) if not isinstance(node, s.Add) else s.Neg(node)
    yield "a factor 2 is lost", s.Mul((s.num(2), node))
    yield "a factor 2 too many", s.Mul((s.Div(s.ONE, s.num(2)), node))
    for size in sizes:
        name = s.Name(size)
        yield f"a factor 1/{size} is lost", s.Mul((s.Div(s.ONE, name), node))
        yield f"a factor {size} is lost", s.Mul((name, node))
    yield "it needs a transpose", s.T(node)


def _factors_of_terms(node: s.Node, sizes: Sequence[str]) -> Iterator[tuple[str, s.Node]]:
    """One term of a sum times something that people lose."""
    terms = node.terms if isinstance(node, s.Add) else ()
    for place, term in enumerate(terms):
        changes = [
            ("a factor 2 is lost", _times(s.num(2), term)),
            ("a factor 2 too many", _times(s.Div(s.ONE, s.num(2)), term)),
        ]
        changes += [(f"a factor 1/{one} is lost", _times(s.Div(s.ONE, s.Name(one)), term)) for one in sizes]
        for what, changed in changes:
            yield f"{what} in one term", s.Add((*terms[:place], changed, *terms[place + 1 :]))


def _times(number: s.Node, term: s.Node) -> s.Node:
    if isinstance(term, s.Neg):
        return s.Neg(_times(number, term.arg))
    return s.Mul((number, *(term.factors if isinstance(term, s.Mul) else (term,))))


def _changed(
    left: s.Node, right: s.Node, context: Context, claim_of: Reading, side: str, given: Sequence[Claim]
) -> Repair | None:
    changed, beside = (right, left) if side == "right" else (left, right)
    left_over = UNDER_CONDITIONS if given else CANDIDATES  # what has no meaning is no work
    for what, node in islice(mutants(changed, context, beside), CANDIDATES):
        pair = (left, node) if side == "right" else (node, right)
        claim = _read(*pair, claim_of)
        left_over -= claim is not None
        if claim is not None and _holds(claim, given) and not _trivial(what, pair[0], pair[1]):
            return Repair(what, side, node)
        if not left_over:
            return None
    return None


def _trivial(what: str, left: s.Node, right: s.Node) -> bool:
    """A change that makes both sides say nothing is no repair, and neither is what is left of a side so that it repeats
    the other.
    """
    repeats = left == right and what.startswith(("without the term", "without the factor", "without the denominator"))
    return isinstance(left, s.Num) or isinstance(right, s.Num) or repeats


def _mends(left: s.Node, right: s.Node, claim_of: Reading, given: Sequence[Claim]) -> bool:
    claim = _read(left, right, claim_of)
    return claim is not None and _holds(claim, given)


def _read(left: s.Node, right: s.Node, claim_of: Reading) -> Claim | None:
    try:
        return claim_of(left, right)
    except (Problem, RecursionError):
        return None


def _holds(claim: Claim, given: Sequence[Claim]) -> bool:
    if given:
        return follows(claim, given) and contradicted(claim, given) is None
    return decide_quickly(claim) and prove(claim)[0]
