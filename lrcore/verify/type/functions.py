"""The functions that have a name: trace, determinant, norms, vec, means, the sigmoid."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable
from lrcore.verify.type.arithmetic import Arithmetic

FUNCTIONS = {"exp": "exp", "log": "log", "sqrt": "sqrt", "abs": "abs"}


class Functions(Arithmetic):
    """Types a call of a function with a name of its own."""

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


def _sum_of_squares(arg):
    return c.Total(c.SCALAR, c.Entrywise(arg.shape, arg, arg))
