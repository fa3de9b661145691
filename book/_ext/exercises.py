r"""Exercises that a reader answers on the page: a number with its unit, or one of several choices.

    ```{answer} -12.5 USD
    :from: 2 * (predict([2.0], [3.0], 1.0) - 7.0) * 2.5
    ```

    ```{choice} 2
    :claim: \frac{\partial L}{\partial w}
    - $\frac2N X r$
    - $\frac2N X^\top r$
    ```

    ```{choice} 1
    :runs: X: np.vander([1.0, 2.0, 3.0], 2); r: np.array([1.0, -2.0, 4.0])
    :equals: np.einsum("ik,i->k", X, r)
    - `X.T @ r`
    - `X @ r`
    ```

    ```{blanks} half
    :given: X : N x M; w : M; y : N; L := \|X w - y\|^2
    dL
    ? = 2 (X w - y)^\top X\, dw
    ```

    ```{counterexample} order-in-a-trace
    A: 2 x 2
    B: 2 x 2
    ```

All stand inside an exercise. ``from`` is Python that computes the number, ``claim`` the side that the right choice
equals and no other one; tests/book/test_exercises.py evaluates the one and has the prover decide the other. Choices
of code are run there, after what ``runs`` sets up: the right one alone has the value of ``equals``, or ``raises`` the
error of that name. Of a derivation each line is proved here, so that one that does not hold stops the build; a line
with ``?`` is blank, and the stage says how many are: complete, half or empty. A counterexample has fields for its
numbers, and ``_static/counterexamples.js`` computes whether they refute its claim. Without scripts the page shows the
question and its folded solution.

An exercise says its kind by a second class, ``:class: exercise by-hand``; tests/book/test_exercises.py has the list.
"""

import json
import re
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lrcore.checker.blanks import Line, NotALine, given, lines
from lrcore.checker.table import Row
from lrcore.checker.typeset import shown

STAGES = ("complete", "half", "empty")
NUMBER = re.compile(r"([-−]?\d+(?:\.\d+)?(?:e-?\d+)?)\s*(.*)")
FIELD = re.compile(r"([A-Za-z]): (?:(\d) x )?(\d)")
BOX = Markup('<div class="answer-here" data-kind="{}" data-right="{}" data-unit="{}">')


class Answer(SphinxDirective):
    """A number, and its unit where it has one."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"from": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        found = NUMBER.fullmatch(self.arguments[0])
        if found is None or "from" not in self.options:
            raise self.error("an answer is a number, a unit if it has one, and the Python that it comes from")
        return [_html(BOX.format("number", found[1], found[2])), _html("</div>")]


class Choice(SphinxDirective):
    """A list of choices; the argument counts to the right one."""

    required_arguments = 1
    option_spec: ClassVar = dict.fromkeys(("claim", "runs", "equals", "raises"), directives.unchanged_required)
    has_content = True

    def run(self) -> list[nodes.Node]:
        content = self.parse_content_to_nodes()
        if len(content) != 1 or not isinstance(content[0], nodes.bullet_list):
            raise self.error("the choices are one list")
        right, choices = int(self.arguments[0]), len(content[0].children)
        if not 1 <= right <= choices:
            raise self.error(f"choice {right} is the right one, but there are {choices}")
        return [_html(BOX.format("choice", right, "")), *content, _html("</div>")]


class Blanks(SphinxDirective):
    """A derivation, a line each, whose lines with ``?`` the reader writes."""

    required_arguments = 1
    option_spec: ClassVar = {"given": directives.unchanged_required}
    has_content = True

    def run(self) -> list[nodes.Node]:
        stage, rows = self.arguments[0], given(self.options.get("given", ""))
        try:
            found = lines("\n".join(self.content), rows)
        except NotALine as fault:
            raise self.error(str(fault)) from None
        if stage != stage_of(found):
            raise self.error(f"these lines are not {stage} but {stage_of(found)}")
        name = f"{self.env.docname}:{'|'.join(one.written for one in found)}"
        state = {
            "lines": [one.to_dict() for one in found], "rows": [row.to_list() for row in rows],
            "title": f"A derivation, {stage}", "name": name, "given": _given(rows),
        }  # fmt: skip
        script = json.dumps(state, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
        box = BOX.format("derivation" if stage != "complete" else "example", "", "")
        height = 6 + 3 * len(found)  # kept free until it is drawn, so that nothing jumps
        opening = f'<lr-control module="blanks" style="display:block;min-height:{height}rem">'
        inside = f'<script type="application/json">{script}</script>{_plain(found, rows)}'
        return [_html(f"{box}{opening}{inside}</lr-control></div>")]


class Counterexample(SphinxDirective):
    """A claim of ``_static/counterexamples.js`` that numbers refute; a line for each name and its shape."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        fields = [FIELD.fullmatch(line) for line in self.content if line.strip()]
        if not fields or not all(fields):
            raise self.error("each line is a name and its shape, as in A: 2 x 2 or x: 3")
        sizes = [[one[1], int(one[2] or 1), int(one[3])] for one in fields if one]
        labels = "".join(f"<li>{_formula(name)}</li>" for name, _, _ in sizes)
        opening = f'<div class="answer-here" data-kind="counterexample" data-claim="{self.arguments[0]}" '
        return [_html(f"{opening}data-fields='{json.dumps(sizes)}'><ul hidden>{labels}</ul></div>")]


def stage_of(found: tuple[Line, ...]) -> str:
    """How much of a derivation is left to the reader."""
    if not any(one.blank for one in found):
        return STAGES[0]
    return STAGES[2] if all(one.blank for one in found[1:-1]) else STAGES[1]


def _given(rows: tuple[Row, ...]) -> list[str]:
    """What the symbols are short for, as formulas that are safe to draw."""
    return [shown(f"{row.name} := {row.definition}", True) for row in rows if row.definition]


def _formula(latex: str) -> str:
    inside = escape(latex, quote=False)
    return f'<span class="math notranslate nohighlight" data-latex="{escape(latex)}">\\({inside}\\)</span>'


def _plain(found: tuple[Line, ...], rows: tuple[Row, ...]) -> str:
    """The lines as a page without scripts shows them, with all of them behind a fold where some are blank."""
    formulas = [_formula(line.to_dict()["latex"]) for line in found]
    known = ", ".join(_formula(latex) for latex in _given(rows))
    some = "".join(f"<li>{'= …' if line.blank else one}</li>" for line, one in zip(found, formulas, strict=True))
    whole = "".join(f"<li>{one}</li>" for line, one in zip(found, formulas, strict=True) if line.blank)
    fold = f"<details><summary>The lines that are missing</summary><ol>{whole}</ol></details>" if whole else ""
    return f"<noscript><p>{known}</p><ol>{some}</ol>{fold}</noscript>"  # where scripts run it is text, for blanks.js


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def dress(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give pages with such exercises their script and style."""
    if 'class="answer-here"' in context.get("body", ""):
        app.add_js_file("exercises.js", loading_method="defer")
        app.add_css_file("exercises.css")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("answer", Answer)
    app.add_directive("choice", Choice)
    app.add_directive("blanks", Blanks)
    app.add_directive("counterexample", Counterexample)
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
