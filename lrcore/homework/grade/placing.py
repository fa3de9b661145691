"""Which cell of a student's notebook is the answer to what, also where names were lost, cells split, or types changed.

An answer is known by its name. Where tools have stripped the names, the assignment's own cells, which everybody has,
say between which of them it stands.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lrcore.homework.release.assignment import Cell, pieces
from lrcore.homework.sandbox.cells import as_typed

_OPEN = {"code": "# YOUR CODE HERE\nraise NotImplementedError()", "markdown": "YOUR ANSWER HERE"}


@dataclass(frozen=True)
class StudentCell:
    """A cell as the student left it: its kind, its text, the name of the assignment's cell, the notebook's own id."""

    kind: str
    source: str
    id: str = ""
    own_id: str = ""


@dataclass
class Placed:
    """The answers by the number of the assignment's cell, the student's own cells by the number that they follow.

    ``above`` is what stands right above an answer in words.
    ``changed`` are the assignment's own cells as the student changed them, by number; ``added`` what was written into
    them alone.
    """

    answers: dict[int, list[str]] = field(default_factory=dict)
    loose: dict[int, list[str]] = field(default_factory=dict)
    above: dict[int, list[str]] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)
    added: dict[int, str] = field(default_factory=dict)
    missing: set[int] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)


def place(theirs: Sequence[StudentCell], ours: Sequence[Cell]) -> Placed:
    """Put each cell of a student beside the assignment's cell that it is, answers, or follows."""
    placed = Placed()
    places = _places(theirs, ours, placed)
    placed.missing = {k for k, cell in enumerate(ours) if cell.solution and k not in places}
    for before, after, run in _runs(theirs, places):
        _take(before, after, run, ours, placed)
    for number in sorted(placed.missing):
        taken = "; what stands in its place was taken for it" if number in placed.answers else ""
        placed.remarks.append(
            f"The cell '{ours[number].id}' is missing from the notebook, or its name was changed{taken}."
        )
    gone = [cell.id for k, cell in enumerate(ours) if cell.id and not cell.solution and k not in places]
    placed.remarks += [f"The locked cell '{name}' was deleted or renamed; the grader used its own." for name in gone]
    return placed


def unanswered(sources: Iterable[str], cell: Cell) -> bool:
    """Whether nothing was written into an answer: it is as it was given out, or its open lines were only taken out."""
    text = _plain("\n".join(sources))
    given = [_plain(released(cell, open_)) for open_ in (True, False)]
    return text in ("", *given)


def released(cell: Cell, open_: bool = True) -> str:
    """The cell as a student gets it: what is open in place of a solution, hidden cases taken out."""
    if not cell.solution:
        return "\n".join(text for inside, text in pieces(cell.source, "HIDDEN TESTS") if not inside)
    found = pieces(cell.source, "SOLUTION")
    if len(found) == 1:
        return _OPEN[cell.kind] if open_ else ""
    return "\n".join((_OPEN[cell.kind] if open_ else "") if inside else text for inside, text in found)


def _plain(text: str) -> str:
    return " ".join(text.split())


def untouched(theirs: Sequence[StudentCell], ours: Sequence[Cell]) -> bool:
    """Whether a notebook is as it was given out: each answer is open, and no cell was added."""
    given = {cell.id: _plain(released(cell)) for cell in ours if cell.solution}
    answers = [one for one in theirs if one.id in given]
    return bool(answers) and len(theirs) <= len(ours) and all(_plain(one.source) == given[one.id] for one in answers)


# ---------------------------------------------------------------------- what is known by name, or by what it says


def _places(theirs: Sequence[StudentCell], ours: Sequence[Cell], placed: Placed) -> list[int | None]:
    """The number of the assignment's cell that each cell is; None for a student's own."""
    by_name = {cell.id: k for k, cell in enumerate(ours) if cell.id}
    by_own_id = {f"cell-{k}": [k] for k in range(len(ours))}
    by_text = dict[str, list[int]]()
    for k, cell in enumerate(ours):
        by_text.setdefault(_plain(released(cell)), []).append(k)
    places, taken = list[int | None](), dict[int, int]()
    for at, one in enumerate(theirs):
        if one.id in by_name:
            number: int | None = by_name[one.id]
            if number in taken:
                number = _again(at, number, one, ours, places, taken, placed)
        else:
            alike = by_text.get(_plain(one.source), []) or _begun(one, ours, taken)
            could_be = alike or by_own_id.get(one.own_id, [])
            number = next((k for k in could_be if k not in taken), alike[-1] if alike else None)
        if number is not None and number not in taken:
            taken[number] = at
            if not ours[number].solution:
                _differs(number, one, ours[number], placed)
        places.append(number)
    return places


def _begun(one: StudentCell, ours: Sequence[Cell], taken: dict[int, int]) -> list[int]:
    """The assignment's text that a cell begins with, where a student wrote on below it."""
    text = _plain(one.source)
    found = [
        k
        for k, cell in enumerate(ours)
        if k not in taken and cell.kind == "markdown" and not cell.solution and cell.source.strip()
        and text.startswith(_plain(cell.source))
    ]  # fmt: skip
    return sorted(found, key=lambda k: -len(ours[k].source))[:1] if one.kind == "markdown" else []


def _again(
    at: int, number: int, one: StudentCell, ours: Sequence[Cell], places: list[int | None], taken: dict[int, int],
    placed: Placed,
) -> int | None:  # fmt: skip
    """A second cell of one name: the other half of a split answer where it follows the first, else it is left out."""
    name = ours[number].id
    if not ours[number].solution:
        placed.remarks.append(f"The cell '{name}' comes twice; the grader uses its own.")
        return number
    if all(place in (number, None) for place in places[taken[number] :]):
        return None  # taken with what follows the answer
    placed.remarks.append(f"The cell '{name}' comes twice; the first was marked.")
    if one.kind == "code":
        placed.loose.setdefault(len(ours) - 1, []).append(one.source)
    return number


def _differs(number: int, theirs: StudentCell, ours: Cell, placed: Placed) -> None:
    """What a student wrote into a cell of the assignment's own."""
    known = {_plain(line) for line in released(ours).split("\n")}
    added = [line for line in theirs.source.split("\n") if _plain(line) not in known]
    if any(map(str.strip, added)):
        placed.changed[number], placed.added[number] = theirs.source, "\n".join(added)


# ---------------------------------------------------------------------- what stands in the place of an answer


def _runs(
    theirs: Sequence[StudentCell], places: Sequence[int | None]
) -> Iterator[tuple[int, int | None, list[StudentCell]]]:
    """Each known cell with the one that is known next, and the student's own cells between; answers with themselves."""
    before, run = -1, list[StudentCell]()
    for cell, number in zip(theirs, places):
        if number is None:
            run.append(cell)
            continue
        yield before, number, run
        before, run = number, [cell]
    yield before, None, run


def _take(before: int, after: int | None, run: list[StudentCell], ours: Sequence[Cell], placed: Placed) -> None:
    """Share out a run of cells, of which the first is the one at ``before`` itself."""
    itself, run = (run[:1], run[1:]) if before >= 0 else ([], run)
    if before >= 0 and ours[before].solution and before not in placed.answers:  # a copy further on does not count
        placed.answers[before] = [one.source for one in itself]
        if ours[before].written:
            words, run = _words(run)
            placed.answers[before] += words
    if after is not None and ours[after].written:
        placed.above[after], run = _words(run)
    end = len(ours) if after is None else after if after > before else _next_own(before, ours)
    lost = [k for k in range(before + 1, end) if k in placed.missing and k not in placed.answers]
    for number in lost:
        mine, run = _meant(ours[number], run, alone=len(lost) == 1)
        if mine:
            placed.answers[number] = [one.source for one in mine]
    placed.loose.setdefault(before, []).extend(one.source for one in run if one.kind == "code")


def _next_own(before: int, ours: Sequence[Cell]) -> int:
    """Up to where the answers reach that may follow this cell: a test may stand between, a heading may not."""
    for k in range(before + 1, len(ours)):
        if ours[k].kind == "markdown" and not ours[k].solution and any(ours[n].solution for n in range(before + 1, k)):
            return k
    return len(ours)


def _words(run: list[StudentCell]) -> tuple[list[str], list[StudentCell]]:
    """What is text in a run, and the rest."""
    return [one.source for one in run if one.kind != "code"], [one for one in run if one.kind == "code"]


def _meant(cell: Cell, run: list[StudentCell], *, alone: bool) -> tuple[list[StudentCell], list[StudentCell]]:
    """The cells of a run that answer this one, and the rest."""
    if cell.written:
        mine = [one for one in run if one.kind != "code"] or (run if alone else [])
    elif alone:
        mine = [one for one in run if one.kind == "code"] or [one for one in run if binds(one.source, cell)]
    else:
        mine = [one for one in run if binds(one.source, cell)]
    return mine, [one for one in run if one not in mine]


def binds(source: str, ours: Cell) -> bool:
    """Whether a text defines one of the names that the answer has to define."""
    names = re.findall(r"^(?:def\s+(\w+)|(\w+)\s*=)", ours.source, re.MULTILINE)
    source = as_typed(source)
    return any(
        re.search(rf"^(?:def\s+{re.escape(name)}\b|{re.escape(name)}\s*=)", source, re.MULTILINE)
        for pair in names
        for name in pair
        if name
    )
