"""Rules of numbers: fractions, powers, exponentials, roots; and equations that were given."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import (
    canonical,
    coefficient,
    entrywise_factors,
    factors,
    power,
    product,
    terms,
    total,
    transposed,
)
from lrcore.verify.why.shapes import Scope, size_node

Results = Iterator[s.Node]
_MINUS = s.num(-1)


def _call(fn: str, arg: s.Node) -> s.Node:
    return s.Call(fn, (arg,))


def common_denominator(node: s.Node, scope: Scope) -> Results:
    """A sum of fractions over one denominator."""
    if not isinstance(node, s.Add):
        return
    below: list[s.Node] = []
    for one in node.terms:
        for factor in factors(one):
            if isinstance(factor, s.Pow) and isinstance(factor.exponent, s.Num) and factor.exponent.value < 0:
                power_of = s.Pow(factor.base, s.num(-factor.exponent.value))
                below.append(factor.base if factor.exponent.value == -1 else power_of)
    for den in dict.fromkeys(below):
        over = [product([one, den], scope) for one in node.terms]
        yield product([total(over, scope), power(den, -1, scope)], scope)
    if len(set(below)) > 1:
        whole = s.mul(dict.fromkeys(below))
        over = [canonical(s.mul([one, whole]), scope) for one in node.terms]
        yield product([total(over, scope), power(canonical(whole, scope), -1, scope)], scope)


def difference_of_squares(node: s.Node, scope: Scope) -> Results:
    """a^2 - b^2 = (a - b)(a + b)."""
    if isinstance(node, s.Add) and len(node.terms) == 2:
        pairs = [coefficient(one) for one in node.terms]
        roots = [_root(one) for _, one in pairs]
        if all(roots) and sorted(amount for amount, _ in pairs) == [Fraction(-1), Fraction(1)]:
            a, b = (root for (amount, _), root in sorted(zip(pairs, roots), key=lambda x: -x[0][0]))
            if a is not None and b is not None and scope.number(a) and scope.number(b):
                minus = product([_MINUS, b], scope)
                yield product([total([a, minus], scope), total([a, b], scope)], scope)


def _root(node: s.Node) -> s.Node | None:
    if isinstance(node, s.Pow) and node.exponent == s.num(2):
        return node.base
    return s.ONE if node == s.ONE else None


def extended_fraction(node: s.Node, scope: Scope) -> Results:
    """A fraction multiplied above and below by an exponential that stands below."""
    if not (isinstance(node, s.Mul | s.Pow) and scope.number(node)):
        return
    for factor in factors(node):
        if not (isinstance(factor, s.Pow) and factor.exponent == _MINUS and isinstance(factor.base, s.Add)):
            continue
        for one in terms(factor.base):
            if isinstance(one, s.Call) and one.fn == "exp":
                by = _call("exp", product([_MINUS, one.args[0]], scope))
                rest = [x for x in factors(node) if x is not factor]
                below = total([s.ONE if x == one else product([x, by], scope) for x in factor.base.terms], scope)
                yield product([*rest, by, power(below, -1, scope)], scope)


def exponential_of_a_sum(node: s.Node, scope: Scope) -> Results:
    """exp(a + b) = exp(a) exp(b), exp(n a) = exp(a)^n, exp(log a) = a."""
    if not (isinstance(node, s.Call) and node.fn == "exp" and scope.number(node.args[0])):
        return
    arg = node.args[0]
    if isinstance(arg, s.Add):
        yield product([_call("exp", one) for one in arg.terms], scope)
    amount, rest = coefficient(arg)
    if rest != s.ONE and amount != 1 and amount.denominator == 1:
        yield power(_call("exp", rest), int(amount), scope)
    if isinstance(arg, s.Call) and arg.fn == "log":
        yield arg.args[0]


def square_of_a_root(node: s.Node, scope: Scope) -> Results:
    """sqrt(a)^2 = a, and the square of a norm."""
    match node:
        case s.Pow(base=s.Call(fn=("sqrt" | "norm") as fn, args=(arg,)), exponent=s.Num(value=value)):
            if value.denominator == 1 and value % 2 == 0:
                yield power(arg if fn == "sqrt" else _call("norm2", arg), int(value / 2), scope)


def meaning_of_a_function(node: s.Node, scope: Scope) -> Results:
    """What a function stands for: the logistic function, tanh, the logarithm of a determinant, the 1-norm."""
    if not isinstance(node, s.Call):
        return
    (arg, *_) = node.args
    if node.fn == "sigmoid" and scope.number(arg):
        yield s.Pow(total([s.ONE, _call("exp", product([_MINUS, arg], scope))], scope), _MINUS)
    if node.fn == "tanh" and scope.number(arg):
        plus, minus = _call("exp", arg), _call("exp", product([_MINUS, arg], scope))
        over = total([plus, product([_MINUS, minus], scope)], scope)
        yield product([over, s.Pow(total([plus, minus], scope), _MINUS)], scope)
    if node.fn == "log" and isinstance(arg, s.Call) and arg.fn == "det":
        yield _call("logdet", arg.args[0])
    match node:
        case s.Call(fn="log", args=(s.Call(fn="abs", args=(s.Call(fn="det", args=(matrix,)),)),)):
            yield _call("logdet", matrix)
    if node.fn == "relu":
        yield s.Call("larger", (s.ZERO, arg))
    if node.fn == "norml1":
        yield canonical(s.Sum("i", _call("abs", s.Entry(arg, (s.Name("i"),)))), scope)


def logarithm_of_softmax(node: s.Node, scope: Scope) -> Results:
    """log softmax(z) = z - log(1^T e^z) 1, and entry i of it."""
    match node:
        case s.Call(fn="log", args=(s.Call(fn="softmax", args=(inner,)) as whole,)) if scope.shape(whole)[1] == c.D1:
            below = product(
                [_MINUS, _log_sum_exp(inner, scope), s.Special("ones", (size_node(scope.shape(inner)[0]),))], scope
            )
            yield total([inner, below], scope)
        case s.Call(fn="log", args=(s.Entry(base=s.Call(fn="softmax", args=(inner,)), indices=at),)):
            over = canonical(s.Entry(inner, at), scope)
            yield total([over, product([_MINUS, _log_sum_exp(inner, scope)], scope)], scope)


def _log_sum_exp(column: s.Node, scope: Scope) -> s.Node:
    ones = s.Special("ones", (size_node(scope.shape(column)[0]),))
    return _call("log", product([transposed(ones, scope), _call("exp", column)], scope))


def softmax_folded(node: s.Node, scope: Scope) -> Results:
    """The exponentials of a column over their sum."""
    if not isinstance(node, s.Mul):
        return
    for one in node.factors:
        exp = one.arg if isinstance(one, s.T) else one
        if not (isinstance(exp, s.Call) and exp.fn == "exp" and scope.shape(exp)[1] == c.D1):
            continue
        ones = s.Special("ones", (size_node(scope.shape(exp)[0]),))
        for sum_of in (product([s.T(ones), exp], scope), product([s.T(exp), ones], scope)):
            below = s.Pow(sum_of, _MINUS)
            if below in node.factors:
                softmax = _call("softmax", exp.args[0])
                new = s.T(softmax) if isinstance(one, s.T) else softmax
                yield product([new if x is one else x for x in node.factors if x != below], scope)


def hyperbolic_tangent(node: s.Node, scope: Scope) -> Results:
    """sinh z / cosh z is tanh z, of a number, and of an array entry by entry."""
    if isinstance(node, s.Mul | s.Had):
        parts = factors(node) if isinstance(node, s.Mul) else entrywise_factors(node)
        for one in parts:
            if not (isinstance(one, s.Call) and one.fn == "sinh"):
                continue
            below = s.Pow(_call("cosh", one.args[0]), _MINUS, isinstance(node, s.Had))
            if below in parts:
                rest = [x for x in parts if x not in (one, below)]
                whole = [*rest, _call("tanh", one.args[0])]
                yield product(whole, scope) if isinstance(node, s.Mul) else reduce(s.Had, whole)


def logistic_function(node: s.Node, scope: Scope) -> Results:
    """1 / (1 + e^a) is sigma(-a), and e^a / (1 + e^a) is sigma(a)."""
    if not isinstance(node, s.Mul | s.Pow):
        return
    for one in factors(node):
        if not (isinstance(one, s.Pow) and isinstance(one.exponent, s.Num) and one.exponent.value < 0):
            continue
        arg = _of_one_plus_exp(one.base)
        if arg is None:
            continue
        below, rest, above = -int(one.exponent.value), [x for x in factors(node) if x is not one], 0
        exp = _call("exp", arg)
        for x in list(rest):
            base, power_of = (x.base, x.exponent) if isinstance(x, s.Pow) else (x, s.ONE)
            if base == exp and isinstance(power_of, s.Num) and 0 < power_of.value <= below:
                above, rest = int(power_of.value), [y for y in rest if y is not x]
        plus, minus = _call("sigmoid", arg), _call("sigmoid", product([_MINUS, arg], scope))
        found = [power(plus, above, scope)] if above else []
        found += [power(minus, below - above, scope)] if below > above else []
        yield product([*rest, *found], scope)


def _of_one_plus_exp(node: s.Node) -> s.Node | None:
    """a, where 1 + e^a stands."""
    if isinstance(node, s.Add) and len(node.terms) == 2 and s.ONE in node.terms:
        (other,) = (one for one in node.terms if one != s.ONE)
        return other.args[0] if isinstance(other, s.Call) and other.fn == "exp" else None
    return None


def logistic_of_minus(node: s.Node, scope: Scope) -> Results:
    """sigma(-z) = 1 - sigma(z)."""
    if isinstance(node, s.Call) and node.fn == "sigmoid" and scope.number(node.args[0]):
        arg = node.args[0]
        if coefficient(arg)[0] < 0:
            inner = s.Call("sigmoid", (product([_MINUS, arg], scope),))
            yield total([s.ONE, product([_MINUS, inner], scope)], scope)


def given_equation(node: s.Node, scope: Scope) -> Results:
    """One side of an equation that was given in the place of the other: as a whole, or as a part of a product."""
    for left, right in scope.given:
        for old, new in ((left, right), (right, left)):
            if s.is_zero(old) or isinstance(old, s.Num) or (old != new and any(one == old for one in s.walk(new))):
                continue  # H = H H is used from right to left alone: the other way it has no end
            for before, after in dict.fromkeys(
                [
                    (old, new),
                    (transposed(old, scope), transposed(new, scope)),
                    (_turned(old, scope), _turned(new, scope)),
                ]
            ):
                if node == before:
                    yield after
                yield from _within_a_product(node, before, after, scope)


def _turned(node: s.Node, scope: Scope) -> s.Node:
    """The transpose, that of a product as the product of the transposes."""
    return product([transposed(one, scope) for one in reversed(factors(node))], scope)


def _within_a_product(node: s.Node, old: s.Node, new: s.Node, scope: Scope) -> Results:
    """The matrices of a side stand one beside the other in a product, and its numbers, if it has any, are there too."""
    if not isinstance(node, s.Mul):
        return
    fewer, wanted = _apart(old, scope)
    for numbers, parts in _chains(node, scope):
        if len(wanted) + len(fewer) >= len(parts) + len(numbers) or any(
            one not in numbers and not isinstance(one, s.Num) for one in fewer
        ):
            continue
        front = [*numbers, *(s.Pow(one, _MINUS) for one in fewer)]
        if not wanted:
            yield product([*front, new, *parts], scope)
            continue
        for k in range(len(parts) - len(wanted) + 1):
            if parts[k : k + len(wanted)] == wanted:
                eye = isinstance(new, s.Special) and new.kind == "eye" and len(parts) > len(wanted)
                yield product([*front, *parts[:k], *([] if eye else [new]), *parts[k + len(wanted) :]], scope)


def _chains(node: s.Mul, scope: Scope) -> Iterator[tuple[list[s.Node], list[s.Node]]]:
    """The numbers of a product and a chain of matrices in it, as it stands or where a number of it is such a chain."""
    numbers, parts = _apart(node, scope)
    yield numbers, parts
    for k, one in enumerate(numbers if not parts else []):
        if isinstance(one, s.Mul):
            yield [*numbers[:k], *numbers[k + 1 :]], _apart(one, scope)[1]


def _apart(node: s.Node, scope: Scope) -> tuple[list[s.Node], list[s.Node]]:
    """The factors that are numbers, and the others."""
    found = list(factors(node))
    return [one for one in found if scope.number(one)], [one for one in found if not scope.number(one)]
