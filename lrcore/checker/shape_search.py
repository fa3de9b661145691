"""Guessed shapes that do not fit together, changed one by one until as many lines as can have a meaning."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from lrcore.verify import Context, Problem, have_meaning
from lrcore.verify import syntax as s

from .table import Row, declare

MOST_SIDES, MOST_TRIES = 24, 120
_USUAL = ("X", "Y", "W", "w", "y")  # whose letters say most: they change last


def fitted(
    rows: dict[str, Row], doubtful: set[str], chains: list[list[s.Node]], sizes: tuple[str, str, str],
    context: Context,
) -> dict[str, Row]:  # fmt: skip
    """The rows with other shapes for the doubtful ones, where more sides have a meaning then."""
    chains = chains[:MOST_SIDES]
    best, tries = _cost(rows, chains, context), 0
    samples, features, outputs = sizes
    shapes = (f"{samples} x {features}", features, samples, f"{features} x {outputs}", f"{features} x {features}",
              f"{samples} x {outputs}", "scalar")  # fmt: skip
    numbers = {key: replace(row, shape="scalar") for key, row in rows.items() if key in doubtful and key[0].islower()}
    if best and _cost({**rows, **numbers}, chains, context) == 0:
        return {**rows, **numbers}
    for _ in range(2):
        for key in sorted(doubtful, key=lambda one: (one in _USUAL, one)):
            for shape in (features, "scalar") if key == "b" else shapes:
                if best == 0 or tries >= MOST_TRIES:
                    return rows
                trial = {**rows, key: replace(rows[key], shape=shape)}
                tries += 1
                cost = _cost(trial, chains, context)
                if cost < best:
                    rows, best = trial, cost
    return rows


def _cost(rows: dict[str, Row], chains: list[list[s.Node]], context: Context) -> int:
    """How many pairs of sides have no meaning under these rows."""
    trial = context.copy()
    try:
        for row in rows.values():
            declare(trial, row, set())
    except (Problem, ValueError, RecursionError):
        return 10**6
    for sides in reversed(chains):
        _define(sides, trial)  # a text may say what a name is after it was used
    return sum(not have_meaning(left, right, trial) for sides in chains for left, right in pairwise(sides))


def _define(sides: list[s.Node], context: Context) -> None:
    """The definition that a chain is where its first side is a name that no table explains."""
    first: Any = sides[0]
    head: Any = first.fn if isinstance(first, s.At) else first.base if isinstance(first, s.Entry) else first
    declared = not isinstance(head, s.Name) or context.is_size(head.id)
    symbol = None if declared else context.lookup(head.id)
    if declared or len(sides) < 2 or (symbol is not None and symbol.definition is None):
        return
    indices, arguments = (
        tuple(one.id for one in getattr(first, part, ()) if isinstance(one, s.Name)) for part in ("indices", "args")
    )
    context.define_node(head.id, sides[1], indices, arguments)
