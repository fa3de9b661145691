"""The student version: solutions and hidden cases out, by nbgrader's preprocessors; then a scan that they are gone."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.release.assignment import Assignment, Cell, only_region
from lrcore.homework.release.variants import EVERYBODY, Prepared, prepare

_PREPROCESSORS = (
    "LockCells",
    "ClearSolutions",
    "ClearHiddenTests",
    "ClearMarkScheme",
    "ComputeChecksums",
    "CheckCellMetadata",
    "ClearOutput",
)


def release(assignment: Assignment, secret: bytes, out: Path, students: Iterable[str] | None = None) -> Iterator[Path]:
    """Write the student versions: one for everybody, or OUT/<id>/<assignment>.ipynb for each id. Yields each file.

    Raises
    ------
    InputError
        something of a solution or a hidden case would be left in a student version, or another file is in its place.
    """
    for student in [EVERYBODY] if students is None else students:
        prepared = prepare(assignment, secret, student, variants=students is not None)
        notebook = student_version(prepared, None if students is None else student)
        leaks = leaked(assignment, notebook)
        if leaks:
            raise InputError(
                f"{assignment.name}: the student version would show {leaks[0]!r}; nothing was written for {student}."
            )
        path = out / f"{assignment.name}.ipynb" if students is None else out / student / f"{assignment.name}.ipynb"
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        if path.exists() and path.read_bytes() != text.encode():
            raise InputError(
                f"{path} is there and says something else: somebody's work, or a version from another secret or before "
                "a change of the assignment. Give an empty folder, or remove what is there."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        yield path


def student_version(prepared: Prepared, student: str | None) -> dict[str, Any]:
    """The notebook a student gets, as JSON."""
    from nbformat import v4
    from nbgrader import preprocessors

    notebook: Any = v4.new_notebook(metadata=_metadata(prepared.assignment, student))
    for place, cell in enumerate(prepared.cells):
        make = v4.new_code_cell if cell.kind == "code" else v4.new_markdown_cell
        notebook.cells.append(make(cell.source, id=f"cell-{place}", metadata=_kept(cell)))
    resources: dict[str, Any] = {"nbgrader": {"student": student or EVERYBODY}}
    for name in _PREPROCESSORS:
        notebook, resources = getattr(preprocessors, name)().preprocess(notebook, resources)
    plain: dict[str, Any] = json.loads(v4.writes(notebook))
    return plain


def _metadata(assignment: Assignment, student: str | None) -> dict[str, Any]:
    about = {
        "assignment": assignment.name,
        "student": student or EVERYBODY,
        "answers": [cell.id for cell in assignment.cells if cell.solution],  # for submit, should a tool strip the names
        "without": list(assignment.without),
        **({"packages": list(assignment.packages)} if assignment.packages else {}),
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"kernelspec": kernel, "language_info": {"name": "python"}, "lrcore": about}


def _kept(cell: Cell) -> dict[str, Any]:
    return {
        key: value
        for key, value in cell.metadata.items()
        if key in ("nbgrader", "lrcore", "tags", "deletable", "editable")
    }


# ---------------------------------------------------------------------- the scan


def secrets_of(assignment: Assignment) -> set[str]:
    """Every line of a solution or a hidden case that stands nowhere else in the assignment."""
    inside, outside = set[str](), set[str]()
    for cell in assignment.cells:
        hidden = only_region(cell.source, "HIDDEN TESTS") + "\n" + only_region(cell.source, "SOLUTION")
        hidden += "\n" + only_region(cell.source, "VARIANT")
        if cell.solution and "BEGIN SOLUTION" not in cell.source:
            hidden = cell.source
        inside |= _telling(hidden)
        outside |= _telling(cell.source) - _telling(hidden)
    return inside - outside


def _telling(text: str) -> set[str]:
    """The lines that say something: not too short to be chance, not a mark."""
    lines = {" ".join(line.split()) for line in text.splitlines()}
    return {line for line in lines if len(re.findall(r"\w+", line)) > 2 and not re.match(r"#+ (BEGIN|END) ", line)}


def leaked(assignment: Assignment, notebook: dict[str, Any]) -> list[str]:
    """Lines of solutions and hidden cases that a student version still holds, anywhere in it."""
    text = json.dumps(notebook, ensure_ascii=False)
    shown = " ".join(text.replace("\\n", " ").replace('\\"', '"').replace("\\\\", "\\").split())
    found = [line for line in sorted(secrets_of(assignment)) if line in shown]
    marks = [mark for mark in ("BEGIN SOLUTION", "BEGIN HIDDEN", "BEGIN VARIANT") if mark in shown]
    return found + marks


def leaked_into(
    assignments: Iterable[Assignment], files: Iterable[Path], public: Iterable[Path]
) -> list[tuple[Path, str]]:
    """Lines of solutions and hidden cases in any of the files: a built site, its search index, a wheel.

    What the ``public`` sources say anyway, the chapters and the library, is no secret.
    """
    known = " ".join(_plain(path) for path in public)
    secrets = sorted(line for assignment in assignments for line in secrets_of(assignment) if line not in known)
    return [(file, line) for file in files for line in _within(secrets, _plain(file))]


def _within(lines: list[str], text: str) -> list[str]:
    return [line for line in lines if line in text]


def _plain(file: Path) -> str:
    return " ".join(_unescaped(file.read_bytes().decode("utf-8", errors="ignore")).split())


def _unescaped(text: str) -> str:
    import html

    return html.unescape(re.sub(r"<[^>]+>", "", text)) if "<" in text else text
