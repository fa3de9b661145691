# ruff: noqa: E501 (an attempt is quoted as one line)
"""What a question is to build cannot be had from a library, by whatever detour; who builds it loses nothing."""

import json

import pytest

from homework import small
from lrcore.errors import InputError
from lrcore.homework import submitting
from lrcore.homework.grade.grade_submission import Course, grade
from lrcore.homework.release.assignment import load
from lrcore.homework.release.dry_run import solved
from lrcore.homework.release.student_versions import student_version
from lrcore.homework.release.variants import prepare
from lrcore.homework.sandbox import bubblewrap, libraries, protocol

PYTHON = (
    "import sys, subprocess\n"
    "found = subprocess.run([sys.executable, '-c', 'import sys, glob; sys.path += glob.glob(\"/packages/*\"); {}'], check=True, timeout=9)"
)
ATTEMPTS = {
    "by name": "from lrcore.gradients import gradient as found",
    "by its former name": "from lrcore.gradient import gradient as found",
    "from the library's face": "import lrcore as lr\nfound = lr.gradient",
    "by getattr": "import lrcore\nfound = getattr(lrcore, 'grad' + 'ient')",
    "by importlib": "import importlib\nfound = importlib.import_module('lrcore.' + 'gradients')",
    "by __import__": "found = __import__('lrcore.gradients', fromlist=['x'])",
    "by an alias in another module": "import lrcore.descent as module\nfound = module.gradient",
    "the portable one": "from lrcore import portable as found",
    "the fast one": "from lrcore._fast import one_pass as found",
    "the exact one": "from lrcore._exact import solution as found",
    "the basis of the statistics": "from lrcore._statistics import basis as found",
    "the one for scikit-learn": "from lrcore import estimator as found",
    "the one for clusters": "from lrcore._scale import cluster as found",
    "the fit": "import lrcore as lr\nfound = lr.fit",
    "the descent": "import lrcore as lr\nfound = lr.descend",
    "the dispatcher": "from lrcore import dispatch as found",
    "the curvature": "from lrcore import curvature as found",
    "a derivation written by the library": "from lrcore.verify import derive as found",
    "the same by its folder": "from lrcore.verify.why import derive as found",
    "the worked cases": "from lrcore.checker import challenges as found",
    "the book's equations": "found = open('/grader/lrcore/datasets/equations.json').read(1)\nassert found",
    "the source on disk": "found = open('/grader/lrcore/gradients.py').read(1)\nassert found",
    "the compiled source": "import glob, marshal\nfound = [marshal.loads(open(one, 'rb').read()[16:]) for one in glob.glob('/grader/lrcore/__pycache__/gradients*')][0]\nimport types\nexec(found, {'__name__': 'x'})",
    "the installed copy": "import sys\nsys.path.insert(0, '/packages/0')\nsys.modules.pop('lrcore')\nfrom lrcore.gradients import gradient as found",
    "a copy beside another Python": "import glob\nfound = [one for one in glob.glob('/usr/l*/**/python3*/*-packages/lrcore/gradients.py')][0]",
    "autograd": "from autograd import grad as found",
    "sympy": "from sympy import diff as found",
    "scipy's optimiser": "from scipy.optimize import minimize as found",
    "scipy's least squares": "from scipy.linalg import lstsq as found",
    "scikit-learn's ridge": "from sklearn.linear_model import Ridge as found",
    "torch": "import torch as found",
    "jax": "import jax as found",
    "pandas": "import pandas as found",
    "a package by its file": "import sys, glob\nsys.path += glob.glob('/packages/*/*')\nimport sympy as found",
    "a package of the system": "import sys\nsys.path += ['/usr/lib/python3/dist-packages', '/python/lib/python3.11/site-packages']\nimport scipy as found",
    "pip": "import subprocess, sys\nfound = subprocess.run([sys.executable, '-m', 'pip', '--version'], check=True)",
    "a withheld function": "import numpy as np\nfound = np.linalg.inv(np.eye(2))",
    "by its alias": "import numpy\nfrom numpy.linalg import inv\nfound = inv(numpy.eye(2))",
    "by getattr of a piece": "import numpy\nfound = getattr(numpy.linalg, ''.join(['i', 'nv']))(numpy.eye(2))",
    "by its private module": "import numpy\nfound = numpy.linalg._linalg.inv(numpy.eye(2))",
    "by its core": "import numpy\nfound = numpy.linalg._umath_linalg.inv(numpy.eye(2))",
    "by sys.modules": "import sys\nfound = [one.inv(sys.modules['numpy'].eye(2)) for one in sys.modules.values() if 'linalg' in getattr(one, '__name__', '') and hasattr(one, 'inv')][0]",
    "by what calls it": "import numpy\nfound = numpy.linalg.matrix_power(numpy.eye(2), -1)",
    "in another Python": PYTHON.format("import numpy; numpy.linalg.inv(numpy.eye(2))"),
    "in another Python, without its site": PYTHON.format("import numpy; numpy.linalg.inv(numpy.eye(2))").replace("'-c'", "'-I', '-S', '-c'"),
    "in another Python, by its core": PYTHON.format("import numpy.linalg._umath_linalg as core; import numpy; core.inv(numpy.eye(2))"),
    "in another Python, by its private module": PYTHON.format("import numpy; from numpy.linalg._linalg import inv; inv(numpy.eye(2))"),
    "in another Python, by what calls it": PYTHON.format("import numpy; numpy.linalg.matrix_power(numpy.eye(2), -1)"),
    "in a process of one's own": "import multiprocessing, numpy\nwith multiprocessing.get_context('spawn').Pool(1) as pool:\n    found = pool.apply_async(numpy.linalg.inv, [numpy.eye(2)]).get(timeout=3)",
    "by loading it again": "import sys, importlib, numpy\nkept = {one: sys.modules.pop(one) for one in list(sys.modules) if one.startswith('numpy.linalg')}\ntry:\n    found = importlib.import_module('numpy.linalg').inv(numpy.eye(2))\nfinally:\n    sys.modules.update(kept)\n    numpy.linalg = kept['numpy.linalg']",
    "by reloading it": "import importlib, numpy\nfound = importlib.reload(numpy.linalg).inv(numpy.eye(2))",
    "one of Python's own": PYTHON.format("import statistics; statistics.linear_regression([1.0, 2], [3.0, 5])"),
    "by another program": "import subprocess\nfound = subprocess.run(['/usr/bin/perl', '-e', '1'], check=True)",
    "any other program": "import os, sys\nfound = [one for place in ('/usr/bin', '/bin', '/usr/sbin', '/usr/local/bin') if os.path.isdir(place) for one in os.listdir(place) if os.path.exists(os.path.join(place, one)) and not os.path.samefile(os.path.join(place, one), sys.executable)][0]",
    "packages of any other Python": "import glob\nfound = [one for one in glob.glob('/usr/lib*/python3*/*-packages/*') + glob.glob('/usr/local/lib*/python3*/*-packages/*') + glob.glob('/python/lib/python3*/*-packages/*')][0]",
    "by the old matrix": "import numpy, warnings\nwarnings.simplefilter('ignore')\nfound = numpy.matrix(numpy.eye(2)).I\nassert False, 'not even that'",
}  # fmt: skip
ALLOWED = {
    "numpy": "import numpy.linalg as found\nfound.solve(found.qr([[1.0, 2], [3, 4]])[0], [1.0, 2])",
    "plots": "import matplotlib.pyplot as found\nfound.plot([1, 2])",
    "the houses": "from lrcore.data import housing, standardise\nfound = standardise(housing().X[:9])",
    "the loss": "from lrcore.losses import loss as found\nfound([[1.0]], [1.0], [1.0])",
    "the measured slope": "from lrcore.homework import check as found\nfound('x', lambda w: 2 * w, of=lambda w: (w**2).sum(), at=[1.0])",
    "the prover": "from lrcore.verify import Context as found",
    "Python's own": "import math, json, itertools, functools, fractions, statistics, random as found",
    "another Python": PYTHON.format("import numpy; numpy.linalg.solve(numpy.eye(2), numpy.ones(2))"),
    "what stands beside it": PYTHON.format("import statistics; statistics.mean([1.0, 2])"),
    "numpy's solve": "import numpy\nfound = numpy.linalg.solve(numpy.eye(2), numpy.ones(2))",
}  # fmt: skip
VISIBLE = """
import pathlib, re
visible = []
for path in pathlib.Path('/grader/lrcore').rglob('*.py'):
    text = path.read_text() if path.is_file() else ''
    if re.search(r'^def \\w*(gradient|one_sample|fit|descen|solv|jacobian)\\w*\\([Xx]\\b', text, re.M):
        visible.append(str(path))
visible = str(sorted(visible))
"""


@pytest.fixture(scope="module")
def tried():
    """Every attempt in one sandbox, such as homework 4 has it with a function withheld besides."""
    assignment = load("hw4")
    made = {
        **{f"no {name}": one for name, one in ATTEMPTS.items()},
        **{f"yes {name}": one for name, one in ALLOWED.items()},
    }
    source = f"made = {made!r}\noutcomes = []\nfor name, one in made.items():\n    try:\n        state = {{}}\n        exec(one, state)\n"
    source += "        outcomes.append(f'{name}: had ' + str(type(state['found'])))\n    except BaseException as error:\n        outcomes.append(f'{name}: {type(error).__name__}: {error}')"
    cells = [
        {"source": source, "questions": [{"id": "outcomes", "name": "outcomes", "cases": [None]}]},
        {"source": VISIBLE, "questions": [{"id": "visible", "name": "visible", "cases": [None]}]},
    ]
    without = (*assignment.without, "numpy.linalg.inv", "statistics.linear_regression")
    outcome = bubblewrap.run(
        {"cells": cells, "skip": [], "answered": []}, bubblewrap.Limits(), without, assignment.packages
    )
    answers = protocol.read(outcome.lines, 1_000_000).answers
    listed = dict(one.split(": ", 1) for one in answers["outcomes"][0].value)
    return listed, answers["visible"][0].value


@pytest.mark.parametrize("name", ATTEMPTS)
def test_withheld_thing_is_not_to_be_had(name, tried):
    assert not tried[0][f"no {name}"].startswith("had ")


@pytest.mark.parametrize("name", ALLOWED)
def test_what_an_honest_answer_needs_is_there(name, tried):
    assert tried[0][f"yes {name}"].startswith("had ")


def test_no_file_that_is_left_holds_what_is_withheld(tried):
    assert tried[1] == "[]"


@pytest.mark.parametrize("name", ["hw1", "hw2", "hw3", "hw4", "hw5"])
def test_each_assignment_withholds_other_libraries_and_says_so_to_submit(name):
    assignment = load(name)
    assert assignment.packages == ("numpy", "matplotlib")
    given = student_version(prepare(assignment, small.SECRET, "alice"), "alice")
    assert given["metadata"]["lrcore"]["packages"] == ["numpy", "matplotlib"]


def test_import_of_a_library_that_is_withheld_is_said_and_the_rest_of_the_cell_counts():
    assignment = load("hw4")
    prepared = prepare(assignment, small.SECRET, "alice")
    made = solved(prepared, student_version(prepared, "alice"))
    for cell in made["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name == "ridge":
            cell["source"] = (
                "from sklearn.linear_model import Ridge\ndef ridge(X, y, s):\n    return Ridge(s, fit_intercept=False).fit(X, y).coef_"
            )
        if name == "leverage":
            cell["source"] = "import pandas as pd\npd.set_option('display.width', 80)\n" + cell["source"]
    graded = grade(json.dumps(made).encode(), "alice", Course(assignment, small.SECRET))
    marks = {cell.id: (cell.points, cell.out_of) for cell in graded.cells}
    assert marks["ridge-test"] == (0, 5)
    assert marks["leverage-test"] == (3, 3)
    assert "The grader has no module sklearn.linear_model; what is taken from it does nothing." in graded.remarks


ROOM = ":lrcore: {without: [numpy.linalg.inv], packages: [numpy]}"


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """The small assignment with sympy, and a first question that leaves out an inverse, of numpy and of all others."""
    path = tmp_path_factory.mktemp("rooms") / "quiz.md"
    mark = "grade_id: multiple-test, schema_version: 3, cell_type: code}"
    source = small.SOURCE.replace(mark, f"{mark}\n{ROOM}").replace("without: [gradient]", "packages: [numpy, sympy]")
    path.write_text(source, encoding="utf-8")
    return Course(load(path), small.SECRET)


USES = {
    "numpy's": "np.linalg.inv([[1.0]])[0, 0]",
    "numpy's, kept before": "kept([[1.0]])[0, 0]",
    "sympy's": "float(sympy.Matrix([[1]]).inv()[0])",
    "none": "1.0",
}


@pytest.mark.parametrize("what", USES)
def test_what_one_question_leaves_out_is_out_for_it_alone(what, rooms):
    first = "from numpy.linalg import inv as kept\nimport sympy\n"
    multiple = f"{first}def multiple(x): return factor * x * {USES[what]}"
    data = small.hand_in(rooms, multiple=multiple, length=f"length = f'{{factor / 10 * {USES[what]}}} m'", lines="")
    graded = grade(data, "alice", rooms)
    marks = {cell.id: cell.points for cell in graded.cells}
    assert (marks["multiple-test"], marks["length-test"]) == (4 if what == "none" else 0, 2)
    assert "multiple-test: The grader has no module sympy; what is taken from it does nothing." in graded.remarks


def test_submit_says_what_a_question_does_not_have(rooms):
    given = student_version(prepare(rooms.assignment, small.SECRET, "alice"), "alice")
    assert submitting.review(given)[1:] == []
    given["cells"][1]["source"] += "\nimport sympy"
    assert "For the question 'multiple-test' the grader does not have sympy." in submitting.review(given)


def test_where_something_is_left_out_other_libraries_are_only_there_if_they_are_named(tmp_path):
    def packages(about):
        (tmp_path / "quiz.md").write_text(small.SOURCE.replace("without: [gradient]", about), encoding="utf-8")
        return load(tmp_path / "quiz.md").packages

    assert packages("without: [gradient]") == packages("without: gradient") == ("numpy", "matplotlib")
    assert packages("without: [gradient], packages: [scipy]") == ("scipy",)
    assert packages("packages: []") == ()
    for misspelt in ("gradeint", "numpy.linalg.inw", "numpy.linagl.inv"):
        with pytest.raises(InputError, match=f"leaves out {misspelt}, which is not there"):
            packages(f"without: [{misspelt}]")


def test_package_that_is_not_installed_is_said(tmp_path):
    with pytest.raises(InputError, match="allows the package no-such-thing, which is not installed"):
        list(libraries.installed(("no_such_thing",), [tmp_path]))
