"""The NumPy-like language: ``grad(norm2(X@W - Y)/N, W) = 2/N * X.T @ (X@W - Y)``, read through Python's ``ast``,
never evaluated.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import accumulate
from typing import Any

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.names import plain_key
from lrcore.verify.terms.words import CHARACTERS, words

_MINUS = {ord(one): "-" for one, meaning in CHARACTERS.items() if meaning == "-"}
_DEPTH_LIMIT = 200
_LENGTH_LIMIT = 20_000
MODULES = {"np", "numpy", "torch", "jnp", "jax", "sp", "scipy", "linalg", "special"}
_CONSTANTS = {"zero": "zero", "zeros": "zero", "ones": "ones", "eye": "eye"}
_OPERATIONS = words(
    "tr inv det logdet norm norm2 normf normf2 diag vec rvec exp log sqrt sigmoid tanh sinh cosh softmax relu abs mean"
    " bars sign"
)
ONE_ARGUMENT = {one: one for one in _OPERATIONS} | {
    "trace": "tr", "ln": "log", "transpose": "t", "t": "t", "square": "square"
}  # fmt: skip
_ONE: dict[str, Callable[..., s.Node]] = {
    "inv": s.Inv,
    "t": s.T,
    "square": lambda arg, span: s.Pow(arg, s.num(2), True, span=span),
}
_TWO: dict[str, Callable[..., s.Node]] = {
    "kron": s.Kron,
    "had": s.Had,
    "matrix_power": s.Pow,
    "delta": s.Delta,
    "dot": lambda left, right, span: s.Mul((left, right), True, True, span=span),
    "outer": lambda left, right, span: s.Mul((left, s.T(right, span=right.span)), columns=True, span=span),
    "multiply": lambda left, right, span: s.Star(left, right, code=True, span=span),
    "add": lambda left, right, span: s.Add((left, right), span=span),
    "subtract": lambda left, right, span: s.Add((left, s.Neg(right, span=right.span)), span=span),
    "divide": s.Div,
    "power": partial(s.Pow, entrywise=True),
    "solve": lambda left, right, span: s.Mul((s.Inv(left, span=left.span), right), True, True, span=span),
    "grad": lambda f, by, span: s.Deriv(f, (by,), "grad", span=span),
    "jac": lambda f, by, span: s.Deriv(f, (by,), "jac", span=span),
    "hess": lambda f, by, span: s.Deriv(f, (by, s.T(by, span=by.span)), span=span),
}
_TWO["matmul"] = _TWO["mm"] = _TWO["dot"]
_TWO["pow"] = _TWO["power"]
_NUMBERS = ("pi", "e")
_METHODS = {"dot": 1, "mean": 0, "sum": 0, "transpose": 0, "trace": 0, "t": 0, "mm": 1, "matmul": 1, "pow": 1}
_BINARY: dict[type[ast.operator], Callable[..., s.Node]] = {
    ast.MatMult: _TWO["dot"],
    ast.Div: s.Div,
    ast.Pow: partial(s.Pow, entrywise=True),
}


# What is written in NumPy alone, and in no formula of a blackboard.
_CODE = re.compile(
    rf"@|\*\*|\.T\b|//|\b(?:{'|'.join(sorted(MODULES))})\.|[\w)]\[|\.(?:{'|'.join(_METHODS)})\(|\b(?:{'|'.join(_TWO)}|inner"
    r"|norm2|normf|normf2|inv|rvec|deriv|eye|ones|zeros|sum|block|array)\(|\(\s*['\"]"
)


def is_code(text: str) -> bool:
    """Whether a text is certainly NumPy, in which a star between arrays multiplies their entries."""
    return _CODE.search(text) is not None


@dataclass
class _Source:
    """What was typed, and how deep in it the reader is; ``starts`` are the places where its lines begin."""

    lines: tuple[str, ...]
    starts: tuple[int, ...]
    depth: int = 0
    code: bool = True

    def span(self, tree: Any) -> s.Span:
        return self._place(tree.lineno, tree.col_offset), self._place(tree.end_lineno, tree.end_col_offset)

    def star(self, start: int, end: int) -> s.Span | None:
        """Where the star between two places stands; brackets alone may be there besides."""
        at = "\n".join(self.lines).find("*", start - self.starts[0], end - self.starts[0])
        return None if at < 0 else (at + self.starts[0], at + self.starts[0] + 1)

    def _place(self, line: int, column: int) -> int:
        """Where a line and a column in bytes are; the brackets around the text have no place of their own."""
        if line > len(self.lines):
            return self.starts[-1] + len(self.lines[-1])
        text = self.lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode(errors="ignore"))
        return max(self.starts[line - 1] + column, self.starts[0] + 1)


def read(text: str, code: bool = True, at: int = 0) -> s.Node:
    """The tree of one expression; where it is not ``code``, a star between matrices may be either product. ``at`` is
    where the expression begins in its text.
    """
    if len(text) > _LENGTH_LIMIT:
        raise Unreadable(f"The line has {len(text)} characters; up to {_LENGTH_LIMIT} are read.")
    source = text.strip().translate(_MINUS)
    if not source:
        raise Unreadable("One side of the relation is empty; write what it is to be equal to.")
    lead = at + len(text) - len(text.lstrip())
    if "#" in source:  # Python would drop the rest
        sign = lead + source.index("#")
        raise Unreadable("`#` is no sign of a formula; leave out what stands behind it.", (sign, sign + 1))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python about `2if`, which is refused below anyway
            tree = ast.parse("(" + source + "\n)", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise _refusal(error, source, lead) from None
    lines = ("(" + source).split("\n")
    starts = accumulate((len(line) + 1 for line in lines[:-1]), initial=lead - 1)
    return _read(tree, _Source(tuple(lines), tuple(starts), code=code))


def _refusal(error: Exception, source: str, lead: int) -> Unreadable:
    place = min(max((getattr(error, "offset", None) or 1) - 2, 0), len(source) - 1)
    message = f"This is not read as an expression at `{source[place : place + 12]}`."
    if "**" not in source and "^" in source:
        place, message = source.index("^"), "`^` is no power here; write `**`, or write the whole line as LaTeX."
    return Unreadable(message, (lead + place, lead + place + 1))


def _read(tree: ast.AST, source: _Source) -> s.Node:
    if source.depth > _DEPTH_LIMIT:
        raise Unreadable("The expression is nested too deeply to be read.", source.span(tree))
    rule = _RULES.get(type(tree))
    if rule is None:
        raise Unreadable(f"`{type(tree).__name__}` is Python, not part of this language.", source.span(tree))
    source.depth += 1
    found = rule(tree, source, source.span(tree))
    source.depth -= 1
    return found


def _all(trees: Sequence[ast.expr], source: _Source) -> tuple[s.Node, ...]:
    return tuple(_read(tree, source) for tree in trees)


def _number(tree: ast.Constant, source: _Source, span: s.Span) -> s.Node:
    if isinstance(tree.value, bool) or not isinstance(tree.value, (int, float)):
        raise Unreadable("Numbers and names are read, and this is neither.", span)
    if isinstance(tree.value, float) and not (abs(tree.value) < 1e15 and (tree.value or _is_zero(tree, source))):
        raise Unreadable("This number is too large or too small to be read exactly.", span)
    written = _written(tree, source) if isinstance(tree.value, float) else str(tree.value)
    return s.Num(Fraction(written), span=span)


def _written(tree: ast.expr, source: _Source) -> str:
    """What was typed for a part of the text; a number may hold underscores."""
    return (ast.get_source_segment("\n".join(source.lines), tree) or "").replace("_", "")


def _is_zero(tree: ast.Constant, source: _Source) -> bool:
    return not re.search("[1-9]", _written(tree, source).lower().partition("e")[0])


def _name(tree: ast.Name, source: _Source, span: s.Span) -> s.Node:
    kind = _CONSTANTS.get(tree.id)
    return s.Special(kind, span=span) if kind else s.Name(plain_key(tree.id), span=span)


def _sign(tree: ast.UnaryOp, source: _Source, span: s.Span) -> s.Node:
    arg = _read(tree.operand, source)
    if isinstance(tree.op, ast.USub):
        return s.Neg(arg, span=span)
    if isinstance(tree.op, ast.UAdd):
        return arg
    raise Unreadable("This sign is not part of the language.", span)


def _operation(tree: ast.BinOp, source: _Source, span: s.Span) -> s.Node:
    left, right = _read(tree.left, source), _read(tree.right, source)
    if isinstance(tree.op, (ast.Add, ast.Sub)):
        right = right if isinstance(tree.op, ast.Add) else s.Neg(right, span=right.span)
        terms = left.terms if isinstance(left, s.Add) and isinstance(tree.left, ast.BinOp) else (left,)
        return s.Add((*terms, right), span=span)
    if isinstance(tree.op, ast.Mult):
        sign = source.star(source.span(tree.left)[1], source.span(tree.right)[0])
        return s.Star(left, right, code=source.code, sign=sign, span=span)
    rule = _BINARY.get(type(tree.op))
    if rule is None:
        raise Unreadable("Of Python's operators + - * / ** and @ are read.", span)
    return rule(left, right, span=span)


def _comparison(tree: ast.Compare, source: _Source, span: s.Span) -> s.Node:
    """``z > 0``, which is 1 where it holds and 0 elsewhere."""
    if len(tree.ops) != 1 or not isinstance(tree.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
        raise Unreadable("Of comparisons, one with < or > is read.", span)
    left, right = _read(tree.left, source), _read(tree.comparators[0], source)
    more, less = (left, right) if isinstance(tree.ops[0], (ast.Gt, ast.GtE)) else (right, left)
    by = more if s.is_zero(less) else s.Add((more, s.Neg(less, span=less.span)), span=span)
    return s.Call("step", (s.Neg(less, span=less.span) if s.is_zero(more) else by,), span=span)


def _attribute(tree: ast.Attribute, source: _Source, span: s.Span) -> s.Node:
    if tree.attr == "T":
        return s.T(_read(tree.value, source), span=span)
    if _is_module(tree.value) and tree.attr in _NUMBERS:
        return s.Name(tree.attr, span=span)
    if tree.attr == "size":
        array = _read(tree.value, source)
        return s.Mul(tuple(s.Call(one, (array,), span=span) for one in ("rows", "cols")), span=span)
    raise Unreadable(f"`.{tree.attr}` is not part of the language; `.T` is the transpose.", span)


def _entry(tree: ast.Subscript, source: _Source, span: s.Span) -> s.Node:
    if isinstance(tree.value, ast.Attribute) and tree.value.attr == "shape":
        axis = tree.slice.value if isinstance(tree.slice, ast.Constant) and type(tree.slice.value) is int else None
        if axis not in (0, 1):
            raise Unreadable("Of the shape of an array, .shape[0] and .shape[1] are read.", span)
        return s.Call("cols" if axis else "rows", (_read(tree.value.value, source),), span=span)
    slots = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
    return s.Entry(_read(tree.value, source), _all(slots, source), True, span=span)


def _slice(tree: ast.Slice, source: _Source, span: s.Span) -> s.Node:
    if tree.lower or tree.upper or tree.step:
        raise Unreadable("Of slices the bare colon is read.", span)
    return s.Slice(span=span)


def _matrix(tree: ast.List, source: _Source, span: s.Span) -> s.Node:
    rows = [one.elts if isinstance(one, ast.List) else [one] for one in tree.elts]
    if not rows or not all(rows):
        raise Unreadable("A matrix needs at least one cell.", span)
    return s.Block(tuple(_all(row, source) for row in rows), span=span)


# ---------------------------------------------------------------------- calls


def _must_know_module(func: ast.expr, source: _Source) -> None:
    """``np.linalg.inv`` is a function of NumPy; what stands before the last dot is looked at, too."""
    while isinstance(func, ast.Attribute):
        func = func.value
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name not in MODULES:
            raise Unreadable(f"`.{name or '...'}` is no module that is known here.", source.span(func))


def _is_module(tree: ast.expr) -> bool:
    """``np`` or ``np.linalg``: what stands before the dot of a function."""
    while isinstance(tree, ast.Attribute) and tree.attr in MODULES:
        tree = tree.value
    return isinstance(tree, ast.Name) and tree.id in MODULES


def _as_function(tree: ast.Call) -> ast.Call:
    """``X.dot(w)`` as ``dot(X, w)``, for the methods that an array has."""
    func = tree.func
    if not isinstance(func, ast.Attribute) or _is_module(func.value) or len(tree.args) != _METHODS.get(func.attr):
        return tree
    name = ast.copy_location(ast.Name(func.attr), func)
    return ast.copy_location(ast.Call(name, [func.value, *tree.args], tree.keywords), tree)


def _along(tree: ast.Call, source: _Source, span: s.Span) -> s.Node:
    """``sum(A, axis=0)``, down the columns, and ``sum(A, axis=1)``, along the rows: an array of one axis."""
    axis = tree.keywords[0].value
    kind = axis.value if isinstance(axis, ast.Constant) and type(axis.value) is int else None
    if len(tree.args) != 1 or kind not in (0, 1):
        raise Unreadable("Of the sum along an axis, sum(A, axis=0) and sum(A, axis=1) are read.", span)
    array = _read(tree.args[0], source)
    return s.Mul((array if kind == 1 else s.T(array, span=span), s.Special("ones", span=span)), span=span)


def _call(tree: ast.Call, source: _Source, span: s.Span) -> s.Node:
    tree = _as_function(tree)
    _must_know_module(tree.func, source)
    name = tree.func.attr if isinstance(tree.func, ast.Attribute) else getattr(tree.func, "id", None)
    args, count = tree.args, len(tree.args)
    if name == "sum" and [one.arg for one in tree.keywords] == ["axis"]:
        return _along(tree, source, span)
    if name is None:
        raise Unreadable("A call is a known name with arguments.", span)
    _must_have_no_keywords(name, tree.keywords, source)
    if name == "sum":
        return _sum(args, source, span)
    if name == "len" and count == 1:
        return s.Call("rows", (_read(args[0], source),), span=span)
    if name in ONE_ARGUMENT and count == 1:
        fn, arg = ONE_ARGUMENT[name], _read(args[0], source)
        return _ONE[fn](arg, span=span) if fn in _ONE else s.Call(fn, (arg,), span=span)
    if name == "inner" and count == 2:  # in a module it is NumPy's
        return s.Call(name, _all(args, source), columns=isinstance(tree.func, ast.Attribute), span=span)
    if name == "maximum" and count == 2 and sum(map(s.is_zero, both := _all(args, source))) == 1:
        return s.Call("larger", both, span=span)
    if name in _TWO and count == 2:
        return _TWO[name](*_all(args, source), span=span)
    if name in ("norm", "norm2") and count == 2:
        return _marked_norm(name, args[0], args[1], source, span)
    if name == "deriv" and count > 1:
        of, *by = _all(args, source)
        return s.Deriv(of, tuple(by), span=span)
    if name == "d" and count == 1:
        return s.Diff(_read(args[0], source), span=span)
    if name in ("eye", "ones", "zeros"):
        return _constant(name, args, source, span)
    if name in ("block", "array") and count == 1:
        return _read(args[0], source)
    if name in ("hstack", "column_stack") and count == 1 and isinstance(args[0], (ast.List, ast.Tuple)):
        return s.Block((_all(args[0].elts, source),), span=span)
    return _function(tree, name, source, span)


def _must_have_no_keywords(name: str, keywords: list[ast.keyword], source: _Source) -> None:
    if keywords:
        told = f"`{keywords[0].arg}=`" if keywords[0].arg else "`**`"
        raise Unreadable(f"{told} of `{name}` is not part of the language.", source.span(keywords[0]))


def _constant(name: str, args: list[ast.expr], source: _Source, span: s.Span) -> s.Node:
    """``eye(M)``, ``ones((N, M))``: one size or two."""
    first = args[0] if len(args) == 1 else None
    in_tuple = isinstance(first, ast.Tuple)
    sizes = first.elts if isinstance(first, ast.Tuple) else args
    if len(sizes) > 2 or (in_tuple and name == "eye"):
        extra = sizes[-1] if len(sizes) > 2 else args[0]
        said = f"`{_written(extra, source)}` in `{name}(...)` is not read; an array has one size or two."
        raise Unreadable(said, source.span(extra))
    if not sizes:
        raise Unreadable(f"`{name}()` has no size; an array has one size or two.", span)
    return s.Special(_CONSTANTS[name], _all(sizes, source), span=span)


def _function(tree: ast.Call, name: str, source: _Source, span: s.Span) -> s.Node:
    """A function that is no operation of the language, at its arguments."""
    if name in ONE_ARGUMENT or name in _TWO or name in ("d", "deriv", "block", "array", "inner"):
        raise Unreadable(f"`{name}` does not take {len(tree.args)} arguments.", span)
    if isinstance(tree.func, ast.Attribute):
        raise Unreadable(f"`.{name}(...)` is not part of the language.", span)
    if not tree.args:
        raise Unreadable(f"`{name}()` needs an argument.", span)
    return s.At(s.Name(plain_key(name), span=source.span(tree.func)), _all(tree.args, source), span=span)


def _marked_norm(name: str, arg: ast.expr, mark: ast.expr, source: _Source, span: s.Span) -> s.Node:
    """``norm(x, 1)``, ``norm(A, 2)`` and ``norm(A, 'fro')``, as NumPy writes them; ``norm2`` is the square."""
    known = isinstance(mark, ast.Constant) and type(mark.value) in (int, str)
    fn = (
        {1: "norml1", 2: "norml2", "fro": "normf"}.get(mark.value) if isinstance(mark, ast.Constant) and known else None
    )
    if name == "norm2":
        fn = s.NORMS.get(fn or "")
    if fn is None:
        raise Unreadable("Of norms, norm(x, 1), norm(x, 2) and norm(A, 'fro') are read.", source.span(mark))
    return s.Call(fn, (_read(arg, source),), span=span)


def _is_axis(args: list[ast.expr]) -> bool:
    """``sum(A, 0)`` names an axis, as far as NumPy goes."""
    return len(args) == 2 and isinstance(args[1], ast.Constant)


def _sum(args: list[ast.expr], source: _Source, span: s.Span) -> s.Node:
    """``sum(A)`` of an array, ``sum(i, x[i])``, ``sum(i, j, A[i, j])``, ``sum(i, 1, n, x[i])``."""
    if len(args) == 1:
        return s.Call("total", (_read(args[0], source),), span=span)
    if not args:
        raise Unreadable("`sum()` needs an array, or an index and what to sum: sum(i, x[i]).", span)
    first, *others = args[:-1]
    if not isinstance(first, ast.Name) or _is_axis(args):
        raise Unreadable("`sum` takes an array, or an index and what to sum: sum(i, x[i]); an axis is axis=0.", span)
    if len(others) == 2 and not isinstance(others[0], ast.Name):
        low, high, body = _all(args[1:], source)
        return s.Sum(plain_key(first.id), body, low, high, zero=True, span=span)
    node = _read(args[-1], source)
    for one in reversed(args[:-1]):
        if not isinstance(one, ast.Name):
            raise Unreadable("The index of a sum is a letter.", source.span(one))
        node = s.Sum(plain_key(one.id), node, zero=True, span=span)
    return node


_RULES: dict[type[ast.AST], Callable[[Any, _Source, s.Span], s.Node]] = {
    ast.Constant: _number,
    ast.Name: _name,
    ast.UnaryOp: _sign,
    ast.BinOp: _operation,
    ast.Attribute: _attribute,
    ast.Compare: _comparison,
    ast.Subscript: _entry,
    ast.Slice: _slice,
    ast.List: _matrix,
    ast.Call: _call,
}
