"""A notebook's cell as Python: what IPython adds to the language is put in its place, what the grader lacks is marked.

Used inside the sandbox and by ``submit``. It imports nothing but Python's own.
"""

import ast
import re
from collections.abc import Callable
from typing import Any

_LEAST, _WORK = 400, 4_000_000  # how often Python is asked, and how many lines it is asked about in all
_CELL = re.compile(r"%%(!|[A-Za-z][\w.]*)")
_ITS_BODY_RUNS = {"time", "capture", "prun", "memit", "debug"}
_HARMLESS = {
    "matplotlib", "config", "load_ext", "reload_ext", "autoreload", "time", "timeit", "prun", "precision", "pdb", "who",
    "whos", "pylab", "aimport", "xmode", "pinfo",
}  # fmt: skip
_LINE = re.compile(r"(?P<indent>\s*)(?:%(?P<magic>[A-Za-z]\w*)|[!?%])(?P<rest>.*)", re.DOTALL)
_ASSIGNED = re.compile(r"(?P<start>\s*[\w.,\[\] ]+=\s*)(?:%(?P<magic>[A-Za-z]\w*)|!)(?P<rest>.*)", re.DOTALL)
_HELP = re.compile(r"(?P<indent>\s*)[\w.*\[\]\"'%]+\?{1,2}\s*(#.*)?")
_SHELL = re.compile(r"(?P<indent>\s*)(?:pip3?|conda|mamba|uv|ls|cd|pwd|mkdir|cat|rm|cp|mv|man|clear)(?:\s.*)?")
_BEGINS = re.compile(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]")  # a statement of its own, if it is in no bracket
_FENCE = re.compile(r"\s*(?:```|~~~)[\w{} -]*")
_BLANKS: dict[int, str] = {
    **dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "),
    **dict.fromkeys([0x200B, 0x2060, 0xFEFF], ""),
    **dict.fromkeys([0x85, 0x2028, 0x2029], "\n"),
}  # what looks blank, and is none to Python
_QUOTES = dict.fromkeys(map(ord, "“”„"), '"') | dict.fromkeys(map(ord, "‘’‚"), "'")
_PROMPT = re.compile(r"(?P<indent>\s*)(?:>>>|\.\.\.(?=\s|$)) ?(?P<rest>.*)")
_IN = re.compile(r"(?:(?:\[(?:nav|ins)\])? )?In \[\d+\]:(?: |$)|\s*\.{3,}:(?: |$)")
_PROMPTS = (
    (re.compile(r">>>(?: |$)"), re.compile(r"(?:>>>|\.\.\.)(?: |$)")),
    (_IN, _IN),
)  # a whole cell's: first, and any


def plain(source: str) -> tuple[str, list[str]]:
    """The cell as Python, line for line, and the lines that have no effect in the grader.

    Only lines at which Python stops are touched, so that a ``%`` in a text stays a text.
    """
    lines, left = _without_prompts(_as_meant(source)), list[str]()
    for first, line in enumerate(lines):
        magic = _CELL.match(line)
        if magic is not None and magic[1] not in _ITS_BODY_RUNS:
            return "\n" * (len(lines) - 1), [line.strip()]
        if magic is not None:
            lines[first] = ""
        elif line.strip():
            break
    start = 0  # what stands above is Python
    for _ in range(max(_LEAST, _WORK // len(lines))):
        place = _first_that_is_none(lines, start)
        if place is None or (end := _put_python(lines, place, left)) == place:
            break
        top = next((k for k in range(place, start, -1) if _BEGINS.match(lines[k])), start)
        if _first_that_is_none(lines[:top], start) is None:
            start = top
        while end < len(lines) and _LINE.fullmatch(lines[end]) and _indent(lines[end]) == _indent(lines[place]):
            end = _put_python(lines, end, left)
    else:
        left.append(lines[place or 0].strip())
    return "\n".join(lines), left


def _as_meant(source: str) -> str:
    """The cell without what editors of texts and chats put in place of blanks and quotes, where Python stops at it."""
    if source.isascii() or _first_that_is_none(source.split("\n"), 0) is None:
        return source
    source = source.translate(_BLANKS)
    quoted = source.translate(_QUOTES)
    return quoted if _first_that_is_none(quoted.split("\n"), 0) is None else source


def as_typed(source: str) -> str:
    """The cell without prompts, and without an indentation that all of it has, as IPython takes it."""
    return "\n".join(_without_prompts(source))


def _without_prompts(source: str) -> list[str]:
    lines = source.replace("\r\n", "\n").split("\n")
    first = next((k for k, line in enumerate(lines) if line.strip()), 0)
    indent = _indent(lines[first])
    lines = [line.removeprefix(indent) for line in lines]
    for begins, prompt in _PROMPTS:
        if begins.match(lines[first]) or any(prompt.match(line) for line in lines[first + 1 : first + 2]):
            lines = [prompt.sub("", line, count=1) for line in lines]
    return lines


def _first_that_is_none(lines: list[str], start: int) -> int | None:
    """Where Python stops; None where it does not, or cannot say."""
    try:
        ast.parse("\n".join(lines[start:]))
    except SyntaxError as error:
        place = start + (error.lineno or 0) - 1
        while 0 < place < len(lines) and lines[place - 1].endswith("\\"):  # a line that is continued
            place -= 1
        return place if 0 <= place < len(lines) else None
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _put_python(lines: list[str], place: int, left: list[str]) -> int:
    """Put Python in place of a line of IPython and of what continues it; returns where it ends, or its own place."""
    line, found = lines[place], _in_python(lines[place])
    if found is None:
        return place
    if found[1]:
        left.append(line.strip())
    lines[place], end = found[0], place + 1
    while line.endswith("\\") and not found[0].endswith("\\") and end < len(lines):
        line, lines[end], end = lines[end], "", end + 1
    return end


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
    if _FENCE.fullmatch(line) is not None:
        return "", True
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

    def __call__(self, *_: object, **__: object) -> "Absent":
        return self

    def __getitem__(self, _: object) -> "Absent":
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
