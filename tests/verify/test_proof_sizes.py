"""The grid of sizes on which sympy's check is a proof: large enough for indices that run over a product of sizes."""

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify.confirm.identity import confirm
from lrcore.verify.prove.certify import certify
from lrcore.verify.prove.proof_sizes import proof_sizes
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
        (r"\operatorname{tr}(I_n \otimes I_n) = n^2", {"n": (4, 3)}),
        (r"\operatorname{tr}(I_n \otimes K) = n \operatorname{tr}(K)", {"n": (2, 2), "m": (1, 2)}),
        (r"(A \otimes B)(B \otimes A) = (AB) \otimes (BA)", {"n": (4, 1)}),
        (r"(A \otimes K)(B \otimes K) = (AB) \otimes (KK)", {"n": (2, 1), "m": (2, 1)}),
    ],
)
def test_each_factor_of_a_product_of_sizes_has_its_own_degree(text, least):
    """At least so large, and at least so many values."""
    grid = proof_sizes(claim_of(text, CONTEXT))
    assert all(grid[name][0] >= start and len(grid[name]) >= count for name, (start, count) in least.items()), grid
    assert confirm(claim_of(text, CONTEXT)).agrees is True
