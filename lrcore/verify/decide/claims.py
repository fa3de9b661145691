"""One claim, decided: exact evaluation tries to refute it, the normal form to prove it, and the two must not
disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrcore.verify.prove.certify import certified_elsewhere
from lrcore.verify.prove.memory import recalled
from lrcore.verify.prove.normal import prove
from lrcore.verify.refute.points import Point, draw, exists, search, search_near_zero, search_small, smallest, try_point
from lrcore.verify.terms.claim import Claim

FIRST_POINTS, FUNCTION_POINTS, MORE_POINTS = 2, 6, 10


class Disagreement(Exception):
    """Two engines contradict each other: an error of this program, never of the reader."""


@dataclass(frozen=True)
class Decision:
    """``proved`` and ``point`` (where it fails); both empty: nothing contradicts it, ``tried`` times."""

    proved: bool
    point: Point | None
    tried: int
    reason: str = ""


def decide(claim: Claim) -> Decision:
    """Refute first, prove second."""
    found: Decision = recalled(claim, "decision", _decided)
    return found


def _decided(claim: Claim) -> Decision:
    first = FUNCTION_POINTS if claim.decimal else FIRST_POINTS  # of either sign, where a root or logarithm asks for it
    point, tried = search(claim, first)
    proved, reason = (True, "") if point is None and certified_elsewhere(claim) else prove(claim)
    if point is not None and proved:
        raise Disagreement(f"The normal form proves what exact evaluation refutes, at {point}.")
    if proved and not tried and not exists(claim):
        if claim.within and (everywhere := _decided(replace(claim, within=()))).proved:
            return everywhere  # no point was found inside the bounds, and the proof does without them
        return Decision(
            False,
            None,
            0,
            "In form both sides are equal, but they were found to exist at no sizes beyond 1, or at none that differ.",
        )
    if proved:
        return Decision(True, None, tried)
    if point is None:
        point, more = search(claim, MORE_POINTS, first)
        tried += more
        point = point or search_near_zero(claim)
    if point is None and not tried:
        point, tried = search_small(claim)
    return Decision(False, point and smallest(claim, point), tried, reason)


def decide_quickly(claim: Claim) -> bool:
    """Whether one exact point does not contradict the claim."""
    for number in range(3):
        found = try_point(claim, draw(claim, number))
        if found is not False:
            return found is True
    return False
