"""The NumPy-like language: ``grad(norm2(X@W - Y)/N, W) = 2/N * X.T @ (X@W - Y)``, read through Python's ``ast``,
never evaluated.
"""

from __future__ import annotations

import ast
import re
import warnings
from fractions import Fraction

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.names import plain_key
from lrcore.verify.terms.words import CHARACTERS, table

ONE_ARGUMENT = table("""
tr : tr trace
inv : inv
det : det
logdet : logdet
norm : norm
norm2 : norm2
normf : normf
normf2 : normf2
diag : diag
vec : vec
rvec : rvec
exp : exp
log : log ln
sqrt : sqrt
sigmoid : sigmoid
tanh : tanh
abs : abs
mean : mean
bars : bars
t : transpose
""")
TWO_ARGUMENTS = {"matrix_power", "kron", "inner", "delta", "grad", "jac", "hess", "had", "dot", "outer"}
_MINUS = {ord(one): "-" for one, meaning in CHARACTERS.items() if meaning == "-"}
MODULES = {"np", "numpy", "torch", "jnp", "jax", "sp", "scipy", "linalg", "special"}
_DEPTH_LIMIT = 200
_LENGTH_LIMIT = 20_000


def read(text: str) -> s.Node:
    """The tree of one expression."""
    if len(text) > _LENGTH_LIMIT:
        raise Unreadable(f"The line has {len(text)} characters; up to {_LENGTH_LIMIT} are read.")
    lead = len(text) - len(text.lstrip())
    source = text.strip().translate(_MINUS)
    if not source:
        raise Unreadable("One side of the relation is empty; write what it is to be equal to.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python about `2if`, which is refused below anyway
            tree = ast.parse("(" + source + "\n)", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise Unreadable(*_syntax(error, source, lead)) from None
    return _Reader(source, lead).node(tree, 0)


def _syntax(error, source, lead):
    if not source:
        return "Nothing stands here; an expression was expected.", (lead, lead)
    at = getattr(error, "offset", None)
    place = min(max((at or 1) - 2, 0), len(source) - 1)
    if "**" not in source and "^" in source:
        place = source.index("^")
        return "`^` is no power here; write `**`, or write the whole line as LaTeX.", (lead + place, lead + place + 1)
    return f"This is not read as an expression at `{source[place : place + 12]}`.", (lead + place, lead + place + 1)


class _Reader:
    def __init__(self, source, lead):
        self.lead = lead
        self.starts = [0]
        for match in re.finditer("\n", source):
            self.starts.append(match.end())
        self.bytes = source.isascii()
        self.lines = source.split("\n")

    def span(self, tree):
        return self._at(tree.lineno, tree.col_offset), self._at(tree.end_lineno, tree.end_col_offset)

    def _at(self, line, column):
        if not self.bytes:
            text = ("(" if line == 1 else "") + (self.lines[line - 1] if line <= len(self.lines) else "")
            column = len(text.encode()[:column].decode(errors="ignore"))
        start = self.starts[min(line, len(self.starts)) - 1]
        return self.lead + start + column - (1 if line == 1 else 0)

    def node(self, tree, depth):
        if depth > _DEPTH_LIMIT:
            raise Unreadable("The expression is nested too deeply to be read.", self.span(tree))
        method = getattr(self, "_" + type(tree).__name__.lower(), None)
        if method is None:
            raise Unreadable(f"`{type(tree).__name__}` is Python, not part of this language.", self.span(tree))
        return method(tree, depth + 1)

    def _constant(self, tree, depth):
        if isinstance(tree.value, bool) or not isinstance(tree.value, (int, float)):
            raise Unreadable("Numbers and names are read, and this is neither.", self.span(tree))
        if isinstance(tree.value, float) and not abs(tree.value) < 1e15:
            raise Unreadable("This number is too large to be read exactly.", self.span(tree))
        return s.Num(Fraction(str(tree.value)), span=self.span(tree))

    def _name(self, tree, depth):
        kind = {"zero": "zero", "zeros": "zero", "ones": "ones", "eye": "eye"}.get(tree.id)
        if kind:
            return s.Special(kind, span=self.span(tree))
        return s.Name(plain_key(tree.id), span=self.span(tree))

    def _unaryop(self, tree, depth):
        arg = self.node(tree.operand, depth)
        if isinstance(tree.op, ast.USub):
            return s.Neg(arg, span=self.span(tree))
        if isinstance(tree.op, ast.UAdd):
            return arg
        raise Unreadable("This sign is not part of the language.", self.span(tree))

    def _binop(self, tree, depth):
        left, right = self.node(tree.left, depth), self.node(tree.right, depth)
        span = self.span(tree)
        if isinstance(tree.op, (ast.Add, ast.Sub)):
            right = right if isinstance(tree.op, ast.Add) else s.Neg(right, span=right.span)
            terms = left.terms if isinstance(left, s.Add) and isinstance(tree.left, ast.BinOp) else (left,)
            return s.Add((*terms, right), span=span)
        if isinstance(tree.op, ast.MatMult):
            return s.Mul((left, right), True, span=span)
        if isinstance(tree.op, ast.Mult):
            return s.Star(left, right, span=span)
        if isinstance(tree.op, ast.Div):
            return s.Div(left, right, span=span)
        if isinstance(tree.op, ast.Pow):
            return s.Pow(left, right, True, span=span)
        raise Unreadable("Of Python's operators + - * / ** and @ are read.", span)

    def _attribute(self, tree, depth):
        if tree.attr == "T":
            return s.T(self.node(tree.value, depth), span=self.span(tree))
        if isinstance(tree.value, ast.Name) and tree.value.id in MODULES:
            return s.Name(tree.attr, span=self.span(tree))
        raise Unreadable(f"`.{tree.attr}` is not part of the language; `.T` is the transpose.", self.span(tree))

    def _subscript(self, tree, depth):
        parts = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        indices = tuple(self._slot(part, depth) for part in parts)
        return s.Entry(self.node(tree.value, depth), indices, True, span=self.span(tree))

    def _slot(self, part, depth):
        if isinstance(part, ast.Slice):
            if part.lower or part.upper or part.step:
                raise Unreadable("Of slices the bare colon is read.", self.span(part))
            return s.Slice(span=self.span(part))
        return self.node(part, depth)

    def _list(self, tree, depth):
        rows = [one.elts if isinstance(one, ast.List) else [one] for one in tree.elts]
        if not rows or not all(rows):
            raise Unreadable("A matrix needs at least one cell.", self.span(tree))
        return s.Block(tuple(tuple(self.node(cell, depth) for cell in row) for row in rows), span=self.span(tree))

    def _call(self, tree, depth):
        self._known_module(tree.func)
        name = tree.func.attr if isinstance(tree.func, ast.Attribute) else getattr(tree.func, "id", None)
        if name is None or tree.keywords:
            raise Unreadable("A call is a known name with arguments.", self.span(tree))
        args, span = tree.args, self.span(tree)
        if name == "sum":
            return self._sum(args, depth, span)
        if name in ONE_ARGUMENT and len(args) == 1:
            return _apply(ONE_ARGUMENT[name], self.node(args[0], depth), span)
        if name in TWO_ARGUMENTS and len(args) == 2:
            left, right = (self.node(arg, depth) for arg in args)
            return _apply_two(name, left, right, span)
        if name in ("norm", "norm2") and len(args) == 2:
            return self._marked_norm(name, args[0], args[1], depth, span)
        if name == "deriv" and len(args) > 1:
            of, *by = (self.node(arg, depth) for arg in args)
            return s.Deriv(of, tuple(by), span=span)
        if name == "d" and len(args) == 1:
            return s.Diff(self.node(args[0], depth), span=span)
        if name in ("eye", "ones", "zeros"):
            return self._special(name, args, depth, span)
        if name in ("block", "array") and len(args) == 1:
            return self.node(args[0], depth)
        if isinstance(tree.func, ast.Attribute):
            raise Unreadable(f"`.{name}(...)` is not part of the language.", span)
        return self._function(name, args, depth, span)

    def _known_module(self, func):
        """``np.linalg.inv`` is a function of NumPy; what stands before the last dot is looked at, too."""
        while isinstance(func, ast.Attribute):
            func = func.value
            name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
            if name not in MODULES:
                raise Unreadable(f"`.{name or '...'}` is no module that is known here.", self.span(func))

    def _marked_norm(self, name, arg, mark, depth, span):
        """``norm(x, 1)``, ``norm(A, 2)`` and ``norm(A, 'fro')``, as NumPy writes them; ``norm2`` is the square."""
        fn = {1: "norml1", 2: "norml2", "fro": "normf"}.get(mark.value) if isinstance(mark, ast.Constant) else None
        if name == "norm2":
            fn = s.NORMS.get(fn or "")
        if fn is None:
            raise Unreadable("Of norms, norm(x, 1), norm(x, 2) and norm(A, 'fro') are read.", self.span(mark))
        return s.Call(fn, (self.node(arg, depth),), span=span)

    def _function(self, name, args, depth, span):
        if name in ONE_ARGUMENT or name in TWO_ARGUMENTS or name in ("d", "deriv"):
            raise Unreadable(f"`{name}` does not take {len(args)} arguments.", span)
        if not args:
            raise Unreadable(f"`{name}()` needs an argument.", span)
        return s.At(s.Name(plain_key(name), span=span), tuple(self.node(arg, depth) for arg in args), span=span)

    def _special(self, name, args, depth, span):
        if len(args) == 1 and isinstance(args[0], ast.Tuple):
            args = args[0].elts
        kind = {"eye": "eye", "ones": "ones", "zeros": "zero"}[name]
        return s.Special(kind, tuple(self.node(arg, depth) for arg in args), span=span)

    def _sum(self, args, depth, span):
        if len(args) == 1:
            return s.Call("total", (self.node(args[0], depth),), span=span)
        if not args:
            raise Unreadable("`sum()` needs an array, or an index and what to sum: sum(i, x[i]).", span)
        *bound, body = args
        if not bound or not all(isinstance(one, ast.Name) for one in bound[:1]):
            raise Unreadable("`sum` takes an array, or an index and what to sum: sum(i, x[i]).", span)
        if len(bound) == 3 and not isinstance(bound[1], ast.Name):
            return self._ranged(bound, body, depth, span)
        node = self.node(body, depth)
        for one in reversed(bound):
            if not isinstance(one, ast.Name):
                raise Unreadable("The index of a sum is a letter.", self.span(one))
            node = s.Sum(plain_key(one.id), node, zero=True, span=span)
        return node

    def _ranged(self, bound, body, depth, span):
        lo, hi = self.node(bound[1], depth), self.node(bound[2], depth)
        return s.Sum(plain_key(bound[0].id), self.node(body, depth), lo, hi, zero=True, span=span)


def _apply(fn, arg, span):
    if fn == "inv":
        return s.Inv(arg, span=span)
    if fn == "t":
        return s.T(arg, span=span)
    return s.Call(fn, (arg,), span=span)


def _apply_two(name, left, right, span):
    if name == "kron":
        return s.Kron(left, right, span=span)
    if name == "matrix_power":
        return s.Pow(left, right, span=span)
    if name == "had":
        return s.Had(left, right, span=span)
    if name == "dot":
        return s.Mul((left, right), True, span=span)
    if name == "outer":
        return s.Mul((left, s.T(right, span=span)), span=span)
    if name == "delta":
        return s.Delta(left, right, span=span)
    if name == "inner":
        return s.Call("inner", (left, right), span=span)
    if name == "hess":
        return s.Deriv(left, (right, s.T(right)), span=span)
    return s.Deriv(left, (right,), name, span=span)
