"""The form in which two spellings of one expression are the same: modulo the free moves, which no step is made of.

Free are associativity, the order of terms, the names of summed indices, transposing a number, collecting equal terms,
and moving numbers to the front. Nothing is multiplied out here, nothing differentiated, no definition put in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.shapes import Scope, Unknown


def key(node: s.Node) -> str:
    """What nodes are put in order by."""
    return _key(node)


@lru_cache(maxsize=50_000)
def _key(node: s.Node) -> str:
    return repr(node)


def canonical(node: s.Node, scope: Scope) -> s.Node:
    """The canonical form of an expression."""
    found = scope.known.get(node)
    if found is None:
        found = scope.known[node] = _canonical(node, scope)
        scope.known.setdefault(found, found)
    return found


def _canonical(node: s.Node, scope: Scope) -> s.Node:
    match node:
        case s.Neg(arg=arg):
            return product([s.num(-1), canonical(arg, scope)], scope)
        case s.Add(terms=terms):
            return total([canonical(one, scope) for one in terms], scope)
        case s.Mul(factors=factors):
            return product([canonical(one, scope) for one in factors], scope)
        case s.Star(left=left, right=right):
            left, right = canonical(left, scope), canonical(right, scope)
            if scope.number(left) or scope.number(right):
                return product([left, right], scope)
            return _entrywise(left, right)
        case s.Had(left=left, right=right):
            return _entrywise(canonical(left, scope), canonical(right, scope))
        case s.Div(num=num, den=den):
            return product([canonical(num, scope), power(canonical(den, scope), -1, scope)], scope)
        case s.Inv(arg=arg):
            return power(canonical(arg, scope), -1, scope)
        case s.Pow(base=base, exponent=s.Num(value=value)) if value.denominator == 1:
            base = canonical(base, scope)
            if value == 2 and isinstance(base, s.Call) and base.fn in s.NORMS:
                return s.Call(_norm(s.NORMS[base.fn]), base.args)
            if value == 2 and not node.entrywise and _column(base, scope) and not scope.number(base):
                return s.Call("norm2", (base,))
            if node.entrywise and not scope.number(base):
                return s.Pow(base, node.exponent, True)
            return power(base, int(value), scope)
        case s.T(arg=arg):
            return transposed(canonical(arg, scope), scope)
        case s.Prime(arg=arg) if not isinstance(arg, s.At):
            return transposed(canonical(arg, scope), scope)
        case s.Call(fn="inner", args=(a, b)) if _column(a, scope):
            return product([transposed(canonical(a, scope), scope), canonical(b, scope)], scope)
        case s.Call(fn=fn, args=args):
            return s.Call(_norm(fn), tuple(canonical(one, scope) for one in args))
        case s.Sum():
            return _summed(node, scope)
        case s.Entry(base=s.Special(kind="ones")):
            return s.ONE
        case s.Entry(base=s.T(arg=arg), indices=(one,)) if not isinstance(one, s.Slice):
            return canonical(s.Entry(arg, (one,)), scope)
        case s.Delta(i=i, j=j):
            return s.Delta(*sorted((i, j), key=key))
        case s.At(fn=s.Name(id=name), args=args):
            symbol = scope.context.lookup(name)
            if symbol is not None and symbol.definition is not None and not symbol.indices:
                own = tuple(map(s.Name, symbol.params)) or args
                if own == args:
                    return s.Name(name)
        case s.Deriv(f=f, wrt=wrt, kind=kind):
            kind = "auto" if kind == "grad" and scope.context.layout == "gradient" else kind
            return s.Deriv(canonical(f, scope), tuple(canonical(one, scope) for one in wrt), kind)
        case s.Shaped(arg=arg):
            return canonical(arg, scope)
    return s.rebuild(node, lambda child: canonical(child, scope))


def _norm(fn: str) -> str:
    return {"normf2": "norm2", "norml22": "norm2", "normf": "norm", "norml2": "norm"}.get(fn, fn)


def _column(node: s.Node, scope: Scope) -> bool:
    return scope.shape(node)[1] == c.D1


def _entrywise(left: s.Node, right: s.Node) -> s.Node:
    return s.Had(*sorted((left, right), key=key))


def _summed(node: s.Sum, scope: Scope) -> s.Node:
    body = canonical(node.body, scope)
    whole = (
        node.lo in (None, s.ONE) and (node.hi is None or isinstance(node.hi, s.Name)) and node.index in s.names(body)
    )
    high = 1 + max(
        (int(one.index[1:]) for one in s.walk(body) if isinstance(one, s.Sum) and one.index[:1] == "§"), default=0
    )
    mark = f"§{high}"
    outside: list[s.Node] = []
    inside: list[s.Node] = []
    for one in factors(body):
        (inside if node.index in s.names(one) else outside).append(one)
    if not whole or node.exclude:
        outside, inside = [], [body]
    elif not all(map(scope.number, outside)):
        outside, inside = [], list(factors(body))
    body = s.substitute(s.mul(inside) if inside else s.ONE, {node.index: s.Name(mark)})
    summed = replace(
        node,
        index=mark,
        body=canonical(body, scope),
        lo=None if whole else node.lo,
        hi=None if whole else node.hi,
        span=None,
    )
    return product([*outside, summed], scope) if outside else summed


def factors(node: s.Node) -> tuple[s.Node, ...]:
    """The factors of a product, of anything else the thing itself."""
    return node.factors if isinstance(node, s.Mul) else (node,)


def terms(node: s.Node) -> tuple[s.Node, ...]:
    """The terms of a sum, of anything else the thing itself."""
    return node.terms if isinstance(node, s.Add) else (node,)


def power(base: s.Node, exponent: int, scope: Scope) -> s.Node:
    """A whole power."""
    if exponent == 1:
        return base
    if isinstance(base, s.Num) and (base.value or exponent > 0):
        return s.num(base.value**exponent)
    if isinstance(base, s.Pow) and isinstance(base.exponent, s.Num) and not base.entrywise:
        return (
            power(base.base, int(base.exponent.value * exponent), scope)
            if scope.number(base.base)
            else s.Pow(base, s.num(exponent))
        )
    if not scope.number(base):
        if exponent == -1:
            return base.arg if isinstance(base, s.Inv) else s.Inv(base)
        return product([base] * exponent, scope) if 0 < exponent < 5 else s.Pow(base, s.num(exponent))
    if isinstance(base, s.Mul):
        return (
            product([power(one, exponent, scope) for one in base.factors], scope)
            if all(map(scope.number, base.factors))
            else s.Pow(base, s.num(exponent))
        )
    return s.Pow(base, s.num(exponent))


def transposed(node: s.Node, scope: Scope) -> s.Node:
    """The transpose; of a number the number, of a transpose what was transposed. Numbers move to the front."""
    if isinstance(node, s.T):
        return node.arg
    if isinstance(node, s.Special) and node.kind == "eye" and not node.sizes[1:]:
        return node
    if scope.number(node):
        return node
    if isinstance(node, s.Mul):
        numbers = [one for one in node.factors if scope.number(one)]
        rest = [one for one in node.factors if not scope.number(one)]
        if numbers:
            return product([*numbers, transposed(s.mul(rest), scope)], scope)
    return s.T(node)


def total(given: Iterable[s.Node], scope: Scope) -> s.Node:
    """A sum with its equal terms collected."""
    amounts: dict[s.Node, Fraction] = {}
    shape = None
    for one in given:
        for term in terms(one):
            amount, rest = coefficient(term)
            if rest == s.ONE and shape is None:
                shape = c.SCALAR
            amounts[rest] = amounts.get(rest, Fraction(0)) + amount
    found = [scaled(amount, rest) for rest, amount in amounts.items() if amount and not s.is_zero(rest)]
    if not found:
        return s.ZERO
    return s.add(sorted(found, key=lambda one: key(coefficient(one)[1])))


def coefficient(node: s.Node) -> tuple[Fraction, s.Node]:
    """The number in front of a term, and the rest."""
    if isinstance(node, s.Num):
        return node.value, s.ONE
    if isinstance(node, s.Mul) and isinstance(node.factors[0], s.Num):
        return node.factors[0].value, s.mul(node.factors[1:])
    return Fraction(1), node


def scaled(amount: Fraction, rest: s.Node) -> s.Node:
    """A term with a number in front."""
    if rest == s.ONE:
        return s.num(amount)
    return rest if amount == 1 else s.Mul((s.num(amount), *factors(rest)))


def product(given: Iterable[s.Node], scope: Scope) -> s.Node:
    """A product: the number, the factors that are numbers with their powers, then the matrices as they stand."""
    amount, powers = Fraction(1), dict[s.Node, int]()
    chain: list[s.Node] = []
    stack = [factor for one in given for factor in factors(one)]
    for one in stack:
        if isinstance(one, s.Num):
            amount *= one.value
        elif s.is_zero(one):
            return s.ZERO
        elif isinstance(one, s.Special) and one.kind == "eye" and len(stack) > 1 and _has_matrix(stack, one, scope):
            continue
        elif scope.number(one):
            _count(powers, one)
        else:
            chain.append(one)
    if not amount:
        return s.ZERO
    rest = []
    for piece in _pieces(chain, scope):
        if len(piece) == 1 and not scope.number(piece[0]):
            rest.append(piece[0])
        elif scope.number(s.mul(piece)):
            _count(powers, _turned(piece, scope))
        else:
            rest.extend(piece)
    numbers = sorted((power(one, count, scope) for one, count in powers.items() if count), key=key)
    found = [*numbers, *rest]
    if not found:
        return s.num(amount)
    return s.mul(found) if amount == 1 else s.Mul((s.num(amount), *found))


def _has_matrix(stack: list[s.Node], eye: s.Node, scope: Scope) -> bool:
    return any(
        one is not eye and not (isinstance(one, s.Special) and one.kind == "eye") and not scope.number(one)
        for one in stack
    )


def _count(powers: dict[s.Node, int], one: s.Node) -> None:
    base, count = one, 1
    if isinstance(one, s.Pow) and isinstance(one.exponent, s.Num) and one.exponent.value.denominator == 1:
        base, count = one.base, int(one.exponent.value)
    powers[base] = powers.get(base, 0) + count


def _pieces(chain: list[s.Node], scope: Scope) -> list[list[s.Node]]:
    """A chain of matrices cut where a part of it is a number."""
    found: list[list[s.Node]] = []
    start = None
    rest: list[s.Node] = []
    for one in chain:
        rows, cols = _safe(one, scope)
        if rows == c.D1 and start is None:
            start = len(rest)
        rest.append(one)
        if start is not None and cols == c.D1:
            found.append(rest[start:])
            rest, start = rest[:start], None
    return [*found, rest] if rest else found


def _safe(one: s.Node, scope: Scope) -> tuple[c.Dim | None, c.Dim | None]:
    try:
        return scope.shape(one)
    except Unknown:
        return None, None


def _turned(piece: list[s.Node], scope: Scope) -> s.Node:
    """A product that is a number, written one way of two: it is its own transpose."""
    other = [transposed(one, scope) for one in reversed(piece)]
    return s.mul(min(piece, other, key=lambda one: (sum(isinstance(x, s.T) for x in one), [key(x) for x in one])))
