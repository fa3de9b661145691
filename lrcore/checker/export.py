"""A checked derivation to take away: as LaTeX, as Markdown with its verdicts, as a notebook cell."""

from __future__ import annotations

from lrcore import __version__
from lrcore.verify import Passage as Piece
from lrcore.verify import is_latex, says_symmetric, shape_of

from .checked_text import CheckedStep, CheckedText
from .table import Row
from .typeset import shown
from .view import as_written, typeset, within_a_sentence

MARKS = {
    "PROVED": "✓ holds for all sizes",
    "STATIONARY": "≠ holds only where the gradient vanishes",
    "REFUTED": "✗ does not hold",
    "ILL_TYPED": "✗ has no meaning",
    "CHECKED": "? agrees at random points, not proved",
    "OPEN": "? not decided before a name is explained",
    "UNREADABLE": "… could not be read",
    "DEFINITION": ":= a definition",
    "CONDITION": "= a condition, or given",
}


def joined(checked: CheckedText) -> str:
    """The mathematics alone, one text in one language: NumPy-like lines become LaTeX where others are LaTeX."""
    languages = [is_latex(piece.reads, checked.context) for piece in checked.pieces]
    if not any(languages):
        return "\n".join(piece.text.strip() for piece in checked.pieces)
    parts = [
        piece.reads.strip() if latex else _as_latex(checked, piece) for piece, latex in zip(checked.pieces, languages)
    ]
    return " \\\\\n".join(part for part in parts if part)


def _as_latex(checked: CheckedText, piece: Piece) -> str:
    return " ".join(typeset(one, checked.state.text) for one in checked.steps if one.piece is piece)


def assumed(checked: CheckedText) -> list[str]:
    """What was taken for want of a declaration, one line each: shapes first, then what a name means."""
    meant = {one.latex for one in checked.taken}
    rows = [row for row in checked.guesses if row.name not in meant]
    return [_declared(row) for row in rows] + [
        f"{one.latex} := {one.choices[0].row.definition}, {one.choices[0].says}" for one in checked.taken
    ]


def _declared(row: Row) -> str:
    return f"{row.name} : {row.shape}" if row.shape else f"{row.name} := {row.definition}"


def _under(checked: CheckedText) -> list[str]:
    """All that the verdicts rest on beside the text: the table, and what was taken."""
    return [" ".join(one.split()) for one in (*map(_declared, checked.state.rows), *assumed(checked))]


def as_latex(checked: CheckedText) -> str:
    """An ``align*`` with the verdict of each line as a comment, after what the verdicts rest on."""
    under = [f"% with {one}" for one in _under(checked)]
    lines = [f"  {_aligned(one, checked.state.text)} \\\\ % {MARKS[one.step.verdict.value]}" for one in checked.steps]
    return "\n".join([*under, "\\begin{align*}", *lines, "\\end{align*}"]) + "\n"


def _aligned(one: CheckedStep, text: str) -> str:
    left, right = (_side(text[slice(*span)], one.latex) for span in (one.left, one.right))
    return f"{left if one.first else ''} &{one.step.relation} {right}"


def _side(written: str, latex: bool) -> str:
    return shown(written, latex) or " ".join(written.split())


def as_markdown(checked: CheckedText) -> str:
    """What the verdicts rest on, then each step as a display with its verdict below: what goes into a forum answer."""
    under = ", ".join(f"`{one}`" for one in _under(checked))
    parts = [f"With {under}:"] if under else []
    return "\n\n".join([*parts, *(_paragraphs(one, checked) for one in checked.steps)]) + "\n"


def _paragraphs(one: CheckedStep, checked: CheckedText) -> str:
    text = checked.state.text
    step, latex = one.step, typeset(one, text)
    body = f"$$\n{latex}\n$$" if latex else f"    {as_written(one, text)}"
    why = "" if step.verdict.holds else f": {within_a_sentence(step.message, checked)}"
    said = [MARKS[step.verdict.value] + why]
    said += [f"`{step.counterexample}`"] if step.counterexample else []
    said += [step.repair] if step.repair else []
    return "\n\n".join([body, *said])


def as_cell(checked: CheckedText) -> str:
    """Python that checks it again; what a reader typed stands in it as strings."""
    rows, without = checked.state.rows, checked.state.without
    shapes = {row.name: row.shape for row in rows if not row.definition}
    definitions = {row.name: row.definition for row in rows if row.definition}
    symmetric = [row.name for row in rows if says_symmetric(row.meaning) and row.name in shapes]
    lines = ["from lrcore import check_derivation", "from lrcore.verify import Context", "", "context = Context("]
    lines += [f"    shapes={_shapes(shapes)!r},", f"    definitions={definitions!r},"]
    lines += [f"    symmetric={symmetric!r},"] if symmetric else []
    struck = f", without={list(without)!r}" if without else ""
    lines += [f"    layout={checked.state.layout!r},", ")"]
    lines += [f"check_derivation({checked.state.text!r}, context{struck})"]
    return "\n".join(lines) + "\n"


def as_report(checked: CheckedText) -> str:
    """A verdict that somebody doubts, with all it rests on: text, table, guesses, verdicts, version."""
    rows = [" | ".join(row.to_list()) for row in checked.state.rows]
    verdicts = [
        f"{number}. {one.step.verdict.value}: {one.step.message}" for number, one in enumerate(checked.steps, 1)
    ]
    struck = [one.written for one in checked.hypotheses() if one.struck]
    parts = {"Text": [checked.state.text], "Table": rows, "Guesses": assumed(checked), "Struck out": struck}
    parts = {**{title: found for title, found in parts.items() if title != "Struck out" or found}, "Verdicts": verdicts}
    lines = ["I think this verdict is wrong.", f"lrcore {__version__}, layout {checked.state.layout}"]
    for title, found in parts.items():
        lines += ["", f"{title}:", *(found or ["(none)"])]
    return "\n".join(lines) + "\n"


def _shapes(shapes: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(one) for one in shape_of(shape) or ()) for name, shape in shapes.items()}
