# ruff: noqa: E501 (an attack is quoted as one line)
"""What a student is told is the same whatever the hidden inputs were: nothing that code does with them comes back."""

import pytest

from homework import small
from lrcore.homework.grade.grade_submission import Course, grade
from lrcore.homework.release import variants
from lrcore.homework.release.assignment import load
from lrcore.homework.release.variants import prepare
from lrcore.homework.report.corrections import write_written
from lrcore.homework.report.feedback import write_feedback
from lrcore.homework.sandbox import bubblewrap

SEEN = "seen = lambda x: ''.join(one for one in repr(x.tolist()) if one.isdigit())"
HUNT = (
    "import gc, sys, json\ndef hunt():\n    found, frame = [], sys._getframe()\n"
    "    while frame: found.append(repr(frame.f_locals.get('question')) + repr(frame.f_locals.get('given'))); frame = frame.f_back\n"
    "    found += [json.dumps(one) for one in gc.get_objects() if type(one) is dict and 'cases' in one and 'name' in one]\n"
    "    return str(found)"
)
# Each is the answer of a question of its own, which asks for 2 x; what it sees it tries to tell.
ATTACKS = {
    "message": "raise ValueError(seen(x))",
    "name_of_type": "raise type('E' + seen(x), (Exception,), {})('odd')",
    "qualified_name": "kind = type('E', (Exception,), {'__qualname__': seen(x), '__module__': seen(x)}); raise kind()",
    "note": "odd = ValueError('odd'); odd.add_note(seen(x)); raise odd",
    "cause": "raise ValueError('odd') from KeyError(seen(x))",
    "group": "raise ExceptionGroup(seen(x), [ValueError(seen(x))])",
    "base_exception": "raise SystemExit(seen(x))",
    "text_of_an_error": "kind = type('Odd', (Exception,), {'__str__': lambda self: seen(x)}); raise kind()",
    "line": "exec(compile('\\n' * int(seen(x)[:3]) + 'raise ValueError', '<cell>', 'exec'))",
    "shape": "return np.zeros(int(seen(x)[:3]))",
    "two_shapes": "return np.zeros((int(seen(x)[:2]), int(seen(x)[2:4])))",
    "many_values": "return (0.0,) * int(seen(x)[:2])",
    "large_array": "return np.zeros(100_000 + int(seen(x)[:4]))",
    "text": "return seen(x)",
    "kind_of_object": "return type('K' + seen(x), (), {})()",
    "repr_of_an_object": "return type('K', (), {'__repr__': lambda self: seen(x)})()",
    "factor": "return np.ones(1)",
    "truth": "return bool(x[0] > 0)",
    "nan_or_infinity": "return x * (np.nan if x[0] > 0 else np.inf)",
    "printed": "import sys; print(seen(x)); print(seen(x), file=sys.stderr); return 0 * x",
    "warned": "import warnings; warnings.warn(seen(x)); warnings.simplefilter('error'); warnings.warn(seen(x))",
    "frames": "raise ValueError(hunt())",
    "file": "open('/tmp/seen', 'a').write(seen(x)); raise ValueError(open('/tmp/seen').read())",
    "death": "import os; os.kill(os.getpid(), 9 if x[0] > 0 else 11)",
    "exit": "import os; os._exit(int(seen(x)[:2]))",
    "said_by_itself": "import os, json; [_try(os.write, fd, json.dumps([{'error': {'kind': 'E', 'message': hunt()[:200], 'line': 3}}] * 2).encode()) for fd in range(3, 20)]; os._exit(0)",
    "worker_changed": "import sys; worker = next(f.f_globals for f in (sys._getframe(k) for k in range(1, 8)) if '_written' in f.f_globals); worker['_written'] = lambda *a: hunt()[:400]; return 0 * x",
    "told_by_turns": "told.append(seen(x)); raise ValueError(str(told))",
    "honest": "return 2 * x",
}  # fmt: skip
HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
lrcore: {assignment: leaks}
---

# Leaks
"""
QUESTION = """
```{code-cell} ipython3
:nbgrader: {grade: false, solution: true, locked: false, grade_id: NAME, schema_version: 3, cell_type: code, task: false}
def NAME(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
```

```{code-cell} ipython3
:nbgrader: {grade: true, points: 2, solution: false, locked: true, grade_id: NAME-test, schema_version: 3, cell_type: code, task: false}
### BEGIN HIDDEN TESTS
import numpy as np
from lrcore.homework import judge

judge("NAME", lambda x: 2 * x, lambda random: [("one number", random.normal(size=1)), ("another", random.normal(size=1))])
### END HIDDEN TESTS
```
"""
LENGTH = """
```{code-cell} ipython3
:nbgrader: {grade: false, solution: true, locked: false, grade_id: length, schema_version: 3, cell_type: code, task: false}
length = "2 m"
```

```{code-cell} ipython3
:nbgrader: {grade: true, points: 2, solution: false, locked: true, grade_id: length-test, schema_version: 3, cell_type: code, task: false}
### BEGIN HIDDEN TESTS
from lrcore.homework import judge_quantity

judge_quantity("length", 2.0, "m")
### END HIDDEN TESTS
```
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """One notebook with every attack in it, graded with two sets of hidden inputs: marks and all that is told, of both."""
    folder = tmp_path_factory.mktemp("leaks")
    text = HEAD + "".join(QUESTION.replace("NAME", name) for name in ATTACKS) + LENGTH
    (folder / "leaks.md").write_text(text, encoding="utf-8")
    course = Course(load(folder / "leaks.md"), small.SECRET, limits=bubblewrap.Limits(cpu=2, total_cpu=30, asleep=3))
    answers = {name: f"def {name}(x):\n    {source}" for name, source in ATTACKS.items()}
    first = "import numpy as np\ndef _try(what, *given):\n    try: what(*given)\n    except OSError: pass\ntold = []"
    answers["message"] = "\n".join([first, SEEN, HUNT, answers["message"]])
    answers["length"] = "length = '3 m ' + hunt()[-150:]\nraise ValueError(hunt()[-250:])"
    made = [
        {"cell_type": cell.kind, "metadata": cell.metadata, "source": answers.get(cell.id, cell.source)}
        for cell in prepare(course.assignment, small.SECRET, "alice").cells
    ]
    found = []
    for hidden in (b"these inputs", b"or those that differ"):
        with pytest.MonkeyPatch.context() as patch:
            real = variants.random_for
            patch.setattr(
                variants,
                "random_for",
                lambda secret, *what, other=hidden, real=real: real(other if "hidden" in what else secret, *what),
            )
            graded = grade(small.notebook(made, lrcore={"assignment": "leaks", "student": "alice"}), "alice", course)
        write_feedback(folder, course.assignment, graded)
        found.append((graded, (folder / "alice.html").read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_told_of_a_question_does_not_depend_on_its_hidden_inputs(name, told):
    first, second = ({cell.id: cell for cell in graded.cells}[f"{name}-test"] for graded, _ in told)
    assert first == second
    assert first.points == (2 if name == "honest" else 0)
    assert bool(first.says) == (name != "honest")


def test_neither_does_the_page_of_the_student_nor_a_cell_that_hunts_for_them(told):
    (first, page), (second, same) = told
    assert page == same
    assert first.remarks == second.remarks
    length = {cell.id: cell for cell in first.cells}["length-test"]
    assert "ValueError" in " ".join(length.says), "the cell was run, and what it raised is told"
    assert "3 m" in length.given


def test_how_a_run_with_hidden_inputs_ended_is_told_to_the_teacher_alone(told):
    graded, page = told[0]
    assert "hidden" not in page.partition("<main>")[2]
    assert "hidden" not in graded.told


def test_what_shown_inputs_show_is_still_told(told):
    cells = {cell.id: cell for cell in told[0][0].cells}
    assert "the name" not in " ".join(cells["message-test"].says)
    assert "ValueError" in cells["message-test"].says[0]
    assert "right is" in cells["factor-test"].example
    assert "ExceptionGroup" in cells["group-test"].says[0]


def test_key_of_an_answer_in_words_goes_to_the_teacher_and_into_no_feedback(course, tmp_path):
    graded = grade(small.hand_in(course), "alice", course)
    write_written(tmp_path / "written.csv", [graded])
    write_feedback(tmp_path, course.assignment, graded)
    key = "multiplication is what was asked for"
    assert key in (tmp_path / "written.csv").read_text(encoding="utf-8")
    assert key not in (tmp_path / "alice.html").read_text(encoding="utf-8")
