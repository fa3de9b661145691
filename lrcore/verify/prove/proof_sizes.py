r"""The grid of sizes on which an exact check of a polynomial identity is a proof for all sizes.

Distinct networks are linearly independent as soon as each size is at least the number of indices of that kind in them;
coefficients are Laurent polynomials in the sizes. So count, on the typed tree and before anything cancels, the indices
of each size in a product (free ones too) and the degrees in which the size occurs as a number; then degree + 1 values
of each size, each at least the index count, decide the identity. An index over a product of sizes, as the rows of a
Kronecker product have it, is one index over each of them: over n m one over n and one over m, over n n two over n. The
proof is an appendix of the book.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside


@dataclass
class _Bound:
    """For each named size: how many indices run over it in one product, and its highest and lowest power as a
    number.
    """

    indices: Counter[str] = field(default_factory=Counter)
    high: Counter[str] = field(default_factory=Counter)
    low: Counter[str] = field(default_factory=Counter)

    def times(self, other: _Bound) -> _Bound:
        return _Bound(self.indices + other.indices, self.high + other.high, self.low + other.low)

    def plus(self, other: _Bound) -> _Bound:
        return _Bound(self.indices | other.indices, self.high | other.high, self.low | other.low)

    def over(self, dim: c.Dim, carried: bool = False) -> _Bound:
        """With one more index over ``dim``; where no atom carries it, it may become a factor of that size."""
        names = _degrees(dim)
        return _Bound(self.indices + names, self.high if carried else self.high + names, self.low)


_NONE = _Bound()


def _degrees(dim: c.Dim) -> Counter[str]:
    """How often each named size stands in a product of them, at most."""
    found: Counter[str] = Counter()
    for mono, _ in dim.poly:
        found |= Counter(dict(mono))
    return found


def proof_sizes(claim: Claim) -> dict[str, list[int]]:
    """Size name -> the values at which it must be checked; raises Outside where the claim is not of the polynomial
    fragment.
    """
    bound = _bound(claim.left).plus(_bound(claim.right))
    for dim in (*claim.left.shape, *map(c.range_of, claim.free)):
        bound = _Bound(bound.indices + _degrees(dim), bound.high, bound.low)
    least = claim.least_size
    fixed = len(claim.fixed_places())
    grid = {}
    for name in claim.sizes:
        start = max(bound.indices[name] + fixed, least, 1)
        grid[name] = list(range(start, start + bound.high[name] + bound.low[name] + 1))
    return grid


def grid_points(grid: dict[str, list[int]]) -> list[dict[str, int]]:
    """Every choice of one value for each size."""
    points: list[dict[str, int]] = [{}]
    for name, values in grid.items():
        points = [{**one, name: value} for one in points for value in values]
    return points


def solid(node: c.Core) -> bool:
    """Whether in every term an atom carries the row index and an atom carries the column index."""
    if isinstance(node, c.Var):
        return True
    if isinstance(node, c.Defined):
        return solid(node.body)
    if isinstance(node, c.Plus):
        return all(map(solid, node.terms))
    if isinstance(node, (c.Times, c.KronOf)):
        return solid(node.left) and solid(node.right)
    if isinstance(node, c.Entrywise):
        return solid(node.left) or solid(node.right)
    if isinstance(node, (c.Transposed, c.Scale)):
        return solid(node.arg)
    return isinstance(node, c.Power) and node.exponent > 0 and solid(node.arg)


def _carries(node: c.Core, index: c.Index) -> bool:
    """Whether in every term of a number an atom carries the index."""
    if isinstance(node, c.Pick):
        return index in (node.i, node.j) and solid(node.arg)
    if isinstance(node, c.Plus):
        return all(_carries(one, index) for one in node.terms)
    if isinstance(node, c.Scale):
        return _carries(node.by, index) or _carries(node.arg, index)
    if isinstance(node, c.Power):
        return node.exponent > 0 and _carries(node.arg, index)
    return isinstance(node, c.SumOver) and _carries(node.body, index)


def _bound(node: c.Core) -> _Bound:
    return _RULES.get(type(node), _outside)(node)


def _outside(node: c.Core) -> NoReturn:
    raise Outside(f"{type(node).__name__} is outside the polynomial fragment.")


def _sum(node: c.Plus) -> _Bound:
    total = _NONE
    for one in node.terms:
        total = total.plus(_bound(one))
    return total


def _scale(node: c.Scale) -> _Bound:
    return _bound(node.by).times(_bound(node.arg))


def _times(node: c.Times) -> _Bound:
    return _bound(node.left).times(_bound(node.right)).over(node.left.shape[1], solid(node.left) or solid(node.right))


def _both(node: c.Entrywise | c.KronOf) -> _Bound:
    return _bound(node.left).times(_bound(node.right))


def _inside(node: c.Transposed | c.Vec | c.Pick | c.Differential) -> _Bound:
    return _bound(node.arg)


def _size(node: c.SizeOf) -> _Bound:
    return _Bound(Counter(), _degrees(node.dim), Counter())


def _power(node: c.Power) -> _Bound:
    if node.exponent < 0:
        return _reciprocal(node)
    total = _NONE
    for _ in range(node.exponent):
        total = total.times(_bound(node.arg))
    return total


def _reciprocal(node: c.Power) -> _Bound:
    """1/N is a Laurent monomial; 1 over anything else is outside."""
    below = _monomial(node.arg)
    if below is None:
        return _outside(node)
    return _Bound(Counter(), Counter(), Counter({name: power * -node.exponent for name, power in below.items()}))


def _monomial(node: c.Core) -> Counter[str] | None:
    if isinstance(node, c.Const):
        return Counter() if node.value else None
    if isinstance(node, c.SizeOf) and len(node.dim.poly) == 1:
        return Counter(dict(node.dim.poly[0][0]))
    if isinstance(node, c.Scale):
        left, right = _monomial(node.by), _monomial(node.arg)
        return None if left is None or right is None else left + right
    if isinstance(node, c.Power) and node.exponent > 0 and (base := _monomial(node.arg)) is not None:
        return Counter({name: power * node.exponent for name, power in base.items()})
    return None


def _summed(node: c.SumOver) -> _Bound:
    if node.lo is not None or node.hi is not None:
        return _outside(node)
    dim = c.range_of(node.index)
    bound = _bound(node.body).over(dim, _carries(node.body, node.index))
    return bound.over(dim) if node.skip else bound


def _trace(node: c.Trace) -> _Bound:
    return _bound(node.arg).over(node.arg.shape[0], solid(node.arg))


def _total(node: c.Total) -> _Bound:
    carried = solid(node.arg)
    return _bound(node.arg).over(node.arg.shape[0], carried).over(node.arg.shape[1], carried)


def _blocks(node: c.Blocks) -> _Bound:
    total = _NONE
    for row in node.rows:
        for cell in row:
            total = total.plus(_bound(cell))
    return total


def _partial(node: c.Partial) -> _Bound:
    """Deleting an atom ties its indices to the two of the derivative, which are counted where they are bound."""
    bound = _bound(node.f)
    if isinstance(node.by, c.Defined):
        inner = _bound(node.by)
        for _ in range(_degree(node.f, node.name)):
            bound = bound.times(inner)
    return bound


def _degree(node: c.Core, name: str) -> int:
    """How often a name stands in the largest product, at most: how often it stands at all."""
    if isinstance(node, c.Defined) and node.name == name:
        return 1
    if isinstance(node, c.Power) and node.exponent > 0:
        return node.exponent * _degree(node.arg, name)
    return sum(_degree(child, name) for child in c.below(node))


def _delta(node: c.Same) -> _Bound:
    total: Counter[str] = Counter()
    for index in (node.i, node.j):
        if isinstance(index, c.IVar) and index.dim is not None:
            total |= _degrees(index.dim)
    return _Bound(total, Counter(), Counter())


_RULES: dict[type[c.Core], Callable[[Any], _Bound]] = {
    c.Const: lambda node: _NONE,
    c.SizeOf: _size,
    c.Var: lambda node: _NONE,
    c.Defined: lambda node: _bound(node.body),
    c.Plus: _sum,
    c.Scale: _scale,
    c.Times: _times,
    c.Entrywise: _both,
    c.KronOf: _both,
    c.Transposed: _inside,
    c.Power: _power,
    c.Trace: _trace,
    c.Vec: _inside,
    c.DiagOf: lambda node: _bound(node.arg).over(node.arg.shape[0]),
    c.Total: _total,
    c.Pick: _inside,
    c.SumOver: _summed,
    c.Same: _delta,
    c.Make: lambda node: _bound(node.body),
    c.Partial: _partial,
    c.Differential: _inside,
    c.Ones: lambda node: _NONE,
    c.Eye: lambda node: _Bound(_degrees(node.shape[0]), Counter(), Counter()),
    c.Zeros: lambda node: _NONE,
    c.Blocks: _blocks,
}
