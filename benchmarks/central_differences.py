"""A derivative against central differences, both evaluated by numpy on random numbers from the syntax tree alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lrcore.verify import Context, read_latex
from lrcore.verify import syntax as s

SIZES = {"N": 4, "M": 3, "D": 2, "P": 5, "H": 3, "R": 2}
_EACH = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "abs": np.abs,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "cosh": np.cosh, "sinh": np.sinh,
    "sign": np.sign, "step": lambda a: (a > 0) * 1.0,
    "relu": lambda a: np.maximum(a, 0), "softmax": lambda a: np.exp(a) / np.sum(np.exp(a)),
}  # fmt: skip
_OF = {
    "tr": np.trace, "det": np.linalg.det, "logdet": lambda a: np.log(np.linalg.det(a)), "total": np.sum,
    "bars": lambda a: abs(float(a[0, 0])) if a.shape == (1, 1) else np.linalg.det(a),
}  # fmt: skip
Values = dict[str, Any]


def agrees(f: str, by: str, derivative: str, context: Context) -> bool:
    """Whether a derivative has the values of central differences, at three random places."""
    return all(_agrees(read_latex(f, context), by, read_latex(derivative, context), context, k) for k in range(3))


def _agrees(f: s.Node, by: str, derivative: s.Node, context: Context, seed: int) -> bool:
    values = drawn(context, seed)
    name, at = (by.split("_")[0], True) if "_" in by else (by, False)
    at_k = dict.fromkeys("ijkl", 0) if at else {}
    found = value(derivative, {**values, **at_k})
    step = 1e-5
    wanted = []
    for place in np.ndindex(values[name].shape):
        ends = []
        for sign in (1, -1):
            moved = {key: one.copy() if isinstance(one, np.ndarray) else one for key, one in values.items()}
            moved[name][place] += sign * step
            ends.append(value(f, moved))
        wanted.append((ends[0] - ends[1]) / (2 * step))
    if at:
        wanted, shape = [wanted[0][:1, :1]], (1, 1)  # the first entry, of what it is taken by and of what is taken
    else:
        shape = values[name].shape
    if wanted[0].shape == (1, 1):
        return np.allclose(found, np.array(wanted).reshape(shape), rtol=1e-4, atol=1e-6)
    return np.allclose(found, np.hstack(wanted), rtol=1e-4, atol=1e-6)  # a Jacobian, a column for each entry


def drawn(context: Context, seed: int) -> Values:
    """Random values for the symbols: positive numbers, symmetric and positive where that is said."""
    random = np.random.default_rng(seed)
    values: Values = dict(SIZES)
    for key, symbol in context.symbols.items():
        if symbol.definition is not None or symbol.shape is None:
            continue
        rows, cols = (one.value(SIZES) for one in symbol.shape)
        one = random.uniform(0.2, 1.2, (rows, cols))
        if rows == cols > 1:
            one = one + 2 * np.eye(rows)
            one = one + one.T if symbol.symmetric else one
        values[key] = one
    for key, symbol in context.symbols.items():
        if symbol.definition is not None:
            values[key] = symbol.definition
    return values


def value(node: s.Node, v: Values) -> Any:
    """The value of an expression, a matrix."""
    match node:
        case s.Num(value=number):
            return np.array([[float(number)]])
        case s.Name(id=key):
            one = np.pi if key == "pi" and key not in v else v[key]
            if isinstance(one, s.Node):
                return value(one, v)
            return one if isinstance(one, np.ndarray) else np.array([[float(one)]])
        case s.Add(terms=terms):
            sizes = [_with_size(one, terms, v) for one in terms]
            return _sum([value(one, v) for one in sizes])
        case s.Neg(arg=arg):
            return -value(arg, v)
        case s.Mul(factors=factors):
            return _product([value(one, v) for one in factors])
        case s.Star(left=left, right=right) | s.Had(left=left, right=right):
            return value(left, v) * value(right, v)
        case s.Div(num=num, den=den):
            return value(num, v) / value(den, v)
        case s.Pow(base=base, exponent=exponent):
            one, power = value(base, v), float(value(exponent, v)[0, 0])
            matrix = one.shape[0] == one.shape[1] > 1 and not node.entrywise
            return np.linalg.matrix_power(one, int(power)) if matrix else one**power
        case s.T(arg=arg) | s.Prime(arg=arg):
            return value(arg, v).T
        case s.Inv(arg=arg):
            return np.linalg.inv(value(arg, v))
        case s.Call(fn="larger", args=(first, second)):
            return np.maximum(value(first, v), value(second, v))
        case s.Call(fn=fn, args=args):
            return _call(fn, [value(one, v) for one in args])
        case s.Entry(base=base, indices=indices):
            return _entry(value(base, v), [_index(one, v) for one in indices])
        case s.Sum(index=index, body=body):
            return _sum([value(body, {**v, index: k}) for k in range(_range(body, index, v))])
        case s.Build(i=i, j=j, body=body):
            rows, cols = (1 if letter == "_" else _range(body, letter, v) for letter in (i, j))
            entries = [[value(body, {**v, i: r, j: k})[0, 0] for k in range(cols)] for r in range(rows)]
            return np.array(entries)
        case s.Delta(i=i, j=j):
            return np.array([[float(_index(i, v) == _index(j, v))]])
        case s.Special(kind=kind, sizes=sizes):
            dims = [int(value(one, v)[0, 0]) for one in sizes]
            if kind == "eye":
                return np.eye(dims[0])
            return (np.ones if kind == "ones" else np.zeros)((dims[0], dims[1] if len(dims) > 1 else 1))
    raise NotImplementedError(type(node).__name__)


def _with_size(node: s.Node, terms: tuple[s.Node, ...], v: Values) -> s.Node:
    """A term with the size of the others where an I stands in it without any."""
    bare = s.Special("eye")
    if not any(one == bare for one in s.walk(node)):
        return node
    size = next(value(one, v).shape[0] for one in terms if not any(x == bare for x in s.walk(one)))
    known = s.Special("eye", (s.num(size),))
    return known if node == bare else s.rebuild(node, lambda child: known if child == bare else child)


def _sum(found: list[Any]) -> Any:
    total = found[0]
    for one in found[1:]:
        total = total + one
    return total


def _product(found: list[Any]) -> Any:
    total = found[0]
    for one in found[1:]:
        total = total * one if (1, 1) in (total.shape, one.shape) else total @ one
    return total


def _call(fn: str, args: list[Any]) -> Any:
    if fn in _EACH:
        return _EACH[fn](args[0])
    if fn == "diag":
        return np.diag(args[0][:, 0])
    if fn == "norm2" or fn in ("normf2", "norml22"):
        return np.array([[np.sum(args[0] ** 2)]])
    if fn == "norml1":
        return np.array([[np.sum(abs(args[0]))]])
    if fn in ("norm", "normf", "norml2"):
        return np.array([[np.sqrt(np.sum(args[0] ** 2))]])
    return np.array([[float(_OF[fn](args[0]))]])


def _index(node: s.Node, v: Values) -> Any:
    if isinstance(node, s.Slice):
        return slice(None)
    return v[node.id] if isinstance(node, s.Name) else int(node.value) - 1


def _entry(base: Any, at: list[Any]) -> Any:
    flat = base.reshape(-1) if len(at) == 1 else base
    found = np.asarray(flat[tuple(at)], dtype=float)
    return found.reshape((-1, 1) if isinstance(at[0], slice) else (1, -1))


def _range(body: s.Node, index: str, v: Values) -> int:
    """The size of the slot that an index stands in."""
    for one in s.walk(body):
        if isinstance(one, s.Entry) and s.Name(index) in one.indices:
            base = value(one.base, {**dict.fromkeys(s.names(one), 0), **v})
            return max(base.shape) if len(one.indices) == 1 else base.shape[one.indices.index(s.Name(index))]
    raise NotImplementedError(index)
