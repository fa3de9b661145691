"""Engine 3 on what follows: sympy's own word that an equation holds wherever others do.

The premises become polynomials in symbolic entries. Where the conclusion leaves no remainder on division by them, it
holds wherever they do, at these sizes. Where an inverse stands, sympy solves the premises for an unknown at rational
values of everything else, and the conclusion must hold at every solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lrcore.verify.confirm.entries import Expressions, differences, in_expressions
from lrcore.verify.confirm.identity import Confirmation
from lrcore.verify.confirm.sparse import in_polynomials
from lrcore.verify.refute.points import draw
from lrcore.verify.terms.claim import Claim, joined
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.evaluate import putting

SIZES, DRAWS, SOLVED = 2, 8, 2


def confirm_following(claim: Claim, given: Sequence[Claim]) -> Confirmation:
    """What sympy says about a claim that is to follow from the equations in ``given``."""
    together = joined(claim, given)
    sizes = [draw(together, number).sizes for number in range(SIZES)]
    try:
        if all(_no_remainder(claim, given, together, one) for one in sizes):
            used = {name: sorted({one[name] for one in sizes}) for name in sizes[0]}
            return Confirmation(True, "division of symbolic entries", SIZES, used)
    except Outside:
        pass
    return _at_solutions(claim, given, together)


def _unknowns(given: Sequence[Claim]) -> list[str]:
    return sorted({name for one in given for name in one.symbols})


def _no_remainder(claim: Claim, given: Sequence[Claim], together: Claim, sizes: dict[str, int]) -> bool:
    """Whether division by the premises ends at zero, with one symbol or another taken as the leading one."""
    return any(_divides(claim, given, together, sizes, first) for first in _unknowns(given))


def _divides(claim: Claim, given: Sequence[Claim], together: Claim, sizes: dict[str, int], first: str) -> bool:
    at = in_polynomials(together, sizes, first)
    premises = [x for one in given for x in differences(at, one) if x]
    return all(not x.rem(premises) for x in differences(at, claim) if x)


def _at_solutions(claim: Claim, given: Sequence[Claim], together: Claim) -> Confirmation:
    """The claim at every solution of the premises, for a symbol they are linear in, at a few rational points."""
    tried = 0
    for name in _unknowns(given):
        for number in range(DRAWS):
            try:
                agrees = _holds_at_solutions(claim, given, together, name, number)
            except (Undefined, Outside):
                continue
            if agrees is False:
                return Confirmation(False, "solutions at rational points", tried + 1, {})
            tried += agrees is True
            if tried == SOLVED:
                return Confirmation(True, "solutions at rational points", tried, {})
    return Confirmation(None, "gave up", tried, {})


def _holds_at_solutions(claim: Claim, given: Sequence[Claim], together: Claim, name: str, number: int) -> bool | None:
    """None where the premises are not linear in the symbol, or have no solution but zero."""
    sample = draw(together, number)
    known = replace(sample, values={key: one for key, one in sample.values.items() if key != name})
    at = in_expressions(together, sample.sizes, known)
    assert isinstance(at.ring, Expressions)
    sp, unknown = at.ring.sp, at.values[name]
    letters = list(dict.fromkeys(x for row in unknown for x in row))
    try:
        solved = list(sp.linsolve([x for one in given for x in differences(at, one)], *letters))
    except (sp.polys.solvers.PolyNonlinearError, ValueError):
        return None
    if not solved or not any(solved[0]):
        return None
    put = dict(zip(letters, solved[0], strict=True))
    there = putting(at, {name: [[x.subs(put, simultaneous=True) for x in row] for row in unknown]})
    return all(sp.cancel(x) == 0 for x in differences(there, claim))
