"""Reading a student's notebook: bytes from anybody, so every size and type is checked, and nothing is run."""

from dataclasses import dataclass
from typing import Any

from lrcore.homework.release.variants import Prepared
from lrcore.homework.sandbox.protocol import Forged, strict_json
from lrcore.homework.submitting import checksum

LARGEST = 20_000_000
_CELLS = 2_000
_SOURCE = 200_000


class Unusable(ValueError):
    """A submission that cannot be read as a notebook; one sentence for the student."""


@dataclass(frozen=True)
class StudentCell:
    """A cell as the student left it."""

    kind: str
    source: str
    id: str


@dataclass(frozen=True)
class Notebook:
    """A student's cells, for whom the notebook was released, and what is odd about it."""

    cells: tuple[StudentCell, ...]
    student: str
    remarks: tuple[str, ...] = ()
    assignment: str = ""


@dataclass(frozen=True)
class Ready:
    """What goes to the sandbox: code cells in the assignment's order, and after which of them each question comes."""

    sources: tuple[str, ...]
    asked_after: dict[str, int]
    written: dict[str, str]
    remarks: tuple[str, ...]


def read(data: bytes) -> Notebook:
    """Read a notebook.

    Raises
    ------
    Unusable
        the file is empty, binary, truncated, too large, or is no notebook.
    """
    if not data.strip():
        raise Unusable("The file is empty; hand in the notebook again.")
    if len(data) > LARGEST:
        raise Unusable(
            f"The file has {len(data):,} bytes, and at most {LARGEST:,} are read; clear the outputs and try again."
        )
    try:
        found = strict_json(data.decode("utf-8-sig"), LARGEST, deepest=60, nan=True)  # outputs of plots hold NaN
    except UnicodeDecodeError:
        raise Unusable("The file is not text, so it is no notebook; hand in the .ipynb file.") from None
    except Forged as error:
        raise Unusable(
            f"The file is no complete notebook ({error}); save it in Jupyter and hand it in again."
        ) from None
    return _notebook(found)


def _notebook(found: Any) -> Notebook:
    cells = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(cells, list):
        raise Unusable("The file is no notebook: it has no cells; hand in the .ipynb file.")
    if len(cells) > _CELLS:
        raise Unusable(f"The notebook has {len(cells)} cells, and at most {_CELLS} are read.")
    metadata = found.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    read_cells = tuple(one for cell in cells if (one := _cell(cell)) is not None)
    remarks = (*_remarks(metadata), *_changed(metadata, cells))
    return Notebook(read_cells, _about(metadata, "student"), remarks, _about(metadata, "assignment"))


def _cell(cell: Any) -> StudentCell | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    kept = source[:_SOURCE] if isinstance(source, str) else ""
    return StudentCell(cell["cell_type"], kept, name[:200] if isinstance(name, str) else "")


def _about(metadata: dict[str, Any], what: str) -> str:
    """What release wrote into the notebook: for which student it is, and of which assignment."""
    about = metadata.get("lrcore")
    said = about.get(what) if isinstance(about, dict) else ""
    return said[:64] if isinstance(said, str) else ""


def _remarks(metadata: dict[str, Any]) -> tuple[str, ...]:
    about = metadata.get("kernelspec")
    language = about.get("language") if isinstance(about, dict) else None
    if isinstance(language, str) and language.lower() != "python":
        return (f"The notebook's kernel is for {language[:40]}, not for Python; its code was run as Python.",)
    return ()


def _changed(metadata: dict[str, Any], cells: list[Any]) -> tuple[str, ...]:
    """A remark where the checksum that submit wrote does not fit any more."""
    about = metadata.get("lrcore")
    said = about.get("checksum") if isinstance(about, dict) else None
    if said is None or said == checksum(cells):
        return ()
    return ("The notebook was changed after it was handed in by submit; it was marked as it is.",)


def ready(notebook: Notebook, prepared: Prepared) -> Ready:
    """Put the student's answers between the assignment's own cells, in the assignment's order.

    Locked cells are the assignment's, whatever the student made of them; test cells ask and do not run. A student's
    own cells stay before the answer that they stood before.
    """
    mine, extra, last, remarks = _sorted(notebook, prepared)
    sources, asked_after, written = list[str](), dict[str, int](), dict[str, str]()
    missing = list[str]()
    for cell in prepared.cells:
        if cell.written:
            written[cell.id] = mine.get(cell.id, "")
            missing += [cell.id] if cell.id not in mine else []
        elif cell.graded:
            asked_after[cell.id] = len(sources) - 1
        elif cell.solution and cell.kind == "code":
            sources += [*extra.get(cell.id, ()), mine.get(cell.id, "")]
            missing += [cell.id] if cell.id not in mine else []
        elif cell.kind == "code" and "self-check" not in cell.metadata.get("tags", ()):
            sources.append(cell.source)
    sources += last
    if missing:  # a renamed or lost cell may stand anywhere, so its question is asked when all has run
        remarks += [f"The cell '{name}' is missing from the notebook, or its name was changed." for name in missing]
        asked_after = {
            name: len(sources) - 1 if _rests_on(name, missing, prepared) else at for name, at in asked_after.items()
        }
    return Ready(tuple(sources), asked_after, written, tuple(remarks))


def _sorted(
    notebook: Notebook, prepared: Prepared
) -> tuple[dict[str, str], dict[str, list[str]], list[str], list[str]]:
    """The answers by name, the student's own cells by the answer that follows them, those after the last, remarks."""
    answers = {cell.id for cell in prepared.cells if cell.solution}
    own = {cell.id for cell in prepared.cells if cell.id} - answers
    mine, extra, waiting, remarks = dict[str, str](), dict[str, list[str]](), list[str](), list(notebook.remarks)
    seen = set[str]()
    for cell in notebook.cells:
        if cell.id in own:
            if cell.id in seen:
                remarks.append(f"The cell '{cell.id}' comes twice; the grader uses its own.")
            seen.add(cell.id)
        elif cell.id in answers and cell.id not in mine:
            mine[cell.id], extra[cell.id], waiting = cell.source, waiting, []
        elif cell.kind == "code":
            if cell.id in answers:
                remarks.append(f"The cell '{cell.id}' comes twice; the first was marked.")
            if not _is_ours(cell, prepared):
                waiting.append(cell.source)
    lost = sorted(own - seen)
    remarks += [f"The locked cell '{name}' was deleted or renamed; the grader used its own." for name in lost]
    return mine, extra, waiting, remarks


def _is_ours(cell: StudentCell, prepared: Prepared) -> bool:
    return any(cell.source.strip() == one.source.strip() for one in prepared.cells if not one.solution)


def _rests_on(test: str, missing: list[str], prepared: Prepared) -> bool:
    """Whether the answer just before this test is one of the missing."""
    before = ""
    for cell in prepared.cells:
        if cell.id == test:
            return before in missing
        if cell.solution:
            before = cell.id
    return False
