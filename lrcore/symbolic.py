r"""Checking a derivation with sympy, entry by entry, at sizes that tell a lost factor and a transpose apart.

Matrices are written out in symbols, so that every derivative is an ordinary partial derivative and equality is
``expand(lhs - rhs) == 0``. Take N, M, D pairwise different and N at least 3: at N = 2 a lost 2/N is invisible.
"""

from collections.abc import Callable
from typing import Any

import sympy as sp

from lrcore._printed.book import Printed, labelled
from lrcore._printed.refusals import Undecided
from lrcore._printed.showing import Shown
from lrcore._printed.verifying import verify

Expression = Any


def matrix(name: str, rows: int, columns: int = 1) -> sp.Matrix:
    """A rows x columns matrix of real symbols ``name[i,k]``, counted from 1; a single column is ``name[i]``."""
    if columns == 1:
        return sp.Matrix(rows, 1, lambda i, _: sp.Symbol(f"{name}_{i + 1}", real=True))
    between = "" if max(rows, columns) < 10 else ","  # else X_111 would be two entries
    return sp.Matrix(rows, columns, lambda i, k: sp.Symbol(f"{name}_{i + 1}{between}{k + 1}", real=True))


def derivative(f: Expression, W: Expression) -> Expression:
    """Derivative of a number f with respect to a symbol, or to every entry of a matrix W; it has the shape of W."""
    f = scalar(f)
    return W.applyfunc(lambda entry: sp.diff(f, entry)) if isinstance(W, sp.MatrixBase) else sp.diff(f, W)


def jacobian(y: sp.Matrix, w: sp.Matrix) -> sp.Matrix:
    """A row per entry of the column y, a column per entry of the column w."""
    return sp.Matrix(len(y), len(w), lambda i, k: sp.diff(y[i], w[k]))


def differential(f: Callable[[Expression], Expression], W: Expression, dW: Expression) -> Expression:
    """The differential of f at W in the direction dW: the derivative of f(W + t dW) with respect to t, at t = 0."""
    t = sp.Symbol("t", real=True)
    moved = f(W + t * dW)
    return moved.diff(t).subs(t, 0) if isinstance(moved, sp.MatrixBase) else sp.diff(moved, t).subs(t, 0)


def vec(A: sp.Matrix) -> sp.Matrix:
    """The columns of A, one below the other."""
    return A.T.reshape(len(A), 1)


def scalar(f: Expression) -> Expression:
    """A number, also where it came as a 1 x 1 matrix."""
    return f[0, 0] if isinstance(f, sp.MatrixBase) and f.shape == (1, 1) else f


def agree(*sides: Expression) -> None:
    """Assert that expressions of your own are equal, entry by entry.

    Raises
    ------
    AssertionError
        saying which = failed, and the difference.
    """
    if len(sides) < 2:
        raise AssertionError("an equation has two sides at least")
    first, *others = (scalar(sp.sympify(side, strict=True)) for side in sides)
    for number, side in enumerate(others, start=1):
        which = "the equation" if len(sides) == 2 else f"equals sign {number}"
        shapes = getattr(first, "shape", ()), getattr(side, "shape", ())
        if shapes[0] != shapes[1]:
            raise AssertionError(f"{which} compares shapes {shapes[0]} and {shapes[1]}")
        gap = first - side
        gap = gap.applyfunc(sp.expand) if isinstance(gap, sp.MatrixBase) else sp.expand(gap)
        if any(entry != 0 for entry in (gap if shapes[0] else [gap])):
            raise AssertionError(f"{which} does not hold; the difference is {gap}")


def holds(*equations: str, page: str = "", **sizes: int) -> Shown:
    r"""Verify equations of the book as they are printed, each named by its label, and show what sympy has for them.

    The printed LaTeX is read and written out in symbols, matrices entry by entry, at sizes that differ; derivatives are
    sympy's own. What is defined above the equation is used; with \implies the one is derived from the other. With
    ``page`` (the chapter's name) the equations are your own, in the letters of that chapter. Other sizes may be given,
    as ``M=3``.

    >>> holds("ref-transpose")
    (3) ref-transpose holds, entry by entry, at N = 3, M = 2, D = 4.

    Raises
    ------
    AssertionError
        where an equation does not hold (with the entries that differ), where sympy can't tell, where there is nothing
        to verify, and where no equation has that label.
    TypeError
        where something else than texts is given: what is compared is what is printed.
    """
    if not equations or not all(isinstance(one, str) for one in (*equations, page)):
        raise TypeError(
            'Name equations by their labels: holds("n-chain"). To compare expressions, use agree(left, right).'
        )
    if not all(one.strip() for one in equations):
        raise Undecided('Name an equation by its label, as in holds("n-chain"); the text that was given is empty.')
    printed = [Printed(one, page) if page else labelled(one) for one in equations]
    return Shown([verify(one, sizes) for one in printed])
