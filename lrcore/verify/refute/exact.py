"""Engine 2: exact evaluation. Both sides at small whole numbers, derivatives by dual numbers; nothing is shared with
engine 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations

from lrcore.verify.terms import effort
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.core import sign_of
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.evaluate import At, Matrix
from lrcore.verify.terms.exact_numbers import (
    PI,
    Dual,
    Number,
    apply,
    as_decimal,
    epsilon,
    power,
    real,
    reciprocal,
    tidy,
    vanishes,
)

WORK_LIMIT, LARGEST_DETERMINANT = 400_000, 5


@dataclass(frozen=True)
class Sample:
    """Sizes, the values of the symbols, and the directions that those move along of which differentials are taken."""

    sizes: dict[str, int]
    values: dict[str, Matrix]
    along: dict[str, Matrix] = field(default_factory=dict)


class Rationals:
    """Fractions (or decimals, where roots leave no choice) with their infinitesimal parts, and a budget of work."""

    def __init__(self, decimal: bool = False, budget: int = WORK_LIMIT):
        self.decimal, self.work, self.budget = decimal, 0, budget
        self.zero, self.one = self.number(0), self.number(1)

    def spend(self, amount: int) -> None:
        self.work += amount
        if self.work > self.budget:
            raise Outside("The evaluation needs more work than its budget.")
        effort.spend(amount)

    def number(self, value: Fraction | int) -> Number:
        return as_decimal(value) if self.decimal else tidy(value)

    def constant(self, name: str) -> Number:
        return PI if name == "pi" else apply("exp", as_decimal(1))

    def power(self, x: Number, exponent: int) -> Number:
        return power(x, exponent) if exponent else self.one

    def apply(self, fn: str, x: Number) -> Number:
        return apply(fn, x)

    def whole(self, x: Number) -> int:
        return int(real(x))

    def moved(self, x: Number, along: Number, mark: int) -> Number:
        return Dual(x, along, mark)

    def slope(self, x: Number, mark: int) -> Number:
        return epsilon(x, mark)

    def inverse(self, matrix: Matrix) -> Matrix:
        """By elimination, of whole numbers without a fraction before the end."""
        size = len(matrix)
        if all(type(x) is int for row in matrix for x in row):
            return _inverse_of_whole_numbers(matrix)
        rows = [list(row) + [self.one if r == k else self.zero for k in range(size)] for r, row in enumerate(matrix)]
        for col in range(size):
            pivot = next((r for r in range(col, size) if not vanishes(real(rows[r][col]))), None)
            if pivot is None:
                raise Undefined("the inverse of a singular matrix")
            rows[col], rows[pivot] = rows[pivot], rows[col]
            below = reciprocal(rows[col][col])
            rows[col] = [tidy(x * below) for x in rows[col]]
            for r in range(size):
                factor = rows[r][col]
                if r != col and (isinstance(factor, Dual) or factor != 0):
                    rows[r] = [tidy(x - factor * y) for x, y in zip(rows[r], rows[col])]
        return [row[size:] for row in rows]

    def determinant(self, matrix: Matrix) -> Number:
        """The sum over all permutations."""
        size, total = len(matrix), self.number(0)
        if size > LARGEST_DETERMINANT:
            raise Outside("A determinant above 5 x 5 is not evaluated.")
        self.spend(10**size // 20)
        for order in permutations(range(size)):
            term = self.number(sign_of(order))
            for r, k in enumerate(order):
                term = term * matrix[r][k]
            total = total + term
        return total


def _inverse_of_whole_numbers(matrix: Matrix) -> Matrix:
    """By Bareiss' elimination: each division leaves no rest, and at the end the determinant stands on the diagonal."""
    size, before = len(matrix), 1
    rows = [[*row, *(int(r == k) for k in range(size))] for r, row in enumerate(matrix)]
    for col in range(size):
        pivot = next((r for r in range(col, size) if rows[r][col]), None)
        if pivot is None:
            raise Undefined("the inverse of a singular matrix")
        rows[col], rows[pivot] = rows[pivot], rows[col]
        chosen = rows[col]
        for r, row in enumerate(rows):
            if r != col:
                rows[r] = [(chosen[col] * x - row[col] * y) // before for x, y in zip(row, chosen)]
        before = chosen[col]
    return [[tidy(Fraction(x, before)) for x in row[size:]] for row in rows]


def exactly(claim: Claim, sample: Sample) -> At:
    """The point where the claim's symbols have these values, and move along these directions."""
    values, along = (_converted(one, claim.decimal) for one in (sample.values, sample.along))
    return At(Rationals(claim.decimal), sample.sizes, values, along)


def _converted(values: dict[str, Matrix], decimal: bool) -> dict[str, Matrix]:
    if not decimal:
        return values
    return {name: [[as_decimal(x) for x in row] for row in matrix] for name, matrix in values.items()}
