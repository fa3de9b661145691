"""The sympy helpers: right equations hold at every label, and each classic slip of the pen is refused."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp

from lrcore import symbolic as s
from lrcore.gradients import jacobian_columns
from lrcore.gradients import vec as numeric_vec

N, M, D = 3, 2, 4
X, W, Y, B = s.matrix("X", N, M), s.matrix("W", M, D), s.matrix("Y", N, D), s.matrix("b", 1, D)
ONES = sp.ones(N, 1)
R = X * W + ONES * B - Y
LOSS = (R.T * R).trace() / N


def numbers(seed=0):
    """Random whole numbers for every symbol, and the same as arrays."""
    random = np.random.default_rng(seed)
    arrays = {A: random.integers(-5, 6, size=A.shape).astype(float) for A in map(sp.ImmutableMatrix, (X, W, Y, B))}
    return {entry: int(a) for A, array in arrays.items() for entry, a in zip(A, array.reshape(-1), strict=True)}, [
        arrays[sp.ImmutableMatrix(A)] for A in (X, W, Y, B)
    ]


def test_symbols_are_counted_from_one_are_real_and_all_different():
    assert [str(entry) for entry in s.matrix("X", 2, 3)] == ["X_11", "X_12", "X_13", "X_21", "X_22", "X_23"]
    assert [str(entry) for entry in s.matrix("w", 3)] == ["w_1", "w_2", "w_3"] and s.matrix("w", 3).shape == (3, 1)
    assert all(entry.is_real for entry in X)
    large = s.matrix("X", 12, 12)
    assert len(set(large)) == 144 and str(large[0, 10]) == "X_1,11" and str(large[10, 0]) == "X_11,1"


def test_the_derivative_has_the_shape_of_its_variable_and_is_that_of_autograd():
    values, (x, w, y, b) = numbers()
    written = lambda w, b: anp.sum((anp.dot(x, w) + b - y) ** 2) / N  # noqa: E731
    for variable, place in ((W, 0), (B, 1)):
        symbols = s.derivative(LOSS, variable)
        wanted = autograd.grad(written, place)(w, b)
        assert symbols.shape == variable.shape
        np.testing.assert_allclose(np.array(symbols.subs(values), dtype=float), wanted, rtol=1e-14)


def test_the_derivative_by_a_symbol_and_of_a_one_by_one_matrix():
    x = sp.Symbol("x", real=True)
    assert s.derivative(x**3, x) == 3 * x**2
    assert s.derivative(sp.Matrix([[x**2]]), x) == 2 * x


def test_the_jacobian_has_a_row_an_output_and_a_column_an_input():
    w = s.matrix("w", M)
    assert s.jacobian(X * w, w) == X
    wanted = np.array(jacobian_columns(np.arange(6.0).reshape(N, M), D))
    at = dict(zip(X, range(6), strict=True))
    assert np.array_equal(np.array(s.jacobian(s.vec(X * W), s.vec(W)).subs(at), dtype=float), wanted)


def test_vec_stacks_the_columns_as_the_numerics_do():
    assert list(s.vec(s.matrix("A", 2, 3))) == list(sp.symbols("A_11 A_21 A_12 A_22 A_13 A_23", real=True))
    A = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(np.array(s.vec(sp.Matrix(A)), dtype=float)[:, 0], numeric_vec(A))
    assert s.vec(A := s.matrix("A", 2, 3)).shape == (6, 1)


def test_the_differential_is_linear_in_the_direction():
    A, dW = s.matrix("A", M, M), s.matrix("d", M, D)
    s.agree(s.differential(lambda V: X * V, W, dW), X * dW)
    s.agree(s.differential(lambda V: (V.T * A * V).trace(), W, dW), (dW.T * (A + A.T) * W).trace())
    s.agree(s.differential(lambda V: V.T * A * V, W, dW), dW.T * A * W + W.T * A * dW)


def test_right_equations_agree():
    s.agree(s.derivative(LOSS, W), sp.Rational(2, N) * X.T * R)
    s.agree(s.derivative(LOSS, B), sp.Rational(2, N) * ONES.T * R)
    s.agree((X * W).T, W.T * X.T, sp.Matrix(D, N, lambda j, i: (X[i, :] * W[:, j])[0]))
    s.agree(2, sp.Integer(2), sp.Matrix([[2]]))


SLIPS = {
    "a lost 2/N": X.T * R,
    "a lost 2": X.T * R / N,
    "a lost 1/N": 2 * X.T * R,
    "N for N D": sp.Rational(2, N * D) * X.T * R,
    "a wrong sign": -sp.Rational(2, N) * X.T * R,
    "a residual turned round": sp.Rational(2, N) * X.T * (Y - X * W - ONES * B),
    "a dropped bias": sp.Rational(2, N) * X.T * (X * W - Y),
    "a dropped target": sp.Rational(2, N) * X.T * (X * W + ONES * B),
    "one wrong entry": sp.Rational(2, N) * X.T * R + sp.Matrix(M, D, lambda k, j: int(k == 1 and j == 3)),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_of_the_pen_is_refused(slip):
    with pytest.raises(AssertionError, match=r"^the equation does not hold; the difference is "):
        s.agree(s.derivative(LOSS, W), SLIPS[slip])


def test_the_side_that_fails_is_numbered():
    with pytest.raises(AssertionError, match=r"^equals sign 2 does not hold; the difference is -1$"):
        s.agree(2, sp.Integer(2), sp.Integer(3))


@pytest.mark.parametrize(
    ("left", "right", "shapes"),
    [
        (s.derivative(LOSS, W), sp.Rational(2, N) * (X.T * R).T, r"\(2, 4\) and \(4, 2\)"),
        (s.matrix("w", 3), s.matrix("w", 3).T, r"\(3, 1\) and \(1, 3\)"),
        (sp.Integer(0), sp.zeros(2, 2), r"\(\) and \(2, 2\)"),
        (sp.zeros(2, 2), sp.Integer(0), r"\(2, 2\) and \(\)"),
    ],
)
def test_shapes_that_differ_are_refused(left, right, shapes):
    with pytest.raises(AssertionError, match=rf"^the equation compares shapes {shapes}$"):
        s.agree(left, right)


def test_an_equation_has_two_sides():
    for sides in ((), (X,)):
        with pytest.raises(AssertionError, match=r"^an equation has two sides at least$"):
            s.agree(*sides)


@pytest.mark.parametrize("value", [sp.nan, sp.zoo, sp.oo])
def test_what_is_no_number_equals_nothing(value):
    with pytest.raises(AssertionError, match="does not hold"):
        s.agree(value, 1)
    with pytest.raises(AssertionError, match="does not hold"):
        s.agree(sp.Matrix([[value, 1]]), sp.Matrix([[value, 1]]))


def test_text_is_never_read_as_mathematics():
    with pytest.raises(sp.SympifyError):
        s.agree("x", "x")


def test_at_two_samples_a_lost_two_over_n_cannot_be_seen():
    x, w, y = s.matrix("x", 2), s.matrix("w", 1), s.matrix("y", 2)
    r = x * w - y
    s.agree(s.derivative((r.T * r).trace() / 2, w), x.T * r)  # why the book checks at N = 3
