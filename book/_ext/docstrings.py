"""The docstrings' sections as they are written in ``lrcore``: a heading, then lines of names up to the first blank line.

Napoleon reads to the next heading and would take the closing "Derived in the chapter ..." for an exception.
"""

import re
from typing import Any

from sphinx.application import Sphinx

HEADING = re.compile(r"-{3,}\s*$")
GAP = re.compile(r"(?<=\S) {3,}(?=\S)")


def show_sections(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Replace the lines of one docstring: headings become rubrics, what stands under them keeps its lines."""
    shown: list[str] = []
    inside = False
    for line in lines:
        if HEADING.match(line) and shown:
            shown[-1:] = [f".. rubric:: {shown[-1]}", ""]
            inside = True
        elif inside and line.strip():
            shown += [f"| {part}" for part in GAP.split(line)]
        else:
            inside = False
            shown.append(line)
    lines[:] = shown


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", show_sections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
