"""Each challenge is solved by different ways, and by no wrong one; a jump to the end is true and not enough."""

import json

import pytest

from lrcore.checker.challenges import BY_NAME, CHALLENGES
from lrcore.checker.service import answer
from lrcore.checker.typeset import shown
from tests.checker.worked_solutions import SOLUTIONS, WRONG


def judged(name, text):
    state = {"text": text, "rows": [list(row) for row in BY_NAME[name].rows]}
    return json.loads(answer(json.dumps({"do": "judge", "state": state, "challenge": name})))


def checked(name, text):
    state = {"text": text, "rows": [list(row) for row in BY_NAME[name].rows]}
    return json.loads(answer(json.dumps({"do": "check", "state": state, "challenge": name})))


def test_there_are_ten_each_with_two_ways_and_a_wrong_one():
    assert len(CHALLENGES) == 10
    assert {name for name in SOLUTIONS if len(SOLUTIONS[name]) > 1} == set(WRONG) == set(BY_NAME)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in SOLUTIONS for text in SOLUTIONS[name]])
def test_every_way_solves_it(name, text):
    found = judged(name, text)
    assert found["solved"], found["says"]
    assert all(one["reached"] for one in found["milestones"])
    assert checked(name, text)["ok"]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_way_is_refused_and_its_first_wrong_line_named(name):
    assert not judged(name, WRONG[name])["solved"]
    assert checked(name, WRONG[name])["first_wrong"] is not None


@pytest.mark.parametrize("name", [one.id for one in CHALLENGES if one.id != "normal"])
def test_a_jump_to_the_end_is_named_with_what_it_goes_over(name):
    one = BY_NAME[name]
    jump = f"{one.first} = {one.last}"
    assert checked(name, jump)["ok"]
    found = judged(name, jump)
    assert not found["solved"] and "is a jump of" in found["says"]


def test_the_closed_form_alone_is_not_enough():
    assert not judged("normal", BY_NAME["normal"].last)["solved"]


def test_what_is_given_can_not_be_defined_anew():
    assert checked("ridge", "w := 0\n\\frac{\\partial L}{\\partial w} = 0")["first_wrong"] == 0
    assert not judged("ridge", "L := 0\n\\frac{\\partial L}{\\partial w} = 0")["solved"]


def test_half_of_the_gradient_beside_half_of_the_answer_takes_nothing_apart():
    one = BY_NAME["hessian"]
    padded = rf"{one.first} = \frac12 {one.first} + \frac12 ({one.last}) = {one.last}"
    found = judged("hessian", padded)
    assert not found["solved"] and not found["milestones"][0]["reached"]


@pytest.mark.parametrize("one", CHALLENGES, ids=lambda one: one.id)
def test_hints_belong_to_stages_and_do_not_give_the_answer(one):
    assert len(one.hints) == len(one.stages)
    bare = one.last.replace(" ", "").replace("\\,", "")
    assert all(bare not in hint.replace(" ", "") for hints in one.hints for hint in hints)


@pytest.mark.parametrize("one", CHALLENGES, ids=lambda one: one.id)
def test_the_formulas_of_a_hint_are_typeset(one):
    for hint in (hint for hints in one.hints for hint in hints):
        words, formulas = hint.split("$")[::2], hint.split("$")[1::2]
        assert len(words) == len(formulas) + 1
        assert not any("\\" in part or "^" in part for part in words), hint
        assert all(shown(part, True) for part in formulas), hint


@pytest.mark.parametrize("text", ["", "   ", "hello", "\\frac{", "x" * 9000, "= = ="])
def test_nothing_to_judge_is_said_in_a_sentence(text):
    found = judged("ridge", text)
    assert not found["solved"] and found["says"].endswith(".")


def hinted(text, rows, challenge=""):
    state = {"text": text, "rows": [list(row) for row in rows]}
    return json.loads(answer(json.dumps({"do": "hint", "state": state, "challenge": challenge})))


def test_hints_of_rising_strength_name_the_rule_then_the_part_then_the_line():
    one = BY_NAME["ridge"]
    line = r"\nabla_w L = \frac1N \frac{\partial}{\partial w} \|r\|^2 + \lambda \frac{\partial}{\partial w} \|w\|^2"
    rule, part, after = hinted(line, one.rows, "ridge")["hints"]
    assert rule["says"] == "The next rule: chain rule."
    assert part["written"] == r"\frac{\partial}{\partial w} \left\|r\right\|^2"
    assert checked("ridge", f"{line} = {after['written']}")["ok"]


def test_an_open_derivation_of_ones_own_is_led_on_from_its_last_line_that_holds():
    rows = [["X", "N x M", "", ""], ["w", "M", "", ""], ["y", "N", "", ""]]
    line = r"\nabla_w \|X w - y\|^2 = \nabla_w ((X w - y)^\top (X w - y))"
    assert hinted(line, rows)["hints"][0]["says"] == "The next rule: product rule."
    wrong = line + "\n" + r"\nabla_w \|X w - y\|^2 = 3 X^\top (X w - y)"
    assert hinted(wrong, rows) == hinted(line, rows)
    assert hinted(r"\nabla_w \|X w - y\|^2 = 3 X^\top (X w - y)", rows)["refused"].startswith("Write a first line")
    assert hinted(r"\nabla_w \|X w - y\|^2 = 2 X^\top (X w - y)", rows)["refused"].startswith("No derivative is left")
    assert "refused" in hinted("", rows, "no such challenge")
