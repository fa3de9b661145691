"""What is still proved after an edit of its text is right, as read by somebody who shares no code with the prover."""

from collections import Counter
from functools import cache

import pytest

from tests.verify.edits import KINDS, edits, pool
from tests.verify.edits_judged import judge

COUNT, SEED = 2_000, 20261126


@cache
def judged():
    """Every step of the edited texts that is still proved, with the judge's word on it."""
    return [one for edit in edits(pool(), COUNT, SEED) for one in judge(edit)]


def test_the_edits_are_of_every_kind_and_come_from_thousands_of_lines():
    kinds = Counter(edit.kind for edit in edits(pool(), COUNT, SEED))
    assert set(kinds) == set(KINDS) and min(kinds.values()) > COUNT / 40
    assert len({edit.entry.name for edit in edits(pool(), COUNT, SEED)}) > 500


def test_what_is_still_proved_agrees_with_the_independent_judge():
    wrong = [
        f"{one.surface}, {one.edit.kind}: {one.edit.text!r}: {one.why}" for one in judged() if one.said == "disagrees"
    ]
    assert wrong == []


def test_the_judge_reads_nine_in_ten_of_what_is_still_proved():
    said = Counter(one.said for one in judged())
    assert sum(said.values()) > 500
    assert said["not read"] <= 0.1 * sum(said.values()), Counter(one.why for one in judged() if one.said == "not read")


@pytest.mark.parametrize("surface", ["library", "page"])
def test_most_edits_are_noticed_at_each_surface(surface):
    still = {id(one.edit) for one in judged() if one.surface == surface}
    assert len(still) < COUNT / 2
