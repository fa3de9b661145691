"""Whether a rule that is named is what happened, judged by numbers: the right name fits, another does not."""

import pytest

from tests.verify.rules_judged import rule_judged

GIVEN = {"shapes": {"A": ("n", "n"), "B": ("n", "n"), "x": ("n",), "t": ()}}


@pytest.mark.parametrize(
    ("before", "after", "rule", "other"),
    [
        (r"(A B)^\top", r"B^\top A^\top", "transpose of a product", "cyclic trace"),
        (r"(A + B) x", "A x + B x", "expansion", "transpose of a sum"),
        (r"\operatorname{tr}(A B)", r"\operatorname{tr}(B A)", "cyclic trace", "transpose of a product"),
        (r"\|A x\|^2", r"(A x)^\top A x", "squared norm as a product", "expansion"),
        ("A^{-1} A x", "x", "inverse cancels", "factoring out"),
        (r"\frac{\partial}{\partial t} (t x^\top x)", "x^\\top x", "derivative of a linear form", "expansion"),
        (r"\sum_{i=1}^n 2 x_i x_i", r"2 \|x\|^2", "sum as a matrix product", "linearity"),
    ],
)
def test_the_right_rule_fits_and_another_does_not(before, after, rule, other):
    assert rule_judged(rule, [before, after], 0, GIVEN) == "fits"
    assert rule_judged(other, [before, after], 0, GIVEN).startswith(f"{other}: ")
