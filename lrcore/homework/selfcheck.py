r"""The self-check of a student: is this right? It holds no answer; it measures, and it knows what has to be true.

``check("gradient", dw, of=loss, at=w)`` compares a gradient with the measured slope of the loss; ``check`` of a text is
read by the prover. All of it runs in the page, in Pyodide, as it does in a notebook.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

# While the grader reads an assignment, its self-checks are passed over.
READING: ContextVar[bool] = ContextVar("reading", default=False)


class Report:
    """What a self-check found: true when nothing is wrong, and a few lines for a person."""

    def __init__(self, name: str, ok: bool, says: str, html: str = ""):
        self.name, self.ok, self.says, self._html = name, ok, says, html

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return f"{self.name}: {self.says}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(str(self))}</p>{self._html}"


def check(
    name: str,
    value: object,
    *,
    of: Callable[[Any], Any] | None = None,
    at: object = None,
    zero: Callable[[Any], Any] | None = None,
    least: Callable[[Any], Any] | None = None,
    context: object = None,
    sizes: Mapping[str, int] | None = None,
) -> Report:
    """Check an answer before it is handed in.

    Parameters
    ----------
    name : of the question
    value : the answer: a function w -> gradient (with ``of`` and ``at``), an array that has to make ``zero(value)``
        vanish, or the text of a derivation (with ``context``)
    of : the loss whose gradient it should be, as a function of w      at : a w to measure at; random numbers are added
    zero : a function that is zero at the right answer
    least : a function with its only minimum at the right answer; it is measured around the value
    context : what the symbols of a typed text mean, a ``lrcore.verify.Context``; or the ``Task`` that a derivation
        answers: then it is marked as the grader does
    sizes : what N, M, D are, so that a lost factor can be named

    Returns
    -------
    Report, true when nothing is wrong
    """
    if READING.get():
        return Report(name, True, "not checked while the assignment is read")
    try:
        return _checked(name, value, of, at, zero, least, context, sizes)
    except NotImplementedError:
        return Report(
            name,
            False,
            "there is no answer yet; write one where it says YOUR CODE HERE and take out the line with raise.",
        )
    except Exception as error:  # a student's code may raise anything; what is wanted is a sentence
        return Report(name, False, f"your code stopped with {type(error).__name__}: {error}")


def _checked(
    name: str, value: Any, of: Any, at: Any, zero: Any, least: Any, context: Any, sizes: Mapping[str, int] | None
) -> Report:
    if isinstance(value, str):
        return _text(name, value, context)
    if of is not None:
        from lrcore.check import check_gradient

        found = check_gradient(of, value, at, sizes=sizes)
        return Report(name, bool(found), str(found))
    if zero is not None:
        return _vanishes(name, value, zero)
    if least is not None:
        return _least(name, value, least)
    return _number(name, value)


def _least(name: str, value: object, cost: Callable[[Any], Any]) -> Report:
    """Whether no step along any axis, nor along the diagonal, makes the cost smaller; exact where it is quadratic."""
    import numpy as np

    from lrcore.shapes import real

    at = np.asarray(real(name, value), dtype=float)
    scale = max(1.0, float(np.abs(at).max(initial=0.0)))
    farthest = 0.0
    for way in [*np.eye(at.size).reshape(-1, *at.shape), np.ones(at.shape)]:
        before, here, after = (float(np.sum(cost(at + step * scale * way))) for step in (-0.1, 0.0, 0.1))
        bend = before - 2 * here + after
        farthest = max(farthest, abs(0.05 * (after - before) / bend) if bend > 0 else np.inf)
    if farthest <= 1e-6:
        return Report(name, True, "no step in any direction makes the cost smaller")
    return Report(name, False, "a step away from it makes the cost smaller, so it is not the minimum")


def _vanishes(name: str, value: object, zero: Callable[[Any], Any]) -> Report:
    import numpy as np

    from lrcore.shapes import real

    left = np.asarray(zero(real(name, value)), dtype=float)
    scale = max(1.0, float(np.abs(np.asarray(zero(np.zeros_like(np.asarray(value, dtype=float))))).max()))
    worst = float(np.abs(left).max()) / scale
    if worst <= 1e-6:
        return Report(name, True, f"what has to vanish there does (up to {worst:.0e})")
    return Report(name, False, f"what has to vanish there does not: {worst:.2g} of what it was at zero is left")


def _number(name: str, value: object) -> Report:
    from lrcore.shapes import real

    array = real(name, value)
    return Report(name, True, f"it holds numbers of shape {array.shape}; whether they are right the grader says")


def _text(name: str, text: str, context: Any) -> Report:
    if context is None:
        from lrcore.homework.grade.quantities import quantity

        found = quantity(text)
        if found is None:
            return Report(
                name, False, f"'{text[:60]}' does not begin with a number; write a number and its unit, as '3.5 USD'"
            )
        return Report(name, True, f"read as {found}; whether it is right the grader says")
    if not text.strip():
        return Report(name, False, "nothing is written yet")
    from lrcore.homework.release.tasks import Task

    if isinstance(context, Task):
        return _derivation(name, text, context)
    from lrcore.verify import derivation

    found_report = derivation(text, context)
    if not found_report.steps:
        return Report(name, False, "no equation was found; write each line with an equals sign")
    wrong = found_report.first_wrong
    says = "each line by itself is proved; what they show together, and what is missing, the grader says"
    if wrong is not None:
        step = found_report.steps[wrong]
        says = f"line {wrong + 1} does not hold: {step.left} {step.relation} {step.right}\n  {step.message}"
        says += "".join(f"\n  {part}" for part in (step.counterexample, step.repair) if part)
    return Report(name, wrong is None, says, found_report._repr_html_())


def _derivation(name: str, text: str, task: Any) -> Report:
    """What the grader will say of it, with the same words."""
    from lrcore.homework.grade.marks import mark

    found = mark(text, task)
    says = [f"{found.points:g} of {found.out_of:g} points. {found.says}"]
    steps = found.report.steps if found.report is not None else ()
    if found.first_wrong is not None:
        step = steps[found.first_wrong]
        says.append(f"  {step.left} {step.relation} {step.right}")
        says += [f"  {part}" for part in (step.message, step.counterexample) if part]
    says += [f"  line {number}: {one}" for number, one in enumerate(found.lines, start=1) if one]
    if found.for_a_person:
        says.append("  A person will read it; it is not lost.")
    whole = found.points == found.out_of
    return Report(name, whole, "\n".join(says), found.report._repr_html_() if found.report is not None else "")
