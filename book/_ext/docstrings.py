"""The docstrings of ``lrcore`` as lists a reader can scan.

In the source several parameters stand on one line, ``X : (N, M) array      W : (M, D) array``, which is how one reads
shapes that belong together; numpydoc's readers expect one a line. This makes a bullet of each.
"""

import re
from typing import Any

from sphinx.application import Sphinx

_SECTION = re.compile(r"^(Parameters|Returns|Raises|Warns)$")


def bullets(lines: list[str]) -> list[str]:
    """Replace each underlined section of a docstring by a heading in bold and a bullet for each entry."""
    out: list[str] = []
    inside = False
    for number, line in enumerate(lines):
        underline = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if _SECTION.match(line.strip()) and set(underline) == {"-"}:
            inside = True
            out += ["", f"**{line.strip()}**", ""]
        elif inside and set(line.strip()) == {"-"}:
            continue
        elif inside and not line.strip():
            inside = False
            out.append("")
        elif inside:
            out += _entry(line)
        else:
            out.append(line)
    return out


def _entry(line: str) -> list[str]:
    if line.startswith(" "):
        return [f"  {line.strip()}"]
    return [f"* {_bold(part)}" for part in re.split(r"\s{3,}", line.strip())]


def _bold(part: str) -> str:
    name, colon, said = part.partition(" : ")
    return f"**{name}**: {said}" if colon else (f"``{part}``" if part[:1].isupper() and " " not in part else part)


def process(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    lines[:] = bullets(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
