"""From entries to arrays: the column whose entry i, or the matrix whose entry (i, j), is a given number."""

from __future__ import annotations

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import canonical, factors, transposed
from lrcore.verify.why.shapes import ENTRYWISE, Scope, size_node

_Link = tuple[s.Node, str | None, str | None]  # a matrix with its two indices; a column has one


def column_of(node: s.Node, index: str, scope: Scope) -> s.Node | None:
    """The column with this entry at ``index``; None where it is not seen to be one."""
    if index not in s.occurring(node):
        return None
    match node:
        case s.Entry(base=base, indices=(s.Name(id=one),)) if one == index and index not in s.occurring(base):
            rows, cols = scope.shape(base)
            return base if cols == c.D1 else transposed(base, scope) if rows == c.D1 else None
        case s.Entry(base=base, indices=(first, second)) if index not in s.occurring(base):
            if first == s.Name(index) and index not in s.occurring(second):
                return s.Entry(base, (s.Slice(), second))
            if second == s.Name(index) and index not in s.occurring(first):
                return s.T(s.Entry(base, (first, s.Slice())))
            return None
        case s.Add(terms=terms):
            return _column_of_a_sum(terms, index, scope)
        case s.Mul():
            return _column_of_a_product(node, index, scope)
        case s.Sum():
            return _put_together(node, index, None, scope)
        case s.Call(fn=fn, args=(arg,)) if fn in ENTRYWISE:
            inside = column_of(arg, index, scope)
            return None if inside is None else s.Call(fn, (inside,))
        case s.Pow(base=base, exponent=exponent) if index not in s.occurring(exponent):
            inside = column_of(base, index, scope)
            return None if inside is None else s.Pow(inside, exponent, True)
    return None


def _column_of_a_sum(terms: tuple[s.Node, ...], index: str, scope: Scope) -> s.Node | None:
    found: list[s.Node] = []
    constants: list[s.Node] = []
    for one in terms:
        if index not in s.occurring(one):
            constants.append(one)
            continue
        column = column_of(one, index, scope)
        if column is None:
            return None
        found.append(column)
    if constants:
        ones = s.Special("ones", (size_node(scope.shape(canonical(found[0], scope))[0]),))
        found += [s.mul([*factors(one), ones]) for one in constants]
    return s.add(found)


def _column_of_a_product(node: s.Mul, index: str, scope: Scope) -> s.Node | None:
    numbers = [one for one in node.factors if scope.number(one)]
    chain = [one for one in node.factors if not scope.number(one)]
    moving = [one for one in numbers if index in s.occurring(one)]
    still = [one for one in numbers if index not in s.occurring(one)]
    if not chain:
        columns = [column_of(one, index, scope) for one in moving]
        found = [one for one in columns if one is not None]
        if len(found) < len(columns):
            return None
        whole = found[0]
        for one in found[1:]:
            whole = s.Had(whole, one)
        return s.mul([*still, whole])
    if moving:
        return None
    for row in (chain, [transposed(one, scope) for one in reversed(chain)]):
        first = row[0]
        if (
            isinstance(first, s.Entry)
            and len(first.indices) == 2
            and first.indices[0] == s.Name(index)
            and isinstance(first.indices[1], s.Slice)
            and not any(index in s.occurring(one) for one in (first.base, *row[1:]))
        ):
            return s.mul([*still, first.base, *row[1:]])
    return None


def matrix_of(node: s.Node, i: str, j: str, rows: s.Node, cols: s.Node, scope: Scope) -> s.Node | None:
    """The array with this entry at (i, j), where one of the two may be missing (``_``)."""
    if j == "_" or i == "_":
        index = i if j == "_" else j
        if index not in s.occurring(node):
            ones = s.Special("ones", (rows if j == "_" else cols,))
            return s.mul([*factors(node), ones if j == "_" else s.T(ones)])
        found = column_of(node, index, scope)
        return found if j == "_" or found is None else transposed(canonical(found, scope), scope)
    if isinstance(node, s.Call) and node.fn in ENTRYWISE:
        inside = matrix_of(node.args[0], i, j, rows, cols, scope)
        return None if inside is None else s.Call(node.fn, (inside,))
    return _put_together(node, i, j, scope)


def _put_together(node: s.Node, i: str, j: str | None, scope: Scope) -> s.Node | None:
    """A sum of products of entries along a path of indices from i to j as the product of the matrices."""
    summed: list[str] = []
    body = node
    numbers: list[s.Node] = []
    while True:
        front = [one for one in factors(body) if not ({i, j, *summed} & s.occurring(one)) and scope.number(one)]
        if not isinstance(body, s.Sum):
            rest = [one for one in factors(body) if one not in front]
            sums = [one for one in rest if isinstance(one, s.Sum)]
            if len(sums) == 1 and len(rest) == 1:
                numbers += front
                body = sums[0]
                continue
            break
        if body.lo is not None or body.exclude:
            return None
        summed.append(body.index)
        body = body.body
    links: list[_Link] = []
    for one in factors(body):
        here = {i, j, *summed} & s.occurring(one)
        if not here:
            numbers.append(one)
            continue
        link = _link(one, {name for name in here if name is not None}, scope)
        if link is None:
            return None
        links.append(link)
    chain, end = _walk(i, j, links, scope)
    if links and end is None and j is not None:
        back, _ = _walk(j, None, links, scope)
        chain = [*chain, *(transposed(canonical(one, scope), scope) for one in reversed(back))]
    if links or not chain:
        return None
    return s.mul([*numbers, *chain])


def _link(node: s.Node, here: set[str], scope: Scope) -> _Link | None:
    if isinstance(node, s.Entry) and len(node.indices) == 2 and not here & s.occurring(node.base):
        first, second = (one.id if isinstance(one, s.Name) and one.id in here else None for one in node.indices)
        if first is not None and second is not None and first != second:
            return node.base, first, second
    if len(here) == 2:
        one, other = sorted(here)
        table = table_from(node, one, other, scope)
        return None if table is None else (table, one, other)
    if len(here) == 1:
        (index,) = here
        column = column_of(node, index, scope)
        return None if column is None else (column, index, None)
    return None


def table_from(node: s.Node, i: str, j: str, scope: Scope) -> s.Node | None:
    """The matrix with this entry at (i, j), where it is a sum of entries, a function or a power of one."""
    match node:
        case s.Entry(base=base, indices=(s.Name(id=first), s.Name(id=second))) if not {i, j} & s.occurring(base):
            return base if (first, second) == (i, j) else s.T(base) if (first, second) == (j, i) else None
        case s.Add(terms=terms):
            found = [table_from(one, i, j, scope) for one in terms]
            known = [one for one in found if one is not None]
            return s.add(known) if len(known) == len(found) else None
        case s.Call(fn=fn, args=(arg,)) if fn in ENTRYWISE:
            inside = table_from(arg, i, j, scope)
            return None if inside is None else s.Call(fn, (inside,))
        case s.Mul() | s.Sum():
            still = [one for one in factors(node) if not {i, j} & s.occurring(one) and scope.number(one)]
            rest = [one for one in factors(node) if one not in still]
            inside = _put_together(s.mul(rest), i, j, scope) if rest else None
            if rest and inside is None and len(rest) == 1:
                inside = table_from(rest[0], i, j, scope) if still else None
            return None if inside is None else s.mul([*still, inside])
    return None


def _walk(start: str, target: str | None, links: list[_Link], scope: Scope) -> tuple[list[s.Node], str | None]:
    """Matrices along the path from ``start``, taken from ``links``, and where it ends."""
    chain: list[s.Node] = []
    current: str | None = start
    while current is not None and (current != target or not chain):
        at = [one for one in links if current in one[1:]]
        if len(at) != 1:
            return chain, None
        links.remove(at[0])
        matrix, first, second = at[0]
        if first == current:
            chain.append(matrix)
            current = second
        else:
            chain.append(transposed(canonical(matrix, scope), scope))
            current = first
    return chain, current
