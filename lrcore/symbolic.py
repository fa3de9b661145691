r"""Checking a derivation with sympy, entry by entry, at sizes that tell a lost factor and a transpose apart.

Matrices are written out in symbols, so that every derivative is an ordinary partial derivative and equality is
``expand(lhs - rhs) == 0``. Take N, M, D pairwise different and N at least 3: at N = 2 a lost 2/N is invisible.
"""

import sys
from collections.abc import Callable
from typing import Any

import sympy as sp

Expression = Any


def matrix(name: str, rows: int, columns: int = 1) -> sp.Matrix:
    """A rows x columns matrix of real symbols ``name[i,k]``, counted from 1; a single column is ``name[i]``."""
    if columns == 1:
        return sp.Matrix(rows, 1, lambda i, _: sp.Symbol(f"{name}_{i + 1}", real=True))
    between = "" if max(rows, columns) < 10 else ","  # else X_111 would be two entries
    return sp.Matrix(rows, columns, lambda i, k: sp.Symbol(f"{name}_{i + 1}{between}{k + 1}", real=True))


def derivative(f: Expression, W: Expression) -> Expression:
    """Derivative of a number f by a symbol, or by every entry of a matrix W; it has the shape of W."""
    f = scalar(f)
    return W.applyfunc(lambda entry: sp.diff(f, entry)) if isinstance(W, sp.MatrixBase) else sp.diff(f, W)


def jacobian(y: sp.Matrix, w: sp.Matrix) -> sp.Matrix:
    """A row per entry of the column y, a column per entry of the column w."""
    return sp.Matrix(len(y), len(w), lambda i, k: sp.diff(y[i], w[k]))


def differential(f: Callable[[Expression], Expression], W: Expression, dW: Expression) -> Expression:
    """The differential of f at W in the direction dW: the derivative of f(W + t dW) by t, at t = 0."""
    t = sp.Symbol("t", real=True)
    moved = f(W + t * dW)
    return moved.diff(t).subs(t, 0) if isinstance(moved, sp.MatrixBase) else sp.diff(moved, t).subs(t, 0)


def vec(A: sp.Matrix) -> sp.Matrix:
    """The columns of A, one below the other."""
    return A.T.reshape(len(A), 1)


def scalar(f: Expression) -> Expression:
    """A number, also where it came as a 1 x 1 matrix."""
    return f[0, 0] if isinstance(f, sp.MatrixBase) and f.shape == (1, 1) else f


def holds(label: str, *sides: Expression) -> None:
    """Assert that all sides of the equation with this label are equal, and say so, in a notebook once a cell.

    Raises
    ------
    AssertionError
        naming the label, which = failed, and the difference.
    """
    if len(sides) < 2:
        raise AssertionError(f"{label}: an equation has two sides at least")
    first, *others = (scalar(sp.sympify(side, strict=True)) for side in sides)
    for number, side in enumerate(others, start=1):
        shapes = getattr(first, "shape", ()), getattr(side, "shape", ())
        if shapes[0] != shapes[1]:
            raise AssertionError(f"{label}: {_which(number, sides)} compares shapes {shapes[0]} and {shapes[1]}")
        gap = first - side
        gap = gap.applyfunc(sp.expand) if isinstance(gap, sp.MatrixBase) else sp.expand(gap)
        if any(entry != 0 for entry in (gap if shapes[0] else [gap])):
            raise AssertionError(f"{label}: {_which(number, sides)} does not hold; the difference is {gap}")
    if _first_in_its_cell(label):
        print(f"{label}: holds, entry by entry")


def _which(number: int, sides: tuple[Any, ...]) -> str:
    return "the equation" if len(sides) == 2 else f"equals sign {number}"


_said: set[tuple[int, str]] = set()


def _first_in_its_cell(label: str) -> bool:
    """An equation that a loop asserts for each index is named once in the output of its cell."""
    shell = IPython.get_ipython() if (IPython := sys.modules.get("IPython")) else None
    if shell is None:
        return True
    cell = (shell.execution_count, label)
    first = cell not in _said
    _said.add(cell)
    return first
