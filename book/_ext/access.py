"""What the parts that the pages are made of lack for readers who hear them or use the keyboard alone."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# A fold is called by what stands on it, "Show code cell content", and by nothing else.
LABEL = ' aria-label="Toggle hidden content"'


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if "body" in context:
        context["body"] = context["body"].replace(LABEL, "")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", mend)
    app.add_js_file("book.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
