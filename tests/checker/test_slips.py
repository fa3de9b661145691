"""Slips in texts that declare nothing: refused where one change makes the line right, whatever is not said, and only
there.
"""

import pytest

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.derivations import check_derivation
from lrcore.checker.table import State

RESIDUALS = (
    r"\sum_{i=1}^n \hat\varepsilon_i &= \sum_{i=1}^n (y_i %s \hat\beta_0 - \hat\beta_1 x_i) \\"
    "\n"
    r"&= \sum_{i=1}^n (y_i - \bar y + \hat\beta_1 \bar x - \hat\beta_1 x_i)"
)
NEURON = (
    r"\frac{\partial C}{\partial w} &= \sum_{i=1}^n \frac{\partial}{\partial w} (a_i - z_i)^2 \\"
    "\n"
    r"&= \sum_{i=1}^n %s \frac{\partial %s}{\partial w} \\"
    "\n"
    r"&= \sum_{i=1}^n 2(a_i - z_i) a_i (1 %s a_i) x_i"
)
SLOPE = (
    r"\hat\beta_1 &= \frac{\sum_{i=1}^n (x_i - \bar x)(y_i - \bar y)}{\sum_{i=1}^n (x_i - \bar x)%s} \\"
    "\n"
    r"&= \frac{\frac{1}{n-1} \sum_{i=1}^n (x_i - \bar x)(y_i - \bar y)}{\frac{1}{n-1} \sum_{i=1}^n (x_i - \bar x)^2}"
)
RIDGE = r"\nabla_\theta J = \frac2n X^\top (X \theta - y) %s"
SQUARES = r"\frac{\partial E}{\partial w} = 2 %s (X w - y)"
NOISY = r"\hat\varepsilon = y - X\hat\beta = (I_n - X (X^\top V^{-1} X)%s X^\top V^{-1}) y"
TRACE = r"\operatorname{tr}(A^\top B) = \sum_%s \sum_j A_{ij} B_{ij}"
PRODUCT = r"\frac{\partial u^\top v}{\partial x} = \frac{\partial u}{\partial x} v %s \frac{\partial v}{\partial x} u"
NORMAL = "X^\\top X w = X^\\top y\nw = (X^\\top X)%s X^\\top y"
ONTO = (
    r"\sum_i \|x_i - U U^\top x_i\|^2 &= \sum_i x_i^\top (I - U U^\top)^2 x_i \\"
    "\n"
    r"&= \operatorname{tr}((I - %s)^2 X X^\top)"
)
BARE = (
    r"\hat\beta = \frac{\sum x_i y_i - n \bar x \bar y}{\sum x_i^2 - n \bar x^2}"
    r" = \frac{\sum (%s)}{\sum (x_i - \bar x)%s}"
)
RSS = r"\frac{d\,\mathrm{RSS}(\beta)}{d\beta} = - %s X^\top y %s 2 X^\top X \beta"
LOGISTIC = (
    r"\frac{\partial NLL}{\partial w} = -\sum_{i=1}^N \left( \frac{x_i (y_i %s 1) e^{w^T x_i}}{e^{w^T x_i} + 1}"
    r" + \frac{x_i y_i}{e^{w^T x_i} + 1} \right) = \sum_{i=1}^N (s(w^T x_i) %s y_i) x_i"
)
TURN = (
    r"\begin{pmatrix} 0 & -1 \\ %s1 & 0 \end{pmatrix} \begin{pmatrix} +1 \\ 0 \end{pmatrix}"
    r" = \begin{pmatrix} 0 \\ 1 \end{pmatrix}"
)
SUMMED = r"y_k (p_k - 1) + \sum_{i \neq k} y_i p_k = - y_k + \sum_%s y_i p_k"
LOGIT = (
    r"\frac{\partial l(b)}{\partial b} &= -\sum_{i=1}^m \hat x_i (y_i - \hat y_i) \\"
    "\n"
    r"&= \sum_{i=1}^m \hat x_i (\hat y_i %s y_i)"
)
WRONG = ("REFUTED", "ILL_TYPED")


@pytest.mark.parametrize(
    ("text", "right", "slips"),
    [
        (RESIDUALS, ("-",), [("+",)]),
        (NEURON, ("2(a_i - z_i)", "a_i", "-"), [("2(a_i - z_i)", "a_i", "+"), ("3(a_i - z_i)", "a_i", "-"),
                                                ("2(a_i - z_i)", "a_j", "-")]),
        (SLOPE, ("^2",), [("",)]),
        (SQUARES, (r"X^\top",), [("X",)]),
        (NOISY, ("^{-1}",), [("",)]),
        (TRACE, ("i",), [("j",)]),
        (PRODUCT, ("+",), [("-",)]),
        (NORMAL, ("^{-1}",), [("",)]),
        (ONTO, (r"U U^\top",), [("U U",)]),
        (BARE, (r"(x_i - \bar x)(y_i - \bar y)", "^2"), [(r"(x_i - \bar x)(y_j - \bar y)", "^2"),
                                                       (r"(x_i - \bar x)(y_i - \bar y)", "")]),
        (RSS, ("2", "+"), [("7", "+"), ("2", "-"), ("", "+")]),
        (LOGISTIC, ("-", "-"), [("+", "-"), ("-", "+")]),
        (SUMMED, ("i",), [("j",)]),
        (LOGIT, ("-",), [("+",)]),
    ],
)  # fmt: skip
def test_a_slip_is_refused_with_its_repair_and_the_right_line_is_not(text, right, slips):
    assert not any(step.verdict in WRONG for step in check_derivation(text % right).steps)
    for slip in slips:
        refused = [step for step in check_derivation(text % slip).steps if step.verdict in WRONG]
        assert refused and all(step.repair or "which is zero" in step.message for step in refused), slip


def test_a_sign_before_a_cell_is_read():
    assert [check_derivation(TURN % sign).steps[0].verdict for sign in "+-"] == ["PROVED", "REFUTED"]


@pytest.mark.parametrize(
    "text",
    [
        RIDGE % r"+ \mu",  # a term of a loss that nobody wrote
        RIDGE % r"- \lambda \theta",
        SQUARES.replace("-", "+") % r"X^\top",  # a residual of the other sign
        r"\sum_{i=1}^n c_i^2 = \sum_{i=1}^n (x_i - 2)^3",  # whatever c is
        RIDGE.replace(r"\frac2n", "4") % "",  # a loss of which nobody knows the factor
        r"\frac{\partial E}{\partial w} = 6 X^\top (X w - y)",
        r"\frac{\partial E}{\partial w} = -2 X^\top (X w - y)",  # a gain that is to be largest
        r"X^\top y = X^\top X \hat\beta + X^\top u",
        r"\|y\|^2 = \|\hat y\|^2 + \|y - \hat y\|^2",
        r"\frac{s_{xy}}{s_x s_y} = \rho",
        r"\frac{\partial E}{\partial w} = \sum_i (\hat y_i - y_i) x_{ij}",  # an entry, and nobody says so
        r"\frac{\partial E}{\partial w} = (w x - t) x",  # an author who writes no transposes
        r"\frac{d\,\mathrm{PRSS}(\beta)}{d\beta} = - X^\top y + 3 X^\top X \beta",
        r"\sum (x_i - \bar x)(y_j - \bar y) = 0",  # over both
    ],
)
def test_what_may_be_meant_otherwise_is_no_slip(text):
    assert not any(step.verdict in WRONG for step in check_derivation(text).steps)


@pytest.mark.parametrize(("words", "mended"), [("", True), ("Nothing of this is about it. " * 60, False)])
def test_a_short_text_is_read_anew_with_one_mark_changed_and_a_long_one_is_not(words, mended):
    """Each change has the whole text read again: a chapter would take minutes."""
    text = CheckedText(State(words + "\n\n" + BARE % (r"(x_i - \bar x)(y_j - \bar y)", "^2"))).run()
    assert bool(text.reread) is mended
    assert (text.steps[-1].step.repair == "Right with one change: i for j.") is mended
    assert text.steps[-1].step.verdict.value != "PROVED"
