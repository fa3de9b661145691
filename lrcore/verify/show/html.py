"""A report as HTML: each step typeset, its verdict in a word and a colour, the counterexample as matrices.

Formulas are written for whoever typesets the page, as JupyterLab and the book do; the text of the reader is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Protocol

from lrcore.verify.terms.names import latex
from lrcore.verify.terms.report import MARKS, Counterexample, Matrix, Step, plain

PILL = "border-radius:0.8em;padding:0.1em 0.7em;font-weight:600;white-space:nowrap;"
GOOD, BAD, OPEN, NEUTRAL = (
    "background:#d7f2dc;color:#0a4d1f",
    "background:#fbdcdc;color:#8c1010",
    ("background:#fdeec8;color:#5c3d00"),
    "background:#e4e7eb;color:#2b3138",
)  # dark on light, and so readable on a dark page as well
COLOURS = {
    "PROVED": GOOD,
    "STATIONARY": BAD,
    "REFUTED": BAD,
    "ILL_TYPED": BAD,
    "CHECKED": OPEN,
    "OPEN": OPEN,
    "UNREADABLE": OPEN,
}

ASSUMED = re.compile(
    r"(the determinant of |)(.*) "
    r"(is invertible|is not zero|is positive|is not negative|is a number|is constant|is symmetric|holds)"
)


class Printed(Protocol):
    """What a report has to have so that it can be printed."""

    @property
    def steps(self) -> Sequence[Step]: ...

    @property
    def latex(self) -> bool: ...


def report_html(report: Printed) -> str:
    """The steps as a list."""
    items = "".join(f'<li style="margin:0.6em 0">{_step(step, report.latex)}</li>' for step in report.steps)
    return f'<ol class="lr-verify" style="padding-left:1.6em">{items or "<li>No equation was found.</li>"}</ol>'


def _step(step: Step, typeset: bool) -> str:
    verdict = step.verdict.value
    mark = f'<span aria-hidden="true">{MARKS[verdict]}</span> {verdict.replace("_", " ")}'
    pill = f'<span class="lr-said-{verdict.lower()}" style="{PILL}{COLOURS.get(verdict, NEUTRAL)}">{mark}</span>'
    written = " ".join(one for one in (step.left, step.relation, step.right) if one)
    shown = formula(written) if typeset and verdict != "UNREADABLE" else code(written)
    return f"{shown} &ensp;{pill}<br>{'<br>'.join(_said(step, typeset))}"


def _said(step: Step, typeset: bool) -> Iterator[str]:
    if step.reading:
        yield f"understood: {formula(step.reading)}"
    yield escape(" ".join(filter(None, (step.message, step.assurance))))
    if step.statement:
        yield f"<details><summary>What exactly was proved</summary>{code(step.statement)}</details>"
    if step.counterexample:
        yield _example(step.counterexample)
    if step.repair:
        mended = (formula if typeset else code)(step.mended or "")
        yield f"<em>{escape(step.repair)}</em> Then the {step.mended_side} side is {mended}."
    if step.assumes:
        yield "assumes: " + "; ".join(map(assumption, step.assumes))
    if step.remarks:
        yield f"read as words alone: {escape('; '.join(step.remarks))}"


def assumption(said: str) -> str:
    """What a step rests on, as HTML: its formulas typeset, its words as they are."""
    return "; ".join(map(_assumption, said.split("; ")))


def _assumption(said: str) -> str:
    words = ASSUMED.fullmatch(said)
    if words:
        return f"{words[1]}{formula(words[2])} {words[3]}"
    return formula(said) if "=" in said or "\\" in said else escape(said)


def _example(found: Counterexample) -> str:
    """Sizes, values and places, each a formula of its own so that a narrow page can break between them."""
    given = [f"{latex(name)} = {value}" for name, value in found.sizes.items()]
    given += [f"{latex(name)} = {matrix(value)}" for name, value in found.values.items()]
    given += [f"d{latex(name)} = {matrix(value)}" for name, value in found.along.items()]
    given += [f"{latex(name)} = {place + 1}" for name, place in found.places.items()]
    where = "At " + ", ".join(map(formula, given)) + " the" if given else "The"
    return f"{where} left side is {formula(matrix(found.left))} and the right side is {formula(matrix(found.right))}."


def matrix(values: Matrix) -> str:
    """Numbers as LaTeX: a number, or a matrix in brackets."""
    cells = [[str(one) for one in row] for row in plain(values)]
    if len(cells) == 1 and len(cells[0]) == 1:
        return cells[0][0]
    return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in cells) + r" \end{bmatrix}"


def formula(tex: str) -> str:
    """A formula in a line of text; as code where a piece of it would not stand alone."""
    if not _whole(tex):
        return code(tex)
    return f'<span class="math notranslate nohighlight">\\({escape(tex, quote=False)}\\)</span>'


def _whole(tex: str) -> bool:
    bare = re.sub(r"\\begin\{[bp]?matrix\}.*?\\end\{[bp]?matrix\}", "", tex, flags=re.S)
    if re.search(r"(?<!\\)[&$]|\\\\|\\[()\[\]]|\\(?:begin|end|tag|label|newcommand|def)\b", bare):
        return False
    if len(re.findall(r"\\left\b", bare)) != len(re.findall(r"\\right\b", bare)):
        return False
    braces = re.sub(r"\\[{}]", "", bare)
    return braces.count("{") == braces.count("}")


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
