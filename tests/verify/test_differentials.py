"""Differentials among the equations of a text: which names they vary, and what follows from them."""

import pytest

from lrcore.verify import STUMBLED, Context, derivation

CONTEXT = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), "S": ("M", "M"), "lambda": ()}, symmetric=["S"])


@pytest.mark.parametrize("before", [r"dw = 0", r"w^T dw = 0", r"d(X^T(Xw - y) + \lambda w) = 0", r"d\lambda = 0"])
@pytest.mark.parametrize("after", [r"\lambda = 2", r"Sw = \lambda w", r"w^Tw = 1", r"X^TXw = \lambda w"])
def test_an_equation_without_differentials_is_judged_after_one_with_them(before, after):
    steps = derivation(before + r" \\ " + after, CONTEXT, repairs=False).steps
    assert len(steps) == 2 and not any(STUMBLED in step.message for step in steps)


def test_lambda_varies_where_its_differential_is_written_and_is_a_constant_where_it_is_not():
    both = r"d(\lambda w) = \lambda\, dw + w\, d\lambda"
    alone = r"d(\lambda w) = \lambda\, dw"
    assert derivation(both, CONTEXT).steps[0].verdict.value == "PROVED"
    assert derivation(alone, CONTEXT).steps[0].verdict.value == "PROVED"
    assert derivation(both + r" \\ " + alone, CONTEXT, repairs=False).steps[1].verdict.value == "REFUTED"
