# ruff: noqa: E501 (nbgrader's metadata stands on one line)
"""A small assignment and notebooks for it, as students would hand them in."""

import json
import os
import signal

from lrcore.homework.grade.grade_submission import Course, Graded
from lrcore.homework.release.assignment import load, without_region
from lrcore.homework.release.variants import prepare
from lrcore.homework.sandbox import bubblewrap

SECRET = b"nobody but the teacher knows this"
SOURCE = r"""---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
lrcore: {assignment: quiz, without: [gradient]}
---

# Quiz

```{code-cell} ipython3
:nbgrader: {grade: false, solution: false, locked: true, task: false, grade_id: setup, schema_version: 3, cell_type: code}
import numpy as np
from lrcore.homework import check
```

```{code-cell} ipython3
:nbgrader: {grade: false, solution: false, locked: true, task: false, grade_id: variant, schema_version: 3, cell_type: code}
### BEGIN VARIANT
from lrcore.homework import variant

random = variant("quiz")
factor = int(random.integers(2, 1000))
### END VARIANT
```

## 1. A multiple

Multiply by {{factor}}.

```{code-cell} ipython3
:nbgrader: {grade: false, solution: true, locked: false, task: false, grade_id: multiple, schema_version: 3, cell_type: code}
def multiple(x):
    ### BEGIN SOLUTION
    return factor * x
    ### END SOLUTION
```

```{code-cell} ipython3
:nbgrader: {grade: true, solution: false, locked: true, task: false, points: 4, grade_id: multiple-test, schema_version: 3, cell_type: code}
check("multiple", multiple(np.ones(3)))
### BEGIN HIDDEN TESTS
from lrcore.homework import judge


def hidden_cases(random):
    yield "three numbers", random.normal(size=3)
    yield "a table", random.normal(size=(2, 3))


judge("multiple", lambda x: factor * x, hidden_cases)
### END HIDDEN TESTS
```

## 2. A formula, line by line

```{code-cell} ipython3
:nbgrader: {grade: false, solution: false, locked: true, task: false, grade_id: symbols, schema_version: 3, cell_type: code}
:tags: [self-check]
from lrcore.verify import Context

symbols = Context(
    shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)},
    definitions={"r": "X w - y", "L": r"\frac{1}{N} \|r\|^2"},
)
```

```{code-cell} ipython3
:nbgrader: {grade: false, solution: true, locked: false, task: false, grade_id: lines, schema_version: 3, cell_type: code}
lines = r""
### BEGIN SOLUTION
lines = r"\frac{\partial L}{\partial w} = \left(\frac{\partial r}{\partial w}\right)^\top \frac{\partial L}{\partial r} = \frac2N X^\top r"
### END SOLUTION
```

```{code-cell} ipython3
:nbgrader: {grade: true, solution: false, locked: true, task: false, points: 6, grade_id: lines-test, schema_version: 3, cell_type: code}
check("lines", lines, context=symbols)
### BEGIN HIDDEN TESTS
from lrcore.homework import Task, judge_derivation

judge_derivation(
    "lines",
    Task(symbols, 6),
)
### END HIDDEN TESTS
```

## 3. A length

```{code-cell} ipython3
:nbgrader: {grade: false, solution: true, locked: false, task: false, grade_id: length, schema_version: 3, cell_type: code}
length = ""
### BEGIN SOLUTION
length = f"{factor / 10} m"
### END SOLUTION
```

```{code-cell} ipython3
:nbgrader: {grade: true, solution: false, locked: true, task: false, points: 2, grade_id: length-test, schema_version: 3, cell_type: code}
check("length", length)
### BEGIN HIDDEN TESTS
from lrcore.homework import judge_quantity

judge_quantity("length", factor / 10, "m")
### END HIDDEN TESTS
```

## 4. In words

+++ {"nbgrader": {"grade": true, "solution": true, "locked": false, "task": false, "points": 3, "grade_id": "words", "schema_version": 3, "cell_type": "markdown"}}

Because multiplication is what was asked for.
"""


def course(folder, **limits):
    path = folder / "quiz.md"
    path.write_text(SOURCE, encoding="utf-8")
    return Course(
        load(path),
        SECRET,
        limits=bubblewrap.Limits(**{"cpu": 1, "total_cpu": 10, "asleep": 1.2, "wall": 4.0, **limits}),
    )


def right_answers(course, student="alice"):
    """The answers that earn everything, by cell."""
    prepared = prepare(course.assignment, SECRET, student)
    answers = {cell.id: without_region(cell.source, "none") for cell in prepared.cells if cell.solution}
    return {**answers, "words": "I think so."}


def cells(course, answers, student="alice"):
    """The cells of a notebook with these answers."""
    made = []
    for cell in prepare(course.assignment, SECRET, student).cells:
        source = answers.get(cell.id, cell.source) if cell.solution else without_region(cell.source, "HIDDEN TESTS")
        made.append({"cell_type": cell.kind, "metadata": cell.metadata, "source": source})
    return made


def notebook(made, student="alice", **metadata):
    """A notebook file of these cells."""
    about = {
        "lrcore": {"assignment": "quiz", "student": student},
        "kernelspec": {"language": "python", "name": "python3"},
    }
    return json.dumps({"cells": made, "metadata": {**about, **metadata}, "nbformat": 4, "nbformat_minor": 5}).encode()


def hand_in(course, student="alice", **answers):
    """A right notebook, but for the answers given here."""
    return notebook(cells(course, {**right_answers(course, student), **answers}, student), student)


def die_on_deadly(data, student, course):
    """In place of the grader: one submission kills whoever grades it. It stands here, since workers load this quickly."""
    if student == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    return Graded(student, "graded here", ())
