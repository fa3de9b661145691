"""Functions whose definitions differentiate other functions, at arguments that hold the variables: sympy says what
they are, the normal form and the checker of certificates say so too, and of nothing else.
"""

from random import Random

import pytest
import sympy

from lrcore.verify import Context
from lrcore.verify.prove.certify import certify
from lrcore.verify.prove.normal import prove
from tests.verify.test_rules import claim_of

A, B = sympy.symbols("a b")
ARGUMENTS = {"a": A, "b": B, "2a": 2 * A, "a + b": A + B, "a b": A * B, "-b": -B, "3b": 3 * B}


def written(value):
    """A polynomial as LaTeX, term by term."""
    terms = sympy.Poly(value, A, B).terms()
    return " + ".join(f"({number}) a^{{{powers[0]}}} b^{{{powers[1]}}}" for powers, number in terms)


def function(value):
    """The value with other numbers for a and b."""
    return lambda a, b: sympy.expand(value).subs({A: a, B: b}, simultaneous=True)


def drawn(number):
    """Definitions of p, q and r, the name of a number made of them, and that number."""
    random = Random(number)
    p = sum(random.choice([1, 2, 3]) * A ** random.randint(1, 3) * B ** random.randint(1, 2) for _ in range(2))
    P = function(p)
    q, value = random.choice(
        [
            (r"\frac{\partial}{\partial a} p(a, b)", sympy.diff(P(A, B), A)),
            (r"\frac{\partial}{\partial a} p(b, a)", sympy.diff(P(B, A), A)),
            (r"\frac{\partial}{\partial b} p(a + b, a)", sympy.diff(P(A + B, A), B)),
            (r"\frac{\partial}{\partial a} (b\, p(a, b))", sympy.diff(B * P(A, B), A)),
        ]
    )
    Q = function(value)
    r, value = random.choice(
        [
            (r"\frac{\partial}{\partial a} q(a, b)", sympy.diff(Q(A, B), A)),
            (r"\frac{\partial}{\partial a} q(b, a) + p(a, a)", sympy.diff(Q(B, A), A) + P(A, A)),
            (r"\frac{\partial}{\partial a} q(a, 2a)", sympy.diff(Q(A, 2 * A), A)),
        ]
    )
    (x, X), (y, Y) = (random.choice([*ARGUMENTS.items()]) for _ in range(2))
    said, value = random.choice(
        [
            (f"r({x}, {y})", function(value)(X, Y)),
            (rf"a\, q({x}, {y}) p({y}, {x})", A * Q(X, Y) * P(Y, X)),
            (rf"\frac{{\partial}}{{\partial a}} (a\, q({x}, {y}))", sympy.diff(A * Q(X, Y), A)),
        ]
    )
    return {"p(a, b)": written(p), "q(a, b)": q, "r(a, b)": r}, said, value


@pytest.mark.parametrize("number", range(30))
def test_derivatives_of_functions_of_functions_are_what_sympy_says(number):
    definitions, said, value = drawn(number)
    context = Context(shapes={"a": (), "b": ()}, definitions=definitions)
    true, false = (claim_of(f"{said} = {written(one)}", context) for one in (value, value + A))
    assert prove(true)[0]
    assert not prove(false)[0]
    assert certify(true) is not None
    assert certify(false) is None
