"""Rules of differentials, each at one d: of a sum, a product, an inverse, a function; and from them to a gradient."""

from __future__ import annotations

from collections.abc import Iterator

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import canonical, factors, power, product, total, transposed
from lrcore.verify.why.differentiation import OUTER, TWO, entrywise_derivative, function_of, softmax_jacobian
from lrcore.verify.why.shapes import Scope

Results = Iterator[s.Node]


def _moves(node: s.Node, scope: Scope) -> bool:
    """Whether a part is varied."""
    return not scope.varied or bool(scope.names(node) & scope.varied)


def _moving(node: s.Mul, scope: Scope) -> list[int]:
    return [k for k, one in enumerate(node.factors) if _moves(one, scope)]


def _product(node: s.Mul, scope: Scope) -> s.Node:
    parts = node.factors
    return total([product([*parts[:k], s.Diff(parts[k]), *parts[k + 1 :]], scope) for k in _moving(node, scope)], scope)


def differential_of_a_sum(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Diff):
        arg = node.arg
        if isinstance(arg, s.Add):
            moving = [one for one in arg.terms if _moves(one, scope)]
            yield total([s.Diff(one) for one in moving], scope)
        elif isinstance(arg, s.Sum):
            yield canonical(s.Sum(arg.index, s.Diff(arg.body), arg.lo, arg.hi, arg.exclude), scope)
        elif isinstance(arg, s.T):
            yield transposed(s.Diff(arg.arg), scope)
        elif isinstance(arg, s.Mul) and len(_moving(arg, scope)) == 1:
            yield _product(arg, scope)
        elif isinstance(arg, s.Call) and arg.fn in ("tr", "vec", "rvec", "total", "diag"):
            yield s.Call(arg.fn, (s.Diff(arg.args[0]),))


def differential_of_a_constant(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Diff) and not _moves(node.arg, scope):
        yield s.ZERO


def differential_of_a_product(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Diff) and isinstance(node.arg, s.Mul) and len(_moving(node.arg, scope)) > 1:
        yield _product(node.arg, scope)
    if isinstance(node, s.Diff) and isinstance(node.arg, s.Had | s.Kron):
        make, left, right = type(node.arg), node.arg.left, node.arg.right
        found = [canonical(make(s.Diff(left), right), scope)] if _moves(left, scope) else []
        found += [canonical(make(left, s.Diff(right)), scope)] if _moves(right, scope) else []
        yield total(found, scope)


def differential_of_a_power(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Diff):
        arg = node.arg
        if isinstance(arg, s.Pow) and isinstance(arg.exponent, s.Num) and scope.number(arg.base):
            yield product([arg.exponent, power(arg.base, int(arg.exponent.value) - 1, scope), s.Diff(arg.base)], scope)
        elif isinstance(arg, s.Pow) and isinstance(arg.exponent, s.Num) and arg.entrywise:
            one_less = canonical(s.Pow(arg.base, s.num(arg.exponent.value - 1), True), scope)
            yield product([arg.exponent, canonical(s.Had(one_less, s.Diff(arg.base)), scope)], scope)
        if isinstance(arg, s.Call) and arg.fn == "norm2":
            turned = product([transposed(arg.args[0], scope), s.Diff(arg.args[0])], scope)
            yield product([TWO, turned if scope.number(turned) else s.Call("tr", (turned,))], scope)


def differential_of_an_inverse(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Diff) and isinstance(node.arg, s.Inv):
        yield product([s.num(-1), node.arg, s.Diff(node.arg.arg), node.arg], scope)


def differential_of_a_determinant(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Diff) and isinstance(node.arg, s.Call):
        arg = node.arg
        if arg.fn in ("det", "logdet"):
            change = s.Call("tr", (product([s.Inv(arg.args[0]), s.Diff(arg.args[0])], scope),))
            yield change if arg.fn == "logdet" else product([arg, change], scope)
        elif (known := function_of(arg)) and scope.number(known[1]):
            yield product([canonical(OUTER[known[0]](known[1]), scope), s.Diff(known[1])], scope)
        elif known:
            yield canonical(s.Had(entrywise_derivative(*known, scope), s.Diff(known[1])), scope)
        elif arg.fn == "softmax" and scope.shape(arg)[1] == c.D1:
            yield product([softmax_jacobian(arg, scope), s.Diff(arg.args[0])], scope)
        elif arg.fn == "norm":
            inner = arg.args[0]
            turned = product([transposed(inner, scope), s.Diff(inner)], scope)
            turned = turned if scope.number(turned) else s.Call("tr", (turned,))
            yield product([s.Pow(arg, s.num(-1)), turned], scope)


def differential_from_the_derivative(node: s.Node, scope: Scope) -> Results:
    """d f = J dv, and for a number f the product of its gradient with dv."""
    if not isinstance(node, s.Diff) or len(scope.varied) != 1:
        return
    (name,) = scope.varied
    by, f = s.Name(name), node.arg
    if f == by or not _moves(f, scope):
        return
    column = scope.shape(by)[1] == c.D1
    if scope.number(by):
        yield product([s.Deriv(f, (by,)), s.Diff(by)], scope)
    elif scope.number(f):
        turned = product([s.T(s.Deriv(f, (by,))), s.Diff(by)], scope)
        yield turned if column else s.Call("tr", (turned,))
    elif column and scope.shape(f)[1] == c.D1:
        yield product([s.Deriv(f, (by,)), s.Diff(by)], scope)


def differential_through_a_name(node: s.Node, scope: Scope) -> Results:
    """The differential of what depends on the variables by way of a name alone: by the differential of that name."""
    if not isinstance(node, s.Diff) or not scope.number(node.arg):
        return
    for name in sorted(scope.names(node.arg)):
        by = s.Name(name)
        if node.arg != by and scope.definition(name) is not None and scope.names(by) & scope.varied:
            yield product([s.T(s.Deriv(node.arg, (by,))), s.Diff(by)], scope)


def hadamard_in_a_trace(node: s.Node, scope: Scope) -> Results:
    """tr(A^T (B * C)) = tr((A * B)^T C)."""
    if isinstance(node, s.Call) and node.fn == "tr":
        parts = factors(node.args[0])
        for k, one in enumerate(parts):
            if not isinstance(one, s.Had):
                continue
            before = [x for x in (*parts[k + 1 :], *parts[:k]) if not scope.number(x)]
            numbers = [x for x in parts if scope.number(x)]
            if not before:
                continue
            a = transposed(product(before, scope), scope)
            for b, rest in ((one.left, one.right), (one.right, one.left)):
                yield product(
                    [
                        *numbers,
                        s.Call("tr", (product([transposed(canonical(s.Had(a, b), scope), scope), rest], scope),)),
                    ],
                    scope,
                )


def taking_the_differential(node: s.Node, scope: Scope) -> Results:
    """From the derivative by an array to the differential of what is differentiated: no line equal to the one before,
    but a line of its own, see ``by_differentials`` in the search.
    """
    return iter(())


def reading_off(node: s.Node, scope: Scope) -> Results:
    """From the last line of a differential back to the derivative: no line equal to the one before."""
    return iter(())
