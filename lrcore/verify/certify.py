"""A claim in, a certified statement out, or nothing: the door to :mod:`.certificate` for the rest of the prover."""

from __future__ import annotations

from collections.abc import Sequence

from .certificate import Certified, Refused, check
from .claims import Claim
from .cofactors import steps_for
from .elaborate import elaborated
from .errors import Outside


def certify(claim: Claim, given: Sequence[Claim] = (), relation: str = "=") -> Certified | None:
    try:
        statement = elaborated(claim, given, relation)
    except (Outside, RecursionError):
        return None
    try:
        return check(statement, ((),) * len(statement.claims))
    except Refused:
        pass
    try:
        return check(statement, steps_for(statement))
    except (Refused, Outside, RecursionError):
        return None
