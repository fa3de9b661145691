"""Inequalities: refuted by a point, proved where one side is zero and the other a sum of squares, else checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lrcore.verify.decide.claims import MORE_POINTS
from lrcore.verify.prove.collecting import collect
from lrcore.verify.prove.entries import learn_blocks
from lrcore.verify.prove.networks import Piece
from lrcore.verify.prove.normal import difference, started
from lrcore.verify.prove.state import Coefficient, Key, State
from lrcore.verify.refute.exact import Sample
from lrcore.verify.refute.points import Point, draw, try_point
from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside
from lrcore.verify.terms.report import Counterexample, Verdict


def decide_order(claim: Claim, relation: str, assumed: tuple[str, ...]) -> tuple[Verdict, str, dict[str, Any]]:
    """Verdict, message and details of ``left <= right`` and the like."""
    tried = 0
    for sample in _samples(claim):
        found = try_point(claim, sample, relation)
        if isinstance(found, Point):
            example = Counterexample(sample.sizes, sample.values, found.places, found.left, found.right)
            return Verdict.REFUTED, "The inequality fails here.", {"counterexample": example, "assumes": assumed}
        tried += found
    small, large = (claim.left, claim.right) if relation in ("<=", "<") else (claim.right, claim.left)
    if relation in ("<=", ">=") and not_negative(large) and _is_zero(small):
        return (
            Verdict.PROVED,
            "Holds for all sizes: a sum of squares is not negative.",
            {"assumes": assumed, "engines": ("sum of squares",)},
        )
    if relation in ("<=", ">=") and _squares(small, large):
        return (
            Verdict.PROVED,
            "Holds for all sizes: the difference is a sum of squares.",
            {"assumes": assumed, "engines": ("normal form",)},
        )
    return (
        Verdict.CHECKED,
        f"Holds at {tried} exact points; no proof was found.",
        {"assumes": assumed, "engines": ("exact points",)},
    )


def _samples(claim: Claim) -> Iterator[Sample]:
    """Points to try an order at: all zeros, at which a strict one fails first; small numbers; quarters of them."""
    zeros = draw(claim, 0)
    yield replace(zeros, values={name: [[0] * len(row) for row in one] for name, one in zeros.values.items()})
    for number in range(MORE_POINTS):
        sample = draw(claim, number)
        if number % 3 == 0:
            quarters = {name: [[Fraction(x, 4) for x in row] for row in one] for name, one in sample.values.items()}
            sample = replace(sample, values=quarters)
        yield sample


def _is_zero(core: c.Core) -> bool:
    return isinstance(core, c.Zeros) or (isinstance(core, c.Const) and core.value == 0)


def not_negative(core: c.Core) -> bool:
    """Whether a number is a sum of squares by the way it is written."""
    if isinstance(core, c.Const):
        return core.value >= 0
    if isinstance(core, c.SizeOf):
        return all(coefficient > 0 for _, coefficient in core.dim.poly)
    if isinstance(core, c.Total) and isinstance(core.arg, c.Entrywise):
        return core.arg.left is core.arg.right
    if isinstance(core, c.Power):
        return core.exponent % 2 == 0 or not_negative(core.arg)
    if isinstance(core, c.Scale):
        return not_negative(core.by) and not_negative(core.arg)
    if isinstance(core, c.Plus):
        return all(map(not_negative, core.terms))
    if isinstance(core, (c.SumOver, c.Defined)):
        return not_negative(core.body)
    return isinstance(core, c.Apply) and core.fn in ("sqrt", "exp", "abs")


def _squares(small: c.Core, large: c.Core) -> bool:
    """Whether large - small is, term by term, a positive multiple of a network that is its own mirror image."""
    if large.shape != c.SCALAR:
        return False
    try:
        w = started()
        learn_blocks(w.blocks, c.everything(large))
        collected = collect(w.state, difference(w, large, small, None, None, {}))
    except Outside:
        return False
    return all(_is_square(w.state, key, value) for key, value in collected.items())


def _is_square(state: State, key: Key, value: Coefficient) -> bool:
    powers, pieces = key
    even = all(exponent % 2 == 0 or state.table[atom].kind == "size" for atom, exponent in powers)
    return value > 0 and even and all(_mirrors(piece) for piece in pieces)


def _mirrors(piece: Piece) -> bool:
    """A piece of two equal factors: the sum of squares of the entries of one array."""
    return len(piece) == 2 and piece[0] == piece[1]
