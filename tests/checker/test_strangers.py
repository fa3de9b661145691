"""Derivations of many courses and countries, pasted without a table: the right form is accepted in all its steps, and
the same text with one slip is refused there.
"""

import re
from pathlib import Path

import pytest

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.table import State

LETTERS = {"PROVED": "P", "REFUTED": "R", "ILL_TYPED": "R", "STATIONARY": "R", "DEFINITION": "D", "CONDITION": "C"}
_, *TEXTS = Path(__file__).with_name("strangers.txt").read_text(encoding="utf-8").split("\n### ")


def letters(text):
    return "".join(
        LETTERS.get(one.step.verdict.value, "?") for one in CheckedText(State(text), finish=False).run().steps
    )


@pytest.mark.parametrize("entry", TEXTS, ids=[one.split("\n")[0].split(" ", 2)[2] for one in TEXTS])
def test_the_right_text_is_accepted_and_the_one_with_a_slip_refused(entry):
    head, text = entry.split("\n", 1)
    right, wrong, _ = head.split(" ", 2)
    assert letters(re.sub(r"«(.*?)\|(.*?)»", r"\1", text).strip("\n")) == right
    assert letters(re.sub(r"«(.*?)\|(.*?)»", r"\2", text).strip("\n")) == wrong
