"""The page's Python, run here with what the site ships and with nothing else: the standard library and those wheels."""

import json
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import jupytext
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "book" / "_tools"))
import browser_python
from files import ROOT, under

EVERY_WHEEL = [*browser_python.PURE, *browser_python.FOR_FIGURES, *browser_python.COMPILED]
# What Pyodide gives to the page's kernel, and how the worker of the page talks to it.
PYODIDE = """
import ast


async def eval_code_async(code, names, filename):
    tree = ast.parse(code, filename)
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, filename, "exec"), names)
    return eval(compile(last, filename, "eval"), names) if last else None
"""
RUN = """
import asyncio, json, sys, types

sys.path.append(sys.argv[1])
from page_kernel import Kernel

said, screen = [], sys.stdout


async def load(names):
    return types.SimpleNamespace(to_py=lambda: [name for name in names if name in json.loads(sys.argv[3])])


def publish(text, buffers=None):
    message = json.loads(text)
    said.append([message["msg_type"], message["content"]])


async def run():
    kernel = Kernel(publish, load)
    for code in json.loads(sys.argv[2]):
        message = {"header": {"msg_type": "execute_request"}, "content": {"code": code}}
        await kernel.receive(json.dumps(message), [])


asyncio.run(run())
print(json.dumps({"said": said, "loaded": sorted(sys.modules)}), file=screen)
"""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A folder with the packages of the site, pure ones alone or all, as they are installed here."""

    def folder(*names):
        place = tmp_path_factory.mktemp("site")
        (place / "pyodide").mkdir()
        (place / "pyodide" / "code.py").write_text(PYODIDE)
        parts = [ROOT / "lrcore", *browser_python.OWN.iterdir()]
        for name in names:
            found = distribution(name)
            tops = {one.parts[0] for one in found.files if one.parts[0] not in ("..", "__pycache__")}
            parts += [Path(found.locate_file(top)) for top in tops]
        for part in parts:
            (place / part.name).symlink_to(part)
        return place

    return folder


def run(folder, *cells):
    """What the kernel of the page says to these cells."""
    found = told(folder, *cells)
    assert not errors(found), found["said"]
    return found


def told(folder, *cells, lacking=()):
    """The same, on a site that lacks these packages, whatever comes of it."""
    command = [sys.executable, "-I", "-S", "-c", RUN, str(folder), json.dumps(cells), json.dumps(lacking)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def errors(found):
    return [content for kind, content in found["said"] if kind == "error"]


CHECKER = """
import json
from lrcore.checker.service import answer
from lrcore.verify import Context, derivation
print(derivation(r"w^\\top w = \\|w\\|^2", Context(shapes={"w": ("M",)})).steps[0].verdict.value)
print(json.loads(answer(json.dumps({"do": "check", "state": {}}))).keys())
"""
SLIDER = """
from IPython.display import HTML, display
from ipywidgets import IntSlider
import sympy
display(HTML("<b>shown</b>"))
IntSlider()
"""
FIGURE = """
import matplotlib.pyplot as plt
import numpy as np
import lrcore as lr
from lrcore.homework import check, submit
from lrcore.widgets import DerivationChecker
plt.plot([1, 2])
print(lr.fit(np.arange(3.0)[:, None], np.array([1.0, 3.0, 5.0])).W.round(6))
DerivationChecker()
"""
NEEDS = """
import ast
from page_kernel.needs import packages
print(*sorted({name for cell in cells for name in packages(ast.parse(cell))}))
"""


def test_the_checker_and_ipywidgets_run_on_the_standard_library_and_the_pure_wheels(shipped):
    found = run(shipped(*browser_python.PURE), CHECKER, SLIDER)
    assert printed(found).startswith("PROVED\ndict_keys")
    first, second = shown(found)
    assert first["text/html"] == "<b>shown</b>" and "application/vnd.jupyter.widget-view+json" in second
    assert not {"jinja2", "markupsafe", "numpy"} & set(found["loaded"])


def test_figures_widgets_and_the_students_side_of_homework_run_on_all_wheels_of_the_site(shipped):
    found = run(shipped(*EVERY_WHEEL), FIGURE)
    assert printed(found) == "[2.]\n"
    assert ["image/png" in one for one in shown(found)].count(True) == 1
    assert not {"jinja2", "markupsafe"} & set(found["loaded"])


def test_no_cell_of_the_book_but_the_one_with_dask_asks_for_a_package_that_the_site_never_has(shipped):
    notebooks = [
        path for path in sorted(under(ROOT / "book")) if path.suffix == ".md" and "kernelspec:" in path.read_text()
    ]
    pages = [jupytext.read(path) for path in notebooks]
    cells = [cell.source for page in pages for cell in page.cells if cell.cell_type == "code"]
    found = run(shipped(*EVERY_WHEEL), f"cells = {cells!r}", NEEDS)
    assert len(cells) > 100 and printed(found) == "dask\n"


BEYOND = {  # what a browser cannot do, and what its sentence says
    "import numpy as np\nnp.ones(2)": "This cell needs numpy, which this copy of the book does not carry",
    "import matplotlib.pyplot as plt": "This cell needs matplotlib, which this copy of the book does not carry",
    "import pandas as pd": "This cell needs pandas, which Python in your browser does not have and cannot install.",
    "import numpy, pandas": "This cell needs pandas, which Python in your browser does not have and cannot install.",
    "__import__('pandas')": "This cell needs pandas, which Python in your browser does not have and cannot install.",
    "import torch": "This cell needs torch, which Python in your browser does not have and cannot install.",
    "%pip install pandas": "%pip installs nothing here",
    "x = 1\n!pip install pandas": "!pip installs nothing here",
    "!ls -l": "!ls asks for the command line of a computer",
    "if True:\n    files = !./list.sh": "!./list.sh asks for the command line of a computer",
    "%%bash\necho 1": "%%bash asks for the command line of a computer",
    "%cd book": "%cd asks for the command line of a computer",
    "%timeit 1 + 1": "%timeit is a command of IPython, and Python in your browser knows none of them",
    "%%latex\n$x$": "%%latex is a command of IPython, and Python in your browser knows none of them",
    "%matplotlib inline\nx = 1": "%matplotlib inline is not needed here",
    "print?": "Python in your browser does not read print?: write  help(print)  instead.",
    "?str.join": "Python in your browser does not read ?str.join: write  help(str.join)  instead.",
}
FAULTY = {  # what Python itself refuses, whatever signs stand in it
    "x = (1\n% 2": "SyntaxError",
    "x = % 3": "SyntaxError",
    "why not ?": "SyntaxError",
    "!= 3": "SyntaxError",
    "x = 7\n% 2": "SyntaxError",
    "import json.nothing": "ModuleNotFoundError",
    "raise ModuleNotFoundError('mine')": "ModuleNotFoundError",
    "1 / 0": "ZeroDivisionError",
}


def test_what_a_browser_cannot_do_is_one_sentence_each_and_no_error(shipped):
    said = errors(told(shipped(), *BEYOND, lacking=["numpy", "matplotlib", "pandas"]))
    passed_over = [one["evalue"] for one in said if one["ename"] == "Elsewhere"]
    assert {one["ename"] for one in said} == {"Sentence", "Elsewhere"}
    assert all(one.startswith("This cell needs") for one in passed_over)
    assert [one["traceback"] for one in said] == [[]] * len(BEYOND)
    for (cell, sentence), one in zip(BEYOND.items(), said, strict=True):
        assert one["evalue"].startswith(sentence), cell
        assert "PYODIDE" not in one["evalue"] and "wheel" not in one["evalue"]
        assert "make" in one["evalue"] or "help(" in one["evalue"] or "Delete the line" in one["evalue"]


def test_what_python_refuses_stays_python_s_own_error(shipped):
    said = errors(told(shipped(), *FAULTY))
    assert [one["ename"] for one in said] == list(FAULTY.values())
    assert all(one["traceback"] for one in said)


def test_input_ends_the_cell_under_the_name_that_jupyter_s_kernel_gives_it(shipped):
    found = told(shipped(), "name = input('Who? ')", "import sys\nsys.stdin.read()", "print('on')")
    assert [one["ename"] for one in errors(found)] == ["StdinNotImplementedError"] * 2
    assert printed(found) == "on\n"


def test_the_packages_that_a_copy_has_together_are_those_of_the_build():
    sys.path.append(str(browser_python.OWN))
    from page_kernel.sentences import FOR_NUMBERS

    assert {*browser_python.COMPILED, *browser_python.FOR_FIGURES} == FOR_NUMBERS


def printed(found):
    return "".join(content["text"] for kind, content in found["said"] if kind == "stream")


def shown(found):
    return [content["data"] for kind, content in found["said"] if kind in ("display_data", "execute_result")]
