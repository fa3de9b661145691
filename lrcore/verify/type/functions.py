"""The functions that have a name: trace, determinant, norms, vec, means, the sigmoid."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable
from lrcore.verify.terms.names import latex, make_key, split_key
from lrcore.verify.type.arithmetic import entrywise, must_be_columns
from lrcore.verify.type.blocks import ones
from lrcore.verify.type.scope import Scope


def call(scope: Scope, node: s.Call, want: c.Shape | None) -> c.Core:
    """A call of a function of the table below, given its first argument with its type."""
    if node.fn == "missing_d":
        raise IllTyped(
            "A d is missing: a derivative needs d or \\partial above and below, "
            "and one of them stands here without it.",
            node.span,
        )
    if node.fn == "overline":
        return _mean_of_products(scope, node)
    if node.fn not in FUNCTIONS:
        raise Unreadable(f"What {node.fn} gives is not decided.", node.span)
    arg = _typed_by_entries(scope, node.args[0]) if node.fn == "diag" else scope.type(node.args[0])
    return FUNCTIONS[node.fn](scope, node, arg)


def _typed_by_entries(scope: Scope, node: s.Node) -> c.Core:
    """What stands on a diagonal; products of columns, which have no meaning as matrices, are taken entry by entry."""
    try:
        return scope.type(node)
    except IllTyped as error:
        before, scope.by_entries = scope.by_entries, True
        try:
            found = scope.type(_by_entries(scope, node))
        except IllTyped:
            raise error from None
        finally:
            scope.by_entries = before
        scope.notes["a product of columns on a diagonal is taken entry by entry"] = None
        return found


def _by_entries(scope: Scope, node: s.Node) -> s.Node:
    if not isinstance(node, s.Mul):
        return node
    columns = [one for one in node.factors if not isinstance(one, s.Num)]
    numbers = [one for one in node.factors if isinstance(one, s.Num)]
    product = reduce(lambda left, right: s.Had(left, right, span=node.span), columns)
    return s.Mul((*numbers, product), span=node.span) if numbers else product


def _each(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    return c.Apply(arg.shape, node.fn, arg)


def _square(arg: c.Core, node: s.Call, what: str) -> c.Core:
    if arg.shape[0] != arg.shape[1]:
        raise IllTyped(f"Only a square matrix has a {what}, and this is {c.shape_text(arg.shape)}.", node.span)
    return arg


def _tr(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    return c.Trace(c.SCALAR, _square(arg, node, "trace"))


def _det(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    return arg if arg.shape == c.SCALAR else c.Det(c.SCALAR, _square(arg, node, "determinant"))


def _bars(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """``|A|``: an absolute value, a determinant or a norm, by the shape."""
    if arg.shape == c.SCALAR:
        return c.Apply(c.SCALAR, "abs", arg)
    return _det(scope, node, arg) if arg.shape[0] == arg.shape[1] else _root(_norm2(scope, node, arg))


def _vec(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    by_rows = node.fn == "rvec"
    return c.Vec((c.pair(*(arg.shape if by_rows else arg.shape[::-1])), c.D1), arg, by_rows)


def _diag(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    rows, cols = arg.shape
    if c.D1 in arg.shape:
        dim = rows if cols == c.D1 else cols
        return c.DiagOf((dim, dim), arg)
    if rows != cols:
        raise IllTyped(f"diag takes a vector or a square matrix, and this is {c.shape_text(arg.shape)}.", node.span)
    return c.DiagOf((rows, c.D1), arg)


def _mean(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    count = c.SizeOf(c.SCALAR, arg.shape[0] * arg.shape[1])
    return c.Scale(c.SCALAR, c.Power(c.SCALAR, count, -1), c.Total(c.SCALAR, arg))


def _mean_of_products(scope: Scope, node: s.Call) -> c.Core:
    r"""``\overline{xy}``: the mean of the products of the entries of columns."""
    (inner,) = node.args
    squared = isinstance(inner, s.Pow)
    written = (
        inner.factors if isinstance(inner, s.Mul) else (inner.base, inner.base) if isinstance(inner, s.Pow) else ()
    )
    typed = [scope.type(one) for one in written]
    if not typed or any(one.shape[1] != c.D1 or one.shape == c.SCALAR for one in typed):
        raise Unreadable("A bar stands over one name, or over a product of columns for its mean.", node.span)
    one, other = typed[0], typed[0] if squared else typed[1]
    return _mean(scope, node, entrywise(one, other, node))


def _squares(arg: c.Core) -> c.Core:
    return c.Total(c.SCALAR, c.Entrywise(arg.shape, arg, arg))


def _root(core: c.Core) -> c.Core:
    return c.Apply(c.SCALAR, "sqrt", core)


def _norm2(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """Without a mark: Euclid's for a vector, and Frobenius's for a matrix, which is said."""
    if c.D1 not in arg.shape:
        scope.notes["the norm of a matrix is Frobenius's"] = None
    return _squares(arg)


def _norml22(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """With a 2 below: who differentiates the square of a matrix's norm means the sum of squares; that is said."""
    if c.D1 in arg.shape or not scope.derives:
        return _euclidean(node, arg)
    scope.notes["the norm of a matrix with a 2 below, differentiated here, is Frobenius's"] = None
    return _squares(arg)


def _euclidean(node: s.Call, arg: c.Core) -> c.Core:
    if c.D1 not in arg.shape:
        raise Unreadable(
            f"This is {c.shape_text(arg.shape)}, and of a matrix the norm with a 2 below is the largest singular "
            "value (the spectral norm), which is not decided; the root of the sum of squares is \\|A\\|_F, or "
            "normf(A).",
            node.span,
        )
    return _squares(arg)


def _norml1(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    if c.D1 not in arg.shape:
        raise Unreadable(
            f"This is {c.shape_text(arg.shape)}, and of a matrix the norm with a 1 below is the largest sum of a "
            "column to some and the sum of all absolute values to others; write the sum.",
            node.span,
        )
    return c.Total(c.SCALAR, c.Apply(arg.shape, "abs", arg))


def _inner(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """``inner(A, B)`` and ``A : B``; a colon between numbers would be a ratio."""
    other = scope.type(node.args[1])
    if node.columns:
        must_be_columns("inner", (arg, other), node)
    if node.fn == "frobenius" and arg.shape == other.shape == c.SCALAR:
        raise Unreadable("Between numbers a colon is a ratio to some; write a fraction or a product.", node.span)
    return c.Total(c.SCALAR, entrywise(arg, other, node))


def _logistic(arg: c.Core) -> c.Core:
    minus = c.Scale(arg.shape, c.Const(c.SCALAR, Fraction(-1)), arg)
    return c.Power(arg.shape, c.Plus(arg.shape, (ones(arg.shape), c.Apply(arg.shape, "exp", minus))), -1)


def _tanh(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """tanh z = 2 sigmoid(2 z) - 1"""
    two, minus, shape = c.Const(c.SCALAR, Fraction(2)), c.Const(c.SCALAR, Fraction(-1)), arg.shape
    twice = c.Scale(shape, two, _logistic(c.Scale(shape, two, arg)))
    return c.Plus(shape, (twice, c.Scale(shape, minus, ones(shape))))


def _half_of_exponentials(arg: c.Core, sign: int) -> c.Core:
    """(exp z + exp(-z)) / 2 is cosh z, with a minus between sinh z."""
    half, other, shape = c.Const(c.SCALAR, Fraction(1, 2)), c.Const(c.SCALAR, Fraction(sign)), arg.shape
    minus = c.Scale(shape, c.Const(c.SCALAR, Fraction(-1)), arg)
    back = c.Scale(shape, other, c.Apply(shape, "exp", minus))
    return c.Scale(shape, half, c.Plus(shape, (c.Apply(shape, "exp", arg), back)))


def _softmax(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """exp z over its sum; of a matrix, over the sum of its row or column, where the text says which"""
    if c.D1 not in arg.shape and scope.context.samples:
        return _softmax_of_each(scope, arg, scope.context.samples)
    if c.D1 not in arg.shape or arg.shape == c.SCALAR:
        raise Unreadable(
            f"This is {c.shape_text(arg.shape)}; softmax is read of a column or a row, for one sample.", node.span
        )
    exponentials = c.Apply(arg.shape, "exp", arg)
    return c.Scale(arg.shape, c.Power(c.SCALAR, c.Total(c.SCALAR, exponentials), -1), exponentials)


def _softmax_of_each(scope: Scope, arg: c.Core, samples: str) -> c.Core:
    """The softmax of each row, or of each column, of a matrix."""
    rows, cols = arg.shape
    scope.notes[f"softmax is taken of each {samples.removesuffix('s')}"] = None
    exponentials = c.Apply(arg.shape, "exp", arg)
    along = ones((cols, cols)) if samples == "rows" else ones((rows, rows))
    pair = (exponentials, along) if samples == "rows" else (along, exponentials)
    return c.Entrywise(arg.shape, exponentials, c.Power(arg.shape, c.Times(arg.shape, *pair), -1))


def _relu(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """max(0, z) = (z + |z|) / 2"""
    half = c.Const(c.SCALAR, Fraction(1, 2))
    return c.Scale(arg.shape, half, c.Plus(arg.shape, (arg, c.Apply(arg.shape, "abs", arg))))


def _sign(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """z / |z|, where z is not zero"""
    below = c.Power(arg.shape, c.Apply(arg.shape, "abs", arg), -1)
    return c.Times(c.SCALAR, arg, below) if arg.shape == c.SCALAR else c.Entrywise(arg.shape, arg, below)


def _step(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """1 where z is positive, else 0: (1 + sign z) / 2"""
    half = c.Const(c.SCALAR, Fraction(1, 2))
    return c.Scale(arg.shape, half, c.Plus(arg.shape, (ones(arg.shape), _sign(scope, node, arg))))


def _larger(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    r"""``\max(0, z)``"""
    return _relu(scope, node, scope.type(node.args[1]) if s.is_zero(node.args[0]) else arg)


OUTCOMES = c.size("outcomes")


def _expectation(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """The mean over equally likely outcomes, of which there may be any number: what holds for the moments of all such
    holds for all distributions that have these moments.
    """
    random = [one for one in c.everything(arg) if isinstance(one, c.Var) and one.name in scope.context.random]
    if not random:
        return arg
    if any(isinstance(one, (c.Partial, c.Differential)) for one in c.everything(arg)):
        raise Unreadable("An expectation of a derivative is not read.", node.span)
    names = sorted(scope.context.random)
    scope.notes[f"{' and '.join(map(latex, names))} {'is' if len(names) == 1 else 'are'} random, the rest is not"] = (
        None
    )
    at = c.IVar("outcome", OUTCOMES)
    shapes = {one.name: one.shape for one in random}
    values = tuple((name, _outcome(name, shape, at, node)) for name, shape in shapes.items())
    body = c.With(arg.shape, arg, values)
    share = c.Power(c.SCALAR, c.SizeOf(c.SCALAR, OUTCOMES), -1)
    return c.Scale(arg.shape, share, c.SumOver(arg.shape, at, body))


def _outcome(name: str, shape: c.Shape, at: c.IVar, node: s.Call) -> c.Core:
    """The value of something random at one outcome."""
    base, accents, sub, _ = split_key(name)
    every = make_key(base, accents, sub, "outcomes")
    if shape == c.SCALAR:
        return c.Pick(c.SCALAR, c.Var((OUTCOMES, c.D1), every), at, None)
    if shape[1] != c.D1:
        raise Unreadable(f"{latex(name)} is a matrix; an expectation is taken over numbers and columns.", node.span)
    entry = c.IVar("entry", shape[0])
    return c.Make(shape, entry, None, c.Pick(c.SCALAR, c.Var((shape[0], OUTCOMES), every), entry, at))


def _variance(scope: Scope, node: s.Call, arg: c.Core) -> c.Core:
    """E[v v^T] - E[v] E[v]^T"""
    if arg.shape[1] != c.D1:
        raise Unreadable("A variance is that of a number or of a column.", node.span)
    square = (arg.shape[0], arg.shape[0])
    mean = _expectation(scope, node, arg)
    less = c.Scale(square, c.Const(c.SCALAR, Fraction(-1)), _outer(square, mean))
    return c.Plus(square, (_expectation(scope, node, _outer(square, arg)), less))


def _outer(square: c.Shape, v: c.Core) -> c.Core:
    return c.Power(c.SCALAR, v, 2) if v.shape == c.SCALAR else c.Times(square, v, c.Transposed(v.shape[::-1], v))


FUNCTIONS: dict[str, Callable[[Scope, s.Call, c.Core], c.Core]] = {
    **dict.fromkeys(("exp", "log", "sqrt", "abs"), _each),
    **dict.fromkeys(("vec", "rvec"), _vec),
    **dict.fromkeys(("inner", "frobenius"), _inner),
    "tr": _tr,
    "det": _det,
    "logdet": lambda scope, node, arg: c.Apply(c.SCALAR, "log", _det(scope, node, arg)),
    "bars": _bars,
    "rows": lambda scope, node, arg: c.SizeOf(c.SCALAR, arg.shape[0]),
    "cols": lambda scope, node, arg: c.SizeOf(c.SCALAR, arg.shape[1]),
    "diag": _diag,
    "total": lambda scope, node, arg: c.Total(c.SCALAR, arg),
    "mean": _mean,
    "norm": lambda scope, node, arg: _root(_norm2(scope, node, arg)),
    "norm2": _norm2,
    "normf": lambda scope, node, arg: _root(_squares(arg)),
    "normf2": lambda scope, node, arg: _squares(arg),
    "norml1": _norml1,
    "norml2": lambda scope, node, arg: _root(_euclidean(node, arg)),
    "norml22": _norml22,
    "sigmoid": lambda scope, node, arg: _logistic(arg),
    "tanh": _tanh,
    "sinh": lambda scope, node, arg: _half_of_exponentials(arg, -1),
    "cosh": lambda scope, node, arg: _half_of_exponentials(arg, 1),
    "softmax": _softmax,
    "expectation": _expectation,
    "variance": _variance,
    "relu": _relu,
    "sign": _sign,
    "step": _step,
    "larger": _larger,
}
