r"""Ridge with fewer samples than columns, in the space of the samples: a factor of N x N in place of one of M x M.

With the columns centred, B, and the penalties on a diagonal, D,

.. math:: (B^\top B + D)^{-1} B^\top = D^{-1} B^\top (I + B D^{-1} B^\top)^{-1}

and what corrects a solution, :math:`(B^\top B + D)^{-1} g`, is
:math:`D^{-1} g - D^{-1} B^\top (I + B D^{-1} B^\top)^{-1} B D^{-1} g`. The factor only corrects: what is solved is the
problem as it was given, with the same residuals in twice the precision as elsewhere.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from lrcore._exact.bounds import Bound
from lrcore._exact.factor import CHOLESKY_SAFE, Factor, scaled_targets
from lrcore._exact.scaling import System, each_block
from lrcore._exact.spectra import inverse_of_triangle, lengths_of, norm_of
from lrcore.progress import step
from lrcore.shapes import Array

_WORTH = 1 << 13  # numbers of X from which on a factor of M x M is dearer than what else a fit does
_REFINED = 1e6  # the condition number that corrections bear
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, kw_only=True)
class Dual(Factor):
    """L^-T of I + B D^-1 B^T = L L^T as ``inverse``, a norm of that; B / root of D, that root, the weighted ones."""

    largest: float
    B: Array
    root: Array
    ones: Array

    @property
    def solution(self) -> Array:
        """z (P, D), without correction."""
        dual = self.inverse @ (self.inverse.T @ self.right)
        return self._with_level(self.B.T @ dual / self.root, self.ones.T @ self.right)

    def correction(self, f: Array | None, g: Array) -> tuple[Array, Array | None]:
        """Solve the normal equations for a right side g (P, D)."""
        first = self.ones.shape[1]
        q = g[first:] / self.root
        dual = self.inverse @ (self.inverse.T @ (self.B @ q))
        return self._with_level((q - self.B.T @ dual) / self.root, g[:first]), None

    def _with_level(self, W: Array, along: Array) -> Array:
        return np.vstack([along / (self.ones * self.ones).sum(), W]) if len(along) else W


@dataclass(frozen=True)
class DualBound(Bound):
    """What a dual factor says of errors."""

    factor: Dual

    @cached_property
    def sensitivity(self) -> Array:
        """Roots of the diagonal of (B^T B + D)^-1, moved to the unknowns; for the bias no less than that."""
        inside = np.einsum("ij,ij->j", self._inside, self._inside)
        kept = np.sqrt(np.clip(1 - inside, 0, None) + len(self.factor.B) * self.rate / 8)
        return self._moved(np.minimum(kept, 1.0), float(np.linalg.norm(self._far)))

    @cached_property
    def sensitivity_to_targets(self) -> Array:
        """Lengths of the rows of D^-1 B^T (I + B D^-1 B^T)^-1, likewise."""
        dual = self.factor.inverse @ self._inside
        lengths = np.sqrt(np.einsum("ij,ij->j", dual, dual))
        return self._moved(lengths, float(np.linalg.norm(dual @ self._far)))

    @cached_property
    def rate(self) -> float:
        """How much of an error a correction is to leave."""
        return 8 * _EPS * self.factor.largest

    @cached_property
    def _inside(self) -> Array:
        """L^-1 B."""
        found: Array = self.factor.inverse.T @ self.factor.B
        return found

    @property
    def _far(self) -> Array:
        scaling = self.system.scaling
        return scaling.centre / scaling.width / self.factor.root[:, 0]

    def _moved(self, of_weights: Array, of_bias: float) -> Array:
        W = of_weights / self.factor.root[:, 0] / self.system.scaling.width
        if not self.factor.ones.size:
            return W[:, None]
        return np.hstack([1 / np.linalg.norm(self.factor.ones) + of_bias, W])[:, None]


def factored(system: System) -> tuple[Dual, int] | None:
    """The factor and the rank of the samples; None where this is not wide ridge, or squaring costs digits."""
    (N, M), first = system.X.shape, int(system.scaling.intercept)
    if not system.penalty or N >= M or system.X.size < _WORTH:
        return None
    A = np.empty((N, system.P))
    for block in each_block(system):
        A[block.rows] = block.scaled(system.scaling)[0]
    root = np.sqrt(system.ridge)[:, None] / system.scaling.width[:, None]
    ones, B = A[:, :first], A[:, first:]
    if not _independent(B, ones):
        return None
    B /= root.T
    gram = B @ B.T
    largest = 1 + float(np.linalg.norm(gram, 1))
    if not largest < CHOLESKY_SAFE**2:
        return None
    gram.flat[:: N + 1] += 1
    found = Dual(None, np.zeros((0, 0)), scaled_targets(system)[:N], largest=largest, B=B, root=root, ones=ones)
    vars(found)["inverse"] = inverse_of_triangle(np.linalg.cholesky(gram).T)
    return found, system.X.shape[0]


class Shortest(NamedTuple):
    """W of least norm as it is given out; the rest in powers of two and one unit.

    How far each of an output may be off, and their length; norms left; what rounds the means; the means of Y and of B,
    and both means of inputs, those of B and the centre, times W.
    """

    W: Array
    error: Array
    length: Array
    left: Array
    grown: Array
    mean: Array
    moves: Array
    at_means: Array


def shortest(system: System) -> Shortest | None:
    r"""The shortest solution :math:`W = B^\top (B B^\top)^{-1} V` of wide data; None where squaring costs digits.

    All columns have one unit, since lengths are compared. The ones, which B B^T makes zero, are brought to its size.
    """
    (N, M), scaling, first = system.X.shape, system.scaling, int(system.scaling.intercept)
    if system.penalty or system.weights is not None or N >= system.P or M * max(N, system.Y.shape[1]) < _WORTH:
        return None
    unit = scaling.x.max()
    rows = np.empty((N + 2, M))  # B, the means of it, and its centre
    B = np.divide(system.X, unit, out=rows[:N])
    rows[N + 1] = scaling.centre * (scaling.x / unit)
    B -= rows[N + 1]
    rows[N] = B.mean(axis=0) * first
    V = system.Y / scaling.y
    mean, scale = V.mean(axis=0) * first, scaling.y / unit
    V = V - mean
    if first and N == 1:
        none = np.zeros_like(mean)
        return Shortest(np.zeros((M, len(mean))), none, none, none, none, mean, rows[N], np.zeros((2, len(mean))))
    step("products of samples", 2 * B.size * N)
    gram = B @ B.T
    size = float(np.trace(gram)) / N
    if not size > 0:
        return None
    shifted = gram + first * size / N
    try:
        inverse = inverse_of_triangle(np.linalg.cholesky(shifted).T)
    except np.linalg.LinAlgError:
        return None
    top, bottom = 2 * norm_of(shifted), 1 / (2 * norm_of(inverse.T, inverse))
    if not top < _REFINED**2 * bottom:
        return None
    step("weights", 4 * B.size * V.shape[1])
    u, W = inverse @ (inverse.T @ V), np.empty((M, V.shape[1]))
    for _ in range(1 if top < CHOLESKY_SAFE * bottom else 2):
        R = V - B @ np.matmul(B.T, u, out=W)
        u += inverse @ (inverse.T @ (R - R.mean(axis=0) * first))
    products = rows @ np.matmul(B.T, u * scale, out=W) / scale
    left, stretch = lengths_of(V - products[:N]), np.sqrt(top / bottom)
    whole, length = lengths_of(system.Y / scaling.y), np.sqrt(np.maximum((u * (gram @ u)).sum(axis=0), 0))
    error = 4 * M * _EPS * stretch * (length + (stretch * left + whole) / np.sqrt(top))
    grown = whole / np.sqrt(N) + np.linalg.norm(scaling.width * (scaling.x / unit)) * length
    return Shortest(W, error, length, left, grown, mean, rows[N], products[N:])


def _independent(B: Array, ones: Array) -> bool:
    """Are the rows of [1 | B] clearly so, by B B^T, whose columns are brought to one length?"""
    length = np.sqrt(np.einsum("ij,ij->j", B, B))
    if not length.min() > 0:
        return False
    gram = (B / np.square(length)) @ B.T
    if ones.size:
        gram += ones @ (ones.T * (np.trace(gram) / len(B) / np.square(ones).sum()))
    try:
        inverse = inverse_of_triangle(np.linalg.cholesky(gram).T)
    except np.linalg.LinAlgError:
        return False
    return 4 * norm_of(gram) * norm_of(inverse.T, inverse) < _REFINED**2
