"""No import goes in a circle: not in what uses the prover, the build, the page's Python, tests or benchmarks."""

from pathlib import Path

import pytest
from import_graph import cycles

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "places",
    [
        [ROOT / "lrcore"],
        [ROOT / "book/_ext", ROOT / "book/_tools"],
        [ROOT / "book/_front/live/python"],
        [ROOT / "tests", ROOT / "book/_ext", ROOT / "book/_tools"],
        [ROOT / "benchmarks", ROOT / "tests"],
    ],
    ids=["the library", "the build", "the page's Python", "the tests", "the benchmarks"],
)
def test_no_imports_go_in_a_circle(places):
    assert all(list(place.rglob("*.py")) for place in places)
    assert cycles(*places) == []


@pytest.mark.parametrize(
    "back",
    [
        "from package import one",
        "from . import one",
        "from .one import name",
        "import package.one",
        "def later():\n    from package.one import name",
        "from importlib import import_module\nimport_module('package.one')",
    ],
)
def test_a_circle_is_found_however_it_is_written(tmp_path, back):
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "one.py").write_text("from package.two import name")
    (folder / "two.py").write_text(back)
    (circle,) = cycles(folder)
    assert circle[0] == circle[-1] and {Path(one).name for one in circle} == {"one.py", "two.py"}


def test_two_files_without_a_package_go_in_a_circle_and_imports_of_types_do_not(tmp_path):
    (tmp_path / "one.py").write_text("import two")
    (tmp_path / "two.py").write_text("import one")
    assert len(cycles(tmp_path)) == 1
    (tmp_path / "two.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import one")
    assert cycles(tmp_path) == []
