r"""What a text without a table leaves open: each reading of the list is taken and named, its nearest wrong neighbour is
not; what nothing explains is asked for, and never refused with a value for it.
"""

import json
from collections import Counter

import pytest

from lrcore.checker import checked_text
from lrcore.checker.checked_text import CheckedText
from lrcore.checker.interpret import failing
from lrcore.checker.service import answer
from lrcore.checker.table import Row, State
from lrcore.notes.command import main
from lrcore.verify import Context, Verdict, examine
from lrcore.verify.decide import equations

RIGHT = r"\nabla_w L = "


def run(text, *rows):
    return CheckedText(State(text, tuple(rows))).run()


def verdicts(text, *rows):
    return [one.step.verdict.value for one in run(text, *rows).steps]


def taken(text):
    return [one.choices[0].says for one in run(text).taken]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (RIGHT + r"\frac{2}{N} X^\top (X w - y)", "the mean squared error"),
        (RIGHT + r"\frac{1}{N} X^\top (X w - y)", "half the mean squared error"),
        (RIGHT + r"X^\top (X w - y)", "half the sum of squares"),
        (RIGHT + r"2 X^\top (X w - y)", "the sum of squares"),
        (RIGHT + r"-2 X^\top (y - X w)", "the sum of squares"),
        (RIGHT + r"X^\top (X w - y) + \lambda w", "half the sum of squares with half a ridge penalty"),
        (RIGHT + r"2 X^\top (X w - y) + 2 \lambda w", "the sum of squares with a ridge penalty"),
        (r"\nabla_w \mathrm{MSE} = \frac{2}{N} X^\top (X w - y)", "the mean squared error"),
        (r"\nabla_w \mathrm{RSS} = 2 X^\top (X w - y)", "the sum of squares"),
        ("dL/dw = 2/N X^T (Xw - y)", "the mean squared error"),
        (r"\frac{\partial J}{\partial a} = 2 \sum_{i=1}^n (a x_i + b - y_i) x_i", "the sum of squares"),
    ],
)
def test_a_gradient_of_a_loss_that_nobody_defines_holds_in_a_convention_that_is_named(text, says):
    found = run(text)
    assert [one.step.verdict.value for one in found.steps] == ["PROVED"]
    assert [one.choices[0].says for one in found.taken] == [says]
    assert any(f"is taken as {says}" in said for said in found.steps[0].step.assumes)


@pytest.mark.parametrize(
    "text",
    [
        RIGHT + r"\frac{2}{N} X^\top (X w + y)",
        RIGHT + r"-\frac{2}{N} X^\top (X w - y)",
        RIGHT + r"\frac{3}{N} X^\top (X w - y)",
        RIGHT + r"X (X w - y)",
        r"\nabla_w \mathrm{RSS} = X^\top (X w - y)",
        r"\nabla_w \mathrm{MSE} = 2 X^\top (X w - y)",
    ],
)
def test_what_no_convention_makes_right_is_not_proved(text):
    assert "PROVED" not in verdicts(text)


@pytest.mark.parametrize("factor", [r"\frac{1}{N}", "1", r"\frac{4}{N}", r"-\frac{2}{N}"])
def test_a_defined_loss_binds(factor):
    line = rf"\nabla_w L = {factor} X^\top (X w - y)"
    assert verdicts("L = \\frac{1}{N} \\|X w - y\\|^2\n" + line) == ["DEFINITION", "REFUTED"]
    table = Row("L", "", "loss", r"\frac{1}{N} \|X w - y\|^2"), Row("X", "N x M"), Row("w", "M"), Row("y", "N")
    assert verdicts(line, *table) == ["REFUTED"]


def test_all_lines_are_read_in_one_convention():
    lines = RIGHT + "\\frac{2}{N} X^\\top (X w - y)\n" + RIGHT + "-\\frac{2}{N} X^\\top (y - X w)\n"
    assert verdicts(lines) == ["PROVED", "PROVED"]
    assert verdicts(lines + RIGHT + r"X^\top (X w - y)") == ["PROVED", "PROVED", "REFUTED"]


def test_nothing_is_refuted_with_a_value_for_a_name_that_nobody_explained():
    for text in (r"X (X^\top X)^{-1} X^\top y = q y", r"\hat y - y = X w - y", r"\sum_i x_i = q \bar x + 1"):
        for one in run(text).steps:
            assert one.step.verdict.value in ("OPEN", "DEFINITION", "CONDITION", "CHECKED", "PROVED", "ILL_TYPED"), text
            assert one.step.counterexample is None, text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (r"\sum_{i=1}^n (x_i - \bar x) = 0", r"\sum_{i=1}^n (x_i + \bar x) = 0"),
        (r"\sum_{i=1}^n (x_i - \bar x) x_i = \sum_i x_i^2 - n \bar x^2", r"\sum_{i=1}^n x_i \bar x = \sum_i x_i^2"),
        (r"X^\top X \hat\beta - X^\top \hat y = 0", r"X^\top X \hat\beta + X^\top \hat y = 0"),
    ],
)  # fmt: skip
def test_names_that_the_field_uses_for_one_thing_mean_it(text, wrong):
    assert verdicts(text)[-1] in ("PROVED", "CONDITION")
    assert "PROVED" not in verdicts(wrong)


def test_whether_a_matrix_is_symmetric_is_asked_and_never_assumed():
    text = r"\nabla_x (x^\top A x) = 2 A x"
    found = run(text)
    assert [one.step.verdict.value for one in found.steps] == ["OPEN"]
    (question,) = found.asked.values()
    assert question.key == "A" and [one.says for one in question.choices] == ["any square matrix", "symmetric"]
    assert verdicts(text, question.choices[0].row) == ["REFUTED"]
    assert verdicts(text, question.choices[1].row) == ["PROVED"]


def test_the_other_layout_is_named_and_not_mixed():
    row = r"\frac{\partial}{\partial w} \|X w - y\|^2 = 2 (X w - y)^\top X"
    column = r"\frac{\partial}{\partial w} \|X w - y\|^2 = 2 X^\top (X w - y)"
    found = run(row)
    assert verdicts(row) == ["PROVED"] and "gradients are rows" in found.steps[0].step.assumes
    assert verdicts(f"{column}\n\n{column}\n\n{row}")[:2] == ["PROVED", "PROVED"]
    assert verdicts(f"{column}\n\n{column}\n\n{row}")[2] == "ILL_TYPED"


def test_samples_may_be_columns():
    text = r"Q = \|y - w^\top X\|^2 + \lambda \|w\|^2" + "\n" + r"\nabla_w Q = -2 X (y - w^\top X)^\top + 2 \lambda w"
    assert verdicts(text) == ["DEFINITION", "PROVED"]
    assert {row.name: row.shape for row in run(text).guesses}["y"].startswith("1 x ")
    assert "PROVED" not in verdicts(text.replace("-2 X", "2 X"))


def test_a_course_s_hypothesis_is_the_sigmoid_or_a_linear_model():
    right = r"\frac{\partial J(\theta)}{\partial \theta_j} = \sum_i x_j^{(i)} (h_\theta(x^{(i)}) - y^{(i)})"
    found = run(right)
    assert [one.step.verdict.value for one in found.steps] == ["PROVED"] and len(found.taken) == 2
    assert "PROVED" not in verdicts(right.replace("h_\\theta(x^{(i)}) - y", "h_\\theta(x^{(i)}) + y"))


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        (
            r"(Y - X B)^\top W (Y - X B) = Y^\top W Y - Y^\top W X B - (X B)^\top W Y + (X B)^\top W X B",
            {"W": ("same",)},
        ),
        (r"\frac{d}{d V} \|X - U V\|_F^2 = -2 U^\top (X - U V)", {"U": ("other",), "V": ("other",)}),
        (r"\sum_{i,j} x_i a_{ij} x_j = x^\top a x", {"a": ("same",)}),
    ],
)
def test_sizes_are_one_only_where_the_text_makes_them_one(text, shapes):
    found = {row.name: row.shape.split(" x ") for row in run(text).guesses}
    for name, (how,) in shapes.items():
        assert (found[name][0] == found[name][1]) == (how == "same"), found


def test_a_slip_makes_no_matrix_square_and_no_array_a_number():
    for wrong in (
        r"\frac{d}{d V} \|X - U V\|_F^2 = -2 (X - U V) U",
        r"\frac{d}{dv_{ab}} \|X - U V\|_F^2 = -2 \sum_i (x_{ib} - \sum_k u_{ik} v_{kb}) u_{ai}",
        r"\frac{\partial}{\partial w} w^\top X^\top t = t^\top X + X^\top t",
    ):
        assert set(verdicts(wrong)) <= {"ILL_TYPED", "REFUTED", "OPEN"}, wrong


def test_a_heading_begins_a_part_in_which_letters_may_mean_something_else():
    one = "# One sample\n\n$$\\hat y = w x$$\n\n$$\\frac{d \\hat y}{d w} = x$$\n\n"
    text = one + "# Many\n\n$$\\hat y = X w$$\n\n$$\\frac{d \\hat y}{d w} = X$$\n"
    assert verdicts(text) == ["DEFINITION", "PROVED", "DEFINITION", "PROVED"]
    later = text + "\n# Later\n\n$$\\frac{d \\hat y}{d w} = X^\\top X$$\n"
    assert verdicts(later)[:-1] == verdicts(text) and verdicts(later)[-1] != "PROVED"


def test_page_and_terminal_say_the_same(tmp_path, capsys):
    text = RIGHT + r"\frac{2}{N} X^\top (X w - y)"
    (tmp_path / "own.txt").write_text(text, encoding="utf-8")
    assert main([str(tmp_path / "own.txt")]) == 0
    printed = capsys.readouterr().out
    assert main([str(tmp_path / "own.txt"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    page = json.loads(answer(json.dumps({"do": "check", "state": {"text": text}})))
    assert page["summary"] in printed and "the mean squared error" in printed
    taken = [one["message"] for one in told if one["rule"] == "taken"]
    assert taken and all(one in printed for one in taken)
    decided = [one["rule"].upper() for one in told if one["rule"] != "taken"]
    assert decided == [one["verdict"] for one in page["steps"]] == ["PROVED"]
    buttons = next(one["choices"] for one in page["questions"] if one["row"][0] == "L")
    assert [one["says"] for one in buttons][:2] == ["the mean squared error", "half the mean squared error"]


def test_what_is_assumed_in_the_terminal_goes_before_a_guess(tmp_path, capsys):
    (tmp_path / "own.txt").write_text(RIGHT + r"\frac{1}{N} X^\top (X w - y)", encoding="utf-8")
    assert main([str(tmp_path / "own.txt")]) == 0
    assert "half the mean squared error" in capsys.readouterr().out
    assert main([str(tmp_path / "own.txt"), "--assume", r"L := \frac1N \|Xw - y\|^2"]) == 1
    assert "a factor 2 is lost" in capsys.readouterr().out
    assert main([str(tmp_path / "own.txt"), "--shape", "X:N x 3"]) == 0
    assert "taking X" not in capsys.readouterr().out


def test_the_first_sentence_is_about_the_whole_and_what_goes_on_from_a_false_line_is_told_apart():
    text = (
        "L = \\frac{1}{N} \\|X w - y\\|^2\n\\nabla_w L = \\frac{2}{N} X^\\top (X w - y)\n"
        "  = \\frac{1}{N} X^\\top (X w - y)\n  = \\frac{1}{N} (X^\\top X w - X^\\top y)"
    )
    found = json.loads(answer(json.dumps({"do": "check", "state": {"text": text}})))
    assert found["summary"].startswith("Right up to line 2; line 3 does not hold")
    assert found["summary"].endswith("Line 4 follows from it, as it is written.")
    last = found["steps"][-1]
    assert last["verdict"] == "PROVED"
    assert "follows from your line 3, which is wrong" in [one["says"] for one in last["assumes"]]
    assert all("which is wrong" not in one["says"] for step in found["steps"][:-1] for one in step["assumes"])


def test_a_doubted_verdict_is_one_block_of_text():
    text = RIGHT + r"\frac{3}{N} X^\top (X w - y)"
    asked = {"do": "export", "as": "report", "state": {"text": text, "rows": [["y", "N"]]}}
    told = json.loads(answer(json.dumps(asked)))["text"]
    for part in ("I think this verdict is wrong.", text, "y | N", "w : M", "1. ", "lrcore "):
        assert part in told


SIGMOID_LINE = r"\nabla_\theta g(\theta^\top x) = g(\theta^\top x) (1 - g(\theta^\top x)) x"


@pytest.mark.parametrize(
    ("definition", "wanted"),
    [
        (r"g(z) = \frac{1}{1 + e^{-z}}", ["DEFINITION", "PROVED"]),
        (r"g(z) = z^2", ["DEFINITION", "REFUTED"]),
        (r"g(z) = \frac{1}{1 + e{^-z}}", ["UNREADABLE", "OPEN"]),
    ],
)
def test_what_the_text_says_of_a_name_is_never_replaced_by_a_reading_of_the_list(definition, wanted):
    found = run(f"{definition}\n{SIGMOID_LINE}", Row("z", "scalar"), Row(r"\theta", "d"), Row("x", "d"))
    assert [one.step.verdict.value for one in found.steps] == wanted
    assert not found.taken


def test_a_hypothesis_with_a_minus_of_its_own_keeps_it():
    line = (
        r"\frac{\partial}{\partial\theta_j} \frac12 (h_\theta(x^{(i)}) - y_i)^2 = (h_\theta(x^{(i)}) - y_i) x_j^{(i)}"
    )
    table = Row("X", "m x n"), Row(r"\theta", "n"), Row("y", "m")
    assert verdicts(r"h_\theta(x) = -\theta^\top x, \quad " + line, *table) == ["DEFINITION", "REFUTED"]
    assert verdicts(r"h_\theta(x) = \theta^\top x, \quad " + line, *table) == ["DEFINITION", "PROVED"]


def test_a_line_that_could_not_be_tried_is_hardly_better_than_one_that_is_not_read():
    context = Context(shapes={"a": (), "A": ("n", "n"), "B": ("m", "m")})
    tried, untried = (
        examine(text, context) for text in (r"(A \otimes B)^{-1} = A^{-1} \otimes B^{-1}", r"\log(-a^2 - 1) = a")
    )
    assert [(step.verdict.value, step.untried) for one in (tried, untried) for step in one.report.steps] == [
        ("CHECKED", False), ("CHECKED", True),
    ]  # fmt: skip
    assert failing(tried) < 0.5 < failing(untried) < 1


@pytest.mark.parametrize(
    ("text", "runs", "repairs"),
    [
        (r"$L = \frac1N \|Xw - y\|^2$ gives $\nabla_w L = \frac{2}{N} X^\top (Xw - y)$", 1, 0),
        (r"$L = \frac1N \|Xw - y\|^2$ gives $\nabla_w L = \frac{1}{N} X^\top (Xw - y)$", 4, 1),  # two more layouts
        (r"$\nabla_w L = \frac{2}{N} X^\top (Xw - y)$", 2, 0),
        (r"$Q^\top Q x = x$", 2, 1),  # asked about: no change of one letter makes it right
    ],
)
def test_no_more_is_tried_than_may_change_what_is_told(monkeypatch, text, runs, repairs):
    found = Counter()

    def counting(name, do):
        return lambda *args, **more: found.update([name]) or do(*args, **more)

    monkeypatch.setattr(checked_text, "examine", counting("run", checked_text.examine))
    monkeypatch.setattr(equations, "repair", counting("repair", equations.repair))
    checked = CheckedText(State(text)).run()
    assert (found["run"], found["repair"]) == (runs, repairs)
    assert all(one.step.certificate for one in checked.steps if one.step.verdict is Verdict.PROVED)
