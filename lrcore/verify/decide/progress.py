"""How far the check of a derivation has come: its context, its conditions, what it has decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lrcore.verify.decide.claims import Claim
from lrcore.verify.read.document import is_latex
from lrcore.verify.terms import effort
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.report import Step


@dataclass(frozen=True)
class Decided:
    """A claim with the sides it was typed from; ``given`` are the equations that it follows from, where it needs any.

    ``read`` types other sides in the same way.
    """

    claim: Claim
    left: s.Node
    right: s.Node
    read: Callable[[s.Node, s.Node], Claim]
    given: tuple[Claim, ...] = ()


class Progress:
    """The state of one check."""

    def __init__(self, text, context, repairs=True, follow=False, locked=False, redefine=False, formula=False):
        self.text = joined(text)
        self.latex = is_latex(self.text, context)
        self.context = context.copy()
        self.locked = frozenset(context.symbols) if locked else frozenset()
        self.most = 0 if isinstance(repairs, bool) else repairs
        self.repairs, self.follow, self.redefine = repairs, follow, redefine
        self.formula = formula
        self.effort = effort.LIMIT
        self.steps: list[Step] = []
        self.decided: dict[int, Decided] = {}
        self.conditions: list[tuple] = []
        self.varied: frozenset[str] | None = None
        self.einstein, self.hint = False, None
        self.heads: set[int] = set()
        self.premise = False
        self.hoisted: set[int] = set()
        self.text_trees: list[s.Node] = []

    @property
    def claims(self) -> dict[int, Claim]:
        """The typed claim of each decided step, by its number."""
        return {number: one.claim for number, one in self.decided.items()}


def joined(text) -> str:
    """One text from a list of lines."""
    if isinstance(text, str):
        return text
    lines = [str(line) for line in text]
    latex = any("\\" in line or "{" in line or "^" in line for line in lines)
    return (" \\\\\n" if latex else "\n").join(lines)
