"""What readers paste without a table: each habit with the text that is right, and its nearest wrong twin."""

from __future__ import annotations

import json

import pytest

from lrcore import check_derivation
from lrcore.checker.checked_text import CheckedText
from lrcore.checker.table import Row, State
from lrcore.checker.usual_macros import usual
from lrcore.checker.view import view
from lrcore.data import errata
from lrcore.verify import Context, derivation
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


def test_a_notebook_is_read_by_its_cells_of_prose():
    cells = [
        {"cell_type": "markdown", "source": ["## The loss\n", "$L = \\|X w - y\\|^2$"]},
        {"cell_type": "code", "source": ["L = 3"]},
        {"cell_type": "markdown", "source": "so $\\nabla_w L = 2 X^\\top (X w - y)$"},
    ]
    text = json.dumps({"cells": cells, "nbformat": 4})
    assert verdicts(text) == ["DEFINITION", "PROVED"]
    assert verdicts(text.replace("= 2 X", "= X")) == ["DEFINITION", "REFUTED"]
    assert verdicts('{"cells": 3}') == verdicts('{"cells": 3}'.replace("cells", "rows"))


TABLE = r"""| Symbol | Shape | Meaning |
|---|:-:|---|
| $w$ | M x 1 | weights |
| $X$ | $N \times M$ | data |

what | with
:--- | ---:
the loss | $L = \|Xw - y\|^2$
its gradient | $\nabla_w L = 2X^\top(Xw - y)$
the differential | dL = 2 (Xw - y)^\top X dw
"""


def test_a_table_of_markdown_is_read_cell_by_cell_and_what_is_no_equation_is_set_aside():
    assert verdicts(TABLE) == ["DEFINITION", "PROVED", "PROVED"]
    assert verdicts(TABLE.replace("= 2X", "= 3X")) == ["DEFINITION", "REFUTED", "PROVED"]
    assert verdicts(TABLE.replace("= 2 (", "= 2 X (")) == ["DEFINITION", "PROVED", "ILL_TYPED"]
    assert all(TABLE[slice(*one.right)] in TABLE for one in run(TABLE).steps)
    assert verdicts("|x| = |-x|\n|2x| = |x|\n") == ["PROVED", "REFUTED"], "bars without a row of dashes are bars"


def test_a_function_in_python_is_read_line_by_line():
    text = (
        "def gradient(X, y, w):\n    n = len(y)\n    L = np.mean((X @ w - y)**2)\n    r = X @ w - y\n"
        "    grad(L, w) = 2 * X.T @ r / n\n    return 2 * X.T @ r / n\n"
    )
    assert verdicts(text) == ["PROVED", "DEFINITION", "DEFINITION", "PROVED", "DEFINITION"]
    assert verdicts(text.replace("= 2 *", "= 3 *", 1))[3] == "REFUTED"
    assert verdicts("m = len(X)\nL = norm2(X @ w - y)", Row("X", "n x m"))[0] == "REFUTED"


def test_a_greek_sigma_with_a_small_index_is_a_sum():
    assert verdicts("Σᵢ (yᵢ − ȳ) = 0") == ["PROVED"]
    assert verdicts("Σᵢ (yᵢ + ȳ) = 0") != ["PROVED"]
    assert verdicts("xᵀ Σ x = (Σ x)ᵀ x")[0] != "UNREADABLE"


# ---------------------------------------------------------------------- dots, cases, names with words


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"v^\top v = v_1^2 + v_2^2 + \dots + v_n^2", r"v^\top v = 2 v_1^2 + 2 v_2^2 + \dots + 2 v_n^2"),
        (r"\begin{bmatrix} x_{11} & x_{21} & \dots & x_{n1} \\ \vdots & \vdots & \ddots & \vdots \\ x_{1m} & x_{2m} &"
         r" \dots & x_{nm} \end{bmatrix} = X^\top",
         r"\begin{bmatrix} x_{11} & x_{21} & \dots & x_{n1} \\ \vdots & \vdots & \ddots & \vdots \\ x_{1m} & x_{2m} &"
         r" \dots & x_{nm} \end{bmatrix} = 2 X^\top"),
        (r"\frac{\partial (c^\top x)}{\partial x} = \begin{bmatrix} c_1 \\ \vdots \\ c_n \end{bmatrix}",
         r"\frac{\partial (c^\top x)}{\partial x} = \begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix}"),
        (r"\frac{\partial v_i}{\partial v_k} = \begin{cases} 1 & \text{if } i = k \\ 0 & \text{otherwise} \end{cases}",
         r"\frac{\partial v_i}{\partial v_k} = \begin{cases} 0 & \text{if } i = k \\ 1 & \text{otherwise} \end{cases}"),
    ],
)  # fmt: skip
def test_dots_and_cases_are_read_before_anything_is_declared(right, wrong):
    assert verdicts(right) == ["PROVED"]
    assert set(verdicts(wrong)) <= FALSE


def test_cases_that_are_not_by_index_are_asked_about():
    assert verdicts(r"h_i = \begin{cases} 1 & \text{if } i > k \\ 0 & \text{otherwise} \end{cases}") == ["UNREADABLE"]


def test_a_name_of_its_own_is_no_entry_between_dots():
    text = "v^\\top v = v_1^2 + v_2^2 + \\dots + v_n^2"
    assert verdicts(text, Row("v", "n"), Row("v_1", "scalar")) == ["UNREADABLE"]
    assert verdicts(text, Row("v", "n")) == ["PROVED"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"L^{\text{ridge}}(w) = \|X w - y\|^2 + \lambda w^\top w" + "\n\n"
         r"\nabla_w L^{\text{ridge}} = 2 X^\top (X w - y) + 2 \lambda w", "2 \\lambda w"),
        (r"L_i(w, b) = (w x_i + b - y_i)^2" + "\n\n"
         r"\frac{\partial L_i}{\partial w} = 2 (w x_i + b - y_i) x_i", " x_i"),
        (r"f = \|W + v \mathbf{1}^\top_K\|_F^2" + "\n\n" r"\nabla_v f = 2 (W + v \mathbf 1_K^\top) \mathbf{1}_K",
         " \\mathbf{1}_K"),
    ],
)  # fmt: skip
def test_names_with_words_or_indices_and_ones_with_late_sizes(right, wrong):
    assert verdicts(right) == ["DEFINITION", "PROVED"]
    assert (
        verdicts(right.removesuffix(wrong) + wrong.replace("2 ", "3 ") if "2" in wrong else right.removesuffix(wrong))[
            -1
        ]
        in FALSE
    )


# ---------------------------------------------------------------------- what the prose takes for granted


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"Since $U^\top U = I$, we have $(U x)^\top (U x) = x^\top x$.", "= 2 x^"),
        (r"Suppose that $\sum_i y_i = 1$. Then $\sum_i y_i p = p$.", "= 2 p"),
        (r"The data are centred: $X^\top 1_n = 0$. Then $X^\top (y - c 1_n) = X^\top y$.", "= 2 X^"),
        (r"Assume $P^2 = P$. Then $P (2 P - P) = P$.", "= 2 P$."),
    ],
)  # fmt: skip
def test_a_hypothesis_in_prose_is_a_condition(right, wrong):
    assert verdicts(right) == ["CONDITION", "PROVED"]
    plain = wrong.replace("2 ", "")
    before, after = right.rsplit(plain, 1)
    assert verdicts(before + wrong + after)[-1] in FALSE


def test_a_matrix_that_the_text_calls_symmetric_is():
    claim = r"$\nabla_x (x^\top A x) = 2 A x$"
    assert verdicts(f"Let $A$ be any matrix that is symmetric. For a symmetric matrix $A$, {claim}.")[-1] == "PROVED"
    assert verdicts(f"{claim}, where $A$ is symmetric.") == ["PROVED"]
    assert verdicts(f"{claim}, where $A$ is not symmetric.") == ["OPEN"]


@pytest.mark.parametrize(
    "text",
    [
        r"Since $(a + b)^2 = a^2 + b^2$, we have $(a + b)^2 - b^2 = a^2$.",
        r"Let $L = \|X w - y\|^2$. Since $\nabla_w L = X^\top (X w - y)$, $\nabla_w L = X^\top X w - X^\top y$.",
        "Assume $s = s + 1$. Then $s = 5$.",
    ],
)
def test_what_is_false_is_no_hypothesis(text):
    assert "CONDITION" not in verdicts(text) and "PROVED" not in verdicts(text)


# ---------------------------------------------------------------------- functions that nothing explains


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\frac{\partial L}{\partial x_i} = \sum_j \frac{\partial L}{\partial u_j} \frac{\partial u_j}{\partial x_i}",
         r"\frac{\partial L}{\partial x_i} = \sum_j \frac{\partial L}{\partial u_j} \frac{\partial u_i}{\partial x_j}"),
        (r"\frac{\partial (u^\top v)}{\partial x_i} = \frac{\partial u}{\partial x_i}^\top v + u^\top"
         r" \frac{\partial v}{\partial x_i}",
         r"\frac{\partial (u^\top v)}{\partial x_i} = \frac{\partial u}{\partial x_i}^\top v - u^\top"
         r" \frac{\partial v}{\partial x_i}"),
    ],
)  # fmt: skip
def test_the_rules_of_differentiation_hold_for_any_function(right, wrong):
    found = run(right)
    assert [one.step.verdict.value for one in found.steps] == ["PROVED"]
    assert any("any function of" in said for said in found.steps[0].step.assumes)
    assert verdicts(wrong)[0] != "PROVED"


def test_a_second_derivative_is_not_read_for_affine_functions_alone():
    assert verdicts(r"\frac{\partial}{\partial x} \frac{\partial u}{\partial x} = 0") != ["PROVED"]
    assert verdicts(r"\frac{\partial^2 u}{\partial x^2} = 0") != ["PROVED"]


# ---------------------------------------------------------------------- a wrong line among right ones


def test_a_definition_that_everything_speaks_against_is_judged_by_the_rest():
    text = (
        r"$\hat y = \sum_{i=1}^n w_i x_i$ and $c = \frac{1}{2} \sum_{j=1}^n (\hat y_j - y_j)^2$."
        "\n\n"
        r"$$\frac{\partial c}{\partial \hat y_i} = \frac{\partial}{\partial \hat y_i} \frac{1}{2} \sum_{j=1}^n"
        r" (\hat y_j - y_j)^2 = \hat y_i - y_i$$"
        "\n\n"
        r"$$\frac{\partial c}{\partial \hat y} = \begin{bmatrix} \hat y_1 - y_1 \\ \vdots \\ \hat y_n - y_n"
        r" \end{bmatrix}$$"
        "\n\n"
        r"$$\begin{bmatrix} x_{11} & \dots & x_{n1} \\ \vdots & \ddots & \vdots \\ x_{1m} & \dots & x_{nm}"
        r" \end{bmatrix} = X^\top$$"
    )
    found = verdicts(text)
    assert found[0] in FALSE and found[2:] == ["PROVED"] * 4
    assert verdicts(text.replace(r"= \hat y_i - y_i", r"= 2 (\hat y_i - y_i)"))[3] == "REFUTED"


def test_two_lines_that_want_another_loss_each_are_not_refused_for_one_choice():
    text = "\\nabla_w L = 2 X^\\top (X w - y)\n\n\\nabla_w L = X^\\top (X w - y)"
    assert sorted(verdicts(text)) == ["OPEN", "PROVED"]
    assert verdicts("L = \\|X w - y\\|^2\n\n" + text) == ["DEFINITION", "PROVED", "REFUTED"]


def test_a_loss_whose_derivative_is_written_as_that_of_an_expression_is_that_expression():
    text = r"\frac{\partial C}{\partial w} = \frac{\partial}{\partial w} \sum_{i=1}^n (x_i w - z_i)^2 = "
    assert verdicts(text + r"2 \sum_{i=1}^n (x_i w - z_i) x_i") == ["PROVED", "PROVED"]
    assert verdicts(text + r"\sum_{i=1}^n (x_i w - z_i) x_i") == ["PROVED", "REFUTED"]
    named = run(text + r"2 \sum_{i=1}^n (x_i w - z_i) x_i").steps[0].step.assumes
    assert "C is taken as what is differentiated beside it" in named
    assert verdicts("C = 3 w\n\n" + text.removesuffix(" = "))[-1] in FALSE
    assert verdicts(r"\frac{\partial C}{\partial x} = \frac{\partial v}{\partial x}") != ["PROVED"]
    assert verdicts(r"\frac{\partial u}{\partial x} = \frac{\partial}{\partial x} (x^2)") != ["PROVED"]


# ---------------------------------------------------------------------- the learner's question and its answer

QUESTION, ANSWER = errata()[:2]
BETWEEN = {"B7": r"$$\hat Y = X W$$" + "\n\n"}  # said in the running text of the answer


@pytest.mark.parametrize("document", [QUESTION, ANSWER], ids=["question", "answer"])
def test_the_question_and_its_answer_get_the_verdicts_of_the_errata_page_without_a_table(document):
    formulas = [one for one in document["formulas"] if one["number"] != "A7j"]  # its letters stand in no formula
    text, places = "", {}
    for one in formulas:
        text += BETWEEN.get(one["number"], "")
        places[one["number"]] = (len(text), len(text) + len(one["latex"]) + 6)
        text += f"$${one['latex'].rstrip(' ,.')}$$\n\n"
    steps = run(text).steps
    for one in formulas:
        start, end = places[one["number"]]
        said = [step.step.verdict.value for step in steps if start <= step.left[0] < end]
        wanted = list(one["verdicts"])
        if one["number"] == "B1":
            wanted[0] = "DEFINITION"  # the table of the Errata page says what MSE is, and here this line does
        same = [a == b or {a, b} <= FALSE for a, b in zip(said, wanted, strict=True)]  # the sizes of W are guessed
        assert all(same), (one["number"], said)


def test_a_raised_word_is_no_transpose_and_a_raised_t_no_word():
    assert verdicts(r"(X^{\text{T}} w)^{\text{T}} = w^{\text{T}} X") == ["PROVED"]
    assert set(verdicts(r"(X^{\text{T}} w)^{\text{T}} = X w^{\text{T}}")) <= FALSE


def test_small_letters_in_code_are_matrices_where_they_are_transposed():
    text = "grad(L, w) = -2 * np.transpose(x).dot(y - x.dot(w))%s"
    assert verdicts(text % "") == ["PROVED"] and verdicts(text % " / N") == ["PROVED"]
    assert "L is taken as the mean squared error" in run(text % " / N").steps[0].step.assumes
    assert verdicts(text.replace("transpose(x)", "transpose(y)") % "")[0] != "PROVED"


def test_a_line_that_is_linear_in_what_is_solved_for_further_down_is_no_identity_to_refute():
    lines = r"s \sum_i x_i^2 = \sum_i x_i y_i - \sum_i (\bar y - s \bar x) x_i"
    solved = r"s = \frac{\sum_i x_i y_i - \bar y \sum_i x_i}{\sum_i x_i^2 - \bar x \sum_i x_i}"
    assert not FALSE & set(verdicts(f"{lines}\n\n{solved}"))
    square = r"\|X w - y\|^2 = w^\top X^\top X w + y^\top y"
    assert verdicts(f"{square}\n\nw = (X^\\top X)^{{-1}} X^\\top y")[0] == "REFUTED"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("$$A^T (A b) = A^T A b$$ I think.", "PROVED"),
        ("$A b = A b$ I got this", "PROVED"),
        ("$$A b = A b$$ I", "UNREADABLE"),
        ("$$A b = A b$$ I - B", "UNREADABLE"),
    ],
)
def test_who_speaks_is_no_identity_matrix(text, verdict):
    assert [step.verdict.value for step in check_derivation(text).steps] == [verdict]


@pytest.mark.parametrize("opening", ["", "so ", "hence ", "where ", "with "])
def test_a_letter_that_the_text_defines_is_a_symbol_where_mathematics_follows(opening):
    table = (Row("X", "N x D"), Row("w", "D x 1"), Row("y", "N x 1"))
    told = "A := X^\\top X \\\\\nb := X^\\top y \\\\\n"
    for line in ("A w = b", "$A w = b$"):
        assert verdicts(f"{told}{opening}{line} \\\\\nw = A^{{-1}} b", *table)[2:] == ["CONDITION", "PROVED"]
        assert verdicts(f"{told}{opening}{line} \\\\\nw = b", *table)[2:] == ["CONDITION", "REFUTED"]
    assert verdicts(f"a := y^\\top y \\\\\n{opening}a w = w a", *table)[1:] == ["PROVED"]
    assert verdicts(f"a := y^\\top y \\\\\n{opening}a w = w", *table)[1:] == ["REFUTED"]


@pytest.mark.parametrize(
    "words",
    [
        "Here $x_n$ is the $n$-th row of $X$.", "Here $w$ is an $M$-dimensional vector.", "The $L_2$-norm is meant.",
        "Here $X$ is an $N$-by-$M$ matrix.", "Here $w$ is $M$-by-1.", "All $w$-values are meant.",
        "The $X$'s rows count.", "Let X be N×M.", "We don't know X's rank. Then", "Set to 0:", "Q1.", "A:", "TL;DR:",
        "(see p. 12)", "(Bishop, 2006)", "thanks 🙂", "w/ chain rule", "where X is (N, M),", r"\label{eq:3}", r"\hfill",
        r"(see Eq.~\eqref{eq:3})", r"by~\cite{bishop}", r"\textbf{Step 1.}", r"$\square$",
        r"\footnote{as in the lecture}",
    ],
)  # fmt: skip
def test_words_between_formulas_are_words(words):
    inline, display = "$L = \\|Xw - y\\|^2$. %s $%s$", "$$L = \\|Xw - y\\|^2.$$ %s we get\n$$%s$$"
    lines = "$$L = \\|Xw - y\\|^2$$\n%s\n$$%s$$"
    right, wrong = "\\nabla_w L = 2 X^\\top (Xw - y)", "\\nabla_w L = X^\\top (Xw - y)"
    for text in (inline, display, lines):
        assert verdicts(text % (words, right)) == ["DEFINITION", "PROVED"]
    assert verdicts(inline % (words, wrong)) == ["DEFINITION", "REFUTED"]


@pytest.mark.parametrize(
    "text",
    ["$s$-st $s = s$", "so $s$-tr $s = s$", "$s$ - values $s = s$", "$s$-log(t) $s = s$", "$s = s$-vector", "$s$'s = 0"]
    + ["2 $s = s$", "so 2 $s = s$", "A $s = s$", "(s t) $s = s$", "$s = s$ (s + t)", "$s = s$ s×t", "$s = s$ $+ t$."],
)
def test_what_may_belong_to_a_formula_is_asked_about(text):
    assert "PROVED" not in verdicts(text, Row("s", "scalar"), Row("t", "scalar"))


@pytest.mark.parametrize("space", ["", " "])
def test_a_capital_sigma_before_what_is_indexed_is_a_sum_and_elsewhere_a_matrix(space):
    loss = f"RSS = Σ{space}(yᵢ − a − b xᵢ)²\n∂RSS/∂b = %s Σ{space}xᵢ(yᵢ − a − b xᵢ)"
    assert verdicts(loss % "−2") == ["DEFINITION", "PROVED"]
    assert verdicts(loss % "2") == ["DEFINITION", "REFUTED"]
    normal = f"L = ½ Σᵢ (xᵢ − μ)ᵀ Σ⁻¹{space}(xᵢ − μ)\n∂L/∂μ = %s Σᵢ Σ⁻¹{space}(xᵢ − μ)"
    assert answered(normal % "−") == ["DEFINITION", "PROVED"]
    assert answered(normal % "") == ["DEFINITION", "REFUTED"]


def test_a_dash_behind_the_end_of_a_row_is_a_minus():
    text = "\\nabla J = 0 \\\\\n- X^\\top y + X^\\top X w %s \\lambda w = 0 \\\\"
    loss = "J = \\tfrac12 \\|X w - y\\|^2 + \\tfrac12 \\lambda \\|w\\|^2 \\\\\n"
    assert verdicts(loss + text % "+") == ["DEFINITION", "CONDITION", "PROVED"]
    assert "PROVED" not in verdicts(loss + text % "-")


def test_a_name_beside_an_array_of_its_letter_is_said_to_be_none_of_its_entries():
    text = "\\beta := S^{-1} v \\\\\n\\beta_0 := c - \\mu S^{-1} v \\\\\nX := Z + \\mathbf 1_N \\mu \\\\\n"
    line = "Z S^{-1} v + \\mathbf 1_N c = X \\beta + \\mathbf 1_N \\beta_0"
    table = [Row("S", "M x M"), Row("v", "M x 1"), Row("\\mu", "1 x M"), Row("c", "scalar"), Row("Z", "N x M")]
    assert verdicts(text + line, *table) == ["DEFINITION"] * 3 + ["PROVED"]
    assert verdicts(text + line.replace("+ \\mathbf 1_N \\beta", "- \\mathbf 1_N \\beta"), *table)[-1] == "REFUTED"
    assert r"\beta_{0} is a name of its own, and no entry of \beta" in run(text, *table).steps[1].step.assumes


def test_the_letter_of_a_function_that_is_called_with_numbers_is_taken_as_a_number_and_that_is_said():
    text = (
        "g(z) := \\tfrac12 z^2 \\\\ L := g(\\hat y - y) \\\\ g'(z) = %s \\\\ "
        "\\frac{\\partial L}{\\partial \\hat y} = g'(\\hat y - y)"
    )
    table = [Row("y", "scalar"), Row("\\hat y", "scalar")]
    assert verdicts(text % "z", *table)[2:] == ["PROVED", "PROVED"]
    assert verdicts(text % "2 z", *table)[2:] == ["REFUTED", "PROVED"]
    assert verdicts(text % "z" + " (\\hat y - y)", *table)[2:] == ["PROVED", "REFUTED"]
    context = Context({"y": (), "\\hat y": ()})
    assert "z is taken as a number" in derivation(text % "z", context).steps[2].assumes


# ---------------------------------------------------------------------- texts as they are pasted, and their twins

ON = "$L = \\|Xw - y\\|^2$. "
UNDER = "L = \\|Xw - y\\|^2\n\\nabla_w L = 2X^T(Xw-y) = 0\n"
GAUSS = r"$\ell(\mu, \sigma^2) = -\frac{n}{2}\log(2\pi\sigma^2) - \frac{1}{2\sigma^2}\sum_{i=1}^n (x_i - \mu)^2$" + "\n"
COURSE = (
    r"h_\theta(x) = \frac{1}{1+e^{-\theta^T x}}" + "\n"
    r"J = -\frac1m \sum_{i=1}^m [y^{(i)} \log h_\theta(x^{(i)}) + (1-y^{(i)}) \log(1-h_\theta(x^{(i)}))]" + "\n"
    r"\frac{\partial J}{\partial \theta_j} = \frac1m \sum_{i=1}^m (h_\theta(x^{(i)}) %s y^{(i)}) x_j^{(i)}"
)
STEP = "w_{t+1} = w_t - \\eta X^T (X w_t - y)\nX w_{t+1} - y = (I %s \\eta X X^T)(X w_t - y)"
SHRINKS = (
    "$w_{t+1} = w_t - \\eta X^T(Xw_t - y)$. Then $w_{t+1} - w^* = (I %s \\eta X^T X)(w_t - w^*)$ "
    "where $X^T X w^* = X^T y$."
)
LOGISTIC = (
    "$\\hat y = \\frac{1}{1+e^{-Xw}}$, $L = -\\sum_i (y_i\\log\\hat y_i + (1-y_i)\\log(1-\\hat y_i))$, "
    "$\\nabla_w L = X^T(\\hat y %s y)$"
)
NOISE = r"$\hat\beta = (X^T X)^{-1}X^T y$, $y = X\beta + \epsilon$, $\mathbb E[\epsilon] = 0$. "
NORMAL = (
    r"$L(\mu,S) = -\frac{n}{2}\log\det S - \frac12\sum_{i=1}^n (x_i-\mu)^T S^{-1}(x_i-\mu)$ %s"
    r"$\nabla_\mu L = %sS^{-1}\sum_i (x_i - \mu)$"
)
WEIGHTED = r"$L = (y - Xw)^T W (y - Xw)$ where $W$ is symmetric. $\nabla_w L = -2X^T W(y - Xw) = 0$. Then "
ESTIMATE = r"y - X \hat{\beta} = (I_n %s X (X^T V^{-1} X)^{-1} X^T V^{-1}) y"
SOFTMAX = r"Let $p_i = e^{z_i}/\sum_k e^{z_k}$. %s"
LAYERS = (
    r"$a^{(1)} = \sigma(W^{(1)} x)$, $\hat y = W^{(2)} a^{(1)}$, $L = \frac12\|\hat y - y\|^2$, "
    r"$\frac{\partial L}{\partial W^{(2)}} = %s$"
)
CODE = (
    "z = X @ w\np = 1 / (1 + np.exp(-z))\nloss = -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))\n"
    "grad(loss, w) = X.T @ (%s)"
)
SOLVED = (
    "n w = \\sum_{i=1}^n (y_i - x_i)\nn w %s \\sum_{i=1}^n x_i = \\sum_{i=1}^n y_i\n"
    "w = \\frac1n \\sum_{i=1}^n (y_i - x_i)"
)
SIGMOID = "s(z) = \\frac{1}{1+e^{-z}}\nL = "
ARRAY = (
    r"\left. \begin{array} { l } { L = ( y - w x ) ^ { 2 } } \\ { \frac { d L } { d w } = %s 2 x ( y - w x ) } "
    r"\end{array} \right."
)
BROKEN = "\\begin{align*}\n\\nabla_w \\|Xw-y\\|^2 &= %s \\\\\n&\\quad (Xw - y)\n\\end{align*}"
PENALTY = "J(w) = \\|Xw-y\\|^2 + \\lambda \\|w\\|^2\n\\nabla_w J = 2X^T(Xw-y) + %d\n  \\lambda w"
DENSITIES = (
    r"\log p(y \mid X, w) = \sum_{i=1}^n \log \left( \frac{1}{\sqrt{2\pi\sigma^2}} "
    r"\exp\left(-\frac{(y_i - w^Tx_i)^2}{2\sigma^2}\right) \right) = "
    r"-\frac{n}{2}\log(2\pi\sigma^2) %s \frac{1}{2\sigma^2}\sum_{i=1}^n(y_i - w^Tx_i)^2"
)
POSTERIOR = (
    "\\log p(y | X, w) = -\\frac{1}{2\\sigma^2} \\|y - Xw\\|^2 - \\frac n2 \\log(2\\pi\\sigma^2)\n"
    "\\nabla_w \\log p(y | X, w) = %s\\frac{1}{\\sigma^2} X^T(y - Xw)"
)
LOG_SOFTMAX = (
    "\\log p_k = z_k - \\log \\sum_j e^{z_j}\n\\frac{\\partial \\log p_k}{\\partial z_j} = \\delta_{jk} %s p_j"
)
ACTIVATED = r"\sum_{i=1}^n 2(a_i - z_i)\frac{\partial a_i}{\partial w} = \sum_{i=1}^n 2(a_i - z_i) a_i %s"
BY_TWO = (
    "J(\\theta) = \\frac{1}{2n}\\sum_{i=1}^n (y_i - \\theta_0 - \\theta_1 x_i)^2\n"
    r"\nabla_\theta J(\theta) = \begin{bmatrix} \frac{\partial J(\theta)}{\partial \theta_0} \\ "
    r"\frac{\partial J(\theta)}{\partial \theta_1} \end{bmatrix} = \begin{bmatrix} "
    r"%s \sum_{i=1}^{n} (y_i - (\theta_0 + \theta_1 x_i)) \\ %s \sum_{i=1}^{n} (y_i - (\theta_0 + \theta_1 x_i)) x_i "
    r"\end{bmatrix}"
)
SPREAD_OF = (
    r"$\operatorname{Var}(\hat\beta) = \sigma^2 (X^TX)^{-1}%s$ since $\hat\beta = (X^TX)^{-1}X^Ty$ and "
    r"$\operatorname{Var}(y) = \sigma^2 I$."
)
NOISE_OF = (
    r"We have $\hat\beta = (X^TX)^{-1}X^Ty$ and $y = X\beta + \varepsilon$, "
    r"so $\hat\beta = \beta %s (X^TX)^{-1}X^T\varepsilon$."
)
RETURNED = "def f(X, y, w):\n    n = len(y)\n    e = X @ w - y\n    g = X.T @ e / n\n    return e, g\n"
BACKWARDS = (
    r"$C = \frac{1}{2}\sum_j (y_j - a_j)^2$, $a_j = \sigma(z_j)$, $z_j = \sum_k w_{jk} x_k + b_j$. "
    r"$\delta_j = \frac{\partial C}{\partial z_j} = (a_j - y_j) a_j (1 - a_j)$ and "
    r"$\frac{\partial C}{\partial w_{jk}} = \delta_j %s$"
)
LEFT_OUT = r"\sum_i (y_i - \hat y_{-i})^2 = \sum_i (y_i^2 - %d y_i \hat y_{-i} + \hat y_{-i}^2)"
LIKELIHOOD = (
    r"$$\ell(\theta) = \sum_{i=1}^n y_i \log h(x_i) + (1-y_i)\log(1-h(x_i))$$ "
    r"where $h(x) = \frac{1}{1+e^{-\theta^Tx}}$. $\nabla_\theta \ell = \sum_i %s x_i$"
)
DIAGONAL = (
    r"With weights $W = \mathrm{diag}(\omega_1,\dots,\omega_n)$: "
    r"\[ S(\beta) = \sum_{i=1}^n \omega_i (y_i - x_i^T\beta)^2 = (y - X\beta)^T W (y - X\beta) \] "
    r"\[ \frac{\partial S}{\partial \beta} = -2%s(y - X\beta) \] Setting this to zero, \[ X^TWX\hat\beta = X^TWy. \]"
)
SPREAD = r"W = \begin{bmatrix} \omega_1 & & 0 \\ & \ddots & \\ 0 & & \omega_n \end{bmatrix}, \quad W_{ij} = %s"
WORDED = "Given L = ½ Σᵢ (ŷᵢ − yᵢ)² with ŷᵢ = Σⱼ Xᵢⱼ wⱼ\n∂L/∂wⱼ = Σᵢ (ŷᵢ − yᵢ) ∂ŷᵢ/∂wⱼ\n       = Σᵢ (ŷᵢ − yᵢ) %s"
IN_WORDS = (
    "Softmax: p_k = exp(z_k) / sum_j exp(z_j), loss L = -sum_k y_k log p_k, with sum_k y_k = 1.\n"
    r"$$\frac{\partial L}{\partial z_j} = -\sum_k y_k \frac{1}{p_k} p_k(\delta_{kj} - p_j) = %s$$"
)
LASSO = (
    r"Away from zero, $J(w) = \frac12\|y - Xw\|^2 + \lambda \|w\|_1$ has "
    r"$$\nabla J = -X^T(y - Xw) %s \lambda \operatorname{sign}(w)$$"
)
BY_ENTRY = (
    "J(w) = \\frac{1}{2n}\\sum_{i=1}^n (y_i - w^T x_i)^2 + \\lambda \\sum_{j} |w_j|\n"
    "\\frac{\\partial J}{\\partial w_j} = -\\frac1n\\sum_{i=1}^n (y_i - w^Tx_i)x_{ij} %s \\lambda\\, \\mathrm{sgn}(w_j)"
)
RECTIFIED = (
    r"$L = \frac12 \sum_i (\mathrm{ReLU}(w^Tx_i) - y_i)^2$ and "
    r"$\nabla_w L = \sum_i (\mathrm{ReLU}(w^Tx_i) - y_i)\,\mathbf 1[w^Tx_i %s 0]\, x_i$"
)
BERNOULLI = "L = \\prod_{i=1}^n p_i^{y_i} (1-p_i)^{1-y_i}\n\\log L = \\sum_i [y_i \\log p_i %s (1-y_i)\\log(1-p_i)]"
DENSITY = (
    r"\prod_{i=1}^n \frac{1}{\sqrt{2\pi}\sigma} e^{-\frac{(x_i-\mu)^2}{2\sigma^2}} = "
    r"%s e^{-\frac{\sum_i (x_i-\mu)^2}{2\sigma^2}}"
)
MODEL = "y = X\\beta + \\epsilon\nS = \\epsilon^T\\epsilon\n\\frac{\\partial S}{\\partial \\beta} = %s2X^T(y - X\\beta)"
POINTS = (
    "y_i = \\beta_0 + \\beta_1 x_i + \\epsilon_i\nS = \\sum_{i=1}^n \\epsilon_i^2\n"
    "\\frac{\\partial S}{\\partial \\beta_0} = %s\\sum_{i=1}^n (y_i - \\beta_0 - \\beta_1x_i)\n"
    "\\frac{\\partial S}{\\partial \\beta_1} = %s\\sum_{i=1}^n x_i(y_i - \\beta_0 - \\beta_1x_i)"
)
UNIT = "E = 1/2 (t - y)^2, y = s(a), a = w^T x + b, s(a) = 1/(1+exp(-a))\n"
LETTERS = {"PROVED": "P", "REFUTED": "R", "ILL_TYPED": "R", "DEFINITION": "D", "CONDITION": "C", "UNREADABLE": "U",
           "OPEN": "O", "CHECKED": "K"}  # fmt: skip
PASTED = [
    # who speaks, and who asks for a check
    ("Hi, I'm stuck. We have $L = \\|Xw - y\\|^2$, so $$\\nabla_w L = 2X^T(Xw-y)$$ Is this right?", "DP"),
    ("I'd say $\\nabla_w \\|Xw - y\\|^2 = X^T(Xw-y)$. Am I right that it has no 2?", "R"),
    ("Is it true that $\\nabla_w \\|Xw - y\\|^2 = 2X^T(Xw-y)$?", "U"),
    ("GLS: $S = \\|Xw - y\\|^2$ with weights $w$.\n$\\nabla_w S = 2X^T(Xw-y)$", "DP"),
    ("s \\, t = s", "R"),
    # an index that is summed over by a sign elsewhere is summed over by a sign everywhere
    ("ŷᵢ = w xᵢ + b\nL = (1/n) Σᵢ (ŷᵢ − yᵢ)²\n∂L/∂w = (2/n) Σᵢ (ŷᵢ − yᵢ) xᵢ", "DDP"),
    ("ŷᵢ = w xᵢ + b\nL = (1/n) Σᵢ (ŷᵢ − yᵢ)²\n∂L/∂w = (2/n) (ŷᵢ − yᵢ) xᵢ", "DDR"),
    ("y_i = x_{ij} w_j\ny_i z_i = z_i x_{ij} w_j", "DP"),
    # a function of one sample, a variance, a step of descent, a pseudo-inverse
    (COURSE % "-", "DDP"), (COURSE % "+", "DDR"),
    (GAUSS + r"$\frac{\partial \ell}{\partial \mu} = \frac{1}{\sigma^2}\sum_{i=1}^n (x_i - \mu)$", "DP"),
    (GAUSS + r"$\frac{\partial \ell}{\partial \mu} = -\frac{1}{\sigma^2}\sum_{i=1}^n (x_i - \mu)$", "DR"),
    (GAUSS + r"$\frac{\partial \ell}{\partial \sigma^2} = -\frac{n}{2\sigma^2} + \frac{1}{2\sigma^4}"
     r"\sum_{i=1}^n (x_i - \mu)^2$", "DP"),
    (STEP % "-", "DP"), (STEP % "+", "DR"),
    (ON + "$w_{t+1} = w_t - \\eta \\nabla L(w_t) = w_t - 2\\eta X^T(X w_t - y)$", "DDP"),
    (ON + "$w_{t+1} = w_t - \\eta \\nabla L(w_t) = w_t - \\eta X^T(X w_t - y)$", "DDR"),
    ("Let $A^+ = (A^T A)^{-1} A^T$. Then $A^+ A = I$. $A A^+ A = 2 A$", "DPR"),
    # what is entry by entry
    ("p = \\sigma(Xw)\nL = -(y^T \\log p + (1-y)^T \\log(1-p))\n\\nabla_w L = X^T (p - y)", "DDP"),
    ("p = \\sigma(Xw)\nL = -(y^T \\log p + (1-y)^T \\log(1-p))\n\\nabla_w L = X^T (p + y)", "DDR"),
    ("z = Wx + b, a = \\tanh(z), L = \\frac12\\|a - y\\|^2\n"
     "\\frac{\\partial L}{\\partial z} = (a - y) \\odot (1 - a^2)", "DDDP"),
    ("z = Wx + b, a = \\tanh(z), L = \\frac12\\|a - y\\|^2\n"
     "\\frac{\\partial L}{\\partial z} = (a - y) \\odot (1 - a)", "DDDR"),
    ("L = -\\sum_k y_k \\log p_k, p_k = softmax(z)_k, \\sum_k y_k = 1\n"
     "\\frac{\\partial L}{\\partial z_j} = p_j - y_j", "DDCP"),
    ("L = -\\sum_k y_k \\log p_k, p_k = softmax(z)_k, \\sum_k y_k = 1\n"
     "\\frac{\\partial L}{\\partial z_j} = y_j - p_j", "DDCR"),
    ("\\mathrm{ReLU}(z) = \\max(0, z)", "P"), ("\\frac{d}{dz} \\max(0, z) = 1", "R"),
    ("\\overline{xy} = \\frac{1}{n}\\sum_{i=1}^n x_i y_i", "P"), ("\\overline{xy} = \\sum_{i=1}^n x_i y_i", "R"),
    # what is given
    ("$\\|X - XWW^T\\|_F^2 = \\mathrm{tr}(X^T X) - \\mathrm{tr}(W^T X^T X W)$ since $W^T W = I$.", "PC"),
    ("$\\|X - XWW^T\\|_F^2 = \\mathrm{tr}(X^T X) + \\mathrm{tr}(W^T X^T X W)$ since $W^T W = I$.", "RC"),
    ("\\sum_{i=1}^n x_i = 0\n\\sum_{i=1}^n (x_i - c)^2 = \\sum_{i=1}^n x_i^2 + n c^2", "CP"),
    ("\\sum_{i=1}^n x_i = 0\n\\sum_{i=1}^n (x_i - c)^2 = \\sum_{i=1}^n x_i^2 - n c^2", "CR"),
    ("Then $\\sum_i y_i = 1$.", "R"),
    ("For $w_j > 0$ we have $|w_j| = w_j$.", "CK"), ("For $w_j < 0$ we have $|w_j| = w_j$.", "CR"),
    (UNDER + "w^* = (X^T X)^{-1} X^T y", "DPCP"), (UNDER + "\\hat w = 2(X^T X)^{-1} X^T y", "DPCR"),
    (UNDER + "\\hat w = (X^T X + \\lambda I)^{-1} X^T y", "DPCD"),
    (UNDER + "(X^T X + X^T X) w = X^T y\nw = (X^T X)^{-1} X^T y", "DPCRP"),
    # equations for unknowns that are solved for further down, no more of them than there are unknowns
    (SOLVED % "+", "CPP"), (SOLVED % "-", "CRP"),
    ("2a + b = 1\na + b = 0\na = 1", "CCP"), ("2a + b = 1\na + b = 0\na = 2", "CCR"),
    # a function of a placeholder, samples that are columns, a matrix before brackets
    (SIGMOID + "-y\\log s(w^T x) - (1-y)\\log(1-s(w^T x))\n\\nabla_w L = (s(w^T x) - y)x", "DDP"),
    (SIGMOID + "-y\\log s(w^T x) - (1-y)\\log(1-s(w^T x))\n\\nabla_w L = (y - s(w^T x))x", "DDR"),
    ("a(z) = z^2\na(1-y) = a - a y", "DU"),
    ("r_i = U^T x_i\n\\sum_i r_i^T r_i = \\mathrm{tr}(U^T (\\sum_i x_i x_i^T) U)", "DP"),
    ("r_i = U^T x_i\n\\sum_i r_i^T r_i = \\mathrm{tr}(U (\\sum_i x_i x_i^T) U^T)", "DR"),
    ("\\frac{d}{dB} \\mathrm{tr}(S^{-1} B^T A B) = A B S^{-1} + A^T B (S^{-1})^T", "P"),
    ("\\frac{d}{dB} \\mathrm{tr}(S^{-1} B^T A B) = A B S^{-1} - A^T B (S^{-1})^T", "R"),
    # the array that handwriting recognition gives
    (ARRAY % "-", "DP"), (ARRAY % "", "DR"),
    (r"\begin{array} { r l } { L } & { = ( y - w ) ^ { 2 } } \\ { } & { = y^2 - 2 w y + w^2 } \end{array}", "DP"),
    (r"\begin{array} { r l } { L } & { = ( y - w ) ^ { 2 } } \\ { } & { = y^2 - w y + w^2 } \end{array}", "DR"),
    # words beside a formula that say nothing of it
    ("An $n$-dimensional vector (for example $s t = t s$). The rest", "P"), ("$s = s$-minus $t$", "U"),
    ("It leads to tensors (for example $s t = 2 s t$). The rest", "R"), ("s (if t) = s (if t)", "U"),
    # a condition on a solution, behind the formula that rests on it
    (SHRINKS % "-", "DPC"), (SHRINKS % "+", "DRC"), ("$A B = B A$ where $(AB)^T = A^T B^T$", "RR"),
    ("$1^T y = 1$, so $\\frac{d}{ds} (s 1_N^T y + s^2) = 1 + 2s$", "UO"),
    ("\\sum_i c_i^2 = \\sum_i x_i^2", "O"), ("\\sum_i c_i^2 = 2 \\sum_i c_i^2", "R"),
    # Frobenius's product is one of matrices
    ("$df = 2 A : dA$ where $f = A : A$", "PD"), ("$df = A : dA$ where $f = A : A$", "RD"),
    # a variation for a derivative, and a number for itself
    (r"$\frac{\delta}{\delta X} \mathrm{tr}(X^T A) = A$", "P"),
    (r"$\frac{\delta}{\delta X} \mathrm{tr}(X^T A) = 2A$", "R"),
    (r"$\frac{\delta x}{\delta + 1} = x - \frac{x}{\delta + 1}$", "U"),
    ("L = \\|Xw-y\\|^2. As a result, \\nabla_w L = 2X^T(Xw-y)", "DP"),
    # logistic regression, entry by entry
    (LOGISTIC % "-", "DDP"), (LOGISTIC % "+", "DDR"), ("1 / x = x", "R"),
    (CODE % "p - y", "DDDP"), (CODE % "y - p", "DDDR"),
    # expectations, over the noise where there is some
    (r"$\mathbb E[aX + b] = a\mathbb E[X] + b$", "P"), (r"$\mathbb E[aX + b] = a\mathbb E[X] + ab$", "R"),
    (r"$\mathrm{Var}(X) = \mathbb{E}[X^2] - \mathbb{E}[X]^2$", "P"), (r"$\mathrm{Var}(X) = \mathbb{E}[X^2]$", "R"),
    (r"$\mathbb{E}[(X - \mu)^2] = \mathbb E[X^2] - \mu^2$ where $\mu = \mathbb E[X]$", "PC"),
    (r"$\mathbb{E}[(X - \mu)^2] = \mathbb E[X^2] + \mu^2$ where $\mu = \mathbb E[X]$", "RC"),
    (NOISE + r"$\mathbb E[\hat\beta] = \beta$.", "DDCP"), (NOISE + r"$\mathbb E[\hat\beta] = 2\beta$.", "DDCR"),
    (NOISE + r"$\mathrm{Var}(\epsilon) = s^2 I$. $\mathrm{Var}(\hat\beta) = s^2 (X^T X)^{-1}$.", "DDCCP"),
    (NOISE + r"$\mathrm{Var}(\epsilon) = s^2 I$. $\mathrm{Var}(\hat\beta) = s^2 X^T X$.", "DDCCR"),
    (r"$\hat\beta = (X^T X)^{-1}X^T y$, $y = X\beta + \epsilon$. $\mathbb E[\hat\beta] = \beta$.", "DDO"),
    (r"$X$ and $Y$ are independent, so $\mathbb E[XY] = \mathbb E[X]\mathbb E[Y]$", "U"),
    (r"$\mathbb E[XY] = \mathbb E[X]\mathbb E[Y]$", "O"), (r"$\mathbb E[\nabla_x (x^T x)] = 2\mathbb E[x]$", "U"),
    # the Gaussian of several variables, whose covariance has to be called symmetric; weights beside an unknown
    (NORMAL % ("where $S$ is symmetric, ", ""), "DP"), (NORMAL % ("where $S$ is symmetric, ", "-"), "DR"),
    (NORMAL % ("", ""), "DO"), (WEIGHTED + r"$X^T W X w = X^T W y$.", "DPCP"),
    (WEIGHTED + r"$X^T W X w = 2 X^T W y$.", "DPCR"),
    (ESTIMATE % "-", "P"), (ESTIMATE % "+", "R"),
    # what is said of some indices alone is not refuted by the others
    (SOFTMAX % r"For $i \neq j$, $\frac{\partial p_i}{\partial z_j} = -p_i p_j$.", "DO"),
    (SOFTMAX % r"$\frac{\partial p_i}{\partial z_i} = p_i (1 - p_i)$ and $p_i + z_i = z_j + p_j$.", "DPR"),
    (SOFTMAX % r"$\frac{\partial p_i}{\partial z_j} = -p_i p_j$.", "DR"),
    # layers by number, a number of an equation on a line of its own, a row of zeros
    (LAYERS % r"(\hat y - y) (a^{(1)})^T", "DDDP"), (LAYERS % r"a^{(1)} (\hat y - y)^T", "DDDR"),
    ("X w = y \\triangleq b \n~~~ (4)", "CD"), ("s = s\n(4)", "U"),
    (r"$L = \|y-Xw\|^2$, $\frac{\partial L}{\partial w} = 0^T$, so $X^T X w = X^T y$", "DCP"),
    # NumPy's other names
    ("np.linalg.solve(A, b) = np.linalg.inv(A) @ b", "P"), ("np.linalg.solve(A, b) = b @ np.linalg.inv(A)", "O"),
    ("np.matmul(A, B).T = np.matmul(B.T, A.T)", "P"), ("np.matmul(A, B).T = np.matmul(A.T, B.T)", "R"),
    ("np.sum(np.square(x)) = x @ x", "P"), ("np.subtract(x, y) = y - x", "R"), ("np.add(x, y) = y + x", "P"),
    ("y.size * np.mean(y) = np.sum(y)", "P"), ("np.mean(y) = np.sum(y)", "R"), ("np.power(x, 2) = x", "R"),
    ("np.multiply(x, y) = y * x", "P"), ("np.divide(x, 2) = 2 * x", "R"),
    # a column with nabla, a row with a partial, a variation for a derivative
    (ON + "$\\nabla_w L = 2X^T(Xw - y)$ and $\\frac{\\partial L}{\\partial w} = 2(Xw - y)^T X$", "DPP"),
    (ON + "$\\nabla_w L = 2X^T(Xw - y)$ and $\\frac{\\partial L}{\\partial w} = (Xw - y)^T X$", "DPR"),
    (ON + "$\\frac{\\delta L}{\\delta w} = 2X^T(Xw-y)$", "DP"),
    (ON + "$\\frac{\\delta L}{\\delta w} = X^T(Xw-y)$", "DR"),
    # Python
    ("x @ A @ x = x.T @ A.T @ x", "P"), ("x @ A @ x = 2 * x.T @ A.T @ x", "R"),
    ("grad(x @ A @ x, x) = (A + A.T) @ x", "P"),
    ("n, m = X.shape\nL = np.sum((X @ w - y)**2) / n\ngrad(L, w) = 2 * X.T @ (X @ w - y) / n", "DP"),
    ("N = len(y)\nL = np.sum((X @ w - y)**2) / N\ngrad(L, w) = X.T @ (X @ w - y) / N", "PDR"),
    # weights by their diagonal, a matrix that is defined before brackets, an estimate that the weights weigh
    (DIAGONAL % "X^T W", "DDPPC"), (DIAGONAL % "X^T", "DDPRC"),
    (r"W = \mathrm{diag}(\omega_1, \omega_2, \dots, \omega_n), \quad W_{ij} = \omega_i \delta_{ij}", "DP"),
    (r"W = \mathrm{diag}(\omega_1, \dots, \omega_n), \quad W_{ij} = 2 \omega_i \delta_{ij}", "DR"),
    (SPREAD % r"\omega_j \delta_{ij}", "DP"), (SPREAD % r"\omega_j \delta_{ij} + \omega_i", "DR"),
    (r"u = (x_1, \dots, x_n)^T, \quad u = x", "DP"), (r"u = (x_1, \dots, x_n)^T, \quad u = 2x", "DR"),
    # a bare nabla of what is written f(w), an update by the gradient at w_t alone, words in front of a formula
    (r"$f(w) = \frac12 w^T A w - b^T w$ with $A$ symmetric, $\nabla f = Aw - b$ and $\nabla^2 f = A$.", "DPP"),
    (r"$f(w) = \frac12 w^T A w - b^T w$ with $A$ symmetric, $\nabla f = 2Aw - b$ and $\nabla^2 f = 2A$.", "DRR"),
    ("L(w) = \\|Xw - y\\|^2\nw_{t+1} = w_t - \\eta \\nabla L(w_t) = w_t - 2\\eta X^T(Xw_t - y)", "DDP"),
    ("L(w) = \\|Xw - y\\|^2\nw_{t+1} = w_t - \\eta \\nabla L(w_t) = w_t + 2\\eta X^T(Xw_t - y)", "DDR"),
    (WORDED % "Xᵢⱼ", "DDPP"), (WORDED % "Xⱼᵢ", "DDPR"),
    (IN_WORDS % "p_j - y_j", "DDCPP"), (IN_WORDS % "y_j - p_j", "DDCPR"),
    # a sum that reaches over the sign in what defines, a function of one sample that is said further down
    (LIKELIHOOD % r"(y_i - h(x_i))", "DDP"), (LIKELIHOOD % r"(h(x_i) - y_i)", "DDR"),
    (r"L = \sum_{i=1}^n y_i - 2 y_i^2, \quad L = \sum_i (y_i - 2 y_i^2)", "DP"),
    (r"L = \sum_{i=1}^n y_i - 2 y_i^2, \quad L = \sum_i (y_i - y_i^2)", "DR"),
    # the transpose of a layer
    (LAYERS % r"(\hat y - y) a^{(1)T}", "DDDP"), (LAYERS % r"(\hat y + y) a^{(1)T}", "DDDR"),
    # a formula that is broken between two factors
    (BROKEN % "2 X^T", "P"), (BROKEN % "X^T", "R"), (PENALTY % 2, "DP"), (PENALTY % 3, "DR"), ("t = 2 s\ns", "U"),
    # what the logarithm of a density is, defines the density
    (DENSITIES % "-", "DP"), (DENSITIES % "+", "DR"), (POSTERIOR % "", "DP"), (POSTERIOR % "-", "DR"),
    (LOG_SOFTMAX % "-", "DP"), (LOG_SOFTMAX % "+", "DR"),
    # a name that is called alone, a side that has no meaning whatever stands beside it
    (r"\frac{\partial}{\partial A^T} f(A) = \left[\frac{\partial}{\partial A} f(A)\right]^T", "P"),
    (r"\frac{\partial}{\partial A^T} f(A) = 2\left[\frac{\partial}{\partial A} f(A)\right]^T", "O"),
    (r"\frac{d \mathrm{RSS}(\beta)}{d\beta} = -2 X^T y + 2 X X^T \beta", "R"),
    (r"\frac{d \mathrm{RSS}(\beta)}{d\beta} = -2 X^T y + 2 X^T X \beta", "P"),
    # the derivative of an activation that is written as a sigmoid's
    (ACTIVATED % "(1 - a_i) x_i", "P"), (ACTIVATED % "(1 + a_i) x_i", "R"), (ACTIVATED % "(1 - a_i)", "O"),
    # a gradient that is written out by the entries of what it is by
    (BY_TWO % (r"-\frac1n", r"-\frac1n"), "DPP"), (BY_TWO % ("-n", "-n"), "DPR"),
    # conditions behind a formula that are joined, noise that the targets are made with, what is returned by name
    (SPREAD_OF % "", "OCC"),
    (NOISE_OF % "+", "DDP"), (NOISE_OF % "-", "DDR"), (RETURNED, "PDD"),
    # a delta with one index is a name; what a loss rests on is explained in turn behind it
    (BACKWARDS % "x_k", "DDDDPP"), (BACKWARDS % "x_j", "DDDDPR"),
    (r"\sum_j \delta_{ij} x_j = x_i", "P"), (r"\sum_j \delta_{ij} x_j = x_j", "R"),
    # estimates without one sample, errors called e
    (LEFT_OUT % 2, "P"), (LEFT_OUT % 3, "R"), (r"\sum_{i=1}^n \hat y_i^{(-i)} = n \hat y_i^{(-i)}", "R"),
    (r"\hat b_{(-i)} = \hat b - (X^TX)^{-1} x_i \tilde e_i, \quad \tilde e_i = \frac{\hat e_i}{1 - h_{ii}}", "DD"),
    (r"L = \sum_i e_i^2, \quad \frac{\partial L}{\partial e_j} = 2 e_j", "DP"),
    (r"L = \sum_i e_i^2, \quad \frac{\partial L}{\partial e_j} = e_j", "DR"), (r"A e_j = a_j", "U"),
    (r"x = \sum_i x_i e_i", "U"),
    # signs, indicators, kinks
    (LASSO % "+", "DP"), (LASSO % "-", "DR"), (BY_ENTRY % "+", "DP"), (BY_ENTRY % "-", "DR"),
    (r"\frac{d}{dw} |w| = \operatorname{sign}(w)", "P"), (r"\frac{d}{dw} |w| = -\mathrm{sgn}(w)", "R"),
    (r"\frac{d}{dz} \mathrm{ReLU}(z) = \mathbf 1[z > 0]", "P"), (r"\frac{d}{dz} \mathrm{ReLU}(z) = 1_{\{z < 0\}}", "R"),
    (RECTIFIED % ">", "DP"), (RECTIFIED % "<", "DR"),
    (r"\sum_j \mathbb{1}[i = j] x_j = x_i", "P"),
    (r"\frac{\partial x_i}{\partial x_j} = 1 - \mathbb{1}_{\{i = j\}}", "R"),
    (r"\sum_i \mathbf 1[y_i = k] = \sum_j \mathbf 1[y_j = k]", "P"),
    # likelihoods: products of positive factors, powers with names above, probabilities between 0 and 1
    (BERNOULLI % "+", "DP"), (BERNOULLI % "-", "DR"),
    (r"\prod_{i=1}^n x_i y_i = \prod_{i=1}^n x_i \prod_{i=1}^n y_i", "P"),
    (r"\prod_{i=1}^n x_i y_i = \prod_{i=1}^n x_i \sum_{i=1}^n y_i", "R"),
    (DENSITY % r"\frac{1}{(2\pi\sigma^2)^{n/2}}", "P"), (DENSITY % r"\frac{1}{(2\pi\sigma^2)^{n}}", "R"),
    (r"$p^y (1-p)^{1-y} = \exp(y \log\frac{p}{1-p} + \log(1-p))$", "P"),
    (r"$p^y (1-p)^{1-y} = \exp(y \log\frac{p}{1-p} - \log(1-p))$", "R"),
    ("h^k = 2 h^l", "U"),
    # the noise of a model is what it leaves over, unless the targets themselves are differentiated
    (r"y = X\beta + \epsilon, \quad \frac{\partial y}{\partial \beta} = X", "DP"),
    (r"y = X\beta + \epsilon, \quad \frac{\partial y}{\partial \beta} = 2X", "DR"),
    (r"z = Wx + u, \quad L = \|z\|^2, \quad \nabla_W L = 2 z x^T", "DDP"),
    (MODEL % "-", "PDP"), (MODEL % "", "CDR"),
    (POINTS % ("-2", "-2"), "PDPP"), (POINTS % ("-2", "2"), "PDPR"),
    # one sample: a square is no square of a column; what is between is said in front of what is differentiated by it
    ("E = 1/2 (t - y)^2\ndE/dy = y - t", "DP"), ("E = 1/2 (t - y)^2\ndE/dy = t - y", "DR"),
    (UNIT + "dE/dy = y - t\ndy/da = y(1 - y)\ndE/dw = (y - t) y (1 - y) x", "DDDDPPP"),
    (UNIT + "dE/dy = t - y\ndy/da = y(1 + y)\ndE/dw = (t - y) y (1 - y) x", "DDDDRRR"),
    ("def f(x):\n    n = len(x)\n    return x / n\n\ndef g(x):\n    n = len(x)\n    return 2 * x", "PDPD"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "letters"), PASTED)
def test_a_text_is_decided_as_its_writer_meant_it(text, letters):
    assert "".join(LETTERS[one] for one in verdicts(text)) == letters


def test_the_factor_that_is_lost_from_a_condition_is_found():
    assert "a factor 2 is lost" in run(UNDER + "(X^T X + X^T X) w = X^T y").steps[-1].step.repair


def test_what_follows_from_a_false_line_and_what_holds_with_it_mended_are_told_apart():
    text = "L = \\|Xw - y\\|^2\n\\nabla_w L = X^T(Xw - y)\n\\nabla^2_w L = X^T X\n\\nabla_w L = X^T y"
    said = view(run(text))["summary"]
    assert said.endswith("a factor 2 is lost. Line 3 follows from it, as it is written. Line 4 does not hold either.")
    text = "Suppose $S$ is symmetric.\n\nS u = \\frac{1}{2} S u\n\nu^T S u = 2 u^T S u"
    assert "follows" not in view(run(text))["summary"]


def test_a_mean_in_a_counterexample_is_the_mean_of_its_data():
    step = run(r"\frac1n \sum_{i=1}^n (x_i - \bar x)^2 = \overline{x^2} + \bar x^2").steps[0].step
    assert step.verdict.value == "REFUTED" and list(step.counterexample.values) == ["x"]


def test_a_row_of_words_that_mentions_letters_is_a_sentence():
    text = "L := \\|R\\|^2 \\\\ R := XW - Y \\\\ %s \\\\ \\frac{\\partial L}{\\partial W} = %s X^\\top R"
    words = "\\text{The column } l \\text{ of } W \\text{ only enters column } l \\text{ of } R:"
    assert verdicts(text % (words, 2))[-1] == "PROVED"
    assert verdicts(text % (words, 1))[-1] == "REFUTED"
    asked = ("\\text{twice the product of } X \\text{ and } R", "\\text{the transpose of } X", "\\text{not so for } X")
    assert all("PROVED" not in verdicts(text % (one, 2)) for one in asked)


# ---------------------------------------------------------------------- what a line would hold under


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"$\log\det A = \operatorname{tr}\log A$", r"$\log\det A = 2\operatorname{tr}\log A$"),
        (r"$\mathbb E[XY] = \mathbb E[X]\,\mathbb E[Y]$", r"$\mathbb E[XY] = 2\,\mathbb E[X]\,\mathbb E[Y]$"),
        (r"$\mathbb E[X + XY] = \mathbb E[X](1 + \mathbb E[Y])$", r"$\mathbb E[X^2] = \mathbb E[X]^2$"),
        (
            r"$\begin{bmatrix} X^T y \\ \mathbf 1^T y \end{bmatrix} = \begin{bmatrix} X^T y \\ 0 \end{bmatrix}$",
            r"$\begin{bmatrix} X^T y \\ \mathbf 1^T y \end{bmatrix} = \begin{bmatrix} 2 X^T y \\ 0 \end{bmatrix}$",
        ),
    ],
)  # fmt: skip
def test_what_holds_under_a_hypothesis_of_the_field_is_asked_and_what_is_false_under_it_is_refused(right, wrong):
    assert verdicts(right) == ["OPEN"]
    assert verdicts(wrong) == ["REFUTED"]


def test_a_lost_term_is_no_matter_of_centred_data():
    text = r"r = Xw + \mathbf 1_N b - y, \quad L = r^\top r, \quad \frac{\partial L}{\partial b} = 2 \mathbf 1_N^\top "
    assert verdicts(text + "r")[-1] == "PROVED"
    assert verdicts(text + r"(Xw + \mathbf 1_N b)")[-1] == "REFUTED"


def test_a_small_letter_beside_its_matrix_is_an_entry_of_it_and_nothing_that_makes_the_line_hold():
    assert verdicts(r"\sum_{i,j} A_{ij}^2 = \sum_{i} \sum_{j} a_{ij}^2") == ["PROVED"]
    for table in ((), (Row("A", "n x m", "", ""),)):
        assert verdicts(r"\sum_{i,j} A_{ij}^2 = \sum_{i} \sum_{j} a_{ij}", *table) == ["REFUTED"]


def test_how_large_a_name_with_a_hat_is_was_guessed_and_no_shape_is_held_against_it():
    text = r"L = \sum_{i=1}^m (\beta^T \hat x_i - y_i)^2, \quad "
    assert verdicts(text + r"\sum_{i=1}^m \hat x_i y_i = X^T y")[-1] == "PROVED"  # taken as the samples, and said
    assert verdicts(text + r"\sum_{i=1}^m \hat x_i y_i = 2 X^T y")[-1] == "REFUTED"
    assert verdicts("L = \\|X w - y\\|^2\n\\nabla_w L = 2 X (X w - y)")[-1] == "ILL_TYPED"


def test_an_equation_that_no_value_solves_is_refused_though_the_unknown_is_solved_for_below():
    assert verdicts("w + 1 = w + 2\nw = 3")[0] == "REFUTED"
    assert verdicts("w + 1 = 2 w + 2\nw = -1") == ["CONDITION", "PROVED"]


def test_the_letter_of_a_size_is_an_index_where_sums_are_left_unwritten():
    table = (Row("X", "n x d", "", ""), Row("v", "n", "", ""), Row("u", "d", "", ""))
    right, wrong = r"$\delta_{db} X_{ab} v_a = X_{ad} v_a$", r"$\delta_{db} X_{ab} v_a = 2 X_{ad} v_a$"
    assert verdicts(right, *table) == ["PROVED"]
    assert any("read as an index" in one for one in run(right, *table).steps[0].step.assumes)
    assert verdicts(wrong, *table) == ["REFUTED"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\sum_{i=1}^n c_i^2 = \sum_{i=1}^n (x_i - 2)^2", r"\sum_{i=1}^n c_i^2 = 2 \sum_{i=1}^n (x_i - 2)^2"),
        (
            r"\sum_{i=1}^n c_i^2 = \sum_{i=1}^n \left(\frac{x_i}{\sum_{i=1}^n x_i^2}\right)^2",
            r"\sum_{i=1}^n c_i^2 = \sum_{i=1}^n \left(\frac{x_i}{\sum_{i=1}^n x_i^2}\right)^3",
        ),
    ],
)  # fmt: skip
def test_a_name_in_the_place_of_an_expression_is_taken_as_that_and_no_factor_is_put_into_it(right, wrong):
    found = run(right)
    assert found.steps[0].step.verdict.value == "PROVED"
    assert any("what stands in its place" in one for one in found.steps[0].step.assumes)
    assert verdicts(wrong) == ["OPEN"]


def test_a_residual_without_its_sum_makes_the_loss_that_is_taken():
    inner = r"X_{ab} \delta_{bk} (X_{ac} \theta_c - Y_a) + (X_{ab} \theta_b - Y_a) X_{ac} \delta_{ck}"
    text = rf"\frac{{dJ}}{{d\theta_k}} = \frac1n [{inner}] = \frac2n X_{{ak}} (X_{{ab}} \theta_b - Y_a)"
    assert verdicts(text) == ["PROVED", "PROVED"]
    assert verdicts(text.replace(r"\frac2n", r"\frac3n"))[1] == "REFUTED"


@pytest.mark.parametrize("bound", ["$x > 1000$", "$x > 1000$ and $x < 2$", "$x > 0$"])
def test_an_identity_is_proved_where_no_point_is_found_inside_the_bounds_and_no_other_line_is(bound):
    text = f"Let {bound}. Then $(x+1)^2 = x^2 + 2x + 1$, $(x+1)^2 = x^2 + x + 1$ and $\\sqrt{{x^2 + 1}} = x + 1$."
    right, *wrong = check_derivation(text).steps[bound.count("$") // 2 :]
    assert right.verdict.value == "PROVED" and all(one.verdict.value in ("CHECKED", "REFUTED") for one in wrong)
