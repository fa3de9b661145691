"""No token is dropped between a formula and its tree: the leaves of the tree cover the text."""

from dataclasses import replace
from pathlib import Path

import pytest

from lrcore.verify import Context, Verdict, check_page, derivation
from lrcore.verify.read import chains
from lrcore.verify.read.chains import Raw
from lrcore.verify.read.coverage import uncovered
from lrcore.verify.read.document import read_chains
from lrcore.verify.read.expansion import tokenize
from lrcore.verify.read.latex import read_expression, read_tokens
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from tests.verify.corpus import CORPUS
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC

BOOK = Path(__file__).resolve().parents[2] / "book"
PAGES = [path for path in sorted(BOOK.rglob("*.md")) if not path.relative_to(BOOK).parts[0].startswith("_")]
GIVEN = {"shapes": SHAPES, "symmetric": SYMMETRIC}
CORPORA = {
    "derivations as people type them": [(given, text) for _, given, text, _ in CORPUS],
    "identities": [(GIVEN, latex) for latex, _ in IDENTITIES],
}


def sides_of(raw, trees):
    """(tokens, tree) of each side of a chain; what stands in a set is a shape and no expression."""
    if raw.relations != ["->"]:
        for kind, tokens, tree in zip(["", *raw.relations], raw.sides, trees):
            if kind != "in":
                yield tokens, tree


def read_sides(given, text):
    """(tokens, tree) of every side that is read, with narrow sums and with wide ones."""
    context = Context(**given)
    for chain in read_chains(text, context):
        for wide in (False, True):
            try:
                trees = chain.read(context, wide)
            except Unreadable:
                continue
            if chain.raw is not None:
                yield from sides_of(chain.raw, trees)


def written(tokens, spans):
    return [" ".join(one.text for one in tokens)] + spans if spans else []


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_leaves_of_each_side_cover_what_was_written(corpus):
    found = [side for given, text in CORPORA[corpus] for side in read_sides(given, text)]
    assert len(found) > 2 * len(IDENTITIES)
    assert [written(tokens, spans) for tokens, tree in found if (spans := uncovered(tokens, tree))] == []


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_node_points_into_what_was_written(corpus):
    for given, text in CORPORA[corpus]:
        for tokens, tree in read_sides(given, text):
            first, last = min(one.start for one in tokens), max(one.end for one in tokens)
            for node in s.walk(tree):
                if node != s.ONE:  # the other size of a row or a column that is written with dots
                    assert node.span and first <= node.span[0] < node.span[1] <= last, (text, node)


def test_the_leaves_of_each_equation_of_the_book_cover_what_was_written(monkeypatch):
    read, found = Raw.read, []

    def recorded(raw, context, wide=False):
        trees = read(raw, context, wide)
        found.extend(sides_of(raw, trees))
        return trees

    monkeypatch.setattr(Raw, "read", recorded)
    for page in PAGES:
        check_page(page.read_text(encoding="utf-8"), inline=True)
    assert len(found) > 600
    assert [written(tokens, spans) for tokens, tree in found if (spans := uncovered(tokens, tree))] == []


def without_one(tree):
    """The tree with one factor, term, index or argument left out, in each way."""
    for name in ("factors", "terms", "indices", "args"):
        parts = getattr(tree, name, ())
        for place in range(len(parts) if len(parts) > 1 else 0):
            yield replace(tree, **{name: parts[:place] + parts[place + 1 :]})
    for child in s.children(tree):
        for smaller in without_one(child):
            yield s.rebuild(tree, lambda one, child=child, smaller=smaller: smaller if one is child else one)


def is_plain(tokens):
    """Without dots, whose terms stand for others, and without tokens of a macro that stand at one place."""
    ends = [one.end for one in tokens]
    return not any(one.text == "dots" for one in tokens) and ends == sorted(ends) and len(set(ends)) == len(ends)


def test_a_tree_that_lost_a_part_is_caught():
    kept, tried = [], 0
    for _, given, text, _ in CORPUS:
        for tokens, tree in read_sides(given, text):
            if not is_plain(tokens):
                continue
            for smaller in without_one(tree):
                tried += 1
                if not uncovered(tokens, smaller):
                    kept.append((" ".join(one.text for one in tokens), smaller))
    assert tried > 5000 and kept == []


def test_a_line_whose_tree_lost_a_part_is_not_decided(monkeypatch):
    context = Context(shapes={"a": (), "b": ()})
    assert derivation(r"2ab = 2a\,b", context).ok

    def without_the_last(tokens, known, wide=False):
        tree = read_tokens(tokens, known, wide)
        return replace(tree, factors=tree.factors[:-1]) if isinstance(tree, s.Mul) else tree

    monkeypatch.setattr(chains, "read_tokens", without_the_last)
    (step,) = derivation(r"2ab = 2a\;b", context).steps  # not the text from before, whose reading is kept
    assert step.verdict is Verdict.UNREADABLE and step.span == (2, 3)


@pytest.mark.parametrize("text", [r"\trans{w}x", r"2\trans{Xw}y + \inner{x}{y}"])
def test_between_the_arguments_of_a_macro_a_lost_part_is_caught_too(text):
    macros = {r"\trans": "{(#1)}^T", r"\inner": r"\langle #1, #2\rangle"}
    context = Context(shapes={"w": ("n",), "x": ("n",), "X": ("n", "n"), "y": ("n",)}, macros=macros)
    tokens = tokenize(text, macros)
    tree = read_tokens(tokens, context)
    assert uncovered(tokens, tree) == []
    assert all(uncovered(tokens, smaller) for smaller in without_one(tree))


KNOWN = {"shapes": {"x": ("n",), r"\hat{x_1}": ("n",), r"\sigma^2": (), "A": ("n", "n"), "y": ("n",)}}


@pytest.mark.parametrize(
    "text",
    [
        r"\hat{x_1}^T A",
        r"\hat{y_1}^T",
        r"{(\sigma^4)}^2",
        r"\sum_{i\neq jk} x_i",
        "--x",
        "x^{(i)T}",
        "A^-1x",
        r"\|x\|_2^2",
        r"\underbrace{x}_{\text{so}} y",
        r"\overset{!}{x}",
        r"\begin{array}{cc} x & y \end{array}",
    ],
)
def test_what_was_written_is_all_in_the_tree(text):
    context, tokens = Context(**KNOWN), tokenize(text)
    assert uncovered(tokens, read_tokens(tokens, context)) == []


@pytest.mark.parametrize(
    "text",
    [
        r"\nabla^{2x}_x y",
        r"\frac{\partial^{2k} y}{\partial x^2}",
        r"\frac{d^2 y}{d^7 x}",
        r"\sum_{i}_{j} x_j",
        r"\sum_{i=2} x_i",
        r"\hat{y_i_j}",
        "A_{1.5}",
        "9" * 5000,
        "x_{" + "9" * 5000 + "}",
        r"\overline{" * 200 + "x" + "}" * 200,
        r"\overline" * 1000 + " x",
        r"\frac{d " * 100 + "x" + "}{dx}" * 100,
    ],
)
def test_what_would_have_to_be_dropped_is_refused_in_a_sentence(text):
    with pytest.raises(Unreadable, match=r"\.$"):
        read_expression(text, Context(**KNOWN))


@pytest.mark.parametrize("name", [r"\overline{" * 1000 + "x" + "}" * 1000, r"\overline" * 1000 + " x"])
def test_a_name_below_a_thousand_bars_is_refused_in_a_sentence(name):
    with pytest.raises(Unreadable, match=r"\.$"):
        Context(shapes={name: ("n",)})
