"""The form in which two spellings of one expression are the same: modulo the free moves, which no step is made of.

Free are associativity, the order of terms, the names of summed indices, transposing a number, collecting equal terms,
and moving numbers to the front. Nothing is multiplied out here, nothing differentiated, no definition put in.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.shapes import Scope, Unknown, size_node


def key(node: s.Node) -> str:
    """What nodes are put in order by."""
    known: str | None = node.__dict__.get("_key")
    if known is None:
        names: tuple[str, ...] = node.__match_args__
        parts = (getattr(node, name) for name in names)
        known = f"{type(node).__name__}({', '.join(map(_key_of, parts))})"
        object.__setattr__(node, "_key", known)
    return known


def _key_of(part: object) -> str:
    if isinstance(part, s.Node):
        return key(part)
    return f"({', '.join(map(_key_of, part))})" if isinstance(part, tuple) else repr(part)


def canonical(node: s.Node, scope: Scope) -> s.Node:
    """The canonical form of an expression."""
    found = scope.known.get(node)
    if found is None:
        scope.work -= 1
        found = _canonical(node, scope)
        found = scope.known[node] = scope.known.setdefault(found, found)
    return found


def _canonical(node: s.Node, scope: Scope) -> s.Node:
    match node:
        case s.Neg(arg=arg):
            return product([s.num(-1), canonical(arg, scope)], scope)
        case s.Add(terms=terms):
            return total([canonical(one, scope) for one in terms], scope)
        case s.Pow(base=base, exponent=s.Neg(arg=s.Num(value=value))):
            return canonical(replace(node, exponent=s.num(-value)), scope)
        case s.Mul(factors=factors, dot=True) if any(
            _two_columns(*pair, scope) for pair in itertools.pairwise(factors)
        ):
            return canonical(s.Mul(_dotted(factors, scope)), scope)
        case s.Mul(factors=factors):
            return product(_fitted([canonical(one, scope) for one in factors], scope), scope)
        case s.Star(left=left, right=right):
            left, right = canonical(left, scope), canonical(right, scope)
            if scope.number(left) or scope.number(right):
                return product([left, right], scope)
            return _entrywise(left, right, scope)
        case s.Had(left=left, right=right):
            return _entrywise(canonical(left, scope), canonical(right, scope), scope)
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
                if value == 1:
                    return base
                return s.Pow(base, node.exponent, True)
            return power(base, int(value), scope)
        case s.T(arg=arg):
            return transposed(canonical(arg, scope), scope)
        case s.Prime(arg=arg) if not isinstance(arg, s.At):
            return transposed(canonical(arg, scope), scope)
        case s.Call(fn="inner", args=(a, b)) if _column(a, scope):
            return product([transposed(canonical(a, scope), scope), canonical(b, scope)], scope)
        case s.Call(fn="bars", args=(arg,)):
            arg = canonical(arg, scope)
            return s.Call("abs" if scope.number(arg) else "det", (arg,))
        case s.Call(fn=fn, args=args):
            return s.Call(_norm(fn), tuple(canonical(one, scope) for one in args))
        case s.Sum():
            return _summed(node, scope)
        case s.Special(kind="zero"):
            return s.ZERO
        case (
            s.Prime(arg=s.At(args=(s.Name() as by,)) as f) | s.Prime(arg=s.Prime(arg=s.At(args=(s.Name() as by,))) as f)
        ):
            return canonical(s.Deriv(f, (by,)), scope)
        case s.Build():
            return _built(node, scope)
        case s.Entry():
            return _entry(node, scope)
        case s.Delta(i=i, j=j):
            return s.Delta(*sorted((i, j), key=key))
        case s.At(fn=s.Name(id=name), args=args):
            symbol = scope.context.lookup(name)
            if symbol is not None and symbol.definition is not None and not symbol.indices:
                own = tuple(map(s.Name, symbol.params)) or args
                if own == args:
                    return s.Name(name)
        case s.Deriv(f=f, wrt=wrt, kind=kind):
            kind = "auto" if kind == "grad" else kind
            return s.Deriv(canonical(f, scope), tuple(canonical(one, scope) for one in wrt), kind)
        case s.Shaped(arg=arg):
            return canonical(arg, scope)
        case s.Block(rows=rows):
            cells = tuple(tuple(canonical(one, scope) for one in row) for row in rows)
            return s.ZERO if all(one == s.ZERO for row in cells for one in row) else s.Block(cells)
    return s.rebuild(node, lambda child: canonical(child, scope))


def _entry(node: s.Entry, scope: Scope) -> s.Node:
    """An entry; x_i and x_ij of a matrix X are its row, as a column, and its entry, however they are spelled."""
    base, at = canonical(node.base, scope), tuple(canonical(one, scope) for one in node.indices)
    if node.zero:
        at = tuple(s.num(one.value + 1) if isinstance(one, s.Num) else one for one in at)
    other = scope.table_of(base)
    if other is not None and len(at) in (1, 2):
        base = other
        if len(at) == 1 and not isinstance(at[0], s.Slice):
            return s.T(s.Entry(base, (at[0], s.Slice())))
    whole = not any(isinstance(one, s.Slice) for one in at)
    match base:
        case s.Special(kind="ones") if whole:
            return s.ONE
        case s.Special(kind="zero") if whole:
            return s.ZERO
        case s.T(arg=arg) if whole and len(at) == 1:
            return canonical(s.Entry(arg, at), scope)
        case s.T(arg=arg) if len(at) == 2 and not whole:
            return transposed(canonical(s.Entry(arg, at[::-1]), scope), scope)  # a row of A^T is a column of A
        case s.Build(i=i, j=j, body=body) if whole:
            letters = [one for one in (i, j) if one != "_"]
            if len(letters) == len(at):
                return canonical(s.substitute(body, dict(zip(letters, at))), scope)
        case s.Entry(base=inner, indices=(first, s.Slice())) if (
            whole and len(at) == 1 and not isinstance(first, s.Slice)
        ):
            return canonical(s.Entry(inner, (first, at[0])), scope)
        case s.Entry(base=inner, indices=(s.Slice(), second)) if whole and len(at) == 1:
            return canonical(s.Entry(inner, (at[0], second)), scope)
    if len(at) == 1 and whole and isinstance(base, s.Name) and c.D1 not in scope.shape(base):
        scope.rows.setdefault(base.id, base.id)
        return s.T(s.Entry(base, (at[0], s.Slice())))
    return s.Entry(base, at)


def _range_in(body: s.Node, index: str, scope: Scope) -> s.Node:
    """What a letter runs over, by the slots in which it stands."""
    found = range_of(body, index, scope)
    if found is None:
        raise Unknown
    return found


def range_of(body: s.Node, index: str, scope: Scope) -> s.Node | None:
    """The size of the slots that an index stands in."""
    for one in s.walk(body):
        if isinstance(one, s.Entry) and s.Name(index) in one.indices:
            rows, cols = scope.shape(scope.table_of(one.base) or one.base)
            slot = one.indices.index(s.Name(index))
            if len(one.indices) == 2:
                return size_node((rows, cols)[slot])
            return size_node(cols if rows == c.D1 else rows)
    return None


def _built(node: s.Build, scope: Scope) -> s.Node:
    """The array with a given entry; [A_ij] is A itself."""
    rows, cols = (
        canonical(size, scope) if size is not None else _range_in(node.body, letter, scope)
        for letter, size in ((node.i, node.rows), (node.j, node.cols))
    )
    node = replace(node, rows=rows, cols=cols)
    letters = [(old, new) for old, new in ((node.i, "§i"), (node.j, "§j")) if old != "_"]
    body = canonical(s.substitute(node.body, {old: s.Name(new) for old, new in letters}), scope)
    at = tuple(s.Name(new) for _, new in letters)
    if isinstance(body, s.Entry) and not {one.id for one in at} & s.occurring(body.base):
        if body.indices == at:
            return body.base
        if len(at) == 2 and body.indices == at[::-1]:
            return s.T(body.base)
    if body == s.ONE and len(at) == 1:
        ones = s.Special("ones", (rows if node.j == "_" else cols,))
        return ones if node.j == "_" else s.T(ones)
    out = [one for one in factors(body) if not {one.id for one in at} & s.occurring(one) and scope.number(one)]
    if out and out != list(factors(body)):
        inside = s.mul([one for one in factors(body) if one not in out])
        return product(
            [
                *out,
                canonical(replace(node, body=s.substitute(inside, {new: s.Name(old) for old, new in letters})), scope),
            ],
            scope,
        )
    (i, j) = ("§i" if node.i != "_" else "_", "§j" if node.j != "_" else "_")
    return s.Build(i, rows, j, cols, body)


def _fitted(parts: list[s.Node], scope: Scope) -> list[s.Node]:
    """The factors; a column of ones without a size has that of the factor beside it."""
    for k, one in enumerate(parts):
        bare = one.arg if isinstance(one, s.T) else one
        if isinstance(bare, s.Special) and bare.kind == "ones" and not bare.sizes:
            beside = parts[k + 1 : k + 2] if one is not bare else parts[k - 1 : k] if k else []
            shapes = [_safe(other, scope) for other in beside]
            dim = shapes[0][0 if one is not bare else 1] if shapes else None
            if dim is not None:
                sized = replace(bare, sizes=(size_node(dim),))
                parts[k] = sized if one is bare else s.T(sized)
    return parts


def _two_columns(one: s.Node, other: s.Node, scope: Scope) -> bool:
    columns = [scope.shape(canonical(x, scope)) for x in (one, other)]
    return columns[0] == columns[1] and columns[0][1] == c.D1 != columns[0][0]


def _dotted(parts: tuple[s.Node, ...], scope: Scope) -> tuple[s.Node, ...]:
    """The dot product of two columns as a product of row and column."""
    for k, pair in enumerate(itertools.pairwise(parts)):
        if _two_columns(*pair, scope):
            return (*parts[:k], s.Mul((s.T(pair[0]), pair[1])), *parts[k + 2 :])
    return parts


def _norm(fn: str) -> str:
    return {"normf2": "norm2", "norml22": "norm2", "normf": "norm", "norml2": "norm"}.get(fn, fn)


def _column(node: s.Node, scope: Scope) -> bool:
    return scope.shape(node)[1] == c.D1


def _entrywise(left: s.Node, right: s.Node, scope: Scope) -> s.Node:
    """An entrywise product: its numbers in front, its factors in order, however they are put in brackets."""
    numbers: list[s.Node] = []
    parts: list[s.Node] = []
    for one in (*entrywise_factors(left), *entrywise_factors(right)):
        front = [x for x in factors(one) if scope.number(x)] if isinstance(one, s.Mul) else []
        numbers += front
        parts.append(s.mul([x for x in factors(one) if x not in front]) if front else one)
    whole = reduce(s.Had, sorted(parts, key=key))
    return product([*numbers, whole], scope) if numbers else whole


def entrywise_factors(node: s.Node) -> list[s.Node]:
    """The factors of an entrywise product, however they are put in brackets."""
    return [*entrywise_factors(node.left), *entrywise_factors(node.right)] if isinstance(node, s.Had) else [node]


def _summed(node: s.Sum, scope: Scope) -> s.Node:
    body = canonical(node.body, scope)
    whole = node.index in s.occurring(body) and (
        (node.lo in (None, s.ONE) and (node.hi is None or isinstance(node.hi, s.Name)))
        or (_counted_from_zero(node, scope) and _in_slots_alone(body, node.index))
    )
    high = 1 + max(
        (int(one.index[1:]) for one in s.walk(body) if isinstance(one, s.Sum) and one.index[:1] == "§"), default=0
    )
    mark = f"§{high}"
    outside: list[s.Node] = []
    inside: list[s.Node] = []
    for one in factors(body):
        still = node.index not in s.occurring(one) and scope.number(one)
        (outside if still else inside).append(one)
    if not whole or node.exclude:
        outside, inside = [], [body]
    body = s.substitute(s.mul(inside) if inside else s.ONE, {node.index: s.Name(mark)})
    summed = replace(
        node,
        index=mark,
        body=canonical(body, scope),
        lo=None if whole else node.lo,
        hi=None if whole else node.hi,
        zero=node.zero and not whole,
        span=None,
    )
    return product([*outside, summed], scope) if outside else summed


def _counted_from_zero(node: s.Sum, scope: Scope) -> bool:
    """Whether a sum runs from 0 to a size less 1."""
    if node.lo != s.ZERO or node.hi is None:
        return False
    end = total([canonical(node.hi, scope), s.ONE], scope)
    return isinstance(end, s.Name) and scope.context.is_size(end.id)


def _in_slots_alone(node: s.Node, index: str) -> bool:
    """Whether an index stands by itself, and in the slots of entries only: then it does not matter where it starts."""
    if isinstance(node, s.Entry | s.Delta):
        slots = node.indices if isinstance(node, s.Entry) else (node.i, node.j)
        bases = [node.base] if isinstance(node, s.Entry) else []
        rest = [one for one in slots if one != s.Name(index)]
        return not any(index in s.occurring(one) for one in (*bases, *rest))
    return node != s.Name(index) and all(_in_slots_alone(one, index) for one in s.children(node))


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
        return product([base] * exponent, scope) if 0 < exponent < 9 else s.Pow(base, s.num(exponent))
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
    if scope.number(node) or (isinstance(node, s.Call) and node.fn == "diag" and _column(node.args[0], scope)):
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
    flat = [term for one in given for term in terms(one)]
    for term in flat if not any(map(_unsized, flat)) else sized(flat, scope):
        amount, rest = coefficient(term)
        amounts[rest] = amounts.get(rest, Fraction(0)) + amount
    found = [scaled(amount, rest) for rest, amount in amounts.items() if amount and not s.is_zero(rest)]
    if not found:
        return s.ZERO
    return s.add(sorted(found, key=lambda one: key(coefficient(one)[1])))


def _unsized(node: s.Node) -> bool:
    last = factors(node)[-1]
    return isinstance(last, s.Special) and not last.sizes and last.kind in ("eye", "ones")


def sized(flat: list[s.Node], scope: Scope) -> list[s.Node]:
    """The terms of a sum, with the sizes of an I or 1 that stands without any."""
    known = next((one for one in flat if not _unsized(one) and _safe(one, scope) != (None, None)), None)
    return flat if known is None else [with_size(one, scope.shape(known)) for one in flat]


def with_size(node: s.Node, shape: c.Shape) -> s.Node:
    """The term with the size of an I or 1 that stands without one."""
    if not _unsized(node) or shape == c.SCALAR:
        return node
    *before, last = factors(node)
    assert isinstance(last, s.Special)
    return s.mul([*before, replace(last, sizes=(size_node(shape[0]),))])


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


def joined(node: s.Node, whole: Callable[[s.Node, s.Node], s.Node | None], scope: Scope) -> Iterator[s.Node]:
    """The product with two factors, one beside the other, replaced by the ``whole`` that they make; each such pair."""
    parts = node.factors if isinstance(node, s.Mul) else ()
    for k, pair in enumerate(itertools.pairwise(parts)):
        if (new := whole(*pair)) is not None:
            yield product([*parts[:k], new, *parts[k + 2 :]], scope)


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
        elif _is_eye(one) and len(stack) > 1 and _has_matrix(stack, one, scope):
            if isinstance(one, s.Special) and one.sizes:
                chain.append(one)  # beside a number that two matrices make it stays
        elif scope.number(one):
            _count(powers, one)
        else:
            chain.append(one)
    if not amount:
        return s.ZERO
    if len(chain) > 1 and all(map(_is_eye, chain)):
        chain = [next((one for one in chain if isinstance(one, s.Special) and one.sizes), chain[0])]
    rest = []
    for piece in _pieces(chain, scope):
        if len(piece) == 1 and not scope.number(piece[0]):
            rest.append(piece[0])
        elif scope.number(s.mul(piece)):
            _count(powers, _turned([one for one in piece if not _is_eye(one)], scope))
        else:
            rest.extend(piece)
    if len(rest) > 1 and any(map(_is_eye, rest)):
        rest = [one for one in rest if not _is_eye(one)] or rest[:1]
    numbers = sorted((power(one, count, scope) for one, count in powers.items() if count), key=key)
    found = [*numbers, *rest]
    if not found:
        return s.num(amount)
    return s.mul(found) if amount == 1 else s.Mul((s.num(amount), *found))


def _is_eye(node: s.Node) -> bool:
    return isinstance(node, s.Special) and node.kind == "eye"


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
    if any(isinstance(one, s.Mul) for one in other):
        return s.mul(piece)  # (X w)^T y and y^T X w are a rule apart
    return s.mul(min(piece, other, key=lambda one: (sum(isinstance(x, s.T) for x in one), [key(x) for x in one])))
