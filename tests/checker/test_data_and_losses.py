"""What a raw text says of its data and losses: differentials that are dropped, losses of single samples, errors."""

import pytest

from lrcore import check_derivation

MODEL = r"Let $L = \frac1N r^\top r$ with $r = \hat y - y$, $\hat y = Xw$. "


def verdicts(text):
    return [step.verdict.value for step in check_derivation(text).steps if step.verdict.value != "DEFINITION"]


@pytest.mark.parametrize(
    "lines",
    [
        r"$$dr = d\hat y - dy = d\hat y$$ $$d\hat y = X dw$$ $$dL = \frac2N r^\top X dw$$",
        r"$$dr = d(Xw) - dy = X\,dw$$",
        r"$$dr = dX w + X dw - dy$$ $$dX = 0, \quad dy = 0$$ $$dr = X dw$$",
    ],
)
def test_data_may_be_varied_and_then_held(lines):
    found = check_derivation(MODEL + lines)
    assert set(verdicts(MODEL + lines)) == {"PROVED"}
    assert any("y is constant" in step.assumes for step in found.steps)


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (r"$$dr = d\hat y - dy = d\hat y + dy$$ $$dr = X dw$$", 1),  # a lost sign beside data that are held
        (r"$$dr = d\hat y - dy = 2\, d\hat y$$", 1),
        (r"$$dr = d\hat y - dy$$ $$dr = d\hat y + dy$$", 1),
    ],
)
def test_a_wrong_line_is_not_excused_by_holding_data(lines, refused):
    assert verdicts(MODEL + lines).count("REFUTED") == refused


def test_what_is_no_target_in_a_difference_is_not_held():
    assert verdicts(r"$f = x^\top y$. $$df = dx^\top y + x^\top dy = y^\top dx$$") == ["PROVED", "REFUTED"]


def test_a_data_matrix_that_varies_is_still_a_matrix():
    found = check_derivation(r"$L = \|Xw - y\|^2$. $$dL = 2 (Xw-y)^\top (dX w + X dw - dy)$$")
    assert "X : N x M" in found.taken
    assert found.steps[-1].verdict.value == "PROVED"


@pytest.mark.parametrize(
    "text",
    [
        r"$L = \frac1N\sum_i L_i$ where $L_i = (w^\top x_i - y_i)^2$. $$\nabla_w L = {}$$",
        r"$L_i = (w^\top x_i - y_i)^2$, $L = \frac1N\sum_i L_i$. $$\nabla_w L = {}$$",
        r"Let $E = \frac1N \sum_i (w^\top x_i - y_i)^2$ be the total error. $$\nabla_w E = {}$$",
    ],
)
def test_a_loss_may_be_a_sum_of_losses_of_its_letter_or_be_called_an_error(text):
    assert verdicts(text.replace("{}", r"\frac2N \sum_i (w^\top x_i - y_i) x_i")) == ["PROVED"]
    assert verdicts(text.replace("{}", r"\frac1N \sum_i (w^\top x_i - y_i) x_i")) == ["REFUTED"]


@pytest.mark.parametrize("words", ["is an error", "is in error", "would be a mistake"])
def test_a_formula_that_is_called_a_mistake_is_none(words):
    assert verdicts(rf"$2 x + x = 3 x$ {words}.") == ["UNREADABLE"]


@pytest.mark.parametrize("between", ["", "which is", ", that is"])
@pytest.mark.parametrize(("factor", "verdict"), [("2", "PROVED"), ("", "REFUTED")])
def test_a_display_that_begins_with_a_relation_goes_on_with_the_one_right_before_it(between, factor, verdict):
    lines = rf"$$\nabla_w L = 2 X^\top (Xw - y)$$ {between} $$= 2 X^\top X w - {factor} X^\top y$$"
    assert verdicts(r"$L = \|Xw - y\|^2$, $r = Xw - y$. " + lines) == ["PROVED", verdict]


def test_a_display_that_begins_with_a_relation_behind_other_words_is_asked_about():
    lines = r"$$\nabla_w L = 2 X^\top (Xw - y)$$ Now for the Hessian: $$= 2 X^\top X$$"
    assert verdicts(r"$L = \|Xw - y\|^2$, $r = Xw - y$. " + lines) == ["PROVED", "UNREADABLE"]


LAYER = r"""$z = Wx + b$, $a = \sigma(z)$, $L = \frac12 (a - y)^2$, $\delta = (a-y) \odot \sigma'(z)$.
$$\frac{\partial L}{\partial W} = %s$$"""


def test_the_square_of_a_column_may_be_its_length_squared_and_a_diagonal_holds_products_of_entries():
    found = check_derivation(LAYER % r"\delta x^\top")
    assert found.steps[-1].verdict.value == "PROVED", found
    assert any("the square of a column is its length squared" in one.assumes for one in found.steps)
    assert verdicts(LAYER % r"2 \delta x^\top")[-1] == "REFUTED"
    loss = r"$p = \sigma(Xw)$, $\ell = -\sum_i [y_i \log p_i + (1-y_i)\log(1-p_i)]$. "
    hessian = loss + r"$$\nabla_w^2 \ell = X^\top \operatorname{diag}(%s) X$$"
    assert verdicts(hessian % "p(1-p)")[-1] == "PROVED"
    assert verdicts(hessian % "p(1+p)")[-1] == "REFUTED"


@pytest.mark.parametrize(
    ("words", "verdict"),
    [("where $W$ is diagonal", "PROVED"), ("($W$ symmetric)", "PROVED"), ("where $W$ is block-diagonal", "OPEN"),
     ("where $W$ has positive diagonal entries", "OPEN")],
)  # fmt: skip
def test_a_matrix_that_is_called_diagonal_is_symmetric(words, verdict):
    text = rf"$L = (y-X\beta)^T W (y - X\beta)$ {words}. $$\frac{{\partial L}}{{\partial\beta}} = -2X^TW(y-X\beta)$$"
    assert verdicts(text) == [verdict]


@pytest.mark.parametrize(("factor", "verdict"), [("lambda w", "PROVED"), ("2 lambda w", "REFUTED")])
def test_mathematics_is_read_as_one_types_it(factor, verdict):
    lines = f"f(w) = 1/2 ||Xw - y||^2 + lambda/2 ||w||^2\ngrad f = X^T (Xw - y) + {factor}\n"
    assert verdicts(lines)[0] == verdict
    solved = lines + "0 = X^T X w - X^T y + lambda w\nw = (X^T X + lambda I)^(-1) X^T y"
    assert verdicts(solved)[-1] == "PROVED"
    assert check_derivation(solved).taken == ("w : M", "X : N x M", "y : N", r"\lambda : scalar")


def test_greek_words_of_python_stay_words():
    found = check_derivation("L = ((X @ beta - y)**2).sum()\ngrad(L, beta) = 2 * X.T @ (X @ beta - y)")
    assert found.steps[-1].verdict.value == "PROVED" and found.steps[-1].left == "grad(L, beta)"


def test_the_square_of_a_column_is_a_slip_where_nothing_works_by_entries():
    assert (
        verdicts(r"$J = \frac12 (Xw - y)^2$, $y \in \mathbb R^N$. $$\nabla_w J = X^\top (Xw - y)$$")[0] == "ILL_TYPED"
    )
