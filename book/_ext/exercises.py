r"""Exercises that a reader answers on the page: a number with its unit, or one of several choices.

    ```{answer} -12.5 USD
    :from: 2 * (predict([2.0], [3.0], 1.0) - 7.0) * 2.5
    ```

    ```{choice} 2
    :claim: \frac{\partial L}{\partial w}
    - $\frac2N X r$
    - $\frac2N X^\top r$
    ```

Both stand inside an exercise. ``from`` is Python that computes the number, ``claim`` the side that the right choice
equals and no other one; tests/book/test_exercises.py evaluates the one and has the prover decide the other. Without
scripts the page shows the question and its folded solution, as before.
"""

import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

NUMBER = re.compile(r"([-−]?\d+(?:\.\d+)?(?:e-?\d+)?)\s*(.*)")
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
    option_spec: ClassVar = {"claim": directives.unchanged_required}
    has_content = True

    def run(self) -> list[nodes.Node]:
        content = self.parse_content_to_nodes()
        if len(content) != 1 or not isinstance(content[0], nodes.bullet_list):
            raise self.error("the choices are one list")
        right, choices = int(self.arguments[0]), len(content[0].children)
        if not 1 <= right <= choices:
            raise self.error(f"choice {right} is the right one, but there are {choices}")
        return [_html(BOX.format("choice", right, "")), *content, _html("</div>")]


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
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
