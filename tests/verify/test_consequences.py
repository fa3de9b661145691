"""What follows from other equations: sympy agrees where it does, a point or no verdict shows where it does not."""

from dataclasses import replace

import pytest

from lrcore import check_derivation
from lrcore.verify import Confirmation, Context, Verdict, implies
from lrcore.verify.confirm.following import confirm_following
from lrcore.verify.decide.conditions import fails_under
from lrcore.verify.decide.pipeline import examine
from lrcore.verify.decide.state import Options
from lrcore.verify.page import gate
from lrcore.verify.page.gate import check_page
from lrcore.verify.terms.claim import Condition
from tests.verify.test_engines_agree import claim_of

CONTEXT = Context(
    shapes={"X": ("N", "M"), "K": ("M", "M"), "w": ("M",), "q": ("M",), "y": ("N",), "Q": ("N", "M"), "U": ("M", "M")}
    | {"mu": (), "eta": ()}
)
NORMAL = r"X^\top X w = X^\top y \implies "
EIGEN = r"K q = \mu q \implies "
TRUE = {
    NORMAL + r"X^\top (X w - y) = 0": "division of symbolic entries",
    NORMAL + r"\|X w\|^2 = w^\top X^\top y": "division of symbolic entries",
    NORMAL + r"w = (X^\top X)^{-1} X^\top y": "solutions at rational points",
    EIGEN + r"(I_M - \eta K)\, q = (1 - \eta \mu)\, q": "division of symbolic entries",
    EIGEN + r"K K q = \mu^2 q": "division of symbolic entries",
    r"Q^\top Q = I_M \implies \|Q q\|^2 = \|q\|^2": "division of symbolic entries",
    r"K = K^\top \implies w^\top K q = q^\top K w": "division of symbolic entries",
}
FALSE = [
    r"K = K^\top \implies w^\top K U q = q^\top K U w",
    NORMAL + r"X^\top (X w + y) = 0",
    NORMAL + r"\|X w\|^2 = y^\top y",
    NORMAL + r"w = (X^\top X)^{-1} X^\top X w + w",
    EIGEN + r"(I_M - \eta K)\, q = (1 + \eta \mu)\, q",
    EIGEN + r"K K q = \mu q",
    r"Q^\top Q = I_M \implies Q Q^\top y = y",
    r"Q^\top Q = I_M \implies \|Q q\|^2 = \mu \|q\|^2",
]


def decided(text):
    """The last claim of a text, and the equations that stand before it."""
    found = examine(text, CONTEXT, Options(follow=True))
    steps = found.report.steps
    return steps[-1], found.decided[len(steps) - 1].claim, tuple(one.claim for one in found.conditions)


@pytest.mark.parametrize("text", TRUE)
def test_what_follows_is_proved_and_sympy_agrees(text):
    found = examine(text, CONTEXT, Options(follow=True))
    assert found.report.steps[-1].verdict is Verdict.PROVED
    last = found.proved[-1]
    assert last.given, "nothing was taken as given"
    said = confirm_following(last.claim, last.given)
    assert (said.agrees, said.how) == (True, TRUE[text])


@pytest.mark.parametrize("text", FALSE)
def test_what_does_not_follow_is_refuted_at_a_point_and_sympy_does_not_agree(text):
    step, claim, given = decided(text)
    assert step.verdict is Verdict.REFUTED, step.message
    assert step.counterexample.values
    assert confirm_following(claim, given[:1]).agrees is not True


def test_the_point_is_one_where_the_premise_holds_and_something_is_left_to_say():
    (step,) = implies(EIGEN + r"K q = 2 \mu q", CONTEXT).steps[1:]
    at = step.counterexample
    K, q, mu = at.values["K"], at.values["q"], at.values["mu"][0][0]
    rows = [sum(a * x[0] for a, x in zip(row, q, strict=True)) for row in K]
    assert rows == [mu * x[0] for x in q] and any(rows)


def test_a_symmetric_matrix_is_not_mirrored_where_a_derivative_is_taken_by_it():
    text = r"K = K^\top \implies \frac{\partial}{\partial K} w^\top K q = q w^\top"
    assert implies(text, CONTEXT).steps[1].verdict is not Verdict.PROVED


def test_engines_that_disagree_about_a_consequence_are_an_error_in_its_own_right(monkeypatch):
    monkeypatch.setattr("lrcore.verify.decide.equations.follows", lambda claim, given: True)
    step = implies(NORMAL + r"X^\top (X w + y) = 0", CONTEXT).steps[-1]
    assert step.verdict is Verdict.UNREADABLE
    assert step.message == "The checker stumbled over this line; that is its error and not yours (Disagreement)."


def test_the_point_shows_the_values_of_the_premises_too():
    (step,) = implies(r"K q = 0 \implies q = 0", CONTEXT).steps[1:]
    assert step.verdict is Verdict.REFUTED and set(step.counterexample.values) == {"K", "q"}


PAGE = r"""
| Symbol | Shape | Meaning |
|---|---|---|
| $X$ | $N \times M$ | inputs |
| $w$ | $M \times 1$ | weights |
| $y$ | $N \times 1$ | targets |

$$
X^\top X w = X^\top y \quad\implies\quad X^\top (X w - y) = 0
$$ (orthogonal)

$$
\|X w - y\|^2 = w^\top X^\top X w - 2 y^\top X w + y^\top y
$$ (expanded)
"""


def test_the_gate_asks_sympy_and_tries_mutants_of_implications_too():
    for one in check_page(PAGE, sympy=True, mutants=True).checked:
        assert one.passes and one.mutants > 3 and not one.survivors
        assert [each.agrees for each in one.confirmations] == [True]


@pytest.mark.parametrize(("agrees", "reason"), [(None, "could not confirm"), (False, "contradicts")])
def test_the_gate_lets_nothing_pass_that_sympy_does_not_confirm(agrees, reason, monkeypatch):
    other = Confirmation(agrees, "gave up", 0, {})
    monkeypatch.setattr(gate, "second_opinion", lambda claim, given: other)
    for one in check_page(PAGE, sympy=True).checked:
        assert not one.passes and reason in one.reason


@pytest.mark.parametrize(
    ("right", "verdict"), [("\\mu p^\\top q", "PROVED"), ("2 \\mu p^\\top q", "REFUTED"), ("\\mu q^\\top q", "REFUTED")]
)
def test_premises_are_solved_for_symmetric_matrices_that_stay_so(right, verdict):
    text = f"Let $S$ be a symmetric matrix. $S p = \\mu p \\implies p^\\top S q = {right}$"
    assert check_derivation(text).steps[-1].verdict.value == verdict


def test_a_bound_of_a_premise_alone_has_a_value_at_every_point_that_is_tried():
    premise = replace(claim_of("c", "2*a"), within=(Condition(claim_of("a*a", "x.T@x"), relation=">="),))
    assert fails_under(claim_of("2*a", "c"), [premise]) is None
    found = fails_under(claim_of("a", "c"), [premise]).sample.values
    assert found["a"][0][0] ** 2 >= sum(row[0] ** 2 for row in found["x"])
