"""Engine 3: sympy on an identity. Explicit symbolic entries on the grid of sizes that the theorem of the appendix
demands; where inverses or functions occur, exact rational points.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product

from lrcore.verify.certificate import Refused, Table, grid_of
from lrcore.verify.confirm.entries import Expressions, differences, in_expressions
from lrcore.verify.confirm.sparse import Polynomials, in_polynomials
from lrcore.verify.prove.elaborate import elaborated
from lrcore.verify.refute.points import draw
from lrcore.verify.statements import Equation, has_functions
from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.evaluate import At

GRID_LIMIT, ENTRY_LIMIT = 64, 400
DRAWN, NEEDED = 6, 2


@dataclass(frozen=True)
class Confirmation:
    """``how``: "symbolic entries" (a proof), "rational points" or "gave up"; ``agrees`` and how many points were
    looked at.
    """

    agrees: bool | None
    how: str
    points: int
    sizes: dict[str, list[int]]

    @property
    def proof(self) -> bool:
        """Whether it is a proof by itself, and not a second look."""
        return self.agrees is True and self.how == "symbolic entries"


def confirm(claim: Claim, limit: int = GRID_LIMIT) -> Confirmation:
    """What sympy says about a claim."""
    try:
        grid = proof_sizes(claim)
        points = [dict(zip(grid, choice)) for choice in product(*grid.values())]
        if len(points) > limit or _entries(claim, points[-1]) > ENTRY_LIMIT:
            raise Outside("The grid is too large.")
        agrees = all(_equal(claim, sizes) for sizes in points)
    except Outside:
        return _rational(claim)
    return Confirmation(agrees, "symbolic entries", len(points), grid)


def proof_sizes(claim: Claim) -> dict[str, list[int]]:
    """The values of each size at which the claim must be checked: those at which the checker of certificates would
    compare its polynomials. Raises Outside where it says more than that polynomials are equal.
    """
    statement, table = elaborated(claim), Table()
    if any(has_functions(side) for one in statement.claims for side in (one.left, one.right)):
        raise Outside("A function is no polynomial.")
    start, values = dict.fromkeys(claim.sizes, claim.least_size), Counter[str]()
    for equation in statement.claims:
        degrees = Counter[str]()
        for kind, one in _grid(table, equation).items():
            name, more = _named(claim, kind)
            start[name] = max(start[name], one.start - more)
            degrees[name] += len(one) - 1
        values |= degrees
    return {name: list(range(first, first + values[name] + 1)) for name, first in start.items()}


def _grid(table: Table, equation: Equation) -> dict[str, range]:
    try:
        return grid_of(table.difference(equation), equation.free)[1]
    except Refused as refused:
        raise Outside(str(refused)) from None


def _named(claim: Claim, kind: str) -> tuple[str, int]:
    """A size of a statement as a named size and what is added to it, as in n + 1."""
    if kind in claim.sizes:
        return kind, 0
    for dim in [dim for node in claim.nodes for dim in node.shape if str(dim) == kind][:1]:
        for name in dim.names():
            if (more := (dim - c.size(name)).constant()) is not None:
                return name, more
    raise Outside("Sizes that are no sum with a number have no grid.")


def _equal(claim: Claim, sizes: dict[str, int]) -> bool:
    """Polynomials where both sides are such, else expressions that are expanded."""
    try:
        return _agree(in_polynomials(claim, sizes), claim)
    except Outside:
        return _agree(in_expressions(claim, sizes), claim)


def _agree(at: At, claim: Claim) -> bool:
    assert isinstance(at.ring, Expressions | Polynomials)
    return all(map(at.ring.vanishes, differences(at, claim)))


def _entries(claim: Claim, sizes: dict[str, int]) -> int:
    return sum(one.shape[0].value(sizes) * one.shape[1].value(sizes) for one in claim.symbols.values())


def _rational(claim: Claim) -> Confirmation:
    """Exact rational numbers in sympy, at a few points."""
    tried = 0
    for number in range(DRAWN):
        sample = draw(claim, number)
        try:
            if not _agree(in_expressions(claim, sample.sizes, sample), claim):
                return Confirmation(False, "rational points", tried + 1, {})
        except (Undefined, Outside, ZeroDivisionError):
            continue
        tried += 1
        if tried == NEEDED:
            break
    return Confirmation(True if tried else None, "rational points" if tried else "gave up", tried, {})
