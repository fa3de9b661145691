"""What was found of a claim is kept while one text is read again, and for no other claim."""

import pytest

from lrcore.verify import Context, derivation, remembering
from lrcore.verify.prove import memory

SQUARE = {"A": ("N", "N"), "x": ("N",)}


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (r"x^\top A x - x^\top A^\top x = A - A^\top", Context({**SQUARE, "A": ()}), Context({"A": (), "x": ()})),
        (r"A x = A^\top x", Context(SQUARE, symmetric=["A"]), Context(SQUARE)),
        (r"s = r^\top r", Context({"r": ("N",)}, {"s": "r^T r"}), Context({"r": ("N",)}, {"s": "2 r^T r"})),
        (r"1 = \sum_{i=1}^N x_i / x_1", Context({"x": (1,)}), Context({"x": ("N",)})),
        (r"\mathbf 1_N^\top \mathbf 1_N = N", Context({"x": ("N",)}), Context({"x": ("N", "M")})),
        (r"\sum_{i=1}^N x_i = x^\top \mathbf 1_N", Context({"x": ("N",)}), Context({"x": ("M",)})),
    ],
)
def test_claims_that_differ_in_a_shape_a_symmetry_or_a_definition_are_decided_apart(text, one, other):
    alone = [derivation(text, context).steps[0].verdict for context in (one, other)]
    with remembering():
        assert [derivation(text, context).steps[0].verdict for context in (one, other, one, other)] == alone * 2
        assert [derivation(text, context).steps[0].verdict for context in (other, one)] == alone[::-1]


def test_the_same_claim_is_decided_once(monkeypatch):
    found = []
    text, context = r"A x = A^\top x", Context(SQUARE, symmetric=["A"])
    keep = memory.recalled

    def counted(claim, what, find):
        return keep(claim, what, lambda one: found.append(what) or find(one))

    monkeypatch.setattr("lrcore.verify.decide.claims.recalled", counted)
    with remembering():
        assert derivation(text, context).ok and derivation(text, context).ok
    assert found == ["decision"]
    assert derivation(text, context).ok and found == ["decision"] * 2  # nothing is kept beyond a text


def test_every_part_of_a_typed_tree_tells_claims_apart(monkeypatch):
    """With the symmetry left out of what is told apart, the wrong claim would be proved."""
    text, right, wrong = r"A x = A^\top x", Context(SQUARE, symmetric=["A"]), Context(SQUARE)
    monkeypatch.setattr(memory, "_key", lambda claim, kept: "the same for all")
    with remembering():
        assert derivation(text, right).ok and derivation(text, wrong).ok


def test_a_counterexample_is_told_by_the_index_of_its_own_line():
    lines = (r"(A x)_%s = (A^\top x)_%s" % (index, index) for index in "km")  # noqa: UP031
    with remembering():
        steps = derivation(r" \\ ".join(lines), Context(SQUARE)).steps
    assert [list(step.counterexample.places) for step in steps] == [["k"], ["m"]]
