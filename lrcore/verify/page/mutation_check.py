"""Mutants of the proved steps of a derivation: each must be rejected, or certified by sympy to say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from lrcore.verify.confirm.second_opinion import second_opinion
from lrcore.verify.decide.claims import decide
from lrcore.verify.decide.conditions import fails_under
from lrcore.verify.decide.pipeline import Examined
from lrcore.verify.decide.state import Decided
from lrcore.verify.prove.normal import follows
from lrcore.verify.refute.mutants import mutants
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Problem
from lrcore.verify.type.context import Context

LIMIT = 60


def survivors(examined: Examined) -> tuple[int, int]:
    """(how many mutants there are, how many are neither rejected nor certified) for a text that was decided."""
    total = left = 0
    for decided in examined.proved:
        for sides in _mutated(decided, examined.context):
            total += 1
            left += not _settled(decided, *sides)
    return total, left


def _mutated(decided: Decided, context: Context) -> Iterator[tuple[s.Node, s.Node]]:
    """The right side with one change; the left side, where the right is a constant such as 0."""
    if any(isinstance(one, s.Name) for one in s.walk(decided.right)):
        changed = ((decided.left, mutant) for _, mutant in mutants(decided.right, context))
    else:
        changed = ((mutant, decided.right) for _, mutant in mutants(decided.left, context))
    return islice(changed, LIMIT)


def _settled(decided: Decided, left: s.Node, right: s.Node) -> bool:
    try:
        claim = decided.read(left, right)
    except (Problem, RecursionError):
        return True
    if decided.given:
        return _settled_under(claim, decided.given)
    decision = decide(claim)
    if decision.point is not None:
        return True
    said = second_opinion(claim)
    return said.agrees is True and (decision.proved or said.proof)


def _settled_under(claim: Claim, given: Sequence[Claim]) -> bool:
    """The same where the mutant would have to follow from other equations."""
    if fails_under(claim, given, None) is not None:
        return True
    return follows(claim, given) and second_opinion(claim, given).agrees is True
