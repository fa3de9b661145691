"""The functions that have a name: trace, determinant, norms, vec, means, the sigmoid."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable
from lrcore.verify.type import blocks
from lrcore.verify.type.arithmetic import entrywise
from lrcore.verify.type.scope import Scope


def call(scope: Scope, node: s.Call, want: c.Shape | None) -> c.Core:
    """A call of a function of the tables below, by its typed arguments."""
    if node.fn not in FUNCTIONS:
        raise Unreadable(f"What {node.fn} gives is not decided.", node.span)
    return FUNCTIONS[node.fn](scope, node)


def _arg(scope: Scope, node: s.Call) -> c.Core:
    return scope.type(node.args[0])


def _each(scope: Scope, node: s.Call) -> c.Core:
    arg = _arg(scope, node)
    return c.Apply(arg.shape, node.fn, arg)


def _square_arg(scope: Scope, node: s.Call, what: str) -> c.Core:
    arg = _arg(scope, node)
    if arg.shape[0] != arg.shape[1]:
        raise IllTyped(f"Only a square matrix has a {what}, and this is {c.shape_text(arg.shape)}.", node.span)
    return arg


def _tr(scope: Scope, node: s.Call) -> c.Core:
    return c.Trace(c.SCALAR, _square_arg(scope, node, "trace"))


def _det(scope: Scope, node: s.Call) -> c.Core:
    arg = _square_arg(scope, node, "determinant")
    return arg if arg.shape == c.SCALAR else c.Det(c.SCALAR, arg)


def _logdet(scope: Scope, node: s.Call) -> c.Core:
    return c.Apply(c.SCALAR, "log", _det(scope, node))


def _bars(scope: Scope, node: s.Call) -> c.Core:
    """``|A|``: an absolute value, a determinant or a norm, by the shape."""
    arg = _arg(scope, node)
    if arg.shape == c.SCALAR:
        return c.Apply(c.SCALAR, "abs", arg)
    return _det(scope, node) if arg.shape[0] == arg.shape[1] else _root(_norm2(scope, node))


def _vec(scope: Scope, node: s.Call) -> c.Core:
    arg = _arg(scope, node)
    return c.Vec((c.pair(arg.shape[1], arg.shape[0]), c.D1), arg)


def _rvec(scope: Scope, node: s.Call) -> c.Core:
    arg = _arg(scope, node)
    return c.Vec((c.pair(*arg.shape), c.D1), arg, by_rows=True)


def _diag(scope: Scope, node: s.Call) -> c.Core:
    arg = _arg(scope, node)
    if c.D1 in arg.shape:
        dim = arg.shape[0] if arg.shape[1] == c.D1 else arg.shape[1]
        return c.DiagOf((dim, dim), arg)
    if arg.shape[0] != arg.shape[1]:
        raise IllTyped(f"diag takes a vector or a square matrix, and this is {c.shape_text(arg.shape)}.", node.span)
    return c.DiagOf((arg.shape[0], c.D1), arg)


def _total(scope: Scope, node: s.Call) -> c.Core:
    return c.Total(c.SCALAR, _arg(scope, node))


def _mean(scope: Scope, node: s.Call) -> c.Core:
    arg = _arg(scope, node)
    count = c.SizeOf(c.SCALAR, arg.shape[0] * arg.shape[1])
    return c.Scale(c.SCALAR, c.Power(c.SCALAR, count, -1), c.Total(c.SCALAR, arg))


def _squares(arg: c.Core) -> c.Core:
    return c.Total(c.SCALAR, c.Entrywise(arg.shape, arg, arg))


def _root(core: c.Core) -> c.Core:
    return c.Apply(c.SCALAR, "sqrt", core)


def _normf2(scope: Scope, node: s.Call) -> c.Core:
    return _squares(_arg(scope, node))


def _norm2(scope: Scope, node: s.Call) -> c.Core:
    """Without a mark: Euclid's for a vector, and Frobenius's for a matrix, which is said."""
    arg = _arg(scope, node)
    if c.D1 not in arg.shape:
        scope.notes["the norm of a matrix is Frobenius's"] = None
    return _squares(arg)


def _norml22(scope: Scope, node: s.Call) -> c.Core:
    """With a 2 below: who differentiates the square of a matrix's norm means the sum of squares; that is said."""
    arg = _arg(scope, node)
    if c.D1 in arg.shape or not scope.derives:
        return _euclidean(arg, node)
    scope.notes["the norm of a matrix with a 2 below, differentiated here, is Frobenius's"] = None
    return _squares(arg)


def _norml2(scope: Scope, node: s.Call) -> c.Core:
    return _root(_euclidean(_arg(scope, node), node))


def _euclidean(arg: c.Core, node: s.Call) -> c.Core:
    if c.D1 not in arg.shape:
        raise Unreadable(
            f"This is {c.shape_text(arg.shape)}, and of a matrix the norm with a 2 below is the largest singular "
            "value (the spectral norm), which is not decided; the root of the sum of squares is \\|A\\|_F, or "
            "normf(A).",
            node.span,
        )
    return _squares(arg)


def _norml1(scope: Scope, node: s.Call) -> c.Core:
    arg = _arg(scope, node)
    if c.D1 not in arg.shape:
        raise Unreadable(
            f"This is {c.shape_text(arg.shape)}, and of a matrix the norm with a 1 below is the largest sum of a "
            "column to some and the sum of all absolute values to others; write the sum.",
            node.span,
        )
    return c.Total(c.SCALAR, c.Apply(arg.shape, "abs", arg))


def _inner(scope: Scope, node: s.Call) -> c.Core:
    left, right = (scope.type(arg) for arg in node.args)
    return c.Total(c.SCALAR, entrywise(left, right, node))


def _frobenius(scope: Scope, node: s.Call) -> c.Core:
    """``A : B``, which between numbers would be a ratio."""
    if all(scope.type(arg).shape == c.SCALAR for arg in node.args):
        raise Unreadable("Between numbers a colon is a ratio to some; write a fraction or a product.", node.span)
    return _inner(scope, node)


def _sigmoid(scope: Scope, node: s.Call) -> c.Core:
    return _logistic(_arg(scope, node))


def _logistic(arg: c.Core) -> c.Core:
    minus = c.Scale(arg.shape, c.Const(c.SCALAR, Fraction(-1)), arg)
    return c.Power(arg.shape, c.Plus(arg.shape, (blocks.ones(arg.shape), c.Apply(arg.shape, "exp", minus))), -1)


def _tanh(scope: Scope, node: s.Call) -> c.Core:
    """tanh z = 2 sigmoid(2 z) - 1"""
    arg, two, minus = _arg(scope, node), c.Const(c.SCALAR, Fraction(2)), c.Const(c.SCALAR, Fraction(-1))
    shape = arg.shape
    twice = c.Scale(shape, two, _logistic(c.Scale(shape, two, arg)))
    return c.Plus(shape, (twice, c.Scale(shape, minus, blocks.ones(shape))))


def _missing_d(scope: Scope, node: s.Call) -> c.Core:
    raise IllTyped(
        "A d is missing: a derivative needs d or \\partial above and below, and one of them stands here without it.",
        node.span,
    )


FUNCTIONS: dict[str, Callable[[Scope, s.Call], c.Core]] = {
    **dict.fromkeys(("exp", "log", "sqrt", "abs"), _each),
    "tr": _tr,
    "det": _det,
    "logdet": _logdet,
    "bars": _bars,
    "vec": _vec,
    "rvec": _rvec,
    "diag": _diag,
    "total": _total,
    "mean": _mean,
    "norm": lambda scope, node: _root(_norm2(scope, node)),
    "norm2": _norm2,
    "normf": lambda scope, node: _root(_normf2(scope, node)),
    "normf2": _normf2,
    "norml1": _norml1,
    "norml2": _norml2,
    "norml22": _norml22,
    "inner": _inner,
    "frobenius": _frobenius,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "missing_d": _missing_d,
}
