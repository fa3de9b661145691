"""Points at which a claim is tried: sizes and small whole numbers, and the smallest point at which it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

from lrcore.verify.refute.exact import Sample, exactly
from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.evaluate import At, Matrix, free_places, value
from lrcore.verify.terms.exact_numbers import high_precision, real, same

# Points that are tried at one choice of sizes, at all of them, and with plainer numbers.
DRAWS, SIZES_LIMIT, SHRINK_LIMIT = 10, 100, 100
PLAINEST = (0, 1, 2, -1)
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "!=": lambda a, b: a != b, "=": same,
}  # fmt: skip
Sizes = dict[str, int]


@dataclass(frozen=True)
class Point:
    """Where a claim fails: what was put in, the places of the free indices, and both sides."""

    sample: Sample
    places: dict[str, int]
    left: Matrix
    right: Matrix


# ---------------------------------------------------------------------- trying a claim


def try_point(claim: Claim, sample: Sample, relation: str = "=") -> Point | bool:
    """A point where the relation between the sides fails; True where it holds, False where one of them does not exist
    or an order that was taken as given fails.
    """
    try:
        with high_precision():
            if not all(violation(one.claim, one.relation, sample) is None for one in claim.within):
                return False
            return violation(claim, relation, sample) or any(True for _ in free_places(claim.free, sample.sizes))
    except (Undefined, Outside, RecursionError, OverflowError):
        return False


def violation(claim: Claim, relation: str, sample: Sample) -> Point | None:
    """The point, where the relation between the sides fails there."""
    at, holds = exactly(claim, sample), _HOLDS[relation]
    for places, left, right in sides_at(claim, at):
        if relation == "=" and left == right:
            continue
        if not all(holds(real(a), real(b)) for x, y in zip(left, right) for a, b in zip(x, y)):
            return Point(sample, {one.name: place for one, place in places.items()}, left, right)
    return None


def sides_at(claim: Claim, at: At) -> Iterator[tuple[dict[c.IVar, int], Matrix, Matrix]]:
    """The values of both sides, for each choice of values for the free indices."""
    for places in free_places(claim.free, at.sizes):
        yield places, value(claim.left, at, places), value(claim.right, at, places)


def search(claim: Claim, count: int, start: int = 0) -> tuple[Point | None, int]:
    """Tries ``count`` points; the first one where the sides differ, and how many could be tried."""
    tried = 0
    for number in range(start, start + count + 6):
        if tried >= count:
            break
        found = try_point(claim, draw(claim, number))
        if isinstance(found, Point):
            return found, tried + 1
        tried += found
    for number in range(start, start + count) if claim.decimal and not tried else ():
        found = try_point(claim, between_0_and_1(draw(claim, number)))
        if isinstance(found, Point):
            return found, tried + 1
        tried += found
    return None, tried


def between_0_and_1(drawn: Sample) -> Sample:
    """The point with eighths for whole numbers, where log(1 - p) and log(p) exist, as they do for what is likely."""
    eighths = {name: [[Fraction(abs(x) % 8 or 1, 8) for x in row] for row in one] for name, one in drawn.values.items()}
    return replace(drawn, values=eighths)


def search_small(claim: Claim) -> tuple[Point | None, int]:
    """The smallest sizes, for what exists nowhere else: the inverse of a column times a row needs 1 x 1."""
    tried = 0
    for sizes in size_choices(claim.sizes, claim.least_size):
        for number in range(3):
            found = try_point(claim, draw_values(claim, sizes, Random(number), kind=number))
            if isinstance(found, Point):
                return found, tried + 1
            tried += found
    return None, tried


def search_near_zero(claim: Claim) -> Point | None:
    """Zeros, and quarters of whole numbers, for what differs there alone, as max(0, 1 - x^2) does from 0."""
    for number in range(5):
        drawn = draw(claim, number)
        near = {
            name: [[Fraction(x, 4) if number else Fraction(0) for x in row] for row in one]
            for name, one in drawn.values.items()
        }
        found = try_point(claim, replace(drawn, values=near))
        if isinstance(found, Point):
            return found
    return None


def exists(claim: Claim) -> bool:
    """Whether there is a point where both sides exist, of several sizes that are not all equal, and some size is not
    1: else a proof says nothing.
    """
    choices = size_choices(claim.sizes, claim.least_size)
    larger = [sizes for sizes in choices if not sizes or (max(sizes.values()) > 1 and _differ(sizes))]
    drawn = [draw_values(claim, sizes, Random(k), kind=k) for sizes in larger for k in range(3)]
    if any(try_point(claim, one) is not False for one in drawn):
        return True
    return claim.decimal and any(try_point(claim, between_0_and_1(one)) is not False for one in drawn)


def _differ(sizes: Sizes) -> bool:
    return len(sizes) == 1 or len(set(sizes.values())) > 1


# ---------------------------------------------------------------------- drawing


def draw(claim: Claim, number: int) -> Sample:
    """Sizes and values of trial ``number``: pairwise different sizes first, always the same for the same claim."""
    rng = Random(number * 7919 + 17)
    names, least = claim.sizes, claim.least_size
    pool = [3, 2, 4, 5, 3, 2] if number % 3 != 2 else [2, 3, 1, 4, 2, 3]
    if number % 2 and names:
        shift = number % len(names)
        names = names[shift:] + names[:shift]
    sizes = {name: max(pool[k % len(pool)], least) for k, name in enumerate(names)}
    return draw_values(claim, sizes, rng, kind=3 if claim.decimal and number % 4 == 3 else number % 3)


def draw_values(claim: Claim, sizes: Sizes, rng: Random, kind: int = 0, span: int = 3) -> Sample:
    """Small whole numbers; kind 1 is positive with heavy diagonals, so that roots and logarithms exist,
    kind 3 of one sign a symbol.
    """
    values: dict[str, Matrix] = {}
    along: dict[str, Matrix] = {}
    for name, symbol in claim.symbols.items():
        rows, cols = (dim.value(sizes) for dim in symbol.shape)
        positive = kind in (1, 3) or (claim.decimal and kind == 2)
        values[name] = _matrix(rows, cols, symbol.symmetric, positive, rng, span)
        if kind == 3 and rng.random() < 0.5:
            values[name] = [[-x for x in row] for row in values[name]]
        if name in claim.variables:
            along[name] = _matrix(rows, cols, symbol.symmetric, False, rng, span)
    return Sample(sizes, values, along)


def _matrix(rows: int, cols: int, symmetric: bool, positive: bool, rng: Random, span: int) -> Matrix:
    low = 1 if positive else -span
    drawn = iter(_below(span + 1 - low, rows * cols, rng))
    matrix = [[low + next(drawn) or 1 for _ in range(cols)] for _ in range(rows)]
    if rows == cols and rows > 1:
        for r in range(rows):
            for k in range(r):
                if symmetric:
                    matrix[r][k] = matrix[k][r]
        if positive:
            for r in range(rows):
                matrix[r][r] += 3 * rows
    return matrix


def _below(limit: int, count: int, rng: Random) -> list[int]:
    """Whole numbers from 0 on below the limit, as ``rng.randrange`` draws them, which takes four times as long."""
    bits = limit.bit_length()
    drawn: list[int] = []
    while len(drawn) < count:
        if (one := rng.getrandbits(bits)) < limit:
            drawn.append(one)
    return drawn


def size_choices(names: Sequence[str], least: int) -> list[Sizes]:
    """Small sizes, the smallest first."""
    if len(names) > 5:
        return [dict.fromkeys(names, n) for n in (least, least + 1)]
    choices: list[Sizes] = [{}]
    for name in names:
        choices = [{**one, name: value} for one in choices for value in range(least, least + 3)]
    return sorted(choices, key=lambda one: (sum(one.values()), tuple(-value for value in one.values())))[:24]


# ---------------------------------------------------------------------- the smallest counterexample


def smallest(claim: Claim, point: Point) -> Point:
    """The smallest point that a short search in a fixed order finds: the smallest sizes at which the claim fails, and
    there as many zeros as can be, then ones, then twos.
    """
    best = _smaller_sizes(claim, point) or point
    for kind in ("along", "values"):
        best = _smaller_values(claim, best, kind)
    return best


def _smaller_sizes(claim: Claim, point: Point) -> Point | None:
    """A point at smaller sizes, the smallest first, with small numbers."""
    smaller = (one for one in size_choices(claim.sizes, claim.least_size) if _total(one) < _total(point.sample.sizes))
    tries = ((sizes, number) for sizes in smaller for number in range(DRAWS))
    for sizes, number in islice(tries, SIZES_LIMIT):
        sample = draw_values(claim, sizes, Random(number), kind=number % 2, span=1 + number % 3)
        found = try_point(claim, sample)
        if isinstance(found, Point):
            return found
    return None


def _total(sizes: Sizes) -> int:
    return sum(sizes.values())


def _smaller_values(claim: Claim, point: Point, kind: str) -> Point:
    """Each number of the values or of the directions replaced by a plainer one, where the claim fails still; again from
    the start as long as that helps.
    """
    tries, before = SHRINK_LIMIT, None
    while before is not point:
        before = point
        for name, matrix in sorted(getattr(point.sample, kind).items()):
            for r, k in product(range(len(matrix)), range(len(matrix[0]) if matrix else 0)):
                for new in PLAINEST:
                    numbers = getattr(point.sample, kind)
                    if numbers[name][r][k] in PLAINEST[: PLAINEST.index(new) + 1]:
                        break
                    if not tries:
                        return point
                    tries -= 1
                    changed = {**numbers, name: _changed(claim, numbers, name, r, k, new)}
                    found = try_point(claim, replace(point.sample, **{kind: changed}))
                    if isinstance(found, Point):
                        point = found
                        break
    return point


def _changed(claim: Claim, numbers: dict[str, Matrix], name: str, r: int, k: int, new: int) -> Matrix:
    matrix = [list(row) for row in numbers[name]]
    matrix[r][k] = new
    symbol = claim.symbols.get(name)
    if symbol is not None and symbol.symmetric:
        matrix[k][r] = new
    return matrix
