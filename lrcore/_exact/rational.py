"""Ridge in fractions, without rounding: where no float tells what the columns decide and what the penalty."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from lrcore._exact.extended import Pair
from lrcore._exact.scaling import System
from lrcore.shapes import Array

_WORTH, _WIDE = 200_000, 12  # products of two numbers, and unknowns, that take no longer than a moment

Column = list[Fraction]


def few(system: System) -> bool:
    """Are the data so few that fractions can be afforded?"""
    return len(system.X) * system.P**2 <= _WORTH and system.P <= _WIDE


def solve(system: System) -> tuple[Pair, Array, Array]:
    """theta (P, D) as a pair in the powers of two, its error, none but its rounding, and the weighted squares left."""
    first, scaling = int(system.scaling.intercept), system.scaling
    A = _columns(np.hstack([np.ones((len(system.X), first)), system.X / scaling.x]))
    (weights,) = _columns(np.ones((len(system.X), 1)) if system.weights is None else system.weights)
    weighted = [[w * a for w, a in zip(weights, column, strict=True)] for column in A]
    gram = [[_dot(a, b) for b in A] for a in weighted]
    penalty = [Fraction(0)] * first + [Fraction(system.penalty) / Fraction(x) ** 2 for x in scaling.x.tolist()]
    ridged = [
        [g + p * (i == j) for j, g in enumerate(row)] for i, (row, p) in enumerate(zip(gram, penalty, strict=True))
    ]
    thetas, squares = [], []
    for y in _columns(system.Y / scaling.y):
        right = [_dot(a, y) for a in weighted]
        theta = _solved(ridged, right)
        thetas.append([(high := float(number), float(number - Fraction(high))) for number in theta])
        fitted = _dot(theta, [_dot(row, theta) for row in gram])
        total = sum((w * v * v for w, v in zip(weights, y, strict=True)), Fraction(0))
        squares.append(float(total - 2 * _dot(theta, right) + fitted))
    return Pair(*np.array(thetas).T), np.zeros((system.P, len(thetas))), np.array(squares)


def rank(system: System) -> int:
    """The rank of the samples, the column of ones included: pivots of A^T A that are not zero, all of it exact."""
    first = int(system.scaling.intercept)
    A = _columns(np.hstack([np.ones((len(system.X), first)), system.X / system.scaling.x]))
    left, found = [[_dot(a, b) for b in A] for a in A], 0
    while left:
        (top, *rest), *others = left
        if top:  # else all of its row is zero, too
            found += 1
            others = [[a - row[0] / top * b for a, b in zip(row[1:], rest, strict=True)] for row in others]
        else:
            others = [row[1:] for row in others]
        left = others
    return found


def _columns(A: Array) -> list[Column]:
    return [[Fraction(entry) for entry in column] for column in A.T.tolist()]


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def _solved(A: list[Column], right: Column) -> Column:
    """A^-1 right for a positive definite A: elimination in whole numbers, each division exact (Bareiss)."""
    rows = [[*row, entry] for row, entry in zip(A, right, strict=True)]
    unit = lcm(*(entry.denominator for row in rows for entry in row))
    whole = [[int(entry * unit) for entry in row] for row in rows]
    last = 1
    for k, pivot in enumerate(whole):
        for i, row in enumerate(whole):
            if i != k:
                whole[i] = [(pivot[k] * a - row[k] * p) // last for a, p in zip(row, pivot, strict=True)]
        last = pivot[k]
    return [Fraction(row[-1], last) for row in whole]
