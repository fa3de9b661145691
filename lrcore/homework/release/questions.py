r"""What is asked of a student's notebook, said in the hidden cells of an assignment.

The same lines serve two masters. In a notebook (and in nbgrader) they compare on the spot and raise AssertionError.
When the grader reads an assignment it runs them on the teacher's own solution and collects :class:`Question` s: the
values that are right, computed where no student's code has ever run.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lrcore.homework.selfcheck import READING

Random = np.random.Generator


@dataclass(frozen=True)
class Case:
    """Inputs, the right answer, and what is special about them; ``shown`` ones may appear in feedback."""

    about: str
    inputs: tuple[Any, ...]
    expected: Any
    shown: bool


@dataclass(frozen=True)
class Question:
    """One thing asked: ``kind`` is function, value, quantity, expression or derivation."""

    kind: str
    name: str
    cases: tuple[Case, ...] = ()
    expected: Any = None
    unit: str = ""
    tolerance: float = 1e-8
    context: Any = field(default=None, compare=False)


@dataclass
class Recorder:
    """Where questions go while the grader reads an assignment, and the random numbers of its two sorts of cases."""

    hidden: Callable[[str], Random]
    shown: Callable[[str], Random]
    questions: list[Question] = field(default_factory=list)


_RECORDER: ContextVar[Recorder | None] = ContextVar("recorder", default=None)
_VARIANT: ContextVar[Random | None] = ContextVar("variant", default=None)


@contextmanager
def recording(recorder: Recorder, variant_random: Random) -> Iterator[None]:
    """Collect what is asked instead of comparing."""
    first, second, third = _RECORDER.set(recorder), _VARIANT.set(variant_random), READING.set(True)
    try:
        yield
    finally:
        _RECORDER.reset(first)
        _VARIANT.reset(second)
        READING.reset(third)


def variant(assignment: str) -> Random:
    """The random numbers of this student's variant; outside the grader, those of the teacher's preview."""
    return _VARIANT.get() or np.random.default_rng(sum(assignment.encode()))


def judge(
    name: str,
    answer: Callable[..., Any],
    cases: Callable[[Random], Iterable[tuple[Any, ...]]],
    *,
    tolerance: float = 1e-8,
) -> None:
    """Ask for a function: ``answer`` is right, ``cases(random)`` yields (what is special, input, input, ...)."""
    recorder = _RECORDER.get()
    if recorder is not None:
        found = [
            *_cases(cases(recorder.shown(name)), answer, True),
            *_cases(cases(recorder.hidden(name)), answer, False),
        ]
        recorder.questions.append(Question("function", name, tuple(found), tolerance=tolerance))
        return
    function = _given(name)
    for case in _cases(cases(np.random.default_rng()), answer, False):
        _demand(case.expected, function(*_copied(case.inputs)), tolerance, f"{name}, {case.about}")


def _cases(given: Iterable[tuple[Any, ...]], answer: Callable[..., Any], shown: bool) -> Iterator[Case]:
    for about, *inputs in given:
        yield Case(str(about), tuple(inputs), answer(*_copied(tuple(inputs))), shown)


def _copied(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(np.array(one) if isinstance(one, np.ndarray) else one for one in inputs)


def judge_value(name: str, expected: object, *, tolerance: float = 1e-6) -> None:
    """Ask for a number, an array, a text or a tuple of them, under this name."""
    _ask(
        Question("value", name, expected=expected, tolerance=tolerance),
        lambda given: _demand(expected, given, tolerance, name),
    )


def judge_quantity(name: str, value: float, unit: str, *, tolerance: float = 0.01) -> None:
    """Ask for a text of a number and its unit, such as '12.5 USD / sqft'."""

    def compare_here(given: object) -> None:
        from lrcore.homework.grade.compare_values import compare_quantity
        from lrcore.homework.sandbox.protocol import Said

        finding = compare_quantity(float(value), unit, Said(given), tolerance)
        assert finding.share == 1, f"{name}: {finding.says}"

    _ask(Question("quantity", name, expected=float(value), unit=unit, tolerance=tolerance), compare_here)


def judge_expression(name: str, expected: str, context: Any) -> None:
    """Ask for a formula, typed as LaTeX or in the NumPy-like language; it counts when it is proved equal."""

    def compare_here(given: Any) -> None:
        from lrcore.homework.grade.derivations import expression_is

        right, why = expression_is(str(given), expected, context)
        assert right, f"{name}: {why}"

    _ask(Question("expression", name, expected=expected, context=context), compare_here)


def judge_derivation(name: str, task: Any) -> None:
    """Ask for a derivation line by line; ``task`` is a :class:`lrcore.homework.grade.derivations.Task`."""

    def compare_here(given: Any) -> None:
        from lrcore.homework.grade.derivations import mark

        found = mark(str(given), task)
        assert found.points == found.out_of, f"{name}: {found.points:g} of {found.out_of:g} points. {found.says}"

    _ask(Question("derivation", name, context=task), compare_here)


def _ask(question: Question, compare_here: Callable[[Any], None]) -> None:
    recorder = _RECORDER.get()
    if recorder is not None:
        recorder.questions.append(question)
    else:
        compare_here(_given(question.name))


def _given(name: str) -> Any:
    """What the notebook that calls us defines under this name."""
    depth = 1
    while sys._getframe(depth).f_globals["__name__"] == __name__:
        depth += 1
    notebook = sys._getframe(depth).f_globals
    assert name in notebook, f"the name {name} is not defined"
    return notebook[name]


def _demand(expected: object, given: object, tolerance: float, about: str) -> None:
    from lrcore.homework.grade.compare_values import compare
    from lrcore.homework.sandbox.protocol import Said

    value = given if isinstance(given, str | bool | tuple | list) or given is None else np.asarray(given, dtype=float)
    finding = compare(expected, Said(tuple(value) if isinstance(value, list) else value), tolerance)
    assert finding.share == 1, f"{about}: {finding.says}"
