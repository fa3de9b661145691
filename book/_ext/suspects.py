r"""A line of one of the documents, as it was written: what do you suspect? Then verdict, numbers and mend.

    ```{suspect} A8
    :slips: index
    :example: Two houses, $X$ with the rows $(1, 2)$ and $(3, 4)$, residuals $(1, 2)$.
    :printed: 2.5, 5.5 from X @ r / 2
    :measured: 3.5, 5 from slopes(half_mse, w)
    Sample $j$ and feature $i$ meet in $x_{ji}$.
    ```

The argument is a number of the list of Errata, from which line, expected verdict and mended line come. The verdict is
found while the page is built and has to be the one expected. ``slips`` says which suspicions are right (none of them:
the line is right). The numbers are evaluated by tests/book/test_suspects.py. What was said in words, and is no formula,
has no number of that list but ``words``. Without scripts one marks in vain, but opens the fold all the same.
"""

import re
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lrcore.data import errata
from lrcore.verify import Context, derivation

FORMULAS = {formula["number"]: formula for document in errata() for formula in document["formulas"]}
TITLES = {
    "A": "The learner’s line",
    "P": "The learner’s line",
    "B": "The forum’s line",
    "C": "A line of the lecture notes",
}
SUSPECTED = {
    "right": "nothing: it is right",
    "sign": "a sign",
    "index": "an index",
    "shape": "a shape or a layout",
    "part": "something left out",
}
SIGNS = {"PROVED": "✓ proved", "DEFINITION": "a definition", "REFUTED": "✗ refuted", "ILL_TYPED": "✗ makes no sense"}
NUMBERS = re.compile(r"(.*?) from (.*)")


class Suspect(SphinxDirective):
    """One line, its suspicions, and the fold that holds what is so."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = dict.fromkeys(
        ("slips", "words", "example", "printed", "measured"), directives.unchanged_required
    )

    def run(self) -> list[nodes.Node]:
        number, words = self.arguments[0], self.options.get("words")
        entry = FORMULAS.get(number)
        if (entry is None) == (words is None):
            raise self.error("a line is a number of the list of Errata, or has words of its own")
        slips = self.options.get("slips", "right").split()
        if not set(slips) <= set(SUSPECTED):
            raise self.error(f"what is suspected is one of {', '.join(SUSPECTED)}")
        line = f"<p>“{escape(words)}”</p>" if words else displayed(entry["latex"])
        opening = (
            f'<div class="suspect" id="line-{number.lower()}" data-line="{number}" data-right="{" ".join(slips)}">'
            f'<p class="suspect-title">{TITLES[number[0]]}</p>{line}{asked(number)}'
            '<details class="suspect-so"><summary>Verdict, numbers and mend</summary>'
        )
        found = [] if words else self.verdict(entry)
        mend = entry and entry.get("corrected")
        mended = [_html(f"<p>Mended:</p>{displayed(mend['latex'])}")] if mend else []
        told = self.parse_content_to_nodes()
        return [_html(opening), *found, *told, *self.numbers(), *mended, _html("</details></div>")]

    def verdict(self, entry: dict[str, Any]) -> list[nodes.Node]:
        """What the checker says of it now, which has to be what the list expects."""
        steps = derivation(entry["latex"], Context(**entry["context"])).steps
        found = [step.verdict.value for step in steps]
        if found != entry["verdicts"]:
            raise self.error(f"the list expects {entry['verdicts']} of this line, the checker says {found}")
        signs = [SIGNS[one] for one in found]
        words = signs[0] if len(set(signs)) == 1 else ", then ".join(signs)
        says = next(
            (step.message for step in steps if step.message and step.verdict.value in ("REFUTED", "ILL_TYPED")), ""
        )
        said = f" “{escape(says)}”" if says else ""
        return [_html(f"<p><strong>The checker: {words}.</strong>{said}</p>")]

    def numbers(self) -> list[nodes.Node]:
        """An example, what the line gives there as it is printed, and what is measured."""
        if "example" not in self.options:
            return []
        parts = [self.options["example"]]
        for name in ("printed", "measured"):
            said = self.options[name]
            numbers = NUMBERS.fullmatch(said)
            parts.append(f"{'As printed' if name == 'printed' else 'Measured'}: **{numbers[1] if numbers else said}**.")
        return self.parse_text_to_nodes(" ".join(parts))


def asked(number: str) -> str:
    """The suspicions, which work by keyboard as they are."""
    ones = "".join(
        f'<label><input type="radio" name="line-{number}" value="{kind}"> {words}</label>'
        for kind, words in SUSPECTED.items()
    )
    return f"<fieldset><legend>What do you suspect?</legend>{ones}</fieldset><output></output>"


def displayed(latex: str) -> str:
    inside = escape(re.sub(r"\\(begin|end)\{equation\}", "", latex).strip(), quote=False)
    return f'<div class="math notranslate nohighlight">\n\\[{inside}\\]</div>'


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def dress(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give pages with such lines their script; their style is with that of other rare parts (light_pages.py)."""
    if '<div class="suspect"' in context.get("body", ""):
        app.add_js_file("suspects.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("suspect", Suspect)
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
