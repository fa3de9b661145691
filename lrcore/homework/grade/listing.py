"""Every file that was handed in, in a folder or a zip, and why one cannot be taken.

Archives are never unpacked and links not followed. What one student made, however many or deep, costs nobody else.
"""

import os
import stat
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePosixPath

from lrcore.errors import InputError
from lrcore.homework.grade.archives import opened
from lrcore.homework.grade.notebooks import LARGEST

WRAPPING = ("submitted", "submissions")
LONGEST = 1_000
_MOST, _MOST_STUDENTS, _DEEPEST = 20_000, 200_000, 30
_CHECKPOINTS = ".ipynb_checkpoints"
_TOO_MANY = "there are too many files and folders to read all of them"
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")
_ARCHIVE = "it is an archive, and nothing is unpacked here: put the notebook in its place"
_LINK = "it is a link, and links are not followed"
_HIDDEN = "it is hidden: its name, or that of a folder around it, begins with a dot"


@dataclass(frozen=True)
class Member:
    """A file by its name in the folder or zip, its time, and why it cannot be taken (empty if it can).

    ``folder`` says that it is a whole folder of which that is known.
    """

    name: str
    when: float = 0.0
    problem: str = ""
    folder: bool = False


def members(source: Path) -> Iterator[Member]:
    """Everything that is in a folder or a zip, but what systems leave there for themselves.

    Raises
    ------
    InputError
        it is neither, or there is nothing.
    """
    if source.is_dir():
        yield from _in_folder(source)
    elif source.is_file() and zipfile.is_zipfile(source):
        yield from _in_zip(source)
    elif source.exists():
        raise InputError(
            f"{source} is neither a folder nor a complete zip; download it from the LMS again, or unpack it if it is "
            "another kind of archive, and give the folder."
        )
    else:
        raise InputError(f"There are no submissions at {source}; give a folder or a .zip.")


def read_file(path: Path, most: int) -> bytes:
    """The first bytes of a regular file; a link that took its place in the meantime is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputError(f"{path.name} is not a file.")
        return file.read(most)


def _problem_of_name(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.name or "\x00" in name:
        return "its name names no file"
    if path.is_absolute() or ".." in path.parts:
        return "its name leaves the folder"
    if len(name) > LONGEST or len(path.parts) > _DEEPEST:
        return f"its name has {len(name):,} characters and {len(path.parts):,} folders; it is too long or too deep"
    if _CHECKPOINTS in path.parts:
        return "it is a copy that Jupyter keeps for itself"
    if not is_notebook(path.name):
        return _ARCHIVE if path.name.lower().endswith(_ARCHIVES) else "it is no notebook (.ipynb)"
    return _HIDDEN if any(part.startswith(".") for part in path.parts) else ""


def is_notebook(name: str) -> bool:
    """Whether a name ends as notebooks do; browsers and systems put a second ending behind."""
    return name.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json"))


def _is_left_by_a_system(name: str) -> bool:
    """A file that is hidden or not the student's, and holds no answers."""
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith(".") and part not in (_CHECKPOINTS, "..") for part in path.parts)
    return (
        path.name == "timestamp.txt"
        or "__MACOSX" in path.parts
        or path.name.startswith("._")
        or (hidden and not is_notebook(path.name))
    )


# ---------------------------------------------------------------------- a folder


def _in_folder(folder: Path) -> Iterator[Member]:
    """Each student's folder by itself, so that what lies in one takes nothing of another's."""
    first, more = _entries(folder, ".", _MOST_STUDENTS)
    if more:
        raise InputError(f"The folder {folder} cannot be listed: {more}; give the folder with the submissions.")
    folders = [one for one in first if _is_folder(one) and one.name[0] != "."]
    for one in first:
        if one in folders and (one.name in WRAPPING or len(folders) == 1):
            inner, more = _entries(folder, one.name, _MOST_STUDENTS)
            for entry in inner:
                yield from _everything(folder, f"{one.name}/", entry)
            if more:
                yield Member(one.name, problem=more, folder=True)
        else:
            yield from _everything(folder, "", one)


def _everything(folder: Path, above: str, first: "os.DirEntry[str]") -> Iterator[Member]:
    """An entry and all that is below it: the upper first, what is hidden last."""
    left, hidden, seen = deque([(above, first)]), deque[tuple[str, os.DirEntry[str]]](), 0
    while left or hidden:
        above_it, entry = (left or hidden).popleft()
        name = f"{above_it}{entry.name}"
        if not _is_folder(entry):
            if (found := _file(folder, name, entry)) is not None:
                yield found
        elif name.count("/") >= _DEEPEST:
            yield Member(name, problem=f"it is nested more than {_DEEPEST} folders deep", folder=True)
        elif entry.name != "__MACOSX" and seen <= _MOST:
            below, more = _entries(folder, name, _MOST - seen)
            seen += _MOST + 1 if more == _TOO_MANY else len(below)
            if more:
                yield Member(name, problem=more, folder=True)
            for one in below:
                (hidden if one.name.startswith(".") else left).append((f"{name}/", one))


def _entries(folder: Path, name: str, most: int) -> "tuple[list[os.DirEntry[str]], str]":
    """What lies right in a folder, by name, and why not all of it is there."""
    try:
        with os.scandir(folder / name) as found:
            entries = sorted(islice(found, most), key=lambda one: one.name)
            return entries, _TOO_MANY if next(found, None) is not None else ""
    except OSError as error:
        return [], f"it cannot be read ({error.strerror})"


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _file(folder: Path, name: str, entry: "os.DirEntry[str]") -> Member | None:
    try:
        about = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(about.st_mode):
            return Member(name, problem=_LINK, folder=not is_notebook(name))
        if _is_left_by_a_system(name):
            return None
        if not stat.S_ISREG(about.st_mode):
            return Member(name, problem="it is not a file")
        return Member(name, _time(folder / name, about.st_mtime), _problem_of_name(name))
    except (OSError, ValueError) as error:
        return Member(name, problem=f"it cannot be read ({getattr(error, 'strerror', None) or error})")


def _time(path: Path, changed: float) -> float:
    """When it was handed in: nbgrader's timestamp.txt beside it, else the file's own time."""
    try:
        text = read_file(path.with_name("timestamp.txt"), 100).decode(errors="replace").strip()
    except (OSError, InputError):
        return changed
    for form in ("%Y-%m-%d %H:%M:%S.%f %Z", "%Y-%m-%d %H:%M:%S %Z"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return changed


# ---------------------------------------------------------------------- a zip


def _in_zip(path: Path) -> Iterator[Member]:
    with opened(path) as archive:
        everything = archive.infolist()
    names = Counter(one.filename for one in everything)
    owners, counted = _owners(names), Counter[str]()
    for one in everything:
        owner = owners.get(one.filename, one.filename)
        counted[owner] += 1
        if counted[owner] == _MOST + 1:
            yield Member(owner, problem=_TOO_MANY, folder=True)
        if counted[owner] <= _MOST and not one.filename.endswith("/") and not _is_left_by_a_system(one.filename):
            yield _member(one, names)


def _owners(names: Iterable[str]) -> dict[str, str]:
    """The folder of each file that a student has, or a system made for one."""
    parts = {name: name.replace("\\", "/").split("/", 2) for name in names}
    only = len({part[0] for part in parts.values() if len(part) > 1}) == 1
    deep = {name: 2 if len(part) > 2 and (only or part[0] in WRAPPING) else 1 for name, part in parts.items()}
    return {name: "/".join(part[: deep[name]]) for name, part in parts.items() if len(part) > 1}


def _member(member: zipfile.ZipInfo, names: Counter[str]) -> Member:
    double = "the zip holds several files of this name" if names[member.filename] > 1 else ""
    folder = stat.S_ISLNK(member.external_attr >> 16) and not is_notebook(member.filename)
    return Member(member.filename, _time_of_member(member), _problem_of_member(member) or double, folder)


def _time_of_member(member: zipfile.ZipInfo) -> float:
    """When it was packed; a date that is none (a zip may say the 0th of month 0) is never late."""
    try:
        return datetime(*member.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _problem_of_member(member: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(member.external_attr >> 16):
        return _LINK
    if member.file_size > LARGEST:
        return f"it would unpack to {member.file_size:,} bytes, and at most {LARGEST:,} are read: clear its outputs"
    if member.flag_bits & 1:
        return "it is encrypted"
    return _problem_of_name(member.filename)
