"""An inequality is proved where every term is a square times something that is not negative, and nowhere else."""

import pytest

from lrcore.verify import Context, Verdict, derivation

SHAPES = {"X": ("N", "M"), "w": ("M",), "v": ("M",), "y": ("N",), "A": ("M", "M"), "t": (), "c": ()}
TRUE = [
    r"\|w\|^2 \ge 0",
    r"0 \le \frac{1}{N} \|Xw - y\|^2",
    r"t^2 \|w\|^2 + 3 \ge 0",
    r"c^4 + t^2 \ge 0",
    r"|t| \, \|w\|^2 \ge 0",
    r"|t|^3 \ge 0",
    r"\exp(t) + \sqrt{c^2} \ge 0",
    r"N \|w\|^2 \ge 0",
    r"\sum_i |w_i| \ge 0",
    r"\|Xw\|^2 + w^\top w \ge \|Xw\|^2",
]
# Each holds at the small points that are tried, or nearly so, and is false elsewhere.
NOT_TRUE = [
    r"10 t \|w\|^2 + 10000 \ge 0",
    r"10000 + 10 t \|w\|^2 \ge 0",
    r"\|w\|^2 t + 5000 \ge 0",
    r"t^3 + 10000 \ge 0",
    r"t \, c^2 + 10000 \ge 0",
    r"w^\top v + 10000 \ge 0",
    r"w^\top A w + 10000 \ge 0",
    r"\|w\|^2 + 10000 \ge \|w\|^2 \|v\|^2",
    r"10000 \ge -t \|w\|^2",
    r"\log(t^2 + 1) + t + 1000 \ge 0",
    r"(N - 100) \|w\|^2 + 100000 \ge 0",
]


def verdict(text):
    return derivation(text, Context(shapes=SHAPES)).steps[0].verdict


@pytest.mark.parametrize("text", TRUE)
def test_a_sum_of_squares_is_not_negative(text):
    assert verdict(text) is Verdict.PROVED


@pytest.mark.parametrize("text", NOT_TRUE)
def test_a_factor_of_any_sign_proves_nothing(text):
    assert verdict(text) in (Verdict.CHECKED, Verdict.REFUTED)
