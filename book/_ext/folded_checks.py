"""The section *Checked* of a chapter as one compact block: a line for each way of checking, which opens to its cells.

In the source, and in a notebook, it is a section with ordinary headings, so that its cells run as all others do.
"""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

TITLE = "Checked"


def fold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make a fold of each part of such a section; its name keeps leading there."""
    if app.builder.format != "html":
        return
    found = (one for one in doctree.findall(nodes.section) if one.children[0].astext() == TITLE)
    for part in [part for one in found for part in one.children if isinstance(part, nodes.section)]:
        title, *content = part.children
        opening = f'<details class="checked"><summary>{escape(title.astext())}</summary>'
        block = nodes.container("", _html(opening), *content, _html("</details>"), ids=part["ids"])
        part.replace_self(block)


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", fold)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
