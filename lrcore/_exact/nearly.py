r"""Columns that are nearly dependent, each replaced by what sets it apart: then nothing is left that is hard.

With the columns of [1 | X] and a matrix that is known exactly,

.. math:: A' := A E, \qquad E := I + V e_J^\top, \qquad \theta = E\, \theta'

The columns J of A', of which nearly all cancels, are formed in twice the precision; the others stay as they are. V
needs no accuracy, since any V gives the same problem: its columns come from the normal equations in float64. Where a
few directions alone are badly determined, A' has none that is, and is solved as any easy problem.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lrcore._exact.extended import Pair, add, bits, pair, parts, power_above, product, split, two_product, two_sum
from lrcore._exact.scaling import System, measures
from lrcore._exact.spectra import inverse_of_triangle
from lrcore._fast import blocks, threads
from lrcore.shapes import Array

_WORTH, _TALL = 1 << 13, 1.1  # numbers of X and Y, and rows a column, from which this is looked for
_MANY = 16  # rows a column, of which half are enough to find what is nearly dependent
_EASY = 1e5  # the condition number, squared, up to which nothing is replaced
_HARDEST = 1e-15  # of a length, squared: what a product with half of the bits leaves alone, and normal equations show
_DROPPED = 4.0  # of a new column's square: what is left in it without a loss
_MOST, _TURNS, _FEW_COLUMNS = 16, 2, 32  # directions that are replaced; turns of the search, which few columns need not
_ONE_BY_ONE, _FEW = 8, 64  # columns that are added up one by one; rows whose mean is near enough
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Apart:
    """The system with columns replaced, ``columns`` of [1 | X], and V (P, k), in units of its columns.

    ``lengths`` (k,) have the new columns in these units.
    """

    system: System
    columns: Array
    V: Array
    lengths: Array

    def rows(self, K: Array) -> Array:
        """E K."""
        found: Array = K + self.V @ K[self.columns]
        return found

    def without(self, R: Array) -> Array:
        """R E^-1, all in the units of X."""
        unit = np.hstack([np.ones(int(self.system.scaling.intercept)), self.system.scaling.x])
        V, R = self.V * (unit[self.columns] / unit[:, None]), R.copy()
        R[:, self.columns] -= R @ V
        return R

    def theta(self, theta: Pair) -> Pair:
        """E theta as a pair."""
        high, low = theta.high.copy(), theta.low.copy()
        for k, j in enumerate(self.columns):
            used = np.flatnonzero(self.V[:, k])
            moved = two_product(self.V[used, k, None], theta.high[j])
            moved = Pair(moved.high, moved.low + self.V[used, k, None] * theta.low[j])
            high[used], low[used] = add(Pair(high[used], low[used]), moved)
        return Pair(high, low)

    def at(self, centre: Array, level: Array, theta: Pair) -> Array:
        """The prediction (D,) at a row of X, where ``level`` is that at the new centre."""
        scaling, first, there = (
            self.system.scaling,
            int(self.system.scaling.intercept),
            np.empty((len(self.columns), 1)),
        )
        row, columns = replace(self.system, X=centre[None]), self.columns - first
        V = self.V[first:] * (scaling.x[columns] / scaling.x[:, None])
        _combined(row, V, columns, -self.V[0] * scaling.x[columns] if first else 0 * V[0], there, slice(0, 1))
        off = there[:, 0] / scaling.x[columns] - scaling.centre[columns]
        return level + off @ theta.high[self.columns]

    def error(self, error: Array, theta: Pair, squares: Array, before: Array, after: Array) -> Array:
        """How far E theta may be off, where theta is by ``error`` and the new columns are rounded.

        Errors of length one move the unknowns by ``before``, (P, 1), and those of E theta by ``after``.
        """
        rounded = _EPS / 2 * self.lengths[:, None]
        carried = (rounded * np.abs(theta.high[self.columns])).sum(axis=0)
        carried = carried + np.linalg.norm(before[self.columns] * rounded) * np.sqrt(squares)
        found: Array = error + np.abs(self.V) @ error[self.columns] + after * carried
        return found


def apart(system: System) -> Apart | None:
    """The system with what sets its columns apart; None where all is easy, or too much is hard."""
    (N, M), D = system.X.shape, system.Y.shape[1]
    if not system.plain or N < _TALL * system.P or N * (M + D) < _WORTH or M < 2:
        return None
    many = N >= _MANY * system.P
    hard = _hard(_gram(system, system.X[:: 2 * N // (_MANY * system.P)] if many else system.X))
    return None if hard is None else _replaced(system, *hard)


def _gram(system: System, X: Array) -> Array:
    """B^T B of these rows of X, B the columns centred and of one size: what it rounds costs nothing but time."""
    scaling, M = system.scaling, system.X.shape[1]
    centre, each, gram = scaling.centre * scaling.x, 1 / (scaling.x * scaling.width), np.zeros((M, M))
    for rows in blocks.spans(len(X), blocks.rows(16 * M, share=1)):
        B = X[rows] - centre
        B *= each
        gram += B.T.dot(B)
    return gram


def _hard(gram: Array) -> tuple[Array, Array] | None:
    """Directions (M, k) that are badly determined, in units of the columns, and their columns; None where none is."""
    length = np.sqrt(gram.diagonal())
    if not (length.min() > 0 and np.isfinite(length).all()):
        return None
    found = (_all if len(gram) <= _FEW_COLUMNS else _worst)(gram / length / length[:, None])
    if found is None or len(found[0]) > _MOST or found[0].min() < _HARDEST:
        return None
    (squares, V), columns = found, np.zeros(len(found[0]), dtype=int)
    for k in range(len(squares)):
        columns[k] = j = np.abs(V[:, k]).argmax()
        V[:, k] /= V[j, k]
        others = np.arange(len(squares)) != k
        V[:, others] -= np.multiply.outer(V[:, k], V[j, others])
    V[np.square(V) * len(V) < _DROPPED * squares] = 0.0
    V[columns] = 0.0
    return V * (length[columns] / length[:, None]), columns


def _all(alike: Array) -> tuple[Array, Array] | None:
    """The least eigenvalues, and their vectors, of columns of length one."""
    values, vectors = np.linalg.eigh(alike)
    if values[-1] < _EASY * values[0]:
        return None
    bad = values[-1] > _EASY / 10 * values
    return np.abs(values[bad]), vectors[:, bad]


def _worst(alike: Array) -> tuple[Array, Array] | None:
    """The same of many columns, by powers of the inverse on a few directions."""
    try:
        K = inverse_of_triangle(np.linalg.cholesky(alike).T)
    except np.linalg.LinAlgError:
        return None
    M, largest = len(alike), float(np.linalg.norm(alike))
    if np.vdot(K, K) * largest < _EASY:
        return None
    Z = np.cos(np.multiply.outer(np.arange(1.0, M + 1), np.arange(1.0, min(M, _MOST + 1) + 1)) ** 2)
    for _ in range(_TURNS):
        Z = np.linalg.qr(K @ (K.T @ Z))[0]
    across = K.T @ Z
    values, turn = np.linalg.eigh(across.T @ across)
    bad = values * largest > _EASY / 10
    return (1 / values[bad], Z @ turn[:, bad]) if values[-1] * largest > _EASY else None


def _replaced(system: System, V: Array, columns: Array) -> Apart | None:
    """X with what is left of these columns."""
    scaling, first = system.scaling, int(system.scaling.intercept)
    unit = scaling.x * scaling.width
    V = split(V * (unit[columns] / unit[:, None])).high
    few, new = np.empty((len(columns), _FEW)), np.empty((len(columns), len(system.X)))
    far = np.zeros(len(columns))
    if first:  # near the mean, so that nothing large hides what is left
        _combined(system, V, columns, far, few, slice(0, _FEW))
        far = few.mean(axis=1)
    threads.each(partial(_combined, system, V, columns, far, new), system.shares)
    least, most = new.min(axis=1), new.max(axis=1)
    if not (least < most).all() or not np.isfinite([least, most]).all():
        return None
    x, size, centre, width = measures(least, most, new.mean(axis=1) * first)
    changed = replace(
        scaling,
        x=_with(scaling.x, columns, x),
        size=_with(scaling.size, columns + first, size),
        centre=_with(scaling.centre, columns, centre),
        width=_with(scaling.width, columns, width),
    )
    X = system.X.copy()
    X[:, columns] = new.T
    V = V * scaling.x[:, None] / x
    V = np.vstack([-far / x, V]) if first else V
    easy = replace(system, X=X, scaling=changed)
    return Apart(easy, columns + first, V, np.linalg.norm(new, axis=1) / x)


def _with(A: Array, where: Array, new: Array) -> Array:
    A = A.copy()
    A[where] = new
    return A


@np.errstate(all="ignore")  # each thread's own
def _combined(system: System, V: Array, columns: Array, far: Array, new: Array, share: slice) -> None:
    """Fill the rows of this share: (X_J + X V)^T less ``far``, rounded once; V has half of the bits of a float."""
    for rows in blocks.spans(share.stop, blocks.rows(64), share.start):
        for k, j in enumerate(columns):
            used = np.flatnonzero(V[:, k])
            high, low = two_sum(system.X[rows, j], -far[k])
            if len(used) > _ONE_BY_ONE:
                A, exact = system.X[rows][:, used], bits(len(used))
                size = power_above(A)
                found = product(parts(A, exact, 2, size), pair(V[used, k, None]), exact, size)
                high, low = add(Pair(high, low), Pair(found.high[:, 0], found.low[:, 0]))
            else:
                for i in used:
                    x = split(system.X[rows, i])
                    high, rest = two_sum(high, x.high * V[i, k])
                    rest += x.low * V[i, k]
                    low += rest
            np.add(high, low, out=new[k, rows])
