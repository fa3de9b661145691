"""Explicit entries, the fast road: the evaluator's ring of sympy's sparse polynomials.

An element of a sympy polynomial ring is multiplied out as it is made, so that equality is ``==``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any, NoReturn

from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.evaluate import At, Matrix, filled

Place = tuple[str, bool, int, int]  # a symbol (or its differential) and the place of an entry


class Polynomials:
    """The polynomials in the entries of some symbols, and in as many infinitesimals as are in use at once."""

    def __init__(self, places: list[Place], marks: int):
        import sympy

        names = [f"x{k}" for k in range(len(places) + marks)]
        self.ring: Any = sympy.polys.rings.PolyRing(names, sympy.QQ, sympy.polys.orderings.lex)
        self.letters = dict(zip(places, self.ring.gens))
        self.first_mark = len(places) - 1
        self.zero, self.one = self.ring.zero, self.ring.one

    def number(self, value: Fraction | int) -> Any:
        return self.ring(self.ring.domain(value.numerator) / self.ring.domain(value.denominator))

    def constant(self, name: str) -> NoReturn:
        raise Outside("A number like pi is no polynomial.")

    def power(self, x: Any, exponent: int) -> Any:
        if exponent >= 0:
            return x**exponent
        if not x.is_ground:
            raise Outside("A negative power is no polynomial.")
        if not x:
            raise Undefined("a division by zero")
        return self.ring(x.LC**exponent)

    def apply(self, fn: str, x: Any) -> NoReturn:
        raise Outside("A function is no polynomial.")

    def inverse(self, matrix: Matrix) -> NoReturn:
        raise Outside("An inverse is no polynomial.")

    def determinant(self, matrix: Matrix) -> NoReturn:
        raise Outside("A determinant is not multiplied out.")

    def whole(self, x: Any) -> int:
        if not x.is_ground:
            raise Outside("A sum over a part of a range is not written out.")
        return int(x.LC)

    def spend(self, amount: int) -> None:
        """Nobody waits for sympy: its work is not counted."""

    def moved(self, x: Any, along: Any, mark: int) -> Any:
        return x + self.ring.gens[self.first_mark + mark] * along

    def slope(self, x: Any, mark: int) -> Any:
        letter = self.ring.gens[self.first_mark + mark]
        return x.diff(letter).subs(letter, 0)

    def vanishes(self, x: Any) -> bool:
        return not x


def in_polynomials(claim: Claim, sizes: dict[str, int], first: str = "") -> At:
    """The point where each entry of a symbol is a letter; those of the symbol ``first`` lead the monomials' order."""
    if any(isinstance(one, c.Var) and one.constant for one in claim.nodes):
        raise Outside("A number like pi is no polynomial.")
    symbols = {(name, False): one for name, one in claim.symbols.items()}
    symbols |= {(name, True): one for (name, _), one in symbols.items() if name in claim.variables}
    shapes = {key: [dim.value(sizes) for dim in one.shape] for key, one in symbols.items()}
    places = [(*key, r, k) for key, (rows, cols) in shapes.items() for r, k in product(range(rows), range(cols))]
    ring = Polynomials(sorted(places, key=lambda one: (one[0] != first, one[1])), _marks(claim))

    def letters(key: tuple[str, bool]) -> Matrix:
        turn = sorted if symbols[key].symmetric else tuple
        rows, cols = shapes[key]
        return filled(rows, cols, lambda r, k: ring.letters[(*key, *turn((r, k)))])

    values = {name: letters((name, steps)) for name, steps in symbols if not steps}
    return At(ring, sizes, values, {name: letters((name, steps)) for name, steps in symbols if steps})


def _marks(claim: Claim) -> int:
    """How many derivatives are taken inside each other, at most."""
    known: dict[int, int] = {}

    def depth(node: c.Core) -> int:
        if id(node) not in known:
            inner = max(map(depth, c.below(node)), default=0)
            known[id(node)] = inner + isinstance(node, (c.Partial, c.Differential))
        return known[id(node)]

    return max(depth(claim.left), depth(claim.right))
