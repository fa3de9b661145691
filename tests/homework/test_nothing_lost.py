# ruff: noqa: E501 (code is quoted as one line)
"""What a student wrote is found and used, whatever their tools made of the notebook; and nobody gains by making it so."""

import copy
import json

import numpy as np
import pytest

from homework import small
from lrcore.homework.grade import notebooks
from lrcore.homework.grade.grade_submission import grade
from lrcore.homework.release.variants import prepare
from lrcore.homework.sandbox import cells as python
from lrcore.homework.submitting import review

WORDS = "I think so."
HELPER, REST = "def helper(x):\n    return factor * x", "def multiple(x):\n    return helper(x)"


def name_of(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def at(made, name):
    return next(k for k, cell in enumerate(made) if name_of(cell) == name)


def own(source, kind="code", **about):
    return {"cell_type": kind, "metadata": {}, "source": source, **about}


def stub(made, name):
    """The cell as it was given out."""
    made[at(made, name)]["source"] = (
        "YOUR ANSWER HERE"
        if name == "words"
        else f"def {name}(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )


def strip(made, *names):
    for cell in made:
        if not names or name_of(cell) in names:
            cell["metadata"] = {}


def split(made, *parts, named=True):
    k = at(made, "multiple")
    about = made[k]["metadata"] if named else {}
    made[k : k + 1] = [{**made[k], "source": parts[0]}, *(own(part) | {"metadata": about} for part in parts[1:])]


def moved(made, name, place, source, kind="code"):
    stub(made, name)
    made.insert(place(made), own(source, kind))


def heading(made, text):
    return next(k for k, cell in enumerate(made) if text in cell["source"])


def retyped(made, name, kind):
    made[at(made, name)]["cell_type"] = kind


def all_to_strings(made):
    for cell in made:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def lines(made):
    for cell in made:
        cell["source"] = cell["source"].splitlines(keepends=True)


def only_answers_without_names(made):
    made[:] = [made[at(made, name)] for name in ("multiple", "lines", "length", "words")]
    strip(made)


def ids_alone(made):
    for k, cell in enumerate(made):
        cell.update(metadata={}, id=f"cell-{k}")
        cell["source"] += " " if cell["cell_type"] == "code" else "\n\nMy notes."


def appended(made, name, text):
    made[at(made, name)]["source"] += text


ANSWER = "def multiple(x):\n    return factor * x"
TOOLS = {
    "names stripped everywhere": strip,
    "names stripped of the answers": lambda m: strip(m, "multiple", "lines", "length", "words"),
    "names stripped of code": lambda m: strip(m, "multiple", "lines", "length"),
    "names stripped of words": lambda m: strip(m, "words"),
    "the notebook's own ids alone": ids_alone,
    "split, both halves named": lambda m: split(m, HELPER, REST),
    "split, the second half without a name": lambda m: split(m, HELPER, REST, named=False),
    "split in three with notes": lambda m: split(m, "scale = factor", "def helper(x): return scale * x", REST),
    "words split": lambda m: m.insert(at(m, "words") + 1, own("And more.", "markdown")),
    "answer below the stub": lambda m: moved(m, "multiple", lambda m: at(m, "multiple") + 1, ANSWER),
    "answer below the test": lambda m: moved(m, "multiple", lambda m: at(m, "multiple-test") + 1, ANSWER),
    "answer at the end": lambda m: moved(m, "multiple", len, ANSWER),
    "answer above the stub": lambda m: moved(m, "multiple", lambda m: at(m, "multiple"), ANSWER),
    "stub emptied, answer below": lambda m: (m[at(m, "multiple")].update(source="\n"), m.insert(at(m, "multiple") + 1, own(ANSWER))),
    "words below the stub": lambda m: moved(m, "words", lambda m: at(m, "words") + 1, WORDS, "markdown"),
    "words above the stub": lambda m: moved(m, "words", lambda m: at(m, "words"), WORDS, "markdown"),
    "words under the question": lambda m: (stub(m, "words"), m[at(m, "words") - 1].update(source=m[at(m, "words") - 1]["source"] + "\n\n" + WORDS)),
    "words in a cell for code": lambda m: moved(m, "words", lambda m: at(m, "words") + 1, WORDS),
    "words turned into code": lambda m: retyped(m, "words", "code"),
    "words turned raw": lambda m: retyped(m, "words", "raw"),
    "code turned raw": lambda m: retyped(m, "multiple", "raw"),
    "code turned into text": lambda m: retyped(m, "multiple", "markdown"),
    "code turned raw, its name stripped": lambda m: (retyped(m, "multiple", "raw"), strip(m, "multiple")),
    "answer in the test cell": lambda m: (stub(m, "multiple"), appended(m, "multiple-test", "\n" + ANSWER)),
    "a helper in a locked cell": lambda m: (appended(m, "setup", "\nfrom math import prod as product"), m[at(m, "multiple")].update(source="def multiple(x):\n    return product([factor]) * x")),
    "only the answers, without names": only_answers_without_names,
    "renamed": lambda m: m[at(m, "multiple")]["metadata"]["nbgrader"].update(grade_id="copy-of-multiple"),
    "lines as Windows ends them": all_to_strings,
    "lines in a list": lines,
    "a magic before": lambda m: m[at(m, "multiple")].update(source="%%time\n%matplotlib inline\n!pip list\n" + ANSWER + "\nmultiple?"),
    "an import that the grader lacks": lambda m: m[at(m, "multiple")].update(source="import seaborn_ as sns\nsns.set_theme(style='dark')\n" + ANSWER),
    "waiting": lambda m: m[at(m, "multiple")].update(source="import asyncio\nawait asyncio.sleep(0)\n" + ANSWER),
    "the shell of the notebook": lambda m: m[at(m, "multiple")].update(source="get_ipython().run_line_magic('matplotlib', 'inline')\nfiles = !ls\n" + ANSWER),
}  # fmt: skip


def ready(course, made):
    return notebooks.ready(notebooks.read(small.notebook(made)), prepare(course.assignment, small.SECRET, "alice"))


def state_when_asked(found, question):
    """What the cells define where a question comes, as the sandbox would have it."""
    state = {"display": print}
    for source in found.sources[: found.asked_after[question] + 1]:
        try:
            python.run(source, state)
        except Exception:  # as in a notebook: the cell failed, the next one runs
            continue
    return state


@pytest.mark.parametrize("name", TOOLS)
def test_answers_are_found_whatever_a_tool_made_of_the_notebook(name, course):
    made = copy.deepcopy(small.cells(course, {**small.right_answers(course), "multiple": ANSWER, "words": WORDS}))
    TOOLS[name](made)
    found = ready(course, made)
    state = state_when_asked(found, "multiple-test")
    assert list(state["multiple"](np.ones(2))) == [state["factor"]] * 2
    assert state_when_asked(found, "length-test")["length"].endswith(" m")
    assert r"\frac2N X^\top r" in state_when_asked(found, "lines-test")["lines"]
    assert WORDS in found.written["words"]
    assert "YOUR ANSWER" not in found.written["words"]


def test_what_was_found_by_its_place_is_said(course):
    made = small.cells(course, small.right_answers(course))
    strip(made, "multiple", "words")
    said = " ".join(ready(course, made).remarks)
    for name in ("multiple", "words"):
        assert (
            f"The cell '{name}' is missing from the notebook, or its name was changed; what stands in its place was"
            in said
        )


ATTACKS = {
    "the right answer in a copy further on": lambda m: (m[at(m, "multiple")].update(source="def multiple(x): return 7 * x"), m.append({**m[at(m, "multiple")], "source": ANSWER})),
    "other numbers in a locked cell": lambda m: (m[at(m, "variant")].update(source="factor = 7"), m[at(m, "multiple")].update(source="def multiple(x): return 7 * x")),
    "other numbers in the test": lambda m: (appended(m, "multiple-test", "\nfactor = 7"), m[at(m, "multiple")].update(source="def multiple(x): return 7 * x")),
    "a cell that calls itself the test": lambda m: (m.insert(0, {**m[at(m, "multiple-test")], "source": "def judge(*a): pass\nimport builtins\nbuiltins.judge = judge"}), m[at(m, "multiple")].update(source="def multiple(x): return 7 * x")),
    "another question's cell": lambda m: m[at(m, "multiple")].update(source="def multiple(x): return 0 * x", id=f"cell-{at(m, 'length')}"),
    "a lacking module that answers": lambda m: m[at(m, "multiple")].update(source="from nowhere import multiple"),
    "the mark of what is lacking": lambda m: m[at(m, "multiple")].update(source="multiple = __absent__('numpy')"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_nobody_gains_by_the_ways_in_which_answers_are_found(name, course):
    made = copy.deepcopy(small.cells(course, small.right_answers(course)))
    ATTACKS[name](made)
    marks = {cell.id: cell.points for cell in grade(small.notebook(made), "alice", course).cells}
    assert marks == {"multiple-test": 0.0, "lines-test": 6.0, "length-test": 2.0, "words": None}


def test_a_notebook_that_tools_have_mangled_in_many_ways_earns_everything_in_the_sandbox(course):
    made = copy.deepcopy(small.cells(course, {**small.right_answers(course), "multiple": ANSWER}))
    for name in ("names stripped everywhere", "a magic before", "waiting", "an import that the grader lacks"):
        change = copy.deepcopy(made[at(made, "multiple")]) if name == "waiting" else None
        if name != "names stripped everywhere":
            TOOLS[name](made)
        if change is not None:
            made[at(made, "multiple")]["source"] = change["source"] + "\nimport asyncio\nawait asyncio.sleep(0)"
    strip(made)
    graded = grade(small.notebook(made), "alice", course)
    assert {cell.id: cell.points for cell in graded.cells} == {
        "multiple-test": 4.0,
        "lines-test": 6.0,
        "length-test": 2.0,
        "words": None,
    }
    assert "The grader has no module seaborn_; what is taken from it does nothing." in graded.remarks


IPYTHON = [
    ("%matplotlib inline\nx = 1", []),
    ("!ls 'a\nx = 1", ["!ls 'a"]),
    ("files = !ls -la\nx = 1 + len(files)", ["files = !ls -la"]),
    ("x = 1\nx?\n?x\nnp.dot??", []),
    ("%%time\nx = 1", []),
    ("%%capture out\nx = 1", []),
    ("%time x = 1", []),
    ("x = %time 1", []),
    ("if True:\n    !ls\n    x = 1", ["!ls"]),
    ("pip install numpy\nx = 1", ["pip install numpy"]),
    ("%cd 'C:\\new'\nx = 1", ["%cd 'C:\\new'"]),
    (">>> def f(a):\n...     return a\n...\n>>> x = f(1)", []),
    ("import asyncio\nawait asyncio.sleep(0)\nx = 1", []),
    ("    def f():\n        return 1\n    x = f()\n", []),
    ("\n\tif True:\n\t\tx = 1\n# done\n", []),
    ("    %matplotlib inline\n    x = 1", []),
    ("In [1]: x = 1", []),
    ("In [3]: def f(a):\n   ...:     return a\n   ...:\n   ...: x = f(1)", []),
    ("In [1]: !ls\nIn [2]: x = 1", ["!ls"]),
    ("  >>> x = 1", []),
    (">>> text = '''a\n... b'''\n>>> x = len(text) - 2", []),
    (">>> for x in [1]:\n...     pass", []),
    ("!pip install \\\n    numpy \\\n    it's\nx = 1", ["!pip install \\"]),
    ("if True:\n    !pip install \\\n  numpy\n    x = 1", ["!pip install \\"]),
    ("%config InlineBackend.figure_format = \\\n    'retina'\nx = 1", []),
    ("%config \\\n  A.b = [1\n%matplotlib inline\nx = 1", []),
    ("files = !ls \\\n  -la\nx = 1 + len(files)", ["files = !ls \\"]),
    ("%time x = \\\n  1", []),
    ("%%capture\n%%time\nx = 1", []),
    ("%matplotlib inline\n" * 3000 + "x = 1", []),
    ("%matplotlib inline\ny = 2\n" * 600 + "x = 1", []),
    ("if True:\n    %time y = 2\n" * 450 + "x = 1", []),
    ("get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", []),
    ("text = r'''\n% no magic\n! no shell\n? no help\n'''\nx = text.count('no') // 3", []),
    ("x = 5 % 4  # ?", []),
    ("from __future__ import annotations\nimport os, nowhere as n\nfrom nowhere import a as b\nx = 1 if n.a(b)[2].c() is not None else 2", []),
    ("if True:\n\xa0\xa0\xa0\xa0x\u2009=\u30001\u200b", []),
    ("\ufeffx = 1\u2028y = 2", []),
    ("x = len(“a”) # it’s", []),
    ("text = 'it\u2019s \xa0'\nx = 1 if text == 'it\\u2019s \\xa0' else 2", []),
    ("```python\nx = 1\n```", ["```python", "```"]),
    ("try:\n    import nowhere\nexcept ImportError:\n    x = 1", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "left"), IPYTHON)
def test_what_ipython_adds_to_the_language_is_read_as_it_is_meant(source, left):
    state = {}
    python.run(source, state)
    assert state["x"] == 1
    assert python.plain(source)[1] == left


@pytest.mark.parametrize(
    "source",
    [
        "%%bash\nrm -rf x\nx = 1",
        "%%writefile x.py\nx = (",
        "%%timeit\nx = 1",
        "%%python3\nx = 1",
        "%%!\nls\nx = 1",
        "%%script python\nx = 1",
    ],
)
def test_cell_that_is_not_python_is_left_out_and_named(source):
    state = {}
    python.run(source, state)
    assert "x" not in state
    assert python.plain(source)[1] == [source.split("\n")[0]]


def test_prompts_and_indents_are_read_as_ipython_reads_them():
    ipython = pytest.importorskip("IPython.core.inputtransformer2").TransformerManager()
    for source in [one for one, _ in IPYTHON if one.lstrip().startswith((">>>", "In [", "def"))]:
        if not set("!%?") & set(source):
            assert python.plain(source)[0].strip() == ipython.transform_cell(source).strip()


def test_what_the_grader_leaves_out_is_said_to_the_teacher_and_before(course):
    answer = "    !pip install \\\n        nowhere\n    def multiple(x):\n        return factor * x"
    data = small.hand_in(course, multiple=answer)
    graded = grade(data, "alice", course)
    assert {cell.id: cell.points for cell in graded.cells}["multiple-test"] == 4
    assert "The grader leaves out the line '!pip install \\\\'." in graded.remarks
    assert any("leaves out the line '!pip install" in one for one in review(json.loads(data)))


@pytest.mark.parametrize("source", ["def f(:", "x = (1", "\x00", "(" * 5000, "%" * 100_000, "x = 1\n!" * 3])
def test_cell_that_is_no_language_at_all_is_left_as_it_is(source):
    assert python.plain(source)[0].count("\n") == source.count("\n")
    assert json.dumps(python.imported(source)) == "[]"
