"""Handing in: run the notebook from a clean start, say which cells fail, write one file with the id and a checksum."""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.sandbox import cells

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")


def submit(student: str, notebook: str | Path | None = None, *, run: bool = True) -> Path:
    """Write ``<assignment>_<id>.ipynb`` beside the notebook, ready to hand in.

    Parameters
    ----------
    student : your id, as your teacher's list has it
    notebook : its file; by default the one homework notebook in this folder. Save it first.
    run : run all cells from a clean start before writing, and say which fail

    Raises
    ------
    InputError
        the id or the notebook cannot be used, in one sentence.
    """
    student = safe_id(student)
    path = Path(notebook) if notebook is not None else _only_one(Path.cwd())
    found = _read(path)
    about = found["metadata"]["lrcore"]
    if about.get("student") not in (student, "everybody", None):
        raise InputError(
            f"{path.name} was given out to {about['student']}, not to {student}; hand in your own notebook."
        )
    if run:
        _say_what_failed(found)
    for said in review(found):
        print(said)
    for cell in found["cells"]:
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
    found["metadata"]["lrcore"] = {**about, "submitted_by": student, "checksum": checksum(found["cells"])}
    out = path.with_name(f"{about['assignment']}_{student}.ipynb")
    out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Hand in this file: {out}")
    return out


def review(notebook: dict[str, Any]) -> list[str]:
    """What the grader will do with this notebook that its author may not expect, a sentence each."""
    about = notebook.get("metadata", {}).get("lrcore", {})
    there = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    names, said = [_name(cell) for cell in there], list[str]()
    for name in about.get("answers", ()):
        if name not in names:
            said.append(
                f"The answer cell '{name}' has lost its name, as happens in some tools; your answer is looked for in "
                "its place, between the cells around it: leave those where they are."
            )
        elif names.count(name) > 1:
            said.append(
                f"The answer cell '{name}' comes {names.count(name)} times; the first counts, and what follows it."
            )
    open_ = [name for cell, name in zip(there, names) if name and re.search(_OPEN, _text(cell.get("source")))]
    said += [f"Not answered yet, or the line that says so is still there: {', '.join(open_)}."] if open_ else []
    for place, cell in enumerate(there, start=1):
        if cell.get("cell_type") == "code":
            said += [f"Cell {place}: the grader {one}." for one in _odd(_text(cell.get("source")), about)]
    for cell in there:
        own = cell["metadata"].get("lrcore") if _name(cell) else None
        if isinstance(own, dict):
            imported = {name for one in there for name in cells.imported(_text(one.get("source")))}
            lacking = [one for one in sorted(imported) if _is_withheld(one, own) and not _is_withheld(one, about)]
            said += [f"For the question '{_name(cell)}' the grader does not have {one}." for one in lacking]
    return said


def reviewed(path: Path) -> list[str]:
    """The same for a file, with a sentence where there is nothing to say.

    Raises
    ------
    InputError
        it is no homework notebook.
    """
    return review(_read(path)) or ["Every answer is in its cell, and the grader reads all of them as they stand."]


_OPEN = r"raise NotImplementedError\(\)|YOUR ANSWER HERE"


def _odd(source: str, about: dict[str, Any]) -> list[str]:
    """What of a cell is not the same in the grader."""
    found = [f"leaves out the line {line[:60]!r}" for line in cells.plain(source)[1]]
    for module in cells.imported(source):
        if _is_withheld(module, about):
            found.append(f"does not have {module}, so that what is taken from it does nothing there")
    return found


def _is_withheld(module: str, about: dict[str, Any]) -> bool:
    """Whether a module is one that the grader does not have for this assignment."""
    first, _, rest = module.partition(".")
    if first == "lrcore":
        return any(rest == one or rest.startswith(f"{one}.") for one in about.get("without", ()))
    packages = about.get("packages")
    return isinstance(packages, list) and first not in packages and first not in sys.stdlib_module_names


def _name(cell: dict[str, Any]) -> str:
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return str(about.get("grade_id", "")) if isinstance(about, dict) else ""


def safe_id(text: str) -> str:
    """A student's id that may stand in a path and in a spreadsheet.

    Raises
    ------
    InputError
        it holds something else than letters, digits and . _ @ + - after the first letter or digit.
    """
    text = text.strip()
    if not _ID.fullmatch(text) or ".." in text:
        raise InputError(
            f"{text[:60]!r} cannot be a student's id: it must begin with a letter or a digit, go on with letters, "
            "digits and . _ @ + -, and have at most 64 of them."
        )
    return text


def checksum(cells: list[Any]) -> str:
    """SHA-256 of what the cells say, so that a file that was cut or changed on its way is noticed."""
    said = [(cell.get("cell_type"), _text(cell.get("source"))) for cell in cells if isinstance(cell, dict)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _text(source: object) -> str:
    return "".join(str(line) for line in source) if isinstance(source, list) else str(source)


def _only_one(folder: Path) -> Path:
    found = [path for path in sorted(folder.glob("*.ipynb")) if _is_homework(path)]
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise InputError(
            f"This folder has {names} as homework that is not yet handed in; say which: submit(id, 'hw1.ipynb')."
        )
    return found[0]


def _is_homework(path: Path) -> bool:
    try:
        return "checksum" not in _read(path)["metadata"]["lrcore"]
    except InputError:
        return False


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found["cells"], list) and "assignment" in found["metadata"]["lrcore"]:
            return found
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(
        f"{path} is no homework notebook of this book; save the notebook you were given and name its file."
    )


def _say_what_failed(found: dict[str, Any]) -> None:
    failed = _failures_in_kernel(found) if sys.platform != "emscripten" else _failures_here(found)
    for place, error in failed:
        print(f"Cell {place + 1} fails: {error}")
    if failed:
        print(
            f"{len(failed)} cells fail when the notebook is run from a clean start; it can be handed in all the same."
        )
    else:
        print("All cells ran from a clean start.")


def _failures_in_kernel(found: dict[str, Any]) -> list[tuple[int, str]]:
    try:
        import nbformat
        from nbclient import NotebookClient
    except ImportError:
        return _failures_here(found)
    copy = nbformat.from_dict(json.loads(json.dumps({**found, "cells": [_quiet(cell) for cell in found["cells"]]})))
    NotebookClient(copy, timeout=300, allow_errors=True, kernel_name="python3").execute()
    failed = []
    for place, cell in enumerate(copy.cells):
        failed += [
            (place, f"{output.ename}: {output.evalue}")
            for output in cell.get("outputs", ())
            if output.output_type == "error"
        ]
    return failed


def _failures_here(found: dict[str, Any]) -> list[tuple[int, str]]:
    """Run in this process with names of its own, where there is no kernel to start (in the page)."""
    state: dict[str, Any] = {"__name__": "__main__"}
    failed = []
    for place, cell in enumerate(found["cells"]):
        if cell.get("cell_type") == "code":
            try:
                cells.run(_quiet(cell)["source"], state, _not_here)
            except Exception as error:
                failed.append((place, f"{type(error).__name__}: {error}"))
    return failed


def _not_here(module: str) -> Any:
    raise ModuleNotFoundError(f"No module named {module!r}")


def _quiet(cell: dict[str, Any]) -> dict[str, Any]:
    """The cell without calls of submit, which would begin again."""
    lines = _text(cell.get("source")).split("\n")
    return {**cell, "source": "\n".join("pass" if line.startswith("submit(") else line for line in lines)}
