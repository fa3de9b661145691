"""Values of a sequence, ``x_t`` and ``x_{t+1}``, in texts that declare nothing: names of their own, and what a law says
of one time it says of the others.
"""

import pytest

from lrcore.checker.derivations import check_derivation
from lrcore.checker.guesses import is_over_time

FILTER = (
    r"$\hat x_{t+1} = A \hat x_t + K_t (y_t - G \hat x_t)$, so that $$\hat x_{t+1} = (A %s K_t G) \hat x_t + K_t y_t$$"
)
TWICE = r"$x_{t+1} = A x_t$. Then $$x_{t+2} = A x_{t+1} = A^%s x_t$$"
LATER = r"We see that $$x_{t+2} = A x_{t+1}$$ where $x_{t+1} = A x_t$, and $$x_{t+2} = A^%s x_t$$"
SEEN = r"$x_{t+1} = A x_t + C w_{t+1}$, $y_t = G x_t$, $y_{t+1} = G x_{t+1}$ and $$y_{t+1} = G A x_t + %s C w_{t+1}$$"
SPREAD = r"$$\Sigma_{t+1} = A \Sigma_t A' + C C'$$ and $$\Sigma_{t+1}' = A \Sigma_t' A' + %s$$"
STARRED = r"$k^*_{t+1} = s f_t + (1 - d) k^*_t$, hence $$k^*_{t+1} - k^*_t = s f_t - %s k^*_t$$"
EMPLOYED = r"$E_{t+1} = a E_t + b U_t$, $N_{t+1} = E_{t+1} + U_{t+1}$ so $$N_{t+1} = %s E_t + b U_t + U_{t+1}$$"


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (FILTER, "-", "+"),
        (TWICE, "2", "3"),
        (LATER, "2", "3"),
        (SEEN, "G", "A"),
        (SPREAD, "C C'", "2 C C'"),
        (STARRED, "d", ""),
        (EMPLOYED, "a", "b"),
    ],
)
def test_what_follows_from_a_law_is_proved_and_what_does_not_is_not(text, right, wrong):
    good, bad = (check_derivation(text % one).steps for one in (right, wrong))
    assert good[-1].verdict.value == "PROVED" and all(one.verdict.holds for one in good[:-1])
    assert bad[-1].verdict.value in ("REFUTED", "ILL_TYPED")


@pytest.mark.parametrize(
    "text",
    [
        r"$$p_t = d_t + b p_{t+1}$$ so $$p_t = d_t + b d_{t+1} + b^2 p_{t+2}$$",
        r"$x_t = a x_{t-1} + b u_t$ gives $$x_t = a^2 x_{t-2} + a b u_{t-1} + b u_t$$",
    ],
)
def test_what_a_law_says_of_another_time_is_not_refused(text):
    assert check_derivation(text).steps[-1].verdict.value in ("OPEN", "PROVED")


INCOME = (
    "We take $c_t = b y_{t-1}$ and $i_t = i$ and $y_t = c_t + i_t$ with $y_{-1} = 0$. Then\n\n"
    "$$y_0 = i + c_0 = i + b y_{-1} = i$$\n\nand\n\n$$y_1 = c_1 + i = b y_0 + i = (1 + b) i$$"
)


def test_what_a_law_says_of_a_time_with_a_number_is_not_refused_and_what_no_law_speaks_of_is():
    assert not any(one.verdict.value in ("REFUTED", "ILL_TYPED") for one in check_derivation(INCOME).steps)
    wrong = check_derivation(INCOME.replace("= i + b y_{-1} = i$", "= i + b y_{-1} = 2 i$")).steps
    assert [one.verdict.value for one in wrong if one.right == "2 i"] == ["REFUTED"]


def test_a_law_that_says_nothing_of_what_a_line_speaks_of_does_not_shelter_it():
    step = "w_{t+1} = w_t - \\eta X^T (X w_t - y)\nX w_{t+1} - y = (I %s \\eta X X^T)(X w_t - y)"
    assert [check_derivation(step % sign).steps[-1].verdict.value for sign in "-+"] == ["PROVED", "REFUTED"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (r"$$x_{t+1} = A x_t + b$$", ["x_{\\mathrm{t+1}}", "x_{t}"]),
        (r"$$\bar x_{t+1} = \bar x_t + c$$", ["\\bar{x}_{t}"]),
        (r"$$q_{t+1} = 2 q_t$$ $$S = \sum_{t=1}^n q_t$$", []),  # added up over t
        (r"$$q_{t+1} = 2 q_t$$ $$\frac{d q_t}{dt} = c q_t$$", []),
        (r"$$q_{t+1} = 2 q_t$$ $$y_j = q_j$$", []),  # another index at the same letter
        (r"$$x_{i+1} = 2 x_i$$", []),
        (r"$$\mathbb{E}_t x_{t+1} = x_t$$", ["x_{\\mathrm{t+1}}", "x_{t}"]),  # an expectation is no name
    ],
)
def test_names_over_time_are_those_with_an_index_that_is_none_of_something_else(text, names):
    taken = [one.split(" : ")[0] for one in check_derivation(text).taken]
    timed = [one for one in taken if "_{t}" in one or "t+1" in one]
    assert set(timed) <= set(names) and bool(timed) == bool(names)


@pytest.mark.parametrize(
    ("key", "so"), [("x_t", True), ("x_t+1", True), ("x_t-2_hat", True), ("x_T", False), ("x", False)]
)
def test_a_name_says_whether_it_is_over_time(key, so):
    assert is_over_time(key) is so


def test_what_is_random_at_one_time_is_random_at_all():
    text = r"$x_{t+1} = a x_t + \epsilon_{t+1}$. $$E[x_{t+1} x_t] = %s$$"
    steps = [
        check_derivation(text % one).steps[-1] for one in (r"a E[x_t^2] + E[\epsilon_{t+1} x_t]", "x_t E[x_{t+1}]")
    ]
    assert [one.verdict.value for one in steps] == ["PROVED", "REFUTED"]


def test_a_word_that_joins_two_formulas_is_no_factor_of_one():
    found = check_derivation(r"$$0 \text{ implies } x = 0$$").steps
    assert found and not any(one.verdict.value == "PROVED" for one in found)
    assert check_derivation(r"$$0 \text{ gain} = 0$$").steps[-1].verdict.value == "PROVED"
