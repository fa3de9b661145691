"""Collecting what was handed in: whose each file is, and which one of a student's counts.

Files come in a folder, an LMS's zip (Canvas, Moodle) or nbgrader's tree.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from lrcore.errors import InputError
from lrcore.homework.grade.archives import opened
from lrcore.homework.grade.choosing import chosen
from lrcore.homework.grade.listing import LONGEST, WRAPPING, Member, members, read_file
from lrcore.homework.grade.notebooks import LARGEST
from lrcore.homework.submitting import safe_id

# As Canvas's content_zipper.rb writes them: doejane_LATE_12345_67890_hw1-2.ipynb, LATE_anon_a1B2c_67890_hw1.ipynb.
_CANVAS = re.compile(
    r"^(?:(?!LATE_|anon_).+?_)?(?P<late>LATE_)?(?P<id>\d+|anon_[^\W_]+)_(?P<file>\d+)_(?P<rest>.+)\.ipynb$"
)
# As Moodle's downloader.php does: a folder for each student, or all in the file's name where folders are switched off.
_MOODLE = re.compile(r"^.*?_(?P<id>\d+)_assignsubmission_file(?:_(?P<rest>.*))?$")
_NOTEBOOK = re.compile(r"(\.ipynb)+(\.txt|\.json)?$", re.IGNORECASE)  # browsers and systems put a second ending behind
_BEFORE_THE_LAST = re.compile(r"(\.(ipynb|json|txt|py|html|nb|tar|zip))+$", re.IGNORECASE)


@dataclass(frozen=True)
class Submission:
    """A notebook that somebody handed in: whose, where it lies, whether it came late."""

    student: str
    container: Path
    member: str
    late: bool = False
    order: tuple[int, int] = field(default=(0, 0), compare=False)
    sender: str = field(default="", compare=False)

    def read(self) -> bytes:
        """Its bytes; one more than is allowed where it is too large.

        Raises
        ------
        InputError
            they cannot be read: the file is damaged, packed in an unknown way, or was replaced by a link.
        """
        try:
            if self.container.is_dir():
                return read_file(self.container / self.member, LARGEST + 1)
            with opened(self.container) as archive, archive.open(self.member) as file:
                return file.read(LARGEST + 1)
        except Exception as error:  # the border of a submission: whatever a packer can get wrong
            why = getattr(error, "strerror", None) or error  # without the path, which is not the student's business
            raise InputError(f"{self.member} cannot be read ({why})") from error


@dataclass(frozen=True)
class Collected:
    """What is to be graded, one a student, and what was put aside, each with its reason.

    ``unclear`` are the students of whom two files came and nothing says which counts, ``lost`` those of whom all files
    were put aside, each with a reason for a person: neither handed in nothing.
    """

    submissions: tuple[Submission, ...]
    aside: tuple[tuple[str, str], ...]
    unclear: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()


def collect(
    source: Path,
    assignment: str,
    *,
    due: datetime | None = None,
    ids: Mapping[str, str] | None = None,
    known: Collection[str] = (),
) -> Collected:
    """Find the notebooks of an assignment.

    Parameters
    ----------
    source : a folder or a .zip
    due : notebooks with a later time count as late, as do those that Canvas calls so; in the zip of an LMS the times
        are those of the download, and say nothing
    ids : from an LMS's number to the id that the variants were made for
    known : the ids of the class; what differs from one of them in case or in leading zeros alone is meant for it
    """
    class_list = _Class(ids or {}, frozenset(known))
    listed = list(members(source))
    sort = _Sorter(source, assignment, due, class_list, [one.name for one in listed if not one.problem])
    found, aside, lost = list[Submission](), list[tuple[str, str]](), dict[str, str]()
    for member in listed:
        try:
            one = sort.submission(member)
        except Exception as error:  # the border of a file: what is wrong with one name reaches no other
            why = str(error) if isinstance(error, InputError) else f"its name cannot be read ({type(error).__name__})"
            aside.append((member.name, member.problem or why))
            continue
        if member.problem:
            aside.append((member.name, member.problem))
            lost[one.student] = f"{member.name[:200]} was put aside: {member.problem}"
        elif other := sort.other_assignment(member):
            aside.append((member.name, f"it lies in the folder of {other}, not of {assignment}"))
        else:
            found.append(one)
    kept, others, unclear = chosen(found)
    handed_in = {one.student for one in found}
    return Collected(
        tuple(kept),
        tuple(sorted([*aside, *others])),
        tuple(unclear),
        tuple((student, why) for student, why in sorted(lost.items()) if student not in handed_in),
    )


@dataclass(frozen=True)
class _Class:
    """The LMS's numbers for the ids of a class, and the ids themselves, where there is a class list."""

    numbers: Mapping[str, str]
    ids: frozenset[str]

    def meant(self, student: str) -> str:
        """The id of the class that is meant; what fits none, or more than one, stays as it is."""
        student = safe_id(student)
        found = [one for one in self.ids if alike(one, student)] if student not in self.ids else []
        return found[0] if len(found) == 1 else student

    def has(self, student: str) -> bool:
        """Whether it is an id of the class, or an LMS's number for one."""
        return student in self.numbers or any(alike(one, student.strip()) for one in self.ids)


def alike(one: str, other: str) -> bool:
    """Whether two ids differ in case or in leading zeros alone, as lists and systems change them."""
    return bare(one) == bare(other)


def bare(text: str) -> str:
    """An id without what lists and systems change of it: case, and leading zeros."""
    return (text.lstrip("0") or "0") if text.isdigit() else text.casefold()


class _Sorter:
    """Says of each file whose it is, by what is true of all of them: the folder around them, nbgrader's tree."""

    def __init__(self, source: Path, assignment: str, due: datetime | None, of: _Class, names: Sequence[str]):
        self.source, self.assignment, self.of = source, assignment, of
        self.due = float("inf") if due is None else due.timestamp()
        self.around = _around([_path(name) for name in names], source, assignment, of)
        tree = self.around == "submitted" or source.name == "submitted"
        inner = [self._inner(name) for name in names]
        self.have_a_folder = {path.parts[0] for path in inner if self._folder(path) == assignment.casefold()}
        self.is_nbgraders = tree and bool(self.have_a_folder)

    def submission(self, member: Member) -> Submission:
        """The submission that a file is, or would be."""
        if len(member.name) > 10 * LONGEST:
            raise InputError("its name is too long")
        path = self._inner(_standing_for(member))
        lms = _of_lms(path, self.assignment, self.of.numbers)
        if lms is not None:
            student, late, order = lms
            return Submission(self.of.meant(student), self.source, member.name, late, order, _sender(path))
        student, order = _whose(path, self.assignment, self.of)
        sender = path.parts[0] if len(path.parts) > 1 else ""
        return Submission(self.of.meant(student), self.source, member.name, member.when > self.due, order, sender)

    def other_assignment(self, member: Member) -> str:
        """The other assignment in whose folder a file lies, or nothing.

        It is known where the student has a folder of this one, or nbgrader made them all; a file that has this
        assignment's name is left for a person to see.
        """
        path = self._inner(member.name)
        folder = self._folder(path)
        if folder in ("", self.assignment.casefold()):
            return ""
        named_so = _fits(path.stem, folder) and not _fits(path.stem, self.assignment)
        has = path.parts[0] in self.have_a_folder
        return path.parts[1] if has or (self.is_nbgraders and named_so) else ""

    def _inner(self, name: str) -> PurePosixPath:
        path = _path(name)
        return PurePosixPath(*path.parts[1:]) if len(path.parts) > 1 and path.parts[0] == self.around else path

    @staticmethod
    def _folder(path: PurePosixPath) -> str:
        """The folder in a student's own in which a file lies, where nbgrader has the assignment's."""
        return path.parts[1].casefold() if len(path.parts) > 2 else ""


def _standing_for(member: Member) -> str:
    """The name of a notebook that would be the same student's."""
    if member.folder:
        return f"{member.name.rstrip('/')}/all.ipynb"
    if not member.problem:
        return member.name
    path = PurePosixPath(member.name.replace("\\", "/"))
    return str(path.with_name(_BEFORE_THE_LAST.sub("", PurePosixPath(path.name.rstrip("~.")).stem) + ".ipynb"))


def _path(member: str) -> PurePosixPath:
    """A name in a zip as a path, with one ending; Windows writes its own separator into some."""
    parts = _NOTEBOOK.sub(".ipynb", member.replace("\\", "/")).split("/")
    return PurePosixPath("/".join(part.strip() for part in parts))


_Order = tuple[int, int]  # how well the name fits, and which version by the number that the LMS or a browser gave it


def _of_lms(path: PurePosixPath, assignment: str, ids: Mapping[str, str]) -> tuple[str, bool, _Order] | None:
    """The student, whether late (Moodle never says so), and what counts before what.

    Only what the LMS itself wrote counts: it stands before anything that the student chose, so the leftmost wins.
    """
    moodle = _MOODLE.match(path.parts[0])
    canvas = _CANVAS.match(path.name) if len(path.parts) == 1 else None
    if canvas is not None and (moodle is None or canvas.start("id") < moodle.start("id")):
        order = _fits(re.sub(r"-\d+$", "", canvas["rest"]), assignment), _count(canvas["file"])
        return ids.get(canvas["id"], canvas["id"]), canvas["late"] is not None, order
    if moodle is None:
        return None
    name = (moodle["rest"] or "") if len(path.parts) == 1 else path.name
    return ids.get(moodle["id"], moodle["id"]), False, (_fits(name.removesuffix(".ipynb"), assignment), 0)


def _sender(path: PurePosixPath) -> str:
    """The name that the LMS wrote before its number: whoever calls himself by another's number has another name."""
    found = [match for pattern in (_MOODLE, _CANVAS) if (match := pattern.match(path.parts[0])) is not None]
    start = min((match.start("id") for match in found), default=0)
    return path.parts[0][:start].removesuffix("LATE_")


def _fits(stem: str, assignment: str) -> int:
    """How well a file's name fits the assignment's: 2 where it is the same, 1 where it begins so."""
    begins = re.match(rf"{re.escape(assignment)}(?![A-Za-z0-9])", stem, re.IGNORECASE) is not None
    return 2 if stem.casefold() == assignment.casefold() else int(begins)


def _count(digits: str) -> int:
    """A number that somebody else wrote, as far as a system counts."""
    return int(digits[:18])


def _whose(path: PurePosixPath, assignment: str, of: _Class) -> tuple[str, _Order]:
    """The student's id and which version, from the other ways in which files come.

    A folder says it where there is one, the first: what lies deeper, and how a file is called, the student chose.
    """
    if len(path.parts) > 1:
        return path.parts[0], (_fits(path.stem, assignment), 0)
    name = re.escape(assignment)
    if (named := re.match(rf"^{name}_(.+?)(?: ?\((\d+)\))?\.ipynb$", path.name, re.IGNORECASE)) is not None:
        return named[1], (1, _count(named[2] or "0"))
    without = re.sub(rf"^{name}[-_. ]+|[-_. ]+{name}$", "", path.stem, flags=re.IGNORECASE)
    return (without if any(alike(without, one) for one in of.ids) else path.stem), (1, 0)


def _around(paths: Sequence[PurePosixPath], source: Path, assignment: str, of: _Class) -> str:
    """The folder around all students that is nobody's, or nothing: nbgrader's, the zip's own, or one of an LMS's files.

    Files that lie beside it change nothing. A folder in which one student's files lie is that student's own.
    """
    folders = {path.parts[0] for path in paths if len(path.parts) > 1}
    named = [name for name in WRAPPING if name in folders]
    if named or len(folders) != 1:
        return next((name for name in named if not of.has(name)), "")
    (name,) = folders
    inner = [PurePosixPath(*path.parts[1:]) for path in paths if len(path.parts) > 1]
    is_systems = [_is_of_a_system(path, assignment) for path in inner]
    fits = name == source.stem or (2 * sum(is_systems) > len(inner) and not (name.isdigit() and not of.ids))
    if not fits or of.has(name):
        return ""
    return name if len({_would_be(path, assignment, of) for path in inner} - {""}) > 1 else ""


def _is_of_a_system(path: PurePosixPath, assignment: str) -> bool:
    """Whether an LMS names files so, or ``submit``."""
    if len(path.parts) > 1 or _MOODLE.match(path.parts[0]):
        return _MOODLE.match(path.parts[0]) is not None
    return bool(_CANVAS.match(path.name) or re.match(rf"^{re.escape(assignment)}_.", path.name))


def _would_be(path: PurePosixPath, assignment: str, of: _Class) -> str:
    try:
        lms = _of_lms(path, assignment, of.numbers)
        return of.meant(lms[0] if lms is not None else _whose(path, assignment, of)[0])
    except InputError:
        return ""
