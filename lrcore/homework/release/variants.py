"""Variants: the same assignment with other numbers for each student, drawn from a secret that the teacher keeps.

The seed is HMAC-SHA256 of the secret over the assignment, the student's id and what is drawn. The same id always gets
the same variant; nobody without the secret can say what another's is, or what the hidden cases are.
"""

import hashlib
import hmac
import os
import re
import secrets
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

from lrcore.errors import InputError
from lrcore.homework.release.assignment import Assignment, Cell, only_region, pieces
from lrcore.homework.release.questions import Question, Random, Recorder, recording

EVERYBODY = "everybody"


def read_secret(path: Path, *, make: bool = False) -> bytes:
    """The teacher's secret; made (readable by the teacher alone) where ``make`` allows it and there is none.

    Raises
    ------
    InputError
        there is no such file, or it is too short to be a secret.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; give --secret the file that release made.")
    if not path.exists():
        if not make:
            raise InputError(
                f"There is no secret at {path}; give --secret the file that release made, or marks cannot be right."
            )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    secret = path.read_bytes().strip()
    if len(secret) < 16:
        raise InputError(
            f"The secret in {path} is only {len(secret)} characters long; use at least 16, or let release make one."
        )
    return secret


def random_for(secret: bytes, *what: str) -> Random:
    """Random numbers that belong to the secret and to these words."""
    words = "\x00".join(what).encode()
    return np.random.default_rng(int.from_bytes(hmac.new(secret, words, hashlib.sha256).digest(), "big"))


@dataclass(frozen=True)
class Prepared:
    """An assignment for one student: the cells with the variant filled in, and the questions of each graded cell."""

    assignment: Assignment
    cells: tuple[Cell, ...]
    questions: dict[str, tuple[Question, ...]]


def prepare(assignment: Assignment, secret: bytes, student: str = EVERYBODY, *, variants: bool = True) -> Prepared:
    """Run the teacher's own source for this student: draw the variant, collect the questions and the right answers.

    Raises
    ------
    InputError
        a cell of the assignment fails, or a graded cell asks nothing; the message names it.
    """
    whose = student if variants else EVERYBODY
    recorder = Recorder(
        lambda name: random_for(secret, assignment.name, whose, "hidden", name),
        lambda name: random_for(b"shown to everybody", assignment.name, whose, name),
    )
    state: dict[str, Any] = {"__name__": "__main__"}
    cells, questions = [], {}
    with recording(recorder, random_for(secret, assignment.name, whose, "variant")):
        for cell in assignment.cells:
            before = set(state)
            if cell.kind == "code":
                _run(cell, state, assignment)
            cells.append(_filled(cell, state, before))
            if cell.graded and not cell.written:
                questions[cell.id] = tuple(recorder.questions)
            recorder.questions.clear()
    for name, asked in questions.items():
        if not asked:
            raise InputError(
                f"{assignment.name}: the graded cell {name} asks nothing; call a judge... in its hidden cases."
            )
    return Prepared(assignment, tuple(cells), questions)


def _run(cell: Cell, state: dict[str, Any], assignment: Assignment) -> None:
    try:
        with redirect_stdout(StringIO()):
            exec(_compiled(cell.source, f"<{assignment.name}:{cell.id or 'cell'}>"), state)  # noqa: S102
    except Exception as error:
        first = cell.source.strip().splitlines()[0][:60] if cell.source.strip() else ""
        raise InputError(
            f"{assignment.name}: the cell {cell.id or first!r} of the assignment fails with "
            f"{type(error).__name__}: {error}"
        ) from error


@lru_cache(maxsize=128)
def _compiled(source: str, name: str) -> CodeType:
    """The code of a cell, which is the same for every student of a class."""
    return compile(source, name, "exec")


def _filled(cell: Cell, state: dict[str, Any], before: set[str]) -> Cell:
    """The cell with its variant region written out as numbers, and {{names}} in the text replaced."""
    if cell.kind != "code":
        return Cell(cell.kind, _substituted(cell.source, state), cell.metadata)
    if not only_region(cell.source, "VARIANT"):
        return cell
    drawn = [
        name for name in state if name not in before and not name.startswith("_") and name in _assigned(cell.source)
    ]
    lines = "\n".join(
        f"{name} = {_literal(name, state[name])}" for name in drawn if not name.endswith(("_latex", "_text"))
    )
    parts = [lines if inside else text for inside, text in pieces(cell.source, "VARIANT")]
    return Cell(cell.kind, "\n".join(part for part in parts if part), cell.metadata)


def _assigned(source: str) -> set[str]:
    names = set(re.findall(r"^([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*=", only_region(source, "VARIANT"), re.MULTILINE))
    return {name.strip() for group in names for name in group.split(",")} - {"random"}


def _literal(name: str, value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, str | bool | int | float | tuple | list):
        return repr(value)
    raise InputError(
        f"The variant's {name} is a {type(value).__name__}; numbers, texts and arrays can be written into a notebook."
    )


def _substituted(text: str, state: dict[str, Any]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] not in state:
            raise InputError(f"The text says {found[0]}, but no cell before it defines {found[1]}.")
        return str(state[found[1]])

    return re.sub(r"\{\{\s*([A-Za-z]\w*)\s*\}\}", put, text)
