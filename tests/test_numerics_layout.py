"""Where a line of the numerics stands: a core one can read, folders behind it, and imports that only go downwards."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

import lrcore

PACKAGE = Path(lrcore.__file__).parent
CORE = ("model", "losses", "gradients", "closed_form", "fitted", "curvature", "descent", "data", "check", "errors")
FOLDERS = ("_fast", "_exact", "_scale", "_statistics")
BESIDE = ("shapes", "dispatch", "portable", "descent_advice", "fit_message", "progress", "stacks", "descent_settings")
# who may import what of the folders; a folder always sees itself, and the core's files may be imported by name alone
ALLOWED = {
    "_fast": set(),
    "_exact": {"_fast"},
    "_scale": {"_fast", "_exact"},
    "_statistics": {"_fast", "_exact"},
    "fitted": {"_statistics.statistics", "_statistics.summary"},
    "dispatch": {"_fast.one_pass", "_fast.threads", "_exact.easy", "_exact.solution", "_scale.cluster"},
    "gradients": {"_fast.fast_path"},
    "closed_form": {"_exact.scaling", "_exact.solution", "_exact.spectra"},
    "curvature": {"_exact.spectra"},
    "descent_advice": {"_exact.spectra"},
    "stacks": {"_exact.many"},
    "descent": {"_fast.one_pass", "_exact.spectra"},
}


def numerics():
    """The numerics' files, by the name of their module below lrcore."""
    files = [PACKAGE / f"{name}.py" for name in (*CORE, *BESIDE)]
    files += [path for folder in FOLDERS for path in sorted((PACKAGE / folder).glob("*.py"))]
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in files}


NUMERICS = numerics()


def imports_of(path):
    """The modules of lrcore that a file imports anywhere in it, without the package's own name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(PACKAGE.parent).parts[: -node.level] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            found |= {module_of(f"{module}.{alias.name}") for alias in node.names}
    return {name.removeprefix("lrcore.") for name in found if name.split(".")[0] == "lrcore"}


def module_of(name):
    """The module that is imported by this name: the name itself, or what holds it."""
    there = PACKAGE.parent.joinpath(*name.split("."))
    return name if there.with_suffix(".py").exists() or there.is_dir() else name.rpartition(".")[0]


def code_lines(path):
    """How many lines hold code: no docstring, no comment, no blank line."""
    text = path.read_text(encoding="utf-8")
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            lines |= set(range(token.start[0], token.end[0] + 1)) if token.string else set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def cycle(graph):
    """The modules of one circle of imports, or nothing; by taking away, again and again, what imports nothing left."""
    left = {name: set(imports) & set(graph) for name, imports in graph.items()}
    while free := [name for name, imports in left.items() if not imports & set(left)]:
        for name in free:
            del left[name]
    return sorted(left)


def test_the_core_is_under_eight_hundred_lines_of_code():
    lines = {name: code_lines(PACKAGE / f"{name}.py") for name in CORE}
    assert sum(lines.values()) < 800, lines


def test_the_checker_of_certificates_is_under_four_hundred_lines_of_code():
    assert code_lines(PACKAGE / "verify" / "certificate.py") <= 400


def test_lines_of_code_are_those_that_are_neither_docstring_nor_comment_nor_blank(tmp_path):
    path = tmp_path / "some.py"
    path.write_text(
        '"""One.\n\nTwo."""\n\n# three\ndef f(a,\n      b):\n    """Four."""\n\n    return """x\n\n    y"""  # five\n'
    )
    assert code_lines(path) == 5


def test_no_import_goes_in_a_circle():
    assert cycle({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["a"]}) == ["a", "b", "c", "d"]
    assert not cycle({name: imports_of(path) for name, path in NUMERICS.items()})


@pytest.mark.parametrize("name", NUMERICS)
def test_numerics_import_numerics_alone_and_say_so_at_the_top(name):
    assert imports_of(NUMERICS[name]) <= {*NUMERICS, *FOLDERS}
    assert "import_module(f" not in NUMERICS[name].read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(NUMERICS[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            assert not ast.literal_eval(node.args[0]).startswith("lrcore"), "a hidden import"


@pytest.mark.parametrize("name", NUMERICS)
def test_a_folder_is_imported_only_from_where_it_is_allowed(name):
    head = name.split(".")[0]
    allowed = ALLOWED.get(head, set())
    for imported in imports_of(NUMERICS[name]):
        folder = imported.split(".")[0]
        if folder in FOLDERS and folder != head:
            assert imported in allowed or folder in allowed, f"{name} imports {imported}"


def test_nobody_outside_the_numerics_and_the_figures_imports_an_inner_folder():
    outside = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in (*FOLDERS, "_former") and path not in NUMERICS.values()
    ]
    assert len(outside) > 50
    for path in outside:
        inner = {name for name in imports_of(path) if name.split(".")[0] in FOLDERS}
        assert not inner, f"{path.relative_to(PACKAGE)} imports {inner}"
