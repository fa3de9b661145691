"""What an answer is worth, and what is said of it: compared with what is right, and no hidden case is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore.homework.grade.compare_values import Finding, compare, compare_quantity, kind
from lrcore.homework.release.questions import Case, Question
from lrcore.homework.sandbox.protocol import Said

_LINES, _LONGEST = 80, 600  # of a derivation, as shown in feedback
_UNREAD = "cannot be read"
_ONLY_HIDDEN = "it is right for the inputs that may be shown, and wrong, or stopped, for others of the same kinds"
_VERDICTS = {
    "PROVED": "holds",
    "DEFINITION": "a definition",
    "CONDITION": "a condition",
    "CHECKED": "not proved",
    "OPEN": "not decided",
    "STATIONARY": "holds only where the gradient vanishes",
    "REFUTED": "does not hold",
    "ILL_TYPED": "does not fit",
}


@dataclass(frozen=True)
class AnswerMark:
    """One question: the share that is right, what is said, and for a derivation its lines and stages."""

    share: float
    says: tuple[str, ...] = ()
    example: str = ""
    given: str = ""
    first_wrong: str = ""
    person: bool = False
    lines: tuple[tuple[str, str, bool], ...] = ()
    shows: tuple[tuple[str, bool], ...] = ()
    mistake: str = ""


def grade_answer(question: Question, said: tuple[Said, ...], hidden: tuple[Said, ...] = ()) -> AnswerMark:
    """What the answers to one question are worth; ``hidden`` are a function's answers for the hidden inputs."""
    if question.kind == "function":
        return _function(question, said, hidden)
    first = said[0] if len(said) == 1 else Said(trouble="its answer has not the length that was asked for")
    if question.kind == "derivation":
        return _derivation(question, first)
    shown = "" if first.trouble else _shown(first.value)
    finding = _one(question, first)
    return AnswerMark(finding.share, (finding.says,) if finding.says else (), given=shown)


def _one(question: Question, said: Said) -> Finding:
    if question.kind == "quantity":
        return compare_quantity(question.expected, question.unit, said, question.tolerance)
    if question.kind == "value":
        return compare(question.expected, said, question.tolerance)
    if said.trouble or not isinstance(said.value, str):
        return Finding(0.0, said.trouble or f"it gives {kind(said.value)}, but a text is asked for")
    from lrcore.homework.grade.derivations import expression_is

    right, why = expression_is(said.value, question.expected, question.context)
    return Finding(1.0) if right else Finding(0.0, why)


def _function(question: Question, said: tuple[Said, ...], hidden: tuple[Said, ...]) -> AnswerMark:
    """Marks come from the hidden inputs, words from those that may be shown."""
    shown = [case for case in question.cases if case.shown]
    findings = _compared(shown, said, question.tolerance)
    if findings is None:
        return AnswerMark(0.0, ("its answers have not the number that was asked for",))
    kept = _compared([case for case in question.cases if not case.shown], hidden, question.tolerance) or [Finding(0.0)]
    share = sum(one.share for one in kept) / len(kept)
    bad = [
        (case, one, finding) for case, one, finding in zip(shown, _spread(said, shown), findings) if finding.share < 1
    ]
    says = _together([(case.about, finding.says) for case, _, finding in bad])
    if share < 1 and not bad:
        says = [_ONLY_HIDDEN]
    example = next((_example(question.name, case, one) for case, one, _ in bad), "")
    return AnswerMark(share, tuple(says[:6]), example)


def _spread(said: tuple[Said, ...], cases: Sequence[Case]) -> tuple[Said, ...]:
    """An answer for each case; what went wrong with all of them comes once."""
    return said * len(cases) if len(said) == 1 and said[0].trouble else said


def _compared(cases: Sequence[Case], said: tuple[Said, ...], tolerance: float) -> list[Finding] | None:
    """What each answer is worth; None where their number is not that of the cases."""
    answers = _spread(said, cases)
    if len(answers) != len(cases):
        return None
    return [compare(case.expected, one, tolerance) for case, one in zip(cases, answers)]


def _together(found: Sequence[tuple[str, str]]) -> list[str]:
    """Each fault once, with the cases that have it."""
    cases: dict[str, list[str]] = {}
    for about, says in found:
        cases.setdefault(says, []).append(about)
    return [f"for {', '.join(dict.fromkeys(abouts))}: {says}" for says, abouts in cases.items()]


def _example(name: str, case: Case, said: Said) -> str:
    """A counterexample that may be shown: its numbers are not those of the hidden cases."""
    gives = said.trouble or f"yours gives {_shown(said.value)}"
    inputs = ",\n    ".join(_shown(one) for one in case.inputs)
    return f"{name}(\n    {inputs}\n)\n{gives}\nright is {_shown(case.expected)}"


def _shown(value: object) -> str:
    with np.printoptions(precision=6, suppress=True, threshold=60, floatmode="maxprec"):
        if isinstance(value, np.ndarray):
            return np.array2string(value, separator=", ").replace("\n", "\n    ")
        if isinstance(value, tuple | list):
            return "(" + ", ".join(_shown(one) for one in value[:20]) + ")"
        if isinstance(value, float | np.floating):
            return f"{value:.6g}"
        return str(value) if isinstance(value, str) else repr(value)[:200]


def _derivation(question: Question, said: Said) -> AnswerMark:
    from lrcore.homework.grade.derivations import mark

    if said.trouble or not isinstance(said.value, str):
        return AnswerMark(0.0, (said.trouble or f"it gives {kind(said.value)}, but a text of lines is asked for",))
    found = mark(said.value, question.context)
    example, wrong = "", ""
    if found.first_wrong is not None and found.report is not None:
        step = found.report.steps[found.first_wrong]
        wrong = f"{step.left} {step.relation} {step.right}"
        example = "\n".join(str(part) for part in (wrong, step.message, step.counterexample, step.repair) if part)
    share = found.points / found.out_of
    return AnswerMark(
        share,
        (found.says,),
        example,
        said.value,
        wrong,
        found.for_a_person,
        _lines(found.report, found.lines, found.good),
        found.shows,
        found.mistake,
    )


def _lines(report: Any, words: Sequence[str], good: Sequence[bool]) -> tuple[tuple[str, str, bool], ...]:
    """Each line, what is said of it, whether it holds; a line that goes on begins with its equals sign."""
    shown, before = list[tuple[str, str, bool]](), None
    for step, said, holds in zip(report.steps[:_LINES], words, good) if report is not None else ():
        left = "" if step.left == before else step.left
        line = (
            f"{left} {step.relation} {step.right}".strip()[:_LONGEST],
            said or _VERDICTS.get(step.verdict.value, _UNREAD),
            holds,
        )
        if line[1] != _UNREAD or line not in shown:  # it comes once for each of its equals signs
            shown.append(line)
        before = step.right
    return tuple(shown)
