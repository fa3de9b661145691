"""Every answer key is computed from the student's variant, and agrees with solving what that student was given."""

from dataclasses import replace

import pytest

from homework import independent
from lrcore.homework.release.assignment import Cell, load

SIX = tuple(independent.SOLVERS)


@pytest.mark.parametrize("name", SIX)
def test_every_key_is_what_an_independent_solution_gives(name):
    variants = 200  # benchmarks/answer_keys.py takes 1,000 of each
    assert [fault for k in range(variants) for fault in independent.faults(name, f"s{k}")] == []


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("hw1", "{{largest_text}}", "sqft_living"),
        ("hw1", 'judge_quantity("slope", 2 / factor', 'judge_quantity("slope", 2.1 / factor'),
        ("hw2", "library.gradient(X, y, w, b, convention=convention)", "library.gradient(X, y, w, b)"),
        ("hw4", r'"hessian", rf"2 X^\top X + 2 (', r'"hessian", rf"2 X^\top X + 3 ('),
        ("hw5", "rates(X_mine, convention=convention", "rates(X_mine"),
        ("hw6", "{{means_text}}", "-30, 40"),
    ],
)
def test_a_key_that_is_remembered_or_wrong_is_found(name, right, wrong, monkeypatch):
    real = load(name)
    cells = tuple(Cell(cell.kind, cell.source.replace(right, wrong), cell.metadata) for cell in real.cells)
    assert cells != real.cells
    broken = replace(real, cells=cells)
    monkeypatch.setattr(independent, "_loaded", lambda _: broken)
    assert [fault for k in range(12) for fault in independent.faults(name, f"s{k}")]


def test_a_self_check_gives_no_equation_away_that_is_asked_for():
    for name in SIX:
        shown = "\n".join(cell.source for cell in load(name).cells if cell.graded and cell.kind == "code")
        visible = "\n".join(part.partition("### BEGIN HIDDEN")[0] for part in shown.split("### END HIDDEN TESTS"))
        if name in ("hw4", "hw5"):  # the normal equations, and where the loss along a step is smallest
            assert "A.T @" not in visible
            assert "X_mine.T @" not in visible
            assert "(X_mine @ g_mine) @" not in visible
