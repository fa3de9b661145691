"""Blank lines of a derivation: any right form is taken, a wrong one is refused with its reason, hints grow stronger."""

import json

import pytest

from lrcore.checker.blanks import NotALine, given, lines
from lrcore.checker.service import answer

ROWS = given(r"x : M; w : M; b : scalar; y : scalar; \hat y := w^\top x + b; L := (\hat y - y)^2")
TEXT = r"""
\frac{\partial L}{\partial w}
= \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial w}
? = 2 (\hat y - y) \frac{\partial \hat y}{\partial w}  % the derivative of a square
? = 2 (\hat y - y)\, x
"""
LINES = lines(TEXT, ROWS)
TABLE = [row.to_list() for row in ROWS]


def above(place):
    return {"text": "\n".join(one.written for one in LINES[:place]), "rows": TABLE}


def said(typed, place=2):
    after = [one.written for one in LINES[place + 1 :]]
    asked = {"do": "blank", "state": above(place), "line": typed, "blank": LINES[place].to_dict(), "after": after}
    return json.loads(answer(json.dumps(asked)))


def hints(place):
    wanted = LINES[place].written
    found = json.loads(answer(json.dumps({"do": "hint", "state": above(place), "wanted": wanted})))
    return [f"{one['says']} {one['written']}".strip() for one in found["hints"]]


@pytest.mark.parametrize(
    "typed",
    [
        r"2 (\hat y - y) \frac{\partial \hat y}{\partial w}",
        r"= 2 (\hat y - y) \frac{\partial \hat y}{\partial w}",
        r"\frac{\partial L}{\partial w} = -2 (y - \hat y) \nabla_w \hat y",
        r"(2\hat y - 2y) \frac{\partial \hat y}{\partial w}",
        "2 * (y_hat - y) * grad(y_hat, w)",
    ],
)
def test_a_right_line_is_taken_in_any_form(typed):
    found = said(typed)
    assert found["right"] and found["says"].startswith("Right"), found
    assert found["also"] == 0


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (r"2 (y - \hat y) \frac{\partial \hat y}{\partial w}", "a wrong sign"),
        (r"(\hat y - y) \frac{\partial \hat y}{\partial w}", "a wrong factor"),
        (r"2 (\hat y - y) \frac{\partial \hat y}{\partial b}", "the same shape"),
        (r"2 (\hat y - y", "never closed"),
        ("2 * (y - y_hat) * grad(y_hat, w)", "a wrong sign"),
        ("2 * (y_hat - y", ""),
        (r"0 = 0", ""),
        (r"w = w", ""),
        (r"L", ""),
    ],
)
def test_a_wrong_line_is_refused_with_its_reason(typed, reason):
    found = said(typed)
    assert not found["right"]
    assert reason in found["says"] and found["says"]


def test_a_wrong_line_shows_numbers_and_what_would_mend_it():
    found = said(r"(\hat y - y) \frac{\partial \hat y}{\partial w}")
    assert found["example"]["left"] != found["example"]["right"]
    assert "factor 2 is lost" in found["repair"]["says"]


def test_a_line_that_holds_and_does_nothing_is_no_step():
    assert "the line above" in said(r"\frac{\partial \hat y}{\partial w} \frac{\partial L}{\partial \hat y}")["says"]
    assert "derivative in it" in said(r"2 (\hat y - y) \nabla_w (w^\top x + b)", 3)["says"]


def test_a_jump_to_the_end_is_no_step_either():
    first = {**LINES[1].to_dict(), "blank": True}
    asked = {"do": "blank", "state": above(1), "line": r"2 (\hat y - y)\, x", "blank": first, "after": []}
    assert "a jump of" in json.loads(answer(json.dumps(asked)))["says"]


def test_a_line_that_says_the_next_one_too_does_both():
    found = said(r"2 (\hat y - y)\, x")
    assert found["right"] and found["also"] == 1


def test_the_first_hint_names_a_rule_alone_and_the_last_is_a_line():
    found = hints(2)
    assert found[0].startswith("The next rule: ") and not set("=\\") & set(found[0])
    assert "The next line:" in found[-1] and len(found) >= 2
    assert len(found) == len(set(found))


def test_what_is_asked_in_another_way_is_refused_in_words():
    for broken in (
        {"line": 3}, {"blank": None}, {"blank": {"head": 1}}, {"after": "x"}, {"after": ["x"] * 99},
        {"line": "x" * 30_000}, {"blank": {"head": "", "left": "a", "size": 1}},
    ):  # fmt: skip
        asked = {"do": "blank", "state": above(2), "line": "x", "blank": LINES[2].to_dict(), "after": [], **broken}
        assert "refused" in json.loads(answer(json.dumps(asked))), broken


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (r"? = (\hat y - y)\, x", "a factor|wrong factor"),
        (r"? = \frac{\partial \hat y}{\partial w} \frac{\partial L}{\partial \hat y}", "repeats"),
        (r"? = 2 (\hat y - y", "never closed"),
    ],
)
def test_an_exercise_with_a_line_that_does_not_hold_is_none(bad, why):
    first = "\n".join(TEXT.strip().splitlines()[:2])
    with pytest.raises(NotALine, match=why):
        lines(f"{first}\n{bad}", ROWS)


def test_the_reason_of_an_author_goes_before_the_rules():
    assert LINES[2].by == "the derivative of a square"
    assert LINES[1].by == "chain rule"


def test_the_equals_sign_of_a_sum_begins_no_line():
    rows = given("X : N x M; r : N; w : M")
    some = lines(r"\sum_{i=1}^N r_i X_{ik}" + "\n? = (X^\\top r)_k", rows)
    assert [one.head for one in some] == [some[0].written, ""]
    asked = {"do": "hint", "state": {"text": some[0].written, "rows": [row.to_list() for row in rows]}}
    found = json.loads(answer(json.dumps({**asked, "wanted": some[1].written})))
    assert found["hints"][0]["says"].startswith("The next rule: ")


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("2 * (A.T * A.T) + s * B.T", True),
        ("2 * A.T * A.T + s * B.T", True),
        ("2 * (A.T @ A.T) + s * B.T", False),
        ("2 * (A.T * A.T) + s * (B.T * B.T)", False),
    ],
)
def test_products_entry_by_entry_stay_so_beside_numbers(typed, right):
    rows = given("A : M x M; B : M x M; s : scalar")
    some = lines(r"(2 A \odot A + s B)^\top" + "\n? = 2 A^\\top \\odot A^\\top + s B^\\top", rows)
    state = {"text": some[0].written, "rows": [row.to_list() for row in rows]}
    blank = {**some[1].to_dict(), "size": None}
    found = json.loads(answer(json.dumps({"do": "blank", "state": state, "line": typed, "blank": blank})))
    assert found["right"] is right, found


def test_what_a_table_says_of_a_symbol_stands_behind_a_comma():
    text = r"dL" + "\n" + r"? = 2 w^\top S\, dw"
    assert len(lines(text, given(r"S : M x M, symmetric; w : M; L := w^\top S w"))) == 2
    with pytest.raises(NotALine):
        lines(text, given(r"S : M x M; w : M; L := w^\top S w"))
