"""A page for each student: what was asked, what they gave, what is wrong with it. Never a hidden case."""

from html import escape
from pathlib import Path

from lrcore.homework.assignment import Assignment
from lrcore.homework.grading import CellMark, Graded
from lrcore.homework.reports import number

STYLE = """
:root{color-scheme:light dark;--line:#8886;--good:#0a6b3d;--bad:#a33a00}
@media (prefers-color-scheme:dark){:root{--good:#5fd39a;--bad:#ff9a5c}}
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .3rem;border-top:1px solid var(--line);padding-top:1rem}
pre{background:#8881;padding:.6rem .8rem;overflow-x:auto;border-radius:.3rem;white-space:pre-wrap}
.good{color:var(--good)}.bad{color:var(--bad)}table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:left;
border-bottom:1px solid var(--line)}figure{margin:1.5rem 0}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, body: str) -> str:
    """A whole HTML page that loads nothing and runs nothing."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def write_feedback(folder: Path, assignment: Assignment, graded: Graded) -> None:
    """Write the page of one student."""
    folder.mkdir(parents=True, exist_ok=True)
    title = f"{assignment.title}: {graded.student}"
    parts = [f"<h1>{escape(title)}</h1>", _total(assignment, graded)]
    parts += [f'<p role="note">{escape(remark)}</p>' for remark in graded.remarks]
    for cell in graded.cells:
        parts.append(_cell(assignment, cell))
    (folder / f"{graded.student}.html").write_text(page(title, "\n".join(parts)), encoding="utf-8")


def _total(assignment: Assignment, graded: Graded) -> str:
    waits = any(cell.points is None for cell in graded.cells)
    more = " A person has still to mark what is left open." if waits else ""
    status = "" if graded.status in ("ok", "needs a person") else f" Status: {graded.status}."
    return (
        f"<p><strong>{number(graded.points)} of {number(assignment.points)} points.</strong>{escape(more + status)}</p>"
    )


def _cell(assignment: Assignment, cell: CellMark) -> str:
    points = "a person marks this" if cell.points is None else f"{number(cell.points)} of {number(cell.out_of)} points"
    whole = cell.points is not None and cell.points >= cell.out_of
    parts = [f"<h2>{escape(asked(assignment, cell.id))}</h2>"]
    kind = "good" if whole else "bad"
    parts.append(f'<p class="{kind}">{"✓" if whole else "✗" if cell.points is not None else "…"} {points}</p>')
    if cell.given.strip():
        parts.append(f"<p>You wrote:</p><pre>{escape(cell.given.strip()[:8000])}</pre>")
    if cell.says:
        parts.append("<ul>" + "".join(f"<li>{escape(one)}</li>" for one in cell.says) + "</ul>")
    if cell.example:
        parts.append(f"<p>See for yourself:</p><pre>{escape(cell.example[:4000])}</pre>")
    return "\n".join(parts)


def asked(assignment: Assignment, name: str) -> str:
    """The heading that a graded cell stands under."""
    heading = name
    for cell in assignment.cells:
        if cell.kind == "markdown" and not cell.written:
            heading = next(
                (line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")), heading
            )
        if cell.id == name:
            break
    return heading
