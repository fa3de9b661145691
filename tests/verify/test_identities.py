"""True identities are proved in both languages; their one-change mutants are rejected or certified equal by sympy."""

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify.confirm.identity import confirm
from lrcore.verify.decide.claims import decide
from lrcore.verify.read.document import read_chains
from lrcore.verify.refute.mutants import mutants
from lrcore.verify.terms.errors import Problem
from lrcore.verify.type.typist import typed_sides
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC

CONTEXT = Context(shapes=SHAPES, symmetric=SYMMETRIC)


def test_there_are_more_than_120_of_them():
    assert len(IDENTITIES) >= 120


@pytest.mark.parametrize("pair", IDENTITIES, ids=[text for _, text in IDENTITIES])
def test_an_identity_is_proved_in_both_languages(pair):
    for text in pair:
        report = derivation(text, CONTEXT, repairs=False)
        assert [step.verdict.value for step in report.steps] == ["PROVED"], f"{text}\n{report}"


def claim_of(left, right):
    from lrcore.verify.terms.claim import Claim

    both = typed_sides(left, right, CONTEXT)
    return Claim(both.left, both.right, list(both.free))


def judged(text):
    """(what was changed, claim, decision) of each mutant of the right side; the last two None where it is ill typed."""
    left, right = read_chains(text, CONTEXT)[0].read(CONTEXT)
    for what, mutant in mutants(right, CONTEXT):
        try:
            claim = claim_of(left, mutant)
        except Problem:
            yield what, None, None
        else:
            yield what, claim, decide(claim)


@pytest.mark.parametrize("text", [text for _, text in IDENTITIES if "d(" not in text.replace("d(et", "")][::9])
def test_a_mutant_is_refuted_or_certified_equal_by_sympy(text):
    decided = list(judged(text))
    assert decided
    for what, claim, decision in decided:
        assert claim is None or decision.point is not None or (decision.proved and confirm(claim).agrees is True), (
            f"{text}: {what}"
        )


def test_a_true_identity_is_confirmed_by_sympy_and_a_false_one_is_not():
    left, right = read_chains("grad(norm2(X@W - Y)/N, W) = 2/N*X.T@(X@W - Y)", CONTEXT)[0].sides
    confirmed = confirm(claim_of(left, right))
    assert confirmed.agrees and confirmed.how == "symbolic entries" and max(confirmed.sizes["N"]) >= 2
    left, right = read_chains("grad(norm2(X@W - Y)/N, W) = 1/N*X.T@(X@W - Y)", CONTEXT)[0].sides
    assert confirm(claim_of(left, right)).agrees is False
