r"""Columns that are nearly dependent, each replaced by what sets it apart: then nothing is left that is hard.

With the columns of [1 | X] and a matrix that is known exactly,

.. math:: A' := A E, \qquad E := I + V e_J^\top, \qquad \theta = E\, \theta'

The columns J of A', of which nearly all cancels, are formed in twice the precision; the others stay as they are. V needs
no accuracy, since any V gives the same problem: its columns come from the normal equations in float64. Where a few
directions alone are badly determined, A' has none that is, and is solved as any easy problem.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lrcore._exact.extended import Pair, add, bits, pair, parts, power_above, product, split, two_product, two_sum
from lrcore._exact.scaling import System, measures
from lrcore._exact.spectra import SMALL, inverse_of_triangle
from lrcore._fast import blocks, threads
from lrcore.shapes import Array

_WORTH, _TALL = 1 << 13, 1.1  # numbers of X and Y, and rows a column, from which this is looked for
_MANY, _LOOK = 16, 1 << 18  # rows a column, and numbers, of which a few are looked at first
_EASY = 1e5  # the condition number, squared, up to which nothing is replaced
_MOST, _TURNS = 16, 3  # directions that are looked for, and turns of the search
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
        for k, j in enumerate(self.columns):
            moved, low = two_product(self.V[:, k, None], theta.high[j]), self.V[:, k, None] * theta.low[j]
            theta = add(theta, add(moved, pair(low)))
        return theta

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
    if N >= _MANY * system.P and N * M > _LOOK and _hard(_gram(system, slice(0, 4 * system.P))) is None:
        return None
    gram = np.add.reduce(threads.each(lambda share: _gram(system, share), system.shares))
    hard = _hard(gram)
    return None if hard is None else _replaced(system, *hard)


@np.errstate(all="ignore")  # each thread's own
def _gram(system: System, share: slice) -> Array:
    """B^T B of these rows, B the columns centred and of one size."""
    scaling, M = system.scaling, system.X.shape[1]
    centre, each, gram = scaling.centre * scaling.x, 1 / (scaling.x * scaling.width), np.zeros((M, M))
    for rows in blocks.spans(share.stop, blocks.rows(16 * M, share=1), share.start):
        B = system.X[rows] - centre
        B *= each
        gram += B.T.dot(B)
    return gram


def _hard(gram: Array) -> tuple[Array, Array] | None:
    """Directions (M, k) that are badly determined, in units of the columns, and their columns; None where none is."""
    length = np.sqrt(gram.diagonal())
    if not (length.min() > 0 and np.isfinite(length).all()):
        return None
    alike = gram / length / length[:, None]
    try:
        if len(alike) > SMALL:
            K = inverse_of_triangle(np.linalg.cholesky(alike).T)
        else:
            K = np.linalg.inv(np.linalg.cholesky(alike)).T
    except np.linalg.LinAlgError:
        return None
    M, largest = len(alike), float(np.abs(alike).sum(axis=0).max())
    if np.vdot(K, K) * largest < _EASY:
        return None
    Z = np.cos(np.multiply.outer(np.arange(1.0, M + 1), np.arange(1.0, min(M, _MOST) + 1)) ** 2)
    for _ in range(_TURNS):
        Z = np.linalg.qr(K @ (K.T @ Z))[0]
    across = K.T @ Z
    values, turn = np.linalg.eigh(across.T @ across)
    bad = values * largest > _EASY / 10
    if not bad.any() or (bad.all() and M > _MOST):
        return None
    V, sizes, columns = Z @ turn[:, bad], 1 / np.sqrt(values[bad]), np.zeros(bad.sum(), dtype=int)
    for k in range(V.shape[1]):
        columns[k] = j = np.abs(V[:, k]).argmax()
        V[:, k] /= V[j, k]
        others = np.arange(V.shape[1]) != k
        V[:, others] -= np.multiply.outer(V[:, k], V[j, others])
    V[np.abs(V) * np.sqrt(M) < sizes] = 0.0
    V[columns] = 0.0
    return V * (length[columns] / length[:, None]), columns


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
    fields = {"x": x, "size": size, "centre": centre, "width": width}
    for name, value in fields.items():
        fields[name] = getattr(scaling, name).copy()
        fields[name][columns + first * (name == "size")] = value
    X = system.X.copy()
    X[:, columns] = new.T
    V = V * scaling.x[:, None] / x
    V = np.vstack([-far / x, V]) if first else V
    easy = replace(system, X=X, scaling=replace(scaling, **fields))
    return Apart(easy, columns + first, V, np.linalg.norm(new, axis=1) / x)


@np.errstate(all="ignore")  # each thread's own
def _combined(system: System, V: Array, columns: Array, far: Array, new: Array, share: slice) -> None:
    """Fill the rows of this share: (X_J + X V)^T less ``far``, rounded once, where V has half of the bits of a float."""
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
