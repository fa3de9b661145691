"""Reading a student's notebook: bytes from anybody, so every size and type is checked, and nothing is run."""

from dataclasses import dataclass
from typing import Any

from lrcore.homework.grade.placing import Placed, StudentCell, binds, place, unanswered
from lrcore.homework.release.assignment import Cell, only_region
from lrcore.homework.release.variants import Prepared
from lrcore.homework.sandbox.protocol import Forged, strict_json
from lrcore.homework.submitting import checksum

LARGEST = 20_000_000
_CELLS = 2_000
_SOURCE = 200_000


class Unusable(ValueError):
    """A submission that cannot be read as a notebook; one sentence for the student."""


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
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        found = strict_json(data.decode(encoding), LARGEST, deepest=60, nan=True)  # outputs of plots hold NaN
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


def _cell(cell: object) -> StudentCell | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    kept = source[:_SOURCE] if isinstance(source, str) else ""
    own = cell.get("id")
    return StudentCell(
        cell["cell_type"], kept, name[:200] if isinstance(name, str) else "", own[:64] if isinstance(own, str) else ""
    )


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

    Locked cells are the assignment's, whatever the student made of them; what was written into them runs before. Test
    cells ask and do not run. A student's own cells stay after the cell that they followed, and a question comes when
    they have run.
    """
    ours = prepared.cells
    placed = place(notebook.cells, ours)
    drawn = [cell.id for k, cell in enumerate(prepared.assignment.cells) if k in placed.changed and _is_drawn(cell)]
    placed.remarks += [f"The numbers in '{name}' are not those drawn for this student, which count." for name in drawn]
    sources, asked_after, written, answer = list[str](), dict[str, int](), dict[str, str](), 0
    sources += placed.loose.get(-1, [])
    for number, cell in enumerate(ours):
        if cell.written:
            written[cell.id] = _words(number, ours, placed)
        elif cell.solution and cell.kind == "code":
            answer = number
            given = placed.answers.get(number, [""])
            sources += [] if unanswered(given, cell) and _stands_elsewhere(cell, placed) else given
        elif cell.kind == "code" and not cell.graded and "self-check" not in cell.metadata.get("tags", ()):
            sources += [placed.changed[number]] if number in placed.changed else []
            sources.append(cell.source)
        elif number in placed.added and cell.kind == "code" and binds(placed.added[number], ours[answer]):
            sources.append(placed.added[number])
        sources += placed.loose.get(number, [])
        if cell.graded and not cell.written:
            asked_after[cell.id] = len(sources) - 1
    elsewhere = {name for name in asked_after if _is_elsewhere(name, ours, placed)}
    asked_after.update(dict.fromkeys(elsewhere, len(sources) - 1))  # it may stand anywhere: asked when all has run
    return Ready(tuple(sources), asked_after, written, (*notebook.remarks, *placed.remarks))


def _is_drawn(cell: Cell) -> bool:
    return bool(only_region(cell.source, "VARIANT"))


def _words(number: int, ours: tuple[Cell, ...], placed: Placed) -> str:
    """What was written for an answer in words, into its cell, beside it, or under the question itself."""
    found = [one for one in placed.answers.get(number, []) if not unanswered([one], ours[number])]
    heading = next((k for k in reversed(range(number)) if ours[k].kind == "markdown" and not ours[k].solution), -1)
    found = [*([placed.added[heading]] if heading in placed.added else []), *placed.above.get(number, []), *found]
    if not found and number - 1 in placed.loose:  # typed into a cell for code
        found = placed.loose[number - 1] + placed.loose.get(number, [])
    return "\n\n".join(one.strip() for one in found)


def _is_elsewhere(test: str, ours: tuple[Cell, ...], placed: Placed) -> bool:
    """Whether the answer before this test is missing, or as it was given out."""
    before = -1
    for number, cell in enumerate(ours):
        if cell.id == test:
            return before >= 0 and _is_open(before, ours, placed)
        if cell.solution:
            before = number
    return False


def _is_open(number: int, ours: tuple[Cell, ...], placed: Placed) -> bool:
    return number in placed.missing or unanswered(placed.answers.get(number, []), ours[number])


def _stands_elsewhere(cell: Cell, placed: Placed) -> bool:
    """Whether one of the student's own cells, or a test that they wrote into, defines what this answer has to."""
    others = [one for sources in placed.loose.values() for one in sources]
    return any(binds(one, cell) for one in [*others, *placed.added.values()])
