"""The learner's lines in the chapters: what is said of each is what Errata, checker and numbers say."""

import importlib.util
import re

import numpy as np
import pytest
from pages import ROOT, listed, text

from lrcore.check import central_differences
from lrcore.data import errata
from lrcore.gradients import jacobian_tensor
from lrcore.verify import Context, derivation

BOX = re.compile(r"^```\{suspect\} (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FORMULAS = {formula["number"]: formula for document in errata() for formula in document["formulas"]}
CHAPTERS = ("book/one_sample", "book/n_samples", "book/many_outputs")
#: What Errata and checker write where each suspicion is the right one.
WORDS = {
    "sign": r"\bsign\b",
    "index": r"\bindex\b|summed|not n\b",
    "shape": r"shape|transpose|layout|vector is squared|four indices",
    "part": r"lost|missing|[Ww]ith vec",
}
X, X3, w = np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2], [3, 4], [5, 6]]), np.ones(2)
y = np.array([2.0, 5])


def half_mse_of(predictions):
    return ((predictions - y) ** 2).sum() / 4


def half_mse(weights):
    return half_mse_of(X @ weights)


NAMES = {
    "np": np, "X": X, "X3": X3, "w": w, "r": X @ w - y, "E": np.array([[1.0, 2], [2, 0]]), "half_mse": half_mse,
    "half_mse_of": half_mse_of, "slopes": central_differences, "jacobian_tensor": jacobian_tensor,
}  # fmt: skip


def boxes():
    """Of each line its page, its number and its options."""
    for page in listed():
        for found in BOX.finditer(text(page)):
            yield page, found[1], dict(re.findall(r"^:(\w+): (.*)$", found[2], re.MULTILINE))


BOXES = {number: (page, options) for page, number, options in boxes()}


def slips(number, options):
    """Which suspicions are right by the list of Errata and by the checker."""
    entry = FORMULAS[number]
    if not {"REFUTED", "ILL_TYPED"} & set(entry["verdicts"]):
        return {"right"}
    said = entry["note"] + " ".join(
        step.message for step in derivation(entry["latex"], Context(**entry["context"])).steps
    )
    return {kind for kind in options if re.search(WORDS[kind], said)}


def evaluated(said):
    """The numbers that are told, and those that the code behind them gives; none where it says why there are none."""
    told, _, code = said.partition(" from ")
    if not code:
        return None
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", told)]
    return numbers, np.atleast_1d(eval(code, dict(NAMES))).tolist()  # noqa: S307  our own page


def test_each_of_the_learners_lines_stands_in_one_chapter_of_three():
    places = [(page, number) for page, number, _ in boxes()]
    learners = sorted(number for number in FORMULAS if number[0] == "A")
    assert sorted(number for _, number in places if number[0] == "A") == learners
    assert {page for page, _ in places} == set(CHAPTERS)
    assert len({number for _, number in places}) == len(places)


@pytest.mark.parametrize("number", [number for number in BOXES if number in FORMULAS])
def test_what_is_suspected_rightly_is_what_errata_and_checker_name(number):
    said = set(BOXES[number][1].get("slips", "right").split())
    assert said == slips(number, said)


@pytest.mark.parametrize("number", BOXES)
def test_its_numbers_are_computed_and_show_the_slip(number):
    _, options = BOXES[number]
    printed, measured = evaluated(options["printed"]), evaluated(options["measured"])
    assert measured[0] == pytest.approx(measured[1], abs=1e-8)
    if printed is None:
        assert options["printed"].startswith("nothing, since") or options["printed"] == "3 indices"
        return
    assert printed[0] == pytest.approx(printed[1])
    right = "slips" not in options
    assert (printed[0] == pytest.approx(measured[0])) is right if len(printed[0]) == len(measured[0]) else not right


def test_a_wrong_suspicion_and_a_wrong_number_are_found():
    assert slips("B4", {"index"}) != {"index"}
    assert slips("A9", {"sign"}) != {"sign"}
    told, computed = evaluated("-0.5, -1 from r / 2")
    assert told != pytest.approx(computed)


def test_the_build_takes_the_verdict_that_the_list_expects_and_no_other():
    spec = importlib.util.spec_from_file_location("suspects", ROOT / "book" / "_ext" / "suspects.py")
    suspects = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(suspects)
    box = object.__new__(suspects.Suspect)
    box.error = ValueError
    told = box.verdict(FORMULAS["B4"])[0].astext()
    assert "✗ refuted" in told
    assert "a wrong sign" in told
    with pytest.raises(ValueError, match="expects"):
        box.verdict(FORMULAS["B4"] | {"verdicts": ["PROVED"]})
