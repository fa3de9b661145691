"""Differentials of data: written and dropped, set to zero, and never excused where they are kept with a wrong sign."""

import pytest

from lrcore import check_derivation

MODEL = r"Let $L = \frac1N r^\top r$ with $r = \hat y - y$, $\hat y = Xw$. "


def verdicts(text):
    return [step.verdict.value for step in check_derivation(text).steps if step.verdict.value != "DEFINITION"]


@pytest.mark.parametrize(
    "lines",
    [
        r"$$dr = d\hat y - dy = d\hat y$$ $$d\hat y = X dw$$ $$dL = \frac2N r^\top X dw$$",
        r"$$dr = d(Xw) - dy = X\,dw$$",
        r"$$dr = dX w + X dw - dy$$ $$dX = 0, \quad dy = 0$$ $$dr = X dw$$",
    ],
)
def test_data_may_be_varied_and_then_held(lines):
    found = check_derivation(MODEL + lines)
    assert set(verdicts(MODEL + lines)) == {"PROVED"}
    assert any("y is constant" in step.assumes for step in found.steps)


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (r"$$dr = d\hat y - dy = d\hat y + dy$$ $$dr = X dw$$", 1),  # a lost sign beside data that are held
        (r"$$dr = d\hat y - dy = 2\, d\hat y$$", 1),
        (r"$$dr = d\hat y - dy$$ $$dr = d\hat y + dy$$", 1),
    ],
)
def test_a_wrong_line_is_not_excused_by_holding_data(lines, refused):
    assert verdicts(MODEL + lines).count("REFUTED") == refused


def test_what_is_no_target_in_a_difference_is_not_held():
    assert verdicts(r"$f = x^\top y$. $$df = dx^\top y + x^\top dy = y^\top dx$$") == ["PROVED", "REFUTED"]


def test_a_data_matrix_that_varies_is_still_a_matrix():
    found = check_derivation(r"$L = \|Xw - y\|^2$. $$dL = 2 (Xw-y)^\top (dX w + X dw - dy)$$")
    assert "X : N x M" in found.taken
    assert found.steps[-1].verdict.value == "PROVED"
