"""What the chapters say of the three documents is what the list of Errata has."""

import re

import pytest
from pages import text

from lrcore.data import errata

FORMULAS = {formula["number"]: formula for document in errata() for formula in document["formulas"]}
WRONG = {"REFUTED", "ILL_TYPED"}


def wrong(number, among=FORMULAS):
    return bool(WRONG & set(among[number]["verdicts"]))


def first_wrong(letter, among=FORMULAS):
    """Counted from 1, among the formulas of a document."""
    own = [number for number in among if number.startswith(letter)]
    return next(place for place, number in enumerate(own, 1) if wrong(number, among))


def noted(number, words, among=FORMULAS):
    return wrong(number, among) and words in among[number]["note"]


CLAIMS = {
    ("question", "the last line are right. In four lines an index is lost or in the wrong place:"): lambda f: (
        [one for one in ("A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9") if wrong(one, f)]
        == ["A1", "A2", "A6", "A8"]
    ),
    ("question", "In its fourth formula a sign is lost"): lambda f: first_wrong("B", f) == 4 and noted("B4", "sign", f),
    ("n_samples", "Each was consistent, and both arrive at the same product"): lambda f: (
        not any(wrong(one, f) for one in ("A7", "A9", "B3", "B5"))
    ),
    (
        "many_outputs",
        "made three slips. You have seen the norm without its square. The other two are in this line",
    ): lambda f: (
        noted("B7", "lost its square", f)
        and noted("B10", "Two slips: the sign at the start", f)
        and noted("B10", "shapes do not", f)
    ),
    ("many_outputs", "write $j$ for both, as one of the documents behind this book does"): lambda f: noted(
        "C10", "j is free outside and summed inside", f
    ),
    (
        "one_sample",
        "so descent, which subtracts it, climbs. One of the documents behind this book does that",
    ): lambda f: noted("B4", "sign", f),
    ("refresher", "an index that is used for two things is one of the mistakes in the documents"): lambda f: (
        noted("A6", "free on the left and summed", f) and wrong("C10", f)
    ),
    ("errata", "All three have slips"): lambda f: all(
        any(wrong(number, f) for number in f if number.startswith(letters)) for letters in (("A", "B"), "L", "C")
    ),
}


def plain(page):
    return re.sub(r"\s+", " ", text(f"book/{page}"))


@pytest.mark.parametrize(("page", "words"), CLAIMS)
def test_what_a_chapter_says_of_the_documents_is_so(page, words):
    assert words in plain(page)
    assert CLAIMS[page, words](FORMULAS)


@pytest.mark.parametrize(
    ("page_words", "number", "verdicts"),
    [
        (
            ("question", "the last line are right. In four lines an index is lost or in the wrong place:"),
            "A2",
            ["PROVED"],
        ),
        (("question", "In its fourth formula a sign is lost"), "B3", ["REFUTED"]),
        (("n_samples", "Each was consistent, and both arrive at the same product"), "A9", ["REFUTED"]),
        (("errata", "All three have slips"), None, None),
    ],
)
def test_a_claim_that_the_list_denies_is_found(page_words, number, verdicts):
    if number is None:
        changed = {name: one | {"verdicts": ["PROVED"]} if name[0] == "C" else one for name, one in FORMULAS.items()}
    else:
        changed = FORMULAS | {number: FORMULAS[number] | {"verdicts": verdicts}}
    assert not CLAIMS[page_words](changed)
