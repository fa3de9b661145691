"""Equations that are no identities: conditions on an unknown, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from math import isqrt
from random import Random

from lrcore.verify.prove.normal import follows
from lrcore.verify.read.document import Chain
from lrcore.verify.refute.exact import Sample, exactly
from lrcore.verify.refute.points import Point, draw, draw_values, sides_at, size_choices, try_point
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim, joined
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.evaluate import Matrix
from lrcore.verify.terms.exact_numbers import tidy
from lrcore.verify.terms.names import UNKNOWN_LETTERS, split_key, swap_case
from lrcore.verify.type.context import Context

SEARCHED_SIZES, SEARCHED_POINTS = 8, 800
_SMALL = (1, 0, -1)


def unknowns(context: Context, trees: Iterable[s.Node]) -> frozenset[str]:
    """The symbols an equation may be solved for: declared, differentiated by, or called as parameters are."""
    if context.unknowns is not None:
        return context.unknowns
    by = {
        one.id
        for tree in trees
        for node in s.walk(tree)
        if isinstance(node, s.Deriv)
        for w in node.wrt
        for one in s.walk(w)
        if isinstance(one, s.Name)
    }
    named = {key for key in context.symbols if split_key(key)[0] in UNKNOWN_LETTERS and swap_case(key) not in by}
    found = {key: context.lookup(key) for key in by | named}
    return frozenset(key for key, one in found.items() if one is not None and one.definition is None)


def is_condition(
    claim: Claim, left: s.Node, right: s.Node, chain: Chain, context: Context, trees: Iterable[s.Node]
) -> bool:
    """Whether a false identity is meant as an equation to be solved."""
    wanted = unknowns(context, trees)
    names = set(claim.symbols)
    if not wanted & names:
        return False
    if s.is_zero(left) or s.is_zero(right):
        return True
    if any(isinstance(one, (c.Partial, c.Differential)) for one in claim.nodes):
        return False
    mine, other = (set(_names(side)) & wanted for side in (claim.left, claim.right))
    if len(chain.relations) > 1 and ":=" not in chain.relations:
        return False
    if isinstance(left, s.Name) and left.id in wanted and left.id not in other:
        return True
    return bool(mine) != bool(other) and _linear(left if mine else right, mine or other)


def _names(core: c.Core) -> list[str]:
    return [one.name for one in c.everything(core) if isinstance(one, c.Var)]


def _linear(node: s.Node, wanted: Collection[str]) -> bool:
    """A product that ends in an unknown, as A w, or in a column of unknowns."""
    last = node.factors[-1] if isinstance(node, s.Mul) else None
    cells = [one for row in last.rows for one in row] if isinstance(last, s.Block) else [last]
    return all(isinstance(one, s.Name) and one.id in wanted for one in cells)


def premises(claim: Claim, given: Sequence[Claim]) -> list[int]:
    """The places of the equations in ``given`` that a claim follows from: one, where one is enough."""
    alone = next((k for k, one in enumerate(given) if follows(claim, [one])), None)
    return list(range(len(given))) if alone is None else [alone]


# ------------------------------------------------------------ a point where the premises hold and the claim fails


def fails_under(claim: Claim, given: Sequence[Claim], wanted: frozenset[str] | None = None) -> Point | None:
    """A point at which every premise holds and the claim does not; the premises are solved for an unknown they are
    linear in (any symbol of theirs where ``wanted`` is None), or else looked for among small whole numbers.
    """
    both = joined(claim, given)
    names = sorted(_named(given) if wanted is None else wanted & set(both.symbols))
    found = _failing(claim, given, _solved(both, given, names, 10, 3))
    return found or _failing(claim, given, _searched(both, given))


def contradicted(claim: Claim, given: Sequence[Claim]) -> Point | None:
    """A quick look for such a point, before a claim that follows by the normal form is called proved."""
    return _failing(claim, given, _solved(joined(claim, given), given, sorted(_named(given)), 2, 1))


def _failing(claim: Claim, given: Sequence[Claim], samples: Iterable[Sample]) -> Point | None:
    """The first of the points where all premises hold and the claim fails."""
    there = (sample for sample in samples if all(try_point(one, sample) is True for one in given))
    return next((point for sample in there if isinstance(point := try_point(claim, sample), Point)), None)


def _solved(both: Claim, given: Sequence[Claim], names: Sequence[str], small: int, mixed: int) -> Iterator[Sample]:
    """Premises solved for one of ``names``, at so many small sizes and so many of pairwise different ones."""
    both.decimal = False
    choices = list(enumerate(size_choices(both.sizes, both.least_size)))
    for name in names:
        for number, sizes in [*choices[:small], *((k, draw(both, k).sizes) for k in range(mixed))]:
            solved = _solve(both, given, name, draw_values(both, sizes, Random(number), span=2))
            if solved is not None:
                yield solved


def _named(given: Sequence[Claim]) -> set[str]:
    return {name for one in given for name in one.symbols}


def _searched(both: Claim, given: Sequence[Claim]) -> Iterator[Sample]:
    """Small whole numbers for the symbols of the premises, tried in turn at small sizes."""
    symbols = {name: both.symbols[name] for name in sorted(_named(given))}
    for sizes in size_choices(both.sizes, both.least_size)[:SEARCHED_SIZES]:
        dims = {name: [dim.value(sizes) for dim in one.shape] for name, one in symbols.items()}
        count = sum(rows * cols for rows, cols in dims.values())
        small = [*_SMALL, *_written(given)]
        choice = small if len(small) ** count <= SEARCHED_POINTS else _SMALL
        for number, cells in enumerate(islice(product(choice, repeat=count), SEARCHED_POINTS)):
            take = iter(cells)
            chosen = {
                name: [[next(take) for _ in range(cols)] for _ in range(rows)] for name, (rows, cols) in dims.items()
            }
            chosen = {name: _mirrored(one) if symbols[name].symmetric else one for name, one in chosen.items()}
            yield putting(draw_values(both, sizes, Random(number), span=2), chosen)


def _written(given: Sequence[Claim]) -> list[int]:
    """The numbers that the premises name, their roots, and a few more, of either sign."""
    named = {abs(int(one.value)) for claim in given for one in claim.nodes if isinstance(one, c.Const)}
    named = {one for one in named if one < 10**6}
    found = sorted({2, 3} | named | set(map(isqrt, named)) - {0, 1})
    return [one for number in found for one in (number, -number)]


def putting(sample: Sample, values: dict[str, Matrix]) -> Sample:
    """The sample with other values for some symbols."""
    return replace(sample, values={**sample.values, **values})


def _solve(both: Claim, given: Sequence[Claim], name: str, sample: Sample) -> Sample | None:
    """The values with those of one symbol replaced by a solution of the premises, if they are linear in it."""
    symbol = both.symbols[name]
    rows, cols = (dim.value(sample.sizes) for dim in symbol.shape)
    free = [(r, k) for r in range(rows) for k in range(cols) if r <= k or not symbol.symmetric]

    def filled(numbers: Sequence[Fraction | int]) -> Matrix:
        matrix: Matrix = [[0] * cols for _ in range(rows)]
        for (r, k), number in zip(free, numbers):
            matrix[r][k] = number
        return _mirrored(matrix) if symbol.symmetric else matrix

    try:
        base = _residual(given, putting(sample, {name: filled([])}))
        columns = []
        for place in free:
            unit = filled([int(one == place) for one in free])
            columns.append([a - b for a, b in zip(_residual(given, putting(sample, {name: unit})), base)])
    except (Undefined, Outside):
        return None
    found = _linear_solution(columns, [-x for x in base])
    return None if found is None else putting(sample, {name: filled([tidy(x) for x in found])})


def _mirrored(matrix: Matrix) -> Matrix:
    """The symmetric matrix with the same entries on and above the diagonal."""
    return [[matrix[min(r, k)][max(r, k)] for k in range(len(row))] for r, row in enumerate(matrix)]


def _residual(given: Sequence[Claim], sample: Sample) -> list[Fraction]:
    sides = (both for one in given for both in sides_at(one, exactly(one, sample)))
    return [Fraction(a - b) for _, left, right in sides for x, y in zip(left, right) for a, b in zip(x, y)]


def _linear_solution(columns: list[list[Fraction]], target: list[Fraction]) -> list[Fraction] | None:
    """One solution of sum x_k column_k = target, by elimination, or None."""
    rows = [[column[r] for column in columns] + [target[r]] for r in range(len(target))]
    pivots, at = [], 0
    for k in range(len(columns)):
        found = next((r for r in range(at, len(rows)) if rows[r][k] != 0), None)
        if found is None:
            continue
        rows[at], rows[found] = rows[found], rows[at]
        rows[at] = [x / rows[at][k] for x in rows[at]]
        for r, row in enumerate(rows):
            if r != at and row[k] != 0:
                rows[r] = [x - row[k] * y for x, y in zip(row, rows[at])]
        pivots.append(k)
        at += 1
    if any(row[-1] != 0 for row in rows[at:]):
        return None
    solution = [Fraction(0)] * len(columns)
    for r, k in enumerate(pivots):
        solution[k] = rows[r][-1]
    return solution
