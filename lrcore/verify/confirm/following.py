"""Engine 3 on what follows: sympy's own word that an equation holds wherever others do.

The premises become polynomials in symbolic entries. Where the conclusion leaves no remainder on division by them, it
holds wherever they do, at these sizes. Where an inverse stands, sympy solves the premises for an unknown at rational
values of everything else, and the conclusion must hold at every solution.
"""

from __future__ import annotations

from lrcore.verify.confirm.entries import Confirmation, Entries
from lrcore.verify.confirm.sparse import Sparse
from lrcore.verify.decide.claims import Claim, draw, joined
from lrcore.verify.refute.exact import free_places
from lrcore.verify.terms.errors import Outside, Undefined

SIZES, DRAWS, SOLVED = 2, 8, 2


def confirm_following(claim: Claim, given: tuple[Claim, ...]) -> Confirmation:
    """What sympy says about a claim that is to follow from the equations in ``given``."""
    together = joined(claim, given)
    sizes = [draw(together, number)[0] for number in range(SIZES)]
    try:
        if all(_no_remainder(claim, given, together, one) for one in sizes):
            used = {name: sorted({one[name] for one in sizes}) for name in sizes[0]}
            return Confirmation(True, "division of symbolic entries", SIZES, used)
    except Outside:
        pass
    return _at_solutions(claim, given, together)


def _unknowns(given) -> list[str]:
    return sorted({name for one in given for name in one.symbols()})


def _no_remainder(claim, given, together, sizes) -> bool:
    """Whether division by the premises ends at zero, with one symbol or another taken as the leading one."""
    return any(_divides(claim, given, together, sizes, first) for first in _unknowns(given))


def _divides(claim, given, together, sizes, first) -> bool:
    ring = Sparse(together, sizes, first)
    premises = [x for one in given for x in _differences(ring, one, sizes) if x]
    return all(not x.rem(premises) for x in _differences(ring, claim, sizes) if x)


def _differences(entries: Entries, claim: Claim, sizes) -> list:
    """Left less right, entry by entry, for all values of the free indices."""
    out = []
    for places in free_places(claim.free, sizes):
        left, right = entries.matrix(claim.left, places), entries.matrix(claim.right, places)
        out += [a - b for a, b in zip(left, right, strict=True)]
    return out


def _at_solutions(claim, given, together) -> Confirmation:
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


def _holds_at_solutions(claim, given, together, name, number) -> bool | None:
    """None where the premises are not linear in the symbol, or have no solution but zero."""
    sizes, values = draw(together, number)
    entries = Entries(together, sizes, {key: value for key, value in values.items() if key != name})
    sp, unknown = entries.sp, entries.symbols(name, together.symbols()[name].shape)
    letters = list(dict.fromkeys(unknown))
    try:
        premises = [x for one in given for x in _differences(entries, one, sizes)]
        solved = list(sp.linsolve(premises, *letters))
    except (sp.polys.solvers.PolyNonlinearError, ValueError):
        return None
    if not solved or not any(solved[0]):
        return None
    at = Entries(together, sizes, entries.values)
    at.over[name] = unknown.subs(dict(zip(letters, solved[0], strict=True)), simultaneous=True)
    return all(sp.cancel(x) == 0 for x in _differences(at, claim, sizes))


__all__ = ["confirm_following"]
