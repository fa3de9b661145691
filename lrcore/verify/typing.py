"""From what was written to what is meant: shapes, the ranges of indices, which product, which derivative.

One :class:`Typist` serves one claim, so that no index of one claim can be seen by another.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from . import core as c
from . import syntax as s
from .derivatives import differentiate
from .errors import IllTyped, OneSided, Undeclared, Unreadable, Unsized
from .indices import free_indices, sum_repeated, uses_einstein
from .names import latex, swap_case

FUNCTIONS = {"exp": "exp", "log": "log", "sqrt": "sqrt", "abs": "abs"}


class Typist:
    """Types the sides of one claim. ``free`` collects the free indices by name, ``assumes`` what must hold."""

    def __init__(self, context, row_reading: bool = False, one_sided: bool = False):
        self.context, self.row_reading, self.one_sided = context, row_reading, one_sided
        self.free: dict[str, c.IVar] = {}
        self.scopes: list[dict[str, c.IVar]] = []
        self.bodies: dict[str, Any] = {}
        self.notes: dict[str, bool] = {}
        self.starts: dict[tuple[str, int], int] = {}
        self.derives = False
        self.claim_free: set[str] = set()
        self.ones_dim: c.Dim | None = None
        self.rows_read = False
        self.values: dict[str, c.Core] = {}

    def sides(self, left: s.Node, right: s.Node, einstein=False, hint=None) -> tuple[c.Core, c.Core]:
        """Both sides of an equation, typed alike; ``hint`` is the shape where neither side has one of its own."""
        if einstein:
            left, right = sum_repeated([left, right], self.context)
        self.derives = any(isinstance(one, (s.Deriv, s.Diff)) for side in (left, right) for one in s.walk(side))
        self.claim_free = free_indices(left, self.context) | free_indices(right, self.context)
        if _adopts(left):
            typed_right = self.type(right, hint)
            return self.type(left, typed_right.shape), typed_right
        typed_left = self.type(left)
        typed_right = self.type(right, typed_left.shape)
        self._same_shape(typed_left, typed_right, right)
        self._same_indices(left, right)
        return typed_left, typed_right

    def _same_shape(self, left, right, node):
        if left.shape != right.shape:
            raise IllTyped(
                f"The left side is {c.shape_text(left.shape)} and the right side is {c.shape_text(right.shape)}"
                + self._layout_hint(left, right),
                node.span,
            )

    def _layout_hint(self, left, right):
        if left.shape == right.shape[::-1] and left.shape[0] != left.shape[1]:
            if isinstance(left, c.Make) or isinstance(right, c.Make):
                return (
                    "; one is the transpose of the other, and which is meant depends on the layout: "
                    "here a gradient has the shape of its variable and a Jacobian one row per output."
                )
            return "; one side needs a transpose."
        return "; both sides of = must have the same shape."

    def _same_indices(self, left, right):
        a, b = free_indices(left, self.context), free_indices(right, self.context)
        zero = [side for side in (left, right) if isinstance(side, s.Num) and side.value == 0]
        if a != b and not zero and not self.one_sided:
            lost = sorted(a ^ b)
            side = "left" if lost[0] in a else "right"
            raise OneSided(
                f"The index {lost[0]} is free on the {side} side alone; sum over it, or let it stand on both sides.",
                (left if side == "left" else right).span,
            )

    # ------------------------------------------------------------------ one node

    def type(self, node: s.Node, want: c.Shape | None = None) -> c.Core:
        """The typed tree of ``node``; ``want`` is the shape the place asks for, for 0, 1 and I without a size."""
        return getattr(self, "_" + type(node).__name__.lower())(node, want)

    def _num(self, node, want):
        if node.value == 0 and want is not None and want != c.SCALAR:
            return c.Zeros(want)
        return c.Const(c.SCALAR, node.value)

    def _name(self, node, want):
        bound = self._bound(node.id)
        if bound is not None:
            return c.IndexValue(c.SCALAR, bound, 1 if bound.start is None else bound.start)
        symbol = self._symbol(node.id)
        if symbol is not None:
            return self._value(symbol, node)
        if self.context.is_size(node.id):
            return c.SizeOf(c.SCALAR, c.size(node.id))
        if node.id in ("pi", "e"):
            return c.Var(c.SCALAR, f"the number {node.id}")
        if node.id in self.context.numbers:
            return c.Var(c.SCALAR, node.id)
        raise Undeclared(
            node.id,
            f"{latex(node.id)} has no shape: declare it, as in `{latex(node.id)} : N x 1`, or define it with :=.",
            node.span,
        )

    def _symbol(self, key):
        return self.context.lookup(key)

    def _value(self, symbol, node):
        if symbol.definition is None:
            return c.Var(symbol.shape, symbol.key, symbol.symmetric)
        if symbol.key not in self.bodies:
            self.bodies[symbol.key] = self._body(symbol, node)
        body = self.bodies[symbol.key]
        return c.Defined(body.shape, symbol.key, body)

    def _body(self, symbol, node):
        self.bodies[symbol.key] = _Circular(symbol.key)
        typist = Typist(self.context, self.row_reading)
        typist.bodies, typist.notes, typist.derives, typist.starts = self.bodies, self.notes, self.derives, self.starts
        definition = symbol.definition
        if symbol.indices:
            body = typist.indexed_definition(symbol)
        else:
            if uses_einstein([definition, s.ZERO], self.context):
                (definition,) = sum_repeated([definition], self.context)
            typist.claim_free = free_indices(definition, self.context)
            body = typist.type(definition, symbol.shape)
            if typist.free:
                raise IllTyped(
                    f"The definition of {latex(symbol.key)} leaves the index {next(iter(typist.free))} open; "
                    "sum over it.",
                    node.span,
                )
        if symbol.shape is not None and symbol.shape != body.shape:
            raise IllTyped(
                f"{latex(symbol.key)} is declared {c.shape_text(symbol.shape)} "
                f"and defined as {c.shape_text(body.shape)}.",
                definition.span,
            )
        return body

    def indexed_definition(self, symbol):
        """``y_i := ...`` defines the whole vector (or matrix) entry by entry."""
        body_node = symbol.definition
        self.claim_free = free_indices(body_node, self.context)
        body = self.type(body_node)
        if body.shape != c.SCALAR and len(symbol.indices) == 1:
            raise IllTyped(
                f"The entry {latex(symbol.key)} is defined as {c.shape_text(body.shape)}; an entry is a number."
            )
        index: list[Any] = [self.free.get(name) for name in symbol.indices]
        if any(one is None or one.dim is None for one in index):
            raise IllTyped(f"The range of an index of {latex(symbol.key)} does not follow from its definition.")
        rows, cols = (*(one.dim for one in index), c.D1)[:2]
        return c.Make((rows, cols), index[0], index[1] if len(index) > 1 else None, body)

    def _bound(self, name):
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return self.free.get(name)

    def _add(self, node, want):
        typed = self._terms(node, want)
        first = next((term for term in typed if not _is_zero(term)), typed[0])
        for term, written in zip(typed, node.terms):
            if term.shape != first.shape and not _is_zero(term):
                raise IllTyped(_cannot_add(first.shape, term.shape), written.span or node.span)
        return c.Plus(first.shape, tuple(term for term in typed if term.shape == first.shape))

    def _terms(self, node, want):
        """The typed terms; 0, I and 1 without a size take the shape of the first term that has one."""
        typed, late, shape = [], [], want
        for place, term in enumerate(node.terms):
            try:
                typed.append(None if _adopts(term) and shape is None else self.type(term, shape))
            except Unsized:
                if place == len(node.terms) - 1 and shape is not None:
                    raise
                typed.append(None)
            if typed[-1] is None:
                late.append(place)
            elif shape is None and not _is_zero(typed[-1]):
                shape = typed[-1].shape
        for place in late:
            typed[place] = self.type(node.terms[place], shape)
        return typed

    def _neg(self, node, want):
        arg = self.type(node.arg, want)
        return c.Scale(arg.shape, c.Const(c.SCALAR, Fraction(-1)), arg)

    def _mul(self, node, want):
        typed = [None if _unsized(factor) else self.type(factor) for factor in node.factors]
        for place, factor in enumerate(node.factors):
            if typed[place] is None:
                typed[place] = self.type(factor, self._room(typed, place, want, factor))
        result = typed[0]
        for factor, written in zip(typed[1:], node.factors[1:]):
            result = self._times(result, factor, node, written)
        return result

    def _room(self, typed, place, want, factor):
        """The shape that the neighbours leave for I, 1 or 0 without a size."""
        left = next((x.shape[1] for x in reversed(typed[:place]) if x is not None and x.shape != c.SCALAR), None)
        right = next((x.shape[0] for x in typed[place + 1 :] if x is not None and x.shape != c.SCALAR), None)
        kind, flipped = _special_kind(factor)
        if kind == "ones":
            dim = (right if flipped else left) or self.ones_dim
            if dim is not None:
                return (c.D1, dim) if flipped else (dim, c.D1)
        elif left is not None or right is not None:
            return (left or right, right or left)
        return want

    def _times(self, left, right, node, written):
        if left.shape == c.SCALAR:
            return c.Scale(right.shape, left, right)
        if right.shape == c.SCALAR:
            return c.Scale(left.shape, right, left)
        if left.shape[1] == right.shape[0]:
            return c.Times((left.shape[0], right.shape[1]), left, right)
        if node.dot and left.shape == right.shape and left.shape[1] == c.D1:
            return c.Times(c.SCALAR, c.Transposed(left.shape[::-1], left), right)
        raise IllTyped(_cannot_multiply(left.shape, right.shape), written.span or node.span)

    def _star(self, node, want):
        left, right = self.type(node.left), self.type(node.right)
        if c.SCALAR in (left.shape, right.shape):
            return self._times(left, right, node, node.right)
        return self._entrywise(left, right, node)

    def _had(self, node, want):
        return self._entrywise(self.type(node.left), self.type(node.right), node)

    def _entrywise(self, left, right, node):
        if left.shape != right.shape:
            raise IllTyped(
                f"An entrywise product needs equal shapes, and these are {c.shape_text(left.shape)} "
                f"and {c.shape_text(right.shape)}"
                + ("; for the matrix product write @." if isinstance(node, s.Star) else "."),
                node.span,
            )
        return c.Entrywise(left.shape, left, right)

    def _kron(self, node, want):
        left, right = (self.type(one, self._square(one)) for one in (node.left, node.right))
        shape = (c.pair(left.shape[0], right.shape[0]), c.pair(left.shape[1], right.shape[1]))
        return c.KronOf(shape, left, right)

    def _square(self, node):
        if _unsized(node):
            raise IllTyped("I needs its size here, as in I_D.", node.span)
        return

    def _div(self, node, want):
        below = self.type(node.den)
        if below.shape != c.SCALAR:
            raise IllTyped(
                f"You can divide by a number only, and this is {c.shape_text(below.shape)}; write an inverse.",
                node.den.span,
            )
        above = self.type(node.num, want)
        return c.Scale(above.shape, c.Power(c.SCALAR, below, -1), above)

    def _pow(self, node, want):
        base = self.type(node.base, want)
        exponent = _number(node.exponent)
        if exponent is None:
            raise Unreadable(
                "Powers with a number in the exponent are read, and this exponent is none.", node.exponent.span
            )
        if base.shape == c.SCALAR or node.entrywise:
            return self._number_power(base, exponent, node)
        return self._matrix_power(base, exponent, node)

    def _number_power(self, base, exponent, node):
        if exponent.denominator == 2:
            root = c.Apply(base.shape, "sqrt", base)
            return root if exponent == Fraction(1, 2) else c.Power(base.shape, root, exponent.numerator)
        if exponent.denominator != 1:
            raise Unreadable("Whole and half powers are read, and this one is neither.", node.exponent.span)
        return c.Power(base.shape, base, int(exponent))

    def _matrix_power(self, base, exponent, node):
        if base.shape[0] != base.shape[1]:
            if self.context.square_is_norm and exponent == 2 and base.shape[1] == c.D1:
                return c.Times(c.SCALAR, c.Transposed(base.shape[::-1], base), base)
            raise IllTyped(
                f"A power needs a number or a square matrix, and this is {c.shape_text(base.shape)}; "
                "for the sum of squares write \\|v\\|^2 or v^\\top v.",
                node.span,
            )
        if exponent.denominator != 1 or abs(exponent) > 12:
            raise Unreadable("Whole powers of a matrix up to 12 are read.", node.exponent.span)
        result = base if exponent > 0 else c.Inverse(base.shape, base)
        one = result
        for _ in range(abs(int(exponent)) - 1):
            result = c.Times(base.shape, result, one)
        return result if exponent else c.Eye(base.shape)

    def _t(self, node, want):
        arg = self.type(node.arg, want and want[::-1])
        return c.Transposed(arg.shape[::-1], arg)

    def _inv(self, node, want):
        arg = self.type(node.arg, want)
        if arg.shape == c.SCALAR:
            return c.Power(c.SCALAR, arg, -1)
        if arg.shape[0] != arg.shape[1]:
            raise IllTyped(f"Only a square matrix has an inverse, and this is {c.shape_text(arg.shape)}.", node.span)
        return c.Inverse(arg.shape, arg)

    def _prime(self, node, want):
        arg = self.type(node.arg, want and want[::-1])
        if arg.shape != c.SCALAR:
            return c.Transposed(arg.shape[::-1], arg)
        return self.type(s.Deriv(node.arg, (s.Name(self._prime_variable(node)),), span=node.span))

    def _prime_variable(self, node):
        inner = node.arg
        while isinstance(inner, s.Prime):
            inner = inner.arg
        if isinstance(inner, s.At) and len(inner.args) == 1 and isinstance(inner.args[0], s.Name):
            return inner.args[0].id
        variable = self.context.prime_variable
        if variable is None:
            raise Unreadable(
                "A prime on a number is a derivative, and by which variable does not follow; write d/dx.", node.span
            )
        return variable

    def _call(self, node, want):
        method = getattr(self, "_fn_" + node.fn, None)
        if method is None and node.fn not in FUNCTIONS:
            raise Unreadable(f"What {node.fn} gives is not decided.", node.span)
        if method is None:
            arg = self.type(node.args[0])
            return c.Apply(arg.shape, FUNCTIONS[node.fn], arg)
        return method(node)

    def _fn_tr(self, node):
        return c.Trace(c.SCALAR, self._square_arg(node, "trace"))

    def _fn_det(self, node):
        arg = self._square_arg(node, "determinant")
        return arg if arg.shape == c.SCALAR else c.Det(c.SCALAR, arg)

    def _fn_logdet(self, node):
        return c.Apply(c.SCALAR, "log", self._fn_det(node))

    def _square_arg(self, node, what):
        arg = self.type(node.args[0])
        if arg.shape[0] != arg.shape[1]:
            raise IllTyped(f"Only a square matrix has a {what}, and this is {c.shape_text(arg.shape)}.", node.span)
        return arg

    def _fn_bars(self, node):
        arg = self.type(node.args[0])
        if arg.shape == c.SCALAR:
            return c.Apply(c.SCALAR, "abs", arg)
        return self._fn_det(node) if arg.shape[0] == arg.shape[1] else self._fn_norm(node)

    def _fn_vec(self, node):
        arg = self.type(node.args[0])
        return c.Vec((c.pair(arg.shape[1], arg.shape[0]), c.D1), arg)

    def _fn_rvec(self, node):
        arg = self.type(node.args[0])
        return c.Vec((c.pair(*arg.shape), c.D1), arg, by_rows=True)

    def _fn_diag(self, node):
        arg = self.type(node.args[0])
        if c.D1 in arg.shape:
            dim = arg.shape[0] if arg.shape[1] == c.D1 else arg.shape[1]
            return c.DiagOf((dim, dim), arg)
        if arg.shape[0] != arg.shape[1]:
            raise IllTyped(f"diag takes a vector or a square matrix, and this is {c.shape_text(arg.shape)}.", node.span)
        return c.DiagOf((arg.shape[0], c.D1), arg)

    def _fn_total(self, node):
        return c.Total(c.SCALAR, self.type(node.args[0]))

    def _fn_mean(self, node):
        arg = self.type(node.args[0])
        count = c.SizeOf(c.SCALAR, arg.shape[0] * arg.shape[1])
        return c.Scale(c.SCALAR, c.Power(c.SCALAR, count, -1), c.Total(c.SCALAR, arg))

    def _fn_normf2(self, node):
        return _sum_of_squares(self.type(node.args[0]))

    def _fn_norm2(self, node):
        """Without a mark: Euclid's for a vector, and Frobenius's for a matrix, which is said."""
        arg = self.type(node.args[0])
        if c.D1 not in arg.shape:
            self.notes["the norm of a matrix is Frobenius's"] = True
        return _sum_of_squares(arg)

    def _fn_norml22(self, node):
        """With a 2 below: who differentiates the square of a matrix's norm means the sum of squares; that is said."""
        arg = self.type(node.args[0])
        if c.D1 in arg.shape or not self.derives:
            return self._euclidean(arg, node)
        self.notes["the norm of a matrix with a 2 below, differentiated here, is Frobenius's"] = True
        return _sum_of_squares(arg)

    def _euclidean(self, arg, node):
        if c.D1 not in arg.shape:
            raise Unreadable(
                f"This is {c.shape_text(arg.shape)}, and of a matrix the norm with a 2 below is the largest singular "
                "value (the spectral norm), which is not decided; the root of the sum of squares is \\|A\\|_F, or "
                "normf(A).",
                node.span,
            )
        return _sum_of_squares(arg)

    def _fn_norm(self, node):
        return c.Apply(c.SCALAR, "sqrt", self._fn_norm2(node))

    def _fn_normf(self, node):
        return c.Apply(c.SCALAR, "sqrt", self._fn_normf2(node))

    def _fn_norml2(self, node):
        return c.Apply(c.SCALAR, "sqrt", self._euclidean(self.type(node.args[0]), node))

    def _fn_norml1(self, node):
        arg = self.type(node.args[0])
        if c.D1 not in arg.shape:
            raise Unreadable(
                f"This is {c.shape_text(arg.shape)}, and of a matrix the norm with a 1 below is the largest sum of a "
                "column to some and the sum of all absolute values to others; write the sum.",
                node.span,
            )
        return c.Total(c.SCALAR, c.Apply(arg.shape, "abs", arg))

    def _fn_inner(self, node):
        left, right = (self.type(arg) for arg in node.args)
        return c.Total(c.SCALAR, self._entrywise(left, right, node))

    def _fn_frobenius(self, node):
        """``A : B``, which between numbers would be a ratio."""
        if all(self.type(arg).shape == c.SCALAR for arg in node.args):
            raise Unreadable("Between numbers a colon is a ratio to some; write a fraction or a product.", node.span)
        return self._fn_inner(node)

    def _fn_sigmoid(self, node):
        arg = self.type(node.args[0])
        minus = c.Scale(arg.shape, c.Const(c.SCALAR, Fraction(-1)), arg)
        one = c.Const(c.SCALAR, Fraction(1)) if arg.shape == c.SCALAR else c.Ones(arg.shape)
        return c.Power(arg.shape, c.Plus(arg.shape, (one, c.Apply(arg.shape, "exp", minus))), -1)

    def _fn_tanh(self, node):
        twice = s.Call("sigmoid", (s.Mul((s.num(2), node.args[0])),), span=node.span)
        two, one = c.Const(c.SCALAR, Fraction(2)), c.Const(c.SCALAR, Fraction(-1))
        arg = self.type(twice)
        ones = c.Const(c.SCALAR, Fraction(1)) if arg.shape == c.SCALAR else c.Ones(arg.shape)
        return c.Plus(arg.shape, (c.Scale(arg.shape, two, arg), c.Scale(arg.shape, one, ones)))

    def _fn_missing_d(self, node):
        raise IllTyped(
            "A d is missing: a derivative needs d or \\partial above and below, "
            "and one of them stands here without it.",
            node.span,
        )

    def _at(self, node, want):
        if not isinstance(node.fn, s.Name):
            raise IllTyped("Only a named function can be called.", node.span)
        fn = self._function(node)
        put = self._put_in(node)
        if put is not None:
            return self.type(put, want)
        values = self._arguments(node)
        if not values:
            return self.type(fn)
        typed = tuple((name, self._argument(name, value)) for name, value in values.items())
        body = self.type(fn)
        return c.With(body.shape, body, typed)

    def _argument(self, name, value):
        """What stands in the place of a variable, which must have its shape."""
        symbol = self._symbol(name)
        typed = self.type(value, symbol.shape if symbol is not None else None)
        if symbol is not None and symbol.shape not in (None, typed.shape):
            raise IllTyped(
                f"This is {c.shape_text(typed.shape)}, and it stands for {latex(name)}, which is "
                f"{c.shape_text(symbol.shape)}.",
                value.span,
            )
        return typed

    def _put_in(self, node):
        """The body of a function of a placeholder, with the arguments in the places of its parameters, else None."""
        symbol = self._symbol(node.fn.id)
        loose = symbol.placeholder or any(self._symbol(one) is None for one in symbol.params)
        body = symbol.definition
        if body is None or not loose or len(symbol.params) != len(node.args):
            return None
        taken = set().union(*(s.names(one) for one in node.args))
        if taken & {one.index for one in s.walk(body) if isinstance(one, s.Sum)}:
            raise Unreadable("An argument of this function uses the letter of a sum in its definition.", node.span)
        return s.substitute(body, dict(zip(symbol.params, node.args)))

    def _function(self, node):
        if isinstance(node.fn, s.Name) and self._symbol(node.fn.id) is None:
            raise Undeclared(
                node.fn.id, f"The function {latex(node.fn.id)} is not defined; define it with :=.", node.fn.span
            )
        return node.fn

    def _arguments(self, node):
        """Which variables of the function get other values: those of the same base, else those in the declared
        order.
        """
        depends = self.context.depends(node.fn.id)
        symbol = self._symbol(node.fn.id)
        changed: dict[str, s.Node] = {}
        if symbol is None:
            return changed
        for place, arg in enumerate(node.args):
            key = arg.id if isinstance(arg, s.Name) else None
            known = self._symbol(key) if key else None
            if known is not None and (known.key in depends or not depends):
                continue
            if key is not None and known is None and not symbol.params:
                continue
            changed[self._parameter(node, symbol, depends, place, arg)] = arg
        return changed

    def _parameter(self, node, symbol, depends, place, arg):
        if place < len(symbol.params):
            return symbol.params[place]
        base = arg.id.split("_")[0] if isinstance(arg, s.Name) else None
        same = [name for name in depends if name.split("_")[0] == base]
        if len(same) == 1:
            return same[0]
        raise Unreadable(f"Which variable of {latex(node.fn.id)} takes this value does not follow.", arg.span)

    # ------------------------------------------------------------------ indices

    def index(self, node, dim, zero, first=1):
        """An index in a slot of the given size."""
        if isinstance(node, s.Num):
            place = int(node.value) - (0 if zero else first)
            size = dim.constant()
            if place < 0 or node.value.denominator != 1 or (size is not None and place >= size):
                raise IllTyped(
                    f"There is no entry {node.value}: the entries are counted from {0 if zero else first} to {dim}.",
                    node.span,
                )
            return None if dim == c.D1 else c.IConst(place)
        if not isinstance(node, s.Name):
            return self._end_place(node, dim, zero, first)
        variable = self._bound(node.id)
        if variable is None:
            variable = self.free[node.id] = c.IVar(node.id)
        if variable.dim is None:
            variable.dim = dim
        elif first == 0 and not zero and variable.dim + c.D1 == dim:
            return c.IShift(variable, dim)
        elif variable.dim != dim:
            raise IllTyped(
                f"The index {node.id} runs over {variable.dim} here and over {dim} there; one index has one range.",
                node.span,
            )
        return variable

    def _end_place(self, node, dim, zero, first):
        end = self._dim(node)
        if end is None or end != dim - c.fixed(1 if zero or first == 0 else 0):
            raise Unreadable("Indices are letters or numbers, and this is neither.", node.span)
        return c.IConst(-1, dim)

    def _entry(self, node, want):
        base, indices = self._entry_base(node)
        typed = self.type(base)
        zero, first = node.zero, self._first(base)
        vector = c.D1 in typed.shape
        if len(indices) == 1 and not vector:
            return self._row(typed, indices[0], zero, first)
        if len(indices) == 1:
            at_row = typed.shape[1] == c.D1
            index = self.index(indices[0], typed.shape[0] if at_row else typed.shape[1], zero, first)
            self._same_start(base, indices[0], index, 0, zero)
            return c.Pick(c.SCALAR, typed, *((index, None) if at_row else (None, index)))
        if len(indices) == 4:
            return self._four(base, indices, zero)
        if len(indices) != 2:
            raise IllTyped(f"A matrix has two indices, and here are {len(indices)}.", node.span)
        return self._two(base, typed, indices, zero, first)

    def _same_start(self, base, written, index, slot, zero):
        """The entries of an array are counted from 0 or from 1 throughout: sums over both are about other entries."""
        while isinstance(base, (s.T, s.Diff)):
            base, slot = base.arg, 1 - slot if isinstance(base, s.T) else slot
        if zero or not isinstance(base, s.Name) or not isinstance(index, c.IVar) or index.start is None:
            return
        symbol = self._symbol(base.id)
        vector = symbol is not None and symbol.shape is not None and c.D1 in symbol.shape
        known = (
            0 if vector and symbol.zero_based else self.starts.setdefault((base.id, 0 if vector else slot), index.start)
        )
        if known != index.start:
            raise IllTyped(
                f"The index {index.name} runs from {index.start} here, and the entries of {latex(base.id)} are counted "
                f"from {known} elsewhere in this text.",
                written.span,
            )

    def _two(self, base, typed, indices, zero, first):
        row, col = indices
        if isinstance(row, s.Slice) and isinstance(col, s.Slice):
            return typed
        if isinstance(row, s.Slice):
            i = c.IVar("r", typed.shape[0], True)
            return c.Make(
                (typed.shape[0], c.D1),
                i,
                None,
                c.Pick(c.SCALAR, typed, i, self.index(col, typed.shape[1], zero, first)),
            )
        i = self.index(row, typed.shape[0], zero, first)
        if isinstance(col, s.Slice):
            j = c.IVar("c", typed.shape[1], True)
            return c.Make((c.D1, typed.shape[1]), None, j, c.Pick(c.SCALAR, typed, i, j))
        j = self.index(col, typed.shape[1], zero, first)
        for slot, (written, index) in enumerate(((row, i), (col, j))):
            self._same_start(base, written, index, slot, zero)
        return c.Pick(c.SCALAR, typed, i, j)

    def _row(self, typed, index, zero, first):
        """x_i of a matrix X is its row i, written as a column."""
        self.rows_read = True
        if isinstance(index, s.Slice):
            return typed
        i, j = self.index(index, typed.shape[0], zero, first), c.IVar("c", typed.shape[1], True)
        body = c.Pick(c.SCALAR, typed, i, j)
        if self.row_reading:
            return c.Make((c.D1, typed.shape[1]), None, j, body)
        return c.Make((typed.shape[1], c.D1), j, None, body)

    def _four(self, base, indices, zero):
        if isinstance(base, s.Deriv) and len(base.wrt) == 1:
            top, by = s.Entry(base.f, indices[:2], zero), s.Entry(base.wrt[0], indices[2:], zero)
            return self.type(s.Deriv(top, (by,), span=base.span))
        raise IllTyped("Four indices belong to the derivative of a matrix by a matrix only.", base.span)

    def _entry_base(self, node):
        """x_{ij} is an entry of X where no x is declared, and x_i its row i."""
        base = node.base
        if isinstance(base, s.Name) and self._symbol(base.id) is None:
            other = swap_case(base.id)
            if self._symbol(other) is not None:
                return s.Name(other, span=base.span), node.indices
        if isinstance(base, s.Name) and len(node.indices) == 2:
            symbol, other = self._symbol(base.id), self._symbol(swap_case(base.id))
            small = symbol is not None and c.D1 in (symbol.shape or ()) and base.id[:1].islower()
            if small and other is not None and other.shape and c.D1 not in other.shape:
                return s.Name(swap_case(base.id), span=base.span), node.indices
        return base, node.indices

    def _first(self, base):
        if isinstance(base, (s.T, s.Diff)):
            return self._first(base.arg)
        symbol = self._symbol(base.id) if isinstance(base, s.Name) else None
        return 0 if symbol is not None and symbol.zero_based else 1

    def _slice(self, node, want):
        raise Unreadable("A colon stands for a whole row or column, inside brackets only.", node.span)

    def _delta(self, node, want):
        pair = []
        for one, other in ((node.i, node.j), (node.j, node.i)):
            known = isinstance(other, s.Name) and self._bound(other.id)
            dim = known.dim if known else None
            pair.append(self._loose_index(one, dim))
        i, j = pair
        if isinstance(i, c.IVar) and isinstance(j, c.IVar):
            if i.dim is None and j.dim is not None:
                i.dim = j.dim
            elif j.dim is None:
                j.dim = i.dim
            elif i.dim != j.dim:
                raise IllTyped(
                    f"The delta compares {i.name}, which runs over {i.dim}, with {j.name}, which runs over {j.dim}.",
                    node.span,
                )
        return c.Same(c.SCALAR, i, j)

    def _loose_index(self, node, dim):
        if dim is not None or isinstance(node, s.Num):
            return self.index(node, dim or c.size("n"), False)
        variable = self._bound(node.id)
        if variable is None:
            variable = self.free[node.id] = c.IVar(node.id)
        return variable

    def _sum(self, node, want):
        if node.index in self.claim_free:
            raise IllTyped(
                f"The index {node.index} is summed over and is free as well; give the sum another letter"
                " (the value may be right, the line is not).",
                node.span,
            )
        index = c.IVar(node.index, None, True)
        lo, hi = self._range(node, index)
        self.scopes.append({node.index: index})
        body = self.type(node.body, want)
        skip = tuple(self.index(s.Name(one), index.dim, False) for one in node.exclude) if index.dim else ()
        self.scopes.pop()
        if index.dim is None:
            raise IllTyped(
                f"Nothing after the sum carries its index {node.index}, and it has no range; "
                "write the index or the range.",
                node.span,
            )
        if skip or body.shape == c.SCALAR:
            return c.SumOver(body.shape, index, body, skip, lo, hi)
        return self._sum_of_matrices(index, body)

    def _sum_of_matrices(self, index, body):
        return c.SumOver(body.shape, index, body)

    def _range(self, node, index):
        """Sets the size of a full range; gives back the ends of a part of one."""
        if node.hi is None:
            return None, None
        lo = _number(node.lo) if node.lo is not None else Fraction(1)
        hi = self._dim(node.hi)
        if lo is not None and hi is not None and lo in (0, 1):
            index.dim, index.start = hi - c.fixed(int(lo) - 1), int(lo)
            return None, None
        low = self.type(node.lo) if node.lo is not None else c.Const(c.SCALAR, Fraction(1))
        return low, self.type(node.hi)

    def _dim(self, node) -> Any:
        """A size from what was written, as ``N``, ``n+1``, ``2``."""
        if isinstance(node, s.Num) and node.value.denominator == 1:
            return c.fixed(int(node.value))
        if isinstance(node, s.Name) and self.context.is_size(node.id):
            return c.size(node.id)
        if isinstance(node, s.Neg):
            inner = self._dim(node.arg)
            return inner and c.fixed(0) - inner
        if isinstance(node, (s.Add, s.Mul)):
            return self._dim_fold(node)
        return None

    def _dim_fold(self, node):
        dims = [self._dim(one) for one in s.children(node)]
        if None in dims:
            return None
        total = dims[0]
        for one in dims[1:]:
            total = total + one if isinstance(node, s.Add) else total * one
        return total

    # ------------------------------------------------------------------ arrays

    def _special(self, node, want):
        dims = [self._dim(one) for one in node.sizes]
        if None in dims:
            raise IllTyped("The size of this constant matrix is not a declared size.", node.span)
        if node.kind == "eye":
            shape = (dims[0], dims[0]) if dims else want
        else:
            shape = (dims[0], dims[1] if len(dims) > 1 else c.D1) if dims else want
        if node.kind == "ones":
            return self._ones(node, shape)
        if shape is None:
            raise Unsized("The size of I (or 0) does not follow from its place; write it, as in I_M.", node.span)
        if node.kind == "zero":
            return c.Zeros(shape)
        if shape[0] != shape[1]:
            raise IllTyped(f"The identity is square, and this place asks for {c.shape_text(shape)}.", node.span)
        return c.Const(c.SCALAR, Fraction(1)) if shape == c.SCALAR else c.Eye(shape)

    def _ones(self, node, shape):
        if shape is None and self.ones_dim is not None:
            shape = (self.ones_dim, c.D1)
        if shape is None:
            raise Unsized(
                "The size of the vector of ones does not follow from its place; write it, as in 1_N.", node.span
            )
        self.ones_dim = shape[0]
        return c.Const(c.SCALAR, Fraction(1)) if shape == c.SCALAR else c.Ones(shape)

    def _block(self, node, want):
        wide = max(len(row) for row in node.rows)
        if any(len(row) != wide for row in node.rows):
            raise IllTyped("The rows of this matrix have different numbers of cells.", node.span)
        cells: list[list[Any]] = []
        for row in node.rows:
            cells.append([None if _adopts(cell) or _unsized(cell) else self.type(cell) for cell in row])
        heights, widths = self._fill_all(node, cells)
        self._check_cells(node, cells, heights, widths)
        return c.Blocks((c.parts(tuple(heights)), c.parts(tuple(widths))), tuple(map(tuple, cells)))

    def _fill_all(self, node, cells):
        """Types the cells without a size of their own: those first whose room is known, then the rest."""
        places = [(r, k) for r, row in enumerate(cells) for k, cell in enumerate(row) if cell is None]
        while True:
            heights = [self._common(row, 0) for row in cells]
            widths = [self._common([row[k] for row in cells], 1) for k in range(len(cells[0]))]
            if not places:
                return heights, widths
            r, k = min(places, key=lambda place: self._unknown(node, heights, widths, *place))
            places.remove((r, k))
            cells[r][k] = self._fill(node.rows[r][k], heights[r], widths[k])

    def _unknown(self, node, heights, widths, r, k):
        """How many sizes of a cell's room are still open; of an identity one is enough."""
        missing = (heights[r] is None) + (widths[k] is None)
        kind, _ = _special_kind(node.rows[r][k])
        return (0 if missing < 2 else 2) if kind == "eye" else missing

    def _common(self, cells, axis):
        return next((cell.shape[axis] for cell in cells if cell is not None), None)

    def _fill(self, cell, height: Any, width: Any):
        kind, flipped = _special_kind(cell)
        if kind == "ones":
            tall: Any = height or self.ones_dim
            return self.type(cell, (c.D1, width) if flipped else (tall, c.D1))
        if kind == "eye":
            return self.type(cell, (height or width, width or height))
        return self.type(cell, (height or c.D1, width or c.D1))

    def _check_cells(self, node, cells, heights, widths):
        for r, row in enumerate(cells):
            for k, cell in enumerate(row):
                if cell.shape != (heights[r], widths[k]):
                    raise IllTyped(
                        f"A cell of this matrix is {c.shape_text(cell.shape)} where its row and column leave room for "
                        f"{c.shape_text((heights[r], widths[k]))}.",
                        node.rows[r][k].span or node.span,
                    )

    def _build(self, node, want):
        rows, cols = self._dim(node.rows), self._dim(node.cols)
        if rows is None or cols is None:
            raise IllTyped("The size of this matrix, from its last index, is not a declared size.", node.span)
        i = None if rows == c.D1 else c.IVar(node.i, rows, True)
        j = None if cols == c.D1 else c.IVar(node.j, cols, True)
        self.scopes.append({name: one for name, one in ((node.i, i), (node.j, j)) if one is not None})
        body = self.type(node.body)
        self.scopes.pop()
        if body.shape != c.SCALAR:
            raise IllTyped(
                f"An entry of this matrix is {c.shape_text(body.shape)}; entries are numbers.",
                node.body.span or node.span,
            )
        return c.Make((rows, cols), i, j, body)

    def _shaped(self, node, want):
        arg = self.type(node.arg, want)
        dims = [self._dim(one) for one in node.sizes]
        if None not in dims and tuple(dims) != arg.shape:
            said = c.shape_text((dims[0], dims[1]))
            raise IllTyped(f"The brace says {said}, and what is above it is {c.shape_text(arg.shape)}.", node.span)
        return arg

    def _dots(self, node, want):
        raise Unreadable("What these dots leave out does not follow from the terms around them.", node.span)

    # ------------------------------------------------------------------ calculus

    def _deriv(self, node, want):
        return differentiate(self, node)

    def _diff(self, node, want):
        arg = self.type(node.arg, want)
        return c.Differential(arg.shape, arg)


class _Circular:
    """Stands for a definition while it is being typed."""

    def __init__(self, key):
        self.key = key

    @property
    def shape(self):
        raise IllTyped(f"The definition of {latex(self.key)} uses itself.")


def _adopts(node):
    return (isinstance(node, s.Num) and node.value == 0) or _unsized(node)


def _unsized(node):
    kind, _ = _special_kind(node)
    return kind is not None


def _special_kind(node, flipped=False):
    """The kind of a constant array without a size under transposes and signs, and whether it is flipped."""
    if isinstance(node, s.Special) and not node.sizes:
        return node.kind, flipped
    if isinstance(node, (s.T, s.Prime)):
        return _special_kind(node.arg, not flipped)
    if isinstance(node, (s.Neg, s.Inv, s.Diff)):
        return _special_kind(node.arg, flipped)
    if (
        isinstance(node, s.Mul)
        and all(isinstance(one, s.Num) or _unsized(one) for one in node.factors)
        and len(node.factors) == 2
    ):
        return _special_kind(node.factors[1], flipped)
    return None, flipped


def _sum_of_squares(arg):
    return c.Total(c.SCALAR, c.Entrywise(arg.shape, arg, arg))


def _is_zero(core):
    return isinstance(core, c.Zeros) or (isinstance(core, c.Const) and core.value == 0)


def _number(node) -> Fraction | None:
    if isinstance(node, s.Num):
        return node.value
    if isinstance(node, s.Neg):
        inner = _number(node.arg)
        return None if inner is None else -inner
    if isinstance(node, s.Div):
        top, below = _number(node.num), _number(node.den)
        return None if top is None or not below else top / below
    return None


def _cannot_add(first, other):
    text = f"You can add equal shapes only, and these are {c.shape_text(first)} and {c.shape_text(other)}"
    if c.SCALAR in (first, other):
        return text + "; for the same number in every entry write it times a matrix of ones."
    if first == other[::-1]:
        return text + "; one of them needs a transpose."
    if c.D1 in (other[0], first[0]) and first[1] == other[1]:
        return text + "; for the same row in every row write \\mathbf 1_N times it."
    return text + "."


def _cannot_multiply(left, right):
    text = f"The product does not exist: {c.shape_text(left)} times {c.shape_text(right)}"
    if left[0] == right[0]:
        return text + "; with the first factor transposed it would."
    if left[1] == right[1]:
        return text + "; with the second factor transposed it would."
    if right[1] == left[0]:
        return text + "; in the other order it would."
    return text + "."
