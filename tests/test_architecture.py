"""The house keeps its rooms: stages of the prover depend on earlier ones alone, and nobody reaches inside them."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from import_graph import names

import lrcore.verify

ROOT = Path(__file__).resolve().parents[1]
VERIFY = ROOT / "lrcore" / "verify"
CHECKER = {"certificate", "statements", "relations"}  # the small checker and its language
STAGES = {
    "terms": set(),
    "read": {"terms"},
    "show": {"terms"},
    "type": {"terms", "read"},
    "refute": {"terms", "type", "show"},
    "prove": {"terms", "type", *CHECKER},
    "decide": {"terms", "read", "show", "type", "refute", "prove", *CHECKER},
    "confirm": {"terms", "refute", "prove", *CHECKER},
    "why": {"terms", "read", "show", "type", "prove", "decide"},
    "page": {"terms", "read", "show", "type", "prove", "decide", "confirm", "refute", "why"},
}


def imported(path):
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def stages_in(path):
    """The stages of the prover that a file imports from."""
    return {name.split(".")[2] for name in imported(path) if name.startswith("lrcore.verify.") and name.count(".") > 2}


def test_the_prover_has_the_stages_that_are_told_here_and_no_other():
    assert {one.name for one in VERIFY.iterdir() if (one / "__init__.py").is_file()} == set(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_of_the_prover_imports_earlier_stages_alone(stage):
    for path in sorted((VERIFY / stage).rglob("*.py")):
        later = stages_in(path) - STAGES[stage] - {stage}
        assert not later, f"{stage}/{path.name} imports from {', '.join(sorted(later))}"


def outside():
    """All code but the prover's own, what measures it, and what tests it."""
    folders = ("lrcore", "book/_ext", "book/_tools", "book/_front")
    return [path for one in folders for path in sorted((ROOT / one).rglob("*.py")) if VERIFY not in path.parents]


def reached(path):
    """All that a file imports: by name, from a folder beside it, for its types, or while it runs."""
    return {*imported(path), *names(ast.parse(path.read_text(encoding="utf-8")), path)}


def inner(found):
    """Those names that are no part of the prover's public face."""
    within = [name for name in sorted(found) if name.startswith("lrcore.verify.")]
    return [name for name in within if name.split(".")[2] not in lrcore.verify.__all__]


def test_nobody_outside_reaches_inside_the_prover():
    assert {str(path.relative_to(ROOT)): inner(reached(path)) for path in outside() if inner(reached(path))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "from lrcore.verify.prove.normal import prove",
        "from lrcore.verify import certificate",
        "import lrcore.verify.prove",
        "from ..verify.terms import core",
        "from importlib import import_module\nimport_module('lrcore.verify.prove.normal')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lrcore.verify.terms.core import Core",
    ],
)
def test_reaching_inside_is_seen_however_it_is_written(tmp_path, line):
    folder = tmp_path / "lrcore" / "checker"
    folder.mkdir(parents=True)
    for one in (folder, folder.parent):
        (one / "__init__.py").write_text("")
    (folder / "reaching.py").write_text(line)
    assert inner(reached(folder / "reaching.py"))


def test_no_cell_of_the_book_reaches_inside_the_prover():
    pages = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "book").rglob("*.md"))}
    found = {
        path.name: set(re.findall(r"^ *(?:from|import) +(lrcore\.verify\.[\w.]+)", text, re.M))
        for path, text in pages.items()
    }
    assert (
        any("lrcore" in text for text in pages.values())
        and {name: inner(one) for name, one in found.items() if inner(one)} == {}
    )


ROOMS = {  # of homework; a release tries the teacher's own solution out, and a question compares on the spot
    "sandbox": set(),
    "release": {"grade", "sandbox"},
    "grade": {"release", "sandbox"},
    "report": {"release", "grade"},
}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_homework_imports_from_those_it_may(room):
    for path in sorted((ROOT / "lrcore" / "homework" / room).rglob("*.py")):
        rooms = {name.split(".")[2] for name in imported(path) if name.startswith("lrcore.homework.")} & set(ROOMS)
        assert rooms <= {room, *ROOMS[room]}, f"{room}/{path.name} imports from {', '.join(sorted(rooms))}"


def test_homework_has_the_rooms_that_are_told_here_and_no_other():
    assert {path.parent.name for path in (ROOT / "lrcore" / "homework").glob("*/__init__.py")} == set(ROOMS)


def test_mypy_does_not_take_any_name_for_a_part_of_the_prover():
    """A function __getattr__ that mypy sees makes each missing name one of any type."""
    tree = ast.parse((VERIFY / "__init__.py").read_text(encoding="utf-8"))
    seen = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    hidden = [one for one in tree.body if isinstance(one, ast.If) and ast.unparse(one.test) == "not TYPE_CHECKING"]
    assert "__getattr__" not in seen and [inner.name for one in hidden for inner in one.body] == ["__getattr__"]


def test_each_name_of_the_public_face_is_there_and_described():
    for name in lrcore.verify.__all__:
        one = getattr(lrcore.verify, name)
        assert isinstance(one, (str, tuple, frozenset)) or one.__doc__, name
    assert sorted(lrcore.verify.__all__, key=lambda name: (name.upper() != name, name[0].islower(), name)) == list(
        lrcore.verify.__all__
    )
    assert importlib.import_module("lrcore.verify")


SAID = {"message", "assumes", "repair"}  # the sentences of a step


def decided_by_sentences(source):
    """The lines that compare or search what a step says, where they should ask for a value."""
    for node in ast.walk(ast.parse(source)):
        looked = []
        if isinstance(node, ast.Compare):
            looked = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            looked = [node.func.value] if node.func.attr in ("startswith", "endswith", "find", "count") else []
            looked += node.args if node.func.attr in ("search", "match", "fullmatch", "findall", "finditer") else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
            looked = [one.iter for inner in node.args for one in getattr(inner, "generators", ())]
        if any(isinstance(one, ast.Attribute) and one.attr in SAID for one in looked):
            yield node.lineno


def test_no_sentence_of_a_step_decides_what_is_done():
    sources = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "lrcore").rglob("*.py"))}
    asked = {path: text for path, text in sources.items() if re.search(rf"\.(?:{'|'.join(SAID)})\b", text)}
    found = {str(path.relative_to(ROOT)): list(decided_by_sentences(text)) for path, text in asked.items()}
    assert [name for name, lines in found.items() if lines] == []


@pytest.mark.parametrize(
    "line",
    [
        "if 'no point' in step.message: pass",
        "step.message.startswith('The checker stumbled')",
        "re.search('these are', step.message)",
        "any(one.endswith(' holds') for one in step.assumes)",
    ],
)
def test_a_sentence_that_decides_is_seen(line):
    assert list(decided_by_sentences(line)) == [1] and not list(decided_by_sentences("print(step.message)"))
