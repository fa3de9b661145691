# ruff: noqa: E501 (a counterexample is quoted as one line)
"""The counterexample is the smallest that shows the mistake, with numbers that a person can follow by hand."""

from random import Random

import pytest

from lrcore.verify import Context, derivation, examine
from lrcore.verify.refute import points
from lrcore.verify.refute.points import Point, draw_values, size_choices, try_point

CONTEXT = Context(
    shapes={
        "X": ("N", "M"), "w": ("M",), "y": ("N",), "A": ("M", "M"), "B": ("M", "M"), "a": ("M",), "b": ("M",),
        "c": (), "x": (),
    },
    definitions={"L": r"\frac1N \|Xw - y\|^2"},
)  # fmt: skip

# A wrong line, what shows it, and the line as it should be.
LINES = [
    (r"\nabla_w L = -\frac2N X^\top (Xw - y)", "At M = 1, N = 1, X = 1, w = 0, y = 1: left = -2, right = 2", r"\nabla_w L = \frac2N X^\top (Xw - y)"),
    (r"\nabla_w L = \frac{2}{N^2} X^\top (Xw - y)", "At M = 1, N = 2, X = [0; 1], w = 0, y = [0; 1]: left = -1, right = -1/2", r"\nabla_w L = \frac{2N}{N^2} X^\top (Xw - y)"),
    (r"(A B)^\top = A^\top B^\top", "At M = 2, A = [0 0; 0 1], B = [0 0; 1 0]: left = [0 1; 0 0], right = [0 0; 0 0]", r"(A B)^\top = B^\top A^\top"),
    (r"\|a + b\|^2 = a^\top a + b^\top b", "At M = 1, a = 1, b = 1: left = 4, right = 2", r"\|a + b\|^2 = a^\top a + 2 a^\top b + b^\top b"),
    (r"\sum_{i=1}^M a_i b_i = \sum_{i=1}^M a_i \sum_{i=1}^M b_i", "At M = 2, a = [0; 1], b = [1; 0]: left = 0, right = 1", r"\sum_{i=1}^M a_i b_i = \sum_{j=1}^M a_j b_j"),
    (r"(x + c)^2 = x^2 + c^2", "At c = 1, x = 1: left = 4, right = 2", r"(x + c)^2 = x^2 + 2 x c + c^2"),
    (r"x^2 = x", "At x = 2: left = 4, right = 2", r"x^2 = x x"),
    (r"\log(x c) = \log(x) \log(c)", "At c = 2, x = 1: left = 0.693147, right = 0", r"\log(x c) = \log(x) + \log(c)"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "shown", "right"), LINES)
def test_a_mistake_is_shown_by_small_numbers_and_a_right_line_by_none(wrong, shown, right):
    step = derivation(wrong, CONTEXT, repairs=False).steps[0]
    assert str(step.counterexample) == shown
    fine = derivation(right, CONTEXT, repairs=False).steps[0]
    assert fine.counterexample is None and fine.verdict.value == "PROVED"


@pytest.mark.parametrize("wrong", [one for one, _, _ in LINES])
def test_no_smaller_sizes_show_it(wrong):
    found = examine(wrong, CONTEXT)
    claim, example = found.decided[0].claim, found.report.steps[0].counterexample
    smaller = [one for one in size_choices(claim.sizes, 1) if sum(one.values()) < sum(example.sizes.values())]
    for sizes in smaller:
        for number in range(30):
            sample = draw_values(claim, sizes, Random(number), kind=number % 2, span=3)
            assert not isinstance(try_point(claim, sample), Point), sizes


def test_the_search_is_bounded_and_says_the_same_each_time(monkeypatch):
    line, tries = r"\nabla_w L = \frac{3}{N^2} A X^\top (X A w - y)", []
    tried = points.try_point
    monkeypatch.setattr(points, "try_point", lambda *given: tries.append(1) or tried(*given))
    context = Context(
        shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), "A": ("M", "M")}, definitions={"L": r"\frac1N \|Xw - y\|^2"}
    )
    said = {str(derivation(line, context, repairs=False).steps[0].counterexample) for _ in range(2)}
    assert len(said) == 1 and len(tries) <= 2 * (points.SIZES_LIMIT + 2 * points.SHRINK_LIMIT + 30)
