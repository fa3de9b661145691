"""The class at a glance: the marks, which question costs them, which line of a derivation people lose."""

import warnings
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from textwrap import fill

from lrcore.figures.look import BLUE, Picture, axes, styled
from lrcore.homework.assignment import Assignment
from lrcore.homework.feedback import asked, page
from lrcore.homework.grading import Graded
from lrcore.homework.reports import number


def write_summary(out: Path, assignment: Assignment, graded: Sequence[Graded]) -> None:
    """Write ``summary.html``."""
    title = f"{assignment.title}: the class"
    parts = [f"<h1>{escape(title)}</h1>", _words(assignment, graded)]
    if graded:
        for heading, picture in (
            ("Marks", _marks(assignment, graded)),
            ("Questions", _questions(assignment, graded)),
            ("Milestones of the derivations", _milestones(graded)),
        ):
            if picture is not None:
                parts.append(f'<section class="card wait"><h2>{heading}</h2>{picture._repr_html_()}</section>')
        parts += [_lost(graded), _statuses(graded)]
    (out / "summary.html").write_text(page(title, "\n".join(parts)), encoding="utf-8")


def _words(assignment: Assignment, graded: Sequence[Graded]) -> str:
    if not graded:
        return "<p>Nobody has handed in anything.</p>"
    totals = sorted(one.points for one in graded)
    middle = (
        totals[len(totals) // 2] if len(totals) % 2 else sum(totals[len(totals) // 2 - 1 : len(totals) // 2 + 1]) / 2
    )
    waiting = sum(cell.for_a_person for one in graded for cell in one.cells)
    more = f" {waiting} answers wait for a person (written.csv)." if waiting else ""
    return (
        f"<p>{len(graded)} students; marks from {number(totals[0])} to {number(totals[-1])} "
        f"of {number(assignment.points)}, median {number(middle)}.{more}</p>"
    )


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
            shares[asked(assignment, cell.id).partition(" (")[0]] = 100 * sum(marked) / len(marked)
    return _bars(shares, "mean share of the points (%)", "Mean share of the points of each question")


def _milestones(graded: Sequence[Graded]) -> Picture | None:
    """How many reach each milestone: where a derivation is lost."""
    found = [milestone for one in graded for mark in one.cells for milestone in mark.milestones]
    if not found:
        return None
    tried, reached = Counter(says for says, _ in found), Counter(says for says, earned in found if earned)
    shares = {says: 100 * reached[says] / count for says, count in tried.items()}
    return _bars(shares, "students who show it (%)", "Share of the students who reach each milestone")


def _bars(shares: dict[str, float], label: str, alt: str) -> Picture:
    with styled():
        figure, (axis,) = axes(6.6, 0.9 + 0.5 * max(len(shares), 1))
        axis.barh([fill(name, 34) for name in shares], list(shares.values()), color=BLUE, height=0.6)
        axis.invert_yaxis()
        axis.set(xlabel=label, xlim=(0, 100))
    said = ", ".join(f"{name} {share:.0f} %" for name, share in shares.items())
    return Picture(figure, f"{alt}: {said}.")


def _lost(graded: Sequence[Graded]) -> str:
    wrong = Counter(mark.first_wrong for one in graded for mark in one.cells if mark.first_wrong)
    if not wrong:
        return ""
    rows = "".join(
        f"<tr><td>{count}</td><td><code>{escape(line[:300])}</code></td></tr>" for line, count in _often(wrong)
    )
    return _table("First lines that do not hold", "<th>students</th><th>line</th>", rows)


def _table(heading: str, columns: str, rows: str) -> str:
    return f'<section class="card wait"><h2>{heading}</h2><table><tr>{columns}</tr>{rows}</table></section>'


def _often(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]


def _statuses(graded: Sequence[Graded]) -> str:
    odd = [one for one in graded if one.status not in ("ok", "needs a person") or one.remarks]
    if not odd:
        return ""
    rows = "".join(
        f"<tr><td>{escape(one.student)}</td><td>{escape(one.status)}</td><td>{escape(' '.join(one.remarks))}</td></tr>"
        for one in odd
    )
    return _table("To look at", "<th>student</th><th>status</th><th>remarks</th>", rows)
