# ruff: noqa: E501 (a derivation is quoted as one line)
"""Points stand on milestones: any valid way earns them, a mistake costs its own and no other."""

import pytest

from lrcore.homework.grade.derivations import Milestone, Task, expression_is, mark
from lrcore.verify import Context

SAMPLES = Context(
    shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), "b": ()},
    definitions={r"\hat y": r"X w + \mathbf 1_N b", "r": r"\hat y - y", "L": r"\frac{1}{N} \|r\|^2"},
)
GRADIENT = Task(
    SAMPLES, (Milestone("apart", "chain", 2), Milestone("done", "done", 2), Milestone("answer", "product", 1))
)
OUTPUTS = Task(
    Context(
        shapes={"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D")},
        definitions={"R": "X W - Y", "L": r"\frac{1}{N} \|R\|_F^2"},
    ),
    GRADIENT.milestones,
    by="W",
)
NORMAL = Task(
    Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"J": r"\|X w - y\|^2"}),
    (
        Milestone("apart", "expanded", 2, (r"w^\top X^\top X w", r"-2 y^\top X w", r"y^\top y")),
        Milestone("done", "gradient", 2),
        Milestone("states", "normal equations", 1, (r"X^\top X w", r"X^\top y")),
        Milestone("states", "closed form", 1, ("w", r"(X^\top X)^{-1} X^\top y")),
    ),
    of="J",
    begins="J",
    given=(r"2 X^\top X w - 2 X^\top y", "0"),
)
END = r" \\ \frac{\partial L}{\partial w} = \frac2N X^\top r"
BY_INDEX = r"\frac{\partial L}{\partial w_k} = \sum_i \frac{\partial L}{\partial \hat y_i} \frac{\partial \hat y_i}{\partial w_k}"
SOLVED = r"2 X^\top X w - 2 X^\top y = 0 \\ X^\top X w = X^\top y \\ w = (X^\top X)^{-1} X^\top y"

WAYS = {
    "by index": (GRADIENT, BY_INDEX + r" = \frac2N \sum_i r_i X_{ik}" + END),
    "through the residual": (
        GRADIENT,
        r"\frac{\partial L}{\partial w_k} = \sum_i \frac{\partial L}{\partial r_i} \frac{\partial r_i}{\partial w_k} = \frac2N \sum_i r_i X_{ik}"
        + END,
    ),
    "as matrices": (
        GRADIENT,
        r"\frac{\partial L}{\partial w} = \left(\frac{\partial \hat y}{\partial w}\right)^\top \frac{\partial L}{\partial \hat y} = \frac2N X^\top r",
    ),
    "square by square": (
        GRADIENT,
        r"\frac{\partial L}{\partial w_k} = \frac1N \sum_i \frac{\partial}{\partial w_k} r_i^2 = \frac2N \sum_i r_i \frac{\partial r_i}{\partial w_k}"
        r" = \frac2N \sum_i r_i X_{ik}" + END,
    ),
    "by differentials": (GRADIENT, r"dL = \frac2N r^\top dr = \frac2N r^\top X\, dw" + END),
    "in the NumPy-like language": (GRADIENT, "grad(L, w) = jac(y_hat, w).T @ grad(L, y_hat) = 2/N * X.T @ (y_hat - y)"),
    "many outputs by trace": (
        OUTPUTS,
        r"dL = \frac2N \operatorname{tr}(R^\top dR) = \frac2N \operatorname{tr}(R^\top X\, dW) \\ \frac{\partial L}{\partial W} = \frac2N X^\top R",
    ),
    "normal equations, expanded": (
        NORMAL,
        r"J = w^\top X^\top X w - 2 y^\top X w + y^\top y \\ \nabla_w J = 2 X^\top X w - 2 X^\top y \\ " + SOLVED,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_valid_way_earns_everything(way):
    task, text = WAYS[way]
    found = mark(text, task)
    assert (found.points, found.first_wrong) == (found.out_of, None), found.says
    assert found.says == "Complete, and every line holds."


@pytest.mark.parametrize(
    ("text", "points", "wrong"),
    [
        (BY_INDEX, 2, None),
        (BY_INDEX + r" = \frac2N \sum_i r_i X_{ik}", 4, None),
        (BY_INDEX + r" = -\frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = -\frac2N X^\top r", 3, 1),
        (BY_INDEX + r" = \frac1N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = \frac1N X^\top r", 3, 1),
        (BY_INDEX + r" = \frac2N \sum_i r_i X_{ki} \\ \frac{\partial L}{\partial w} = \frac2N X r", 2, 1),
        (BY_INDEX + r" = 0 = 0 \cdot X^\top r = 0", 2, 1),
        (BY_INDEX + " = 7" + END, 3, 1),
        (END[4:], 0, None),
        ("", 0, None),
        ("just words, no equation at all", 0, None),
    ],
)
def test_partial_derivation_earns_what_it_shows_and_its_first_wrong_line_is_named(text, points, wrong):
    found = mark(text, GRADIENT)
    assert (found.points, found.first_wrong) == (points, wrong), found.says


def test_mistake_carried_forward_is_punished_once():
    sign = BY_INDEX + r" = -\frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = -\frac2N X^\top r"
    other = BY_INDEX + r" = -\frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = \frac4N X^\top r"
    assert mark(sign, GRADIENT).reached == (True, False, True)
    assert mark(other, GRADIENT).reached == (True, False, False)


def test_mistake_carried_forward_is_punished_once_also_when_typed_as_in_numpy():
    sign = "grad(L, w) = jac(r, w).T @ grad(L, r) = -2/N * X.T @ r\ngrad(L, w) = -2/N * X.T @ r"
    other = "grad(L, w) = jac(r, w).T @ grad(L, r) = -2/N * X.T @ r\ngrad(L, w) = 4/N * X.T @ r"
    assert mark(sign, GRADIENT).reached == (True, False, True)
    assert mark(other, GRADIENT).reached == (True, False, False)
    assert mark(sign, GRADIENT).first_wrong == mark(other, GRADIENT).first_wrong == 1


PENALISED = Task(
    Context(
        shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), r"\lambda": ()},
        definitions={"r": "X w - y", "L": r"\|r\|^2 + \lambda \|w\|^2"},
    ),
    GRADIENT.milestones,
)


@pytest.mark.parametrize(
    ("side", "points"),
    [
        (r"2 \left(\frac{\partial r}{\partial w}\right)^\top r + 2 \lambda w", 5),
        (r"\left(\frac{\partial r}{\partial w}\right)^\top r + X^\top r + 2 \lambda w", 0),
        (r"2 X^\top r + \left(\frac{\partial r}{\partial w}\right)^\top w\, 0 + 2 \lambda w", 0),
    ],
)
def test_penalty_may_be_carried_out_at_once_and_half_the_answer_may_not(side, points):
    text = rf"\frac{{\partial L}}{{\partial w}} = {side} = 2 X^\top r + 2 \lambda w"
    assert mark(text, PENALISED).points == points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (SOLVED, 0 + 2),
        (SOLVED.split(r"\\")[2], 0),
        (r"2 X^\top X w - 2 X^\top y = 0 \\ w = (X^\top X)^{-1} X^\top y", 0),
        (r"w = 0 \\ X^\top X w = X^\top y", 0),
    ],
)
def test_solving_without_the_gradient_earns_the_solving_alone(text, points):
    assert mark(text, NORMAL).points == points


def test_line_that_agrees_but_is_not_proved_earns_nothing_by_itself_and_is_left_to_a_person(monkeypatch):
    from dataclasses import replace

    from lrcore.homework.grade import derivations
    from lrcore.verify import Verdict

    def unproved(text, context, **more):
        report = derivations_of(text, context, **more)
        return replace(report, steps=tuple(replace(step, verdict=Verdict.CHECKED) for step in report.steps))

    derivations_of = derivations.derivation
    task, text = WAYS["by index"]
    monkeypatch.setattr(derivations, "derivation", unproved)
    found = mark(text, task)
    assert (found.points, found.for_a_person) == (0, True)
    assert "a person has to read it" in found.says


def test_comparison_that_runs_out_of_work_costs_nobody_a_mark_in_silence(monkeypatch):
    from dataclasses import replace

    from lrcore.homework.grade import oracle
    from lrcore.verify import Verdict

    def slow(*given):
        found = examine(*given)
        steps = [replace(step, verdict=Verdict.CHECKED, out_of_work=True) for step in found.report.steps]
        return replace(found, report=replace(found.report, steps=tuple(steps)))

    examine = oracle.examine
    task, text = WAYS["by index"]
    monkeypatch.setattr(oracle, "examine", slow)
    found = mark(text, task)
    assert found.for_a_person
    assert "too much work" in found.says


def test_true_jump_is_answered_with_show_how():
    assert "What you wrote is true, now show how" in mark(END[4:], GRADIENT).says


@pytest.mark.parametrize(
    ("text", "right", "why"),
    [
        (r"\frac2N \sum_i (\hat y_i - y_i)", True, ""),
        (r"\frac2N \mathbf 1_N^\top r", True, ""),
        ("2/N * sum(y_hat - y)", True, ""),
        (r"\frac1N \mathbf 1_N^\top r", False, "differ"),
        (r"\frac{\partial L}{\partial b}", False, "not carried out"),
        (r"L + \frac2N \mathbf 1_N^\top r - L", False, "still holds L"),
        ("", False, "nothing was written"),
        (r"\frac{2", False, "cannot be read"),
        ("X r", False, ""),
    ],
)
def test_formula_counts_when_it_is_proved_equal_and_carried_out(text, right, why):
    found = expression_is(text, r"\frac2N \mathbf 1_N^\top (\hat y - y)", SAMPLES)
    assert found[0] is right
    assert why in found[1]
