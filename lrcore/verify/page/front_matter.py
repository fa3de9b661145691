r"""What the front matter of a page declares for all of it, and the macros that MyST reads there::

    ---
    verify:
      symbols: {X: N x M, w: M, y: N}
      define:
        L: \frac1N \|Xw - y\|^2
    math:
      '\R': '\mathbb{R}'
    ---

Only these two keys are looked at, and only what is needed for them of YAML is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lrcore.verify.page.running_text import symbol_of
from lrcore.verify.page.shown import Item, Macros, Scope, Unread

_LINE = re.compile(r"""( *)(?:("(?:[^"\\]|\\.)*"|'[^']*'|[^\s:'"{\[#][^:]*?)\s*:(?=\s|$))?\s*(.*)""")
_BETWEEN = re.compile(r",(?![^()]*\))(?=\s*[^\s,]+\s*:)")  # entries of a mapping in one line

Tree = dict[str, "str | Tree"]


def declared(text: str, line: int) -> Iterator[Item]:
    """The symbols, definitions and macros of a front matter that begins on this line."""
    tree = mapping(text)
    asked = tree.get("verify", {})
    if not isinstance(asked, dict) or (faulty := set(asked) - {"symbols", "define"}):
        said = ", ".join(sorted(faulty)) if isinstance(asked, dict) else asked
        told = f"`verify:` in the front matter takes `symbols:` and `define:`, and not {said}"
        yield Unread(told, line, declares=True)
        return
    for key, given in asked.items():
        if isinstance(given, str):
            told = f"`{key}:` in the front matter takes a name and what it is, as in `{{X: N x M}}`, and not {given}"
            yield Unread(told, line, declares=True)
    symbols, defined = (_pairs(asked.get(key, {})) for key in ("symbols", "define"))
    if symbols or defined:
        rows = tuple(symbol_of(name, about, line) for name, about in symbols.items())
        yield Scope(line, rows, tuple(f"{name} := {body}" for name, body in defined.items()), whole=True)
    for name, body in _pairs(tree.get("math", {})).items():
        count = max(map(int, re.findall(r"#(\d)", body)), default=0)
        yield Macros(rf"\newcommand{{\{name.lstrip(chr(92))}}}" + (f"[{count}]" if count else "") + f"{{{body}}}", line)


def _pairs(given: str | Tree) -> dict[str, str]:
    return {name: one for name, one in given.items() if isinstance(one, str)} if isinstance(given, dict) else {}


def mapping(text: str) -> Tree:
    """The mappings of a YAML text, one in the other by their indents; lists and long scalars are passed over."""
    top: Tree = {}
    open_ones: list[tuple[int, Tree]] = [(-1, top)]
    for line in text.split("\n"):
        found = _LINE.fullmatch(line.rstrip())
        if found is None or found[2] is None:
            continue
        indent, name, value = len(found[1]), _scalar(found[2]), found[3]
        while open_ones[-1][0] >= indent:
            open_ones.pop()
        inner: str | Tree = {} if value in ("", "|", ">") else _value(value)
        open_ones[-1][1][name] = inner
        if isinstance(inner, dict):
            open_ones.append((indent, inner))
    return top


def _value(text: str) -> str | Tree:
    if text.startswith("{") and text.endswith("}"):
        pairs = (one.partition(":") for one in _BETWEEN.split(text[1:-1]) if one.strip())
        return {_scalar(name.strip()): _scalar(value.strip()) for name, _, value in pairs}
    return _scalar(text)


def _scalar(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    return re.sub(r"\s+#.*$", "", text)
