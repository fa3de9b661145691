"""Whatever is still proved after a random edit of its text agrees with a reader that shares nothing with the prover."""

from collections import Counter
from functools import cache

import pytest

from tests.verify.edits import KINDS, edits, pool
from tests.verify.edits_judged import judge

COUNT, SEED = 2000, 1


@cache
def judged():
    """Every step that is still proved, in the library or on the page, after one of the edits."""
    return [one for edit in edits(pool(), COUNT, SEED) for one in judge(edit)]


def listed(found):
    return "\n".join(f"{one.surface}, {one.edit.kind}: {one.edit.text!r}: {one.step!r} ({one.why})" for one in found)


def test_edits_are_the_same_for_the_same_seed_and_of_every_kind():
    first, again = (list(edits(pool(), 110, SEED)) for _ in range(2))
    assert first == again != list(edits(pool(), 110, SEED + 1))
    assert Counter(one.kind for one in first) == dict.fromkeys(KINDS, 10)


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_changes_the_text(kind):
    for edit in edits(pool(), 40 * len(KINDS), SEED):
        if edit.kind == kind:
            assert edit.text != edit.entry.text


def test_what_is_still_proved_after_an_edit_is_true_as_it_is_written():
    against = [one for one in judged() if one.said == "disagrees"]
    assert not against, f"{len(against)} false proofs:\n{listed(against)}"


def test_the_judge_reads_nine_in_ten_of_what_is_still_proved_on_each_surface():
    for surface in ("library", "page"):
        found = [one for one in judged() if one.surface == surface]
        unread = [one for one in found if one.said == "not read"]
        assert len(found) > 400
        assert len(unread) <= 0.1 * len(found), listed(unread)


def test_edits_of_every_kind_leave_something_proved():
    assert {one.edit.kind for one in judged()} == set(KINDS)
