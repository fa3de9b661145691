# ruff: noqa: E501 (a derivation is quoted as one line)
"""Any valid way earns everything; a jump, padding and a mistake cost what they cover, and the reason is said."""

from dataclasses import replace

import pytest

from lrcore.homework.grade import marks, oracle
from lrcore.homework.grade.derivations import Milestone, Task, expression_is, mark
from lrcore.verify import Context, Verdict

SAMPLES = Context(
    shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), "b": ()},
    definitions={r"\hat y": r"X w + \mathbf 1_N b", "r": r"\hat y - y", "L": r"\frac{1}{N} \|r\|^2"},
)
GRADIENT = Task(SAMPLES, 6)
OUTPUTS = Task(
    Context(
        shapes={"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D")},
        definitions={"R": "X W - Y", "L": r"\frac{1}{N} \|R\|_F^2"},
    ),
    6,
    by="W",
)
NORMAL = Task(
    Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"J": r"\|X w - y\|^2"}),
    8,
    of="J",
    given=(r"\nabla_w J", "0"),
)
RIDGE = Task(
    Context(
        shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), r"\lambda": ()},
        definitions={"J": r"\|X w - y\|^2 + \lambda \|w\|^2"},
    ),
    8,
    of="J",
    given=(r"\nabla_w J", "0"),
)
RIDGE_SOLVED = (
    r"2 X^\top (X w - y) + 2 \lambda w = 0 \\ X^\top X w + \lambda w = X^\top y \\"
    r" (X^\top X + \lambda I) w = X^\top y \\ w = (X^\top X + \lambda I)^{-1} X^\top y"
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


@pytest.mark.parametrize("left_out", [r"\frac2N r_i X_{ik}", r"\frac2N \sum_i r_i X_{ik}"])
def test_a_sum_that_is_left_out_where_others_are_written_is_for_a_person(left_out):
    found = mark(BY_INDEX + rf" \\ \frac{{\partial L}}{{\partial w_k}} = {left_out}" + END, GRADIENT)
    forgotten = "sum" not in left_out
    assert found.for_a_person is forgotten and (found.points < found.out_of) is forgotten
    assert ("leaves out a sum" in found.says) is forgotten


@pytest.mark.parametrize(
    ("text", "points", "wrong"),
    [
        (BY_INDEX, 2, None),
        (BY_INDEX + r" = \frac2N \sum_i r_i X_{ik}", 4, None),
        (BY_INDEX + r" = -\frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = -\frac2N X^\top r", 4, 1),
        (BY_INDEX + r" = \frac1N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = \frac1N X^\top r", 4, 1),
        (BY_INDEX + r" = \frac2N \sum_i r_i X_{ki} \\ \frac{\partial L}{\partial w} = \frac2N X r", 2, 1),
        (BY_INDEX + r" = 0 = 0 \cdot X^\top r = 0", 2, 1),
        (BY_INDEX + " = 7" + END, 2, 1),
        ("", 0, None),
        ("just words, no equation at all", 0, None),
    ],
)
def test_partial_derivation_earns_what_it_shows_and_its_first_wrong_line_is_named(text, points, wrong):
    found = mark(text, GRADIENT)
    assert (found.points, found.first_wrong) == (points, wrong), found.says


def test_a_mistake_carried_forward_costs_once_and_another_one_costs_more():
    sign = BY_INDEX + r" = -\frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = -\frac2N X^\top r"
    other = BY_INDEX + r" = -\frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = \frac4N X^\top r"
    assert (mark(sign, GRADIENT).points, mark(other, GRADIENT).points) == (4, 2)
    assert "which has cost its points" in mark(sign, GRADIENT).lines[2]


def test_a_lost_sign_costs_all_that_its_line_covers_and_costs_it_once():
    way = "grad(L, w) = jac(r, w).T @ grad(L, r) = -2/N * X.T @ r"
    assert mark(way, GRADIENT).points == 2  # it carries out, and writes as was asked
    again = mark(f"{way}\ngrad(L, w) = -2/N * X.T @ r", GRADIENT)
    assert (again.points, "which has cost its points" in again.lines[2]) == (2, True)


def test_a_jump_loses_its_rules_beyond_the_limit_and_they_are_named():
    found = mark(END[4:], GRADIENT)
    size = len(found.between)
    assert size > 2
    assert found.points == round(6 * 2 / size, 2)
    assert "is a jump of" in found.says and "chain rule" in found.says
    assert not found.for_a_person
    assert mark(END[4:], replace(GRADIENT, limit=size)).points == 6
    assert mark(END[4:], replace(GRADIENT, limit=size - 1)).points < 6


def test_a_longer_way_loses_nothing():
    longer = WAYS["square by square"][1] + r" = \frac2N X^\top (\hat y - y) = \frac2N X^\top r"
    assert mark(longer, GRADIENT).points == 6


SQUARES = Task(
    Context(
        shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)},
        definitions={r"\hat y": "X w", "r": r"\hat y - y", "L": r"\|r\|^2"},
    ),
    8,
)


@pytest.mark.parametrize(
    "padded",
    [
        r"\frac{\partial L}{\partial w} = 2 X^\top \frac{\partial r}{\partial r} r \\ = 2 X^\top r",
        r"\frac{\partial L}{\partial w} = 2 X^\top r + \nabla_w L - \nabla_w L \\ = 2 X^\top r",
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial w} \\ = 2 X^\top r",
        r"g := 2 X^\top r \\ \frac{\partial L}{\partial w} = g",
    ],
)
def test_padding_earns_no_more_than_the_bare_answer(padded):
    bare = mark(r"\frac{\partial L}{\partial w} = 2 X^\top r", SQUARES)
    assert 0 < bare.points < 4
    assert mark(padded, SQUARES).points == bare.points


def test_the_answer_in_own_letters_that_were_defined_on_the_way_is_the_answer():
    own = r"e := \hat y - y \\ dL = 2 e^\top de \\ = 2 e^\top X dw \\ \nabla_w L = 2 X^\top e"
    assert (mark(own, SQUARES).points, mark(own, SQUARES).says) == (8, "Complete, and every line holds.")
    chain = r"e := \hat y - y \\ \nabla_w L = \left(\frac{\partial e}{\partial w}\right)^\top \frac{\partial L}{\partial e} = 2 X^\top e"
    assert mark(chain, SQUARES).points == 8


def test_an_unfinished_answer_does_not_hide_in_an_own_letter():
    assert mark(r"g := \nabla_w L \\ \nabla_w L = g", SQUARES).points == 0


def test_an_assignment_of_the_first_edition_is_marked_as_well():
    old = Task(
        SAMPLES, (Milestone("apart", "chain", 2), Milestone("done", "done", 2), Milestone("answer", "product", 1))
    )
    found = mark(WAYS["by differentials"][1], old)
    assert (found.points, found.out_of) == (5, 5)


PENALISED = Task(
    Context(
        shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), r"\lambda": ()},
        definitions={"r": "X w - y", "L": r"\|r\|^2 + \lambda \|w\|^2"},
    ),
    6,
)


@pytest.mark.parametrize(
    ("side", "whole"),
    [
        (r"2 \left(\frac{\partial r}{\partial w}\right)^\top r + 2 \lambda w", True),
        (r"\left(\frac{\partial r}{\partial w}\right)^\top r + X^\top r + 2 \lambda w", False),
        (r"2 X^\top r + \left(\frac{\partial r}{\partial w}\right)^\top w\, 0 + 2 \lambda w", False),
    ],
)
def test_penalty_may_be_carried_out_at_once_and_half_the_answer_may_not(side, whole):
    text = rf"\frac{{\partial L}}{{\partial w}} = {side} = 2 X^\top r + 2 \lambda w"
    assert (mark(text, PENALISED).points == 6) is whole


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (SOLVED, 4),
        (SOLVED.split(r"\\")[2], 0),
        (r"2 X^\top X w - 2 X^\top y = 0 \\ w = (X^\top X)^{-1} X^\top y", 2),
        (r"w = 0 \\ X^\top X w = X^\top y", 0),
    ],
)
def test_solving_without_the_gradient_earns_the_solving_alone(text, points):
    assert mark(text, NORMAL).points == points


def _saying(monkeypatch, module, **change):
    examine = module.examine

    def changed(*given):
        found = examine(*given)
        steps = tuple(replace(step, **change) for step in found.report.steps)
        return replace(found, report=replace(found.report, steps=steps))

    monkeypatch.setattr(module, "examine", changed)


def test_line_that_agrees_but_is_not_proved_goes_to_a_person(monkeypatch):
    _saying(monkeypatch, marks, verdict=Verdict.CHECKED)
    task, text = WAYS["by index"]
    found = mark(text, task)
    assert found.for_a_person and found.points < found.out_of
    assert "a person has to read it" in found.says


def test_comparison_that_runs_out_of_work_costs_nobody_a_mark_in_silence(monkeypatch):
    _saying(monkeypatch, oracle, verdict=Verdict.CHECKED, out_of_work=True)
    task, text = WAYS["by index"]
    found = mark(text, task)
    assert found.for_a_person
    assert "too much work" in found.says


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


# ---------------------------------------------------------------------- what others wrote


def test_a_row_layout_is_right_and_mixed_with_the_other_it_is_not():
    task = Task(
        Context(
            shapes={"X": ("N", "M"), "w": ("M",), "g": ("M",), "y": ("N",), r"\eta": ()},
            definitions={"r": r"X(w - \eta g) - y", "f": r"\|r\|^2"},
        ),
        6,
        of="f",
        by="eta",
    )
    rows = (
        r"\frac{\partial f}{\partial \eta} = \frac{\partial f}{\partial r} \frac{\partial r}{\partial \eta} \\ "
        r"\frac{\partial f}{\partial r} = 2 r^\top \\ \frac{\partial f}{\partial \eta} = -2 r^\top X g"
    )
    assert mark(rows, task).points == 6
    mixed = rows.replace(r"2 r^\top \\", r"2 r \\")
    assert mark(mixed, task).points < 6


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (r"e := y - \hat y \\ \frac{\partial L}{\partial w} = (\frac{\partial e}{\partial w})^\top \frac{\partial L}{\partial e}"
         r" \\ = (-X)^\top \frac{2}{N} e \\ = \frac2N X^\top r", 6),
        (r"\frac{N}{2} dL = r^\top dr \\ = r^\top X dw \\ \frac{\partial L}{\partial w} = \frac2N X^\top r", 6),
        (r"dL = \frac1N (X dw)^\top r + \frac1N r^\top X dw \\ = \frac2N r^\top X dw \\ \frac{\partial L}{\partial w} = \frac2N X^\top r", 6),
        (r"dL = \frac2N r^\top dr \\ = \frac2N r^\top dX w", 2),
        (r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial L} \frac{\partial L}{\partial w} \\ = \frac2N X^\top r", 2),
        ("Assume $$" + END.removeprefix(r" \\") + "$$", 0),
        (r"R := r \\ r := 2 r \\ " + END.removeprefix(r" \\"), 0),
    ],
)  # fmt: skip
def test_what_others_wrote_earns_what_it_shows(text, points):
    assert round(mark(text, GRADIENT).points) == points, mark(text, GRADIENT).says


def test_a_line_that_cannot_be_read_goes_to_a_person_and_one_behind_a_wrong_line_earns_nothing():
    unread = mark(BY_INDEX + r" = \frac2N \mathcal{Q}_k" + END.replace("X", "Q"), GRADIENT)
    assert unread.for_a_person and unread.points < 6
    wrong = mark(BY_INDEX + r" \\ \frac{\partial \hat y_i}{\partial w_k} = w_k" + END, GRADIENT)
    assert wrong.points == 2 and "does not follow" in wrong.says


def test_a_line_that_is_not_decided_costs_nothing_where_the_rest_is_enough_and_is_told():
    beside = BY_INDEX + r" = \frac2N \sum_i r_i X_{ik} \\ \frac{\partial (X w)}{\partial q} = Q" + END
    found = mark(beside, GRADIENT)
    assert found.points == 6 and not found.for_a_person
    assert found.says.startswith("Complete. Line 3 could not be read")
    assert [place for place, good in enumerate(found.good) if not good] == [2]


def test_each_line_that_holds_names_its_rules():
    found = mark(r"dL = \frac2N r^\top dr \\ = \frac2N r^\top X dw" + END, GRADIENT)
    assert found.points == 6 and all(found.good)
    assert "differential of a square" in found.lines[0] and "differential of a linear expression" in found.lines[1]


def test_a_lost_sign_is_named_as_a_sign_and_no_other_rule_is_guessed():
    found = mark(
        r"dL = \frac2N r^\top dr \\ = -\frac2N r^\top X dw \\ \frac{\partial L}{\partial w} = -\frac2N X^\top r",
        GRADIENT,
    )
    assert found.mistake == "With the other sign it would hold."
    assert found.mistake in found.says and "transpose" not in found.says


def test_an_index_letter_is_not_taken_for_the_loss_and_a_derivative_in_a_sum_is_taken_apart():
    factors = (
        r"\frac{\partial L}{\partial w_l} = \sum_i \frac{\partial L}{\partial r_i} \frac{\partial r_i}{\partial w_l}"
        r" = \sum_i \frac2N r_i X_{il} \\ \frac{\partial L}{\partial w} = \frac2N X^\top r"
    )
    summed = (
        r"\frac{\partial L}{\partial w_k} = \frac1N \sum_i \frac{\partial}{\partial w_k} r_i^2"
        r" = \frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = \frac2N X^\top r"
    )
    for way in (factors, summed):
        assert mark(way, GRADIENT).points == 6, mark(way, GRADIENT).says
    at_once = summed.replace(r"\frac1N \sum_i \frac{\partial}{\partial w_k} r_i^2 = ", "")
    assert at_once != summed and mark(at_once, GRADIENT).points < 6


def test_differentials_of_data_may_be_written_and_dropped_and_a_wrong_one_of_the_weights_may_not():
    dropped = (
        r"dL = \frac2N r^\top dr \\ dr = d\hat y - dy = d\hat y \\ d\hat y = {} \\ dL = \frac2N r^\top X\, dw" + END
    )
    assert mark(dropped.replace("{}", r"X\, dw"), GRADIENT).points == 6
    assert mark(dropped.replace("{}", r"2 X\, dw"), GRADIENT).points < 6


def test_an_index_of_a_delta_runs_as_in_the_lines_around_it():
    lines = (
        r"\frac{\partial L}{\partial W_{pq}} = \frac2N \sum_n \sum_d R_{nd} \frac{\partial R_{nd}}{\partial W_{pq}} \\"
        r"\frac{\partial R_{nd}}{\partial W_{pq}} = \sum_m X_{nm} \delta_{mp} \delta_{dq} \\ = %s \\"
        r"\frac{\partial L}{\partial W_{pq}} = \frac2N \sum_n R_{nq} X_{np} \\ \frac{\partial L}{\partial W} = \frac2N X^\top R"
    )
    assert mark(lines % r"X_{np} \delta_{dq}", OUTPUTS).points == 6
    assert mark(lines % r"X_{nq} \delta_{dp}", OUTPUTS).points < 6


def test_the_transpose_of_the_answer_is_as_much_of_a_jump_as_the_answer():
    answer = mark(r"\frac{\partial L}{\partial w} = \frac2N X^\top r", GRADIENT)
    turned = mark(r"\left(\frac{\partial L}{\partial w}\right)^\top = \frac2N r^\top X" + END, GRADIENT)
    assert turned.points == answer.points < 6
    row = r"\left(\frac{\partial L}{\partial w}\right)^\top = \left(\frac{\partial L}{\partial r}\right)^\top \frac{\partial r}{\partial w} = \frac2N r^\top X"
    assert mark(row + END, GRADIENT).points == 6


@pytest.mark.parametrize("padding", [r"d(w - w) = 0", r"d(2 w - w) = dw", r"d(w^\top w - w^\top w) = 0", r"dX = 0"])
def test_a_differential_that_shows_nothing_makes_the_answer_no_smaller_jump(padding):
    bare = mark(r"\frac{\partial L}{\partial w} = \frac2N X^\top r", GRADIENT)
    assert mark(rf"{padding} \\ \frac{{\partial L}}{{\partial w}} = \frac2N X^\top r", GRADIENT).points <= bare.points


@pytest.mark.parametrize(("first", "whole"), [(r"2 X^\top (X w - y)", True), (r"2 X^\top X w", False)])
def test_one_term_of_the_loss_may_be_done_before_the_other_is_touched(first, whole):
    text = rf"\nabla_w J = {first} + \nabla_w (\lambda w^\top w) \\ \nabla_w J = 2 X^\top (X w - y) + 2 \lambda w \\ "
    found = mark(text + RIDGE_SOLVED, RIDGE)
    assert (found.points == found.out_of) is whole


def test_who_begins_with_what_is_multiplied_out_has_not_multiplied_it_out():
    shapes = {"X": ("N", "M"), "S": ("M", "M"), r"\mu": (1, "M"), "v": ("M",), "c": ()}
    symbols = Context(shapes=shapes, definitions={"Z": r"(X - \mathbf 1_N \mu) S^{-1}"})
    task = Task(symbols, 8, begins=r"Z v + \mathbf 1_N c", ends=("X", r"\mathbf 1_N"))
    end = r"X S^{-1} v - \mathbf 1_N \mu S^{-1} v + \mathbf 1_N c \\ = X S^{-1} v + \mathbf 1_N (c - \mu S^{-1} v)"
    assert mark(rf"(X - \mathbf 1_N \mu) S^{{-1}} v + \mathbf 1_N c = {end}", task).points == 8
    assert mark(end, task).points == 4
    gathered = r"X S^{-1} v + \mathbf 1_N (c - \mu S^{-1} v)"
    assert mark(rf"{gathered} = {gathered} \\ = X S^{{-1}} v + \mathbf 1_N (- \mu S^{{-1}} v + c)", task).points == 0


def test_a_lost_factor_is_named_as_a_factor():
    found = mark(r"\frac{\partial L}{\partial w} = X^\top r", GRADIENT)
    assert found.mistake and "factor" in found.mistake and found.mistake in found.says
    assert "factor" not in mark(r"\frac{\partial L}{\partial w} = \frac2N X^\top \hat y", GRADIENT).says
