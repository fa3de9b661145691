"""Names in code that stand for gradients, and where a name stands for none."""

import pytest

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.python_code import as_equations, gradients
from lrcore.checker.table import Row, State

LOSS = "r = X @ w - y\nloss = np.mean(r ** 2)\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (LOSS + "dw = X.T @ r", {"dw": ("loss", "w")}),
        (LOSS + "grad_w = X.T @ r\ndr = 2 * r", {"grad_w": ("loss", "w"), "dr": ("loss", "r")}),
        (LOSS + "dw = X.T @ r\ndw = dw / n", {}),  # a value on the way to another
        (LOSS + "dw = X.T @ r\ndw /= n", {}),
        (LOSS + "loss += np.sum(w ** 2)\ndw = X.T @ r", {}),
        (LOSS + "dw = 1e-6", {}),  # a step
        (LOSS + "dX = X - X.mean()", {}),  # data
        ("dw = X.T @ r\n" + LOSS, {}),
        ("dw = X.T @ r", {}),
        (r"L = \|Xw - y\|^2, dw = 2", {}),
    ],
)
def test_a_name_stands_for_a_gradient_where_the_loss_rests_on_the_rest_of_it(text, found):
    assert gradients(text) == found


def test_a_step_of_descent_is_set_aside_and_no_other_change_of_a_name_is():
    assert not as_equations("w = w - lr * X.T @ r").strip()
    for line in ("X = X - X.mean()", "r += X @ w", "w = w + X.T @ r"):
        assert as_equations(line) == line


@pytest.mark.parametrize(("meaning", "verdict"), [("each 0 or 1", "PROVED"), ("inputs", "REFUTED")])
def test_a_table_may_say_that_entries_are_0_or_1(meaning, verdict):
    state = State(r"\sum_{i=1}^n x_i^2 = \sum_{i=1}^n x_i", (Row("x", "n", meaning, ""),))
    assert [one.step.verdict.value for one in CheckedText(state, finish=False).run().steps] == [verdict]
