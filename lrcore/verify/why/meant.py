"""What a step that does not hold probably meant: the rules that lead to the side that holds, and the usual mistake."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lrcore.verify.decide.state import Decided
from lrcore.verify.prove.normal import prove
from lrcore.verify.read.document import read_expression
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.type.context import Context
from lrcore.verify.why.catalogue import RULES
from lrcore.verify.why.explain import Why, explain

MOST_RULES = 4  # of a way that says something about the mistake


@dataclass(frozen=True)
class Meant:
    """The rule that was probably meant, the usual mistake with it, and the way to the side that holds."""

    rule: str
    mistake: str
    why: Why

    def __str__(self) -> str:
        return f"Probably meant: {self.rule}. The usual mistake: {self.mistake[0].lower()}{self.mistake[1:]}"


def meant(step: Decided, mended: str, side: str, context: Context) -> Meant | None:
    """The rule that was probably meant by a refuted step, where one change of a ``side`` makes it hold; ``mended`` is
    that side after the change. None where the way there is long, goes by no named rule, or lacks a sign alone: that
    may be lost with any rule.
    """
    try:
        node = read_expression(mended, context)
        left, right = (node, step.right) if side == "left" else (step.left, node)
        claim = step.read(left, right)
        if not prove(claim)[0] or prove(step.read(step.left, s.neg(step.right)))[0]:
            return None
    except (Problem, RecursionError):
        return None
    why = explain(replace(step, claim=claim, left=left, right=right, given=(), said=()), context)
    if not why.size or why.size > MOST_RULES:
        return None
    name = _suspect(why, step.left if side == "left" else step.right, node)
    mistake = next(one.mistake for one in RULES if name in (one.name, one.back))
    return Meant(name, mistake, why)


_NUMBERED = ("power rule", "chain rule", "derivative of a quadratic form", "differential of a square", "linearity")
_TURNED = (
    "transpose of a product", "inverse of a product", "derivative of a quadratic form", "derivative of a linear form",
    "derivative of an affine map", "chain rule", "cyclic trace",
)  # fmt: skip


def _suspect(why: Why, wrong: s.Node, right: s.Node) -> str:
    """Which of the rules the change has to do with: one that turns factors round or transposes them where a transpose
    or the order differs, one that brings a number where a number does; else the last.
    """
    turned = _count(wrong, s.T) != _count(right, s.T) or _numbers(wrong) == _numbers(right)
    fitting = _TURNED if turned else _NUMBERED
    return next((name for name in why.rules if name in fitting), why.rules[-1])


def _count(node: s.Node, kind: type[s.Node]) -> int:
    return sum(isinstance(one, kind) for one in s.walk(node))


def _numbers(node: s.Node) -> list[str]:
    return sorted(str(one.value) for one in s.walk(node) if isinstance(one, s.Num))
