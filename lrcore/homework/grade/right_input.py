"""Before anything is graded: do the files belong to this assignment, this secret and this class?

What belongs to something else would get zeros without a word. A whole class of it is refused, on the word of several
files that nothing contradicts; a single file of it goes to a person, or is put aside where its student is a stranger.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lrcore.errors import InputError
from lrcore.homework.grade import notebooks
from lrcore.homework.grade.grade_submission import Course
from lrcore.homework.grade.notebooks import Notebook
from lrcore.homework.grade.placing import released, untouched
from lrcore.homework.grade.progress import Progress
from lrcore.homework.grade.roster import Roster
from lrcore.homework.grade.submissions import Collected, Submission, alike
from lrcore.homework.release.assignment import Assignment, Cell, only_region
from lrcore.homework.release.variants import EVERYBODY, prepare

_LOOK_AT, _WITNESSES = 20, 3


@dataclass(frozen=True)
class _Known:
    """What a file says of itself: for whom it was made, of what else it is (nothing if of this), its drawn numbers."""

    student: str
    other: str
    drawn: dict[str, str]
    untouched: bool = False


def fitting(collected: Collected, course: Course, roster: Roster | None, *, progress: bool = False) -> Collected:
    """What is to be graded, without the files of strangers and of other assignments, which are put aside.

    Raises
    ------
    InputError
        all files are of another class, or several are of another assignment, release or secret, and none says that
        the course is the right one.
    """
    students = set() if roster is None else set(roster.students)
    of_class = [one for one in collected.submissions if roster is None or one.student in students]
    strangers = [one for one in collected.submissions if roster is not None and one.student not in students]
    lost = [one for one in collected.lost if one[0] in students]
    unclear = [one for one in collected.unclear if roster is None or one[0] in students]
    if roster is not None and not (of_class or lost or unclear):
        first = [
            *(one.student for one in strangers),
            *(student for student, _ in (*collected.unclear, *collected.lost)),
        ]
        raise InputError(
            f"None of the notebooks can be graded as {course.assignment.name} of this class; of the first: "
            f"{first[0]} is not in the class list. Give the submissions and the class list of the release."
        )
    known = dict(_read(of_class, course.assignment, progress))
    doubted = _of_another(known, course, len(of_class))
    rest = {student: one for student, one in known.items() if student not in doubted}
    for doubts in (_other_version, _other_names, _other_numbers):
        doubted |= doubts(rest, course, len(of_class))
    if len(rest) >= _WITNESSES and all(one.untouched for one in rest.values()):
        raise InputError(
            f"Nobody has answered anything: all {len(rest)} notebooks of {course.assignment.name} are as they were "
            "given out. Give the folder with what was handed in."
        )
    aside = [(one.member, f"{one.student} is not in the class list") for one in strangers]
    aside += [(one.member, doubted[one.student]) for one in of_class if one.student in doubted]
    return replace(
        collected,
        submissions=tuple(one for one in of_class if one.student not in doubted),
        unclear=(*unclear, *lost, *sorted(doubted.items())),
        aside=tuple(sorted([*collected.aside, *aside])),
    )


def _read(submissions: list[Submission], assignment: Assignment, shown: bool) -> Iterator[tuple[str, _Known]]:
    """What each file says of itself, one after the other; what cannot be read says nothing, and is graded as it is."""
    bar = Progress(len(submissions), shown, does="reading")
    try:
        for one in submissions:
            bar.at_work([one.student])
            found = _read_one(one, assignment)
            if found is not None:
                yield one.student, found
            bar.one_is_done()
    finally:
        bar.close()


def _read_one(one: Submission, assignment: Assignment) -> _Known | None:
    try:
        notebook = notebooks.read(one.read())
        says, is_ours = notebook.assignment, _has_texts_of(notebook, assignment)
        if says:
            other = "" if says == assignment.name else f"of {says}, not of {assignment.name}"
        else:
            other = "" if is_ours else f"without the headings and cells of this assignment, {assignment.name}"
        return _Known(
            notebook.student, other, _drawn(notebook, assignment), untouched(notebook.cells, assignment.cells)
        )
    except Exception:  # the border of a file: grading says what is wrong with it
        return None


def _settled(doubted: dict[str, str], contradicted: bool, of: int, refusal: str) -> dict[str, str]:
    """Those of whom a person decides: nobody where another file contradicts.

    Raises
    ------
    InputError
        several say so, and none contradicts.
    """
    if contradicted:
        return {}
    if len(doubted) >= 2 and (len(doubted) == of or (len(doubted) >= _WITNESSES and 2 * len(doubted) > of)):
        raise InputError(refusal)
    return doubted


# ---------------------------------------------------------------------- another assignment


def _of_another(known: dict[str, _Known], course: Course, of: int) -> dict[str, str]:
    name = course.assignment.name
    doubted = {student: f"the notebook is {one.other}" for student, one in known.items() if one.other}
    refusal = (
        f"None of the notebooks can be graded as {name}; of the first: {next(iter(doubted.values()), '')}. Give the "
        "submissions of this assignment."
    )
    _settled(doubted, len(doubted) < len(known), of, refusal)
    return doubted


def _has_texts_of(notebook: Notebook, assignment: Assignment) -> bool:
    """Whether a notebook has the assignment's title, or most of its headings or of its locked code."""
    ours = [cell for cell in assignment.cells if not cell.solution and not only_region(cell.source, "VARIANT")]
    headings = _headings(cell.source for cell in ours if cell.kind == "markdown")
    code = {_plain(released(cell)) for cell in ours if cell.kind == "code"}
    theirs = _headings(cell.source for cell in notebook.cells)
    texts = {_plain(cell.source) for cell in notebook.cells}
    title = {one for one in headings if one.startswith("# ")}
    return bool(title & theirs) or 2 * len(headings & theirs) > len(headings) or 2 * len(code & texts) > len(code)


def _headings(texts: Iterable[str]) -> set[str]:
    return {_plain(line) for text in texts for line in text.splitlines() if line.startswith("#")}


def _plain(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------------- another release


def _other_version(known: dict[str, _Known], course: Course, of: int) -> dict[str, str]:
    """Those whose notebook is everybody's where each has a variant of their own, or the other way round."""
    everybodys = sorted(student for student, one in known.items() if one.student == EVERYBODY)
    variants = sorted(student for student, one in known.items() if one.student not in ("", EVERYBODY))
    if course.variants:
        why = "the notebook is everybody's version, released without --class"
        refusal = "These notebooks are everybody's version, released without --class: grade them with --same."
        return _settled(dict.fromkeys(everybodys, why), bool(variants), of, refusal)
    why = "the notebook is a variant, released with --class"
    refusal = "These notebooks are variants, released with --class: grade them without --same."
    return _settled(dict.fromkeys(variants, why), bool(everybodys), of, refusal)


def _other_names(known: dict[str, _Known], course: Course, of: int) -> dict[str, str]:
    """Those whose file is named otherwise than the student that the notebook was made for."""
    named = {student: one.student for student, one in known.items() if one.student not in ("", EVERYBODY)}
    other = {student: name for student, name in named.items() if not alike(name, student)} if course.variants else {}
    student, name = next(iter(other.items()), ("", ""))
    refusal = (
        f"The files name their students otherwise than the notebooks do, {student} for {name}: give the class list of "
        "the release, as the LMS exports it, with --class."
    )
    doubted = {student: f"the notebook was given out to {name}, not to {student}" for student, name in other.items()}
    return _settled(doubted, len(other) < len(named), of, refusal)


# ---------------------------------------------------------------------- another secret


def _other_numbers(known: dict[str, _Known], course: Course, of: int) -> dict[str, str]:
    """Those in whose notebook other numbers stand than are drawn for them; one in which they do proves the secret."""
    doubted = dict[str, str]()
    for student, one in known.items():
        if one.drawn and (one.student in ("", EVERYBODY) or alike(one.student, student)):
            if one.drawn == _drawn_for(one.student or student, one.drawn, course):
                return {}
            doubted[student] = "the numbers in the notebook are others than those drawn for this student"
            if len(doubted) == _LOOK_AT:
                break
    refusal = (
        "The secret or the assignment is not that of the release: the numbers in the notebooks are others than those "
        "drawn now. Give --secret the file of the release."
    )
    others_say_nothing = len(doubted) >= _WITNESSES  # had one the right numbers, it would have been found
    return _settled(doubted, False, len(doubted) if others_say_nothing else of, refusal)


def _drawn_for(student: str, among: dict[str, str], course: Course) -> dict[str, str]:
    cells = prepare(course.assignment, course.secret, student, variants=course.variants).cells
    return {cell.id: _plain(cell.source) for cell in cells if cell.id in among}


def _drawn(notebook: Notebook, assignment: Assignment) -> dict[str, str]:
    """The cells with drawn numbers in a notebook, by name, or by what they define where tools stripped the names."""
    found = dict[str, str]()
    for ours in (cell for cell in assignment.cells if cell.id and only_region(cell.source, "VARIANT")):
        named = [cell.source for cell in notebook.cells if cell.id == ours.id]
        like = [cell.source for cell in notebook.cells if not cell.id and _is_like(cell.source, ours)]
        if named or like:
            found[ours.id] = _plain(named[0] if named else max(like, key=len))
    return found


def _is_like(source: str, ours: Cell) -> bool:
    """Whether a cell defines at its top nothing but names that are drawn there."""
    names = set(re.findall(r"^(\w+) = ", source, re.MULTILINE))
    lines = only_region(ours.source, "VARIANT").splitlines()
    drawn = {name for line in lines if " = " in line for name in re.findall(r"\w+", line.partition(" = ")[0])}
    return bool(names) and names <= drawn
