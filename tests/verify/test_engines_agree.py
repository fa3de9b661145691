"""The normal form and exact evaluation share the typed tree alone, and say the same about random expressions."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import isclose
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore.verify import Context, Verdict, derivation
from lrcore.verify.confirm.entries import in_expressions
from lrcore.verify.confirm.following import confirm_following
from lrcore.verify.prove.collecting import simplify
from lrcore.verify.prove.entries import entry, places
from lrcore.verify.prove.normal import follows, prove, started
from lrcore.verify.read.numpy_like import read as read_numpy
from lrcore.verify.refute.exact import exactly
from lrcore.verify.refute.points import Point, draw_values, try_point
from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import evaluate
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim, joined
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
    ((i, j, env, _),) = places(normal, typed.shape, [])
    terms = simplify(normal.state, entry(normal, typed, i, j, env))
    rows, cols = (dim.value(SIZES) for dim in typed.shape)
    found = [[value(normal.state, terms, SIZES, sample.values, {i: r, j: k}) for k in range(cols)] for r in range(rows)]
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
            terms = simplify(normal.state, entry(normal, claim.left, None, None, {}))
        except Outside:
            outside += bool(there)
            continue
        for sample, found in there:
            other = float(value(normal.state, terms, sample.sizes, sample.values))
            assert isclose(found, other, rel_tol=1e-6, abs_tol=1e-6), (text, sample)
    assert outside <= OUTSIDE and nowhere <= NOWHERE, (outside, nowhere)


def test_functions_inverses_and_determinants_have_the_values_that_sympy_finds():
    outside = compared = missing = 0
    for number in range(0, COUNT, 8):
        text, claim, samples = written(number)
        for sample in samples[:2]:
            found = exact_value(claim, sample)
            if found is None:
                missing += 1
                continue
            try:
                at = in_expressions(claim, sample.sizes, sample)
                other = evaluate.value(claim.left, at, {})[0][0]
            except Outside:
                outside += 1
                continue
            assert isclose(found, float(other), rel_tol=1e-9, abs_tol=1e-9), (text, sample)
            compared += 1
    assert outside == 0 and compared >= 4 * missing, (outside, compared, missing)


def test_an_equation_of_two_random_numbers_is_proved_only_where_they_are_the_same():
    """What the normal form calls equal has equal values wherever both sides exist."""
    proved = nowhere = 0
    for number in range(COUNT):
        text = Written(Random(number)).number(2)
        for left in (f"exp(log({text}))", f"exp(log(({text})**2)/2)", f"sqrt(({text})**2)"):
            sides = [typed_alone(read_numpy(one), CONTEXT) for one in (left, text)]
            claim = Claim(*sides, [])
            if not prove(claim)[0]:
                continue
            proved += 1
            samples = [draw_values(claim, {"n": 2, "m": 2}, Random(k), (0, 1, 3)[k % 3]) for k in range(6)]
            found = [try_point(claim, one) for one in samples]
            assert not any(isinstance(one, Point) for one in found), (left, text, found)
            nowhere += not any(found)
    assert proved >= COUNT // 2 and 10 * nowhere <= proved, (proved, nowhere)


# ---------------------------------------------------------------------- what follows from a premise

PREMISES = {
    # what is said, what stands for what in the claim, and numbers at which it is true
    "c = {number}": ("c", "({number})", lambda at, sample: {"c": [[at("{number}")[0][0]]]}),
    "A = {matrix}": ("A", "({matrix})", lambda at, sample: {"A": at("{matrix}")}),
    "S@x = c*x": ("(u.T@S@x)", "(c*(u.T@x))", lambda at, sample: {"S": with_eigenvector(sample)}),
    "x.T@x = 1": ("(x.T@x)", "1", lambda at, sample: {"x": unit(sample)}),
}


def with_eigenvector(sample):
    """A symmetric matrix to which x belongs with the number c: c I + v v', v at right angles to x."""
    x, c = [row[0] for row in sample.values["x"]], sample.values["c"][0][0]
    v = [x[1], -x[0], *[0] * (len(x) - 2)]
    return [[c * (r == k) + v[r] * v[k] for k in range(len(x))] for r in range(len(x))]


def unit(sample):
    """A vector of length 1."""
    return [[[Fraction(3, 5), Fraction(4, 5), Fraction(0)][k]] for k in range(sample.sizes["n"])]


def claim_of(left, right):
    return Claim(*(typed_alone(read_numpy(one), CONTEXT) for one in (left, right)), [])


def follows_or_not(number):
    """A random premise with a claim that follows from it, and one that need not; and points where the premise holds."""
    rng = Random(number)
    said, (old, new, solution) = list(PREMISES.items())[number % len(PREMISES)]
    inner = Written(rng, ("a", "2", "3", "(x.T@u)"), ("S", "P@Q", "eye(n)"))
    parts = {"number": inner.number(1), "matrix": inner.matrix(1)}
    put = lambda text: text.format(**parts)  # noqa: E731
    numbers, matrices = ("a", "3"), ("A", "P@Q")
    around = Written(rng, (*numbers, old, old) if old != "A" else numbers, matrices if old != "A" else ("A",))
    left = around.number(2)
    other = around.number(2)
    true, unsure = (claim_of(left, put(one.replace(old, new))) for one in (left, other))
    premise = claim_of(*map(put, said.split(" = ")))
    both = joined(joined(true, [premise]), [unsure])
    points = []
    for k in range(6):
        sample = draw_values(both, {"n": 2 + k % 2, "m": 2}, Random(100 * number + k), (0, 1, 3)[k % 3])
        sample = replace(sample, values={**{"c": [[1]], "x": [[1]] * sample.sizes["n"]}, **sample.values})
        at = lambda text, sample=sample: exact_entries(put(text), sample)  # noqa: E731
        try:
            solved = replace(sample, values={**sample.values, **solution(at, sample)})
        except (Undefined, OverflowError):
            continue
        if try_point(premise, solved) is True:
            points.append(solved)
    return premise, true, unsure, points


def exact_entries(text, sample):
    """The entries of an expression by exact evaluation."""
    typed = typed_alone(read_numpy(text), CONTEXT)
    with high_precision():
        return evaluate.value(typed, exactly(Claim(typed, typed, []), sample), {})


CASES = 160


def test_what_follows_from_a_random_premise_holds_where_the_premise_does():
    """Each claim is counted: proved, refuted, or without a point at which premise and claim exist."""
    proved = refuted = nowhere = 0
    for number in range(CASES):
        premise, true, unsure, points = follows_or_not(number)
        for claim in (true, unsure):
            found = [try_point(claim, one) for one in points]
            fails = [one for one in found if isinstance(one, Point)]
            assert not fails or claim is unsure, (number, fails)
            assert not (fails and follows(claim, [premise])), (number, fails)
            refuted += bool(fails)
            nowhere += not any(found)
        proved += follows(true, [premise])
    assert proved >= 0.9 * CASES and refuted >= 0.8 * CASES and nowhere <= 0.05 * 2 * CASES, (proved, refuted, nowhere)


def test_what_follows_from_a_random_premise_is_what_sympy_says():
    said = Counter()
    for number in range(0, CASES, 5):
        premise, true, unsure, points = follows_or_not(number)
        for claim in (true, unsure):
            fails = any(isinstance(try_point(claim, one), Point) for one in points)
            agrees = confirm_following(claim, [premise]).agrees
            assert not (agrees and fails), number
            assert agrees is not False or not follows(claim, [premise]), number
            said[agrees] += 1
    assert said[True] >= 8 and said[False] >= 8, said


# ---------------------------------------------------------------------- inequalities as conditions

BOUNDS = {
    "a > 0": lambda a: a > 0,
    "a < 0": lambda a: a < 0,
    "a \\ge 2": lambda a: a >= 2,
    "a \\le -1": lambda a: a <= -1,
    "a \\ne 0": lambda a: a != 0,
}
TWISTS = ("{0}", "{0} + a - a", "abs({0})", "-({0})", "{0}*a/a", "sqrt(({0})**2)", "({0})*abs(a)/a", "-({0})*abs(a)/a")


def test_a_condition_on_a_number_decides_where_a_claim_is_tried():
    """What is proved under a condition holds wherever the condition does; a counterexample meets it."""
    verdicts = Counter()
    for number in range(120):
        rng = Random(number)
        bound, meets = list(BOUNDS.items())[number % len(BOUNDS)]
        left = f"a + {Written(rng, ('a', 'a', '3')).number(1)}"
        right = rng.choice(TWISTS).format(left)
        text = f"{bound} \\implies {to_latex(read_numpy(left))} = {to_latex(read_numpy(right))}"
        step = derivation(text, CONTEXT, repairs=False).steps[-1]
        verdicts[step.verdict] += 1
        claim = claim_of(left, right)
        drawn = [draw_values(claim, {"n": 2, "m": 2}, Random(k), k % 3) for k in range(12)]
        there = [one for one in drawn if meets(one.values["a"][0][0])]
        fails = [one for one in there if isinstance(try_point(claim, one), Point)]
        if step.verdict is Verdict.REFUTED:
            assert meets(step.counterexample.values["a"][0][0]), (text, step.counterexample)
        else:
            assert step.verdict in (Verdict.PROVED, Verdict.CHECKED) and not fails, (text, step.message, fails)
    assert all(verdicts[one] >= 15 for one in (Verdict.PROVED, Verdict.CHECKED, Verdict.REFUTED)), verdicts
