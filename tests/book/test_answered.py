"""Every exercise but the projects is answered in the page, and what is chosen there is what a computation says."""

import contextlib
import io
import re

import mpmath
import numpy as np
import pandas
import pytest
from pages import text
from sklearn.linear_model import LinearRegression
from statsmodels.api import OLS
from statsmodels.formula.api import ols
from test_exercises import AT_LEAST, BLANKS, EXERCISE, FENCE, agrees, ask, exercises

from lrcore import fit, housing
from lrcore.checker.blanks import given, lines
from lrcore.data import standardise

#: What the page asks for, the number that stands there and the nearest wrong one: what a usual slip gives.
NEAREST = {
    ("costs", "How many corrections with an exact gradient bring 15"): [("2", "3"), ("8", "16")],
    ("costs", "Factor the matrix"): [("1", "0.5"), ("2", "2.236")],
    ("housing", "A line goes through both"): [("150", "0.0067"), ("510000", "360000")],
}


def left_open(page):
    """Exercises whose answer nothing on the page judges: neither a box nor a cell that says whether it is right."""
    found = []
    for match in EXERCISE.finditer(page):
        title, kind, question = match.groups()
        below = page[match.end() :].partition("\n:::{admonition}")[0]
        judged = re.search(r"^```\{(answer|choice|blanks|counterexample)\}", question, re.MULTILINE)
        tried = kind == "implement" and re.search(r"check_gradient\(|right", below.partition("```{code-cell}")[2])
        if kind != "project" and not judged and not tried:
            found.append(title)
    return found


@pytest.mark.parametrize("name", AT_LEAST)
def test_every_exercise_that_is_no_project_is_judged_in_the_page(name):
    page = text(f"book/{name}")
    assert left_open(page) == []
    first = re.search(r"^```\{answer\}.*?^```$", page, re.MULTILINE | re.DOTALL)[0]
    assert len(left_open(page.replace(first, "", 1))) == 1


@pytest.mark.parametrize(("name", "question"), NEAREST)
def test_a_number_is_what_its_code_computes_and_the_nearest_slip_is_not(name, question):
    asked = next(body for _, _, body in exercises(text(f"book/{name}")) if question in body)
    boxes = [(box[2], re.search(r":from: (.*)", box[3])[1]) for box in FENCE.finditer(asked)]
    assert [argument.split()[0] for argument, _ in boxes] == [right for right, _ in NEAREST[name, question]]
    for (argument, code), (_, wrong) in zip(boxes, NEAREST[name, question], strict=True):
        assert agrees(argument, code)
        assert not agrees(wrong, code)


def chosen(name, question, place=0):
    """The choice that the page takes for right, in its words."""
    asked = next(body for _, _, body in exercises(text(f"book/{name}")) if question in body)
    box = [box for box in FENCE.finditer(asked) if box[1] == "choice"][place]
    return re.findall(r"^- (.*)$", box[3], re.MULTILINE)[int(box[2]) - 1]


@pytest.fixture(scope="module")
def houses():
    found = housing()
    return found.X, found.Y, standardise(found.X)[0]


def tenths(predicted, y):
    """Mean residual and spread in each tenth of the houses, in the order of what is predicted."""
    parts = np.array_split(np.argsort(predicted), 10)
    return np.array([[(predicted - y)[part].mean(), (predicted - y)[part].std()] for part in parts]).T


def test_with_the_logarithm_of_the_price_the_spread_is_nearly_the_same_and_the_means_do_not_bend(houses):
    _, y, Z = houses
    assert "nearly the same in all tenths" in chosen("housing", "Fit the logarithm of the price")
    means, spreads = tenths(fit(Z, np.log(y)).predict(Z), np.log(y))
    assert spreads.max() / spreads.min() < 1.3
    assert abs(means).max() < spreads.min() / 5
    raw_means, raw_spreads = tenths(fit(Z, y).predict(Z), y)  # of the prices themselves both are false
    assert raw_spreads.max() / raw_spreads.min() > 4
    assert abs(raw_means).max() > raw_spreads.min() / 5


def test_a_sum_of_two_columns_changes_no_prediction_and_is_told(houses):
    X, y, Z = houses
    assert "stay the same" in chosen("housing", "Add their sum as a sixth feature")
    with pytest.warns(match="dependent"):
        more = fit(np.column_stack([Z, X[:, 1] + X[:, 2]]), y)
    assert np.allclose(more.predict(np.column_stack([Z, X[:, 1] + X[:, 2]])), fit(Z, y).predict(Z))
    product = np.column_stack([Z, X[:, 1] * X[:, 2]])  # the nearest column that does change them
    assert not np.allclose(fit(product, y).predict(product), fit(Z, y).predict(Z), rtol=1e-3)


def test_the_cheaper_half_has_less_than_a_third_of_the_weight_of_the_area(houses):
    X, y, _ = houses
    assert chosen("housing", "for the cheaper half of them") == "less than a third of it"
    cheap, small = y < np.median(y), X[:, 0] < np.median(X[:, 0])
    whole = fit(X[:, :1], y).W[0]
    assert fit(X[cheap, :1], y[cheap]).W[0] < whole / 3
    assert fit(X[small, :1], y[small]).W[0] > whole / 3  # chosen by the feature it isn't so


def test_of_three_ways_to_fit_the_one_that_is_chosen_has_no_bias(houses):
    X, y, _ = houses
    X, y = X[:500], y[:500]
    frame = pandas.DataFrame(X, columns=housing().features).assign(price=y)
    formula = "price ~ sqft_living + bedrooms + bathrooms + floors + yr_built"
    predicted = {
        "`LinearRegression().fit(X, y)`": LinearRegression().fit(X, y).predict(X),
        f'`ols("{formula}", frame).fit()`': ols(formula, frame).fit().predict(),
        "`OLS(y, X).fit()`": OLS(y, X).fit().predict(),
    }
    without = fit(X, y, intercept=False).predict(X)
    asked = "Which one has no bias?"
    assert [way for way, one in predicted.items() if np.allclose(one, without)] == [chosen("housing", asked)]
    assert sum(np.allclose(one, fit(X, y).predict(X)) for one in predicted.values()) == 2


def test_shifting_and_scaling_the_years_helps_more_than_thirty_two_digits():
    assert chosen("costs", "degree 9 in years", 0) == "more than $10^{50}$"
    assert chosen("costs", "degree 9 in years", 1) == "subtracting 2005 and dividing by 15"
    lost = []
    with mpmath.workdps(80):
        for shift, scale in ((0, 1), (2005, 1), (2005, 15)):
            x = [mpmath.mpf(year - shift) / scale for year in range(1990, 2021)]
            stretches = mpmath.svd_r(mpmath.matrix([[v**k for k in range(10)] for v in x]), compute_uv=False)
            lost.append(float(mpmath.log10(stretches[0] / stretches[len(stretches) - 1])))
    raw, shifted, scaled = lost
    assert raw > 51
    assert 16 - scaled > 16 - shifted > 32 - raw


def test_the_cell_of_an_exercise_takes_the_solution_and_refuses_what_stands_there_first():
    page = text("book/costs")
    _, _, below = page.partition(":::{admonition} Exercise 1: implement")
    cell = re.search(r"```\{code-cell\} ipython3\n(.*?)```", below, re.DOTALL)[1]
    solution = re.search(r"`(w\[k\] = [^`]*)`", below)[1]
    asked = re.search(r"( +)(w\[k\] = .*mend this.*)", cell)[2]

    def says(line):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(cell.replace(asked, line), {"np": np})  # noqa: S102  our own page
        return out.getvalue().splitlines()[-1]

    assert says(solution) == "right, for triangles of eight sizes"
    assert says(asked).startswith("not yet")
    assert says(solution.replace(") / U[k, k]", ")")).startswith("not yet")
    assert says(solution.replace("k + 1 :", "k + 2 :")).startswith("not yet")


def test_the_gradient_with_respect_to_the_inputs_is_taken_on_the_right_side_alone():
    box = BLANKS.search(text("book/derive"))
    rows = given(box[2])
    first, blank = lines(box[3], rows)
    state = {"text": first.written, "rows": [row.to_list() for row in rows]}

    def takes(side):
        return ask({"do": "blank", "state": state, "blank": blank.to_dict(), "line": side})["right"]

    assert takes(r"2 (X w - y) w^\top")
    assert takes("2 * (X@w - y) @ w.T")
    for wrong in (r"2 w^\top (X w - y)", r"2 X^\top (X w - y)", r"(X w - y) w^\top", r"2 w (X w - y)^\top"):
        assert not takes(wrong), wrong
