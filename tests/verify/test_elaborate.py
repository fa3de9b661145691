"""A statement says what its claim says: both sides have the values that exact evaluation gives to the typed tree."""

from itertools import product

import pytest

from lrcore.verify.prove import elaborate
from lrcore.verify.prove.elaborate import elaborated
from lrcore.verify.refute.exact import exactly
from lrcore.verify.refute.points import draw
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside
from lrcore.verify.terms.errors import Undefined as NotThere
from lrcore.verify.terms.evaluate import value
from lrcore.verify.terms.exact_numbers import high_precision, real
from tests.verify.proved import of_book, of_corpus, of_identities
from tests.verify.terms_at_numbers import At, Undefined, close


class Given(At):
    """A point whose arrays have the values of the claim's symbols."""

    def draw(self, letter):
        if letter not in self.values:
            shape = tuple(map(self.size, letter.kinds))
            flat = [float(x) for row in self.symbols[letter.name] for x in row]
            self.values[letter] = dict(zip(product(*map(range, shape)), flat, strict=True))
        return self.values[letter]


def compared(claim, number):
    """How many entries of both sides were compared at this point; fails where they differ."""
    statement = elaborated(claim)
    if len(statement.claims) != 1:
        return 0
    equation = statement.claims[0]
    sample = draw(claim, number)
    exact = exactly(claim, sample)
    point = Given(sample.sizes)
    point.symbols = sample.values | {f"d {name}": along for name, along in sample.along.items()}
    count = 0
    runs = [range(one.dim.value(sample.sizes)) for one in claim.free]
    for places in product(*runs):
        env = dict(zip(claim.free, places))
        with high_precision():
            sides = [value(side, exact, env) for side in (claim.left, claim.right)]
        for r, row in enumerate(sides[0]):
            for k, _ in enumerate(row):
                dims = [*(one.dim for one in claim.free), *claim.left.shape]
                at = [place for place, dim in zip((*places, r, k), dims) if dim.constant() != 1]
                if len(at) != len(equation.free):
                    return 0
                where = dict(zip(equation.free, at))
                for term, side in zip((equation.left, equation.right), sides):
                    assert close(point.value(term, where), float(real(side[r][k]))), str(statement)
                    count += 1
    return count


@pytest.mark.parametrize(
    ("source", "every", "least"), [(of_identities, 1, 130), (of_corpus, 3, 130), (of_book, 1, 110)]
)
def test_a_statement_has_the_values_of_its_claim(source, every, least):
    compared_claims = 0
    for one in list(source())[::every]:
        found = 0
        for number in range(3):
            try:
                found += compared(one.claim, number)
            except (Undefined, NotThere, Outside, KeyError, ZeroDivisionError):
                continue
        compared_claims += found > 0
    assert compared_claims >= least


def test_a_statement_with_another_meaning_is_noticed(monkeypatch):
    claim = next(one.claim for one in of_identities() if one.name == "(A@B).T = B.T@A.T")
    assert compared(claim, 0)
    wrong = lambda scribe, node, i, j, env: elaborate._entry(scribe, node.arg, i, j, env)  # noqa: E731
    monkeypatch.setitem(elaborate._RULES, c.Transposed, wrong)
    with pytest.raises(AssertionError):
        compared(claim, 0)
