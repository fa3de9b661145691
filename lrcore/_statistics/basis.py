r"""The columns of the design matrix, orthonormal, and what takes them back: all that the statistics of a fit need.

.. math:: \Omega^{1/2} A\, G = Q, \qquad Q^\top Q = I, \qquad (A^\top \Omega A)^{-1} = G G^\top

with the weights of the samples in Omega. Leverages are the squared lengths of the rows of Q, standard errors lengths of
rows of G: nothing cancels. A K, with K near the inverse of the factor, is formed in twice the precision; why Q loses
nothing by the condition number is said in ``lrcore._exact.covariance``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore._exact.bounds import Bound
from lrcore._exact.covariance import parts_of, times_inverse
from lrcore._exact.extended import add, pair, parts, power_above, product
from lrcore._exact.factor import of_all, of_samples
from lrcore._exact.refine import refined
from lrcore._exact.scaling import System, each_block, measured
from lrcore._exact.spectra import count_clear
from lrcore._fast.threads import single_threaded_blas
from lrcore.errors import InputError
from lrcore.shapes import Array

_PARTS = 4  # of A, for residuals of a fit: some 90 bits


@dataclass(frozen=True)
class Basis:
    """Q (N, P), G (P, P) and R (N, D) = A theta - Y, weighted by the roots of the weights, in the system's units.

    ``theta`` (P, D) is the solution and ``far`` (P, D) how far it may be off; ``K`` and ``C`` make G = K C^-T.
    """

    system: System
    K: Array
    C: Array
    Q: Array
    R: Array
    theta: Array
    far: Array

    @property
    def G(self) -> Array:
        return np.linalg.solve(self.C, self.K.T).T

    @property
    def lost(self) -> tuple[float, Array]:
        r"""How far lengths of rows of G may be off, as a share, and each output's length of R, (D,).

        B = A K is rounded once, its product by what N and P make of rounding; the inverse of H carries both. The exact
        residual stands at a right angle to the columns, so an error d of theta makes R longer by the square of A d.
        """
        eps, (N, P) = float(np.finfo(float).eps), self.Q.shape
        carried = max(1.0, float(np.linalg.norm(np.linalg.inv(self.C), 2)) ** 2)
        size = np.linalg.norm(self.R, axis=0)
        moved = np.sqrt(N) * self.system.scaling.size @ self.far
        with np.errstate(all="ignore"):
            grown = np.fmin(moved, moved * moved / size)
        cut = eps * eps * np.sqrt(N) * (1 + self.system.scaling.size @ np.abs(self.theta))
        return eps * (N + 4 * P * P + 8) * carried, (N + 4) * eps * size + grown + cut

    def rows(self, X: Array) -> Array:
        """The rows of Q that new inputs X (n, M) would have, each of weight one."""
        scaling = self.system.scaling
        A = np.hstack([np.ones((len(X), int(scaling.intercept))), X / scaling.x])
        size = np.maximum(scaling.size, power_above(A))
        B = times_inverse(A, self.K, parts_of(self.system, self.K) + 1, self.system.bits, size)
        return np.linalg.solve(self.C, B.T).T / scaling.weight


def of(X: Array, Y: Array, weights: Any, intercept: bool) -> Basis:
    """The basis of X (N, M), and what a fit of Y (N, D) leaves; samples that count nothing are left out.

    Raises
    ------
    InputError
        the columns do not determine the weights.
    """
    with single_threaded_blas(), np.errstate(all="ignore"):
        system = measured(X, Y, weights, 0.0, intercept)
        samples = of_samples(system, "auto")
        if count_clear(samples.sigma, max(len(system.X), system.P)) < system.P:
            raise InputError(
                "the columns do not determine the weights, which therefore have no standard errors; "
                "leave out the columns that depend on others."
            )
        factor = of_all(system, samples, "cholesky" if samples.Q is None else "qr")
        bound = Bound(system, factor, samples)
        solution, K = refined(system, factor, bound), system.scaling.moved(bound.inverse)
        theta = solution.theta
        count = parts_of(system, K)
        B, R = np.empty((len(system.X), system.P)), np.empty(system.Y.shape)
        for A, targets, counts, where, size in each_block(system):
            root = 1.0 if counts is None else np.sqrt(counts)
            B[where] = root * times_inverse(A, K, count, system.bits, size)
            fitted = product(parts(A, system.bits, _PARTS, size), theta, system.bits, size)
            R[where] = root * add(fitted, pair(-targets)).high
        C = np.linalg.cholesky(B.T @ B)
        return Basis(system, K, C, np.linalg.solve(C, B.T).T, R, theta.high + theta.low, solution.error)
