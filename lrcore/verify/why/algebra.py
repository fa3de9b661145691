"""Rules of algebra, each at one place: how a sum, product, transpose, trace or inverse may be written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import canonical, factors, joined, power, product, range_of, terms, total, transposed
from lrcore.verify.why.layout import in_columns
from lrcore.verify.why.shapes import Scope, size_node

Results = Iterator[s.Node]
NORM = "norm2"
TWO = s.num(2)


def expansion(node: s.Node, scope: Scope) -> Results:
    """A product of sums, multiplied out."""
    found = None
    if isinstance(node, s.Mul) and any(isinstance(one, s.Add) for one in node.factors):
        found = node.factors
    elif (
        isinstance(node, s.Pow)
        and isinstance(node.base, s.Add)
        and node.exponent == s.num(2)
        and scope.number(node.base)
    ):
        found = (node.base, node.base)
    if found:
        brackets = [k for k, one in enumerate(found) if isinstance(one, s.Add) and isinstance(node, s.Mul)]
        below = [k for k in brackets if any(_stands_below(other, found[k]) for other in found if other != found[k])]
        for k in (one for one in brackets if below and one not in below):  # so that what stands below too cancels
            yield total([product([*found[:k], one, *found[k + 1 :]], scope) for one in terms(found[k])], scope)
        sets: list[tuple[s.Node, ...]] = reduce(
            lambda done, one: [(*row, term) for row in done for term in terms(one)], found, [()]
        )
        if len(sets) <= 16:
            yield total([product(row, scope) for row in sets], scope)
        sums = [k for k, one in enumerate(found) if isinstance(one, s.Add)]
        if len(sums) > 1 and isinstance(node, s.Mul):  # over one of the brackets alone
            for k in sums:
                yield total([product([*found[:k], one, *found[k + 1 :]], scope) for one in terms(found[k])], scope)
        numbers = [one for one in found if scope.number(one)]
        pair = [one for one in numbers if isinstance(one, s.Add)]
        if len(pair) == 2 and len(pair) < len(found):  # of two brackets, what stands beside them kept outside
            rest = [one for one in found if one not in pair]
            for one, other in (pair, pair[::-1]):
                yield product([*rest, total([product([x, other], scope) for x in terms(one)], scope)], scope)


def _stands_below(node: s.Node, bracket: s.Node) -> bool:
    """Whether a bracket stands below a fraction in a term of another."""
    parts = [factor for term in terms(node) for factor in factors(term)]
    powers = [one for one in parts if isinstance(one, s.Pow) and isinstance(one.exponent, s.Num)]
    return any(one.base == bracket and one.exponent.value < 0 for one in powers if isinstance(one.exponent, s.Num))


def factoring_out(node: s.Node, scope: Scope) -> Results:
    """a b + a c + d = a (b + c) + d: what two terms or more have in common, in front, or at one end of a product."""
    if not isinstance(node, s.Add) or len(node.terms) > 6:
        return
    found = [_ends(one, scope) for one in node.terms]
    for at in range(3):
        for common in dict.fromkeys(one for ends in found for one in ends[at]):
            with_it = [k for k, ends in enumerate(found) if common in ends[at]]
            if len(with_it) > 1:
                rest = [_divided(node.terms[k], common, at, scope) for k in with_it]
                inside = total([_sized_one(one, node, common, at, scope) for one in rest], scope)
                whole = product([common, inside] if at < 2 else [inside, common], scope)
                yield total([whole, *(one for k, one in enumerate(node.terms) if k not in with_it)], scope)


def _ends(term: s.Node, scope: Scope) -> tuple[tuple[s.Node, ...], tuple[s.Node, ...], tuple[s.Node, ...]]:
    """The numbers of a term, its first and its last matrix."""
    numbers = tuple(one for one in factors(term) if scope.number(one) and not isinstance(one, s.Num))
    chain = [one for one in factors(term) if not scope.number(one)]
    return numbers, tuple(chain[:1]), tuple(chain[-1:])


def _divided(term: s.Node, common: s.Node, at: int, scope: Scope) -> s.Node:
    """A term without a factor that it has in front, or at one of its ends."""
    parts = list(factors(term))
    places = [k for k, one in enumerate(parts) if one == common]
    del parts[places[-1] if at == 2 else places[0]]
    return product(parts, scope) if parts else s.ONE


def _sized_one(rest: s.Node, node: s.Node, common: s.Node, at: int, scope: Scope) -> s.Node:
    """What is left of a term; a number that is left of a matrix is that number times I."""
    if at == 0 or not scope.number(rest):
        return rest
    side = scope.shape(common)[1 if at == 1 else 0]
    return rest if side == c.D1 else product([rest, s.Special("eye", (size_node(side),))], scope)


def square_of_a_sum(node: s.Node, scope: Scope) -> Results:
    """(a + b)^2 = a^2 + 2 a b + b^2, where a and b may be sums themselves."""
    if not (isinstance(node, s.Pow) and isinstance(node.base, s.Add) and node.exponent == TWO):
        return
    parts = node.base.terms
    if not scope.number(node.base) or len(parts) > 4:
        return
    for size in range(1, len(parts) // 2 + 1):
        for chosen in itertools.combinations(range(len(parts)), size):
            if 2 * size == len(parts) and 0 not in chosen:
                continue
            a = total([parts[k] for k in chosen], scope)
            b = total([one for k, one in enumerate(parts) if k not in chosen], scope)
            squares = [power(a, 2, scope), power(b, 2, scope)]
            yield total([*squares, product([TWO, a, b], scope)], scope)


def transpose_of_a_sum(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.T) and isinstance(node.arg, s.Add):
        yield total([transposed(one, scope) for one in node.arg.terms], scope)


def transpose_of_a_product(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.T) and isinstance(node.arg, s.Mul):
        yield product([transposed(one, scope) for one in reversed(node.arg.factors)], scope)


def symmetric_matrix(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.T) and _seen_symmetric(node.arg, scope):
        yield node.arg
    if isinstance(node, s.Mul) and scope.number(node):  # a number is its own transpose, so that x^T S u = u^T S x
        numbers = [one for one in node.factors if scope.number(one)]
        chain = [one for one in node.factors if not scope.number(one)]
        if any(map(scope.symmetric, chain)):
            turned = [one if scope.symmetric(one) else transposed(one, scope) for one in reversed(chain)]
            yield product([*numbers, *turned], scope)


def _seen_symmetric(node: s.Node, scope: Scope) -> bool:
    """Whether a matrix is its own transpose as it stands: S, I, X^T X, X^T S X, sums of such and their inverses."""
    match node:
        case s.Inv(arg=arg):
            return _seen_symmetric(arg, scope)
        case s.Add(terms=parts):
            return all(_seen_symmetric(one, scope) for one in parts)
        case s.Mul(factors=parts):
            chain = [one for one in parts if not scope.number(one)]
            turned = [one if _seen_symmetric(one, scope) else transposed(one, scope) for one in reversed(chain)]
            return turned == chain
        case s.Special(kind=kind):
            return kind == "eye"
    return scope.symmetric(node)


def norm_as_product(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == NORM and scope.shape(node.args[0])[1] == c.D1:
        yield product([transposed(node.args[0], scope), node.args[0]], scope)
    elif isinstance(node, s.Call) and node.fn == NORM and scope.shape(node.args[0])[0] == c.D1:
        yield product([node.args[0], transposed(node.args[0], scope)], scope)


def frobenius_as_trace(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == NORM:
        yield s.Call("tr", (product([transposed(node.args[0], scope), node.args[0]], scope),))
    if isinstance(node, s.Call) and node.fn in ("frobenius", "inner") and len(node.args) == 2:
        yield s.Call("tr", (product([transposed(node.args[0], scope), node.args[1]], scope),))


def norm_as_sum(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == NORM:
        arg, (rows, cols) = node.args[0], scope.shape(node.args[0])
        if cols == c.D1 or rows == c.D1:
            yield canonical(s.Sum("i", s.Pow(s.Entry(arg, (s.Name("i"),)), s.num(2))), scope)
        else:
            yield canonical(s.Sum("i", s.Sum("j", s.Pow(s.Entry(arg, (s.Name("i"), s.Name("j"))), s.num(2)))), scope)


def linearity_of_the_trace(node: s.Node, scope: Scope) -> Results:
    if not (isinstance(node, s.Call) and node.fn == "tr"):
        return
    arg = node.args[0]
    if isinstance(arg, s.Add):
        yield total([_trace(one, scope) for one in arg.terms], scope)
    elif isinstance(arg, s.Mul) and scope.number(arg.factors[0]):
        yield _trace(arg, scope)


def _trace(node: s.Node, scope: Scope) -> s.Node:
    """The trace of a term, with its numbers in front."""
    front = [one for one in factors(node) if scope.number(one)]
    rest = [one for one in factors(node) if not scope.number(one)]
    return product([*front, s.Call("tr", (s.mul(rest),))], scope) if rest else node


def cyclic_trace(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "tr" and isinstance(node.args[0], s.Mul):
        parts = node.args[0].factors
        for k in range(1, len(parts)):
            turned = product([*parts[k:], *parts[:k]], scope)
            yield turned if scope.number(turned) else s.Call("tr", (turned,))


def trace_of_a_number(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "tr" and scope.number(node.args[0]):
        yield node.args[0]


def trace_of_a_transpose(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "tr":
        arg = node.args[0]
        if isinstance(arg, s.T):
            yield s.Call("tr", (arg.arg,))
        elif isinstance(arg, s.Mul):
            yield s.Call("tr", (product([transposed(one, scope) for one in reversed(arg.factors)], scope),))


def trace_as_a_sum(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "tr":
        yield canonical(s.Sum("i", s.Entry(node.args[0], (s.Name("i"), s.Name("i")))), scope)


def entry_of_a_sum(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Entry) and isinstance(node.base, s.Add):
        yield total([_entry(one, node, scope) for one in node.base.terms], scope)


def _entry(term: s.Node, node: s.Entry, scope: Scope) -> s.Node:
    front = [one for one in factors(term) if scope.number(one)]
    rest = [one for one in factors(term) if not scope.number(one)]
    return product([*front, replace(node, base=s.mul(rest))], scope) if rest else term


def entry_of_a_transpose(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Entry) and isinstance(node.base, s.T) and len(node.indices) == 2:
        yield replace(node, base=node.base.arg, indices=node.indices[::-1])


def entry_of_a_multiple(node: s.Node, scope: Scope) -> Results:
    if not isinstance(node, s.Entry) or isinstance(node.indices[-1], s.Slice):
        return
    if isinstance(node.base, s.Mul) and scope.number(node.base.factors[0]):
        yield _entry(node.base, node, scope)


def sum_as_a_matrix_product(node: s.Node, scope: Scope) -> Results:
    """An entry of a product, or a product of row and column, as the sum that it stands for."""
    if isinstance(node, s.Entry) and isinstance(node.base, s.Mul) and not isinstance(node.indices[-1], s.Slice):
        parts = node.base.factors
        if scope.number(parts[0]):
            return
        for cut in range(1, len(parts)):
            left, right = s.mul(parts[:cut]), s.mul(parts[cut:])
            if scope.shape(left)[1] == c.D1:
                if len(node.indices) == 2:
                    yield canonical(s.Mul((s.Entry(left, node.indices[:1]), s.Entry(right, node.indices[1:]))), scope)
                continue
            row = scope.shape(left)[0] == c.D1
            column = scope.shape(right)[1] == c.D1
            first = () if row and len(node.indices) < 2 else (node.indices[0],)
            last = () if column and len(node.indices) < 2 else (node.indices[-1],)
            yield canonical(
                s.Sum("k_0", s.Mul((s.Entry(left, (*first, s.Name("k_0"))), s.Entry(right, (s.Name("k_0"), *last))))),
                scope,
            )
    elif isinstance(node, s.Mul) and len(node.factors) >= 2 and scope.number(node):
        chain = [one for one in node.factors if not scope.number(one)]
        front = [one for one in node.factors if scope.number(one)]
        for cut in range(1, len(chain)):
            left, right = product(reversed([transposed(x, scope) for x in chain[:cut]]), scope), s.mul(chain[cut:])
            if scope.shape(left)[1] == c.D1 == scope.shape(right)[1]:
                body = s.Mul((s.Entry(left, (s.Name("k_0"),)), s.Entry(right, (s.Name("k_0"),))))
                yield product([*front, canonical(s.Sum("k_0", body), scope)], scope)


def sum_of_a_sum(node: s.Node, scope: Scope) -> Results:
    if not isinstance(node, s.Sum) or not isinstance(node.body, s.Add):
        return
    found = []
    for one in node.body.terms:
        if node.hi is None and node.index not in s.occurring(one):  # alone it would not tell what the index runs over
            high = range_of(node.body, node.index, scope)
            if high is None:
                return
            found.append(replace(node, body=one, lo=s.ONE, hi=high))
        else:
            found.append(replace(node, body=one))
    yield total([canonical(one, scope) for one in found], scope)


def swapping_sums(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Sum) and isinstance(node.body, s.Sum):
        inner = node.body
        yield canonical(
            replace(
                inner,
                index="i_0",
                body=replace(
                    node,
                    index="j_0",
                    body=s.substitute(
                        s.substitute(inner.body, {inner.index: s.Name("i_0")}), {node.index: s.Name("j_0")}
                    ),
                ),
            ),
            scope,
        )


def constant_in_a_sum(node: s.Node, scope: Scope) -> Results:
    if not isinstance(node, s.Sum) or node.index in s.occurring(node.body) or node.exclude:
        return
    if node.lo == s.ONE and node.hi is not None:
        yield product([node.hi, node.body], scope)


def term_taken_out(node: s.Node, scope: Scope) -> Results:
    """A sum without one term is the whole sum less that term."""
    if isinstance(node, s.Sum) and len(node.exclude) == 1:
        left_out = s.substitute(node.body, {node.index: s.Name(node.exclude[0])})
        whole = replace(node, exclude=())
        if whole.hi is None and range_of(whole.body, whole.index, scope) is None:
            return
        yield total([canonical(whole, scope), product([s.num(-1), canonical(left_out, scope)], scope)], scope)


def delta_picks_a_term(node: s.Node, scope: Scope) -> Results:
    if not isinstance(node, s.Sum):
        return
    for one in factors(node.body):
        if isinstance(one, s.Delta) and s.Name(node.index) in (one.i, one.j):
            other = one.j if one.i == s.Name(node.index) else one.i
            rest = [x for x in factors(node.body) if x is not one]
            body = s.substitute(s.mul(rest) if rest else s.ONE, {node.index: other})
            yield canonical(body, scope)


def delta_renames(node: s.Node, scope: Scope) -> Results:
    """delta_ij a_j = delta_ij a_i, and delta_ij^2 = delta_ij."""
    if isinstance(node, s.Pow) and isinstance(node.base, s.Delta) and isinstance(node.exponent, s.Num):
        if node.exponent.value > 0:
            yield node.base
        return
    for k, one in enumerate(factors(node) if isinstance(node, s.Mul) else ()):
        if isinstance(one, s.Delta) and isinstance(one.i, s.Name) and isinstance(one.j, s.Name):
            rest = [x for j, x in enumerate(factors(node)) if j != k]
            new = [canonical(s.substitute(x, {one.j.id: one.i}), scope) for x in rest]
            if new != rest:
                yield product([one, *new], scope)


def column_of_ones_sums(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Mul) and scope.number(node):
        chain = [one for one in node.factors if not scope.number(one)]
        front = [one for one in node.factors if scope.number(one)]
        if chain and isinstance(chain[0], s.T) and _ones(chain[0].arg):
            rest = s.mul(chain[1:])
            yield product([*front, canonical(s.Sum("k_0", s.Entry(rest, (s.Name("k_0"),))), scope)], scope)
        if chain and _ones(chain[-1]):
            rest = product([transposed(one, scope) for one in reversed(chain[:-1])], scope)
            yield product([*front, canonical(s.Sum("k_0", s.Entry(rest, (s.Name("k_0"),))), scope)], scope)


def constant_ones(node: s.Node, scope: Scope) -> Results:
    """1^T 1 = n."""

    def size(one: s.Node, other: s.Node) -> s.Node | None:
        both = isinstance(one, s.T) and _ones(one.arg) and _ones(other)
        return other.sizes[0] if both and isinstance(other, s.Special) and other.sizes else None

    return joined(node, size, scope)


def _ones(node: s.Node) -> bool:
    return isinstance(node, s.Special) and node.kind == "ones"


def inverse_cancels(node: s.Node, scope: Scope) -> Results:
    if not isinstance(node, s.Mul):
        return
    parts = node.factors
    for place, one in enumerate(parts):
        if not isinstance(one, s.Inv):
            continue
        inside = factors(one.arg)
        size = len(inside)
        if parts[place + 1 : place + 1 + size] == inside:
            yield _without(parts[:place], parts[place + 1 + size :], one, scope)
        if place >= size and parts[place - size : place] == inside:
            yield _without(parts[: place - size], parts[place + 1 :], one, scope)


def _without(before: tuple[s.Node, ...], after: tuple[s.Node, ...], inverse: s.Node, scope: Scope) -> s.Node:
    left = [*before, *after]
    eye = s.Special("eye", (size_node(scope.shape(inverse)[0]),))
    return product(left, scope) if any(not scope.number(one) for one in left) else product([*left, eye], scope)


def inverse_of_a_product(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Inv) and isinstance(node.arg, s.Mul) and all(_square(one, scope) for one in node.arg.factors):
        yield product([power(one, -1, scope) for one in reversed(node.arg.factors)], scope)


def _square(node: s.Node, scope: Scope) -> bool:
    rows, cols = scope.shape(node)
    return rows == cols


def inverse_of_a_transpose(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Inv) and isinstance(node.arg, s.T):
        yield s.T(s.Inv(node.arg.arg))
    if isinstance(node, s.T) and isinstance(node.arg, s.Inv):
        yield s.Inv(transposed(node.arg.arg, scope))


def logarithm_of_a_product(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "logdet":
        arg = node.args[0]
        if isinstance(arg, s.Mul) and all(not scope.number(one) and _square(one, scope) for one in arg.factors):
            yield total([s.Call("logdet", (one,)) for one in arg.factors], scope)
        if isinstance(arg, s.Inv):
            yield product([s.num(-1), s.Call("logdet", (arg.arg,))], scope)
        if isinstance(arg, s.T):
            yield s.Call("logdet", (arg.arg,))
    if isinstance(node, s.Call) and node.fn == "log" and scope.number(node.args[0]):
        arg = node.args[0]
        if isinstance(arg, s.Mul):
            yield total([s.Call("log", (one,)) for one in arg.factors], scope)
        if isinstance(arg, s.Pow) and isinstance(arg.exponent, s.Num):
            yield product([arg.exponent, s.Call("log", (arg.base,))], scope)
        if isinstance(arg, s.Call) and arg.fn == "exp":
            yield arg.args[0]
        if isinstance(arg, s.Call) and arg.fn == "sqrt":
            yield product([s.num(Fraction(1, 2)), s.Call("log", arg.args)], scope)


def determinant_of_a_product(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "det":
        arg = node.args[0]
        if (
            isinstance(arg, s.Mul)
            and not any(map(scope.number, arg.factors))
            and all(_square(one, scope) for one in arg.factors)
        ):
            yield product([s.Call("det", (one,)) for one in arg.factors], scope)


def determinant_of_a_transpose(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "det" and isinstance(node.args[0], s.T):
        yield s.Call("det", (node.args[0].arg,))


def determinant_of_an_inverse(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Call) and node.fn == "det" and isinstance(node.args[0], s.Inv):
        yield power(s.Call("det", (node.args[0].arg,)), -1, scope)


def definition_unfolded(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.Name) and (found := scope.definition(node.id)) is not None:
        yield canonical(in_columns(found, scope), scope)
    elif isinstance(node, s.Name):
        yield from _by_entries(node, scope)
    if isinstance(node, s.Entry) and isinstance(node.base, s.Name):
        symbol = scope.context.lookup(node.base.id)
        if symbol is not None and symbol.definition is not None and len(symbol.indices) == len(node.indices) > 0:
            yield canonical(
                s.substitute(in_columns(symbol.definition, scope), dict(zip(symbol.indices, node.indices))), scope
            )
    if isinstance(node, s.At) and isinstance(node.fn, s.Name):
        symbol = scope.context.lookup(node.fn.id)
        if symbol is not None and symbol.definition is not None and len(symbol.params) == len(node.args):
            yield canonical(
                s.substitute(in_columns(symbol.definition, scope), dict(zip(symbol.params, node.args))), scope
            )


def _by_entries(node: s.Name, scope: Scope) -> Results:
    """A name that is defined entry by entry: the array of these."""
    symbol = scope.context.lookup(node.id)
    if symbol is not None and symbol.definition is not None and symbol.indices and symbol.shape is not None:
        rows, cols = symbol.shape
        i, j = (*symbol.indices, "_")[:2]
        yield canonical(s.Build(i, size_node(rows), j, size_node(cols), in_columns(symbol.definition, scope)), scope)
