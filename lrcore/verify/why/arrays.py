"""Rules of arrays: from entries to products and back, blocks, entrywise products, diagonals, Kronecker and vec."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import reduce

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import canonical, entrywise_factors, factors, joined, product, total, transposed
from lrcore.verify.why.lifting import column_of, matrix_of, table_from
from lrcore.verify.why.shapes import ENTRYWISE, Scope, size_node

Results = Iterator[s.Node]
_MOST_CELLS = 9


# ---------------------------------------------------------------------- arrays by their entries


def array_of_sums(node: s.Node, scope: Scope) -> Results:
    """An array whose entry is a sum is the sum of arrays."""
    if isinstance(node, s.Build) and isinstance(node.body, s.Add):
        yield total([canonical(_like(node, one), scope) for one in node.body.terms], scope)


def _like(node: s.Build, body: s.Node) -> s.Build:
    return s.Build(node.i, node.rows, node.j, node.cols, body)


def array_as_a_matrix_product(node: s.Node, scope: Scope) -> Results:
    """An array of entries put together: [sum_k A_ik v_k]_i is A v, and [a_i b_j] is a b^T."""
    if not isinstance(node, s.Build) or node.rows is None or node.cols is None:
        return
    found = matrix_of(node.body, node.i, node.j, node.rows, node.cols, scope)
    if found is not None:
        yield canonical(found, scope)


def sum_put_together(node: s.Node, scope: Scope) -> Results:
    """sum_i a_i b_i is a^T b, sum_i a_i^2 the squared norm, sum_i c_i x_i is X^T c, sum_i x_i x_i^T is X^T X."""
    if not isinstance(node, s.Sum) or node.lo is not None or node.exclude:
        return
    parts = factors(node.body)
    inner = node.body
    if isinstance(inner, s.Sum) and isinstance(inner.body, s.Pow) and inner.body.exponent == s.num(2):
        table = table_from(inner.body.base, node.index, inner.index, scope)
        if table is not None:
            yield canonical(s.Call("norm2", (table,)), scope)
    if scope.number(node.body):
        yield from _number_put_together(parts, node.index, scope)
        return
    numbers = [one for one in parts if scope.number(one)]
    chain = [one for one in parts if not scope.number(one)]
    at = [k for k, one in enumerate(chain) if node.index in s.occurring(one)]
    tables = [_table_of(chain[k], node.index) for k in at]
    if not at or None in tables:
        return
    weights = None
    if numbers:
        weights = column_of(s.mul(numbers), node.index, scope)
        if weights is None:
            return
    if len(at) == 2 and at[1] == at[0] + 1:
        first, second = tables
        if first is not None and second is not None and first[1] and not second[1]:
            middle = [s.Call("diag", (weights,))] if weights is not None else []
            row = [*chain[: at[0]], transposed(first[0], scope), *middle, second[0], *chain[at[1] + 1 :]]
            yield canonical(s.mul(row), scope)
    elif len(at) == 1 and tables[0] is not None and weights is not None:
        table, turned = tables[0]
        before, after = chain[: at[0]], chain[at[0] + 1 :]
        if turned and not after:
            yield canonical(s.mul([*before, transposed(table, scope), weights]), scope)
        elif not turned and not before:
            yield canonical(s.mul([transposed(weights, scope), table, *after]), scope)
    elif len(at) == 1 and tables[0] is not None:
        table, turned = tables[0]
        ones = s.Special("ones", (size_node(scope.shape(table)[0]),))
        before, after = chain[: at[0]], chain[at[0] + 1 :]
        if turned and not after:
            yield canonical(s.mul([*before, transposed(table, scope), ones]), scope)
        elif not turned and not before:
            yield canonical(s.mul([s.T(ones), table, *after]), scope)


def _table_of(node: s.Node, index: str) -> tuple[s.Node, bool] | None:
    """X and whether it stands as a column, where a part is row i of X."""
    row = node.arg if isinstance(node, s.T) else node
    if not isinstance(row, s.Entry) or index in s.occurring(row.base):
        return None
    if row.indices == (s.Name(index), s.Slice()):
        return row.base, isinstance(node, s.T)
    if row.indices == (s.Slice(), s.Name(index)):  # a column of X is a row of its transpose
        return s.T(row.base), not isinstance(node, s.T)
    return None


def _number_put_together(parts: Sequence[s.Node], index: str, scope: Scope) -> Results:
    if len(parts) == 1 and isinstance(parts[0], s.Pow) and parts[0].exponent == s.num(2):
        inside = column_of(parts[0].base, index, scope)
        if inside is not None:
            yield canonical(s.Call("norm2", (inside,)), scope)
        return
    columns = [column_of(one, index, scope) for one in parts]
    found = [one for one in columns if one is not None]
    if len(found) < len(columns) or not found or any(scope.number(one) for one in found):
        return
    if len(found) == 1:
        ones = s.Special("ones", (size_node(scope.shape(found[0])[0]),))
        yield canonical(s.Mul((s.T(ones), found[0])), scope)
    elif len(found) == 2:
        yield canonical(s.Mul((s.T(found[0]), found[1])), scope)
    elif len(found) == 3:
        yield canonical(s.Mul((s.T(found[0]), s.Had(found[1], found[2]))), scope)
        yield canonical(s.Mul((s.T(found[0]), s.Call("diag", (found[1],)), found[2])), scope)


def trace_trick(node: s.Node, scope: Scope) -> Results:
    """sum_i u_i^T A v_i = tr(A sum_i v_i u_i^T)."""
    if not isinstance(node, s.Sum) or not scope.number(node.body):
        return
    for chain, front in _chains(node.body, scope):
        first, last = chain[0], chain[-1]
        moves = [node.index in s.occurring(one) for one in chain]
        if len(chain) > 1 and moves[0] and moves[-1] and not any(moves[1:-1]):
            inner = s.mul([*front, last, first])
            summed = canonical(s.Sum(node.index, inner, node.lo, node.hi, node.exclude), scope)
            yield s.Call("tr", (product([*chain[1:-1], summed], scope),))


def _chains(node: s.Node, scope: Scope) -> Iterator[tuple[list[s.Node], list[s.Node]]]:
    """The matrices of a number that is one product of row, matrices and column, and the numbers before it."""
    front = [one for one in factors(node) if scope.number(one)]
    chain = [one for one in factors(node) if not scope.number(one)]
    if chain:
        yield chain, front
        return
    for one in front:
        if isinstance(one, s.Mul) and not any(map(scope.number, one.factors)):
            yield list(one.factors), [x for x in front if x is not one]


def factor_out_of_a_sum(node: s.Node, scope: Scope) -> Results:
    """sum_i A v_i = A sum_i v_i."""
    if not isinstance(node, s.Sum) or node.exclude:
        return
    parts = factors(node.body)
    moves = [node.index in s.occurring(one) for one in parts]
    if not any(moves) or scope.number(node.body):
        return
    at = [k for k, (one, moving) in enumerate(zip(parts, moves)) if moving and not scope.number(one)]
    if not at:
        return
    first, last = at[0], at[-1]
    before = [one for one in parts[:first] if not scope.number(one)]
    after = [one for one in parts[last + 1 :] if not scope.number(one)]
    if before or after:
        inside = [one for k, one in enumerate(parts) if scope.number(one) or first <= k <= last]
        summed = canonical(s.Sum(node.index, s.mul(inside), node.lo, node.hi), scope)
        yield product([*before, summed, *after], scope)


def entry_of_an_entrywise(node: s.Node, scope: Scope) -> Results:
    """An entry of an entrywise product, function or power is that of the entries."""
    if not isinstance(node, s.Entry) or any(isinstance(one, s.Slice) for one in node.indices):
        return
    base, at = node.base, node.indices
    if isinstance(base, s.Had):
        yield product([s.Entry(base.left, at), s.Entry(base.right, at)], scope)
    elif isinstance(base, s.Call) and base.fn in ENTRYWISE and len(base.args) == 1:
        yield s.Call(base.fn, (canonical(s.Entry(base.args[0], at), scope),))
    elif isinstance(base, s.Pow) and base.entrywise:
        yield canonical(s.Pow(s.Entry(base.base, at), base.exponent), scope)
    elif isinstance(base, s.Special) and base.kind == "eye" and len(at) == 2:
        yield canonical(s.Delta(*at), scope)
    elif isinstance(base, s.Call) and base.fn == "diag" and len(at) == 2 and scope.shape(base.args[0])[1] == c.D1:
        yield product([s.Delta(*at), s.Entry(base.args[0], at[:1])], scope)


def row_of_a_product(node: s.Node, scope: Scope) -> Results:
    """Row i of A B is row i of A, times B; an entry is row times column."""
    if not (isinstance(node, s.Entry) and isinstance(node.base, s.Mul) and len(node.indices) in (1, 2)):
        return
    numbers = [one for one in node.base.factors if scope.number(one)]
    chain = [one for one in node.base.factors if not scope.number(one)]
    if len(chain) < 2:
        return
    first: s.Node = chain[0]
    last: s.Node = chain[-1]
    if not isinstance(node.indices[0], s.Slice) and scope.shape(first)[0] != c.D1:
        first = s.Entry(first, (node.indices[0], s.Slice()))
    if len(node.indices) == 2 and not isinstance(node.indices[1], s.Slice) and scope.shape(last)[1] != c.D1:
        last = s.Entry(last, (s.Slice(), node.indices[1]))
    yield canonical(s.mul([*numbers, first, *chain[1:-1], last]), scope)


def total_as_product(node: s.Node, scope: Scope) -> Results:
    """The sum of all entries is 1^T A 1; of the squares of all entries, the squared norm; of a product, a trace."""
    if not (isinstance(node, s.Call) and node.fn in ("total", "mean")):
        return
    arg = node.args[0]
    rows, cols = scope.shape(arg)
    if node.fn == "mean":
        sizes = [s.Pow(size_node(one), s.num(-1)) for one in (rows, cols) if one != c.D1]
        yield canonical(s.mul([*sizes, s.Call("total", (arg,))]), scope)
        return
    if isinstance(arg, s.Pow) and arg.entrywise and arg.exponent == s.num(2):
        yield s.Call("norm2", (arg.base,))
    if isinstance(arg, s.Had):
        yield s.Call("tr", (product([transposed(arg.left, scope), arg.right], scope),))
    before: list[s.Node] = [] if rows == c.D1 else [s.T(s.Special("ones", (size_node(rows),)))]
    after: list[s.Node] = [] if cols == c.D1 else [s.Special("ones", (size_node(cols),))]
    yield canonical(s.mul([*before, arg, *after]), scope)
    letters = [name for name, one in (("i", rows), ("j", cols)) if one != c.D1]
    body: s.Node = s.Entry(arg, tuple(map(s.Name, letters)))
    for letter in reversed(letters):
        body = s.Sum(letter, body)
    yield canonical(body, scope)


# ---------------------------------------------------------------------- blocks


def matrix_written_out(node: s.Node, scope: Scope) -> Results:
    """A matrix of a size that is a small number, with its entries written out."""
    eye = isinstance(node, s.Special) and node.kind == "eye"
    if not (isinstance(node, s.Name) or eye):
        return
    rows, cols = (one.constant() for one in scope.shape(node))
    if rows is None or cols is None or rows * cols == 1 or rows * cols > _MOST_CELLS:
        return
    if isinstance(node, s.Name) and scope.definition(node.id) is not None:
        return

    def cell(i: int, j: int) -> s.Node:
        if eye:
            return s.num(int(i == j))
        at = [s.num(k + 1) for k, size in ((i, rows), (j, cols)) if size != 1]
        return s.Entry(node, tuple(at))

    yield s.Block(tuple(tuple(cell(i, j) for j in range(cols)) for i in range(rows)))


def product_of_blocks(node: s.Node, scope: Scope) -> Results:
    """Blocks are multiplied like numbers: row times column, the order of the factors kept."""

    def whole(left: s.Node, right: s.Node) -> s.Node | None:
        if not (isinstance(left, s.Block) and isinstance(right, s.Block) and len(left.rows[0]) == len(right.rows)):
            return None
        cells = [
            [total([product([a, b], scope) for a, b in zip(row, column)], scope) for column in zip(*right.rows)]
            for row in left.rows
        ]
        return cells[0][0] if len(cells) == len(cells[0]) == 1 else s.Block(tuple(map(tuple, cells)))

    return joined(node, whole, scope)


def sum_of_blocks(node: s.Node, scope: Scope) -> Results:
    """Blocks are added place by place."""
    if not isinstance(node, s.Add):
        return
    found = [(k, *_scaled_block(one)) for k, one in enumerate(node.terms)]
    blocks = [(k, numbers, block) for k, numbers, block in found if block is not None]
    for (k, first, a), (m, second, b) in itertools.pairwise(blocks):
        if [len(row) for row in a.rows] == [len(row) for row in b.rows]:
            cells = tuple(
                tuple(total([product([*first, x], scope), product([*second, y], scope)], scope) for x, y in zip(*both))
                for both in zip(a.rows, b.rows)
            )
            yield total([*(one for n, one in enumerate(node.terms) if n not in (k, m)), s.Block(cells)], scope)


def _scaled_block(node: s.Node) -> tuple[tuple[s.Node, ...], s.Block | None]:
    last = factors(node)[-1]
    return factors(node)[:-1], last if isinstance(last, s.Block) else None


def number_times_block(node: s.Node, scope: Scope) -> Results:
    """A number in front of blocks goes into each of them."""
    if isinstance(node, s.Mul) and isinstance(node.factors[-1], s.Block):
        numbers, block = node.factors[:-1], node.factors[-1]
        if all(map(scope.number, numbers)):
            yield s.Block(tuple(tuple(product([*numbers, one], scope) for one in row) for row in block.rows))


def transpose_of_blocks(node: s.Node, scope: Scope) -> Results:
    """Rows and columns of blocks change places, and each block is transposed."""
    if isinstance(node, s.T) and isinstance(node.arg, s.Block):
        yield s.Block(tuple(tuple(transposed(one, scope) for one in column) for column in zip(*node.arg.rows)))


def of_a_two_by_two(node: s.Node, scope: Scope) -> Results:
    """The determinant, the trace and the inverse of a matrix written out in four numbers."""
    arg = node.args[0] if isinstance(node, s.Call) and node.args else getattr(node, "arg", None)
    if not isinstance(arg, s.Block) or not all(map(scope.number, (one for row in arg.rows for one in row))):
        return
    square = len(arg.rows) == len(arg.rows[0])
    if isinstance(node, s.Call) and node.fn == "tr" and square:
        yield total([arg.rows[k][k] for k in range(len(arg.rows))], scope)
    if [len(row) for row in arg.rows] != [2, 2]:
        return
    (a, b), (e, d) = arg.rows
    det = total([product([a, d], scope), product([s.num(-1), b, e], scope)], scope)
    if isinstance(node, s.Call) and node.fn in ("det", "bars"):
        yield det
    if isinstance(node, s.Inv):
        minus = [product([s.num(-1), one], scope) for one in (b, e)]
        yield product([s.Pow(det, s.num(-1)), s.Block(((d, minus[0]), (minus[1], a)))], scope)


# ---------------------------------------------------------------------- entrywise products, diagonals


def diagonal_times_column(node: s.Node, scope: Scope) -> Results:
    """diag(a) x is a * x, entry by entry; diag(a) diag(b) is diag(a * b)."""

    def whole(left: s.Node, right: s.Node) -> s.Node | None:
        if not (isinstance(left, s.Call) and left.fn == "diag" and scope.shape(left.args[0])[1] == c.D1):
            return None
        a = left.args[0]
        if scope.shape(right)[1] == c.D1:
            return canonical(a if isinstance(right, s.Special) else s.Had(a, right), scope)
        if isinstance(right, s.Call) and right.fn == "diag":
            return canonical(s.Call("diag", (s.Had(a, right.args[0]),)), scope)
        return None

    return joined(node, whole, scope)


def transpose_entrywise(node: s.Node, scope: Scope) -> Results:
    """The transpose of an entrywise product or function, factor by factor."""
    if not isinstance(node, s.T):
        return
    arg = node.arg
    if isinstance(arg, s.Had):
        yield canonical(s.Had(s.T(arg.left), s.T(arg.right)), scope)
    elif isinstance(arg, s.Call) and arg.fn in ENTRYWISE:
        yield canonical(s.Call(arg.fn, (s.T(arg.args[0]),)), scope)


def transpose_of_kronecker(node: s.Node, scope: Scope) -> Results:
    if isinstance(node, s.T) and isinstance(node.arg, s.Kron):
        yield canonical(s.Kron(s.T(node.arg.left), s.T(node.arg.right)), scope)


def entrywise_linear(node: s.Node, scope: Scope) -> Results:
    """An entrywise or Kronecker product with a sum, multiplied out; numbers come to the front."""
    if isinstance(node, s.Had | s.Kron):
        make = type(node)
        for one, other, turned in ((node.left, node.right, False), (node.right, node.left, True)):
            if isinstance(one, s.Add):
                pairs = [(other, x) if turned else (x, other) for x in one.terms]
                yield total([canonical(_scaled(make, a, b, scope), scope) for a, b in pairs], scope)
        numbers = [x for side in (node.left, node.right) for x in factors(side) if scope.number(x)]
        if numbers and not isinstance(node.left, s.Add) and not isinstance(node.right, s.Add):
            yield canonical(_scaled(make, node.left, node.right, scope), scope)


def _scaled(make: type[s.Had] | type[s.Kron], left: s.Node, right: s.Node, scope: Scope) -> s.Node:
    numbers = [x for side in (left, right) for x in factors(side) if scope.number(x)]
    rest = [s.mul([x for x in factors(side) if not scope.number(x)] or [s.ONE]) for side in (left, right)]
    return s.mul([*numbers, make(rest[0], rest[1])])


def entrywise_with_ones(node: s.Node, scope: Scope) -> Results:
    """The entrywise product with a matrix of ones changes nothing."""
    if isinstance(node, s.Had):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if all(_ones(x) for x in factors(one)):
                yield other


def entrywise_reciprocal(node: s.Node, scope: Scope) -> Results:
    """An array times the array of its reciprocals, entry by entry, leaves the other factors, or ones."""
    if not isinstance(node, s.Had):
        return
    parts = entrywise_factors(node)
    for k, one in enumerate(parts):
        if isinstance(one, s.Pow) and one.exponent == s.num(-1) and one.base in parts:
            rest = [x for j, x in enumerate(parts) if j not in (k, parts.index(one.base))]
            rows, cols = (size_node(dim) for dim in scope.shape(one.base))
            ones = s.mul([s.Special("ones", (rows,)), *([] if cols == s.ONE else [s.T(s.Special("ones", (cols,)))])])
            yield canonical(reduce(s.Had, rest) if rest else ones, scope)
            return


def _ones(node: s.Node) -> bool:
    bare = node.arg if isinstance(node, s.T) else node
    return isinstance(bare, s.Special) and bare.kind == "ones"


# ---------------------------------------------------------------------- Kronecker products and vec


def vec_of_a_product(node: s.Node, scope: Scope) -> Results:
    """vec(A X B) = (B^T kron A) vec X; by rows, (A kron B^T) of the rows of X."""
    if not (isinstance(node, s.Call) and node.fn in ("vec", "rvec")):
        return
    arg = node.args[0]
    if isinstance(arg, s.Add):
        yield total([canonical(s.Call(node.fn, (one,)), scope) for one in arg.terms], scope)
        return
    numbers = [one for one in factors(arg) if scope.number(one)]
    chain = [one for one in factors(arg) if not scope.number(one)]
    if numbers and chain:
        yield product([*numbers, s.Call(node.fn, (s.mul(chain),))], scope)
    if len(chain) < 2:
        return
    for k, one in enumerate(chain):
        rows, cols = scope.shape(one)
        before = s.mul(chain[:k]) if k else s.Special("eye", (size_node(rows),))
        after = transposed(s.mul(chain[k + 1 :]), scope) if k + 1 < len(chain) else s.Special("eye", (size_node(cols),))
        pair = s.Kron(after, before) if node.fn == "vec" else s.Kron(before, after)
        yield product([*numbers, canonical(pair, scope), s.Call(node.fn, (one,))], scope)
    if len(chain) == 2 and scope.shape(chain[0])[1] == c.D1:
        x, u = chain[0], transposed(chain[1], scope)
        yield product([*numbers, s.Kron(u, x) if node.fn == "vec" else s.Kron(x, u)], scope)


def product_of_vecs(node: s.Node, scope: Scope) -> Results:
    """vec(A)^T vec(B) = tr(A^T B)."""
    if isinstance(node, s.Mul) and scope.number(node):
        chain = [one for one in node.factors if not scope.number(one)]
        numbers = [one for one in node.factors if scope.number(one)]
        if len(chain) == 2 and isinstance(chain[0], s.T):
            a, b = chain[0].arg, chain[1]
            if isinstance(a, s.Call) and isinstance(b, s.Call) and a.fn == b.fn and a.fn in ("vec", "rvec"):
                yield product(
                    [*numbers, s.Call("tr", (product([transposed(a.args[0], scope), b.args[0]], scope),))], scope
                )


def mixed_product(node: s.Node, scope: Scope) -> Results:
    """(A kron B)(C kron D) = (A C) kron (B D)."""

    def whole(left: s.Node, right: s.Node) -> s.Node | None:
        if not (isinstance(left, s.Kron) and isinstance(right, s.Kron)):
            return None
        pairs = (left.left, right.left), (left.right, right.right)
        if any(scope.shape(a)[1] != scope.shape(b)[0] for a, b in pairs):
            return None
        return canonical(s.Kron(product(pairs[0], scope), product(pairs[1], scope)), scope)

    return joined(node, whole, scope)


def of_a_kronecker_product(node: s.Node, scope: Scope) -> Results:
    """The trace of a Kronecker product is the product of the traces; its inverse that of the inverses."""
    if isinstance(node, s.Call) and node.fn == "tr" and isinstance(node.args[0], s.Kron):
        yield product([s.Call("tr", (node.args[0].left,)), s.Call("tr", (node.args[0].right,))], scope)
    if isinstance(node, s.Inv) and isinstance(node.arg, s.Kron):
        yield canonical(s.Kron(s.Inv(node.arg.left), s.Inv(node.arg.right)), scope)


def trace_of_the_identity(node: s.Node, scope: Scope) -> Results:
    """tr I_n = n."""
    if isinstance(node, s.Call) and node.fn == "tr":
        numbers = [one for one in factors(node.args[0]) if scope.number(one)]
        rest = [one for one in factors(node.args[0]) if not scope.number(one)]
        if len(rest) == 1 and isinstance(rest[0], s.Special) and rest[0].kind == "eye" and rest[0].sizes:
            yield product([*numbers, canonical(rest[0].sizes[0], scope)], scope)
