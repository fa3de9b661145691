"""The mathematics in a pasted text is found where it stands, and prose is not taken for it."""

from random import Random

import pytest

from lrcore.verify.read.passages import find
from tests.verify.damage import damaged

POST = r"""So if $MSE=\frac{1}{2n}\sum_{i=1}^{n} e_i^2$ where $e$ is the error, I pay $5 and

$$\frac{\partial MSE}{\partial e_i} = \frac1n e_i$$

  1. We compute the rest: \begin{align} a &= b \\ &= c \end{align} which \[ d = e \] and \(f = g\).
"""


def found(text, names=()):
    return [" ".join(piece.text.split()) for piece in find(text, names)]


def test_a_forum_post_gives_its_equations_and_nothing_else():
    assert found(POST) == [
        r"MSE=\frac{1}{2n}\sum_{i=1}^{n} e_i^2",
        r"\frac{\partial MSE}{\partial e_i} = \frac1n e_i",
        r"\begin{align} a &= b \\ &= c \end{align}",
        "d = e",
        "f = g",
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("So the gradient is dL/dw = 2/N X^T r.", ["dL/dw = 2/N X^T r"]),
        ("Using X^T y = (y^T X)^T, we get w = 3.", ["X^T y = (y^T X)^T", "w = 3"]),
        ("L = a\n  = b\n  = c", ["L = a = b = c"]),
        ("L = a +\n  b", ["L = a + b"]),
        ("\\frac{a\n}{b} = c", ["\\frac{a }{b} = c"]),
        ("Hello there.\nNothing to see.", []),
        ("1. x = 1\n2. y = 2\n\n> u = 4", ["x = 1", "y = 2", "u = 4"]),
        ("> x = 1\n> y = 2", ["x = 1", "y = 2"]),
        ("- x = 1\n- y = 2", ["x = 1", "y = 2"]),
        ("x = 1\n> y", ["x = 1 > y"]),
        ("x = 1  # by the first line\n% all of it\ny = 2", ["x = 1", "y = 2"]),
        ("X^T (X w - y)", ["X^T (X w - y)"]),
        ("loss = x\nand loss is 3", ["loss = x"]),
        ("$$a = b$$ we get $$= c$$", ["a = b", "= c"]),
        ("**Step 1: a = b**", ["a = b"]),
        ("$x$ and $i = 1, \\dots, n$", []),
        ("$$ MSE : L = a $$", ["L = a"]),
    ],
)
def test_lines_words_and_continuations(text, pieces):
    assert found(text) == pieces


def test_a_declared_word_is_a_symbol_and_no_prose():
    assert found("error = 3 and more", ["error"]) == ["error = 3"]
    assert found("the error = 3") == ["error = 3"]


@pytest.mark.parametrize("seed", range(20))
def test_every_piece_is_as_long_as_its_place_and_keeps_what_it_does_not_blank(seed):
    rng = Random(seed)
    for _ in range(50):
        text = damaged(rng.choice([POST, POST[:90], "Using X^T y = b, we get w = 3"]), rng)
        for piece in find(text):
            assert len(piece.text) == piece.end - piece.start
            assert all(new in (old, " ") for old, new in zip(text[piece.start : piece.end], piece.text))
