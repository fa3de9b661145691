"""Rank, singular values and lengths of columns, whatever the units of the columns are."""

import numpy as np

from lrcore.shapes import Array, in_range


def count_clear(sigma: Array, size: int) -> int:
    """How many singular values of a matrix with this larger side are not rounding errors; none, where all are zero."""
    return int((sigma > size * np.finfo(sigma.dtype).eps * sigma[0]).sum())


def spectrum(A: Array) -> tuple[int, Array]:
    """Rank, judged with columns of equal length, so that units do not matter; and the singular values of A as it is."""
    in_range("the length of a column of X", lengths_of(A))
    return of_factor(np.asarray(np.linalg.qr(A, mode="r")), max(A.shape))


def of_factor(R: Array, size: int) -> tuple[int, Array]:
    """:func:`spectrum` of a matrix whose larger side is ``size``, from its factor R."""
    lengths = lengths_of(R)
    in_range("the length of a column of X", lengths)
    if not lengths.any():
        return 0, np.zeros(min(R.shape))
    equal = np.linalg.svd(R / np.where(lengths > 0, lengths, 1), compute_uv=False)
    return count_clear(equal, size), np.linalg.svd(R, compute_uv=False)


def lengths_of(A: Array) -> Array:
    """2-norms of the columns, also where the squares of the entries would overflow or vanish."""
    largest = np.abs(A).max(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        return largest * np.linalg.norm(A / np.where(largest > 0, largest, 1), axis=0)
