"""A reader's derivation, checked: the one function behind the page, the notebook, the terminal and the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lrcore import verify
from lrcore.verify import Context, Report, Verdict, is_latex

from .checked_text import CheckedText
from .export import assumed
from .struck_out import Hypothesis
from .table import State
from .view import view


@dataclass(frozen=True)
class CheckedDerivation:
    """What a check found: the ``report``, what was ``taken`` for want of a declaration, what is ``asked``, a sentence
    on the whole; where they were asked for, the ``reasons`` of proved steps by their numbers. ``unread`` is what else
    a file shows, and nobody read; ``hypotheses`` are what the words of the text were taken to suppose.
    """

    report: Report
    taken: tuple[str, ...]
    asked: tuple[str, ...]
    summary: str
    reasons: dict[int, verify.Why] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def steps(self) -> tuple[Any, ...]:
        """The steps in reading order, each with its verdict."""
        return self.report.steps

    @property
    def ok(self) -> bool:
        """Whether there is a step, every step holds, and all was read."""
        return self.report.ok and not self.unread

    def __str__(self) -> str:
        whole = self.summary if self.ok or not self.report.ok else "Not all of it was read."
        lines = [whole, *self.guessed_and_supposed(), *self.asked]
        lost = [*self.unread, f"{len(self.unread)} were not read."] if self.unread else []
        return "\n".join([*lines, str(self.report), *lost])

    def guessed_and_supposed(self) -> list[str]:
        """What was taken for want of a declaration, and what from the words of the text, or is struck out of them."""
        supposed = (f"{'without' if one.struck else 'taking from the text'} {one.written}" for one in self.hypotheses)
        return [*(f"taking {one}" for one in self.taken), *supposed]

    def to_dict(self) -> dict[str, object]:
        found = self.report.to_dict()
        steps = [
            {**step, "why": self.reasons[number].to_dict()} if number in self.reasons else step
            for number, step in enumerate(found["steps"])
        ]
        return {
            **found, "steps": steps, "summary": self.summary, "taking": list(self.taken), "questions": list(self.asked),
            "hypotheses": [
                {"written": one.written, "kind": one.kind, "struck": one.struck} for one in self.hypotheses
            ],
            **({"unread": list(self.unread)} if self.unread else {}),
        }  # fmt: skip

    def _repr_html_(self) -> str:
        return self.report._repr_html_()


def check_derivation(
    text: str | Iterable[str], context: Context | None = None, why: bool = False, without: Iterable[str] = ()
) -> CheckedDerivation:
    r"""Each step of a derivation, decided as on the page *Check your own derivation*.

    Symbols that ``context`` does not declare are read as the text and the custom of the field suggest; what was taken
    is said in ``taken``, and what several readings decide differently is OPEN and ``asked``, never refuted. For a text
    of which every symbol is declared, :func:`lrcore.verify.derivation` says the same. With ``why`` each proved step
    gets its reasons. What the words of the text suppose stands in ``hypotheses``; the check goes on ``without`` those
    that are given here as they are written there.

    >>> from lrcore import check_derivation
    >>> found = check_derivation(r"L = \frac1N \|Xw - y\|^2, \quad \nabla_w L = \frac2N X^\top (Xw - y)")
    >>> [step.verdict.value for step in found.steps], found.taken[0]
    (['DEFINITION', 'PROVED'], 'X : N x M')
    """
    text = text if isinstance(text, str) else "\n".join(text)
    base = Context() if context is None else context
    checked = CheckedText(State(text, layout=base.layout, without=tuple(without)), base=base).run()
    report = Report(tuple(one.step for one in checked.steps), checked.state.text, is_latex(text, base))
    asked = [
        f"What is {one.latex}? " + " ".join(f"({choice.says})" for choice in one.choices) + " (something else)"
        for one in checked.asked.values()
    ]
    proved = {k: one for k, one in enumerate(checked.steps) if why and one.step.verdict is Verdict.PROVED}
    equations = {k: one for k, one in proved.items() if one.decided is not None and one.decided.relation == "="}
    reasons = {k: verify.explain(one.decided, one.after) for k, one in equations.items()}
    return CheckedDerivation(
        report, tuple(assumed(checked)), tuple(asked), view(checked)["summary"], reasons,
        hypotheses=tuple(checked.hypotheses()),
    )  # fmt: skip
