"""Which files the book is made of, and one hash for any set of them."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {"__pycache__", "node_modules", ".ipynb_checkpoints"}


def under(folder: Path) -> Iterator[Path]:
    """Every file under a folder, or the file itself, without what tools leave behind."""
    found = [folder] if folder.is_file() else folder.rglob("*")
    return (one for one in found if one.is_file() and MADE.isdisjoint(one.parts))


def digest(root: Path, names: Iterable[str]) -> str:
    """One hash of the paths and contents of these files and folders: times do not matter, contents do."""
    total = sha256()
    for path in sorted(path for name in names for path in under(root / name)):
        content = sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return total.hexdigest()[:16]
