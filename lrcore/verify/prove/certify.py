"""A claim in, a certified statement out, or nothing: the door to :mod:`.certificate` for the rest of the prover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lrcore.verify.certificate import Certified, Refused, check
from lrcore.verify.prove.book import opened, written
from lrcore.verify.prove.cofactors import steps_for
from lrcore.verify.prove.elaborate import elaborated
from lrcore.verify.statements import Statement, Step, has_functions
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import OutOfWork, Outside

# What a search may fail with: what it looked into is decided without it.
_FAILS = (
    Refused, Outside, RecursionError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError, NameError,
    AssertionError,
)  # fmt: skip


@dataclass
class Tried:
    """How large the smallest claim of a text was of which the certificate was too much work."""

    too_large: int | None = None


def certify(
    claim: Claim, given: Sequence[Claim] = (), relation: str = "=", tried: Tried | None = None
) -> Certified | None:
    """The claim (under the equations in ``given``) with the checker's stamp; None where the language has no words for
    it, the budget of work is spent, the checker refuses, or what is written is nested too deeply. What is as large as
    what was too much work before, as ``tried`` says, is not tried.
    """
    size = sum(len(one.nodes) for one in (claim, *given))
    if tried is not None and tried.too_large is not None and size >= tried.too_large:
        return None
    try:
        statement = elaborated(claim, given, relation)
        found = _by_the_book(statement)
        if found is None:
            certificate = certificate_for(statement)
            found = check(statement, certificate)
            if (book := written()) is not None:
                book.write(statement, certificate)
    except (Refused, Outside, RecursionError) as error:
        if tried is not None and (isinstance(error, OutOfWork) or "work" in str(error)):
            tried.too_large = size
        return None
    return found


def certified_elsewhere(claim: Claim) -> bool:
    """Whether the book that is open has a certificate of the claim, and the checker stamps it."""
    if opened() is None:
        return False
    try:
        return _by_the_book(elaborated(claim)) is not None
    except _FAILS:
        return False


def _by_the_book(statement: Statement) -> Certified | None:
    book = opened() or written()
    return None if book is None else book.stamped(statement)


def certificate_for(statement: Statement) -> tuple[tuple[Step, ...], ...]:
    """Polynomials need no certificate: the checker compares the sides by itself."""
    plain = statement.relation == "=" and not statement.given
    if plain and not any(has_functions(side) for one in statement.claims for side in (one.left, one.right)):
        return ((),) * len(statement.claims)
    return steps_for(statement)
