"""A result in the form in which people write it: brackets multiplied out where terms cancel, and what terms share put
in front, as long as that makes it shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count

from lrcore.verify.terms import syntax as s
from lrcore.verify.why import algebra as a
from lrcore.verify.why import arrays as r
from lrcore.verify.why import number_rules as n
from lrcore.verify.why.canonical import canonical, range_of, total
from lrcore.verify.why.catalogue import RULES, Rule
from lrcore.verify.why.rewriting import rewrites
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.strategies import Taken, named

MOST_LINES = 8
MOST_TRIED = 40  # expressions that are looked on from
_BOTH = "free_both"  # a letter that no text has
_LONGER = 8  # parts more than the result has, on the way


def sums_put_together(node: s.Node, scope: Scope) -> Iterator[s.Node]:
    """Two sums over one range, as one."""
    if not isinstance(node, s.Add):
        return
    sums = [one for one in node.terms if _sum_of(one) is not None]
    for k, one in enumerate(sums):
        for other in sums[k + 1 :]:
            (front, first), (behind, second) = _sum_of(one) or (s.ONE, one), _sum_of(other) or (s.ONE, other)
            assert isinstance(first, s.Sum) and isinstance(second, s.Sum)
            if (first.lo, first.hi, first.exclude) != (second.lo, second.hi, second.exclude):
                continue
            if range_of(first.body, first.index, scope) != range_of(second.body, second.index, scope):
                continue
            bodies = [
                s.mul([number, s.substitute(x.body, {x.index: s.Name(_BOTH)})])
                for number, x in ((front, first), (behind, second))
            ]
            whole = replace(first, index=_BOTH, body=total(bodies, scope))
            yield total([canonical(whole, scope), *(x for x in node.terms if x is not one and x is not other)], scope)


def _sum_of(node: s.Node) -> tuple[s.Node, s.Node] | None:
    """A number, and the sum that it stands before."""
    if isinstance(node, s.Sum):
        return s.ONE, node
    match node:
        case s.Mul(factors=(s.Num() as number, s.Sum() as found)):
            return number, found
    return None


_APART = next(one for one in RULES if one.apply is a.sum_of_a_sum)
_TOGETHER = replace(_APART, name=_APART.back, apply=sums_put_together, on=(s.Add,))
_RULES: tuple[Rule, ...] = (
    *named(
        a.symmetric_matrix, a.delta_picks_a_term, r.entrywise_reciprocal, r.entrywise_with_ones,
        r.diagonal_times_column, a.factoring_out, n.hyperbolic_tangent, n.softmax_folded, a.expansion,
        r.entrywise_linear, a.transpose_of_a_sum, a.sum_of_a_sum,
    ),
    _TOGETHER,
)  # fmt: skip


def shortened(node: s.Node, scope: Scope) -> list[Taken]:
    """The rules, with the line after each, that lead to the shortest form that is found; none where none is shorter."""
    order, best = count(), (_length(node), list[Taken]())
    waiting: list[tuple[int, int, s.Node, list[Taken]]] = [(_length(node), next(order), node, [])]
    seen, longest = {node}, _length(node) + _LONGER
    for _ in range(MOST_TRIED):
        if not waiting:
            break
        length, _, one, path = heappop(waiting)
        if length < best[0]:
            best = (length, path)
        if len(path) == MOST_LINES:
            continue
        for taken in rewrites(one, scope, _RULES):
            new = taken[2]
            if new not in seen and _length(new) <= longest:
                seen.add(new)
                heappush(waiting, (_length(new), next(order), new, [*path, taken]))
    return best[1]


def _length(node: s.Node) -> int:
    """How many symbols are written: a minus and a power of -1 count, what stands for a place doesn't."""
    return sum(not isinstance(one, s.Slice) for one in s.walk(node))
