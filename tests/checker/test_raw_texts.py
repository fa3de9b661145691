"""What readers paste without a table: each habit with the text that is right, and its nearest wrong twin."""

from __future__ import annotations

import pytest

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.macros import usual
from lrcore.checker.table import State
from lrcore.verify.terms.words import ACCENTS, FONTS, FUNCTIONS, GREEK, RELATIONS

FALSE = {"REFUTED", "ILL_TYPED", "STATIONARY"}


def run(text, *rows):
    return CheckedText(State(text, rows)).run()


def verdicts(text, *rows):
    return [one.step.verdict.value for one in run(text, *rows).steps]


def answered(text):
    """The verdicts after the first answer to each question that the text raises."""
    found = run(text)
    return verdicts(text, *(one.choices[0].row for one in found.asked.values() if one.choices))


# ---------------------------------------------------------------------- macros of a document


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\tr(\trans{A} C) = \sum_i \sum_j A_{ij} C_{ij}", r"\tr(\trans{A} C) = \sum_i \sum_j A_{ij} C_{ij}^2"),
        (r"\pdiff{(w^\T w)}{w} = 2 w", r"\pdiff{(w^\T w)}{w} = w"),
        (r"\pd[w] (w^\top w) = 2 w", r"\pd[w] (w^\top w) = 3 w"),
        (r"\dif (\vx^\top \vx) = 2 \vx^\top \dif \vx", r"\dif (\vx^\top \vx) = \vx^\top \dif \vx"),
        (r"(\Xmat \bfbeta)' = \bfbeta' \Xmat'", r"(\Xmat \bfbeta)' = \Xmat' \bfbeta'"),
        (r"\vect{u}^\top 2 \vect{u} = 2 \vect{u}^\top \vect{u}", r"\vect{u}^\top 2 \vect{u} = \vect{u}^\top \vect{u}"),
    ],
)  # fmt: skip
def test_usual_macros_of_documents_mean_what_they_usually_mean(right, wrong):
    assert verdicts(right) == ["PROVED"]
    assert set(verdicts(wrong)) <= FALSE
    assert any("is taken as" in said for said in run(right).steps[0].step.assumes)


def test_a_macro_that_the_text_defines_means_what_the_text_says():
    text = "\\newcommand{\\half}{\\frac{1}{3}}\n$\\half + \\half + \\half = 1$"
    assert verdicts(text) == ["PROVED"]
    assert verdicts(r"$\half + \half = 1$") == ["PROVED"]
    assert verdicts(r"$\half + \half + \half = 1$") == ["REFUTED"]


def test_no_word_of_latex_counts_as_a_macro_of_a_document():
    own = {*GREEK, *ACCENTS, *FONTS, *FUNCTIONS, *RELATIONS, "frac", "sum", "top", "left", "right", "mid", "mp", "pm"}
    for one in own - {"tr"}:
        assert not usual(rf"\{one} x = \{one}{{y}} + \{one}{{y}}{{z}} + \{one}[x] y"), one


# ---------------------------------------------------------------------- what nothing explains


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\mathrm d \mathrm{RSS}(\beta)}{\mathrm d \beta} = X^\top y - 3 X^\top X \beta",
        r"\frac{\partial \mathcal L(w)}{\partial w} = X (X^\top w + y^\top)",
        r"\frac{\partial a_i}{\partial w} = x_i",
        r"\sum_i (a_i - z_i) \frac{\partial a_i}{\partial w} = \sum_i (a_i - z_i) a_i x_i",
    ],
)
def test_how_an_undefined_name_depends_on_another_is_asked_and_never_refuted(text):
    found = run(text)
    assert [one.step.verdict.value for one in found.steps] == ["OPEN"]
    assert found.asked


def test_the_first_answer_about_a_loss_decides_a_wrong_gradient():
    text = r"\frac{\mathrm d \mathrm{RSS}(\beta)}{\mathrm d \beta} = 2 X^\top X \beta - X^\top y"
    assert answered(text) == ["REFUTED"]
    assert verdicts(text.replace("- X^", "- 2 X^")) == ["PROVED"]


def test_a_prime_after_a_function_is_a_derivative_by_its_argument():
    text = (
        r"C'(w) = \left(\frac{1}{n} \sum_{i=1}^n (x_i w - y_i)^2\right)' = \frac{2}{n} \sum_{i=1}^n (x_i w - y_i) x_i"
    )
    assert verdicts(text)[-1] == "PROVED"
    assert verdicts(text.removesuffix(" x_i"))[-1] == "REFUTED"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"1 - \sigma(z) = \frac{1}{1 + e^z}", r"1 - \sigma(z) = \frac{1}{1 + e^{-z}}"),
        (r"\frac{1}{\det(A)} \frac{\partial \det(A)}{\partial A} = A^{-\top}",
         r"\frac{1}{\det(A)} \frac{\partial \det(A)}{\partial A} = 2 A^{-\top}"),
    ],
)  # fmt: skip
def test_what_stands_in_a_denominator_is_not_always_a_size(right, wrong):
    assert verdicts(right) == ["PROVED"]
    assert verdicts(wrong) == ["REFUTED"]


def test_a_derivative_by_a_name_that_something_is_not_written_in_is_not_refuted():
    text = "L = \\frac{1}{2} \\|X w - y\\|^2\n\nr = X w - y\n\n\\frac{\\partial L}{\\partial r} = %s"
    assert verdicts(text % "r") == ["DEFINITION", "DEFINITION", "OPEN"]
    written = text.replace("{2} \\|X w - y\\|^2", "{2} \\|r\\|^2")
    assert verdicts(written % "r")[-1] == "PROVED" and verdicts(written % "2 r")[-1] == "REFUTED"


# ---------------------------------------------------------------------- documents

TEX = r"""\documentclass{article}
\usepackage{amsmath}
\newcommand{\vw}{\mathbf{w}}
\newcommand{\size}[1]{\left\lVert #1 \right\rVert}
\def\X{\mathbf{X}}
\DeclareMathOperator*{\argmin}{arg\,min}
\title{Notes}
\begin{document}
\maketitle
\section{Least squares}
We minimise
\begin{equation}\label{loss}
  L(\vw) = \size{\X\vw - \mathbf{y}}^2 .
\end{equation}
\begin{itemize}
\item Its gradient is
\begin{align}
  \nabla_{\vw} L &= 2 \X^\top (\X\vw - \mathbf{y}) \\
   &= 2\X^\top\X\vw - 2\X^\top\mathbf{y}.
\end{align}
\end{itemize}
\end{document}
"""


def test_a_tex_file_is_read_with_its_preamble():
    assert verdicts(TEX) == ["DEFINITION", "PROVED", "PROVED"]
    assert verdicts(TEX.replace("- 2\\X", "+ 2\\X")) == ["DEFINITION", "PROVED", "REFUTED"]
    assert verdicts(TEX.replace("{\\left\\lVert #1", "{2 \\left\\lVert #1"))[1] in FALSE


def test_places_in_a_tex_file_are_those_of_the_file():
    for one in run(TEX).steps:
        assert TEX[slice(*one.right)].strip().startswith(("\\size", "2"))
