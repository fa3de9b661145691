"""The section *Checked* of a chapter as one compact block: a line for each way of checking, which opens to its cells.

In the source, and in a notebook, it is a section with ordinary headings, so that its cells run as all others do.
"""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

TITLE = "Checked"
# Said here and not in a style sheet: what stands before the first text of a page is kept below 30 kB.
BOX = "border: 1px solid var(--pst-color-border); margin-top: -1px; padding: 0 1rem"
LINE = "padding: 0.6rem 0; font-weight: 600; cursor: pointer"


def fold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make a fold of each part of such a section; its name keeps leading there."""
    if app.builder.format != "html":
        return
    found = (one for one in doctree.findall(nodes.section) if one.children[0].astext() == TITLE)
    for part in [part for one in found for part in one.children if isinstance(part, nodes.section)]:
        title, *content = part.children
        line = f'<summary style="{LINE}">{escape(title.astext())}</summary>'
        opening = f'<details class="checked" style="{BOX}">{line}'
        block = nodes.container("", _html(opening), *content, _html("</details>"), ids=part["ids"])
        part.replace_self(block)


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", fold)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
