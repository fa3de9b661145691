"""reStructuredText written as Markdown, line by line, as far as equations and tables of symbols need it.

A table takes the lines of its directive; whatever is shown as it stands is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIRECTIVE = re.compile(r"^(\s*)\.\.\s+([\w:-]+)::\s*(.*)$")
_OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")
_ROLE = re.compile(r":math:`((?:[^`\\]|\\.)*)`")
_UNDERLINE = re.compile(r"^([=\-~^\"'`#*+:.<>_])\1{2,}\s*$")
_SIMPLE = re.compile(r"^\s*=+(?:\s+=+)+\s*$")
_GRID = re.compile(r"^\s*\+(?:[-=]+\+)+\s*$")
_COMMENT = re.compile(r"^\s*\.\.\s+(<!--\s*verify:.*-->)\s*$")
# What such a directive holds is prose again.
_PROSE = {
    *("note", "warning", "tip", "hint", "important", "admonition", "topic", "sidebar", "container", "only", "seealso"),
    *("attention", "caution", "danger", "error", "compound", "epigraph", "proof", "theorem", "lemma", "exercise"),
}


def as_markdown(text: str) -> str:
    """The page in Markdown with as many lines."""
    lines = text.expandtabs(8).split("\n")
    return "\n".join(_written(lines))


def _written(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        directive = _DIRECTIVE.match(line)
        if comment := _COMMENT.match(line):
            end, below = at + 1, list[str]()
            if end < len(lines) and not lines[end].strip() and _is_math(lines, end + 1):
                below = list(_math(lines, end + 1, early=True))
                end = _end(lines, end + 1)
            yield from [comment[1], *below] if below[:1] != [""] else ["", comment[1], *below[1:]]
        elif directive and directive[2] == "math":
            end = _end(lines, at)
            yield from _math(lines, at)
        elif directive and directive[2] == "list-table":
            end = _end(lines, at)
            yield from _table(list(_items(lines[at + 1 : end])), end - at)
        elif directive and directive[2] in _PROSE:
            end = _end(lines, at)
            yield ""
            yield from _written(_flat(lines[at + 1 : end]))
        elif directive or line.lstrip().startswith(".. "):
            end = _end(lines, at)
            yield from [""] * (end - at)
        elif _SIMPLE.match(line) and (end := _last(lines, at, _SIMPLE)) > at:
            yield from _table(list(_columns(lines[at:end])), end - at)
        elif _GRID.match(line):
            end = _while_table(lines, at)
            yield from _table(list(_boxes(lines[at:end])), end - at)
        elif line.rstrip().endswith("::") and _end(lines, at) > at + 1:
            end = _end(lines, at)
            yield _prose(line)
            yield from [""] * (end - at - 1)
        elif _UNDERLINE.match(line) and at and lines[at - 1].strip():
            end = at + 1
            yield "---"
        elif _UNDERLINE.match(line):
            end = at + 1
            yield ""
        else:
            end = at + 1
            yield _prose(line)
        at = end


def _prose(line: str) -> str:
    """A line of prose; its indent, which would be code in Markdown, is taken off."""
    return _ROLE.sub(lambda role: f"${role[1]}$", line.strip())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end(lines: list[str], at: int) -> int:
    """The line below all that is indented more than a line."""
    end = last = at + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > _indent(lines[at])):
        end += 1
        last = end if lines[end - 1].strip() else last
    return last


def _flat(lines: list[str]) -> list[str]:
    """The inside of a directive without its indent and its options."""
    options = next((k for k, line in enumerate(lines) if not _OPTION.match(line)), 0)
    body = [*[""] * options, *lines[options:]]
    depth = min((_indent(line) for line in body if line.strip()), default=0)
    return [line[depth:] for line in body]


def _is_math(lines: list[str], at: int) -> bool:
    directive = _DIRECTIVE.match(lines[at]) if at < len(lines) else None
    return directive is not None and directive[2] == "math"


def _math(lines: list[str], at: int, early: bool = False) -> Iterator[str]:
    """The directive ``math`` between dollars; with ``early`` the line above is free, and the dollars begin there."""
    end, argument = _end(lines, at), _DIRECTIVE.match(lines[at])
    body = lines[at + 1 : end]
    label = ""
    for k, line in enumerate(body):
        option = _OPTION.match(line)
        if not option:
            break
        label = f" ({option[2]})" if option[1] in ("label", "name") else label
        body[k] = ""
    said = argument[3] if argument else ""
    if not any(one.strip() for one in body):
        whole = f"$$ {said} $${label}" if said.strip() else ""
        yield from ["", whole] if early else [whole]
        yield from [""] * len(body)
        return
    first = next(k for k, line in enumerate(body) if line.strip())
    *inner, last = [line.rstrip() or r"\\" for line in body[first:]]  # an empty line begins another equation
    opening = [f"$$ {said}", *("" for _ in body[:first])]
    yield from ["$$", said, *opening[1:]] if early else opening
    yield from inner
    yield f"{last} $${label}"


def _items(lines: list[str]) -> Iterator[list[str]]:
    """The rows of a list-table, each a list of its cells."""
    row: list[str] | None = None
    for line in lines:
        if found := re.match(r"\s*\*\s+-\s*(.*)$", line):
            if row is not None:
                yield row
            row = [found[1]]
        elif row is not None and (found := re.match(r"\s*-\s+(.*)$", line) or re.match(r"\s*-()$", line)):
            row.append(found[1])
        elif row and line.strip():
            row[-1] += f" {line.strip()}"
    if row is not None:
        yield row


def _columns(lines: list[str]) -> Iterator[list[str]]:
    """The rows of a simple table."""
    edges = [found.start() for found in re.finditer(r"=+", lines[0])]
    for line in lines:
        if line.strip() and not _SIMPLE.match(line):
            yield [line[a:b].strip() for a, b in zip(edges, [*edges[1:], None])]


def _boxes(lines: list[str]) -> Iterator[list[str]]:
    """The rows of a grid table whose rows take a line each."""
    return ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if not _GRID.match(line))


def _last(lines: list[str], at: int, border: re.Pattern[str]) -> int:
    """The line below the last border of a table that begins here."""
    borders = [k for k in range(at, _while_table(lines, at)) if border.match(lines[k])]
    return borders[-1] + 1 if len(borders) > 1 else at


def _while_table(lines: list[str], at: int) -> int:
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    return end


def _table(rows: list[list[str]], height: int) -> Iterator[str]:
    """A table of Markdown on as many lines; one that is too long for its lines is none of symbols."""
    if not rows or len(rows) + 1 > height:
        yield from [""] * height
        return
    rows = [[*row, *[""] * (len(rows[0]) - len(row))] for row in rows]
    written = ["| " + " | ".join(_prose(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    yield from [written[0], "|" + "---|" * len(rows[0]), *written[1:]]
    yield from [""] * (height - len(rows) - 1)
