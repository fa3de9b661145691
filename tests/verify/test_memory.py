"""What was found of a claim is kept while one text is read again, and for no other claim."""

import pytest

from lrcore.verify import Context, Problem, derivation, read_chains, read_latex, remembering
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


@pytest.mark.parametrize(
    ("line", "context", "alike", "other"),
    [
        ("f(x) = 1", {"f": ()}, {"f": (), "z": ("N",)}, {"x": (), "f": ("N", "N")}),
        ("a = x_i", {"x": ("N",)}, {"x": ("N",), "i": ("N",)}, {"x_i": ()}),
        ("XW = A", {"X": ("N", "M")}, {"X": ("N", "M"), "Q": ()}, {"XW": ()}),
        (r"A^T = B", {"A": ("N",), "T": ("N", "N")}, {"A": ("N",), "T": ("N", "N"), "q": ()}, {"A": ("N",), "T": ()}),
        (r"\mathbf 1_N = s", {"s": ("N",)}, {"s": ("N",), "M": ()}, {"1_N": ("N",), "s": ("N",)}),
    ],
)
def test_a_line_is_read_anew_only_where_what_it_asks_of_the_table_is_answered_otherwise(line, context, alike, other):
    (chain,) = read_chains(f"${line}$", Context(context))
    first = chain.read(Context(context))
    assert chain.read(Context(alike)) is first
    (fresh,) = read_chains(f"${line} $", Context(other))
    assert chain.read(Context(other)) == fresh.read(Context(other))
    assert chain.read(Context(context)) is first


def test_a_line_is_read_anew_where_a_name_is_no_function_any_more():
    (chain,) = read_chains("$h(a - b) = c$", Context({"a": (), "b": ()}))
    plain, called = (Context({"a": (), "b": ()}, {name: "a^2"}) for name in ("h", "h(a)"))
    assert chain.read(called)[0] == read_latex("h(a - b)", called)
    with pytest.raises(Problem):
        chain.read(plain)


def test_what_one_text_appends_to_a_chain_is_not_kept_for_the_next():
    """The same words again, behind which nothing goes on."""
    text, context = "$$a = b$$", Context({"a": (), "b": ()})
    (chain,) = read_chains(text, context)
    chain.relations.append("=")
    chain.spans.append((0, 0))
    assert [one.relations for one in read_chains(text, context)] == [["="]]
