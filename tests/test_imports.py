"""What is loaded when: importing the book's library costs nothing until a part of it is used."""

import ast
import importlib
import subprocess
import sys
import types
from pathlib import Path

import pytest

import lrcore

PACKAGE = Path(lrcore.__file__).parent
HEAVY = {"numpy", "matplotlib", "sympy", "ipywidgets", "tqdm", "anywidget", "IPython"}


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


FOLDERS = ("_fast", "_exact", "_scale")
TOP = (
    "closed_form",
    "data",
    "descent",
    "descent_advice",
    "dispatch",
    "errors",
    "fit_message",
    "fitted",
    "gradients",
    "losses",
    "model",
    "shapes",
)
NUMERICS = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if path.relative_to(PACKAGE).parts[0] in (*FOLDERS, *(f"{name}.py" for name in (*TOP, "check", "curvature")))
)


@pytest.mark.parametrize("path", NUMERICS, ids=[path.stem for path in NUMERICS])
def test_no_numerics_import_more_than_numpy(path):
    assert {name.partition(".")[0] for name in imports_of(path)} <= {"lrcore", "numpy", "tqdm"}


OTHERS = {
    "__main__.py": ("lrcore.notes",),
    "entries.py": ("sympy",),
    "sparse.py": ("sympy",),
    "markdown.py": ("markdown_it", "mdit_py_plugins"),
}


def test_the_prover_imports_neither_numpy_nor_the_numerics_and_sympy_and_the_parser_of_pages_where_it_is_told():
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
        AttributeError, match=r"^lrcore has no 'gradiants'; it has: CONVENTIONS, .*gradient, .*widgets$"
    ):
        lrcore.gradiants  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'nothing' from 'lrcore'"):
        from lrcore import nothing  # noqa: F401


OLD = """
import lrcore as lr
import lrcore.gradient, lrcore.loss, lrcore.plots, lrcore.picture, lrcore.accumulate, lrcore.threads, lrcore.extended
from lrcore import gradient as library
from lrcore.gradient import gradient, summed, hessian
from lrcore.loss import loss, residual, CONVENTIONS
from lrcore.closed_form import fit
from lrcore.descent import descend, rates
from lrcore.plots import line
from lrcore.picture import Picture
from lrcore.threads import alone
from lrcore.extended import two_sum
assert library.summed is summed and library.gradient is gradient is lr.gradient and lr.loss.residual is residual
assert lr.fit is fit and lr.descend is descend and lr.rates is rates and lr.plots.line is line
print(lr.gradient([[1.0]], [3.0], [1.0])[0], lr.loss([[1.0]], [3.0], [1.0]))
"""


def test_every_import_of_an_older_notebook_goes_on_working():
    done = subprocess.run([sys.executable, "-c", OLD], cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[-4.] 4.0\n"), done.stderr


def test_the_checker_can_still_be_imported_by_its_former_name():
    code = """
import json
import lrcore.desk
from lrcore.desk import service
from lrcore.desk.contents import challenges, gallery
from lrcore.desk.table import Row
found = json.loads(service.answer(json.dumps({"do": "check", "state": {"text": "2 + 2 = 4"}})))
print(found["ok"], "ridge" in challenges().html, "case=" in gallery().html, Row("X").name, lrcore.desk.__doc__)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("True True True X The former name"), done.stderr


FORMER = sorted(path.stem for path in (PACKAGE / "homework" / "_former").glob("*.py"))


@pytest.mark.parametrize("name", FORMER)
def test_a_former_module_of_homework_is_the_one_it_became(name):
    told = (PACKAGE / "homework" / "_former" / f"{name}.py").read_text(encoding="utf-8").split("`")[1]
    code = f"import lrcore.homework.{name} as old, {told} as new; from lrcore.homework import {name} as also\n"
    code += "assert old is new is also"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_release_and_sandbox_held_as_files_can_be_had_from_the_folders():
    code = """
from lrcore.homework import sandbox, release as folder
from lrcore.homework.release import leaked, leaked_into, read_class, release, safe_id, secrets_of, student_version
from lrcore.homework.sandbox import Limits, Outcome, command, require, run
assert Limits is sandbox.Limits and folder.release is release and callable(student_version)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["gradient", "loss", "fit", "descend", "predict", "rates"])
def test_what_one_calls_is_a_function_and_no_file_has_its_name(name):
    assert isinstance(getattr(lrcore, name), types.FunctionType)
    assert not (PACKAGE / f"{name}.py").exists() and not (PACKAGE / name).exists()


def test_the_package_is_typed_and_has_a_version():
    assert (PACKAGE / "py.typed").exists() and lrcore.__version__.count(".") == 2
