# ruff: noqa: E501 (a derivation is quoted as one line)
"""What a view is told: every gallery case, repairs that hold, questions, advice, states that are refused."""

import json
import subprocess
import sys

import pytest

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.gallery import CASES
from lrcore.checker.service import answer, check
from lrcore.checker.starts import BY_ID, STARTS
from lrcore.checker.table import LONGEST, Refused, Row, context_of, read_state
from lrcore.checker.view import view
from lrcore.verify import derivation
from lrcore.verify.decide.pipeline import STUMBLED


def rows(start):
    return [list(row) for row in BY_ID[start].rows]


def checked(text, table="samples", **more):
    table = rows(table) if isinstance(table, str) else table
    return check(read_state({"text": text, "rows": table, **more}))


def verdicts(found):
    return [step["verdict"] for step in found["steps"]]


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_each_gallery_case_has_its_verdict_line_and_repair(case):
    found = check(read_state({"text": case.text, "rows": [list(row) for row in case.rows]}))
    assert found["problems"] == {} and (not case.rows or found["questions"] == [])  # what no table says is guessed
    assert found["first_wrong"] == case.step
    step = found["steps"][case.step]
    assert step["verdict"] == case.verdict
    assert (step["repair"] or {"text": ""})["text"] == case.mended
    assert (step["example"] is not None) == (case.verdict == "REFUTED")


@pytest.mark.parametrize("case", [one for one in CASES if one.mended], ids=lambda one: one.id)
def test_each_repair_put_into_the_text_is_proved(case):
    table = [list(row) for row in case.rows]
    repair = check(read_state({"text": case.text, "rows": table}))["steps"][case.step]["repair"]
    text = case.text[: repair["from"]] + repair["text"] + case.text[repair["to"] :]
    assert verdicts(checked(text, table))[case.step] == "PROVED"


def test_nine_cases_have_names_of_their_own_and_something_to_notice():
    assert len({case.id for case in CASES}) == len(CASES) == 9
    assert all(case.notice and case.title for case in CASES)


@pytest.mark.parametrize("start", STARTS, ids=lambda one: one.id)
def test_every_table_to_start_from_is_understood(start):
    context, problems = context_of(tuple(Row(*row) for row in start.rows))
    assert problems == {}
    assert all(context.lookup(context.key(row[0])) is not None for row in start.rows)


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("one", r"\frac{\partial L}{\partial w} = 2 (\hat y - y) x"),
        ("samples", r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top r"),
        ("outputs", r"\frac{\partial L}{\partial b} = \frac{2}{N} \mathbf 1_N^\top R"),
        ("ridge", r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top r + 2 \lambda w"),
        ("weighted", r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top C r"),
    ],
)
def test_the_gradient_holds_from_each_start(start, text):
    assert verdicts(checked(text, start)) == ["PROVED"]


def test_a_line_is_marked_where_its_fault_is_and_not_where_the_line_above_stands():
    text = "By the chain rule\n\\frac{\\partial L}{\\partial w} = X^\\top \\frac{\\partial L}{\\partial r}\n  = \\frac{1}{N} X^\\top r"
    found = checked(text)
    assert [step["line"] for step in found["steps"]] == [2, 3]
    start, end = found["steps"][1]["mark"]
    assert text[start:end] == r"\frac{1}{N} X^\top r"


def test_a_repair_is_written_as_a_person_would():
    repair = checked(r"\frac{\partial L}{\partial w} = \frac{1}{N} X^\top r")["steps"][0]["repair"]
    assert repair["text"] == r"\frac{2}{N} X^\top r"
    repair = checked("grad(L, w) = 1/N * X.T @ r")["steps"][0]["repair"]
    assert verdicts(checked(f"grad(L, w) = {repair['text']}")) == ["PROVED"]


def test_what_a_line_defines_holds_for_the_lines_after_it_and_conditions_carry_on():
    text = "e := y - X w\nJ := e^\\top e\n\\nabla_w J = -2 X^\\top e\n\nSetting it to zero:\n-2 X^\\top e = 0\nX^\\top X w = X^\\top y"
    found = checked(text, [["X", "N x M"], ["w", "M"], ["y", "N"]])
    assert verdicts(found) == ["DEFINITION", "DEFINITION", "PROVED", "CONDITION", "PROVED"]
    assert found["ok"] and "3 more are no claim" in found["summary"]


def test_one_unreadable_line_does_not_take_the_others_with_it():
    found = checked("\\frac{1}{ = \\foo\n\n\\frac{\\partial L}{\\partial w} = \\frac{2}{N} X^\\top r")
    assert "PROVED" in verdicts(checked("\\foo = 3\n\\frac{\\partial L}{\\partial w} = \\frac{2}{N} X^\\top r"))
    assert verdicts(found)[0] == "UNREADABLE"


# ------------------------------------------------------------------ questions


def test_a_missing_symbol_is_asked_for_with_a_guess():
    found = checked(r"\frac{\partial}{\partial w} \|X w - y\|^2 = 2 X^\top (X w - y)", [])
    asked = {question["row"][0]: (question["row"][1], question["asks"]) for question in found["questions"]}
    assert asked["X"] == ("N x M", "appears without a shape: is it N × M?")
    assert asked["w"][0] == "M" and asked["y"][0] == "N"
    assert verdicts(found) == ["PROVED"] and "guessed" in found["summary"]


def test_indices_and_the_ends_of_sums_give_shapes_in_the_letters_of_the_text():
    text = r"""J = \frac{1}{2m} \sum_{i=1}^m (\sum_{j=1}^n x_{ij} \theta_j - y_i)^2
\frac{\partial J}{\partial \theta_k} = \frac{1}{m} \sum_{i=1}^m (\sum_{j=1}^n x_{ij} \theta_j - y_i) x_{ik}"""
    found = checked(text, [])
    assert {q["row"][0]: q["row"][1] for q in found["questions"]} == {"x": "m x n", r"\theta": "n", "y": "m"}
    assert verdicts(found) == ["DEFINITION", "PROVED"]


def test_a_shape_that_the_text_says_goes_before_a_guess():
    text = r"Let $A \in \mathbb{R}^{p \times q}$. Then $$(A v)^\top = v^\top A^\top$$ with $v \in \mathbb R^q$."
    found = checked(text, [])
    assert {q["row"][0]: q["row"][1] for q in found["questions"]} == {"A": "p x q", "v": "q"}


def test_a_name_that_is_used_before_the_text_defines_it_is_taken_from_there():
    text = "\\frac{\\partial J}{\\partial w} = 2 X^\\top (Xw - y)\n\nHere J = \\|Xw - y\\|^2"
    found = checked(text, [])
    assert "J" not in [question["row"][0] for question in found["questions"]]
    assert verdicts(found) == ["PROVED", "DEFINITION"]


def test_MSE_is_one_name_and_not_three():
    text = r"MSE = \frac{1}{N} \|Xw - y\|^2" + "\n" + r"\frac{\partial MSE}{\partial w} = \frac{2}{N} X^\top (Xw - y)"
    assert verdicts(checked(text, [])) == ["DEFINITION", "PROVED"]


def test_an_answer_to_a_question_makes_the_question_go_away():
    text = r"(X w)^\top = w^\top X^\top"
    found = checked(text, [])
    table = [question["row"] for question in found["questions"]]
    assert len(table) == 2 and checked(text, table)["questions"] == []


# ------------------------------------------------------------------ advice


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (r"\frac{d}{d} L = 2", "has no variable"),
        ("dL/dw = 2/N * X.T @ r", "grad(L, w)"),
        ("grad(L, w) = 2/N * X.T * r", "did you mean the product X.T @ r or the entrywise"),
        (r"L = \frac1N \|y - yhat\|^2", "yhat is read letter by letter"),
        (r"\frac{\partial L}{\partial w} = \fraq{2}{N} X^\top r", r"Did you mean \frac?"),
        (r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top (Xw + b - y)", r"\mathbf 1_N b puts it into each"),
    ],
)
def test_a_line_that_is_not_understood_gets_its_place_and_a_suggestion(line, says):
    found = checked(line)
    step = found["steps"][found["first_wrong"]]
    assert says in step["advice"]["says"]
    assert 0 <= step["mark"][0] <= step["mark"][1] <= len(line)


@pytest.mark.parametrize(
    "line",
    [
        "dL/dw = 2/N * X.T @ r",
        "grad(L, w) = 2/N * X.T * r",
        r"L = \frac1N \|y - yhat\|^2",
        r"\frac{\partial L}{\partial w} = \fraq{2}{N} X^\top r",
        r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top (Xw + b - y)",
    ],
)
def test_a_suggested_change_makes_the_line_hold(line):
    found = checked(line)
    _, start, end, written = found["steps"][found["first_wrong"]]["advice"]["changes"][0]
    assert set(verdicts(checked(line[:start] + written + line[end:]))) == {"PROVED"}


def test_another_loss_than_the_table_s_can_become_the_table_s():
    table = rows("samples")
    text = r"L = \frac{1}{2N} \|Xw + \mathbf 1_N b - y\|^2"
    step = checked(text, table)["steps"][0]
    assert step["verdict"] == "REFUTED" and step["adopt"]["row"] == 6
    table[6] = ["L", "", "loss", step["adopt"]["definition"]]
    assert verdicts(checked(text, table)) == ["DEFINITION"]


def test_layouts_decide_what_holds():
    text = r"\frac{\partial L}{\partial w} = \frac{2}{N} r^\top X"
    other = checked(text)["steps"][0]
    assert other["verdict"] == "PROVED" and "gradients are rows" in [one["says"] for one in other["assumes"]]
    assert verdicts(checked(text, layout="jacobian")) == ["PROVED"]
    assert verdicts(checked(text + "\n" + r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top r")) == [
        "ILL_TYPED",
        "PROVED",
    ]


# ------------------------------------------------------------------ tables and states


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["X", "N by M"], "'N by M' is none"),
        (["X", "N x M x D"], "is none; write N x M"),
        (["", "N"], "A row without a symbol"),
        (["w", "M", "", r"\frac{1}{"], "The row of w is not understood"),
        ([r"\frac{1}{2}", "N"], "is not understood"),
    ],
)
def test_a_row_that_is_not_understood_is_named(row, says):
    found = checked("1 = 1", [row])
    assert says in found["problems"]["0"]


def test_a_symbol_that_stands_in_the_table_twice_is_named():
    assert "twice" in checked("", [["X", "N x M"], ["X", "M"]])["problems"]["1"]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (None, "an object"),
        ({"text": 3}, "has to be a string"),
        ({"text": "", "rows": ["X"]}, "list of strings"),
        ({"text": "", "rows": [[]] * 61}, "61 rows"),
        ({"text": "x" * (LONGEST + 1)}, "up to 20000 are read"),
        ({"text": "", "layout": "sideways"}, "one of gradient"),
        ({"text": "", "rows": [["X", "N" * 3000]]}, "more than 2000"),
    ],
)
def test_a_state_of_another_kind_is_refused_in_a_sentence(state, says):
    with pytest.raises(Refused, match=says):
        read_state(state)
    assert says in json.loads(answer(json.dumps({"do": "check", "state": state})))["refused"]


@pytest.mark.parametrize(
    "request_",
    [
        "",
        "[]",
        "{",
        '{"do": "eval"}',
        '{"do": "judge", "state": {}, "challenge": []}',
        '{"do": "export", "state": {}, "as": "exe"}',
    ],
)
def test_another_request_is_refused_in_a_sentence(request_):
    refused = json.loads(answer(request_))["refused"]
    assert refused and STUMBLED not in refused


def test_the_answer_is_the_prover_s_own():
    text = r"\frac{\partial L}{\partial w} = \frac{1}{N} X^\top r"
    context, _ = context_of(tuple(Row(*row) for row in rows("samples")))
    own = derivation(text, context).steps[0]
    step = checked(text)["steps"][0]
    assert (step["verdict"], step["says"], step["repair"]["says"]) == (own.verdict.value, own.message, own.repair)
    assert step["example"]["left"] == own.counterexample.to_dict()["left"]


def test_the_checker_needs_neither_numpy_nor_sympy_until_sympy_is_asked_for():
    code = """
import sys, json
from lrcore.checker.service import answer
state = {"text": "(X w)^T = w^T X^T", "rows": [["X", "N x M"], ["w", "M"]]}
assert json.loads(answer(json.dumps({"do": "check", "state": state})))["ok"]
answer(json.dumps({"do": "judge", "state": state, "challenge": "ridge"}))
assert not {"numpy", "sympy", "matplotlib"} & set(sys.modules), "loaded"
found = json.loads(answer(json.dumps({"do": "confirm", "state": state})))["confirmations"]
assert found[0]["agrees"] is True and "sympy" in sys.modules, found
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_view_is_plain_json():
    checked = CheckedText(read_state({"text": CASES[0].text, "rows": [list(row) for row in CASES[0].rows]})).run()
    assert json.loads(json.dumps(view(checked))) == view(checked)


def test_equations_beyond_the_two_hundredth_are_said_to_be_left_out():
    found = checked("1 = 1\n\n" * 205)
    assert len(found["steps"]) == 200 and "The last 5 equations were not looked at" in found["summary"]


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        (r"J = \|A \theta - t\|^2" + "\n" + r"\nabla_\theta J = 2 A^T (A\theta - t)", {"A": "N x M", r"\theta": "M", "t": "N"}),
        ("E = (y - Xb)^T (y - Xb)\n\\frac{dE}{db} = -2 X^T (y - X b)", {"X": "N x M", "b": "M", "y": "N"}),
        ("loss = norm2(X @ theta - y)\ngrad(loss, theta) = 2 * X.T @ (X @ theta - y)", {"X": "N x M", r"\theta": "M", "y": "N"}),
        ("z = Wx + b\nL = \\|z - t\\|^2\n\\frac{\\partial L}{\\partial W} = 2 (z-t) x^T", {"W": "D x M", "x": "M", "b": "D", "t": "D"}),
    ],
)  # fmt: skip
def test_shapes_are_guessed_so_that_the_lines_have_a_meaning(text, shapes):
    found = checked(text, [])
    assert {question["row"][0]: question["row"][1] for question in found["questions"]} == shapes
    assert found["ok"]


def test_numbers_are_guessed_where_columns_would_have_no_meaning():
    found = checked("L = \\frac12 (t - y)^2, \\quad y = w x + b\n\\frac{dL}{dw} = (y - t) x", [])
    assert found["ok"], found["summary"]


def test_what_is_solved_for_is_a_condition_and_no_definition():
    text = "J = \\|X\\theta - y\\|^2\n\\nabla_\\theta J = 2 X^T (X \\theta - y)\nSetting it to zero: X^T X \\theta = X^T y\n\\theta = (X^T X)^{-1} X^T y"
    found = checked(text, [])
    assert verdicts(found) == ["DEFINITION", "PROVED", "CONDITION", "PROVED"]
    assert {q["row"][0] for q in found["questions"]} == {"X", r"\theta", "y"}


def test_a_line_without_a_mark_of_its_own_is_read_in_the_language_of_the_others():
    text = "r = X w - y\nL = r^T r / n\ndr/dw = X\ndL/dw = X^T dL/dr = 2/n X^T r"
    assert set(verdicts(checked(text, []))) == {"DEFINITION", "PROVED"}


def test_words_of_latex_without_their_backslash_are_named():
    text = "L = frac{1}{N} \\sum_{i=1}^N (y_i - w x_i)^2"
    step = checked(text, [])["steps"][0]
    assert step["advice"]["changes"] == [["Write \\frac", 4, 8, "\\frac"]]
    assert {q["row"][0] for q in checked(text, [])["questions"]} == {"y", "w", "x"}
    assert verdicts(checked(text.replace("frac", "\\frac"), [])) == ["DEFINITION"]


def test_sympy_confirms_what_is_proved_and_nothing_else():
    text = "J := \\|X w - y\\|^2\n\\nabla_w J = 2 X^\\top (X w - y)\n2 X^\\top (X w - y) = 0\nX^\\top X w = X^\\top y\nJ = 3"
    state = {"text": text, "rows": [["X", "N x M"], ["w", "M"], ["y", "N"]]}
    assert verdicts(checked(text, state["rows"])) == ["DEFINITION", "PROVED", "CONDITION", "PROVED", "REFUTED"]
    found = json.loads(answer(json.dumps({"do": "confirm", "state": state})))["confirmations"]
    assert [one and one["agrees"] for one in found] == [None, True, None, True, None]


def test_why_names_the_rules_of_what_holds_and_the_rule_that_was_meant():
    text = r"(A B)^\top = B^\top A^\top \\\\ (A B)^\top = A^\top B^\top"
    state = {"text": text, "rows": [["A", "n x n", "", ""], ["B", "n x n", "", ""]], "layout": "gradient"}
    right, wrong = json.loads(answer(json.dumps({"do": "why", "state": state})))["reasons"]
    assert (right["rules"], right["size"], right["meant"]) == (["transpose of a product"], 1, "")
    assert right["lines"] == [
        {"latex": r"B^\top A^\top", "written": r"B^\top A^\top", "rule": "transpose of a product"}
    ]
    assert wrong["meant"].startswith("Probably meant: transpose of a product.")


@pytest.mark.parametrize("text", [r"(X w)^\top = -w^\top X^\top", r"\nabla_w \|X w - y\|^2 = -2 X^\top (X w - y)"])
def test_a_sign_that_is_lost_is_laid_to_no_rule(text):
    state = {"text": text, "rows": [["X", "N x M", "", ""], ["w", "M", "", ""], ["y", "N", "", ""]]}
    assert checked(text, state["rows"])["steps"][0]["repair"]
    assert json.loads(answer(json.dumps({"do": "why", "state": state})))["reasons"] == [None]


@pytest.mark.parametrize("row", [["p", "M by M"], ["p", "", "", "A, 2"], ["p", "", "", "A % + A"]])
def test_a_row_that_is_not_understood_is_not_made_up_for(row):
    for text, verdicts in (
        ("p A = A p", ["OPEN"]),
        ("A A = A^2", ["PROVED"]),
        ("p := A\np A = A p", ["DEFINITION", "PROVED"]),
    ):
        state = {"text": text, "rows": [["A", "M x M"], row], "layout": "gradient"}
        found = json.loads(answer(json.dumps({"do": "check", "state": state})))
        assert [step["verdict"] for step in found["steps"]] == verdicts and list(found["problems"]) == ["1"]
