"""What sympy, which shares nothing with the prover from the typed tree on, says of a claim."""

from __future__ import annotations

from collections.abc import Sequence

from lrcore.verify.confirm.following import confirm_following
from lrcore.verify.confirm.identity import Confirmation, confirm
from lrcore.verify.terms.claim import Claim


def second_opinion(claim: Claim, given: Sequence[Claim] = ()) -> Confirmation:
    """sympy's word on a claim, or on its following from the equations in ``given``."""
    return confirm_following(claim, tuple(given)) if given else confirm(claim)
