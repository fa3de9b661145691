"""Which libraries a sandbox has: an assignment may name the few that it allows, and what of lrcore it withholds.

What is not mounted cannot be had by any name, alias or detour. Single functions of a library that is there are
withheld inside, before any code of a student runs (:func:`functions`, and ``worker``), and in the file of their module
(:func:`refusing`).
"""

import importlib
import importlib.util
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from lrcore.errors import InputError

Mount = tuple[str, ...]
REFUSING = "the refusal in "
_ELSEWHERE = (  # modules that do what a withheld one does, or hold what it would find
    "_fast", "_exact", "_scale", "_printed", "_former", "dispatch", "portable", "curvature", "fitted", "descent_advice",
    "_statistics", "estimator",
    "symbolic", "figures", "widgets", "checker", "verify/why", "datasets/equations.json", "datasets/errata.json",
    "datasets/torch_backward.json",
)  # fmt: skip
_ALSO = {  # what else goes with a module that is withheld under the name it has, or had
    "gradient": ("gradients", *_ELSEWHERE),
    "loss": ("losses", "_former/loss"),
    "closed_form": _ELSEWHERE,
    "descent": _ELSEWHERE,
}


def lrcore(without: Iterable[str]) -> Iterator[Mount]:
    """The library itself, with empty places where a module is withheld."""
    root = Path(__file__).resolve().parents[2]
    yield "--ro-bind", str(root), "/grader/lrcore"
    modules = [one for one in without if "." not in one]
    for one in dict.fromkeys([*modules, *(other for name in modules for other in _ALSO.get(name, ()))]):
        inside = f"/grader/lrcore/{one}"
        for file in (one, f"{one}.py"):
            if (root / file).is_file():
                yield "--ro-bind", os.devnull, f"/grader/lrcore/{file}"
        if (root / one).is_dir():
            yield "--perms", "0755", "--tmpfs", inside
            yield "--remount-ro", inside


def functions(without: Iterable[str]) -> list[str]:
    """What is withheld of other libraries, by full names such as ``numpy.linalg.inv``."""
    return [one for one in without if "." in one]


def is_there(name: str) -> bool:
    """Whether there is something of this name to withhold; what is not installed need not be."""
    path, _, last = name.rpartition(".")
    if not path:
        root = Path(__file__).resolve().parents[2]
        return name in _ALSO or any((root / one).exists() for one in (name, f"{name}.py"))
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        return True
    try:
        return hasattr(importlib.import_module(path), last)
    except ImportError:
        return False


def refusing(without: Iterable[str], folders: Iterable[Path]) -> Iterator[Mount]:
    """Modules whose functions are withheld, with the refusal at their end; the word that stands for the text is
    :data:`REFUSING` with the file and the names, and :func:`text_for` gives it."""
    named: dict[str, list[str]] = {}
    for one in functions(without):
        named.setdefault(one.rpartition(".")[0], []).append(one)
    for module, names in sorted(named.items()):
        for inside, folder in _places(list(folders)).items():
            for end in (".py", "/__init__.py"):
                file = module.replace(".", "/") + end
                if (folder / file).is_file():
                    word = f"{REFUSING}{folder / file}|{' '.join(names)}"
                    yield "--perms", "0444", "--ro-bind-data", word, f"{inside}/{file}"


def text_for(word: str) -> bytes:
    """The text that a word of a mount stands for: the module itself, then the refusal."""
    file, _, names = word.removeprefix(REFUSING).rpartition("|")
    refusal = Path(__file__).with_name("withheld.py").read_bytes()
    calls = "".join(f"withhold({name!r})\n" for name in names.split())
    return Path(file).read_bytes() + b"\n\n" + refusal + b"\n\n" + calls.encode()


def _places(folders: list[Path]) -> dict[str, Path]:
    """Where modules lie inside, and outside."""
    found = {f"/packages/{place}": folder for place, folder in enumerate(folders)}
    library = Path(sysconfig.get_path("stdlib"))
    inside = library if library.is_relative_to("/usr") else Path("/python") / library.relative_to(sys.base_prefix)
    return {**found, str(inside): library}


def installed(packages: Iterable[str], folders: Iterable[Path]) -> Iterator[Mount]:
    """The installed packages: all, or those that are allowed with what they need."""
    allowed = tuple(packages)
    for place, folder in enumerate(folders):
        if not allowed:
            yield "--ro-bind", str(folder), f"/packages/{place}"
            if (folder / "lrcore").is_dir():
                yield "--perms", "0755", "--tmpfs", f"/packages/{place}/lrcore"
                yield "--remount-ro", f"/packages/{place}/lrcore"
            continue
        yield "--perms", "0755", "--dir", f"/packages/{place}"
        for name in sorted(_files_of(allowed)):
            if (folder / name).exists():
                yield "--ro-bind", str(folder / name), f"/packages/{place}/{name}"
    if allowed:  # nor what lies beside them for other Pythons, nor other programs that calculate
        for other in _others():
            yield "--perms", "0755", "--tmpfs", other
            if (python := Path(sys.executable).resolve()).parent == Path(other):
                yield "--ro-bind", str(python), str(python)
            yield "--remount-ro", other


@cache
def _others() -> tuple[str, ...]:
    """Where packages lie that no assignment allows, and programs, by their places inside."""
    base = Path(sysconfig.get_path("purelib", vars={"base": sys.base_prefix}))
    inside = base if base.is_relative_to("/usr") else Path("/python") / base.relative_to(sys.base_prefix)
    usr = [
        one
        for form in ("lib*/python3*/*-packages", "local/lib*/python3*/*-packages")
        for one in Path("/usr").glob(form)
    ]
    programs = [Path("/usr") / one for one in ("bin", "sbin", "games", "local/bin", "local/sbin")]
    programs += [one for one in (Path("/bin"), Path("/sbin")) if not one.is_symlink()]
    found = [*([inside] if base.is_dir() else []), *usr, *programs]
    return tuple(str(one) for one in dict.fromkeys(found) if one == inside or (one.is_dir() and not one.is_symlink()))


@cache
def _files_of(packages: tuple[str, ...]) -> frozenset[str]:
    """The top-level files and folders of packages and of all that they need.

    Raises
    ------
    InputError
        one of them is not installed here.
    """
    found, seen, left = set[str](), set[str](), list(packages)
    while left:
        name = _plain(left.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            found_here = distribution(name)
        except PackageNotFoundError as error:
            if name in map(_plain, packages):
                raise InputError(f"The assignment allows the package {name}, which is not installed here.") from error
            continue
        found |= _top_level(found_here)
        needs = [one for one in found_here.requires or () if "extra ==" not in one]
        left += [part[0] for one in needs if (part := re.match(r"[\w.-]+", one))]
    return frozenset(found - {"lrcore"})


def _plain(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _top_level(one: Distribution) -> set[str]:
    return {file.parts[0] for file in one.files or () if file.parts[0] not in ("..", "/", "__pycache__")}
