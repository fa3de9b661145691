"""One claim, decided: exact evaluation tries to refute it, the normal form to prove it, and the two must not
disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from lrcore.verify.prove.normal import Normal
from lrcore.verify.refute.exact import Exact, free_places, needs_decimals
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.exact_numbers import high_precision, real, same

FIRST_POINTS, MORE_POINTS = 2, 10
SHRINK_LIMIT = 60


class Disagreement(Exception):
    """Two engines contradict each other: an error of this program, never of the reader."""


@dataclass
class Claim:
    """Two typed sides, said to be equal for all values of the free indices."""

    left: c.Core
    right: c.Core
    free: list[c.IVar]
    variables: frozenset[str] = frozenset()
    given: tuple = ()
    nodes: list[c.Core] = field(default_factory=list)

    def __post_init__(self):
        self.nodes = list({id(n): n for side in (self.left, self.right) for n in c.everything(side)}.values())
        self.decimal = needs_decimals(self.left, self.right)

    def symbols(self) -> dict[str, c.Var]:
        """The variables of the claim, and those whose differentials are taken."""
        found = {
            one.name: one for one in self.nodes if isinstance(one, c.Var) and not one.name.startswith("the number")
        }
        return dict(sorted(found.items()))

    def sizes(self) -> list[str]:
        names: dict[str, bool] = {}
        for one in self.nodes:
            for dim in (*one.shape, *_own_dims(one)):
                names.update(dict.fromkeys(dim.names(), True))
        for index in self.free:
            names.update(dict.fromkeys(index.dim.names() if index.dim else (), True))
        return sorted(names)

    def at_given_sizes(self) -> bool:
        """Whether all sizes of its arrays are numbers, such as 2 x 2: then it says nothing of other sizes."""
        dims = [dim for one in self.nodes for dim in (*one.shape, *_own_dims(one))]
        return not self.sizes() and any((dim.constant() or 1) > 1 for dim in dims)

    def least_size(self) -> int:
        """The smallest size at which every fixed place exists."""
        places = [
            x.place
            for one in self.nodes
            for x in (getattr(one, "i", None), getattr(one, "j", None))
            if isinstance(x, c.IConst)
        ]
        return max([0, *places]) + 1


def joined(claim: Claim, given) -> Claim:
    """The claim with the symbols and sizes of the equations in ``given``, so that a point has values for all."""
    together = Claim(claim.left, claim.right, claim.free, claim.variables.union(*(one.variables for one in given)))
    together.nodes = list({id(node): node for one in (claim, *given) for node in one.nodes}.values())
    together.decimal = any(one.decimal for one in (claim, *given))
    return together


def _own_dims(node):
    if isinstance(node, c.SizeOf):
        yield node.dim
    if isinstance(node, c.SumOver) and node.index.dim is not None:
        yield node.index.dim


@dataclass(frozen=True)
class Point:
    """Sizes and values at which a claim was tried."""

    sizes: dict[str, int]
    values: dict[str, list]
    places: dict[str, int]
    left: list
    right: list


@dataclass(frozen=True)
class Decision:
    """``proved`` and ``point`` (where it fails); both empty: nothing contradicts it, ``tried`` times."""

    proved: bool
    point: Point | None
    tried: int
    reason: str = ""


def decide(claim: Claim) -> Decision:
    """Refute first, prove second."""
    point, tried = _search(claim, FIRST_POINTS, 0)
    proved, reason = prove(claim)
    if point is not None and proved:
        raise Disagreement(f"The normal form proves what exact evaluation refutes, at {point}.")
    if proved and not tried and not _exists(claim):
        return Decision(
            False, None, 0, "In form both sides are equal, but at no size beyond 1 were they found to exist."
        )
    if proved:
        return Decision(True, None, tried)
    if point is None:
        point, more = _search(claim, MORE_POINTS, FIRST_POINTS)
        tried += more
    if point is None and not tried:
        point, tried = _search_small(claim)
    return Decision(False, point and smallest(claim, point), tried, reason)


def _exists(claim: Claim) -> bool:
    """Whether there is a point where both sides exist and some size is not 1: else a proof says nothing."""
    for sizes in size_choices(claim.sizes(), claim.least_size()):
        for number in range(3):
            larger = any(value > 1 for value in sizes.values()) or not sizes
            if larger and try_point(claim, sizes, draw_values(claim, sizes, Random(number), kind=number)):
                return True
    return False


def prove(claim: Claim) -> tuple[bool, str]:
    """Whether the normal forms are equal; if that cannot be said, the reason."""
    try:
        return Normal(claim.variables).equal(claim.left, claim.right, claim.free), ""
    except Outside as outside:
        return False, str(outside)
    except RecursionError:
        return False, "The expression is nested too deeply for the normal form."


def decide_quickly(claim: Claim) -> bool:
    """Whether one exact point does not contradict the claim."""
    for number in range(3):
        found = try_point(claim, *draw(claim, number))
        if found is not False:
            return found is True
    return False


def _search(claim, count, start):
    """Tries ``count`` points; the first one where the sides differ, and how many could be tried."""
    tried = 0
    for number in range(start, start + count + 6):
        if tried >= count:
            break
        found = try_point(claim, *draw(claim, number))
        if isinstance(found, Point):
            return found, tried + 1
        tried += found
    return None, tried


def _search_small(claim):
    """The smallest sizes, for what exists nowhere else: the inverse of a column times a row needs 1 x 1."""
    tried = 0
    for sizes in size_choices(claim.sizes(), claim.least_size()):
        for number in range(3):
            found = try_point(claim, sizes, draw_values(claim, sizes, Random(number), kind=number))
            if isinstance(found, Point):
                return found, tried + 1
            tried += found
    return None, tried


def try_point(claim, sizes, values) -> Point | bool:
    """A point where the sides differ; True where they agree, False where one of them does not exist."""
    try:
        with high_precision():
            return _compare(claim, sizes, values)
    except (Undefined, Outside, RecursionError, OverflowError):
        return False


def _compare(claim, sizes, values):
    exact = Exact(sizes, converted(values, claim.decimal), claim.variables, claim.decimal)
    agreed = False
    for places in free_places(claim.free, sizes):
        left, right = exact.value(claim.left, places), exact.value(claim.right, places)
        if not all(same(real(a), real(b)) for x, y in zip(left, right) for a, b in zip(x, y)):
            return Point(sizes, values, {one.name: place for one, place in places.items()}, left, right)
        agreed = True
    return agreed


def converted(values, decimal):
    if not decimal:
        return values
    from lrcore.verify.terms.exact_numbers import as_decimal

    return {name: [[as_decimal(x) for x in row] for row in matrix] for name, matrix in values.items()}


def draw(claim, number):
    """Sizes and values of trial ``number``: pairwise different sizes first, always the same for the same claim."""
    rng = Random(number * 7919 + 17)
    names, least = claim.sizes(), claim.least_size()
    pool = [3, 2, 4, 5, 3, 2] if number % 3 != 2 else [2, 3, 1, 4, 2, 3]
    if number % 2 and names:
        shift = number % len(names)
        names = names[shift:] + names[:shift]
    sizes = {name: max(pool[k % len(pool)], least) for k, name in enumerate(names)}
    return sizes, draw_values(claim, sizes, rng, kind=3 if claim.decimal and number % 4 == 3 else number % 3)


def draw_values(claim, sizes, rng, kind=0, span=3):
    """Small whole numbers; kind 1 is positive with heavy diagonals, so that roots and logarithms exist,
    kind 3 of one sign a symbol.
    """
    values = {}
    for name, symbol in claim.symbols().items():
        rows, cols = (dim.value(sizes) for dim in symbol.shape)
        positive = kind in (1, 3) or (claim.decimal and kind == 2)
        values[name] = _matrix(rows, cols, symbol.symmetric, positive, rng, span)
        if kind == 3 and rng.random() < 0.5:
            values[name] = [[-x for x in row] for row in values[name]]
        if name in claim.variables:
            values["d " + name] = _matrix(rows, cols, symbol.symmetric, False, rng, span)
    for name in claim.variables:
        if name not in values:
            values[name], values["d " + name] = [[1]], [[1]]
    return values


def _matrix(rows, cols, symmetric, positive, rng, span):
    low = 1 if positive else -span
    matrix = [[rng.randint(low, span) or 1 for _ in range(cols)] for _ in range(rows)]
    if rows == cols and rows > 1:
        for r in range(rows):
            for k in range(r):
                if symmetric:
                    matrix[r][k] = matrix[k][r]
        if positive:
            for r in range(rows):
                matrix[r][r] += 3 * rows
    return matrix


# ---------------------------------------------------------------------- the smallest counterexample


def smallest(claim: Claim, point: Point) -> Point:
    """A point as small as a short search finds: small sizes first, then small numbers, then many zeros."""
    best = _smaller_sizes(claim, point) or point
    return _smaller_values(claim, best)


def _smaller_sizes(claim, point):
    names, least = claim.sizes(), claim.least_size()
    for sizes in size_choices(names, least):
        if sum(sizes.values()) >= sum(point.sizes.values()):
            return None
        for number in range(3):
            values = draw_values(claim, sizes, Random(number), kind=(0, 1, 0)[number], span=(1, 2, 2)[number])
            found = try_point(claim, sizes, values)
            if isinstance(found, Point):
                return found
    return None


def size_choices(names, least):
    if len(names) > 5:
        return [dict.fromkeys(names, n) for n in (least, least + 1)]
    choices: list[dict[str, int]] = [{}]
    for name in names:
        choices = [{**one, name: value} for one in choices for value in range(least, least + 3)]
    return sorted(choices, key=lambda one: (sum(one.values()), tuple(-value for value in one.values())))[:24]


def _smaller_values(claim, point):
    tries = 0
    for name, matrix in sorted(point.values.items()):
        for r, row in enumerate(matrix):
            for k, value in enumerate(row):
                for new in (0, 1):
                    if tries >= SHRINK_LIMIT or point.values[name][r][k] in (0, new) or (new == 1 and value == 1):
                        continue
                    tries += 1
                    found = try_point(claim, point.sizes, _changed(claim, point.values, name, r, k, new))
                    if isinstance(found, Point):
                        point = found
    return point


def _changed(claim, values, name, r, k, new):
    matrix = [list(row) for row in values[name]]
    matrix[r][k] = new
    symbol = claim.symbols().get(name.removeprefix("d "))
    if symbol is not None and symbol.symmetric:
        matrix[k][r] = new
    return {**values, name: matrix}


__all__ = ["Claim", "Decision", "Disagreement", "Fraction", "Point", "decide", "prove", "smallest"]
