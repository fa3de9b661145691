"""Answers in words or code: the facts decide which choice is true, and cells to complete tell right from wrong."""

import ast

import numpy as np
import pytest
from pages import cells, text
from scipy.stats import t as student
from sklearn.linear_model import Ridge
from test_exercises import FENCE, exercises
from test_graph import chapter

import lrcore as lr
from lrcore.check import central_differences, check_gradient
from lrcore.data import synthetic
from lrcore.descent import descend, rates
from lrcore.gradients import hessian, layer_backward


def choices(page, title):
    """The first list of choices in an exercise, each with whether it is the right one."""
    body = next(body for name, _, body in exercises(text(f"book/{page}")) if name == title)
    found = next(one for one in FENCE.finditer(body) if one[1] == "choice")
    said = [line[2:] for line in found[3].splitlines() if line.startswith("- ")]
    return {one: place == int(found[2]) for place, one in enumerate(said, 1)}


def copied_sample():
    X, y = np.array([[1.0], [2.0]]), np.array([3.0, 4.0])
    before = lr.fit(X, y, intercept=False).W[0]
    copied = lr.fit(np.vstack([X, X[:1]]), np.append(y, y[:1]), intercept=False).W[0]
    weighted = lr.fit(X, y, weights=[2.0, 1.0], intercept=False).W[0]
    far, as_far = abs(copied - before), abs(weighted - before)
    moved = [one > 0.01 for one in (far, as_far)]
    return {
        "neither changes the fit, because nothing new was measured": not any(moved),
        "both change it, and in the same way": all(moved) and np.isclose(copied, weighted),
        "both change it, the copy more than the weight": abs(copied - before) > abs(weighted - before) + 1e-9
        and as_far,
        "the copy leaves it alone, the weight changes it": moved == [False, True],
    }


def pythagoras():
    A, y = synthetic(9, 3, seed=1).X, np.random.default_rng(0).normal(size=9)
    drawn = A @ np.linalg.pinv(A) @ y
    held = np.isclose(y @ y, drawn @ drawn + (y - drawn) @ (y - drawn))
    return {"proved": held, "refuted": not held}


def alternating():
    """Of rates in each of the four ranges: does the loss fall at every step, and does a part change its sign?"""

    def seen(rate):
        factors = 1 - rate * np.array([0.1, 1.0])
        parts = np.cumprod(np.tile(factors, (40, 1)), axis=0)
        losses = (parts**2 @ [0.1, 1.0]).tolist()
        return all(b < a for a, b in zip([1.1, *losses], losses, strict=False)) and bool((parts[0::2] < 0).any())

    said = ("it is below 1", "it is exactly 1", "it lies between 1 and 2", "it is above 2")
    return dict(zip(said, (seen(rate) for rate in (0.7, 1.0, 1.5, 2.1)), strict=True))


def duplicated_column():
    X = synthetic(30, 2, seed=3).X
    twice = np.column_stack([X, X[:, 0]])
    before, after = (np.linalg.eigvalsh(hessian(some)).min() for some in (X, twice))
    y = X @ [1.0, 2.0]
    ends = [
        descend(twice, y, intercept=False, steps=4000, start=(np.array(start), 0.0)).final[0]
        for start in ([0.0, 0, 0], [3.0, 0, -1])
    ]
    arrives = all(np.allclose(twice @ end, y, atol=1e-6) for end in ends)
    return {
        r"$\lambda_{\min}$ is halved, and descent takes twice as many steps": bool(np.isclose(after, before / 2)),
        r"$\lambda_{\min}$ becomes 0, and descent converges to a minimum that depends on the start": abs(after) < 1e-9
        and arrives
        and not np.allclose(*ends, atol=0.1),
        r"$\lambda_{\min}$ becomes 0, and descent no longer converges": abs(after) < 1e-9 and not arrives,
        r"$\lambda_{\min}$ stays, and so does the minimum": bool(np.isclose(after, before)),
    }


def divided_only():
    rng = np.random.default_rng(0)
    raw = np.column_stack([2000 + 900 * rng.normal(size=300), 3 + rng.normal(size=300)])
    before, divided, whole = (
        rates(some).condition for some in (raw, raw / raw.std(axis=0), lr.data.standardise(raw)[0])
    )
    return {
        "yes: only the units matter": divided < 2 * whole,
        "no: it does not change the condition number at all": np.isclose(divided, before),
        "no: it helps a good deal, but the columns still point nearly the same way as the column of ones": divided
        < before / 100
        and divided > 10 * whole,
    }


def two_momentums():
    ours = theirs = 0.0
    eta, beta = 0.1, 0.9
    for gradient in (1.0, -2.0, 0.5):
        ours, theirs = beta * ours - eta * gradient, beta * theirs + gradient
    said = {r"$\eta$": eta, r"$-\eta$": -eta, r"$-\eta\beta$": -eta * beta}
    found = {f"it is {name} times theirs": bool(np.isclose(ours, factor * theirs)) for name, factor in said.items()}
    return found | {"the two are equal": bool(np.isclose(ours, theirs))}


def deep_blame():
    names = chapter()
    lengths = []
    for depth in (1, 10, 20, 30):
        rng = np.random.default_rng(2)
        H = first = names["Node"](rng.normal(size=(20, 8)))
        for _ in range(depth):
            H = names["tanh"](H @ (rng.normal(size=(8, 8)) / 4))
        names["send_back"](names["total"](H))
        lengths.append(np.linalg.norm(first.blame))
    factors = np.array(lengths[1:]) / lengths[:-1]
    return {
        "it stays about the same": factors.min() > 0.5,
        "it falls by about the same amount with each layer": lengths[-1] > 0.1 * lengths[0],
        "it falls by about the same factor with each layer": factors.max() < 0.2,
        "it grows with the number of layers": factors.max() > 1,
    }


def through_a_bend():
    """Of each line: does it give the slope of a sum of max(0, a), weighted by the blame?"""
    A, dH = np.array([[2.0, -1.0, 3.0]]), np.array([[4.0, 5.0, -6.0]])
    H = np.maximum(A, 0)
    measured = central_differences(lambda a: (dH * np.maximum(a, 0)).sum(), A)
    lines = {
        "`dA = dH * (1 - H * H)`": dH * (1 - H * H),
        "`dA = dH * (A > 0)`": dH * (A > 0),
        "`dA = np.maximum(dH, 0)`": np.maximum(dH, 0),
        "`dA = dH * H`": dH * H,
    }
    return {line: bool(np.allclose(found, measured, atol=1e-6)) for line, found in lines.items()}


def both_zero():
    x, y = 2.0, 1.5

    def flat(w_1, w_2):
        e = w_2 * w_1 * x - y
        hidden = np.array([[w_1 * x]])
        dH, second, _ = layer_backward([[2 * e]], hidden, [[w_2]])
        first = layer_backward(dH, [[x]], [[w_1]])[1]
        return not first.any() and not second.any() and e != 0

    return {
        "never": not flat(0, 0),
        "if one of the two weights is zero": flat(0, 1) and flat(1, 0),
        "if both weights are zero": flat(0, 0),
    }


def most_plausible():
    """Which sum is smallest where the likelihood of a constant is largest."""
    y, grid = np.array([0.0, 1.0, 7.0]), np.linspace(-1, 8, 901)
    r = grid[:, None] - y
    best = grid[np.exp(-abs(r) / 2).prod(axis=1).argmax()]
    sums = {
        "the sum of the squares of the residuals": (r**2).sum(axis=1),
        "the sum of the absolute values of the residuals": abs(r).sum(axis=1),
        "the largest absolute value of a residual": abs(r).max(axis=1),
        "the sum of the exponentials of the residuals": np.exp(r).sum(axis=1),
    }
    return {name: bool(np.isclose(grid[values.argmin()], best)) for name, values in sums.items()}


def newer_houses():
    houses = lr.housing()
    old = houses.X[:, 4] < 1980
    models = [lr.fit(houses.X[some], houses.Y[some]) for some in (old, ~old)]

    def error(model, some):
        return np.sqrt(((model.predict(houses.X[some]) - houses.Y[some]) ** 2).mean())

    at_home, away, second = error(models[0], old), error(models[0], ~old), error(models[1], ~old)
    return {
        "the error is no larger, and the second model does no better": away <= at_home,
        "the error is larger, and the second model is as good as the first was on the old houses": away > at_home
        and second < 1.02 * at_home,
        "the error is larger, and the second model does only a little better": away > 1.1 * at_home
        and 0.95 * away < second < away,
    }


def written_twice():
    random, x = np.random.default_rng(0), np.linspace(0, 1, 10)[:, None]
    slopes, printed = [], []
    for _ in range(400):
        y = x[:, 0] + random.normal(size=10)
        twice = lr.fit(np.tile(x, (2, 1)), np.tile(y, 2))
        once = lr.fit(x, y)
        assert np.isclose(twice.W[0], once.W[0])
        slopes.append(twice.W[0])
        printed.append([once.W_se[0], twice.W_se[0]])
    before, after = np.mean(printed, axis=0)
    shrinks, scatter = after < 0.9 * before, np.std(slopes)
    return {
        "both stay as they are": not shrinks,
        "the weights stay, and the standard errors shrink rightly, because there are twice as many samples": shrinks
        and abs(after - scatter) < 0.1 * scatter,
        "the weights stay, and the standard errors shrink wrongly, because the second assumption fails": shrinks
        and after < 0.8 * scatter,
        "both change": False,
    }


FACTS = {
    ("closed_form", "Exercise 2: prove or refute"): pythagoras,
    ("closed_form", "Exercise 8: predict, then run"): copied_sample,
    ("descent", "Exercise 2"): alternating,
    ("descent", "Exercise 3: predict, then run"): duplicated_column,
    ("descent", "Exercise 4: predict, then run"): divided_only,
    ("descent", "Exercise 8: translate"): two_momentums,
    ("graph", "Exercise 6: predict, then run"): deep_blame,
    ("backprop", "Exercise 2: derive"): through_a_bend,
    ("backprop", "Exercise 7"): both_zero,
    ("trust", "Exercise 4"): most_plausible,
    ("trust", "Exercise 7: predict, then run"): newer_houses,
    ("statistics", "Exercise 1: predict, then run"): written_twice,
}


@pytest.mark.parametrize(("page", "title"), FACTS)
def test_the_choice_that_is_marked_as_right_is_the_one_that_is_true_and_no_other(page, title):
    assert {one: bool(true) for one, true in FACTS[page, title]().items()} == choices(page, title)


# ---------------------------------------------------------------------- cells that a reader completes


def graph_names():
    return chapter() | {"check_gradient": check_gradient}


def trust_names():
    data = synthetic(40, 5, noise=0.5, seed=3)
    return {"np": np, "fit": lr.fit, "Ridge": Ridge, "columns": data.X, "y": data.Y}


def statistics_names():
    data = synthetic(12, 2, seed=1)
    A, theta = lr.design(data.X), np.array([1.0, 2.0, -1.0])
    noise = np.random.default_rng(0).normal(size=(12, 1))
    found = lr.fit(data.X, A @ theta + noise[:, 0])
    return {"np": np, "design": lr.design, "data": data, "A": A, "theta": theta, "noise": noise, "found": found}


#: Of each cell the names that it finds, the line to be mended, and what the solution puts in its place.
TO_COMPLETE = {
    "graph": (
        graph_names,
        "softplus = entrywise(lambda a: np.log1p(np.exp(a)), lambda a, h: 1.0)  # mend this",
        "softplus = entrywise(lambda a: np.log1p(np.exp(a)), lambda a, h: 1 / (1 + np.exp(-a)))",
        ("1 / (1 + np.exp(-a))", "1 / (1 + np.exp(a))"),
    ),
    "trust": (
        trust_names,
        "        one = fit(X, y, ridge=penalty)  # mend this: it has seen what is held back",
        "        kept = np.setdiff1d(np.arange(len(y)), held)\n        one = fit(X[kept], y[kept], ridge=penalty)",
        ("X[kept], y[kept]", "X[held], y[held]"),
    ),
    "statistics": (
        statistics_names,
        "    return reach * s * np.ones(len(rows))  # mend this: the leverages are missing",
        "    inverse = np.linalg.inv(A.T @ A)\n"
        '    h = np.einsum("ip,pq,iq->i", rows, inverse, rows)\n    return reach * s * np.sqrt(h)',
        ("np.sqrt(h)", "np.sqrt(1 + h)"),
    ),
}  # fmt: skip


def says_right(code, names, printed):
    """Whether a cell says that what stands in it is right: by its last value, or by the last line that it prints."""
    tree = ast.parse(code)
    last = (
        tree.body.pop() if isinstance(tree.body[-1], ast.Expr) and "print" not in ast.unparse(tree.body[-1]) else None
    )
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102  our own page
    if last is not None:
        return bool(eval(compile(ast.Expression(last.value), "cell", "eval"), names))  # noqa: S307  our own page
    return printed().out.splitlines()[-1] == "right"


@pytest.mark.parametrize("page", TO_COMPLETE)
def test_a_cell_to_complete_says_right_of_the_solution_alone(page, capsys):
    names, line, solution, (part, slip) = TO_COMPLETE[page]
    cell = next(one for one in cells(f"book/{page}") if line in one)
    assert not says_right(cell, names(), capsys.readouterr)
    assert says_right(cell.replace(line, solution), names(), capsys.readouterr)
    assert part in solution
    assert not says_right(cell.replace(line, solution.replace(part, slip)), names(), capsys.readouterr)


# ---------------------------------------------------------------------- numbers that solutions of projects tell


def solution_of_project(page):
    return text(f"book/{page}").partition(":class: exercise project\n")[2].partition(":class: dropdown\n")[2]


def test_nesterov_needs_as_many_steps_for_a_digit_as_the_project_says():
    bound = rates(synthetic(200, 3, condition=20, noise=0.2, seed=6).X)
    low, top, root = bound.lambda_min, bound.lambda_max, np.sqrt(3 * bound.condition + 1)
    theirs, ours = (root - 2) / (root + 2), ((np.sqrt(bound.condition) - 1) / (np.sqrt(bound.condition) + 1)) ** 2

    def steps(beta, rate, ahead):
        radius = 0
        for curvature in np.linspace(low, top, 50):
            left = 1 - rate * curvature
            middle, last = ((1 + beta) * left, beta * left) if ahead else (beta + left, beta)
            radius = max(radius, abs(np.roots([1, -middle, last])).max())
        return np.log(10) / -np.log(radius)

    found = (steps(theirs, 4 / (3 * top + low), True), steps(ours, (1 + np.sqrt(ours)) ** 2 / top, False))
    assert [round(one) for one in found] == [39, 23]
    assert "about 39 steps" in solution_of_project("descent") and "about 23" in solution_of_project("descent")
    for beta in (0.3, 0.9):  # just below the limit that is told it converges, just above it does not
        limit = 2 * (1 + beta) / (1 + 2 * beta) / top
        assert steps(beta, 0.99 * limit, True) > 0 > steps(beta, 1.01 * limit, True)


def test_the_logarithm_of_prices_is_off_by_as_much_as_the_project_says():
    names = {"np": np, "fit": lr.fit, "houses": lr.housing(), "standardise": lr.data.standardise}
    exec(next(cell for cell in cells("book/trust") if "log_price" in cell), names)  # noqa: S102  our own page
    rows, model = names["last"], names["models"][names["best"]]
    said = model.predict(names["products"][rows]) - names["log_price"][rows]
    assert f"about {(said**2).mean():.3f}" in solution_of_project("trust")
    prices = names["houses"].Y
    low = 1 - np.exp(model.predict(names["products"][rows])).mean() / prices[rows].mean()
    assert round(100 * low) == 7 and "seven per cent" in solution_of_project("trust")


def test_with_a_scatter_that_grows_the_three_intervals_do_what_the_project_says():
    assert "HC0 needs many samples, HC3 fewer." in solution_of_project("statistics")
    random, held = np.random.default_rng(0), {}
    for size in (10, 200):
        x = np.linspace(0, 1, size) ** 2
        A, scatter = np.column_stack([np.ones(size), x]), (0.05 + x**2)[:, None]
        G, E = np.linalg.pinv(A), scatter * random.normal(size=(size, 2000))
        R, off, h = A @ (G @ E) - E, abs(G @ E)[1], (A * G.T).sum(axis=1)
        usual = np.sqrt((R**2).sum(axis=0) / (size - 2) * (G @ G.T)[1, 1])
        robust = [np.sqrt((G[1] ** 2 / (1 - h) ** power) @ R**2) for power in (0, 2)]
        reach = student.ppf(0.975, size - 2)
        held[size] = [(off < reach * one).mean() for one in (usual, *robust)]
    assert max(held[10][0], held[200][0]) < 0.8
    assert held[10][1] < 0.8 < held[10][2]
    assert min(held[200][1:]) > 0.92


@pytest.mark.parametrize("page", ["closed_form", "descent", "statistics", "backprop", "graph", "trust"])
def test_each_program_to_write_is_a_cell_that_is_tried_here(page):
    kinds = [kind for _, kind, _ in exercises(text(f"book/{page}"))]
    assert kinds.count("implement") == (page in TO_COMPLETE)
