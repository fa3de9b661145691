"""An assignment: a notebook in nbgrader's format, as MyST or ipynb, with solutions and hidden cases."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.sandbox import libraries

COPIES = Path("assignments")  # where a teacher's own copies of the book's lie, in the folder of the course
REGIONS = {"solution": "SOLUTION", "hidden": "HIDDEN TESTS", "variant": "VARIANT"}

Room = tuple[tuple[str, ...], tuple[str, ...]]  # what a sandbox leaves out, and the libraries that it has
_SAFE = ("numpy", "matplotlib")


@dataclass(frozen=True)
class Cell:
    """One cell of the source; ``id`` and ``points`` are nbgrader's ``grade_id`` and ``points``."""

    kind: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def id(self) -> str:
        """The name by which nbgrader knows the cell; empty for plain ones."""
        return str(self._nbgrader.get("grade_id", ""))

    @property
    def points(self) -> float:
        """What the cell is worth."""
        return float(self._nbgrader.get("points", 0) or 0) if self.graded else 0.0

    @property
    def solution(self) -> bool:
        """Whether the student writes here."""
        return bool(self._nbgrader.get("solution"))

    @property
    def graded(self) -> bool:
        """Whether points stand on it."""
        return bool(self._nbgrader.get("grade"))

    @property
    def locked(self) -> bool:
        """Whether the student may not change it."""
        return bool(self._nbgrader.get("locked"))

    @property
    def written(self) -> bool:
        """Whether a person marks it."""
        return self.graded and self.solution

    @property
    def room(self) -> dict[str, Any]:
        """What this question alone has, or has not, of libraries: ``without`` and ``packages``."""
        found = self.metadata.get("lrcore", {})
        return found if isinstance(found, dict) else {}

    @property
    def _nbgrader(self) -> dict[str, Any]:
        found = self.metadata.get("nbgrader", {})
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Assignment:
    """The source of an assignment: its cells, and what the grader's sandbox has.

    ``without`` names modules of lrcore, and functions of other libraries by their full names (``numpy.linalg.inv``),
    that it leaves out; ``packages`` are the libraries that it has. Where none are named it has all that are
    installed, or numpy and matplotlib alone if something is left out: else another library would do in its place.
    """

    name: str
    title: str
    cells: tuple[Cell, ...]
    without: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict, hash=False)

    def room_of(self, cell: Cell) -> Room:
        """The sandbox in which a question is answered: the assignment's, or one of its own."""
        without = (*self.without, *_names(cell.room.get("without", ())))
        packages = _names(cell.room.get("packages", ())) or self.packages
        return tuple(dict.fromkeys(without)), packages or (_SAFE if without else ())

    @property
    def graded(self) -> tuple[Cell, ...]:
        """The cells that carry points."""
        return tuple(cell for cell in self.cells if cell.graded)

    @property
    def points(self) -> float:
        """What the whole is worth."""
        return sum(cell.points for cell in self.graded)


def find(name: str) -> Path:
    """The file of an assignment, given as a path or as the name of one of the book's: hw1 ... hw6.

    A copy of the teacher's own, ``assignments/hw1.md``, goes before the book's.

    Raises
    ------
    InputError
        there is no such assignment; the message lists those there are.
    """
    if (path := Path(name)).is_file():
        return path
    if re.fullmatch(r"\w+", name) and (own := COPIES / f"{name}.md").is_file():
        return own
    return book_file(name)


def book_file(name: str) -> Path:
    """The book's own file of an assignment."""
    folder = Path(__file__).resolve().parents[3] / "book" / "homework"
    known = {file.stem.split("_")[0]: file for file in sorted(folder.glob("hw*_*.md"))}
    if name in known:
        return known[name]
    if not known:
        raise InputError(
            f"There is no file {name}; the six assignments stand in the book's repository, not in the installed "
            "library: give the path of an assignment (.md or .ipynb)."
        )
    raise InputError(f"There is no assignment {name}; the book has {', '.join(known)}, or give a path (.md or .ipynb).")


def load(name: str | Path) -> Assignment:
    """Read an assignment and see that it can be released and graded."""
    path = find(str(name))
    notebook = _notebook(path)
    cells = tuple(
        Cell(cell["cell_type"], _text(cell["source"]), dict(cell.get("metadata", {}))) for cell in notebook["cells"]
    )
    about = notebook.get("metadata", {}).get("lrcore", {})
    title = next(
        (line[2:].strip() for cell in cells for line in cell.source.splitlines() if line.startswith("# ")), path.stem
    )
    assignment = Assignment(
        str(about.get("assignment") or path.stem.split("_")[0]),
        title,
        cells,
        (without := _names(about.get("without", ()))),
        _names(about.get("packages", ())) or (_SAFE if without else ()),
        {key: value for key, value in notebook.get("metadata", {}).items() if key in ("kernelspec", "language_info")},
    )
    _validate(assignment, path)
    return assignment


def _names(given: Any) -> tuple[str, ...]:
    """One name, or a list of them."""
    return (given,) if isinstance(given, str) else tuple(str(one) for one in given or ())


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def _notebook(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            found = json.loads(text)
        else:
            import jupytext

            found = jupytext.reads(text, fmt="md:myst")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read as a notebook ({error}); give a MyST .md or an .ipynb file."
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise InputError(f"{path} is no notebook: it has no cells.")
    return found


def _validate(assignment: Assignment, path: Path) -> None:
    twice = [name for name, count in Counter(cell.id for cell in assignment.cells if cell.id).items() if count > 1]
    if twice:
        raise InputError(f"{path} has two cells with the grade_id {twice[0]}; give each its own.")
    if not assignment.graded:
        raise InputError(f"{path} has no cell with points; mark graded cells with nbgrader's metadata (grade: true).")
    for without in {assignment.without, *(assignment.room_of(cell)[0] for cell in assignment.graded)}:
        if unknown := [one for one in without if not libraries.is_there(one)]:
            raise InputError(f"{path} leaves out {unknown[0]}, which is not there to be left out; is it misspelt?")
    for cell in assignment.cells:
        for region in REGIONS.values():
            pieces(cell.source, region)
        if "BEGIN HIDDEN TESTS" in cell.source and not cell.graded:
            raise InputError(f"{path}: hidden cases stand in a cell without points: {cell.source.splitlines()[0][:60]}")
        if "BEGIN SOLUTION" in cell.source and not cell.solution:
            raise InputError(
                f"{path}: a solution stands in a cell that is not a solution cell: {cell.source.splitlines()[0][:60]}"
            )


def pieces(source: str, region: str) -> list[tuple[bool, str]]:
    """The source cut at a region's marks: (inside, text) in order.

    Raises
    ------
    InputError
        a mark without its partner.
    """
    found: list[tuple[bool, str]] = []
    inside, lines = False, list[str]()
    for line in source.split("\n"):
        mark = re.match(rf"\s*#*\s*(BEGIN|END) {region}\s*$", line)
        if mark is None:
            lines.append(line)
            continue
        if (mark[1] == "BEGIN") is inside:
            raise InputError(
                f"'{line.strip()}' has no partner before it; write BEGIN {region} and END {region} in pairs."
            )
        found.append((inside, "\n".join(lines)))
        inside, lines = not inside, []
    if inside:
        raise InputError(f"BEGIN {region} has no END {region} in its cell.")
    return [*found, (False, "\n".join(lines))]


def without_region(source: str, region: str) -> str:
    """The source with everything inside a region left out."""
    return "\n".join(text for inside, text in pieces(source, region) if not inside)


def only_region(source: str, region: str) -> str:
    """What stands inside a region."""
    return "\n".join(text for inside, text in pieces(source, region) if inside)
