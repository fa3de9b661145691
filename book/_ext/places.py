"""What the search finds besides words: every display equation and every symbol, by its name and by how it is written.

The index of Sphinx knows words of three letters and more and drops signs, so that nobody finds ``X^T r`` in it. The
list made here goes to ``_static/places.json``; ``_static/search.js`` looks into it on the search page.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils.nodes import make_id
from sphinx.application import Sphinx

from lrcore.verify import equations, symbol_table

HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
NO_PROSE = re.compile(r"^\s*([$:`|#<\[\\]|$)")


def collect(app: Sphinx, error: Exception | None) -> None:
    """Write the list when the pages are written."""
    if error is not None or app.builder.format != "html":
        return
    found = [place for name in sorted(app.env.found_docs) for place in on_page(app, name)]
    (Path(app.outdir) / "_static" / "places.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def on_page(app: Sphinx, name: str) -> Iterator[dict[str, str]]:
    """The symbols of a page, then its equations, each with where it is and what is said about it."""
    text = Path(app.env.doc2path(name)).read_text(encoding="utf-8")
    page = {"page": app.env.titles[name].astext(), "url": app.builder.get_target_uri(name)}
    for symbol in symbol_table(text):
        shape = f"${symbol.shape}$" if "\\" in symbol.shape else symbol.shape
        yield {**page, "symbol": symbol.name, "said": f"{shape}: {symbol.meaning}", "tex": symbol.name}
    lines = text.splitlines()
    for one in equations(text):
        if one.label:
            yield {
                **page,
                "url": f"{page['url']}#{make_id(f'equation-{one.label}')}",
                "label": one.label.replace("-", " "),
                "section": section(lines, one.line),
                "said": before(lines, one.line),
                "tex": one.latex,
            }


def section(lines: list[str], line: int) -> str:
    """The heading above a line."""
    return (HEADING.findall("\n".join(lines[:line])) or [""])[-1]


def before(lines: list[str], line: int) -> str:
    """The paragraph that leads to an equation: the prose just above it."""
    above = [number for number in range(line - 1) if not NO_PROSE.match(lines[number])]
    if not above:
        return ""
    first = above[-1]
    while first - 1 in above:
        first -= 1
    return " ".join(lines[first : above[-1] + 1])


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("build-finished", collect)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
