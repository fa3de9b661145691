"""The teacher's own solution as a submission: it must get full marks, in every variant."""

import json
from collections.abc import Iterator
from typing import Any

from lrcore.homework.grade.grade_submission import Course, Graded, grade
from lrcore.homework.release.assignment import Assignment
from lrcore.homework.release.student_versions import student_version
from lrcore.homework.release.variants import Prepared, prepare

_SECRET = b"only for trying an assignment out"


def solved(prepared: Prepared, notebook: dict[str, Any]) -> dict[str, Any]:
    """A student version with the teacher's solutions written into it."""
    sources = {cell.id: cell.source for cell in prepared.cells if cell.solution}
    cells = []
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cells.append({**cell, "source": sources[name]} if name in sources else cell)
    return {**notebook, "cells": cells}


def try_solution(assignment: Assignment, students: int) -> Iterator[tuple[str, Graded]]:
    """Grade the solution for some students who do not exist."""
    course = Course(assignment, _SECRET)
    for number in range(students):
        student = f"student{number + 1}"
        prepared = prepare(assignment, _SECRET, student)
        notebook = solved(prepared, student_version(prepared, student))
        yield student, grade(json.dumps(notebook).encode(), student, course)
