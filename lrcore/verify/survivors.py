"""Mutants of the proved steps of a derivation: each must be rejected, or certified equal by sympy."""

from __future__ import annotations

from .claims import decide
from .errors import Problem
from .mutants import mutants
from .reading import read_chains

LIMIT = 60


def survivors(state) -> tuple[int, int]:
    """(how many mutants there are, how many are neither rejected nor certified) for a finished derivation."""
    total = left = 0
    for mutated in _pairs(state):
        total += 1
        left += not _settled(state, *mutated)
    return total, left


def _pairs(state):
    for chain in read_chains(state.text, state.context):
        try:
            sides = chain.read(state.context)
        except Problem:
            continue
        for place, relation in enumerate(chain.relations):
            if relation == "=" and state.proved_sides(sides[place], sides[place + 1]):
                for number, (_, mutant) in enumerate(mutants(sides[place + 1], state.context)):
                    if number >= LIMIT:
                        break
                    yield sides[place], mutant


def _settled(state, left, mutant):
    from .symbolic import confirm

    try:
        claim = state._claim_of(left, mutant)
    except (Problem, RecursionError):
        return True
    decision = decide(claim)
    if decision.point is not None:
        return True
    return confirm(claim).agrees is True
