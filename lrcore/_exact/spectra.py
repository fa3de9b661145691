"""Rank, singular values and lengths of columns, whatever the units of the columns are."""

import numpy as np

from lrcore.shapes import Array, in_range

#: So many columns LAPACK inverts, whatever the shape of a matrix, before anybody notices.
SMALL = 64
_POWERS = 8  # steps of a norm


def count_clear(sigma: Array, size: int) -> int:
    """How many singular values of a matrix with this larger side are not rounding errors; none, where all are zero."""
    return int((sigma > size * np.finfo(sigma.dtype).eps * sigma[:1]).sum())


def spectrum(A: Array) -> tuple[int, Array]:
    """Rank, judged with columns of equal length, so that units do not matter; and the singular values of A as it is."""
    in_range("the length of a column of X", lengths_of(A))
    R = np.asarray(np.linalg.qr(A, mode="r"))
    return rank_of(R, max(A.shape)), singular_values(R)


def rank_of(R: Array, size: int) -> int:
    """The rank of a matrix whose larger side is ``size``, from its factor R."""
    return count_clear(of_equal_columns(R), size)


def of_equal_columns(R: Array) -> Array:
    """Singular values of R with its columns brought to one length."""
    lengths = lengths_of(R)
    in_range("the length of a column of X", lengths)
    return np.linalg.svd(R / np.where(lengths > 0, lengths, 1), compute_uv=False)


def singular_values(R: Array) -> Array:
    """Singular values of R as it is, or one sentence where they are beyond a float."""
    in_range("the length of a column of X", lengths_of(R))
    return np.linalg.svd(R, compute_uv=False)


def lengths_of(A: Array) -> Array:
    """2-norms of the columns, also where the squares of the entries would overflow or vanish."""
    largest = np.abs(A).max(axis=0, initial=0)
    with np.errstate(over="ignore", invalid="ignore"):
        return largest * np.linalg.norm(A / np.where(largest > 0, largest, 1), axis=0)


def norm_of(*factors: Array) -> float:
    """Nearly the largest singular value of a product that is symmetric: powers of it on a random direction."""
    v = np.random.default_rng(0).normal(size=len(factors[0]))
    for _ in range(_POWERS):
        v /= np.linalg.norm(v)
        for factor in reversed(factors):
            v = factor @ v
    return float(np.linalg.norm(v))


def inverse_of_triangle(R: Array) -> Array:
    """R^-1 of an upper triangle, by halves, so that nearly all of the work is products."""
    P = len(R)
    if P <= SMALL:
        return np.linalg.solve(R, np.eye(P))
    half, inverse = P // 2, np.zeros((P, P))
    inverse[:half, :half] = inverse_of_triangle(R[:half, :half])
    inverse[half:, half:] = inverse_of_triangle(R[half:, half:])
    inverse[:half, half:] = -inverse[:half, :half] @ R[:half, half:] @ inverse[half:, half:]
    return inverse
