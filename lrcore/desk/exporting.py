"""A checked derivation to take away: as LaTeX, as Markdown with its verdicts, as a notebook cell, as text for a prover."""

from __future__ import annotations

from lrcore.verify.reading import is_latex

from .checking import Desk
from .typeset import shown

MARKS = {
    "PROVED": "✓ holds for all sizes",
    "REFUTED": "✗ does not hold",
    "ILL_TYPED": "✗ has no meaning",
    "CHECKED": "? agrees at random points, not proved",
    "UNREADABLE": "… could not be read",
    "DEFINITION": ":= a definition",
    "CONDITION": "= a condition, or given",
}


def joined(desk: Desk) -> str:
    """The mathematics alone, one text in one language: NumPy-like lines become LaTeX where others are LaTeX."""
    languages = [is_latex(piece.text, desk.context) for piece in desk.pieces]
    if not any(languages):
        return "\n".join(piece.text.strip() for piece in desk.pieces)
    parts = []
    for piece, latex in zip(desk.pieces, languages):
        parts.append(piece.text.strip() if latex else _as_latex(desk, piece))
    return " \\\\\n".join(part for part in parts if part)


def _as_latex(desk: Desk, piece: object) -> str:
    return " ".join(one["latex"] for one in _lines(desk) if one["piece"] is piece)


def _lines(desk: Desk) -> list[dict[str, object]]:
    from .checking import _latex, _written

    text = desk.state.text
    return [
        {"piece": one.piece, "latex": _latex(one, text), "written": _written(one, text), "checked": one, "verdict": one.step.verdict.value}
        for one in desk.steps
    ]


def as_latex(desk: Desk) -> str:
    """An ``align*`` with the verdict of each line as a comment."""
    lines = []
    for one in _lines(desk):
        left, relation, right = _aligned(one, desk)
        lines.append(f"  {left} &{relation} {right} \\\\ % {MARKS[str(one['verdict'])]}")
    return "\\begin{align*}\n" + "\n".join(lines) + "\n\\end{align*}\n"


def _aligned(one: dict[str, object], desk: Desk) -> tuple[str, str, str]:
    checked = one["checked"]
    text = desk.state.text
    right = shown(text[slice(*checked.right)], checked.latex) or " ".join(text[slice(*checked.right)].split())  # type: ignore[attr-defined]
    left = shown(text[slice(*checked.left)], checked.latex) if checked.first else ""  # type: ignore[attr-defined]
    return left, checked.step.relation, right  # type: ignore[attr-defined]


def as_markdown(desk: Desk) -> str:
    """Each step as a display, with its verdict below: what goes into a forum answer."""
    parts = []
    for one in _lines(desk):
        step = one["checked"].step  # type: ignore[attr-defined]
        body = f"$$\n{one['latex']}\n$$" if one["latex"] else f"    {one['written']}"
        said = f"{MARKS[step.verdict.value]}" + ("" if step.verdict.value in ("PROVED", "DEFINITION") else f": {step.message}")
        if step.counterexample:
            said += f"\n`{step.counterexample}`"
        if step.repair:
            said += f"\n{step.repair}"
        parts.append(f"{body}\n\n{said}")
    return "\n\n".join(parts) + "\n"


def as_cell(desk: Desk) -> str:
    """Python that checks it again; what a reader typed stands in it as strings."""
    rows = (*desk.state.rows, *desk.guesses)
    shapes = {row.name: row.shape for row in rows if not row.definition}
    definitions = {row.name: row.definition for row in rows if row.definition}
    symmetric = [row.name for row in rows if "symmetric" in row.meaning.lower() and row.name in shapes]
    lines = ["from lrcore.verify import Context, derivation", "", "context = Context("]
    lines += [f"    shapes={_shapes(shapes)!r},", f"    definitions={definitions!r},"]
    lines += [f"    symmetric={symmetric!r},"] if symmetric else []
    lines += [f"    layout={desk.state.layout!r},", ")", f"derivation({joined(desk)!r}, context)"]
    return "\n".join(lines) + "\n"


def _shapes(shapes: dict[str, str]) -> dict[str, tuple[str, ...]]:
    from lrcore.verify.gate import shape_of

    return {name: tuple(str(one) for one in shape_of(shape) or ()) for name, shape in shapes.items()}
