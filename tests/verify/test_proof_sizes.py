"""The grid of sizes on which sympy's check is a proof: large enough for indices that run over a product of sizes."""

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify.confirm.identity import confirm, proof_sizes
from lrcore.verify.prove.certify import certify
from tests.verify.test_rules import claim_of

CONTEXT = Context(shapes={"A": ("n", "n"), "B": ("n", "n"), "K": ("m", "m")})

# tr(I_n (x) I_n) = n^2. A grid on which the sum over the n^2 rows counts as one index has 3 and 4 alone.
FALSE = r"\operatorname{tr}(I_n \otimes I_n) = 7n - 12"


def test_a_trace_over_pairs_of_one_size_counts_that_size_twice():
    claim = claim_of(FALSE, CONTEXT)
    assert len(proof_sizes(claim)["n"]) == 3 and confirm(claim).agrees is False
    assert certify(claim) is None
    assert [step.verdict.value for step in derivation(FALSE, CONTEXT).steps] == ["REFUTED"]


@pytest.mark.parametrize(
    ("text", "least"),
    [
        (r"\operatorname{tr}(I_n \otimes I_n) = n^2", {"n": (2, 3)}),
        (r"\operatorname{tr}(I_n \otimes K) = n \operatorname{tr}(K)", {"n": (1, 2), "m": (1, 1)}),
        (r"(A \otimes B)(B \otimes A) = (AB) \otimes (BA)", {"n": (4, 1)}),
        (r"(A \otimes K)(B \otimes K) = (AB) \otimes (KK)", {"n": (2, 1), "m": (2, 1)}),
    ],
)
def test_each_factor_of_a_product_of_sizes_has_its_own_degree(text, least):
    """At least so large, and at least so many values."""
    grid = proof_sizes(claim_of(text, CONTEXT))
    assert all(grid[name][0] >= start and len(grid[name]) >= count for name, (start, count) in least.items()), grid
    assert confirm(claim_of(text, CONTEXT)).agrees is True


WIDE = Context(shapes={"A": ("n", "n"), "x": ("n",), "u": ("n",), "X": ("n", "m"), "a": ()})


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        (r"a = a", {}),
        (r"n a = n a", {"n": [1, 2]}),
        (r"n^3 a = n^3 a", {"n": [1, 2, 3, 4]}),
        (r"\frac{a}{n^2} = \frac{a}{n^2}", {"n": [1, 2, 3]}),
        (r"n^{-2} m^{-1} a = \frac{a}{n^2 m}", {"n": [1, 2, 3], "m": [1, 2]}),
        (r"\frac{a}{2 n m} = \frac{a}{2 n m}", {"n": [1, 2], "m": [1, 2]}),
        (r"\frac{n^2 a}{n} = n a", {"n": [1, 2, 3, 4]}),
        (r"x^\top u = u^\top x", {"n": [1]}),
        (r"(x^\top u)^2 = u^\top x x^\top u", {"n": [2]}),
        (r"x^\top A u = u^\top A^\top x", {"n": [2]}),
        (r"A x = A x", {"n": [2]}),
        (r"\sum_{i=1}^n x_i = \sum_{i=1}^n x_i", {"n": [1]}),
        (r"\sum_{i=1}^n a = n a", {"n": [1, 2]}),
        (r"\sum_{i=1}^n (x_i + a) = n a + \sum_{i=1}^n x_i", {"n": [1, 2]}),
        (r"\operatorname{tr}(A + I_n) = n + \operatorname{tr} A", {"n": [1, 2]}),
        (r"\|X\|_F^2 = \operatorname{tr}(X^\top X)", {"n": [1], "m": [1]}),
    ],
)
def test_the_grid_has_as_many_sizes_as_indices_and_powers_of_sizes_demand(text, grid):
    assert proof_sizes(claim_of(text, WIDE)) == grid


LONGER = Context(shapes={"w": ("m+1",), "Z": ("m+1", "m+1"), "x": ("m",)})


# Both sides of the last agree at 1, 2 and 3: the degrees in m and in m + 1 count together.
@pytest.mark.parametrize(
    ("text", "grid", "agrees"),
    [
        (r"w^\top w = w^\top w", [1], True),
        (r"\operatorname{tr}(Z + I_{m+1}) = m + 1 + \operatorname{tr} Z", [1, 2, 3], True),
        (r"(w^\top w)(x^\top x) m = m (x^\top x)(w^\top w)", [1, 2], True),
        (r"m^2 \operatorname{tr}(I_{m+1}) = m^3 + m^2", [1, 2, 3, 4, 5], True),
        (r"m^2 \operatorname{tr}(I_{m+1}) = 7 m^2 - 11 m + 6", [1, 2, 3, 4], False),
    ],
)
def test_a_size_that_is_one_more_than_another_is_no_size_of_its_own(text, grid, agrees):
    claim = claim_of(text, LONGER)
    assert proof_sizes(claim) == {"m": grid} and confirm(claim).agrees is agrees
