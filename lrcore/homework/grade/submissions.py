"""Collecting what was handed in: a folder, an LMS's zip (Canvas, Moodle) or nbgrader's tree.

Archives are read in memory and never unpacked; links are not followed; a name that leaves its folder is refused.
"""

import os
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from lrcore.errors import InputError
from lrcore.homework.grade.notebooks import LARGEST
from lrcore.homework.submitting import safe_id

_MOST_FILES = 200_000
# As Canvas's content_zipper.rb writes them: doejane_LATE_12345_67890_hw1-2.ipynb, LATE_anon_a1B2c_67890_hw1.ipynb.
_CANVAS = re.compile(
    r"^(?:(?!LATE_|anon_).+?_)?(?P<late>LATE_)?(?P<id>\d+|anon_[^\W_]+)_(?P<file>\d+)_(?P<rest>.+)\.ipynb$"
)
# As Moodle's downloader.php does: a folder for each student, or all in the file's name where folders are switched off.
_MOODLE = re.compile(r"^.*_(?P<id>\d+)_assignsubmission_file(?:_(?P<rest>.*))?$")


@dataclass(frozen=True)
class Submission:
    """A notebook that somebody handed in: whose, where it lies, whether it came late."""

    student: str
    container: Path
    member: str
    late: bool = False
    order: tuple[bool, float, int] = field(default=(False, 0.0, 0), compare=False)

    def read(self) -> bytes:
        """Its bytes; one more than is allowed where it is too large."""
        if self.container.is_dir():
            return _read_file(self.container / self.member)
        with zipfile.ZipFile(self.container) as archive, archive.open(self.member) as file:
            return file.read(LARGEST + 1)


@dataclass(frozen=True)
class Collected:
    """What is to be graded, one a student, and what was put aside, each with its reason."""

    submissions: tuple[Submission, ...]
    aside: tuple[tuple[str, str], ...]


def collect(
    source: Path, assignment: str, *, due: datetime | None = None, ids: Mapping[str, str] | None = None
) -> Collected:
    """Find the notebooks of an assignment.

    Parameters
    ----------
    source : a folder or a .zip
    due : notebooks with a later time count as late, as do those that Canvas calls so; in the zip of an LMS the times
        are those of the download, and say nothing
    ids : from an LMS's number to the id that the variants were made for
    """
    found, aside = list[Submission](), list[tuple[str, str]]()
    for member, when, problem in _members(source):
        if problem:
            aside.append((member, problem))
            continue
        try:
            found.append(_submission(source, member, when, assignment, due, ids or {}))
        except InputError as error:
            aside.append((member, str(error)))
    kept, doubles = _newest(found)
    aside += [
        (one.member, f"{one.student} handed in a newer one, or one with the assignment's name") for one in doubles
    ]
    return Collected(tuple(kept), tuple(sorted(aside)))


def _newest(found: Iterable[Submission]) -> tuple[list[Submission], list[Submission]]:
    best: dict[str, Submission] = {}
    doubles = []
    for one in sorted(found, key=lambda one: (one.order, one.member)):
        if one.student in best:
            doubles.append(best[one.student])
        best[one.student] = one
    return [best[student] for student in sorted(best)], doubles


def _submission(
    source: Path, member: str, when: float, assignment: str, due: datetime | None, ids: Mapping[str, str]
) -> Submission:
    path = PurePosixPath(member)
    lms = _of_moodle(path, assignment, ids) or _of_canvas(path, assignment, ids)
    if lms is not None:
        student, late, order = lms
        return Submission(safe_id(student), source, member, late, order)
    student, version = _whose(path, assignment)
    late = due is not None and when > due.timestamp()
    return Submission(safe_id(student), source, member, late, (True, when, version))


_Lms = tuple[str, bool, tuple[bool, float, int]]


def _of_moodle(path: PurePosixPath, assignment: str, ids: Mapping[str, str]) -> _Lms | None:
    """The student, whether late (the name never says so), and what counts before what."""
    for part in path.parts:
        if (found := _MOODLE.match(part)) is not None:
            name = found["rest"] if part == path.name else path.name
            return ids.get(found["id"], found["id"]), False, ((name or "").startswith(assignment), 0.0, 0)
    return None


def _of_canvas(path: PurePosixPath, assignment: str, ids: Mapping[str, str]) -> _Lms | None:
    """The same for Canvas, whose number of a file grows with each upload."""
    found = _CANVAS.match(path.name)
    if found is None:
        return None
    order = (found["rest"].startswith(assignment), float(found["file"]), 0)
    return ids.get(found["id"], found["id"]), found["late"] is not None, order


def _whose(path: PurePosixPath, assignment: str) -> tuple[str, int]:
    """The student's id and which version, from the other ways in which files come."""
    folder = path.parent.name
    if folder == assignment and path.parent.parent.name:  # nbgrader: submitted/<student>/<assignment>/<notebook>
        return path.parent.parent.name, 0
    if (named := re.match(rf"^{re.escape(assignment)}_(.+?)(?: ?\((\d+)\))?\.ipynb$", path.name)) is not None:
        return named[1], int(named[2] or 0)
    if path.stem == assignment and folder:
        return folder, 0
    return path.stem, 0


def _members(source: Path) -> Iterator[tuple[str, float, str]]:
    """Every file: its name, its time, and why it cannot be taken (empty if it can)."""
    if source.is_dir():
        yield from _in_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        yield from _in_zip(source)
    elif source.exists():
        raise InputError(f"{source} is neither a folder nor a complete zip; download it from the LMS again.")
    else:
        raise InputError(f"There are no submissions at {source}; give a folder or a .zip.")


def _in_folder(folder: Path) -> Iterator[tuple[str, float, str]]:
    for place, (root, folders, files) in enumerate(os.walk(folder)):
        if place > _MOST_FILES:
            raise InputError(f"{folder} has more than {_MOST_FILES} folders; is it the right one?")
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(files):
            path = Path(root) / name
            member = path.relative_to(folder).as_posix()
            if name.startswith(".") or name == "timestamp.txt":
                continue
            about = path.lstat()
            yield member, _time(path, about.st_mtime), _problem_of_file(member, about.st_mode)


def _problem_of_file(member: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "it is a link, and links are not followed"
    if not stat.S_ISREG(mode):
        return "it is not a file"
    return _problem_of_name(member)


def _problem_of_name(member: str) -> str:
    if not member.endswith(".ipynb"):
        return "it is no notebook (.ipynb)"
    if member.startswith("/") or "\\" in member or ".." in PurePosixPath(member).parts or "\x00" in member:
        return "its name leaves the folder"
    return ""


def _time(path: Path, changed: float) -> float:
    """When it was handed in: nbgrader's timestamp.txt beside it, else the file's own time."""
    stamp = path.with_name("timestamp.txt")
    if not stamp.is_file() or stamp.is_symlink():
        return changed
    text = stamp.read_bytes()[:100].decode(errors="replace").strip()
    for form in ("%Y-%m-%d %H:%M:%S.%f %Z", "%Y-%m-%d %H:%M:%S %Z"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return changed


def _in_zip(path: Path) -> Iterator[tuple[str, float, str]]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > _MOST_FILES:
            raise InputError(f"{path} holds more than {_MOST_FILES} files; is it the right one?")
        for member in members:
            base = PurePosixPath(member.filename).name
            if not member.is_dir() and not base.startswith(".") and "__MACOSX" not in member.filename:
                yield member.filename, datetime(*member.date_time).timestamp(), _problem_of_member(member)


def _problem_of_member(member: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link, and links are not followed"
    if member.file_size > LARGEST:
        return f"it would unpack to {member.file_size:,} bytes"
    if member.flag_bits & 1:
        return "it is encrypted"
    return _problem_of_name(member.filename)


def _read_file(path: Path) -> bytes:
    """A regular file's bytes; a link that took its place in the meantime is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputError(f"{path.name} is not a file.")
        return file.read(LARGEST + 1)
