"""What is loaded when: importing the book's library costs nothing until a part of it is used."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import lrcore

PACKAGE = Path(lrcore.__file__).parent
HEAVY = {"numpy", "matplotlib", "sympy", "ipywidgets", "tqdm", "anywidget", "IPython"}
NUMERICS = (
    *("errors", "shapes", "model", "loss", "gradient", "check", "closed_form", "descent", "data"),
    *(
        "accumulate",
        "blocks",
        "cluster",
        "extended",
        "factor",
        "fitted",
        "one_pass",
        "portable",
        "ready",
        "refine",
        "solution",
        "spectra",
        "system",
        "threads",
    ),
)


def loaded_by(code):
    """The top-level packages that a fresh Python has loaded after this code."""
    code += "\nimport sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "light", "heavy"),
    [
        ("import lrcore", HEAVY, set()),
        ("import lrcore; dir(lrcore); lrcore.__version__", HEAVY, set()),
        ("import lrcore.errors", HEAVY, set()),
        ("import lrcore.verify", HEAVY, set()),
        ("import lrcore; lrcore.fit", HEAVY - {"numpy"}, {"numpy"}),
        ("import lrcore; lrcore.descend; lrcore.housing", HEAVY - {"numpy"}, {"numpy"}),
        ("import lrcore; lrcore.plots", {"sympy", "ipywidgets"}, {"numpy", "matplotlib"}),
        ("import lrcore; lrcore.symbolic", {"matplotlib", "ipywidgets", "numpy"}, {"sympy"}),
    ],
)
def test_a_fresh_python_loads_only_what_is_used(code, light, heavy):
    loaded = loaded_by(code)
    assert not loaded & light and heavy <= loaded


def imports_of(path):
    """The names of the modules that a file imports anywhere in it, those of the standard library left out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = path.relative_to(PACKAGE.parent).parts[: -node.level] if node.level else ()
            module = ".".join([*parents, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names} if module == "lrcore" else {module}
    return {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names}


@pytest.mark.parametrize("name", NUMERICS)
def test_no_numerics_import_the_prover_the_widgets_or_the_figures(name):
    imports = imports_of(PACKAGE / f"{name}.py")
    allowed = {f"lrcore.{module}" for module in NUMERICS}
    assert {i for i in imports if i.startswith("lrcore")} <= allowed
    assert {i.partition(".")[0] for i in imports} <= {"lrcore", "numpy", "tqdm"}


OTHERS = {"entries.py": ("sympy",), "markdown.py": ("markdown_it", "mdit_py_plugins")}


def test_the_prover_imports_neither_numpy_nor_the_numerics_and_others_in_one_file_each():
    files = list((PACKAGE / "verify").rglob("*.py"))
    assert files
    for path in files:
        own = ("lrcore.verify", "lrcore.errors", *OTHERS.get(path.name, ()))
        for name in imports_of(path):
            assert name.startswith(own), f"{path.name} imports {name}"


@pytest.mark.parametrize("name", lrcore.__all__)
def test_every_name_of_the_package_can_be_had(name):
    assert getattr(lrcore, name) is not None and name in dir(lrcore)


@pytest.mark.parametrize(("name", "module"), lrcore._NAMES.items())
def test_a_short_name_is_the_name_in_its_module(name, module):
    assert getattr(lrcore, name) is getattr(importlib.import_module(f"lrcore.{module}"), name)


def test_a_name_that_is_not_there_is_said_with_those_that_are():
    with pytest.raises(
        AttributeError, match=r"^lrcore has no 'gradients'; it has: CONVENTIONS, .*gradient, .*widgets$"
    ):
        lrcore.gradients  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'nothing' from 'lrcore'"):
        from lrcore import nothing  # noqa: F401


def test_a_name_never_hides_the_module_of_its_name():
    assert lrcore.loss.__name__ == "lrcore.loss" and lrcore.gradient.__name__ == "lrcore.gradient"


def test_the_package_is_typed_and_has_a_version():
    assert (PACKAGE / "py.typed").exists() and lrcore.__version__.count(".") == 2
