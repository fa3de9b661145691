"""The normal form and exact evaluation share the typed tree alone, and say the same about random expressions."""

from fractions import Fraction
from math import isclose
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore.verify import Context
from lrcore.verify.confirm.entries import in_expressions
from lrcore.verify.prove.collecting import simplify
from lrcore.verify.prove.entries import entry
from lrcore.verify.prove.normal import places, prove, started
from lrcore.verify.read.numpy_like import read as read_numpy
from lrcore.verify.refute.exact import exactly
from lrcore.verify.refute.points import Point, draw_values, try_point
from lrcore.verify.terms import evaluate
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.exact_numbers import high_precision, real
from lrcore.verify.type.typist import typed_alone
from tests.verify.evaluate import value
from tests.verify.random_expressions import SHAPES, Written, expressions

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
    exact, found = both(tree, seed)  # these lie in the fragment: nothing may be outside
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


# ---------------------------------------------------------------------- inverses, determinants, functions

COUNT, OUTSIDE, NOWHERE = 400, 0, 20


def written(number):
    """A random number with functions, typed; and points at which to look."""
    text = Written(Random(number)).number(2 + number % 2)
    typed = typed_alone(read_numpy(text), CONTEXT)
    claim = Claim(typed, typed, [])
    kinds = enumerate((0, 1, 3, 0, 1, 3))
    samples = [draw_values(claim, {"n": 2 + k % 2, "m": 2}, Random(1000 * number + k), kind) for k, kind in kinds]
    return text, claim, samples


def exact_value(claim, sample):
    """The number by exact evaluation, or None where it does not exist."""
    try:
        with high_precision():
            return float(real(evaluate.value(claim.left, exactly(claim, sample), {})[0][0]))
    except (Undefined, OverflowError):
        return None


def test_functions_inverses_and_determinants_have_the_values_of_their_normal_forms():
    outside = nowhere = 0
    for number in range(COUNT):
        text, claim, samples = written(number)
        there = [(one, found) for one in samples if (found := exact_value(claim, one)) is not None]
        nowhere += not there
        try:
            normal = started()
            terms = simplify(normal, entry(normal, claim.left, None, None, {}))
        except Outside:
            outside += bool(there)
            continue
        for sample, found in there:
            other = float(value(normal, terms, sample.sizes, sample.values))
            assert isclose(found, other, rel_tol=1e-6, abs_tol=1e-6), (text, sample)
    assert outside <= OUTSIDE and nowhere <= NOWHERE, (outside, nowhere)


def test_functions_inverses_and_determinants_have_the_values_that_sympy_finds():
    outside = compared = 0
    for number in range(0, COUNT, 8):
        text, claim, samples = written(number)
        for sample in samples[:2]:
            found = exact_value(claim, sample)
            if found is None:
                continue
            try:
                at = in_expressions(claim, sample.sizes, sample)
                other = evaluate.value(claim.left, at, {})[0][0]
            except Outside:
                outside += 1
                continue
            assert isclose(found, float(other), rel_tol=1e-9, abs_tol=1e-9), (text, sample)
            compared += 1
    assert outside == 0 and compared >= 40, (outside, compared)


def test_an_equation_of_two_random_numbers_is_proved_only_where_they_are_the_same():
    """What the normal form calls equal has equal values wherever both sides exist."""
    proved = 0
    for number in range(COUNT):
        text = Written(Random(number)).number(2)
        for left in (f"exp(log({text}))", f"exp(log(({text})**2)/2)", f"sqrt(({text})**2)"):
            sides = [typed_alone(read_numpy(one), CONTEXT) for one in (left, text)]
            claim = Claim(*sides, [])
            if not prove(claim)[0]:
                continue
            proved += 1
            for k in range(6):
                found = try_point(claim, draw_values(claim, {"n": 2, "m": 2}, Random(k), (0, 1, 3)[k % 3]))
                assert not isinstance(found, Point), (left, text, found)
    assert proved >= COUNT // 2
