"""Two layers, through which values go forward and gradients come back, one edge at a time."""

from typing import Any

import numpy as np
import traitlets as t

from lrcore.errors import ShapeError
from lrcore.gradients import layer_backward
from lrcore.shapes import Array, count, inputs, real, targets
from lrcore.widgets.control import Control

EDGES = 10  # four forward, six back


class Backpropagation(Control):
    r"""The network :math:`\tanh(X W_1 + 1 b_1) W_2 + 1 b_2` as a graph: values go down, gradients up, edge by edge.

    The trait ``step`` follows the page, and can be set: how many of the edges have been walked, four forward, then six
    back. The matrices stand on the graph, so give small ones.

    Parameters
    ----------
    X : (N, M) array      Y : (N, D) array
    W1, b1 : (M, P) and (P,) arrays      W2, b2 : (P, D) and (D,) arrays

    Raises
    ------
    ShapeError
        the shapes do not fit together.

    Used in the chapter *From here to backpropagation*.
    """

    _module = "network"
    _height = 46
    X: Any = t.List().tag(sync=True)
    Y: Any = t.List().tag(sync=True)
    W1: Any = t.List().tag(sync=True)
    b1: Any = t.List().tag(sync=True)
    W2: Any = t.List().tag(sync=True)
    b2: Any = t.List().tag(sync=True)
    step = t.Int(0).tag(sync=True)

    def __init__(self, X: Any, Y: Any, W1: Any, b1: Any, W2: Any, b2: Any, *, step: int = 0) -> None:
        X = inputs(X)
        given = {"X": X, "Y": targets(X, Y)} | {
            name: real(name, one) for name, one in (("W1", W1), ("b1", b1), ("W2", W2), ("b2", b2))
        }
        _fit_together({name: one.shape for name, one in given.items()})
        super().__init__(step=step, **{name: one.tolist() for name, one in given.items()})

    @property
    def values(self) -> dict[str, Array]:
        """What stands on the graph when all edges have been walked; ``dH`` is the gradient at H, and so on."""
        X, Y, W1, b1, W2, b2 = (np.array(getattr(self, name)) for name in ("X", "Y", "W1", "b1", "W2", "b2"))
        A = X @ W1 + b1
        H = np.tanh(A)
        Y_hat = H @ W2 + b2
        G = 2 / len(X) * (Y_hat - Y)
        dH, dW2, db2 = layer_backward(G, H, W2)
        dA = dH * (1 - H * H)
        dX, dW1, db1 = layer_backward(dA, X, W1)
        L = ((Y_hat - Y) ** 2).sum() / len(X)
        found = {"A": A, "H": H, "Y_hat": Y_hat, "L": L, "G": G, "dW2": dW2, "db2": db2}
        return found | {"dH": dH, "dA": dA, "dW1": dW1, "db1": db1, "dX": dX}

    def said(self) -> str:
        """The loss, and the gradient with respect to the first weights, which comes last."""
        found = self.values
        rows = "; ".join(" ".join(f"{one:.3g}" for one in row) for row in found["dW1"])
        return f"Forward, the loss is {found['L']:.4g}; back, the gradient with respect to W1 is [{rows}], row by row."

    @t.validate("step")
    def _step(self, proposal: Any) -> int:
        return min(count("step", proposal["value"], least=0), EDGES)


def _fit_together(shapes: dict[str, tuple[int, ...]]) -> None:
    """Refuse shapes that make no network of two layers."""
    if len(shapes["W1"]) == len(shapes["W2"]) == 2:
        (N, M), P, D = shapes["X"], shapes["W1"][1], shapes["W2"][1]
        wanted = {"X": (N, M), "Y": (N, D), "W1": (M, P), "b1": (P,), "W2": (P, D), "b2": (D,)}
        if shapes == wanted:
            return
    given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
    expected = "X (N, M), Y (N, D), W1 (M, P), b1 (P,), W2 (P, D), b2 (D,)"
    raise ShapeError(f"The shapes are {given}, but {expected} are expected.")
