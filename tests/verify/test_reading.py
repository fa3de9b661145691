# ruff: noqa: E501  (one formula a line, as people write them)
"""Formulas as people write them are read, and read right: the same thing in twenty dresses gets its verdict."""

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify.read.document import read_chains, read_expression
from lrcore.verify.show.printing import to_latex, to_text

SHAPES = {
    "X": ("n", "p"),
    "y": ("n",),
    "beta": ("p",),
    "W": ("n", "n"),
    "\\mathbf{w}": ("p",),
    "A": ("p", "p"),
    "B": ("p", "p"),
    "x": ("p",),
    "z": ("p",),
    "lam": (),
    "\\sigma": (),
    "\\mu": ("p",),
    "\\Sigma": ("p", "p"),
    "b": (),
    "Y": ("n", "q"),
    "\\mathbf{W}": ("p", "q"),
}
_LETTERS = {"P": "PROVED", "D": "DEFINITION", "C": "CONDITION", "R": "REFUTED", "U": "UNREADABLE"}

# (formula, verdicts, what its context adds, whether SHAPES are declared)
WRITTEN = [
    (r"""\overline{x^2} = \bar x^2""", "U", {}, True),
    (r"""\overline{x^2} = \frac{1}{p} x^\top x""", "P", {}, True),
    (r"""\overline{x^2} = \bar x^2""", "R", {"shapes": {r"\overline{x^2}": (), r"\bar x": ()}}, True),
    (r"""\overline{XX} = X^\top X""", "U", {}, True),
    (
        r"""\nabla_\beta J(\beta) = \frac{1}{n} X^\top (X\beta - y)""",
        "P",
        {"definitions": {"J": "\\frac{1}{2n}\\|X\\beta-y\\|^2"}},
        True,
    ),
    (
        r"""\frac{\partial}{\partial \beta}\left[ y^{\rm T} y - 2 y^{\rm T} X\beta + \beta^{\rm T} X^{\rm T} X \beta \right] = -2X^{\rm T}y + 2X^{\rm T}X\beta""",
        "P",
        {},
        True,
    ),
    (
        r"""\frac{\partial}{\partial\beta_j}\sum_{i=1}^{n}\left(y_i-\sum_{k=1}^{p}x_{ik}\beta_k\right)^2=-2\sum_{i=1}^{n}x_{ij}\left(y_i-\sum_{k=1}^{p}x_{ik}\beta_k\right)""",
        "P",
        {},
        True,
    ),
    (
        r"""\nabla_{\mathbf w} \left( \lVert X \mathbf w - y \rVert_2^2 + \lambda \lVert \mathbf w \rVert_2^2 \right) = 2 X^{\mathsf{T}} (X \mathbf w - y) + 2\lambda\mathbf w""",
        "P",
        {},
        True,
    ),
    (r"""\operatorname{Tr}\big(A^\intercal B\big) = \langle A, B\rangle_F""", "P", {}, True),
    (r"""\mathrm{tr}(AB)=\mathrm{tr}(BA).""", "P", {}, True),
    (r"""\frac{\mathrm d}{\mathrm d x} x^{\mathrm T} A x = (A + A^{\mathrm T}) x""", "P", {}, True),
    (r"""\partial_x (x^TAx) = (A+A^T)x""", "P", {}, True),
    (r"""\frac{\partial x^T A z}{\partial x} = A z""", "P", {}, True),
    (r"""\frac{d(x^T A x)}{dx} = Ax + A^T x""", "P", {}, True),
    (r"""\mathrm{d}(x^\top A x) = (\mathrm{d}x)^\top A x + x^\top A\,\mathrm{d}x""", "P", {}, True),
    (r"""d\log\det A = \operatorname{tr}(A^{-1}\,dA)""", "P", {}, True),
    (r"""\frac{\partial \log |A|}{\partial A} = A^{-T}""", "P", {}, True),
    (r"""\frac{\partial |A|}{\partial A} = |A| A^{-\top}""", "P", {}, True),
    (r"""\det(A^{-1}) = \det(A)^{-1}""", "P", {}, True),
    (r"""(A^{-1})^{\top} = (A^{\top})^{-1}""", "P", {}, True),
    (r"""(X'X)^{-1}X'X = I_p""", "P", {}, True),
    (r"""X'X = \sum_{i=1}^{n} x_i x_i'""", "P", {"shapes": {"X": ("n", "p")}}, False),
    (r"""X^\top y = \sum_{i=1}^{n} y_i\, x_i""", "P", {"shapes": {"X": ("n", "p"), "y": ("n",)}}, False),
    (
        r"""\mathbf{X}^{\top}\mathbf{y} = \sum_{i=1}^{n} \mathbf{x}_i y_i""",
        "P",
        {"shapes": {"\\mathbf{X}": ("n", "p"), "\\mathbf{y}": ("n",)}},
        False,
    ),
    (r"""\sum_{i=1}^n (y_i - \bar y) = 0""", "P", {"definitions": {"\\bar y": "\\frac1n\\sum_{i=1}^n y_i"}}, True),
    (
        r"""\sum_{i=1}^n (x_i - \bar{x})(y_i - \bar{y}) = \sum_{i=1}^n x_i y_i - n\bar{x}\bar{y}""",
        "P",
        {
            "shapes": {"x": ("n",), "y": ("n",)},
            "definitions": {"\\bar y": "\\frac1n\\sum_{i=1}^n y_i", "\\bar{x}": "\\frac1n\\sum_{i} x_i"},
        },
        False,
    ),
    (
        r"""\hat\beta = (X^TX)^{-1}X^Ty = (X^\top X)^{-1}\sum_{i=1}^n x_i y_i""",
        "DP",
        {"shapes": {"X": ("n", "p"), "y": ("n",)}, "definitions": {"\\hat\\beta": "(X^TX)^{-1}X^Ty"}},
        False,
    ),
    (r"""H^2 = H = H^\top""", "PP", {"definitions": {"H": "X(X^\\top X)^{-1}X^\\top"}}, True),
    (r"""(I-H)X = 0""", "P", {"definitions": {"H": "X(X^\\top X)^{-1}X^\\top"}}, True),
    (r"""(I_n-H)(I_n-H)=I_n-H""", "P", {"definitions": {"H": "X(X^\\top X)^{-1}X^\\top"}}, True),
    (r"""\operatorname{tr}(I_n - H) = n - p""", "P", {"definitions": {"H": "X(X^\\top X)^{-1}X^\\top"}}, True),
    (r"""\sigma'(z) = \sigma(z)(1-\sigma(z))""", "P", {"shapes": {"z": ()}}, False),
    (r"""\frac{d\sigma(z)}{dz} = \sigma(z)\left(1-\sigma(z)\right)""", "P", {"shapes": {"z": ()}}, False),
    (r"""\frac{d}{dz}\frac{1}{1+e^{-z}} = \frac{e^{-z}}{(1+e^{-z})^2}""", "P", {"shapes": {"z": ()}}, False),
    (
        r"""\frac{\partial \mathcal{L}}{\partial \mathbf{W}} = \mathbf X^\top (\mathbf X\mathbf W - \mathbf Y)""",
        "P",
        {
            "shapes": {"\\mathbf X": ("n", "p"), "\\mathbf W": ("p", "q"), "\\mathbf Y": ("n", "q")},
            "definitions": {"\\mathcal{L}": "\\frac12\\|\\mathbf X\\mathbf W-\\mathbf Y\\|_F^2"},
        },
        False,
    ),
    (
        r"""\frac{\partial L}{\partial W_{jk}} = \sum_{i} X_{ij}(XW-Y)_{ik}""",
        "P",
        {
            "shapes": {"X": ("n", "p"), "W": ("p", "q"), "Y": ("n", "q")},
            "definitions": {"L": "\\frac12\\sum_{i,k}(XW-Y)_{ik}^2"},
        },
        False,
    ),
    (r"""\left\| A \right\|_F = \sqrt{\operatorname{tr}(A^\top A)}""", "P", {}, True),
    (r"""\|x-z\|^2 = \|x\|^2 - 2\langle x,z\rangle + \|z\|^2""", "P", {}, True),
    (r"""\|x - z\|_2^2 = (x-z)\cdot(x-z)""", "P", {}, True),
    (r"""x \cdot z = \sum_{i=1}^{p} x_i z_i = x_1 z_1 + x_2 z_2 + \cdots + x_p z_p""", "PP", {}, True),
    (r"""Ax = \begin{pmatrix} \sum_j A_{1j}x_j \\ \vdots \\ \sum_j A_{pj}x_j\end{pmatrix}""", "P", {}, True),
    (r"""\frac{1}{n}\mathbf{1}^T y = \frac{1}{n}\sum_{i=1}^n y_i""", "P", {}, True),
    (
        r"""E(w) = \frac{1}{2}\sum_{n=1}^{N}\{ t_n - w^{\rm T}\phi_n \}^2 = \frac12 (t-\Phi w)^T(t - \Phi w)""",
        "PP",
        {"shapes": {"t": ("N",), "w": ("M",), "\\Phi": ("N", "M")}, "definitions": {"E": "\\frac12\\|t-\\Phi w\\|^2"}},
        False,
    ),
    (
        r"""\nabla E = -\Phi^T(t-\Phi w)""",
        "P",
        {"shapes": {"t": ("N",), "w": ("M",), "\\Phi": ("N", "M")}, "definitions": {"E": "\\frac12\\|t-\\Phi w\\|^2"}},
        False,
    ),
    (
        r"""\frac{\partial^2 J}{\partial \theta \partial \theta^T} = \frac1m X^TX""",
        "P",
        {
            "shapes": {"X": ("m", "n"), "y": ("m",), "\\theta": ("n",)},
            "definitions": {"J": "\\frac{1}{2m}(X\\theta-y)^T(X\\theta-y)"},
        },
        False,
    ),
    (
        r"""\nabla^2_\theta J(\theta) = \frac1m X^TX""",
        "P",
        {
            "shapes": {"X": ("m", "n"), "y": ("m",), "\\theta": ("n",)},
            "definitions": {"J": "\\frac{1}{2m}(X\\theta-y)^T(X\\theta-y)"},
        },
        False,
    ),
    (
        r"""H_{jk} = \frac{\partial^2 J}{\partial\theta_j\partial\theta_k} = \frac1m\sum_{i=1}^m x^{(i)}_j x^{(i)}_k""",
        "DP",
        {
            "shapes": {"X": ("m", "n"), "y": ("m",), "\\theta": ("n",)},
            "definitions": {"J": "\\frac{1}{2m}(X\\theta-y)^T(X\\theta-y)"},
        },
        False,
    ),
    (
        r"""\theta := \theta - \alpha \frac1m X^T(X\theta - y)""",
        "D",
        {"shapes": {"X": ("m", "n"), "y": ("m",), "\\theta": ("n",), "alpha": ()}},
        False,
    ),
    (
        r"""\frac{\partial \ell}{\partial \mu} = \Sigma^{-1}(x-\mu)""",
        "P",
        {"symmetric": ["\\Sigma"], "definitions": {"\\ell": "-\\frac12 (x-\\mu)^T\\Sigma^{-1}(x-\\mu)"}},
        True,
    ),
    (
        r"""\frac{\partial}{\partial \sigma^2}\left(-\frac{n}{2}\log \sigma^2\right) = -\frac{n}{2\sigma^2}""",
        "P",
        {"shapes": {"\\sigma^2": (), "y": ("n",)}},
        False,
    ),
    (r"""A(A+B)^{-1}B = B(A+B)^{-1}A""", "P", {}, True),
    (
        r"""\operatorname{vec}(AXB)=(B^\top\otimes A)\operatorname{vec}(X)""",
        "P",
        {"shapes": {"A": ("m", "n"), "X": ("n", "p"), "B": ("p", "q")}},
        False,
    ),
    (
        r"""\frac{\partial\, \mathrm{vec}(AXB)}{\partial\, \mathrm{vec}(X)} = B^\top\otimes A""",
        "P",
        {"shapes": {"A": ("m", "n"), "X": ("n", "p"), "B": ("p", "q")}},
        False,
    ),
    (
        r"""\text{Let } r = X\beta - y. \text{ Then } \|r\|^2 = r^Tr \text{ and } \nabla_\beta \|r\|^2 = 2X^Tr.""",
        "DPP",
        {},
        True,
    ),
    (
        r"""y^Ty - \hat y^T\hat y = (y-\hat y)^T(y - \hat y)""",
        "P",
        {"definitions": {"\\hat y": "X(X^\\top X)^{-1}X^\\top y"}},
        True,
    ),
    (
        r"""\underbrace{\sum_i (y_i-\bar y)^2}_{\text{TSS}} = \underbrace{\sum_i (\hat y_i-\bar y)^2}_{\text{ESS}} + \underbrace{\sum_i (y_i-\hat y_i)^2}_{\text{RSS}} + 2\sum_i(\hat y_i - \bar y)(y_i-\hat y_i)""",
        "P",
        {"shapes": {"y": ("n",), "\\hat y": ("n",)}, "definitions": {"\\bar y": "\\frac1n\\sum_i y_i"}},
        False,
    ),
    (
        r"""\frac{\partial f}{\partial x} = 2x \quad\text{and}\quad \frac{\partial f}{\partial y} = 3""",
        "PP",
        {"shapes": {"x": (), "y": ()}, "definitions": {"f": "x^2+3y"}},
        False,
    ),
    (r"""f'(x) = 2x""", "P", {"shapes": {"x": (), "y": ()}, "definitions": {"f": "x^2+3y"}}, False),
    (r"""X^+ X = I""", "P", {"definitions": {"X^+": "(X^TX)^{-1}X^T"}}, True),
    (r"""X^\dagger X = I""", "P", {"definitions": {"X^\\dagger": "(X^TX)^{-1}X^T"}}, True),
    (r"""x^T A x = \sum_{i,j=1}^{p} a_{ij} x_i x_j""", "P", {}, True),
    (r"""\frac{\partial}{\partial A} x^T A z = x z^T = x\otimes z^T""", "PP", {}, True),
    (r"""\nabla_X \tfrac12\|X\|_F^2 = X""", "P", {}, True),
    (
        r"""\frac{\partial L}{\partial \hat{y}} \frac{\partial \hat y}{\partial w} = 2(\hat y - y) x^\top""",
        "P",
        {
            "shapes": {"x": ("p",), "w": ("p",), "y": ()},
            "definitions": {"\\hat y": "w^T x", "L": "(\\hat y-y)^2"},
            "layout": "jacobian",
        },
        False,
    ),
]


@pytest.mark.parametrize(("text", "expected", "given", "common"), WRITTEN, ids=[one[0] for one in WRITTEN])
def test_a_formula_is_read_as_it_is_meant(text, expected, given, common):
    shapes = {**(SHAPES if common else {}), **given.get("shapes", {})}
    report = derivation(text, Context(**{**given, "shapes": shapes}), repairs=False)
    assert [step.verdict.value for step in report.steps] == [_LETTERS[one] for one in expected], str(report)


@pytest.mark.parametrize(
    "text",
    [
        r"1/2n = \frac{1}{2n}",
        r"\log x^\top z = 0",
        r"\left.\frac{\partial b}{\partial x}\right|_{x=1} = 0",
        r"\frac{\partial b}{\partial x}(x, z) = 0",
        r"\sum_{i \in S} x_i = 0",
        r"X^\dagger X = I",
        r"\|A\|_1 = 0",
        r"\|x\|_\infty = 0",
        r"x_{i+1} = x_i",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read_at_all(text):
    shapes = {**SHAPES, "n_0": ()}
    report = derivation(text, Context(shapes=shapes, definitions={r"\bar x": r"\frac1p \sum_i x_i"}), repairs=False)
    assert [step.verdict.value for step in report.steps] == ["UNREADABLE"], str(report)


MATRIX = Context(shapes={"A": ("n", "m"), "v": ("n",), "r": (1, "m")})


@pytest.mark.parametrize(
    "text",
    [
        r"\|A\|_2^2 = \operatorname{tr}(A^\top A)",
        r"\|A\|_2 = \|A\|_F",
        "norm(A, 2) = normf(A)",
        r"\frac{\partial \|A\|_2}{\partial A} = \frac{A}{\|A\|_F}",
    ],
)
def test_the_norm_of_a_matrix_with_a_2_below_is_never_taken_for_the_frobenius_norm(text):
    (step,) = derivation(text, MATRIX).steps
    assert step.verdict.value == "UNREADABLE" and "spectral" in step.message and "_F" in step.message


@pytest.mark.parametrize("text", [r"\|A\|^2 = \operatorname{tr}(A^\top A)", "norm2(A) = tr(A.T@A)", r"\|A\| = \|A\|_F"])
def test_the_norm_of_a_matrix_without_a_mark_is_frobeniuss_and_that_is_said(text):
    (step,) = derivation(text, MATRIX).steps
    assert step.verdict.value == "PROVED" and "the norm of a matrix is Frobenius's" in step.assumes


@pytest.mark.parametrize(
    "text",
    [
        r"\|v\|_2^2 = v^\top v",
        r"\|r\|_2^2 = rr^\top",
        "norm(v, 2)**2 = norm2(v)",
        r"\|A\|_{\mathrm{F}}^2 = \operatorname{tr}(AA^\top)",
    ],
)
def test_the_norms_of_vectors_and_the_marked_frobenius_norm_assume_nothing(text):
    (step,) = derivation(text, MATRIX).steps
    assert step.verdict.value == "PROVED" and not step.assumes


def test_a_differentiated_square_with_a_2_below_is_the_sum_of_squares_and_that_is_said():
    (step,) = derivation(r"\frac{\partial}{\partial A}\|A\|_2^2 = 2A", MATRIX).steps
    assert step.verdict.value == "PROVED" and "with a 2 below" in step.assumes[0]


@pytest.mark.parametrize("text", ["norm(A, 2)", "norm2(A, 2)", "normf(A)", "normf2(A)", "norm(A)", "norm2(A)"])
def test_the_norms_of_both_languages_are_the_same_ones(text):
    tree = read_expression(text, MATRIX)
    assert to_text(tree) == text and read_expression(to_latex(tree), MATRIX) == tree


UNICODE = Context(shapes={"X": ("n", "p"), "x": ("n",), "y": ("n",), "\\bar x": (), "β": ("p",), "a": ()})


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("‖y − Xβ‖² = ‖y‖² − 2yᵀXβ + βᵀXᵀXβ", "PROVED"),
        ("‖y − Xβ‖² = ‖y‖² + 2yᵀXβ + βᵀXᵀXβ", "REFUTED"),
        ("∑ᵢ₌₁ⁿ (xᵢ − a)² = ∑ᵢ₌₁ⁿ xᵢ² − 2a∑ᵢ₌₁ⁿ xᵢ + na²", "PROVED"),
        ("(XᵀX)⁻¹XᵀXβ = β", "PROVED"),
        ("½ · ∂/∂a ∑ᵢ (yᵢ − axᵢ)² = −∑ᵢ xᵢ(yᵢ − axᵢ)", "PROVED"),
        ("x̄ + a = a", "REFUTED"),
        ("x₁ – x₂ = –(x₂ – x₁)", "PROVED"),
        ("norm2(X@β − y) = norm2(y − X@β)", "PROVED"),
    ],
)
def test_unicode_signs_raised_and_lowered_characters_and_combining_accents_are_read(text, verdict):
    assert [step.verdict.value for step in derivation(text, UNICODE).steps] == [verdict]


def test_an_empty_side_is_named_as_one():
    for text in ("x ==", "= x", "x = "):
        (step,) = derivation(text, Context(shapes={"x": ("n",)})).steps
        assert step.verdict.value == "UNREADABLE" and "One side of the relation is empty" in step.message, text


def test_a_chain_is_read_anew_where_names_are_declared_since_and_only_there():
    context = Context(shapes={r"\beta": ("n",)})
    (chain,) = read_chains(r"\beta_0 = N", context)
    before = chain.read(context)
    assert chain.read(context.copy()) is before
    context.declare(r"\beta_0", ())
    assert chain.read(context) != before
    assert chain.read(Context(shapes={r"\beta": ("n",)})) is before


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"A = [A_{ij}]_{ij}", r"A^\top = [A_{ij}]_{ij}"),
        (r"w w^\top = [w_i w_j]_{i,j}", r"w w^\top = [w_i + w_j]_{i,j}"),
        (r"2 y = (y_i + y_i)_{i=1}^N", r"y = (y_i + y_i)_{i=1}^N"),
        (r"\nabla_w \|w\|^2 = [\frac{\partial}{\partial w_i} \|w\|^2]_i", r"\nabla_w \|w\|^2 = [w_i]_i"),
        (r"\cosh(t)^2 - \sinh(t)^2 = 1", r"\cosh(t)^2 + \sinh(t)^2 = 1"),
    ],
)  # fmt: skip
def test_an_array_by_its_entries_and_functions_of_exponentials_mean_what_they_say(right, wrong):
    context = Context(shapes={"A": ("M", "M"), "w": ("M",), "y": ("N",), "t": ()})
    assert [step.verdict.value for step in derivation(right, context).steps] == ["PROVED"]
    assert [step.verdict.value for step in derivation(wrong, context).steps] == ["REFUTED"]
