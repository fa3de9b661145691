"""The learner's question and its answer, in the gallery without a table, get the Errata's verdicts line by line."""

import pytest

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.gallery import CASES
from lrcore.checker.table import State
from lrcore.data import errata

FALSE = {"REFUTED", "ILL_TYPED"}
DOCUMENTS = dict(zip(("question", "answer"), errata()))
PLACES = [(case, number) for case, found in DOCUMENTS.items() for number in range(len(found["formulas"]))]
CASE = {case.id: case for case in CASES}


@pytest.fixture(scope="module")
def checked():
    return {name: CheckedText(State(CASE[name].text, CASE[name].rows)).run() for name in DOCUMENTS}


def said(found, text, latex):
    """The verdicts of the steps that stand in a formula of the text."""
    start = text.index(f"$${latex}$$")
    inside = [one for one in found.steps if start <= one.left[0] < start + len(latex) + 4]
    return [(one.step.verdict.value, one.first) for one in inside]


def agrees(wanted, verdict, first):
    """A formula that defines its name in the text is a definition, where the Errata have that name in a table."""
    defines = wanted == "PROVED" and verdict == "DEFINITION" and first
    return wanted == verdict or {wanted, verdict} <= FALSE or defines


@pytest.mark.parametrize(("name", "number"), PLACES)
def test_a_formula_of_the_gallery_gets_the_verdicts_of_the_errata(checked, name, number):
    formula = DOCUMENTS[name]["formulas"][number]
    found = said(checked[name], CASE[name].text, formula["latex"])
    assert len(found) == len(formula["verdicts"]), formula["number"]
    for wanted, (verdict, first) in zip(formula["verdicts"], found):
        assert agrees(wanted, verdict, first), (formula["number"], wanted, verdict)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_gallery_has_every_formula_once_in_the_order_of_the_document_and_no_table(name):
    text, places = CASE[name].text, []
    for formula in DOCUMENTS[name]["formulas"]:
        assert text.count(f"$${formula['latex']}$$") == 1
        places.append(text.index(formula["latex"]))
    assert places == sorted(places) and CASE[name].rows == ()


def test_a_mended_formula_would_not_agree():
    formula = next(one for one in DOCUMENTS["answer"]["formulas"] if one["number"] == "B4")
    text = CASE["answer"].text.replace(r"\frac{2}{2n}(y-\hat y)", r"\frac{2}{2n}(\hat y-y)")
    ((verdict, first),) = said(
        CheckedText(State(text)).run(), text, formula["latex"].replace("(y-\\hat y)", "(\\hat y-y)")
    )
    assert verdict == "PROVED" and not agrees(formula["verdicts"][0], verdict, first)
