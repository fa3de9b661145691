"""The differentiator that the chapter *A graph of the computation* builds, against automatic differentiation."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from pages import cells

BUILT = [cell for cell in cells("book/graph") if any(one in cell for one in ("class Node", "def plus", "def in_order"))]


def chapter(change=lambda code: code):
    """The names that the three cells define."""
    names = {"np": np}
    for cell in BUILT:
        exec(change(cell), names)  # noqa: S102  our own page
    return names


def theirs(name):
    return {
        "total": lambda a, axis=None: anp.sum(a, axis=axis),
        "tanh": anp.tanh,
        "exp": anp.exp,
        "log": anp.log,
        "bend": lambda a: anp.maximum(a, 0),
    }[name]


A, B = np.random.default_rng(0).normal(size=(2, 4, 3))
V, ROW, COLUMN = np.random.default_rng(1).normal(size=(3, 2)), B[:1], A[:, :1]
FUNCTIONS = {
    "a sum and a product": lambda f, a, b: f["total"](a * b + a),
    "a difference, both ways": lambda f, a, b: f["total"]((a - b) * (2.0 - a) * (b - 3.0)),
    "a quotient": lambda f, a, b: f["total"](a / (2.0 + b * b)) + f["total"](1.0 / (3.0 + a * a)),
    "a product of matrices": lambda f, a, b: f["total"]((a @ V) * (b @ V) @ V.T),
    "a matrix in front, transposed": lambda f, a, b: f["total"](V.T @ a.T @ b),
    "functions of entries": lambda f, a, b: f["total"](f["tanh"](a) * f["exp"](b) + f["log"](2.0 + f["tanh"](a))),
    "a bend": lambda f, a, b: f["total"](f["bend"](a) * b),
    "sums along one axis": lambda f, a, b: f["total"](f["total"](a, axis=0) * f["total"](b, axis=0)),
    "sums along the other": lambda f, a, b: f["total"](f["total"](a * b, axis=1) * f["total"](a, axis=1)),
    "used in two ways": lambda f, a, b: f["total"](a) * f["total"](a * a) + f["total"](b),
}
PAIRS = {"two matrices": (A, B), "a row": (A, ROW), "a column": (COLUMN, B), "a vector": (A, ROW[0])}


def agrees(names, function, a, b):
    _, found = names["gradients_of"](lambda a, b: function(names, a, b))(a, b)
    other = {name: theirs(name) for name in ("total", "tanh", "exp", "log", "bend")}
    for place, ours in enumerate(found):
        expected = grad(lambda *given: function(other, *given), place)(a, b)
        assert ours.shape == (a, b)[place].shape
        if not np.allclose(ours, expected, rtol=1e-10, atol=1e-12):
            return False
    return True


@pytest.mark.parametrize("pair", PAIRS)
def test_gradients_are_those_of_autograd(pair):
    names = chapter()
    for what, function in FUNCTIONS.items():
        a, b = PAIRS[pair]
        if pair == "two matrices" or what in ("a sum and a product", "a difference, both ways", "a quotient", "a bend"):
            assert agrees(names, function, a, b), what


@pytest.mark.parametrize(
    ("line", "broken", "what"),
    [
        ("source.blame = source.blame + share", "source.blame = share", "used in two ways"),
        ("1 - h * h", "1 - a * a", "functions of entries"),
        ("(B, lambda G: A.value.T @ G)", "(B, lambda G: G.T @ A.value)", "a matrix in front, transposed"),
        ("reversed(nodes)", "nodes", "a product of matrices"),
        ("added_up(G * b.value, a.value.shape)", "added_up(G * a.value, a.value.shape)", "a sum and a product"),
    ],
)
def test_a_differentiator_with_a_slip_is_found(line, broken, what):
    assert any(line in cell for cell in BUILT)
    names = chapter(lambda code: code.replace(line, broken))
    try:
        found = agrees(names, FUNCTIONS[what], A, B)
    except (ValueError, AssertionError):
        return  # its shapes do not even fit
    assert not found


def test_blame_starts_at_one_number_alone_and_the_program_is_about_a_hundred_lines():
    names = chapter()
    with pytest.raises(ValueError, match="no number"):
        names["send_back"](names["Node"](A))
    lines = [line for cell in BUILT for line in cell.splitlines() if line.strip()]
    assert 80 < len(lines) < 130
