"""Collecting what was handed in: a folder, an LMS's zip (Canvas, Moodle) or nbgrader's tree.

Archives are read in memory and never unpacked; links are not followed; a name that leaves its folder is refused.
"""

import lzma
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from lrcore.errors import InputError
from lrcore.homework.grade.archives import opened
from lrcore.homework.grade.notebooks import LARGEST
from lrcore.homework.submitting import safe_id

_MOST_FILES, _CHECKPOINTS = 200_000, ".ipynb_checkpoints"
# As Canvas's content_zipper.rb writes them: doejane_LATE_12345_67890_hw1-2.ipynb, LATE_anon_a1B2c_67890_hw1.ipynb.
_CANVAS = re.compile(
    r"^(?:(?!LATE_|anon_).+?_)?(?P<late>LATE_)?(?P<id>\d+|anon_[^\W_]+)_(?P<file>\d+)_(?P<rest>.+)\.ipynb$"
)
# As Moodle's downloader.php does: a folder for each student, or all in the file's name where folders are switched off.
_NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)  # browsers and systems put a second ending behind
_MOODLE = re.compile(r"^.*?_(?P<id>\d+)_assignsubmission_file(?:_(?P<rest>.*))?$")


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
                return _read_file(self.container / self.member)
            with opened(self.container) as archive, archive.open(self.member) as file:
                return file.read(LARGEST + 1)
        except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
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
    found, aside, lost = list[Submission](), list[tuple[str, str]](), dict[str, str]()
    members = list(_members(source))
    wrapped = _wrapped((member for member, _, problem in members if not problem), source, assignment)
    for member, when, problem in members:
        if problem:
            aside.append((member, problem))
            with suppress(InputError):
                name = str(PurePosixPath(member).with_suffix(".ipynb"))
                one = _submission(source, name, when, assignment, due, class_list, wrapped)
                lost[one.student] = f"{member} was put aside: {problem}"
            continue
        try:
            found.append(_submission(source, member, when, assignment, due, class_list, wrapped))
        except InputError as error:
            aside.append((member, str(error)))
    kept, others, unclear = _chosen(found)
    known = {one.student for one in found}
    return Collected(
        tuple(kept),
        tuple(sorted([*aside, *others])),
        tuple(unclear),
        tuple((student, why) for student, why in sorted(lost.items()) if student not in known),
    )


def _chosen(found: Iterable[Submission]) -> tuple[list[Submission], list[tuple[str, str]], list[tuple[str, str]]]:
    """The one file of each student, what was put aside for it, and the students between whose files none can choose."""
    by_student = dict[str, list[Submission]]()
    for one in sorted(found, key=lambda one: (one.order, one.member)):
        by_student.setdefault(one.student, []).append(one)
    kept, aside, unclear = list[Submission](), list[tuple[str, str]](), list[tuple[str, str]]()
    for student, files in sorted(by_student.items()):
        *others, best = files
        alike = best.order[0] == 0 or best.order == others[-1].order if others else False
        if alike or len({one.sender for one in files}) > 1:
            names = " and ".join(one.member for one in files)
            unclear.append((student, f"two files, {names}: leave the one that counts and grade again"))
            aside += [(one.member, f"{student} handed in {names}: a person has to choose") for one in files]
            continue
        kept.append(best)
        aside += [
            (one.member, f"{student} handed in a newer one, or one with the assignment's name: {best.member}")
            for one in others
        ]
    return kept, aside, unclear


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


def alike(one: str, other: str) -> bool:
    """Whether two ids differ in case or in leading zeros alone, as lists and systems change them."""
    return bare(one) == bare(other)


def bare(text: str) -> str:
    """An id without what lists and systems change of it: case, and leading zeros."""
    return (text.lstrip("0") or "0") if text.isdigit() else text.casefold()


def _submission(
    source: Path, member: str, when: float, assignment: str, due: datetime | None, of: _Class, wrapped: bool
) -> Submission:
    path = PurePosixPath(*_path(member).parts[wrapped:])
    lms = _of_lms(path, assignment, of.numbers)
    if lms is not None:
        student, late, order = lms
        return Submission(of.meant(student), source, member, late, order, _sender(path))
    student, order = _whose(path, assignment, of)
    return Submission(of.meant(student), source, member, due is not None and when > due.timestamp(), order)


def _path(member: str) -> PurePosixPath:
    """A name in a zip as a path, with one ending; Windows writes its own separator into some."""
    return PurePosixPath(_NOTEBOOK.sub(".ipynb", member.replace("\\", "/")))


_Order = tuple[int, int]  # how well the name fits, and which version by the number that the LMS or a browser gave it


def _of_lms(path: PurePosixPath, assignment: str, ids: Mapping[str, str]) -> tuple[str, bool, _Order] | None:
    """The student, whether late (Moodle never says so), and what counts before what.

    Only what the LMS itself wrote counts: it stands before anything that the student chose, so the leftmost wins.
    """
    moodle = _MOODLE.match(path.parts[0])
    canvas = _CANVAS.match(path.name) if len(path.parts) == 1 else None
    if canvas is not None and (moodle is None or canvas.start("id") < moodle.start("id")):
        order = _fits(re.sub(r"-\d+$", "", canvas["rest"]), assignment), int(canvas["file"])
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
    return 2 if stem == assignment else int(re.match(rf"{re.escape(assignment)}(?![A-Za-z0-9])", stem) is not None)


def _whose(path: PurePosixPath, assignment: str, of: _Class) -> tuple[str, _Order]:
    """The student's id and which version, from the other ways in which files come.

    A folder says it where there is one, the first: what lies deeper, and how a file is called, the student chose.
    """
    if len(path.parts) > 1:
        return path.parts[0], (_fits(path.stem, assignment), 0)
    name = re.escape(assignment)
    if (named := re.match(rf"^{name}_(.+?)(?: ?\((\d+)\))?\.ipynb$", path.name, re.IGNORECASE)) is not None:
        return named[1], (1, int(named[2] or 0))
    without = re.sub(rf"^{name}[-_. ]+|[-_. ]+{name}$", "", path.stem, flags=re.IGNORECASE)
    return (without if any(alike(without, one) for one in of.ids) else path.stem), (1, 0)


def _wrapped(members: Iterable[str], source: Path, assignment: str) -> bool:
    """Whether all lies in one folder that is nobody's: nbgrader's, the zip's own, or one of an LMS's files."""
    paths = [_path(one) for one in members]
    if not paths or len({one.parts[0] for one in paths}) > 1 or any(len(one.parts) < 2 for one in paths):
        return False
    if paths[0].parts[0] in ("submitted", "submissions", source.stem):
        return True
    below = [PurePosixPath(*one.parts[1:]) for one in paths]
    return all(_MOODLE.match(one.parts[0]) or (len(one.parts) == 1 and _named(one.name, assignment)) for one in below)


def _named(name: str, assignment: str) -> re.Match[str] | None:
    return _CANVAS.match(name) or re.match(rf"^{re.escape(assignment)}_.", name)


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
        folders[:] = sorted(one for one in folders if not one.startswith(".") or one == _CHECKPOINTS)
        for name in sorted(files):
            path = Path(root) / name
            member = path.relative_to(folder).as_posix()
            if name.startswith(".") or name == "timestamp.txt" or "__MACOSX" in member:
                continue
            try:
                about = path.lstat()
                yield member, _time(path, about.st_mtime), _problem_of_file(member, about.st_mode)
            except OSError as error:
                yield member, 0.0, f"it cannot be read ({error.strerror})"


def _problem_of_file(member: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "it is a link, and links are not followed"
    if not stat.S_ISREG(mode):
        return "it is not a file"
    return _problem_of_name(member)


def _problem_of_name(member: str) -> str:
    path = _path(member)
    if path.suffix != ".ipynb":
        return "it is no notebook (.ipynb)"
    if path.is_absolute() or ".." in path.parts or "\x00" in member:
        return "its name leaves the folder"
    return "it is a copy that Jupyter keeps for itself" if _CHECKPOINTS in path.parts else ""


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
    with opened(path) as archive:
        members = archive.infolist()
        names = Counter(member.filename for member in members)
        if len(members) > _MOST_FILES:
            raise InputError(f"{path} holds more than {_MOST_FILES} files; is it the right one?")
        for member in members:
            base = _path(member.filename).name
            if not member.is_dir() and not base.startswith(".") and "__MACOSX" not in member.filename:
                double = "the zip holds several files of this name" if names[member.filename] > 1 else ""
                yield member.filename, _time_of_member(member), _problem_of_member(member) or double


def _time_of_member(member: zipfile.ZipInfo) -> float:
    """When it was packed; a date that is none (a zip may say the 0th of month 0) is never late."""
    try:
        return datetime(*member.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _problem_of_member(member: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link, and links are not followed"
    if member.file_size > LARGEST:
        return f"it would unpack to {member.file_size:,} bytes, and at most {LARGEST:,} are read: clear its outputs"
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
