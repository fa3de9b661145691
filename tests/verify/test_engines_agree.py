"""The normal form and exact evaluation share the typed tree alone, and say the same about random expressions."""

from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore.verify import Context
from lrcore.verify.prove.collecting import simplify
from lrcore.verify.prove.entries import entry
from lrcore.verify.prove.normal import places, started
from lrcore.verify.refute.exact import exactly
from lrcore.verify.refute.points import draw_values
from lrcore.verify.terms import evaluate
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside
from lrcore.verify.type.typist import typed_alone
from tests.verify.evaluate import value
from tests.verify.random_expressions import SHAPES, expressions

CONTEXT = Context(shapes=SHAPES, symmetric=["S"])
SIZES = {"n": 3, "m": 2}


def both(tree, seed):
    """Every entry of a tree by both engines."""
    typed = typed_alone(tree, CONTEXT)
    claim = Claim(typed, typed, [])
    sample = draw_values(claim, SIZES, Random(seed))
    exact = evaluate.value(typed, exactly(claim, sample), {})
    normal = started()
    ((i, j, env),) = list(places(normal, typed.shape, []))
    terms = simplify(normal, entry(normal, typed, i, j, env))
    rows, cols = (dim.value(SIZES) for dim in typed.shape)
    found = [[value(normal, terms, SIZES, sample.values, {i: r, j: k}) for k in range(cols)] for r in range(rows)]
    return [[Fraction(x) for x in row] for row in exact], found


def agree(tree, seed):
    try:
        exact, found = both(tree, seed)
    except Outside:
        return
    assert exact == found, tree


@given(expressions(depth=3), st.integers(0, 3))
@settings(max_examples=90)
def test_a_number_has_the_value_of_its_normal_form(tree, seed):
    agree(tree, seed)


@given(expressions("n", "m", depth=2), st.integers(0, 3))
@settings(max_examples=50)
def test_a_matrix_has_the_entries_of_its_normal_form(tree, seed):
    agree(tree, seed)


@given(expressions(depth=2), st.sampled_from(["A", "P", "x", "z", "a"]), st.integers(0, 3))
@settings(max_examples=70)
def test_a_gradient_by_deleting_atoms_is_the_gradient_by_dual_numbers(tree, name, seed):
    agree(s.Deriv(tree, (s.Name(name),)), seed)


@given(expressions("n", "1", depth=2), st.integers(0, 3))
@settings(max_examples=40)
def test_a_jacobian_by_deleting_atoms_is_the_jacobian_by_dual_numbers(tree, seed):
    agree(s.Deriv(tree, (s.Name("x"),)), seed)
