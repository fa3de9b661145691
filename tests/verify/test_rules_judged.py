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
        # what a rule leaves alone, too: a constant below a derivative, a diagonal, a determinant
        (
            r"\frac{\partial}{\partial x} (x^\top x + t)",
            r"\frac{\partial}{\partial x} (x^\top x)",
            "sum rule",
            "expansion",
        ),
        (r"\operatorname{tr}(A^\top)", r"\operatorname{tr}(A)", "trace of a transpose", "transpose of a sum"),
        (
            r"\mathrm{d}((A B)^\top)",
            r"\mathrm{d}(A B)^\top",
            "differential of a linear expression",
            "transpose of a product",
        ),
        (r"\mathrm{d}x^\top x + x^\top \mathrm{d}x", r"2 x^\top \mathrm{d}x", "transpose of a product", "cyclic trace"),
        (r"\det(A^\top)", r"\det(A)", "determinant of a transpose", "trace of a transpose"),
        (r"\sum_{i=1}^n \exp([A x]_i) x_i", r"\exp(A x)^\top x", "sum as a matrix product", "meaning of the function"),
        (
            r"(A \otimes B)^\top",
            r"A^\top \otimes B^\top",
            "transpose of a Kronecker product",
            "transpose of an entrywise product",
        ),
        (r"\sum_{i=1}^n 2 x_i x_i", r"2 \|x\|^2", "sum as a matrix product", "linearity"),
    ],
)
def test_the_right_rule_fits_and_another_does_not(before, after, rule, other):
    assert rule_judged(rule, [before, after], 0, GIVEN) == "fits"
    assert rule_judged(other, [before, after], 0, GIVEN).startswith(f"{other}: ")
