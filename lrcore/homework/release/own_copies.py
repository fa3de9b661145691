"""A teacher's own copy of an assignment: it goes before the book's, and no update of the book touches it.

Beside the copy stands the book's text as it was then, so that a later version of the book can be told from the
teacher's own changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from pathlib import Path

from lrcore.errors import InputError
from lrcore.homework.release.assignment import COPIES, book_file, load

_AS_IT_WAS = "as_copied"  # the folder for the book's text at the time of the copy


@dataclass(frozen=True)
class Change:
    """What the book changed in one place: its lines before and now, where in the teacher's copy, and who else did."""

    before: tuple[str, ...]
    now: tuple[str, ...]
    line: int
    yours_too: bool


def copy(name: str, folder: Path = COPIES) -> Path:
    """Write the book's assignment into ``folder``, to be edited.

    Raises
    ------
    InputError
        there is a copy already, or no such assignment.
    """
    path = folder / f"{name}.md"
    text = book_file(name).read_text(encoding="utf-8")
    if path.exists():
        raise InputError(f"{path} is there already, and it is yours; to begin anew, move it away first.")
    base = _base(path)
    base.parent.mkdir(parents=True, exist_ok=True)
    for one in (base, path):
        one.write_text(text, encoding="utf-8")
    return path


def changes(name: str, folder: Path = COPIES) -> list[Change]:
    """What the book has changed since the copy was made."""
    base, mine, book = _three(name, folder)
    return [one for _, one in _merged(base, mine, book) if one is not None]


def difference(name: str, folder: Path = COPIES) -> str:
    """The book's changes since the copy, as a unified diff; empty where there are none."""
    base, _, book = _three(name, folder)
    return "\n".join(
        unified_diff(base, book, f"{name} when you copied it", f"{name} in the book now", lineterm="", n=1)
    )


def take(name: str, folder: Path = COPIES) -> tuple[int, int]:
    """Put the book's changes into the copy where it was not changed; how many were taken, and how many were not.

    The copy as it was stays beside it, as ``<name>.before.md``.
    """
    base, mine, book = _three(name, folder)
    path, lines, found = folder / f"{name}.md", list[str](), list[Change]()
    for text, change in _merged(base, mine, book):
        lines += text
        found += [change] if change is not None else []
    path.with_suffix(".before.md").write_text("\n".join(mine) + "\n", encoding="utf-8")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        load(path)
    except InputError as error:
        path.write_text("\n".join(mine) + "\n", encoding="utf-8")
        raise InputError(f"The changes do not go together, so none was taken ({error})") from error
    _base(path).write_text("\n".join(book) + "\n", encoding="utf-8")
    left = sum(one.yours_too for one in found)
    return len(found) - left, left


def _base(path: Path) -> Path:
    return path.parent / _AS_IT_WAS / path.name


def _three(name: str, folder: Path) -> tuple[list[str], list[str], list[str]]:
    """The lines of the book's text when it was copied, of the copy, and of the book's text now."""
    path = folder / f"{name}.md"
    if not path.exists():
        raise InputError(
            f"There is no copy of {name} in {folder}; make one with: python -m lrcore.homework copy {name}"
        )
    if not _base(path).exists():
        raise InputError(f"{_base(path)} is gone, which says what the book's text was; what is yours cannot be told.")
    base, mine, book = (one.read_text(encoding="utf-8") for one in (_base(path), path, book_file(name)))
    return base.splitlines(), mine.splitlines(), book.splitlines()


def _merged(base: Sequence[str], mine: Sequence[str], book: Sequence[str]) -> Iterator[tuple[list[str], Change | None]]:
    """The copy piece by piece, with what the book changed there; where both did, the copy's text stays."""
    at = here = there = 0
    for start, size, of_mine, of_book in _in_all(base, mine, book):
        was, yours, theirs = base[at:start], mine[here:of_mine], book[there:of_book]
        if theirs in (was, yours):
            yield list(yours), None
        else:
            own = yours != was
            yield list(yours if own else theirs), Change(tuple(was), tuple(theirs), here + 1, own)
        yield list(mine[of_mine : of_mine + size]), None
        at, here, there = start + size, of_mine + size, of_book + size


def _in_all(base: Sequence[str], mine: Sequence[str], book: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches that all three have: where they begin in the base, how long, where in the copy and in the book."""
    for one in SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks():
        for other in SequenceMatcher(None, base, book, autojunk=False).get_matching_blocks():
            start, end = max(one.a, other.a), min(one.a + one.size, other.a + other.size)
            if start < end:
                yield start, end - start, one.b + start - one.a, other.b + start - other.a
    yield len(base), 0, len(mine), len(book)
