"""The self-check and handing in, on the Python in the page."""

import pytest
from hosts import static_host
from live import ISOLATED, PYTHON, Live, python_with, small_site, wheels

CELLS = [
    r"""from lrcore.homework import check
from lrcore.verify import Context
symbols = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"L": r"\|X w - y\|^2"})
print(check("derivation", r"\nabla_w L = 2 X^\top (X w - y) = -2 X^\top (X w - y)", context=symbols))
print(bool(check("derivation", r"\nabla_w L = 2 X^\top (X w - y)", context=symbols)))""",
    """import numpy as np
X, y = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]]), np.array([1.0, 2.0, -1.0])
for sign in (-1, 1):
    gradient = lambda w: sign * 2 / 3 * X.T @ (X @ w - y)
    print(check("gradient", gradient, of=lambda w: ((X @ w - y) ** 2).mean(), at=np.zeros(2)))
print(check("price", "12.5 $ per square foot"))""",
    """import json
from pathlib import Path
from lrcore.homework import submit
sources = ("a = 1", "print(a / 0)", "submit('alice')")
cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
given = {"cells": cells, "metadata": {"lrcore": {"assignment": "hw1", "student": "alice"}}}
Path("hw1.ipynb").write_text(json.dumps(given))
print(len(json.loads(submit("alice").read_text())["metadata"]["lrcore"]["checksum"]))""",
]


@pytest.fixture(scope="module")
def live(tmp_path_factory, browser):
    """A page on a static host, ready to run, with numpy where there is one for Pyodide."""
    folder = tmp_path_factory.mktemp("homework")
    python = python_with(wheels(), folder / "python") if wheels() else PYTHON
    site = small_site(folder / "site", CELLS, python)
    with static_host(site, ISOLATED) as address:
        page = Live(browser.new_context(), address)
        yield page.switch().ready()
        assert not page.troubles


needs_numpy = pytest.mark.skipif(wheels() is None, reason="set PYODIDE_WHEELS to a folder of numpy for Pyodide")


def test_derivation_is_checked_in_the_page_and_its_first_wrong_line_named(live):
    said = live.run(0)
    assert "line 2 does not hold" in said
    assert said.strip().endswith("True")


@needs_numpy
def test_gradient_and_quantity_are_checked_in_the_page(live):
    live.run(0)
    said = live.run(1)
    assert "likely cause: the sign: times -1 it is right" in said
    assert "gradient agrees with central differences" in said
    assert "read as 12.5 USD / sqft" in said


@needs_numpy
def test_submit_in_the_page_runs_the_notebook_says_what_fails_and_writes_the_file(live):
    said = live.run(2)
    assert "Cell 2 fails: ZeroDivisionError" in said
    assert "hw1_alice.ipynb" in said
    assert said.strip().endswith("64")
