"""A notebook's cell as Python: what IPython adds to the language is put in its place, what the grader lacks is marked.

Used inside the sandbox and by ``submit``. It imports nothing but Python's own.
"""

import ast
import re
from collections.abc import Callable
from typing import Any

_MOST = 400  # lines of IPython in one cell
_CELL = re.compile(r"%%([A-Za-z]\w*)")
_ITS_BODY_RUNS = {"time", "capture", "prun", "memit", "debug"}
_HARMLESS = {
    "matplotlib", "config", "load_ext", "reload_ext", "autoreload", "time", "timeit", "prun", "precision", "pdb", "who",
    "whos", "pylab", "aimport", "xmode", "pinfo",
}  # fmt: skip
_LINE = re.compile(r"(?P<indent>\s*)(?:%(?P<magic>[A-Za-z]\w*)|[!?%])(?P<rest>.*)", re.DOTALL)
_ASSIGNED = re.compile(r"(?P<start>\s*[\w.,\[\] ]+=\s*)(?:%(?P<magic>[A-Za-z]\w*)|!)(?P<rest>.*)", re.DOTALL)
_HELP = re.compile(r"(?P<indent>\s*)[\w.*\[\]\"'%]+\?{1,2}\s*(#.*)?")
_SHELL = re.compile(r"(?P<indent>\s*)(?:pip3?|conda|mamba|uv|ls|cd|pwd|mkdir|cat|rm|cp|mv|man|clear)(?:\s.*)?")
_PROMPT = re.compile(r"(?P<indent>\s*)(?:>>>|\.\.\.(?=\s|$)) ?(?P<rest>.*)")


def plain(source: str) -> tuple[str, list[str]]:
    """The cell as Python, line for line, and the lines that have no effect in the grader.

    Only lines at which Python stops are touched, so that a ``%`` in a text stays a text.
    """
    lines, left = source.replace("\r\n", "\n").split("\n"), list[str]()
    first = next((k for k, line in enumerate(lines) if line.strip()), 0)
    if (magic := _CELL.match(lines[first])) is not None:
        if magic[1] not in _ITS_BODY_RUNS:
            return "\n" * (len(lines) - 1), [lines[first].strip()]
        lines[first] = ""
    for _ in range(_MOST):
        try:
            ast.parse("\n".join(lines))
            break
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
        except (ValueError, RecursionError, MemoryError):
            break
        found = _in_python(lines[place]) if 0 <= place < len(lines) else None
        if found is None:
            break
        if found[1]:
            left.append(lines[place].strip())
        lines[place] = found[0]
    return "\n".join(lines), left


def _in_python(line: str) -> tuple[str, bool] | None:
    """A line of IPython as Python, and whether something that it does is left out; None where it is no such line."""
    if (found := _ASSIGNED.fullmatch(line)) is not None:
        if found["magic"] == "time":
            return f"{found['start']}{found['rest'].strip() or 'None'}", False
        return f"{found['start']}{'None' if found['magic'] else '[]'}", True
    if (found := _PROMPT.fullmatch(line)) is not None:
        return found["indent"] + found["rest"], False
    if _HELP.fullmatch(line) is not None:
        return f"{_indent(line)}pass", False
    if (found := _LINE.fullmatch(line)) is not None:
        if found["magic"] == "time" and found["rest"].strip():
            return found["indent"] + found["rest"].strip(), False
        is_help = line.strip().startswith("?")
        return f"{found['indent']}pass", found["magic"] not in _HARMLESS and not is_help
    if _SHELL.fullmatch(line) is not None:
        return f"{_indent(line)}pass", True
    return None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


# ---------------------------------------------------------------------- imports that the grader lacks


class Absent:
    """In place of what cannot be imported: whatever is asked of it is absent, too, and no number comes of it."""

    def __getattr__(self, name: str) -> "Absent":
        if name.startswith("__"):  # numpy and others ask by these what something is
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> "Absent":
        return self

    def __getitem__(self, _: Any) -> "Absent":
        return self

    def __iter__(self) -> Any:
        return iter(())

    def __enter__(self) -> "Absent":
        return self

    def __exit__(self, *_: object) -> None:
        return None


def forgiving(source: str, name: str = "__absent__") -> ast.Module:
    """The tree of a cell in which an import at its top that fails binds what ``name`` gives for the module.

    Whatever else stands in the cell still runs. Imports inside ``try`` are left as they are: they have an answer ready.
    """
    tree = ast.parse(source)
    tree.body = [_forgiven(one, name) for one in tree.body]
    return ast.fix_missing_locations(tree)


def _forgiven(node: ast.stmt, name: str) -> ast.stmt:
    match node:
        case ast.ImportFrom(module="__future__"):
            return node
        case ast.Import(names=names):
            return _all(
                [_one(ast.Import([one]), one.name, [one.asname or one.name.split(".")[0]], name) for one in names]
            )
        case ast.ImportFrom(module=str(module), names=names):
            return _one(node, module, [one.asname or one.name for one in names if one.name != "*"], name)
    return node


def _all(nodes: list[ast.stmt]) -> ast.stmt:
    return nodes[0] if len(nodes) == 1 else ast.If(ast.Constant(True), nodes, [])


def _one(node: ast.stmt, module: str, bound: list[str], name: str) -> ast.stmt:
    call = ast.Call(ast.Name(name, ast.Load()), [ast.Constant(module)], [])
    targets: list[ast.expr] = [ast.Name(one, ast.Store()) for one in bound]
    instead: ast.stmt = ast.Assign(targets, call) if targets else ast.Expr(call)
    handler = ast.ExceptHandler(ast.Name("ImportError", ast.Load()), None, [instead])
    return ast.Try([node], [handler], [], [])


def run(source: str, state: dict[str, Any], absent: Callable[[str], Any] = lambda _: Absent()) -> None:
    """Run a cell as a notebook does: IPython's lines, imports that the grader lacks, ``await`` at its top."""
    state.setdefault("get_ipython", Absent)
    state["__absent__"] = absent
    code = compile(forgiving(plain(source)[0]), "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & 0x80:  # inspect.CO_COROUTINE: there is an await at its top
        import asyncio

        asyncio.run(eval(code, state))  # noqa: S307  the student's own code, in a sandbox made for it
    else:
        exec(code, state)  # noqa: S102


def imported(source: str) -> list[str]:
    """The modules that a cell imports at its top or anywhere in it, by their full names."""
    try:
        tree = ast.parse(plain(source)[0])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = list[str]()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found += [one.name for one in names]
            case ast.ImportFrom(module=str(module), level=0):
                found.append(module)
    return list(dict.fromkeys(found))
