"""Explicit entries in sympy: the evaluator's ring of sympy's expressions, so that sympy differentiates and inverts.

Nothing is ever parsed by sympy: the entries are built from the typed tree. sympy is loaded when it is first asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from lrcore.verify.refute.exact import Sample
from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.evaluate import At, Matrix, filled, free_places, value

LARGEST_INVERSE = 3


class Expressions:
    """sympy's expressions; ``numeric`` where rational numbers stand for the symbols."""

    def __init__(self, numeric: bool):
        import sympy

        self.sp: Any = sympy
        self.numeric = numeric
        self.zero, self.one = sympy.Integer(0), sympy.Integer(1)

    def number(self, value: Fraction | int) -> Any:
        return self.sp.Rational(value.numerator, value.denominator)

    def constant(self, name: str) -> Any:
        return self.sp.pi if name == "pi" else self.sp.E

    def power(self, x: Any, exponent: int) -> Any:
        if exponent < 0 and x.is_zero:
            raise Undefined("a division by zero")
        return x**exponent

    def apply(self, fn: str, x: Any) -> Any:
        if x.is_number and ((fn == "log" and not x.is_positive) or (fn == "sqrt" and not x.is_nonnegative)):
            raise Undefined(f"{fn} of a number that is negative or, of log, zero")
        return {"exp": self.sp.exp, "log": self.sp.log, "sqrt": self.sp.sqrt, "abs": self.sp.Abs}[fn](x)

    def inverse(self, matrix: Matrix) -> Matrix:
        if len(matrix) > LARGEST_INVERSE and not self.numeric:
            raise Outside("The inverse of a symbolic matrix above 3 x 3 is not written out.")
        square = self.sp.Matrix(matrix)
        if square.det() == 0:
            raise Undefined("the inverse of a singular matrix")
        rows: Matrix = square.inv().tolist()
        return rows

    def determinant(self, matrix: Matrix) -> Any:
        return self.sp.Matrix(matrix).det(method="berkowitz")

    def whole(self, x: Any) -> int:
        if not x.is_Integer:
            raise Outside("A sum over a part of a range is not written out.")
        return int(x)

    def spend(self, amount: int) -> None:
        """Nobody waits for sympy: its work is not counted."""

    def moved(self, x: Any, along: Any, mark: int) -> Any:
        return x + self._letter(mark) * along

    def slope(self, x: Any, mark: int) -> Any:
        letter = self._letter(mark)
        return self.sp.diff(x, letter).subs(letter, 0)

    def _letter(self, mark: int) -> Any:
        return self.sp.Symbol(f"infinitesimal {mark}", real=True)

    def vanishes(self, x: Any) -> bool:
        """Whether it expands to zero, or is zero as a number to 25 digits."""
        if not self.numeric:
            return bool(self.sp.expand(x) == 0)
        if x.has(self.sp.zoo, self.sp.nan):
            raise Undefined("a division by zero")
        if x.is_Rational:
            return bool(x == 0)
        return bool(abs(self.sp.N(x, 40)) < self.sp.Float("1e-25", 40))

    def letters(self, name: str, symbol: c.Var, sizes: dict[str, int], real: bool = True) -> Matrix:
        """The matrix of letters that a symbol stands for."""
        rows, cols = (dim.value(sizes) for dim in symbol.shape)

        def letter(r: int, k: int) -> Any:
            r, k = sorted((r, k)) if symbol.symmetric else (r, k)
            return self.sp.Symbol(f"{name.replace(' ', '_')}_{r}_{k}", real=real)

        return filled(rows, cols, letter)


def in_expressions(claim: Claim, sizes: dict[str, int], sample: Sample | None = None) -> At:
    """The point where each symbol stands for letters, or for its rational numbers where the sample has them."""
    ring = Expressions(numeric=sample is not None)
    values, along = ({}, {}) if sample is None else (_taken(ring, sample.values), _taken(ring, sample.along))
    for name, symbol in claim.symbols.items():
        if name not in values:
            values[name] = ring.letters(name, symbol, sizes)
        if name in claim.variables and name not in along:
            along[name] = ring.letters(f"d {name}", symbol, sizes, real=False)
    return At(ring, sizes, values, along)


def _taken(ring: Expressions, values: Mapping[str, Matrix]) -> dict[str, Matrix]:
    return {name: [[ring.sp.sympify(x) for x in row] for row in one] for name, one in values.items()}


def differences(at: At, claim: Claim) -> Iterator[Any]:
    """Left less right, entry by entry, for all values of the free indices."""
    for places in free_places(claim.free, at.sizes):
        left, right = value(claim.left, at, places), value(claim.right, at, places)
        yield from (a - b for x, y in zip(left, right, strict=True) for a, b in zip(x, y, strict=True))
