"""Before anything is graded: do the files belong to this assignment, this secret and this class?

What belongs to something else would get zeros without a word; a whole class of it is refused, single files are put
aside with the reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from lrcore.errors import InputError
from lrcore.homework.grade import notebooks
from lrcore.homework.grade.grade_submission import Course
from lrcore.homework.grade.notebooks import Notebook
from lrcore.homework.grade.roster import Roster
from lrcore.homework.grade.submissions import Collected, alike
from lrcore.homework.release.assignment import only_region
from lrcore.homework.release.variants import EVERYBODY, prepare

_LOOK_AT = 20


def fitting(collected: Collected, course: Course, roster: Roster | None) -> Collected:
    """What is to be graded, without the files of strangers and of other assignments, which are put aside.

    Raises
    ------
    InputError
        most files are of another assignment, all of another class, or most do not fit the secret or the release.
    """
    name = course.assignment.name
    read = {one.student: found for one in collected.submissions if (found := _read(one.read)) is not None}
    reasons, strangers = dict[str, str](), set[str]()
    for one in collected.submissions:
        of = read[one.student].assignment if one.student in read else ""
        if roster is not None and one.student not in roster.students:
            reasons[one.student] = f"{one.student} is not in the class list"
            strangers.add(one.student)
        elif of not in ("", name):
            reasons[one.student] = f"the notebook is of {of}, not of {name}"
    mistaken = [(student, why) for student, why in reasons.items() if student not in strangers]
    if reasons and (all(student in reasons for student in read) or 2 * len(mistaken) > len(read)):
        which = "Few" if len(reasons) < len(read) else "None"
        first = mistaken[0][1] if mistaken else next(iter(reasons.values()))
        raise InputError(
            f"{which} of the notebooks can be graded as {name} of this class; of the first that cannot: {first}. Give "
            "the submissions of this assignment and the class list of the release."
        )
    kept = tuple(one for one in collected.submissions if one.student not in reasons)
    sample = {one.student: read[one.student] for one in kept if one.student in read}
    sample = dict(list(sample.items())[:_LOOK_AT])
    _same_or_not({student: found.student for student, found in sample.items()}, not course.variants)
    _secret_fits(sample, course)
    strange = [(one.member, reasons[one.student]) for one in collected.submissions if one not in kept]
    lost = [one for one in collected.lost if roster is not None and one[0] in roster.students]
    unclear = (*_of_class(collected.unclear, roster), *lost, *mistaken)
    return replace(collected, submissions=kept, unclear=unclear, aside=tuple(sorted([*collected.aside, *strange])))


def _of_class(unclear: tuple[tuple[str, str], ...], roster: Roster | None) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in unclear if roster is None or one[0] in roster.students)


def _same_or_not(given: Mapping[str, str], same: bool) -> None:
    """Refuse to mark everybody against what they were not given; ``given`` says for whom each notebook was made."""
    same_version = {name == EVERYBODY for name in given.values()}
    if same_version == {True} and not same:
        raise InputError("These notebooks are everybody's version, released without --class: grade them with --same.")
    if same_version == {False} and same:
        raise InputError("These notebooks are variants, released with --class: grade them without --same.")
    others = [student for student, name in given.items() if name not in (EVERYBODY, "") and not alike(name, student)]
    if len(others) > 1 and 2 * len(others) > len(given):
        raise InputError(
            f"The files name their students otherwise than the notebooks do, {others[0]} for {given[others[0]]}: give "
            "the class list of the release, as the LMS exports it, with --class."
        )


def _secret_fits(read: Mapping[str, Notebook], course: Course) -> None:
    """Refuse a secret that draws other numbers than those that stand in every notebook."""
    own = [one for student, one in read.items() if one.student == EVERYBODY or alike(one.student, student)]
    fits = (_drawn_so(notebook.student, notebook, course) for notebook in own)
    if False in (first := [one for one in fits if one is not None]) and True not in first:
        raise InputError(
            "The secret or the assignment is not that of the release: the numbers in the notebooks are others than "
            "those drawn now. Give --secret the file of the release."
        )


def _drawn_so(student: str, notebook: Notebook, course: Course) -> bool | None:
    """Whether the numbers in a notebook are this student's; None where it has no cell with numbers."""
    locked = {cell.id for cell in course.assignment.cells if cell.id and only_region(cell.source, "VARIANT")}
    stands = {cell.id: cell.source.split() for cell in notebook.cells if cell.id in locked}
    if not stands:
        return None
    cells = prepare(course.assignment, course.secret, student, variants=course.variants).cells
    return all(cell.source.split() == stands[cell.id] for cell in cells if cell.id in stands)


def _read(read: Callable[[], bytes]) -> Notebook | None:
    try:
        return notebooks.read(read())
    except (InputError, notebooks.Unusable):
        return None
