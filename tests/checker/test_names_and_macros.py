r"""Macros with their arguments and places, NumPy's arguments, unknown functions, arguments of asides, and names in
fonts: a wrong text beside its true twin, at page, notebook, terminal and library.

The letters are those of ``tests/test_false_proofs.py``.
"""

import pytest

from lrcore import check_derivation
from lrcore.verify import Context, derivation
from tests.test_false_proofs import SHAPES, checked, in_turn, said, strict

MACROS = [
    # arguments count, also those that the body leaves out
    ("\\newcommand{\\foo}[1]{s}\n\\foo{t} = st", "R"),
    ("\\newcommand{\\foo}[1]{s}\n\\foo{t} = s", "P"),
    ("\\newcommand{\\foo}[2]{#1}\n$\\foo{s}{t} = s t$", "R"),
    ("\\newcommand{\\foo}[2]{#1}\n$\\foo{s}{t} = s$", "P"),
    ("\\newcommand{\\foo}[2]{#2 - #1}\n$\\foo{s}{t} = s - t$", "R"),
    ("\\newcommand{\\foo}[2]{#2 - #1}\n$\\foo{s}{t} = t - s$", "P"),
    ("\\def\\foo#1{s}\n$\\foo{t} = st$", "R"),
    ("\\def\\foo#1{s}\n$\\foo{t} = s$", "P"),
    ("\\newcommand\\foo[1]{2#1}\n$\\foo s = 2s$\n$\\foo s = s$", "PR"),
    ("\\NewDocumentCommand{\\foo}{m m}{#2}\n$\\foo{s}{t} = t$\n$\\foo{s}{t} = s$", "PR"),
    ("\\newcommand{\\foo}[2][s]{#1 + #2}\n$\\foo{t} = s + t$\n$\\foo[u]{t} = u + t$\n$\\foo[u]{t} = s + t$", "PPR"),
    ("\\newcommand{\\foo}[1]{s}\n$\\foo = s$", "U"),
    ("\\newcommand{\\foo}[1]{#2}\n$\\foo{s} = s$", "U"),
    ("\\def\\foo#1,#2;{#1}\n$\\foo s,t; = s$", "U"),
    ("\\newcommand{\\foo}[1]{\\goo{#1}{s}}\\newcommand{\\goo}[2]{#1#2}\n$\\foo{t} = ts$\n$\\foo{t} = t$", "PR"),
    # a macro holds from its place on
    ("\\newcommand{\\c}{2}\n$\\c s = 3s$\n\\renewcommand{\\c}{3}\n$\\c s = 3s$", "RP"),
    ("\\newcommand{\\c}{2}\n$\\c s = 2s$\n\\renewcommand{\\c}{3}\n$\\c s = 2s$", "PR"),
    ("$\\c s = 3s$\n\\newcommand{\\c}{3}", "U"),
    ("\\newcommand{\\c}{3}\n$\\c s = 3s$", "P"),
    ("\\providecommand{\\c}{2}\\providecommand{\\c}{3}\n$\\c s = 2s$\n$\\c s = 3s$", "PR"),
    ("\\newcommand{\\c}{2}\\let\\d\\c\\renewcommand{\\c}{3}\n$\\d s = 2s$\n$\\d s = 3s$", "PR"),
    ("\\newcommand{\\a}{\\b s}\\newcommand{\\b}{2}\n$\\a = 2s$\n\\renewcommand{\\b}{3}\n$\\a = 2s$\n$\\a = 3s$", "PRP"),
    ("$\\def\\c{3} \\c s = 3s$\n$\\c s = 3s$\n$\\c s = s$", "PPR"),
    ("% \\newcommand{\\c}{3}\n$\\c s = 3s$", "U"),
    ("{\\def\\c{3}}\n$\\c s = 3s$", "U"),
    ("\\def\\d{3}\\edef\\c{\\d}\n$\\c s = 3s$", "U"),
    # a relation may stand in a macro
    ("\\newcommand{\\eqdef}{:=}\n$p \\eqdef s^2$\n$p = s s$\n$p = s$", "DPR"),
    ("\\newcommand{\\by}[1]{\\stackrel{(#1)}{=}}\n$s t \\by{1} t s$\n$s \\by{2} st$", "PR"),
    ("\\newcommand{\\wrong}{s t = s}\n$\\wrong$\n\n$t = t$", "RP"),
    # operators and delimiters
    ("\\DeclareMathOperator{\\Tr}{Tr}\n$\\Tr(AB) = \\Tr(BA)$\n$\\Tr(AB) = \\Tr(A)$", "PR"),
    ("\\DeclareMathOperator{\\E}{E}\n$\\E(2s) = 2\\E(s)$", "U"),
    ("\\DeclarePairedDelimiter{\\n}{\\lVert}{\\rVert}\n$\\n*{x}^2 = x^Tx$\n$\\n[\\big]{x}^2 = x^Tx$", "PP"),
    ("\\DeclarePairedDelimiter{\\n}{\\lVert}{\\rVert}\n$\\n{x}^2 = x^Tx$\n$\\n[2]{x}^2 = x^Tx$", "PR"),
    # what a macro puts beside something
    ("\\newcommand{\\c}{2}\n$2\\c s = 4s$", "U"),
    ("\\newcommand{\\c}{2}\n$2\\cdot\\c s = 4s$", "P"),
    ("\\newcommand{\\c}{12}\n$\\frac\\c s = \\frac12 s$", "R"),
    ("\\newcommand{\\c}{12}\n$\\frac\\c s = \\frac{12}{s}$", "P"),
    ("\\newcommand{\\c}{s+t}\n$\\c u = s + tu$\n$\\c u = su + tu$\n$(\\c) u = su + tu$", "PRP"),
    ("\\newcommand{\\c}{3}\n$\\c* s = 3s$\n$\\c* s = s$", "PR"),
]  # fmt: skip


def agrees(text, letters, shapes=SHAPES):
    """A surface says so; nothing that is asked about there is decided where nothing is guessed."""
    assert in_turn(text, shapes) == said(letters)
    for mine, theirs in zip(strict(text, shapes), said(letters), strict=True):
        assert mine == theirs or mine in ("UNREADABLE", "OPEN", "ILL_TYPED"), text


@pytest.mark.parametrize(("text", "letters"), MACROS)
def test_a_macro_has_its_arguments_and_holds_from_its_place_on(text, letters):
    agrees(text, letters)


NUMPY = [
    ("np.eye(M, M, 1) = np.eye(M)", "U"),
    ("np.eye(M, M, 5) @ A = A", "U"),
    ("np.eye(M, k=1) = np.eye(M)", "U"),
    ("np.eye((M, M)) = np.eye(M)", "U"),
    ("np.eye(M, 2) = np.eye(M)", "I"),
    ("np.eye(M, N) @ X = X", "I"),
    ("np.eye(M, M) @ A = A", "P"),
    ("np.ones((M, 1, 3)) = np.ones(M)", "U"),
    ("np.ones((M, 1)) = np.ones(M)", "P"),
    ("np.zeros((M, M, 2)) + A = A", "U"),
    ("np.zeros((M, M)) + A = A", "P"),
    ("np.eye(M, dtype=float) = np.eye(M)", "U"),
    ("np.sum(A, 0) = 0", "U"),
    ("np.sum(A, axis=0, keepdims=True) = A.T @ np.ones(M)", "U"),
    ("np.sum(A, axis=1.0) = A @ np.ones(M)", "U"),
    ("np.sum(A, axis=1) = A @ np.ones(M)", "P"),
    ("np.sum(A, axis=0) = A @ np.ones(M)", "R"),
    ("np.linalg.norm(x, True) = np.linalg.norm(x, 1)", "U"),
    ("np.linalg.norm(x, ord=2)**2 = x.T @ x", "U"),
    ("np.linalg.norm(x, 2)**2 = x.T @ x", "P"),
    ("np.mean(A, 0) = np.mean(A)", "U"),
    ("np.trace(A, 1) = np.trace(A)", "U"),
    ("A.trace(1) = A.trace()", "U"),
    ("A.trace() = np.trace(A)", "P"),
    ("np.diag(A, 1) = np.diag(A)", "U"),
    ("np.dot(A, B, C) = A @ B", "U"),
    ("np.dot(A, B) = A @ B", "P"),
    ("np.kron(A, B, 2) = np.kron(A, B)", "U"),
    ("np.array([s, t], 3) = np.array([s, t])", "U"),
    ("np.linalg.inv(A, 2) @ A = np.eye(M)", "U"),
    ("A.transpose(0, 1) = A.T", "U"),
    ("A.transpose() = A.T", "P"),
    ("np.linalg.matrix_power(A, 2, 3) = A @ A", "U"),
    ("np.linalg.matrix_power(A, 2) = A @ A", "P"),
    ("np.inf - np.inf = 0", "U"),
    ("np.pi * s = s * np.pi", "P"),
    ("0.12345678901234567890123 * s = 0.12345678901234568 * s", "R"),
    ("0.5 * s = s / 2", "P"),
    ("np.inner(A, B) = np.trace(A.T @ B)", "U"),
    ("inner(A, B) = np.trace(A.T @ B)", "P"),
    ("np.inner(x, z) = x.T @ z", "P"),
    ("np.outer(A, B) = A @ B.T", "U"),
    ("np.outer(x, z) = x @ z.T", "P"),
    ("np.outer(x, z) = z @ x.T", "R"),
    ("I_{M \\times 2} = I_M", "I"),
    ("\\mathbf{1}_{M \\times 1 \\times 3} = \\mathbf{1}_M", "I"),
]


@pytest.mark.parametrize(("text", "letters"), NUMPY)
def test_every_argument_of_a_call_counts(text, letters):
    agrees(text, letters)


FUNCTIONS = [
    # a name that nothing declares, before brackets alone, may be a function
    ("\\phi(s+t) = \\phi(s)+\\phi(t)", "U"),
    ("\\psi(2s) = 2\\psi(s)", "U"),
    ("\\Phi(s+t) = \\Phi(s)+\\Phi(t)", "U"),
    ("\\ell(s+t) = \\ell(s)+\\ell(t)", "U"),
    ("\\zeta(2s) = 2\\zeta(s)", "U"),
    ("\\lambda(2s) = 2\\lambda(s)", "U"),
    ("\\lambda_1(A+B) = \\lambda_1(A)+\\lambda_1(B)", "U"),
    ("\\phi\\left(s+t\\right) = \\phi\\left(s\\right)+\\phi\\left(t\\right)", "U"),
    ("\\frac{\\phi(s+t)}{2} = \\frac{\\phi(s)+\\phi(t)}{2}", "O"),
    ("\\phi(s+t)/2 = (\\phi(s)+\\phi(t))/2", "U"),
    ("\\phi^2(s+t) = \\phi^2(s)+\\phi^2(t)", "U"),
    ("\\mathbb{E}[s t] = \\mathbb{E}[s] t", "U"),
    ("\\mathbb{E}_x[s^2] = s\\,\\mathbb{E}_x[s]", "U"),
    ("\\mathbb{E}\\|x\\|^2 s = \\mathbb{E}[s\\|x\\|^2]", "U"),
    ("\\mathbb{E} s t = \\mathbb{E}[st]", "U"),
    ("φ(s+t) = φ(s)+φ(t)", "U"),
    ("{\\phi}\\bigl(s+t\\bigr) = {\\phi}(s)+\\phi\\,(t)", "U"),
    ("\\mathcal{F}(s+t) = \\mathcal{F}(s)+\\mathcal{F}(t)", "U"),
    ("Var(2s) = 2Var(s)", "O"),
    ("\\mathrm{Var}[2s] = 2\\mathrm{Var}[s]", "U"),
    ("\\mathrm{SE}[2s] = 2\\mathrm{SE}[s]", "U"),
    ("\\operatorname{E}[st] = \\operatorname{E}[s]t", "U"),
    ("E[s+t] = E[s]+E[t]", "U"),
    ("g := \\phi(s+t)\ng = \\phi(s)+\\phi(t)", "UO"),
    # what the text says or shows to be a factor is one, and a function that is defined is one
    ("\\phi(s+t) = \\phi s + \\phi t", "P"),
    ("\\phi \\cdot (s+t) = \\phi \\cdot s + \\phi \\cdot t", "P"),
    ("\\phi := s\n\\phi(s+t) = s^2+st", "DP"),
    ("\\phi(t) := t^2\n\\phi(s+t) = s^2+2st+t^2\n\\phi(s+t) = \\phi(s)+\\phi(t)", "DPR"),
    ("\\lambda(w+x) = \\lambda w + \\lambda x", "P"),
    ("$c(s+t) = cs + ct$", "P"),
    ("\\eta(w-x) = -\\eta(x-w)", "P"),
    ("\\alpha[s+t] = \\alpha[t+s]", "P"),
    ("\\lambda(s+t)(s-t) = \\lambda(s^2-t^2)", "P"),
    ("\\beta(s-u) + \\beta(u-t) = \\beta(s-t)", "P"),
]
DECLARED = SHAPES | {"lambda": "scalar", "phi": "scalar", "eta": "scalar"}


@pytest.mark.parametrize(("text", "letters"), FUNCTIONS)
def test_a_name_that_may_be_a_function_is_asked_about(text, letters):
    agrees(text, letters)


@pytest.mark.parametrize(
    "text", ["\\lambda(s+t) = \\lambda(s) + \\lambda(t)", "\\phi(2s) = 2\\phi(s)", "\\eta[s] = s\\eta"]
)
def test_a_declared_number_is_a_factor(text):
    agrees(text, "P", DECLARED)


ASIDES = [
    # what stands in the argument of a layout command is a label, a colour, a length or words, or it is asked about
    ("s = s \\tag{+ t}", "U"),
    ("s = s \\tag{^2}", "U"),
    ("s = s \\tag{times 2}", "U"),
    ("s = s \\tag{is wrong}", "U"),
    ("s = s \\tag{1}", "P"),
    ("s = s \\tag{*}", "P"),
    ("s = s \\tag{2.3a}", "P"),
    ("s = s \\tag{1'}", "P"),
    ("s = s \\tag{Eq. 3}", "P"),
    ("s = s \\tag{chain rule}", "P"),
    ("s + t = t + s \\tag{2}\\label{eq:sum}", "P"),
    ("\\footnote{+ t} s = s", "U"),
    ("s = s\\footnote{2}", "U"),
    ("s = s\\footnote{This holds by symmetry.}", "P"),
    ("\\overbrace{s}^{2} = s", "U"),
    ("\\underbrace{s}_{2} = s", "U"),
    ("\\underbrace{s + t}_{u} = t + s", "U"),
    ("\\underbrace{s + t}_{(1)} = t + s", "P"),
    ("\\overbrace{s + t}^{\\text{sum}} = t + s", "P"),
    ("\\underbrace{X}_{N \\times M} w = Xw", "P"),
    ("s\\color{2} = s", "U"),
    ("\\color{+t} s = s", "U"),
    ("\\textcolor{2}{s} = s", "U"),
    ("\\color{red} s = s", "P"),
    ("\\color{red!50!black} s = s", "P"),
    ("\\color{#ff0000} s = s", "P"),
    ("\\textcolor{blue}{s} t = s t", "P"),
    ("\\href{2}{s} = s", "U"),
    ("\\href{https://example.org/a_b}{s} = s", "P"),
    ("\\enclose{2}{s} = s", "U"),
    ("\\enclose{circle}{s} = s", "P"),
    ("s\\hspace{2t} = s", "U"),
    ("s\\hspace{1cm} t = s t", "P"),
    ("s\\kern-2pt t = s t", "P"),
    ("s t\\mkern3mu = s", "R"),
    ("s \\stackrel{?}{=} s", "U"),
    ("s \\overset{(a)}{=} s", "P"),
]


@pytest.mark.parametrize(("text", "letters"), ASIDES)
def test_an_aside_holds_layout_or_words_and_no_mathematics(text, letters):
    agrees(text, letters)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\\mathcal{A} = A", ["\\mathcal{A} is read as A"]),
        ("\\mathbb{A} = A", ["\\mathbb{A} is read as A"]),
        ("\\mathbf{s} = s", ["\\mathbf{s} is read as s"]),
        ("\\vec{s} = s", ["\\vec{s} is read as s"]),
        ("\\newcommand{\\cA}{\\mathcal{A}}\n$\\cA = A$", ["\\mathcal{A} is read as A"]),
        ("\\mathcal{A} x = \\mathcal{A} x", ["\\mathcal{A} is read as A"]),
        ("\\mathfrak{s} = \\mathfrak{s}", ["\\mathfrak{s} is read as s"]),
        ("A x = A x", []),
        ("\\mathbf{A} x = \\mathbf{A} x", []),
        ("\\mathbf{A}\\mathbf{w} = \\boldsymbol{A}\\mathbf{w}", []),
        ("\\text{MSE} = \\mathrm{MSE}", []),
    ],
)
def test_a_name_in_two_fonts_is_one_name_only_where_it_is_told(text, told):
    assert list(check_derivation(text, Context(shapes=SHAPES)).steps[0].assumes) == told
    assert [one["says"] for one in checked(text)["steps"][0]["assumes"]] == told


def test_a_name_that_is_declared_in_a_font_is_told_where_it_stands_without():
    context = Context(shapes={"\\mathcal{A}": ("M", "M"), "x": ("M",)})
    for text, told in (("A x = A x", ("A is read as \\mathcal{A}",)), ("\\mathcal{A} x = \\mathcal{A} x", ())):
        assert derivation(text, context).steps[0].assumes == check_derivation(text, context).steps[0].assumes == told


def test_names_that_are_declared_in_two_fonts_are_two():
    agrees("\\mathcal{A} = A", "R", SHAPES | {"\\mathcal{A}": "M x M"})
    agrees("\\mathcal{A}A + A = (\\mathcal{A} + I)A", "P", SHAPES | {"\\mathcal{A}": "M x M"})


IDENTITY = [
    ("IA = A", "P"),
    ("AI = A", "P"),
    ("IA = 2A", "R"),
    ("IX = X", "P"),
    ("A + sI = sI + A", "P"),
    ("A + sI = A + 2sI", "R"),
    ("A + I = I + A", "P"),
    ("A + I = A", "R"),
    ("I^TA = A", "P"),
    ("I^T = I", "U"),
    ("sI = Is", "U"),
    # a reference is a remark, and no factor
    ("by (1) s t = t s", "P"),
    ("By (1) s t = s", "R"),
    ("from (2) s t = t s", "P"),
    ("using (1) and (2), s t = t s", "P"),
    ("s t = t s by (1)", "P"),
    ("s t = t s (by (1))", "P"),
    ("by eq. (1) s t = t s", "P"),
    ("hence by (1) $s t = t s$", "P"),
    ("s = by (1)", "U"),
    ("by (1) + s = s", "U"),
]


@pytest.mark.parametrize(("text", "letters"), IDENTITY)
def test_the_identity_has_its_size_and_a_reference_is_no_factor(text, letters):
    agrees(text, letters)


@pytest.mark.parametrize("call", ["ones()", "np.ones()", "eye()", "zeros(())", "np.ones(()) @ A", "np.eye()"])
def test_an_array_without_a_size_is_not_read(call):
    (step,) = derivation(f"{call} = A", Context(shapes={"A": ("N", "N")})).steps
    assert step.verdict.value == "UNREADABLE" and "has no size; an array has one size or two" in step.message
