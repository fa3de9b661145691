# ruff: noqa: E501  (one equation a line)
"""A statement says what its claim says: both sides have the values that exact evaluation gives to the typed tree."""

from itertools import product

import pytest

from lrcore.verify import Context
from lrcore.verify.prove.certify import certify
from lrcore.verify.prove.elaborate import Scribe, elaborated
from lrcore.verify.prove.entries import entry
from lrcore.verify.refute.exact import exactly
from lrcore.verify.refute.points import draw
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside
from lrcore.verify.terms.errors import Undefined as NotThere
from lrcore.verify.terms.evaluate import value
from lrcore.verify.terms.exact_numbers import high_precision, real
from tests.verify.proved import of_book, of_corpus, of_identities
from tests.verify.terms_at_numbers import At, Undefined, close
from tests.verify.test_rules import claim_of


class Given(At):
    """A point whose arrays have the values of the claim's symbols."""

    def draw(self, letter):
        if letter not in self.values:
            shape = tuple(map(self.size, letter.kinds))
            flat = [float(x) for row in self.symbols[letter.name] for x in row]
            self.values[letter] = dict(zip(product(*map(range, shape)), flat, strict=True))
        return self.values[letter]


def kinds(dim, blocks):
    """The kinds of places in an index of this size: one for a plain size, one for each block of one in blocks."""
    made = blocks.get(dim.poly, dim).made_of
    if dim.constant() is not None or not made:
        return ["*"]
    if made[0] == "pair":
        return [*product(*(kinds(one, blocks) for one in made[1:]))]
    return [(k, kind) for k, one in enumerate(c.parts_of(blocks.get(dim.poly, dim))) for kind in kinds(one, blocks)]


def place_in(dim, place, sizes, blocks):
    """The kind of a place, and its numbers: two in a pair, the one inside of its block."""
    made = blocks.get(dim.poly, dim).made_of
    if dim.constant() is not None or not made:
        return "*", [place] if dim.constant() != 1 else []
    if made[0] == "pair":
        both = zip(made[1:], divmod(place, made[2].value(sizes)))
        found = [place_in(one, inner, sizes, blocks) for one, inner in both]
        return tuple(kind for kind, _ in found), [one for _, inner in found for one in inner]
    for k, one in enumerate(c.parts_of(blocks.get(dim.poly, dim))):
        if place < one.value(sizes):
            kind, found = place_in(one, place, sizes, blocks)
            return (k, kind), found
        place -= one.value(sizes)
    raise AssertionError


def compared(claim, number):
    """How many entries of both sides were compared at this point; fails where they differ."""
    statement = elaborated(claim)
    blocks = {dim.poly: dim for one in claim.nodes for dim in one.shape if dim.made_of and dim.made_of[0] == "parts"}
    dims = [*(one.dim for one in claim.free), *claim.left.shape]
    equations = dict(zip(product(*(kinds(dim, blocks) for dim in dims)), statement.claims, strict=True))
    sample = draw(claim, number)
    exact = exactly(claim, sample)
    point = Given(sample.sizes)
    point.symbols = sample.values | {f"d {name}": along for name, along in sample.along.items()}
    count = 0
    for places in product(*(range(one.dim.value(sample.sizes)) for one in claim.free)):
        with high_precision():
            sides = [value(side, exact, dict(zip(claim.free, places))) for side in (claim.left, claim.right)]
        for r, row in enumerate(sides[0]):
            for k, _ in enumerate(row):
                at = [place_in(dim, one, sample.sizes, blocks) for dim, one in zip(dims, (*places, r, k))]
                equation = equations[tuple(kind for kind, _ in at)]
                where = dict(zip(equation.free, [one for _, inner in at for one in inner], strict=True))
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


CONTEXT = Context(
    shapes={
        "A": ("n", "n"), "B": ("n", "n"), "S": ("n", "n"), "K": ("m", "m"), "P": ("n", "m"), "Q": ("m", "n"),
        "M": (2, 2), "x": ("n",), "u": ("n",), "z": ("m",), "v": (2,), "a": (), "b": (),
    },
    symmetric=["S"],
)  # fmt: skip
EVERY_KIND_OF_INDEX = [
    r"\operatorname{tr}((A \otimes P)(B \otimes Q)) = \operatorname{tr}(A B)\operatorname{tr}(P Q)",
    r"\operatorname{vec}(B)^\top (Q^\top \otimes A)\operatorname{vec}(P) = \operatorname{tr}(B^\top A P Q)",
    r"\operatorname{tr}(A \otimes K) = \operatorname{tr}(A)\operatorname{tr}(K)",
    r"(x \otimes z)^\top (u \otimes z) = x^\top u \, z^\top z",
    r"\begin{bmatrix} x \\ a \end{bmatrix}^\top \begin{bmatrix} u \\ b \end{bmatrix} = x^\top u + a b",
    r"\begin{bmatrix} x \\ z \end{bmatrix}^\top \begin{bmatrix} A & P \\ Q & K \end{bmatrix} \begin{bmatrix} x \\ z \end{bmatrix} = x^\top A x + x^\top P z + z^\top Q x + z^\top K z",
    r"\operatorname{tr}\begin{bmatrix} A & P \\ Q & K \end{bmatrix} = \operatorname{tr} A + \operatorname{tr} K",
    r"M \begin{bmatrix} a \\ b \end{bmatrix} = \begin{bmatrix} M_{11} a + M_{12} b \\ M_{21} a + M_{22} b \end{bmatrix}",
    r"\det M = M_{11} M_{22} - M_{12} M_{21}",
    r"S_{12} x_1 = x_1 S_{21}",
    r"S_{ij} A_{ji} = A_{ji} S_{ji}",
    r"\sum_{i \ne j} x_i = \sum_{i=1}^n x_i - x_j",
    r"(x^\top x)^{-1} a = \frac{a}{x^\top x}",
    r"a^{-2} = \frac{1}{a^2}",
    r"e^{2} a = \exp(1)\exp(1) a",
    r"\frac{\partial}{\partial S} x^\top S u = x u^\top",
    r"\frac{\partial}{\partial x_1} x^\top u = u_1",
    r"\begin{bmatrix} a \\ b \\ x \end{bmatrix}_{2} = b",
    r"\begin{bmatrix} a \\ b \\ x \end{bmatrix}_{3} = x_1",
    r"(v \otimes v)_{3} = v_2 v_1",
    r"(x \otimes v)_{2} = x_1 v_2",
    r"(x \otimes v)_{3} = x_2 v_1",
    r"\operatorname{vec}(M)_{2} = M_{21}",
    r"I_n \otimes I_m = I",
    r"(A \otimes P)(u \otimes z) = (A u) \otimes (P z)",
    r"\log(e)\, a = a",
    r"\operatorname{diag}(\begin{bmatrix} a \\ x \end{bmatrix}) = \begin{bmatrix} a & 0 \\ 0 & \operatorname{diag}(x) \end{bmatrix}",
    r"\begin{bmatrix} x \\ z \end{bmatrix} \begin{bmatrix} u \\ z \end{bmatrix}^\top = \begin{bmatrix} x u^\top & x z^\top \\ z u^\top & z z^\top \end{bmatrix}",
    r"\begin{bmatrix} A & P \\ Q & K \end{bmatrix} \begin{bmatrix} x \\ z \end{bmatrix} = \begin{bmatrix} A x + P z \\ Q x + K z \end{bmatrix}",
    r"\begin{bmatrix} I_n & 0 \\ 0 & I_m \end{bmatrix} \begin{bmatrix} x \\ z \end{bmatrix} = \begin{bmatrix} x \\ z \end{bmatrix}",
]  # fmt: skip


@pytest.mark.parametrize("text", EVERY_KIND_OF_INDEX)
def test_a_statement_with_each_kind_of_index_has_the_values_of_its_claim(text):
    claim = claim_of(text, CONTEXT)
    assert sum(compared(claim, number) for number in range(4)) > 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (r"\operatorname{vec}(P)^\top (x \otimes z) = x^\top P z", "Two orders of stacking"),
        (r"(A \otimes K)(K \otimes A) = (K \otimes A)(A \otimes K)", "Two orders of stacking"),
        (r"\sum_{i=1}^{n-1} x_i = \sum_{i=1}^n x_i", "part of a range"),
        (r"\sum_{i=2}^n x_i = \sum_{i=1}^n x_i", "part of a range"),
        (r"x_n = x_n", "last place"),
        (r"(x \otimes z)_{2} = x_1 z_2", "pair has no name"),
        (r"\begin{bmatrix} x \\ z \end{bmatrix}_{2} = x_2", "rests on the sizes"),
        (
            r"\begin{bmatrix} A & P \\ Q & K \end{bmatrix}^{-1} = \begin{bmatrix} A & P \\ Q & K \end{bmatrix}^{-1}",
            "blocks",
        ),
        (
            r"\begin{bmatrix} x & A \end{bmatrix} \begin{bmatrix} x \\ a \end{bmatrix} = a x",
            "split into blocks in two ways",
        ),
    ],
)
def test_what_has_no_statement_at_all_sizes_is_not_stated(text, why):
    with pytest.raises(Outside, match=why):
        elaborated(claim_of(text, CONTEXT))


FUNCTIONS = Context(
    shapes={"A": ("n", "n"), "B": ("n", "n"), "x": ("n",), "u": ("n",), "a": (), "b": ()},
    definitions={
        "G": "A + B",
        "f(x)": r"x^\top A x",
        "h(x, u)": r"x^\top A u",
        "p(a, b)": r"\frac{\partial}{\partial a} (a^2 b)",
    },
)
NAMES_AND_FUNCTIONS = [
    (r"f(u + x) = f(u) + f(x) + h(x, u) + h(u, x)", r"f(u + x) = f(u) + f(x)"),
    (r"\nabla_u f(2u) = 4(A + A^\top)u", r"\nabla_u f(2u) = 2(A + A^\top)u"),
    (r"\nabla_x h(u, x) = A^\top u", r"\nabla_x h(u, x) = A x + A^\top x"),
    (r"\nabla_x (f(x) f(u)) = f(u)(A + A^\top)x", r"\nabla_x (f(x) f(u)) = 2f(x)(A + A^\top)x"),
    (r"p(b, a) = 2 a b", r"p(b, a) = 3 b^2"),
    (r"p(2a, a) = 4 a^2", r"p(2a, a) = 12 a^2"),
    (r"\frac{\partial}{\partial a} p(a, a) = 4a", r"\frac{\partial}{\partial a} p(a, a) = 6a"),
    (r"\nabla_G \operatorname{tr}(G^\top G) = 2A + 2B", r"\nabla_G \operatorname{tr}(G^\top G) = 2A"),
    (r"\frac{\partial}{\partial x_1} h(x, x) = (A x + A^\top x)_1", r"\frac{\partial}{\partial x_1} h(x, x) = (A x)_1"),
]


@pytest.mark.parametrize(("true", "false"), NAMES_AND_FUNCTIONS)
def test_a_name_inside_a_function_at_other_arguments_is_not_the_one_outside(true, false):
    for text in (true, false):
        claim = claim_of(text, FUNCTIONS)
        assert sum(compared(claim, number) for number in range(2)) > 0
    assert certify(claim_of(true, FUNCTIONS)) is not None
    assert certify(claim_of(false, FUNCTIONS)) is None


def test_a_statement_with_another_meaning_is_noticed(monkeypatch):
    claim = next(one.claim for one in of_identities() if one.name == "(A@B).T = B.T@A.T")
    assert compared(claim, 0)
    wrong = lambda scribe, node, i, j, env: entry(scribe, node.arg, i, j, env)  # noqa: E731
    monkeypatch.setitem(Scribe.rules, c.Transposed, wrong)
    with pytest.raises(AssertionError):
        compared(claim, 0)


def test_the_parts_of_what_is_put_together_are_counted_from_one():
    context = Context(shapes={"x": ("n",), "y": ("m",)}, definitions={"z": r"\begin{pmatrix} x \\ y \end{pmatrix}"})
    said = str(elaborated(claim_of(r"\frac{\partial}{\partial z} z^\top z = 2 z", context)))
    assert "z[1:*1]" in said and "z[2:*1]" in said


def test_a_delta_of_two_fixed_places_is_one_where_they_agree_and_nought_elsewhere():
    """It was written as 1 for any two places once, and 1 = 1 is a statement that is certified."""
    context = Context(shapes={"a": ()})
    for text, holds in ((r"a \delta_{1,2} = 0", True), (r"\delta_{1,2} = 1", False), (r"a \delta_{2,2} = a", True)):
        assert (certify(claim_of(text, context)) is not None) == holds, text
    assert certify(claim_of(r"\delta_{2,2} = 0", context)) is None
