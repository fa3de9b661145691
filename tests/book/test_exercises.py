"""Exercises that are answered on the page: each number is computed here, each choice of formulas the prover decides."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from pages import ROOT, listed, text

import lrcore
from lrcore.data import standardise
from lrcore.verify import Verdict, derivation, page_context

FENCE = re.compile(r"^```\{(answer|choice)\} ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [name for name in listed() if FENCE.search(text(name))]
NAMES = {"np": np, "lr": lrcore, "standardise": standardise, **{n: getattr(lrcore, n) for n in lrcore.__all__}}
#: How many exercises each chapter has at least: a number that only grows.
AT_LEAST = dict.fromkeys(
    [
        "refresher",
        "notation",
        "one_sample",
        "n_samples",
        "many_outputs",
        "closed_form",
        "descent",
        "costs",
        "housing",
        "backprop",
        "graph",
        "trust",
    ],
    20,
)


def asked(name, kind):
    """Each answer or choice of a page: its argument, its options, and what stands below them."""
    for found in FENCE.finditer(text(name)):
        if found[1] == kind:
            options = dict(re.findall(r"^:(\w+): (.*)$", found[3], re.MULTILINE))
            yield found[2].strip(), options, re.findall(r"^- (.*)$", found[3], re.MULTILINE)


def number_of(argument):
    return float(re.match(r"-?\d+(\.\d+)?(e-?\d+)?", argument)[0])


def computed(code):
    return float(eval(code, dict(NAMES)))  # noqa: S307  our own page


def agrees(argument, code):
    return number_of(argument) == pytest.approx(computed(code), rel=1e-3, abs=1e-12)


def verdicts(page, claim, choices):
    """What the prover says of each choice as the other side of the claim."""
    context = page_context(page)
    sides = [re.fullmatch(r"\$(.*)\$", choice)[1] for choice in choices]
    return [derivation(f"{claim} = {side}", context).steps[-1].verdict for side in sides]


def only_one_holds(found, right):
    refused = {Verdict.REFUTED, Verdict.ILL_TYPED, Verdict.STATIONARY}
    wrong = [one for place, one in enumerate(found, 1) if place != right]
    return found[right - 1] is Verdict.PROVED and refused.issuperset(wrong)


@pytest.mark.parametrize("name", PAGES)
def test_each_number_is_what_its_code_computes(name):
    assert [given for given, options, _ in asked(name, "answer") if not agrees(given, options["from"])] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_prover_proves_the_right_choice_and_refuses_each_other(name):
    for right, options, choices in asked(name, "choice"):
        assert 1 <= int(right) <= len(choices)
        assert len(set(choices)) == len(choices)
        if "claim" in options:
            found = verdicts(text(name), options["claim"], choices)
            assert only_one_holds(found, int(right)), list(zip(choices, found, strict=True))


def test_a_wrong_number_and_a_wrong_choice_are_found():
    assert agrees("2.5 USD", "np.sqrt(6.25)")
    assert not agrees("-2.5 USD", "np.sqrt(6.25)")
    assert not agrees("2.6 USD", "np.sqrt(6.25)")
    page = text("book/n_samples")
    choices = [r"$\frac2N X^\top r$", r"$\frac2N X r$", r"$\frac1N X^\top r$"]
    found = verdicts(page, r"\frac{\partial L}{\partial w}", choices)
    assert only_one_holds(found, 1)
    assert not only_one_holds(found, 2)
    twice = verdicts(page, r"\frac{\partial L}{\partial w}", [choices[0], r"$\frac2N X^\top (\hat y - y)$"])
    assert not only_one_holds(twice, 1)  # two of them are right


@pytest.mark.parametrize(("name", "least"), AT_LEAST.items())
def test_a_chapter_has_exercises_of_all_kinds(name, least):
    page = text(f"book/{name}")
    assert page.count(":class: exercise") >= least
    assert "```{answer}" in page
    assert "```{choice}" in page


def test_no_two_exercises_ask_the_same():
    questions = [
        re.sub(r"[\d\s]+", " ", re.split(r"```\{|^:::$", question, flags=re.MULTILINE)[0]).strip()
        for name in listed()
        for question in re.findall(r":class: exercise\n(.*?)^:::$", text(name), re.MULTILINE | re.DOTALL)
    ]
    assert len(questions) == len(set(questions))


def test_an_answer_that_is_no_number_and_a_choice_that_is_not_there_stop_the_build():
    spec = importlib.util.spec_from_file_location("exercises", Path(ROOT) / "book" / "_ext" / "exercises.py")
    exercises = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exercises)
    assert exercises.NUMBER.fullmatch("-12.5 USD sqft").groups() == ("-12.5", "USD sqft")
    assert exercises.NUMBER.fullmatch("1.4e-05").groups() == ("1.4e-05", "")
    assert exercises.NUMBER.fullmatch("a dozen") is None
