# ruff: noqa: E501 (a derivation is quoted as one line)
r"""Derive it yourself: ten gradients of the book, with their first and last line, stages and hints.

A path is accepted when every line holds and it goes through the stages, as homework marks them
(:func:`lrcore.homework.grade.marks.mark`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from lrcore.homework.release.tasks import DerivationMark, Task

from .starts import BY_ID
from .table import Row, context_of

Rows = tuple[tuple[str, str, str, str], ...]
_FINISH = (
    "What is left to differentiate is linear, and the derivative of a linear expression is its factor. Which factor is it?",
    "Write the sum over samples as a product of matrices: the index that is summed over has to stand in the middle.",
)


@dataclass(frozen=True)
class Challenge:
    """What to derive: ``first`` and ``last`` are given; ``hints`` has a list for each stage, mildest first."""

    id: str
    title: str
    chapter: str
    rows: Rows
    first: str
    last: str
    hints: tuple[tuple[str, ...], ...]
    of: str = "L"
    by: str = "w"
    given: tuple[str, str] | None = None

    @property
    def stages(self) -> tuple[str, ...]:
        """What is shown on the way, in order."""
        from lrcore.homework.grade.marks import STAGES

        return STAGES["solve" if self.given else "derivative"]


_CHAIN = (
    r"The loss depends on w through the prediction alone. Which rule links the two?",
    r"The chain rule: write $\frac{\partial L}{\partial w} = \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial w}$ first.",
)
_SQUARE = (
    "The derivative of $u^2$ is $2u$ times that of $u$.",
    "The target is a constant. What does the prediction change by when the weight changes?",
)
_SAMPLES = (
    "The loss depends on the weights through the residual. Name the derivative with respect to the residual, or go by differentials.",
    r"Entry by entry: $\frac{\partial L}{\partial w_k} = \sum_i \frac{\partial L}{\partial r_i} \frac{\partial r_i}{\partial w_k}$; "
    r"or as a differential: $dL = \frac{2}{N} r^\top dr$.",
)
_BIAS = (
    "The bias stands in every entry of the residual. Sum the ways it reaches the loss.",
    r"$\frac{\partial L}{\partial b} = \sum_i \frac{\partial L}{\partial r_i} \frac{\partial r_i}{\partial b}$ is a first line.",
)
_MATRIX = (
    "The gradient has the shape of what you differentiate with respect to. A differential avoids four indices.",
    r"$dL = \frac{2}{N} \operatorname{tr}(R^\top dR)$ is a first line. What is $dR$?",
)
_RIDGE_ROWS, _WEIGHTED_ROWS = BY_ID["ridge"].rows, BY_ID["weighted"].rows
_PLAIN: Rows = (*_RIDGE_ROWS[:3], ("J", "", "sum of squares", r"\|X w - y\|^2"))
_HESSIAN: Rows = (*_RIDGE_ROWS[:5], ("g", "", "the gradient of the ridge loss", r"\frac{2}{N} X^\top r + 2 \lambda w"))

CHALLENGES = (
    Challenge(
        "one-weights", "One sample: the weights", "one_sample", BY_ID["one"].rows,
        r"\frac{\partial L}{\partial w}", r"2 (\hat y - y)\, x", (_CHAIN, _SQUARE, _FINISH),
    ),
    Challenge(
        "one-bias", "One sample: the bias", "one_sample", BY_ID["one"].rows,
        r"\frac{\partial L}{\partial b}", r"2 (\hat y - y)", (_CHAIN, _SQUARE, _FINISH), by="b",
    ),
    Challenge(
        "samples-weights", "N samples: the weights", "n_samples", BY_ID["samples"].rows,
        r"\frac{\partial L}{\partial w}", r"\frac{2}{N} X^\top r", (_SAMPLES, _FINISH[:1], _FINISH[1:]),
    ),
    Challenge(
        "samples-bias", "N samples: the bias", "n_samples", BY_ID["samples"].rows,
        r"\frac{\partial L}{\partial b}", r"\frac{2}{N} \mathbf 1_N^\top r", (_BIAS, _FINISH[:1], _FINISH[1:]), by="b",
    ),
    Challenge(
        "outputs-weights", "Many outputs: the weights", "many_outputs", BY_ID["outputs"].rows,
        r"\frac{\partial L}{\partial W}", r"\frac{2}{N} X^\top R", (_MATRIX, _FINISH[:1], _FINISH[1:]), by="W",
    ),
    Challenge(
        "outputs-bias", "Many outputs: the bias", "many_outputs", BY_ID["outputs"].rows,
        r"\frac{\partial L}{\partial b}", r"\frac{2}{N} \mathbf 1_N^\top R", (_MATRIX, _FINISH[:1], _FINISH[1:]), by="b",
    ),
    Challenge(
        "weighted", "Weighted least squares", "closed_form", _WEIGHTED_ROWS,
        r"\frac{\partial L}{\partial w}", r"\frac{2}{N} X^\top C r",
        (("A quadratic form of the residual: what is its differential, when C is symmetric?",
          r"$dL = \frac{2}{N} r^\top C\, dr$ is a first line."), _FINISH[:1], _FINISH[1:]),
    ),
    Challenge(
        "ridge", "Ridge: the gradient", "closed_form", _RIDGE_ROWS,
        r"\frac{\partial L}{\partial w}", r"\frac{2}{N} X^\top r + 2 \lambda w",
        (("A sum of two losses: which rule lets you take them one by one?",
          r"$\frac{\partial L}{\partial w} = \frac{1}{N} \frac{\partial}{\partial w} \|r\|^2 + \lambda \frac{\partial}{\partial w} \|w\|^2$ "
          "is a first line."), _FINISH[:1], _FINISH[1:]),
    ),
    Challenge(
        "normal", "From the sum of squares to the closed form", "closed_form", _PLAIN,
        "J", r"w = (X^\top X)^{-1} X^\top y",
        (("Multiply the sum of squares out: $(Xw - y)^\\top (Xw - y)$ has four terms, and two are the same number.",),
         ("Differentiate term by term: the quadratic, the linear, the constant one.",),
         ("At the minimum the gradient is zero: write that equation down.", "Bring the term without w to the other side."),
         ("Which matrix stands before w? Multiply by its inverse, from the left.",)),
        of="J", given=(r"\nabla_w J", "0"),
    ),
    Challenge(
        "hessian", "Ridge: the Hessian", "closed_form", _HESSIAN,
        r"\frac{\partial g}{\partial w}", r"\frac{2}{N} X^\top X + 2 \lambda I",
        (("The second derivative is the derivative of the gradient g, column by column: a Jacobian.",
          r"$dg = \frac{2}{N} X^\top dr + 2\lambda\, dw$ is a first line."), _FINISH[:1],
         (r"Take $dw$ out to the right; what is left of it is the matrix. The term $2\lambda\, dw$ needs an $I$.",)), of="g",
    ),
)  # fmt: skip
BY_NAME = {one.id: one for one in CHALLENGES}


@cache
def task(name: str) -> Task:
    """The task of homework that a challenge is."""
    one = BY_NAME[name]
    context, problems = context_of(tuple(Row(*row) for row in one.rows))
    assert not problems, problems
    return Task(context, 4 if one.given else 3, one.of, one.by, given=one.given)


def judge(text: str, name: str) -> DerivationMark:
    """What a derivation is worth."""
    from lrcore.homework.grade.marks import mark  # what names the rules of a path is loaded for a challenge alone

    return mark(text, task(name))


def verdict(found: DerivationMark, name: str) -> dict[str, Any]:
    """For the view: whether it is solved, the stages with what is reached, and a sentence."""
    solved = found.points == found.out_of and found.first_wrong is None and not found.for_a_person
    whole = solved and all(found.good)
    says = ["Solved: every line holds, and nothing was skipped."] if whole else [found.says]
    stages = [{"says": one, "reached": reached} for one, reached in found.shows]
    return {"solved": solved, "says": says[0], "milestones": stages}
