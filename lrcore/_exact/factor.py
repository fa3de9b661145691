"""One factor of the problem, A T = Q R, by the cheapest method that is safe: rank, method and solution all use it."""

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from lrcore._exact import spectra
from lrcore._exact.scaling import Block, System, each_block, ridge_rows
from lrcore._fast import blocks, threads
from lrcore.errors import InputError
from lrcore.progress import step
from lrcore.shapes import Array

CHOLESKY_SAFE, _ALIKE = 1e4, 1e3  # condition numbers that may be squared; and sizes of rows that are alike
_ROWS = 4  # rows a column of a block, and blocks, from which on a factor is made of theirs
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Factor:
    """A T = Q R, where R z = ``right`` gives the solution z; Q is None where R comes from the normal equations."""

    Q: Array | None
    R: Array
    right: Array
    squares: Array | None = None  # of the singular values, the least first, or as the least and the largest are

    @cached_property
    def sigma(self) -> Array:
        """Singular values, the columns brought to one length: a large mean beside a small spread is no dependence."""
        return spectra.of_equal_columns(self.R) if self.squares is None else np.sqrt(self.squares[::-1])

    @cached_property
    def inverse(self) -> Array:
        """R^-1."""
        triangle = np.array_equal(self.R, np.triu(self.R))
        return spectra.inverse_of_triangle(self.R) if triangle else np.linalg.solve(self.R, np.eye(len(self.R)))

    @property
    def condition(self) -> float:
        """Condition number, the columns brought to one length."""
        return float(self.sigma[0] / self.sigma[-1]) if self.sigma[-1] > 0 else float("inf")

    @property
    def solution(self) -> Array:
        """z (P, D), without correction."""
        return self.inverse @ self.right if len(self.R) > spectra.SMALL else np.linalg.solve(self.R, self.right)

    def determines(self, system: System) -> bool:
        """Are the columns independent to working precision?"""
        return spectra.count_clear(self.sigma, max(system.X.shape[0], system.P)) == system.P

    def correction(self, f: Array | None, g: Array) -> tuple[Array, Array | None]:
        """Solve d + A T x = f, (A T)^T d = g for x and d; without Q, g is the right side of the normal equations."""
        large = len(self.R) > spectra.SMALL
        h = self.inverse.T @ g if large else np.linalg.solve(self.R.T, g)
        inside = h if self.Q is None or f is None else self.Q.T @ f - h
        move = self.inverse @ inside if large else np.linalg.solve(self.R, inside)
        return move, None if self.Q is None or f is None else f - self.Q @ inside


def of_samples(system: System, method: str) -> Factor:
    """The factor of the samples alone, ridge left out: by Cholesky where it may be and is safe."""
    if method in ("auto", "cholesky") and system.X.shape[0] >= system.P:
        gram, right = normal(system)
        found = _safe(gram, right)
        if found and (not system.penalty or _safe(gram + _squared(ridge_rows(system), system), right)):
            return found
    B = np.empty((len(system.X), system.P))
    for block in each_block(system):
        B[block.rows] = block.scaled(system.scaling)[0]
    step("QR", 4 * B.size * system.P)
    Q, R = _householder(B)
    return Factor(Q, R, Q.T @ scaled_targets(system)[: len(B)])


def of_all(system: System, samples: Factor, method: str) -> Factor:
    """The factor of all rows, those of ridge too, made of that of the samples in the way the method wants it."""
    if method == "cholesky":
        return _by_squares(system, samples)
    Q, R, right = samples.Q, samples.R, samples.right
    assert Q is not None
    if system.penalty:
        both, R = _householder(np.vstack([R, ridge_rows(system).scaled(system.scaling)[0]]))
        Q, right = np.vstack([Q @ both[: len(right)], both[len(right) :]]), both[: len(right)].T @ right
    if method == "qr":
        return Factor(Q, R, right)
    U, sigma, Vt = np.linalg.svd(R)
    return Factor(Q @ U, sigma[:, None] * Vt, U.T @ right)


def _by_squares(system: System, samples: Factor) -> Factor:
    if samples.Q is None:
        if not system.penalty:
            return samples
        gram = samples.R.T @ samples.R + _squared(ridge_rows(system), system)
        return _cholesky(gram, samples.R.T @ samples.right)
    factor = of_all(system, samples, "qr")
    if 8 * _EPS * factor.condition**2 > 0.5:
        condition = f"{factor.condition:.2g}"
        raise InputError(f"the condition number, {condition}, is too large to be squared by Cholesky; use qr, or auto.")
    return _cholesky(factor.R.T @ factor.R, factor.R.T @ factor.right)


def scaled_targets(system: System) -> Array:
    """Y as the factor sees it, zero in the rows of ridge."""
    Y = np.zeros((system.samples, system.Y.shape[1]))
    np.divide(system.Y, system.scaling.y, out=Y[: len(system.Y)])
    return Y if system.plain else Y * system.roots()


def normal(system: System) -> tuple[Array, Array]:
    """One pass: B^T B and B^T Y of the samples by blocks of rows, B = A T."""
    gram, right = (sum(each) for each in zip(*threads.each(partial(_normal, system), system.shares), strict=True))
    return gram, right


@np.errstate(all="ignore")  # each thread's own
def _normal(system: System, share: slice) -> tuple[Array, Array]:
    gram, right = np.zeros((system.P, system.P)), np.zeros((system.P, system.Y.shape[1]))
    for block in each_block(system, share, "normal equations"):
        B, Y = block.scaled(system.scaling)
        gram += B.T.dot(B)
        right += B.T.dot(Y)
    return gram, right


def _squared(block: Block, system: System) -> Array:
    B, _ = block.scaled(system.scaling)
    return B.T @ B


def _cholesky(gram: Array, right: Array, squares: Array | None = None) -> Factor:
    R = np.linalg.cholesky(gram).T
    if len(R) <= spectra.SMALL:
        return Factor(None, R, np.linalg.solve(R.T, right))
    inverse = spectra.inverse_of_triangle(R)
    found = Factor(None, R, inverse.T @ right, squares)
    vars(found)["inverse"] = inverse
    return found


def _householder(B: Array) -> tuple[Array, Array]:
    """Q, in the place of B where that is tall, and R.

    The rows are sorted by size where weights make it very different: else the large ones swamp the small.
    """
    size = np.maximum(B.max(axis=1), -B.min(axis=1))
    if size.max() < _ALIKE * size[size > 0].min(initial=np.inf):
        return _by_blocks(B)
    order = np.argsort(-size, kind="stable")
    sorted_Q, R = np.linalg.qr(B[order])
    Q = np.empty_like(sorted_Q)
    Q[order] = sorted_Q
    return Q, R


def _by_blocks(B: Array) -> tuple[Array, Array]:
    """Q and R by those of blocks of rows and of their factors, so that a tall B has room for Q and no other is made."""
    N, P = B.shape
    step = max(_ROWS * P, blocks.rows(8 * P, share=2))
    if _ROWS * step > N:
        Q, R = np.linalg.qr(B)
        return Q, R
    spans, factors = list(blocks.spans(N - N % step, step)), list[Array]()
    spans[-1] = slice(spans[-1].start, N)
    for rows in spans:
        B[rows], R = np.linalg.qr(B[rows])
        factors.append(R)
    Q, R = np.linalg.qr(np.vstack(factors))
    for k, rows in enumerate(spans):
        B[rows] = B[rows] @ Q[k * P : (k + 1) * P]
    return B, R


def _safe(gram: Array, right: Array) -> Factor | None:
    """The factor where the condition number, the columns brought to one length, is small enough to be squared."""
    length = np.sqrt(np.diag(gram))
    if not (length > 0).all():
        return None
    alike = gram / length / length[:, None]
    if len(gram) <= spectra.SMALL:
        values = np.linalg.eigvalsh(alike)
        return _cholesky(gram, right, values) if values[0] * CHOLESKY_SAFE**2 > values[-1] else None
    try:
        L = np.linalg.cholesky(alike)
    except np.linalg.LinAlgError:
        return None
    inverse = spectra.inverse_of_triangle(L.T)
    top, bottom = spectra.norm_of(alike), 1 / spectra.norm_of(inverse, inverse.T)
    if not bottom * CHOLESKY_SAFE**2 > top:
        return None
    inverse /= length[:, None]
    found = Factor(None, L.T * length, inverse.T @ right, np.repeat([bottom, top], [len(L) - 1, 1]))
    vars(found)["inverse"] = inverse
    return found
