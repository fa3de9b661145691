r"""A file as the checker reads it: as Markdown, TeX or plain text, each of its lines with the place that it is from.

Notebooks give their cells of prose, Quarto and reStructuredText are written as Markdown line by line, and ``\input`` is
put in its place. Comments of TeX and what is shown verbatim are left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .restructured import as_markdown

Place = tuple[str, int]
MOST = 1_000_000  # characters of a text
LANGUAGES = {
    **dict.fromkeys((".md", ".markdown", ".myst", ".qmd", ".Rmd", ".rst", ".ipynb"), "markdown"),
    **dict.fromkeys((".tex", ".ltx"), "tex"),
}
_ENDINGS = {"markdown": ".md", "tex": ".tex", "text": ""}
_CELL = re.compile(r"^([ \t>]*`{3,}|[ \t>]*~{3,})\s*\{(?:[a-z]+\b|=(?P<raw>\w*))[^}\n]*\}[^\n]*$", re.MULTILINE)
_DIV = re.compile(r"^[ \t]*:{3,}[^\n]*$", re.MULTILINE)
_QUARTO_LABEL = re.compile(r"(\$\$[ \t]*)\{#([\w-]+)[^}\n]*\}")
_LITERAL = re.compile(
    r"\\begin\{(?P<name>(?:verbatim|Verbatim|lstlisting|minted|comment)\*?)\}.*?(?:\\end\{(?P=name)\}|\Z)"
    r"|\\verb\*?(?P<sign>[^\w\s*]).*?(?P=sign)|(?<!\\)%(?!\s*<!--\s*verify:)[^\n]*",
    re.DOTALL,
)
_FENCE = re.compile(
    r"^(?P<edge>[ \t>]*(?P<sign>`{3,}|~{3,}))[ \t]*(?P<said>[^\n`]*)\n(?P<body>.*?)^[ \t>]*(?P=sign)[`~]*[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_FRONT = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_LINE_OF_MYST = re.compile(
    r"^[ \t]*(?::{3,}[^\n]*|\([\w:.-]+\)=|:[\w-]+:[^\n]*)$|(?<=\$\$)[ \t]*\([\w:.-]+\)[ \t]*$", re.MULTILINE
)  # or the label behind an equation
_CODE = re.compile(r"\{(?:code-cell|code-block|code|sourcecode|literalinclude|exec-code)\}\s*(?P<language>\S*)")
_MATHEMATICS = {"", "math", "latex", "tex", "text", "none", "txt", "amsmath", "katex"}
_INPUT = re.compile(r"\\(?:input|include|subfile)\b\s*(?:\{([^{}\n]*)\}|([^\s{}\\]+))")
_BODY = re.compile(r"\A.*?\\begin\s*\{document\}|\\end\s*\{document\}.*\Z", re.DOTALL)


class Unusable(Exception):
    """What was given cannot be worked with; the sentence says why and what to do."""


@dataclass(frozen=True)
class Source:
    """A text with its language, "markdown", "tex" or "text"; ``places`` are the file and line of each of its lines,
    empty where they are its own.
    """

    name: str
    text: str
    language: str
    places: tuple[Place, ...] = ()

    def place(self, line: int) -> Place:
        return self.places[line - 1] if 0 < line <= len(self.places) else (self.name, line)

    @property
    def prose(self) -> str:
        """The text without front matter and code, each line in its place."""
        if self.language != "markdown":
            return self.text
        return _LINE_OF_MYST.sub(blank, _FENCE.sub(_without_code, _FRONT.sub(blank, self.text)))

    @property
    def file(self) -> Path | None:
        """A path with the ending of the language, in the folder of the file."""
        return Path(self.name).with_suffix(_ENDINGS[self.language]) if self.language != "text" else None


def source(name: str, text: str | None = None) -> Source:
    """A file, or what is typed where the name is ``-``; ``text`` is what stands in an editor in its place."""
    found = _source(name, text)
    if len(found.text) > MOST:
        raise Unusable(
            f"{name}: this has {len(found.text):,} characters of text, and up to {MOST:,} are read; divide it."
        )
    return found


def _source(name: str, text: str | None) -> Source:
    if name == "-":
        return Source("-", sys.stdin.read(), "text")
    path, text = Path(name), _read(Path(name)) if text is None else text
    if path.suffix == ".ipynb":
        return _notebook(name, text)
    if path.suffix in (".tex", ".ltx"):
        lines = list(_tex(path, text, (path.resolve(),)))
        return Source(name, "\n".join(one for one, _ in lines), "tex", tuple(place for _, place in lines))
    changed: dict[str, Callable[[str], str]] = {".qmd": quarto, ".Rmd": quarto, ".rst": as_markdown}
    return Source(name, changed.get(path.suffix, str)(text), LANGUAGES.get(path.suffix, "text"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Unusable(f"{path}: line {line} is no text in UTF-8; save the file in that encoding.") from None
    except OSError as error:
        raise Unusable(
            f"{path}: this file can't be read ({error.strerror}); give a Markdown, reStructuredText or TeX file, a "
            "notebook, a folder, or - for standard input."
        ) from None


def blank(match: re.Match[str]) -> str:
    """Spaces in place of a piece, its line ends kept."""
    return re.sub(r"[^\n]", " ", match[0])


def _without_code(fence: re.Match[str]) -> str:
    """Nothing in place of a fence that shows or runs code; what is said to be TeX may be a formula."""
    said = fence["said"].strip()
    directive = _CODE.match(said)
    language = directive["language"] or "python" if directive else said
    is_code = bool(directive) or not said.startswith("{")
    return blank(fence) if is_code and language.lower() not in _MATHEMATICS else fence[0]


def quarto(text: str) -> str:
    """A page of Quarto or R Markdown as MyST reads it: cells are code, divisions are no code, labels are labels."""
    text = _CELL.sub(lambda cell: cell[1] if cell["raw"] in ("tex", "latex") else f"{cell[1]}code", text)
    text = _DIV.sub("", text)
    return _QUARTO_LABEL.sub(r"\1(\2)", text)


def _notebook(name: str, raw: str) -> Source:
    """The cells of prose, one below the other; the place of a line is that in the file, as an editor shows it."""
    try:
        cells = json.loads(raw)["cells"]
        prose = ["".join(one["source"]) for one in cells if one["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unusable(f"{name}: this is no notebook that Jupyter writes; open it there and save it.") from None
    file, at = raw.split("\n"), 0
    lines: list[str] = []
    places: list[Place] = []
    for cell in prose:
        for line in cell.split("\n"):
            at = _found(file, line, at)
            lines.append(line)
            places.append((name, at + 1))
        lines.append("")
        places.append((name, at + 1))
    return Source(name, "\n".join(lines), "markdown", tuple(places))


def _found(file: list[str], line: str, start: int) -> int:
    """The line of a notebook's file, from a place on, that holds this line of a cell; the place itself if none does."""
    written = [json.dumps(line, ensure_ascii=ascii)[1:-1] for ascii in (False, True)]
    if not line.strip():
        return start
    return next((k for k in range(start, len(file)) if any(one in file[k] for one in written)), start)


def _tex(path: Path, text: str, within: tuple[Path, ...]) -> Iterator[tuple[str, Place]]:
    """The lines of a TeX file, those of the files that it takes in among them."""
    bare = _LITERAL.sub(blank, text)
    if len(within) > 1:  # a file that is taken in may stand alone as well
        bare = _BODY.sub(blank, bare)
    for number, line in enumerate(bare.split("\n"), 1):
        rest, at = line, 0
        for found in _INPUT.finditer(line):
            file = _taken_in(found[1] or found[2], within)
            if file is None:
                continue
            yield line[at : found.start()], (str(path), number)
            if file in within:  # a circle
                at = found.end()
                rest = line[at:]
                continue
            yield from _tex(_named(file, path), _read(file), (*within, file))
            at = found.end()
            rest = line[at:]
        yield rest, (str(path), number)


def _taken_in(name: str, within: tuple[Path, ...]) -> Path | None:
    """The file of this name beside the document or beside the file that takes it in; None where there is none."""
    for folder in (within[0].parent, within[-1].parent):
        for ending in (name.strip(), f"{name.strip()}.tex"):
            path = (folder / ending).resolve()
            if path.is_file():
                return path
    return None


def _named(file: Path, by: Path) -> Path:
    """How a file is called by one who called the other ``by``."""
    try:
        return by.parent / file.relative_to(by.parent.resolve())
    except ValueError:
        return file
