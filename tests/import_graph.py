"""Which Python file imports which, and where that goes in a circle, imports inside of functions included."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

Graph = dict[str, set[str]]


def cycles(*places: Path) -> list[list[str]]:
    """The circles among the files below these folders, each from a file back to itself."""
    waiting, found = graph(*places), list[list[str]]()
    while True:
        try:
            TopologicalSorter(waiting).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]  # so that each imports the next
            found.append(circle)
            waiting[circle[0]].discard(circle[1])
        else:
            return found


def graph(*places: Path) -> Graph:
    """Each file's path with those of the files that it imports."""
    files = sorted({path for place in places for path in place.rglob("*.py") if not _is_hidden(path, place)})
    named: dict[str, list[Path]] = {}
    for path in files:
        named.setdefault(module(path), []).append(path)
    return {str(path): {str(one) for one in imported(path, named) if one != path} for path in files}


def _is_hidden(path: Path, place: Path) -> bool:
    """Whether a file lies in a folder such as ``.venv``, which holds what others wrote."""
    return any(part.startswith(".") for part in path.relative_to(place).parts)


def root(path: Path) -> Path:
    """The folder that Python looks into for a file: the first above it that is no package."""
    return next(folder for folder in path.parents if not (folder / "__init__.py").exists())


def module(path: Path) -> str:
    return ".".join(path.relative_to(root(path)).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, named: dict[str, list[Path]]) -> Iterator[Path]:
    """The files behind the names that a file imports; of several with one name, that of its own folder."""
    for name in names(ast.parse(path.read_text(encoding="utf-8")), path):
        while name and name not in named:
            name = name.rpartition(".")[0]
        found = named.get(name, [])
        yield from [one for one in found if root(one) == root(path)] or found


def names(tree: ast.AST, path: Path) -> Iterator[str]:
    """What is imported anywhere in a file, but for its types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = ".".join([*parents(path, node.level), *([node.module] if node.module else [])])
            yield from (f"{home}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and "import" in ast.unparse(node.func):
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield from names(node, path)


def parents(path: Path, level: int) -> tuple[str, ...]:
    """The packages that a relative import begins with."""
    return path.relative_to(root(path)).parts[:-level] if level else ()
