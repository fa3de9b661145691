"""A derivation, checked: the verdicts of the pipeline with what is said beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lrcore.verify.decide.pipeline import Examined, examine
from lrcore.verify.decide.remarked import remarked
from lrcore.verify.decide.state import Options
from lrcore.verify.show.report import Report
from lrcore.verify.terms.report import Step, Verdict
from lrcore.verify.type.context import Context


def derivation(text: str | Iterable[str], context: Context, repairs: bool = True, locked: bool = False) -> Report:
    """Each step of a derivation, decided.

    ``text`` is LaTeX or the NumPy-like language, one string or a list of lines; ``context`` declares its symbols. With
    ``locked`` the text may define names of its own, and none that the context declares.
    """
    given = frozenset(context.symbols) if locked else frozenset()
    most = Options.repairs if repairs else 0
    found = examine(text, context, Options(repairs=most, locked=given))
    steps = mended(found) if repairs else found.report.steps
    return replace(found.report, steps=remarked(steps, found.report.text, found.context.words()))


def mended(found: Examined) -> tuple[Step, ...]:
    """The steps of a text, those that hold only where a gradient vanishes with the gradient itself."""
    if all(step.verdict is not Verdict.STATIONARY for step in found.report.steps):
        return found.report.steps
    from lrcore.verify.why.attained import attained  # the rules of derivatives, which a right text does without

    return attained(found)
