"""The table of symbols that opens a chapter, folded to one line: the symbols are explained where they stand as well.

The table stays in the page as it was read and checked; only what is shown of it at first is less. Its rows are what
``symbols.js`` says of a symbol in a formula.
"""

from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from lrcore.sphinx import displayed

OPENING = Markup('<details class="symbols"><summary><b>{} symbols</b> <span class="symbols-list">{}</span></summary>')
SYMBOL = Markup(r'<span class="math notranslate nohighlight">\({}\)</span>')


def fold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fold the tables that stand before the first section of a page."""
    for table in list(doctree.findall(nodes.table)):
        names = list(dict.fromkeys(one.name for one in displayed.symbols(table)))
        if names and isinstance(table.parent.parent, nodes.document):
            at = table.parent.index(table)
            line = Markup(" ").join(SYMBOL.format(name) for name in names)
            table.parent.insert(at + 1, nodes.raw("", "</details>", format="html"))
            table.parent.insert(at, nodes.raw("", OPENING.format(len(names), line), format="html"))


def explain(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Pages with such a table explain a symbol in a formula."""
    if '<details class="symbols">' in context.get("body", ""):
        app.add_js_file("symbols.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", fold)
    app.connect("html-page-context", explain)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
