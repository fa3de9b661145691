"""A step about layout, or with four indices, names the section of the book that answers it; any other names none."""

from pathlib import Path

import pytest

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.table import State
from lrcore.checker.view import view

BOOK = Path(__file__).parents[2] / "book"
SHAPES = r"$X \in \mathbb R^{N \times M}$, $W \in \mathbb R^{M \times D}$, $Y = XW$. "


def sections(text):
    return [
        one["section"] and one["section"]["href"] for one in view(CheckedText(State(text), finish=False).run())["steps"]
    ]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        (r"$\hat y = Xw$, $\frac{\partial \hat y}{\partial w} = X^T$", "question.html#answer-jacobian"),
        (r"$\hat y = Xw$, $\frac{\partial \hat y}{\partial w} = X$", None),
        (r"$\hat y = Xw$, $\frac{\partial \hat y}{\partial w} = 2X$", None),
        (SHAPES + r"$\frac{\partial Y}{\partial W} = X$", "many_outputs.html#the-tensor"),
        (SHAPES + r"$\frac{\partial Y_{ij}}{\partial W_{kl}} = X_{ik} \delta_{jl}$", None),
        (r"$L = \|Xw - y\|^2$, $\nabla_w L = 2X^T(Xw - y)$", None),
    ],
)
def test_a_step_names_the_section_that_answers_it(text, href):
    assert sections(text)[-1] == href


def test_the_sections_exist():
    assert ":name: answer-jacobian" in (BOOK / "question.md").read_text(encoding="utf-8")
    assert "\n## The tensor\n" in (BOOK / "many_outputs.md").read_text(encoding="utf-8")
