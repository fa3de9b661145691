"""Whatever is pasted gets a verdict, with little work; nothing of it is evaluated."""

from random import Random

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify.decide.pipeline import STUMBLED
from tests.verify.damage import damaged
from tests.verify.errata_table import FORMULAS
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC
from tests.work import at_most

CONTEXT = Context(shapes=SHAPES, symmetric=SYMMETRIC, definitions={"L": r"\frac1N\|XW-Y\|_F^2"})
POOL = [text for pair in IDENTITIES for text in pair] + [one[3] for one in FORMULAS]


@pytest.mark.parametrize("seed", range(10))
def test_damaged_texts_get_a_verdict_with_little_work(seed):
    rng = Random(seed)
    for _ in range(100):
        text = damaged(rng.choice(POOL), rng)
        with at_most(500_000):
            report = derivation(text, CONTEXT, repairs=False)
            str(report), report.to_json(), report._repr_html_()
        assert STUMBLED not in str(report), repr(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "x" + ")" * 5000,
        "{" * 5000,
        "-" * 3000 + "x = 1",
        r"\frac{1}{" * 300 + "x" + "}" * 300 + "= 1",
        "x" * 19_000 + " = 1",
        r"\newcommand{\a}{\a\a}\a = 1",
        r"\newcommand{\a}{\b\b\b\b}\newcommand{\b}{\c\c\c\c\c\c}\newcommand{\c}{xxxxxxxxxxxxxxxx}\a = 1",
        "x**999999999 = 1",
        "x = 10**10**10",
        r"x^{99999999} = 1",
        "tr(" * 100 + "A" + ")" * 100 + " = 1",
        "(A + B)**12 = A",
        r"(A+B+C)^{12} = (A+B+C)^{12} + A",
        "y" * 30_000,
        r"\sum_{i} " * 60 + "x_i = 1",
        "= = = =",
        r"\\ \\ &=& \\",
        "$" * 99,
        "a\x00b = \x00",
        "2**1000000 = 3",
        r"x^{100000} = x",
        r"((2^{1000})^{1000})^{1000} = 3",
        "x = " + "norm(" * 40 + "x" + ")" * 40,
        "x = " + "norm(x * " * 30 + "1" + ")" * 30,
        "p_1 := x x\n" + "\n".join(f"p_{k + 1} := p_{k} p_{k}" for k in range(1, 9)) + "\np_9 = x",
        r"p := x^2\\ " + r"\\ ".join(rf"p_{{{k + 1}}} := p_{{{k}}} p_{{{k}}}" for k in range(28)) + r"\\ p_{28} = x",
    ],
)
def test_a_monster_gets_a_verdict_with_bounded_work(text):
    with at_most(5_000_000):
        report = derivation(text, CONTEXT)
    assert STUMBLED not in str(report)
    assert not report.ok, "none of them is true of every x"
