"""Products and Jacobians that one takes apart with the hand."""

from typing import Any

import numpy as np
import traitlets as t

from lrcore.errors import InputError, ShapeError
from lrcore.gradients import jacobian_tensor
from lrcore.losses import CONVENTIONS, residual, scale
from lrcore.shapes import Array, count, inputs, one_of, problem, real
from lrcore.widgets.control import Control


class GradientDissector(Control):
    r"""The gradient :math:`c\, X^\top R` as a picture: choose an entry, see which row meets which column.

    The traits ``entry`` (k, j) and ``convention`` follow the page, and can be set.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array
    W, b : the weights at which the gradient is taken; by default zeros

    Used in the chapter *Many outputs*.
    """

    _module = "dissector"
    _height = 24
    X: Any = t.List().tag(sync=True)
    R: Any = t.List().tag(sync=True)
    entry: Any = t.List([0, 0]).tag(sync=True)
    convention = t.Unicode("mean").tag(sync=True)

    def __init__(self, X: Any, Y: Any, W: Any = None, b: Any = 0.0, *, convention: str = "mean") -> None:
        X = inputs(X)
        W = np.zeros((X.shape[1], *np.shape(Y)[1:])) if W is None else W
        given = problem(X, Y, W, b)
        R = residual(given.X, given.Y, given.W, given.b).reshape(len(X), -1)
        super().__init__(X=given.X.tolist(), R=R.tolist(), convention=convention)

    @property
    def gradient(self) -> Array:
        """The gradient under the current convention, (M, D)."""
        R = np.array(self.R)
        return scale(self.convention, R.shape) * (np.array(self.X).T @ R)

    def said(self) -> str:
        """The chosen entry."""
        k, j = self.entry
        return (
            f"Row {k + 1} of X^T times column {j + 1} of R: entry ({k + 1}, {j + 1}) of the gradient is "
            f"{self.gradient[k, j]:.4g}."
        )

    @t.validate("entry")
    def _entry(self, proposal: Any) -> list[int]:
        return _within("entry", proposal["value"], (len(self.X[0]), len(self.R[0])))

    @t.validate("convention")
    def _convention(self, proposal: Any) -> str:
        return one_of("convention", proposal["value"], CONVENTIONS)


class JacobianExplorer(Control):
    r"""The tensor :math:`\partial \hat Y_{ij}/\partial W_{kl} = X_{ik}\,\delta_{jl}` as blocks and in two flat forms.

    The trait ``index`` (i, j, k, l), counted from 0, follows the page, and can be set.

    Parameters
    ----------
    X : (N, M) array      D : number of outputs

    Used in the chapter *Many outputs*.
    """

    _module = "explorer"
    _height = 24
    X: Any = t.List().tag(sync=True)
    D = t.Int(1).tag(sync=True)
    index: Any = t.List([0, 0, 0, 0]).tag(sync=True)

    def __init__(self, X: Any, D: int) -> None:
        super().__init__(X=inputs(X).tolist(), D=count("D", D))

    def said(self) -> str:
        """The chosen entry."""
        i, j, k, l = self.index  # noqa: E741
        entry = jacobian_tensor(self.X, self.D)[i, j, k, l]
        return f"Prediction {i + 1} of output {j + 1}, weight {k + 1} of output {l + 1}: the derivative is {entry:.4g}."

    @t.validate("index")
    def _index(self, proposal: Any) -> list[int]:
        return _within("index", proposal["value"], (len(self.X), self.D, len(self.X[0]), self.D))


class Product(Control):
    r"""The product :math:`AB` and below it :math:`B^\top A^\top`: choose an entry, see which row meets which column.

    The trait ``entry`` (i, j) of the product follows the page, and can be set.

    Parameters
    ----------
    A : (N, M) array      B : (M, D) array

    Used in *A refresher*.
    """

    _module = "product"
    _height = 26
    A: Any = t.List().tag(sync=True)
    B: Any = t.List().tag(sync=True)
    entry: Any = t.List([0, 0]).tag(sync=True)

    def __init__(self, A: Any, B: Any) -> None:
        A, B = real("A", A), real("B", B)
        if A.ndim != 2 or B.ndim != 2 or A.shape[1] != len(B):
            raise ShapeError(f"A has shape {A.shape} and B {B.shape}, but (N, M) and (M, D) are expected.")
        super().__init__(A=A.tolist(), B=B.tolist())

    def said(self) -> str:
        """The chosen entry."""
        i, j = self.entry
        found = (np.array(self.A) @ np.array(self.B))[i, j]
        return f"Row {i + 1} of A times column {j + 1} of B: entry ({i + 1}, {j + 1}) of AB is {found:.4g}."

    @t.validate("entry")
    def _entry(self, proposal: Any) -> list[int]:
        return _within("entry", proposal["value"], (len(self.A), len(self.B[0])))


class RowByRow(Control):
    r"""The rows of X, each times its residual, added one by one, and the product :math:`X^\top r` that this is.

    The trait ``step`` follows the page, and can be set: after ``step`` rows, and after all of them, at ``N + 1``, the
    product.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) array
    w, b : the weights and the bias at which the residuals are taken

    Used in the chapter *N samples*.
    """

    _module = "rows"
    _height = 25
    X: Any = t.List().tag(sync=True)
    r: Any = t.List().tag(sync=True)
    step = t.Int(0).tag(sync=True)

    def __init__(self, X: Any, Y: Any, w: Any, b: Any = 0.0) -> None:
        given = problem(X, Y, w, b)
        if given.Y.ndim != 1:
            raise ShapeError(f"Y has shape {given.Y.shape}, but (N,) is expected: one output.")
        r = residual(given.X, given.Y, given.W, given.b)
        super().__init__(X=given.X.tolist(), r=r.tolist(), step=len(r) + 1)

    @property
    def sums(self) -> Array:
        r"""What :math:`\sum_i r_i x_i` is after each row, (N + 1, M)."""
        terms = np.array(self.r)[:, None] * np.array(self.X)
        return np.vstack([np.zeros(terms.shape[1]), np.cumsum(terms, axis=0)])

    def said(self) -> str:
        """The product."""
        entries = ", ".join(f"{entry:.4g}" for entry in self.sums[-1])
        return f"The rows of X, each times its residual, add up to X^T r = ({entries})."

    @t.validate("step")
    def _step(self, proposal: Any) -> int:
        most = len(self.r) + 1 if self.r else proposal["value"]
        return min(count("step", proposal["value"], least=0), most)


def _within(name: str, given: Any, shape: tuple[int, ...]) -> list[int]:
    """Read one index for each axis of ``shape``."""
    whole = [isinstance(part, int | np.integer) and not isinstance(part, bool) for part in given]
    if len(given) != len(shape) or not all(whole) or not all(0 <= part < size for part, size in zip(given, shape)):
        raise InputError(f"{name} is {list(given)}, but one index each below {shape} is expected.")
    return [int(part) for part in given]
