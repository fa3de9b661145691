"""Exercises that are answered on the page: each number is computed here, each choice of formulas the prover decides."""

import importlib.util
import json
import re
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from pages import ROOT, cells, listed, text

import lrcore
from lrcore.check import check_gradient
from lrcore.checker import service
from lrcore.checker.blanks import given, lines
from lrcore.data import standardise
from lrcore.verify import Verdict, derivation, page_context

FENCE = re.compile(r"^```\{(answer|choice)\} ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXERCISE = re.compile(r"^:::\{admonition\} ([^\n]*)\n:class: exercise ?([\w-]*)\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
BLANKS = re.compile(r"^```\{blanks\} (\w+)\n:given: ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Five of these in each chapter, and what there may be besides.
KINDS = ("by-hand", "predict", "mistake", "prove", "layout", "counterexample", "implement", "project")
MORE_KINDS = ("derive", "choose")
LEVELS = ["### Warm-ups", "### Longer ones", "### Project"]
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
        "statistics",
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


def exercises(page):
    """Each exercise of a page: its title, its kind, and what is asked."""
    return EXERCISE.findall(page)


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


def does(code, options):
    """Whether a choice of code has the value that the right one has, or raises the error that it raises."""
    names = dict(NAMES)
    for name, value in (one.split(":", 1) for one in options.get("runs", "").split("; ") if one):
        names[name.strip()] = eval(value, names)  # noqa: S307  our own page
    try:
        value = np.asarray(eval(code, names))  # noqa: S307
    except (ValueError, IndexError) as error:
        return type(error).__name__ == options.get("raises")
    wanted = np.asarray(eval(options["equals"], names)) if "equals" in options else None  # noqa: S307
    return wanted is not None and value.shape == wanted.shape and np.allclose(value, wanted, rtol=1e-6, atol=0)


def right_ones(choices, options):
    """The choices of code that do what the right one does, counted from 1."""
    return [place for place, one in enumerate(choices, 1) if does(re.fullmatch("`(.*)`", one)[1], options)]


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
        if {"equals", "raises"} & set(options):
            assert right_ones(choices, options) == [int(right)], choices


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
    runs = {"runs": "X: np.ones((3, 2)); r: np.array([1.0, 2.0, 3.0])"}
    code = ["`X @ r`", "`X.T @ r`", "`r @ X`", "`2 * X.T @ r`"]
    assert right_ones(code, {**runs, "equals": "np.array([6.0, 6.0])"}) == [2, 3]
    assert right_ones(code, {**runs, "raises": "ValueError"}) == [1]


@pytest.mark.parametrize(("name", "least"), AT_LEAST.items())
def test_a_chapter_has_enough_exercises_of_five_kinds_in_three_levels(name, least):
    page = text(f"book/{name}")
    kinds = [kind for _, kind, _ in exercises(page)]
    assert len(kinds) == page.count(":class: exercise") >= least
    assert set(kinds) <= {*KINDS, *MORE_KINDS}, set(kinds) - {*KINDS, *MORE_KINDS}
    assert len(set(kinds) & set(KINDS)) >= 5, sorted(set(kinds) & set(KINDS))
    assert [level for level in LEVELS if f"\n{level}\n" in page] == LEVELS
    assert "```{answer}" in page
    assert "```{choice}" in page


@pytest.mark.parametrize("name", AT_LEAST)
def test_a_chapter_says_what_goes_wrong_before_its_exercises(name):
    page = text(f"book/{name}")
    assert page.count("\n## What goes wrong in practice\n") == 1
    assert page.index("\n## What goes wrong in practice\n") < page.index("\n## Derive it yourself\n")
    assert page.index("\n## Derive it yourself\n") < page.index("\n## Exercises\n")


def test_a_kind_that_is_told_in_the_title_is_the_one_of_its_class():
    told = {"find the mistake": "mistake", "prove or refute": "prove", "build a counterexample": "counterexample",
            "predict, then run": "predict", "translate": "layout", "implement": "implement"}  # fmt: skip
    for name in AT_LEAST:
        for title, kind, _ in exercises(text(f"book/{name}")):
            said = title.partition(": ")[2]
            assert told.get(said, kind) == kind, (name, title)
            assert kind not in told.values() or said in told, (name, title)


def printed(name, marker, line, instead):
    """What the cell of a program prints, with a line of the reader's in the place of one."""
    (cell,) = [one for one in cells(f"book/{name}") if marker in one]
    assert line in cell
    names = {"np": np, "x": np.array([2.0, 3.0]), "w": np.array([1.0, -1.0]), "b": 0.5, "y": 1.0}
    names["check_gradient"] = lambda *asked: print(bool(check_gradient(*asked)))
    with redirect_stdout(StringIO()) as said:
        exec(cell.replace(line, instead), names)  # noqa: S102  our own page
    return said.getvalue().split("\n")[:-1]


def test_the_cell_of_a_program_takes_a_right_one_and_refuses_what_stands_there_and_the_nearest_wrong_one():
    zeros = "return np.zeros((len(A), len(B[0])))"
    right, wrong = 'return np.einsum("ik,kj->ij", A, B)', 'return np.einsum("ik,kj->ij", A, B[::-1])'
    products = [printed("refresher", "three loops go here", zeros, one) for one in (zeros, right, wrong)]
    assert [all(one.endswith("right") for one in said) for said in products] == [False, True, False]
    gradient = "2 * (w @ x + b - y) * x"
    tried = [gradient, f"{gradient} + 2 * lam * w", f"{gradient} + lam * w"]
    said = [printed("one_sample", "what is missing?", f"{gradient}  #", f"{one}  #") for one in tried]
    assert said == [["False"], ["True"], ["False"]]


def test_no_two_exercises_ask_the_same():
    questions = [
        re.sub(r"[\d\s]+", " ", re.split(r"```\{|^:::$", question, flags=re.MULTILINE)[0]).strip()
        for name in listed()
        for _, _, question in exercises(text(name))
    ]
    assert len(questions) == len(set(questions))


# ---------------------------------------------------------------------- derivations with blank lines


@cache
def derivations(page, section="Derive it yourself"):
    """Of each derivation in a section of a page its stage, its table of symbols and its lines."""
    _, _, below = text(f"book/{page}").partition(f"\n## {section}\n")
    found = [(one[1], given(one[2]), one[3]) for one in BLANKS.finditer(below.partition("\n## ")[0])]
    return [(stage, rows, lines(body, rows)) for stage, rows, body in found]


@pytest.mark.parametrize("name", AT_LEAST)
def test_a_chapter_has_a_derivation_to_follow_one_with_gaps_and_one_that_is_empty(name):
    found = derivations(name)
    assert [stage for stage, _, _ in found] == ["complete", "half", "empty"]
    assert [any(one.blank for one in some) for _, _, some in found] == [False, True, True]
    assert len({some[-1].written for _, _, some in found}) == 3


@pytest.mark.parametrize("name", AT_LEAST)
def test_each_blank_takes_its_own_line_refuses_it_with_another_sign_and_has_a_hint(name):
    for _, rows, some in derivations(name) + derivations(name, "Exercises"):
        table = [row.to_list() for row in rows]
        for place in (place for place, one in enumerate(some) if one.blank):
            state = {"text": "\n".join(one.written for one in some[:place]), "rows": table}
            side = some[place].written.partition("=")[2]
            asked = {"do": "blank", "state": state, "blank": some[place].to_dict()}
            assert ask({**asked, "line": side})["right"], side
            wrong = ask({**asked, "line": f"-\\left({side}\\right)"})
            assert not wrong["right"] and wrong["says"], side
            hints = ask({"do": "hint", "state": state, "wanted": some[place].written}).get("hints", [{"says": "."}])
            assert hints[0].get("latex", "") == "" and side.strip() not in hints[0]["says"]


#: Of last lines of exercises the nearest that somebody might write.
NEAREST = [
    ("one_sample", r"(\hat y - y)\, x", r"2 (\hat y - y)\, x"),
    ("one_sample", r"-2 e\, x", r"2 e\, x"),
    ("n_samples", r"2 (X^\top A\, r)_k", r"2 (X^\top r)_k"),
    ("many_outputs", r"\operatorname{tr}\left((\lambda W)^\top dW\right)", r"\operatorname{tr}((2 \lambda W)^\top dW)"),
    (
        "many_outputs",
        r"\operatorname{tr}\left(\left(\frac2N \mathbf 1_N^\top R\right)^\top db\right)",
        r"\operatorname{tr}\left(\frac2N \mathbf 1_N^\top R\, db\right)",
    ),
    (
        "many_outputs",
        r"\operatorname{tr}\left(\left(\frac2N X^\top R\, S\right)^\top dW\right)",
        r"\operatorname{tr}\left(\left(\frac2N X^\top R\right)^\top dW\right)",
    ),
    ("many_outputs", "a c^\\top", "c a^\\top"),
    ("many_outputs", "C_{kj}", "C_{jk}"),
    ("many_outputs", r"\operatorname{tr}(C^\top dW)", r"\operatorname{tr}(C\, dW)"),
]


@pytest.mark.parametrize(("name", "right", "wrong"), NEAREST)
def test_the_last_line_of_an_exercise_is_taken_and_the_nearest_wrong_one_refused(name, right, wrong):
    ends = [some for _, _, some in derivations(name, "Exercises") if some[-1].written == f"= {right}"]
    rows = next(rows for _, rows, some in derivations(name, "Exercises") if some in ends)
    state = {"text": "\n".join(one.written for one in ends[0][:-1]), "rows": [row.to_list() for row in rows]}
    asked = {"do": "blank", "state": state, "blank": ends[0][-1].to_dict()}
    assert [ask({**asked, "line": one})["right"] for one in (right, wrong)] == [True, False]


def ask(asked):
    return json.loads(service.answer(json.dumps(asked)))


def test_an_answer_that_is_no_number_and_a_choice_that_is_not_there_stop_the_build():
    spec = importlib.util.spec_from_file_location("exercises", Path(ROOT) / "book" / "_ext" / "exercises.py")
    exercises = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exercises)
    assert exercises.NUMBER.fullmatch("-12.5 USD sqft").groups() == ("-12.5", "USD sqft")
    assert exercises.NUMBER.fullmatch("1.4e-05").groups() == ("1.4e-05", "")
    assert exercises.NUMBER.fullmatch("a dozen") is None
