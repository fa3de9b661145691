"""The class at a glance: the marks, which question costs them, which line of a derivation people lose."""

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

from lrcore.figures.look import BLUE, Picture, axes, styled
from lrcore.homework.grade.grade_submission import Graded
from lrcore.homework.release.assignment import Assignment
from lrcore.homework.report.feedback import asked, page


def write_summary(out: Path, assignment: Assignment, graded: Sequence[Graded]) -> None:
    """Write ``summary.html``."""
    marked = [one for one in graded if one.total is not None]
    text = page(
        "summary",
        title=f"{assignment.title}: the class",
        assignment=assignment,
        graded=graded,
        totals=[one.points for one in marked],  # who could not be graded has no zero
        waiting=sum(one.waiting for one in graded),
        pictures=_pictures(assignment, marked) if marked else [],
        lost=_often(Counter(mark.first_wrong for one in graded for mark in one.cells if mark.first_wrong)),
        mistakes=_often(Counter(mark.mistake for one in graded for mark in one.cells if mark.mistake)),
        odd=sorted((one for one in graded if _odd(one)), key=lambda one: not _stumbled(one)),
    )
    (out / "summary.html").write_text(text, encoding="utf-8")


def _odd(one: Graded) -> bool:
    return one.status not in ("ok", "needs a person") or bool(one.remarks) or _stumbled(one)


def _stumbled(one: Graded) -> bool:
    """Whether the machine could not mark something that is its own to mark: a person looks at these first."""
    return any(cell.for_a_person and cell.says for cell in one.cells)


def _pictures(assignment: Assignment, graded: Sequence[Graded]) -> list[tuple[str, Picture]]:
    reached = _stages(graded)
    return [
        ("Marks", _marks(assignment, graded)),
        ("Questions", _questions(assignment, graded)),
        *([("Stages of the derivations", reached)] if reached else []),
    ]


def _marks(assignment: Assignment, graded: Sequence[Graded]) -> Picture:
    with styled(), warnings.catch_warnings():
        figure, (axis,) = axes(6.0, 2.8)
        counts = Counter(int(one.points) for one in graded)
        axis.bar(list(counts), list(counts.values()), width=0.9, color=BLUE)
        axis.set(xlabel="points", ylabel="students", xlim=(-0.8, assignment.points + 0.8))
        axis.locator_params(integer=True)
    top = max(counts, key=lambda points: counts[points])
    return Picture(figure, f"How many students reached how many points; most reached {top}.")


def _questions(assignment: Assignment, graded: Sequence[Graded]) -> Picture:
    shares = dict[str, float]()
    for cell in assignment.graded:
        marked = [
            mark.points / mark.out_of
            for one in graded
            for mark in one.cells
            if mark.id == cell.id and mark.points is not None and mark.out_of
        ]
        if marked:
            shares[asked(assignment, cell.id)] = 100 * sum(marked) / len(marked)
    return _bars(shares, "mean share of the points (%)", "Mean share of the points of each question")


def _stages(graded: Sequence[Graded]) -> Picture | None:
    """How many reach each stage: where a derivation is lost."""
    found = [stage for one in graded for mark in one.cells for stage in mark.shows]
    if not found:
        return None
    tried, reached = Counter(says for says, _ in found), Counter(says for says, earned in found if earned)
    shares = {says: 100 * reached[says] / count for says, count in tried.items()}
    return _bars(shares, "students who show it (%)", "Share of the students who reach each stage")


def _bars(shares: dict[str, float], label: str, alt: str) -> Picture:
    with styled():
        figure, (axis,) = axes(6.6, 0.9 + 0.5 * max(len(shares), 1))
        axis.barh([fill(name, 34) for name in shares], list(shares.values()), color=BLUE, height=0.6)
        axis.invert_yaxis()
        axis.set(xlabel=label, xlim=(0, 100))
    said = ", ".join(f"{name} {share:.0f} %" for name, share in shares.items())
    return Picture(figure, f"{alt}: {said}.")


def _often(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]
