r"""What a page shows: its display equations, with their labels and lines, and its symbol table.

A page is MyST Markdown (``$$ ... $$ (label)`` and ``{math}`` blocks) or TeX (``equation``, ``align``, ``\[ ... \]``).
Nothing is judged here; :mod:`lrcore.verify.check` decides what the equations found here are worth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DERIVATIVE = re.compile(
    r"\\partial(?![A-Za-z])|\\nabla(?![A-Za-z])"
    r"|\\[dtc]?frac\s*\{\s*(?:\\mathrm\s*\{?\s*d\s*\}?|d)(?:\s*\^\s*\{?\d\}?)?(?![a-z])[^}]*\}?"
    r"|(?<![A-Za-z\\_^{])d\s*\\?[A-Z({\\]|\\mathrm\s*\{\s*d\s*\}|(?<![A-Za-z\\_^{])d[a-z](?![a-z])"
)
_DEFINITION = re.compile(r":=|\\coloneqq(?![A-Za-z])|\\triangleq(?![A-Za-z])|\\vcentcolon\s*=")
_LABEL_AFTER = re.compile(r"^\s*\(([^()\s]+)\)")
_LABEL_IN_TEX = re.compile(r"\\label\s*\{([^}]*)\}")
MARK = re.compile(r"<!--\s*verify:\s*(.*?)\s*-->")
_TEX_BEGIN = re.compile(r"\\begin\{((?:equation|align|gather|multline|eqnarray|displaymath|flalign)\*?)\}")
_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,}|:{3,})\s*(.*)$")


@dataclass(frozen=True)
class Equation:
    """One display equation of a page, as it stands there.

    ``line`` is the line (from 1) on which its LaTeX begins. ``mark`` is the text of a ``<!-- verify: ... -->``
    comment on the line above, or None; it says what kind of equation this is where that cannot be seen.
    """

    latex: str
    line: int
    label: str | None = None
    mark: str | None = None

    @property
    def has_derivative(self) -> bool:
        r"""Whether a \partial, a \nabla, a d/dx or a differential stands in it."""
        return bool(_DERIVATIVE.search(self.latex))

    @property
    def is_definition(self) -> bool:
        r"""Whether ``:=``, ``\coloneqq`` or ``\triangleq`` stands in it."""
        return bool(_DEFINITION.search(self.latex))


@dataclass(frozen=True)
class Symbol:
    """One row of a symbol table: the name as LaTeX, its shape as written, what it means, and the line it is on."""

    name: str
    shape: str
    meaning: str
    line: int = 0


def equations(text: str) -> list[Equation]:
    """All display equations of a page, in reading order."""
    return _Scanner(text.splitlines()).equations()


def symbol_table(text: str) -> list[Symbol]:
    """The rows of every ``| Symbol | Shape | Meaning |`` table of a page; several names in one cell give several
    rows.
    """
    return [symbol for _, row in _table_rows(text.splitlines()) for symbol in row]


def _table_rows(lines):
    columns = None
    for number, line in enumerate(lines, 1):
        cells = _cells(line)
        if cells is None:
            columns = None
        elif columns is None:
            columns = _header(cells)
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            yield number, _symbols(cells, columns, number)


def _cells(line):
    """The cells of a Markdown table row; a bar inside mathematics does not end a cell."""
    line = line.strip()
    if not line.startswith("|"):
        return None
    parts = re.findall(r"(?:\$[^$]*\$|`[^`]*`|\\\||[^|])+", line.strip("|"))
    return [part.strip() for part in parts]


def _header(cells):
    names = [cell.lower().strip("* ") for cell in cells]
    if "symbol" in names and "shape" in names:
        meaning = names.index("meaning") if "meaning" in names else None
        return names.index("symbol"), names.index("shape"), meaning
    return None


def _symbols(cells, columns, number):
    symbol, shape, meaning = columns
    if max(symbol, shape) >= len(cells):
        return []
    names = re.findall(r"\$([^$]+)\$", cells[symbol]) or [cells[symbol].strip("`")]
    shapes = re.findall(r"\$([^$]+)\$", cells[shape])
    shape_text = shapes[0] if len(shapes) == 1 else cells[shape].replace("$", "")
    said = cells[meaning] if meaning is not None and meaning < len(cells) else ""
    split = [name.strip() for group in names for name in _split_names(group)]
    each = shapes if len(shapes) == len(split) > 1 else [shape_text] * len(split)
    return [Symbol(name, one.strip(), said, number) for name, one in zip(split, each) if name]


def _split_names(group):
    r"""``N, M, D`` is three names; ``x_{i,j}`` is one."""
    depth, start, names = 0, 0, []
    for place, char in enumerate(group):
        depth += (char in "{([") - (char in "})]")
        if char == "," and depth == 0:
            names.append(group[start:place])
            start = place + 1
    return [*names, group[start:]]


class _Scanner:
    """Walks the lines once; knows which of them are code and must not be read."""

    def __init__(self, lines):
        self.lines, self.at, self.found = lines, 0, []

    def equations(self):
        self._skip_front_matter()
        while self.at < len(self.lines):
            self._step()
        return self.found

    def _skip_front_matter(self):
        if self.lines and self.lines[0].strip() == "---":
            end = next((k for k in range(1, len(self.lines)) if self.lines[k].strip() == "---"), 0)
            self.at = end + 1 if end else 0

    def _step(self):
        line = self.lines[self.at]
        fence = _FENCE.match(line)
        if fence and fence[2][0] != ":":
            self._fence(fence)
        elif "$$" in re.sub(r"`[^`]*`", "", line):
            self._dollars(line.index("$$"))
        elif _TEX_BEGIN.search(line):
            self._environment(_TEX_BEGIN.findall(line)[0])
        elif r"\[" in line and not re.search(r"\\\\\[", line):
            self._until(r"\[", r"\]")
        else:
            self.at += 1

    def _fence(self, fence):
        start, close = self.at, re.compile(rf"^\s*{re.escape(fence[2][0])}{{{len(fence[2])},}}\s*$")
        info = fence[3].strip()
        self.at += 1
        body = []
        while self.at < len(self.lines) and not close.match(self.lines[self.at]):
            body.append(self.lines[self.at])
            self.at += 1
        self.at += 1
        if info.startswith("{math}"):
            self._add_directive(body, start)
        elif re.match(r"\{(?!code)[a-z:-]+\}", info):
            self._reread(body, start + 1)

    def _reread(self, body, offset):
        """A directive such as ``{note}`` holds prose again, equations among it."""
        for equation in _Scanner(body).equations():
            self.found.append(Equation(equation.latex, equation.line + offset, equation.label, equation.mark))

    def _add_directive(self, body, start):
        label, skip = None, 0
        for skip, line in enumerate([*body, ""]):  # noqa: B007
            option = re.match(r"^\s*:(\w+):\s*(.*)$", line)
            if not option:
                break
            label = option[2].strip() if option[1] in ("label", "name") else label
        self._add("\n".join(body[skip:]), start + 1 + skip, label, start)

    def _dollars(self, column):
        start, rest = self.at, self.lines[self.at][column + 2 :]
        parts = []
        while "$$" not in rest:
            parts.append(rest)
            self.at += 1
            if self.at >= len(self.lines):
                return
            rest = self.lines[self.at]
        inside, _, after = rest.partition("$$")
        label = _LABEL_AFTER.match(after)
        self._add("\n".join([*parts, inside]), start, label and label[1], start)
        self._go_on(after)

    def _go_on(self, after):
        """What follows on the same line may hold one more equation."""
        if "$$" in after:
            self.lines = [*self.lines[: self.at], after, *self.lines[self.at + 1 :]]
        else:
            self.at += 1

    def _environment(self, name):
        start, end = self.at, rf"\end{{{name}}}"
        parts = []
        while self.at < len(self.lines):
            parts.append(self.lines[self.at])
            self.at += 1
            if end in parts[-1]:
                break
        text = "\n".join(parts)
        self._add(text[text.index(rf"\begin{{{name}}}") :], start, None, start)

    def _until(self, opening, closing):
        start, rest = self.at, self.lines[self.at].split(opening, 1)[1]
        parts = []
        while closing not in rest:
            parts.append(rest)
            self.at += 1
            if self.at >= len(self.lines):
                return
            rest = self.lines[self.at]
        self._add("\n".join([*parts, rest.split(closing)[0]]), start, None, start)
        self.at += 1

    def _add(self, latex, at, label, start):
        in_tex = _LABEL_IN_TEX.search(latex)
        line = at + 1 + latex[: len(latex) - len(latex.lstrip())].count("\n")
        mark = MARK.search(self.lines[start - 1]) if start else None
        self.found.append(
            Equation(latex.strip(), line, label or (in_tex and in_tex[1]) or None, mark[1] if mark else None)
        )
