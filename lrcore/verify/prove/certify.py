"""A claim in, a certified statement out, or nothing: the door to :mod:`.certificate` for the rest of the prover."""

from __future__ import annotations

from collections.abc import Sequence

from lrcore.verify.certificate import Certified, Refused, check
from lrcore.verify.prove.cofactors import steps_for
from lrcore.verify.prove.elaborate import elaborated
from lrcore.verify.statements import Statement, Step, has_functions
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside


def certify(claim: Claim, given: Sequence[Claim] = (), relation: str = "=") -> Certified | None:
    """The claim (under the equations in ``given``) with the checker's stamp; None where the language has no words for
    it, the budget of work is spent, the checker refuses, or what is written is nested too deeply.
    """
    try:
        statement = elaborated(claim, given, relation)
        found: Certified = check(statement, certificate_for(statement))
    except (Refused, Outside, RecursionError):
        return None
    return found


def certificate_for(statement: Statement) -> tuple[tuple[Step, ...], ...]:
    """Polynomials need no certificate: the checker compares the sides by itself."""
    plain = statement.relation == "=" and not statement.given
    if plain and not any(has_functions(side) for one in statement.claims for side in (one.left, one.right)):
        return ((),) * len(statement.claims)
    return steps_for(statement)
