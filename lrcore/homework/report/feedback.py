"""A page for each student: what was asked, what they gave, what is wrong with it. Never a hidden case."""

import re
from functools import cache, partial
from pathlib import Path
from statistics import median

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lrcore.homework.grade.grade_submission import Graded
from lrcore.homework.release.assignment import Assignment
from lrcore.homework.report.mark_sheets import number, visible, waits
from lrcore.homework.report.mathml import typeset


def write_feedback(folder: Path, assignment: Assignment, graded: Graded) -> None:
    """Write the page of one student."""
    folder.mkdir(parents=True, exist_ok=True)
    title, heading = f"{assignment.title}: {graded.student}", partial(asked, assignment)
    text = page("feedback", title=title, assignment=assignment, graded=graded, heading=heading)
    (folder / f"{graded.student}.html").write_text(text, encoding="utf-8")


def page(template: str, **values: object) -> str:
    """A whole HTML page that loads nothing and runs nothing; what is put into its template is escaped."""
    return visible(_templates().get_template(f"{template}.html.jinja").render(values))


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("lrcore.homework.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(number=number, waits=waits, typeset=typeset, paragraphs=paragraphs, median=median)
    return found


def paragraphs(text: str) -> list[Markup]:
    """The teacher's text in paragraphs: formulas between dollars are drawn, code between backticks is code."""
    pieces = re.split(r"(\$\$.+?\$\$|\$.+?\$|`.+?`)", text, flags=re.DOTALL)
    shown = (_marked(one) if place % 2 else one for place, one in enumerate(pieces))
    return Markup("").join(shown).split("\n\n")


def _marked(piece: str) -> Markup:
    inner = piece.strip("$`").strip()
    return (typeset(inner) if piece[0] == "$" else Markup("")) or Markup("<code>{}</code>").format(inner)


def asked(assignment: Assignment, name: str) -> str:
    """The heading that a graded cell stands under, without the points in brackets."""
    heading = name
    for cell in assignment.cells:
        if cell.kind == "markdown" and not cell.written:
            heading = next(
                (line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")), heading
            )
        if cell.id == name:
            break
    return heading.partition(" (")[0]
