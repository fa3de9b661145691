r"""Standard errors to the digits of the weights, though their squares have the condition number squared.

They are of the diagonal of :math:`(A^\top \Omega A)^{-1}`.

With any K near T R^-1, taken as exact, the columns of :math:`B := \Omega^{1/2} A K` are nearly orthonormal, so that

.. math:: (A^\top \Omega A)^{-1} = K\, H^{-1} K^\top, \qquad H := B^\top B

loses nothing but what rounds B itself, whose product is formed in twice the precision.
"""

from functools import partial

import numpy as np

from lrcore._exact.bounds import Bound
from lrcore._exact.extended import pair, parts, product
from lrcore._exact.scaling import System, each_block
from lrcore._exact.spectra import lengths_of
from lrcore._fast import threads
from lrcore.shapes import Array

DOUBTFUL = 1e-8  # of a variance: what rounding may take before it is formed in twice the precision
_FEW, _FINE, _PARTS = 1 << 17, 1e-14, 5


def deviations(system: System, bound: Bound) -> Array:
    """How far errors of size one move each unknown, (P, 1): to eight digits, to thirteen where that is cheap."""
    cheap = len(system.X) * system.P**2 <= _FEW
    if bound.rate <= (_FINE if cheap else DOUBTFUL):
        return bound.sensitivity
    K = system.scaling.moved(bound.inverse)
    H = np.add.reduce(threads.each(partial(_products, system, K, parts_of(system, K)), system.shares))
    try:
        return lengths_of(np.linalg.solve(np.linalg.cholesky(H), K.T))[:, None]
    except np.linalg.LinAlgError:  # K is too far from the inverse; the estimate is all there is
        return bound.sensitivity


def parts_of(system: System, K: Array) -> int:
    """How many parts of A the product A K needs to lose nothing that K does not round."""
    digits = np.log2(system.scaling.size @ np.abs(K) * np.sqrt(len(system.X))).max() + 6
    return int(np.clip(np.ceil(digits / system.bits), 1, _PARTS))


def times_inverse(A: Array, K: Array, count: int, bits: int, size: Array) -> Array:
    """A K, formed in twice the precision; ``size`` (P,) is a power of two above each column of A."""
    return product(parts(A, bits, count, size), pair(K), bits, size).high


@np.errstate(all="ignore")  # each thread's own
def _products(system: System, K: Array, count: int, share: slice) -> Array:
    """One thread's part of H."""
    H = np.zeros((system.P, system.P))
    for A, _, weights, _, size in each_block(system, share, "standard errors"):
        B = times_inverse(A, K, count, system.bits, size)
        H += B.T @ (B if weights is None else weights * B)
    return H
