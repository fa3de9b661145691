"""The six assignments solved from what a student is given, by a path that shares nothing with the library.

The numbers are read in the released notebook, the loss in its displayed formula, the houses in the file. Slopes are
differences, which are exact for losses that are quadratic.
"""

import csv
import gzip
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from lrcore.homework.grade.derivations import expression_is
from lrcore.homework.grade.quantities import quantity
from lrcore.homework.release.assignment import load
from lrcore.homework.release.variants import prepare

SECRET = b"the secret of those who solve the assignments"
DATA = Path(__file__).resolve().parents[2] / "book" / "data" / "king_county.csv.gz"
FEATURES = ("sqft_living", "bedrooms", "bathrooms", "floors", "yr_built")


@cache
def _loaded(name):
    """An assignment, without the ten thousand steps of a self-check, which no key depends on."""
    real = load(name)
    return replace(real, cells=tuple(replace(one, source=one.source.replace("10_000)", "10)")) for one in real.cells))


@cache
def houses():
    """Features, prices and grades, as the file has them."""
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        np.array([[float(row[name]) for name in names] for row in rows]) for names in (FEATURES, ("price",), ("grade",))
    )


def faults(name, student):
    """The questions of a variant whose key is not what solving it gives; each as a line of text."""
    prepared = prepare(_loaded(name), SECRET, student)
    asked = {one.name: one for questions in prepared.questions.values() for one in questions}
    text = "\n".join(cell.source for cell in prepared.cells if cell.kind == "markdown")
    given = {"np": np}
    exec(next(cell.source for cell in prepared.cells if cell.id == "variant"), given)  # noqa: S102  numbers alone
    words = next(cell.source for cell in prepared.cells if cell.id == "words")
    found = []
    for question, right in SOLVERS[name](given, text, words).items():
        if question not in asked:
            if right is not True:
                found.append(f"{name} {student} {question}: {right}")
            continue
        about = asked.pop(question)
        if not _agrees(about, right):
            found.append(f"{name} {student} {question}: the key is {about.expected}, and it is {right}")
    left = set(asked) - {"derivation"}  # whose keys are proved line by line in test_worked_solutions
    return found + [f"{name} {student}: {question} was not solved" for question in sorted(left)]


def _agrees(question, right):
    if question.kind == "function":
        pairs = [(case.expected, right(*case.inputs)) for case in question.cases]
        return all(_near(mine, theirs, 1e-7) for theirs, mine in pairs)
    if question.kind == "quantity":
        mine, theirs = quantity(right), quantity(f"{question.expected!r} {question.unit}")
        return mine.unit == theirs.unit and _near(mine.value, theirs.value, question.tolerance)
    if question.kind == "expression":
        return _proved_equal(right, question.expected, question.context)
    return _near(right, question.expected, question.tolerance)


_PROVED = {}  # variants share their formulas


def _proved_equal(mine, theirs, context):
    about = (mine, theirs, tuple(map(repr, context.symbols.values())))
    if about not in _PROVED:
        _PROVED[about] = expression_is(mine, theirs, context)[0]
    return _PROVED[about]


def _near(mine, theirs, tolerance):
    if isinstance(theirs, tuple):
        return len(mine) == len(theirs) and all(_near(a, b, tolerance) for a, b in zip(mine, theirs))
    mine, theirs = np.asarray(mine, dtype=float), np.asarray(theirs, dtype=float)
    return mine.shape == theirs.shape and np.abs(mine - theirs).max(initial=0) <= tolerance * max(
        np.abs(mine).max(), 1e-9
    )


def slope(function, at, step=1.0):
    """The derivative of a quadratic function of an array, entry by entry."""
    at = np.asarray(at, dtype=float)
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        way = np.zeros(at.shape)
        way[place] = step
        found[place] = (function(at + way) - function(at - way)) / (2 * step)
    return found


def lowest(function, size):
    """Where a quadratic function of ``size`` numbers is smallest, from its slopes."""
    start = slope(function, np.zeros(size))
    bends = np.array([slope(function, row) - start for row in np.eye(size)])
    return np.linalg.solve(bends, -start)


def _front(text):
    """What stands before the norm in the displayed loss, as a function of N."""
    found = re.search(r"[Lf] := (.*?) \\\|", text)[1].strip()
    return {r"\frac{1}{2N}": lambda n: 1 / (2 * n), "": lambda n: 1.0, r"\frac{1}{N}": lambda n: 1 / n}[found]


def _factor_text(front):
    """The factor of the gradient, found by measuring at two sizes."""
    two, five = (slope(lambda r, n=n: front(n) * (r**2).sum(), np.ones(1))[0] for n in (2, 5))
    return {(2.0, 2.0): "2", (1.0, 0.4): r"\frac{2}{N}", (0.5, 0.2): r"\frac{1}{N}"}[round(two, 6), round(five, 6)]


def _one_sample(given, text, words):
    over = float(re.search(r"L := \\frac\{1\}\{(\d+)\}", text)[1])

    def loss(x, y, w, b):
        return (sum(a * c for a, c in zip(x, w)) + b - y) ** 2 / over

    def gradient(x, y, w, b):
        return slope(lambda v: loss(x, y, v, b), w), slope(lambda v: loss(x, y, w, v), b)

    features, prices, _ = houses()
    row = given["row"]
    mine = slope(lambda w: loss(features[row], prices[row, 0], w, 5e5), np.zeros(5), 1.0)
    twice = slope(lambda w: slope(lambda v: loss((1, 1), 0, v, 0), w)[0], np.zeros(2))[1]
    largest = [name for name, size in zip(FEATURES, abs(mine)) if size == abs(mine).max()]
    per_foot = slope(lambda w: loss((given["size"],), 0, w, given["error"]), np.zeros(1))[0]
    return {
        "gradient": gradient,
        "second": rf"{round(twice * over)} x_k x_l / {round(over)}",
        "slope": f"{per_foot:.17g} USD sqft",
        "house_dw": mine,
        "the key in words": f"The weight of {' and of '.join(largest)}." in words or (largest, words),
        "no gradient of zero": bool(abs(mine).max()) or "the gradient is zero",
    }


def _samples(given, text, words):
    front = _front(text)

    def loss(X, y, w, b):
        return front(len(y)) * sum((row @ w + b - target) ** 2 for row, target in zip(X, y))

    def gradient(X, y, w, b):
        return slope(lambda v: loss(X, y, v, b), w), slope(lambda v: loss(X, y, w, v), b)

    def jacobian(X):
        return np.array([slope(lambda v, row=row: v[0] + row @ v[1:], np.zeros(X.shape[1] + 1)) for row in X])

    prices = houses()[1][given["first"] : given["first"] + 100, 0]
    best = lowest(lambda b: loss(np.zeros((100, 1)), prices / 1e6, np.zeros(1), b[0]), 1)[0]
    return {
        "gradient": gradient,
        "jacobian": jacobian,
        "bias": _factor_text(front) + r" \sum_i (\hat y_i - y_i)",
        "best_bias": f"{best * 1e6:.17g} USD",
    }


def _outputs(given, text, words):
    front = _front(text)

    def loss(X, Y, W, b):
        return front(len(Y)) * sum((X[i] @ W[:, j] + b[j] - Y[i, j]) ** 2 for i, j in np.ndindex(Y.shape))

    def gradient(X, Y, W, b):
        return slope(lambda V: loss(X, Y, V, b), W), slope(lambda v: loss(X, Y, W, v), b)

    def tensor(X, D):
        shape = (len(X), int(D))
        found = np.zeros((*shape, X.shape[1], int(D)))
        for i, j in np.ndindex(shape):
            found[i, j] = slope(lambda W, i=i, j=j: X[i] @ W[:, j], np.zeros(found.shape[2:]))
        return found

    def kron(X, D):
        return tensor(X, D).reshape(len(X) * int(D), -1)

    some = slice(given["first"], given["first"] + given["many"])
    features, prices, grades = houses()
    both = np.hstack([prices, grades])[some]
    bias = slope(lambda b: loss(features[some], both, np.zeros((5, 2)), b), np.zeros(2))
    return {
        "gradient": gradient,
        "tensor": tensor,
        "kron": kron,
        "penalty": _factor_text(front) + r" X^\top R + \lambda W + \lambda W",
        "house_db": bias,
        "price_db": f"{bias[0]:.17g} USD",
    }


def _ridge(given, text, words):
    found = re.search(r"J := \\\|X w - y\\\|\^2 \+ (\d*)\\lambda", text)
    penalty = int(found[1] or 1)

    def ridge(X, y, s):
        return lowest(lambda w: ((X @ w - y) ** 2).sum() + s * (w**2).sum(), X.shape[1])

    def leverage(X):
        gram = X.T @ X
        return (X * np.linalg.solve(gram, X.T).T).sum(axis=1)

    some = slice(given["first"], given["first"] + 400)
    raw, price = houses()[0][some], houses()[1][some, 0]
    Z = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    weight = ridge(Z, (price - price.mean()) / 1e6, 400 * given["lam"])[0] * 1e6
    bend = slope(lambda w: slope(lambda v: penalty * (v**2).sum(), w)[0], np.zeros(1))[0]
    return {
        "ridge": ridge,
        "leverage": leverage,
        "price_of_size": f"{weight:.17g} USD / std",
        "hessian": rf"2 X^\top X + {round(bend)} \lambda I",
        "lambda is positive": r"\lambda > 0" in text or "it is not said",
    }


def _descent(given, text, words):
    front = _front(text)

    def loss(X, y, w):
        return front(len(y)) * ((X @ w - y) ** 2).sum()

    def best_rate(X, y, w, g):
        return lowest(lambda rate: loss(X, y, w - rate[0] * g), 1)[0]

    def descend(X, y, rate, steps):
        w = np.zeros(X.shape[1])
        for _ in range(int(steps)):
            w = w - rate * slope(lambda v: loss(X, y, v), w)
        return w

    def curvatures(X):
        def bent(row):
            return slope(lambda v: loss(X, np.zeros(len(X)), v), row)

        return np.linalg.eigvals(np.array([bent(row) for row in np.eye(X.shape[1])])).real

    raw = houses()[0][given["first"] : given["first"] + 300]
    conditions = [
        np.linalg.cond(np.column_stack([np.ones(300), columns])) ** 2
        for columns in (raw, (raw - raw.mean(axis=0)) / raw.std(axis=0))
    ]
    X = given["X_mine"]
    return {
        "best_rate": best_rate,
        "descend": descend,
        "curvature": _factor_text(front) + r" g^\top X^\top X g",
        "limit": 2 / curvatures(X).max(),
        "times": conditions[0] / conditions[1],
        "friend": f"{2 / curvatures(raw[:, :1])[0]:.17g} / sqft^2",
        "ten thousand steps are enough": bool(np.linalg.cond(X) <= 7) or np.linalg.cond(X),
    }


def _housing(given, text, words):
    X, y = houses()[0][given["rows"]], houses()[1][given["rows"], 0]

    def plane(X, y):
        scale = np.abs(X - X.mean(axis=0)).max(axis=0)
        v = np.linalg.lstsq((X - X.mean(axis=0)) / scale, y - y.mean(), rcond=None)[0] / scale
        return v, y.mean() - X.mean(axis=0) @ v

    def without_row(X, y, i):
        kept = [k for k in range(len(y)) if k != int(i)]
        return plane(X[kept], y[kept])[0]

    weights, bias = plane(X, y)
    predicted = X @ weights + bias
    groups = np.array([sorted(zip(predicted, predicted - y))]).reshape(10, 100, 2)[..., 1]
    means = ", ".join(f"{mean / 1000:.0f}" for mean in groups.mean(axis=1))
    return {
        "weights": weights,
        "bias": bias,
        "larger": f"{given['extra'] * weights[0]:.17g} USD",
        "bias_in_z": r"\mu u + a",
        "without_row": without_row,
        "tenths": groups.mean(axis=1),
        "the key in words": (means in words and f"{np.sqrt((groups**2).mean()) / 1000:.0f} thousand" in words) or means,
    }


SOLVERS = {
    "hw1": _one_sample,
    "hw2": _samples,
    "hw3": _outputs,
    "hw4": _ridge,
    "hw5": _descent,
    "hw6": _housing,
}
