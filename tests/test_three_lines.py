"""What other libraries computed agrees with lrcore in the conventions that the chapter tells, and in no other."""

import numpy as np
import pytest

from lrcore import fit, gradient, synthetic
from lrcore.data import three_lines, torch_reference

STORED, REFERENCE = three_lines(), torch_reference()
GIVEN = [REFERENCE["inputs"][name] for name in ("X", "Y")] + [REFERENCE["inputs"]["linear"][name] for name in "Wb"]
TABLE = synthetic(20, 3, seed=7)


def test_jax_has_the_gradient_of_the_mean_over_samples_in_the_shape_of_its_argument():
    for name, ours, other in zip(("dW", "db"), gradient(*GIVEN), gradient(*GIVEN, convention="mean_all"), strict=True):
        assert STORED["jax"][name].shape == ours.shape
        np.testing.assert_allclose(STORED["jax"][name], ours, rtol=1e-14)
        assert not np.allclose(STORED["jax"][name], other)


def test_statsmodels_has_the_bias_first():
    found = fit(TABLE.X, TABLE.Y)
    np.testing.assert_allclose(STORED["statsmodels"]["params"], [found.b, *found.W], rtol=1e-13)


@pytest.mark.parametrize(
    ("factor", "on_the_bias", "same"), [(1.0, True, True), (0.5, True, False), (1.0, False, False)]
)
def test_statsmodels_ridge_is_half_beside_half_the_mean_and_on_the_bias(factor, on_the_bias, same):
    A = np.column_stack([np.ones(20), TABLE.X])
    penalty = 0.5 * factor * np.diag([float(on_the_bias), 1, 1, 1])
    ours = np.linalg.solve(A.T @ A / 20 + penalty, A.T @ TABLE.Y / 20)
    assert np.allclose(ours, STORED["statsmodels"]["ridge_half"], rtol=1e-9) == same
