"""The controls: their traits follow lrcore, their messages are anywidget's, a plain page carries their state alone."""

import json
import re
import subprocess
import sys
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from bs4 import BeautifulSoup
from scipy import special

from lrcore.check import check_gradient
from lrcore.closed_form import cholesky, fit
from lrcore.data import standardise, synthetic
from lrcore.descent import descend, rates
from lrcore.errors import InputError, ShapeError
from lrcore.gradients import gradient, jacobian_tensor
from lrcore.losses import CONVENTIONS, loss
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
    Product,
    RowByRow,
    Samples,
    Secant,
    Standardising,
    intervals,
)
from lrcore.widgets.control import bundle, source
from tests.browser.controls import made

ONE, MANY = synthetic(7, 1, seed=1), synthetic(7, 2, 3, seed=1)
NETWORK = {"X": MANY.X[:3], "Y": MANY.Y[:3, :1], "W1": np.eye(2), "b1": [0.5, 0.0], "W2": [[1.0], [2.0]], "b2": [0.25]}
WEIGHTS = np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]])


def embedded(widget):
    """The element that a widget puts into a plain page, and the state in it."""
    data, _ = widget._repr_mimebundle_()
    element = BeautifulSoup(data["text/html"], "html.parser").find("lr-control")
    return element, json.loads(element.script.string)


def test_the_controls_are_loaded_without_matplotlib():
    code = "import sys, lrcore.widgets; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_path_of_a_player_is_lrcores_under_its_settings():
    player = DescentPlayer(MANY.X, MANY.Y, steps=9, seed=4)
    player.rate, player.batch, player.convention, player.momentum = 0.07, 3, "mean_all", 0.4
    player.start = [[1.0, 0.0, 2.0], [0.5, -1.0, 2.0], [1.5, 0.0, -0.5]]
    wanted = descend(
        MANY.X,
        MANY.Y,
        rate=0.07,
        batch=3,
        convention="mean_all",
        momentum=0.4,
        steps=9,
        seed=4,
        start=(WEIGHTS, np.array([1.0, 0.0, 2.0])),
        progress=False,
    )
    for found, expected in zip((player.path.W, player.path.b, player.path.losses), (wanted.W, wanted.b, wanted.losses)):
        np.testing.assert_array_equal(found, expected)


def test_a_player_starts_where_it_is_told_at_half_the_best_rate():
    player = DescentPlayer(ONE.X, ONE.Y, start=([2.0], -1.0))
    assert player.start == [[-1.0], [2.0]]
    assert player.rate == rates(ONE.X).best / 2
    assert (player.path.W[0], player.path.b[0]) == ([2.0], -1.0)
    assert DescentPlayer(ONE.X, ONE.Y, start=([2.0], 0.0), intercept=False).start == [[2.0]]


def test_the_gradient_of_a_dissector_is_lrcores():
    made = GradientDissector(MANY.X, MANY.Y, WEIGHTS, np.ones(3))
    for made.convention in CONVENTIONS:
        wanted, _ = gradient(MANY.X, MANY.Y, WEIGHTS, np.ones(3), convention=made.convention)
        np.testing.assert_allclose(made.gradient, wanted, rtol=1e-13)
    assert GradientDissector(ONE.X, ONE.Y).gradient.shape == (1, 1)


def test_an_explorer_says_the_entry_of_the_tensor():
    made = JacobianExplorer(MANY.X, 3)
    for index in ([4, 2, 1, 2], [4, 2, 1, 0]):
        made.index = index
        assert made.said().endswith(f"the derivative is {jacobian_tensor(MANY.X, 3)[tuple(index)]:.4g}.")


def test_conditioning_reports_the_rates_of_the_scaled_features():
    made = Conditioning(MANY.X, scale=5.0)
    wanted = rates(MANY.X * [1.0, 5.0], intercept=False)
    assert made.rates == wanted
    assert f"{wanted.condition:.4g}" in made.said()
    made.scale = made.equal
    np.testing.assert_allclose(*np.linalg.norm(made.X, axis=0), rtol=1e-12)


def test_standardising_reports_the_rates_on_its_way_to_a_valley_that_is_round():
    made = Standardising(ONE.X[:, 0] + 3, step=1)
    halfway = np.column_stack([np.ones(7), ONE.X[:, 0] + 3 - (ONE.X.mean() + 3) / 2])
    wanted = rates(halfway, intercept=False)
    assert made.rates.condition == pytest.approx(wanted.condition)
    assert f"{wanted.condition:.4g}" in made.said()
    made.step = 9
    assert made.step == 4
    np.testing.assert_allclose(made.X[:, 1:], standardise(ONE.X)[0], atol=1e-12)
    assert made.rates.condition == pytest.approx(1)


def test_the_backward_pass_on_the_graph_is_the_slope_of_its_loss():
    for name in ("X", "W1", "b1", "W2", "b2"):

        def value(of, at, name=name):
            return Backpropagation(**{**NETWORK, name: at}).values[of]

        found = check_gradient(partial(value, "L"), partial(value, f"d{name}"), NETWORK[name])
        assert found, f"{name}: {found}"


def test_samples_say_the_gradient_and_the_loss_where_they_are_dragged_to():
    made = Samples(ONE.X, ONE.Y, w=2.0, b=-1.0)
    made.X = (ONE.X + 1).tolist()
    (dw,), db = gradient(ONE.X + 1, ONE.Y, [2.0], -1.0)
    now = loss(ONE.X + 1, ONE.Y, [2.0], -1.0)
    assert made.said() == f"Over 7 samples, ∂L/∂w is {dw:.4g} and ∂L/∂b is {db:.4g}; the loss is {now:.4g}."
    assert made.step == 7


def test_rows_say_their_sum_and_stop_at_the_product():
    made = RowByRow([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]], [0.0, 5.0, -1.0], [1.0, 1.0])
    assert made.said() == "The rows of X, each times its residual, add up to X^T r = (-3, 8)."
    assert made.step == 4
    made.step = 9
    assert made.step == 4


def test_columns_say_the_cost_and_the_least_one():
    made = Columns((1.0, 0.5, 2.0), w=(0.0, 0.0), angle=90)
    assert made.said() == ("At 90 degrees between the columns the cost is 5.25; the least is 4, at w = (1, 0.5).")
    made.angle = 0
    assert made.said().endswith("the least is 4.25, at w = (0.5, 0.5).")


def test_the_digits_that_are_left_are_counted_against_exact_weights():
    made, w = DigitsLeft(), np.array([1, -2, 3, 5])
    A = np.round(synthetic(100, 4, condition=1e4, noise=0.0, seed=7).X * 2.0**40) / 2.0**40
    error = max(abs(Fraction(one) / int(exact) - 1) for one, exact in zip(cholesky(A, A @ w).tolist(), w))
    step = made.powers.index(4)
    assert made.left["Cholesky"][step] == pytest.approx(-np.log10(float(error)), abs=1e-12)
    assert made.left["Cholesky"][step] < made.left["QR"][step] - 2 < made.left["fit"][step] - 4
    assert f"{made.left['QR'][made.step]:.1f}" in made.said()


@pytest.mark.parametrize("scatter", ["equal", "growing"])
def test_intervals_have_the_errors_of_a_fit_and_the_reach_of_scipy(scatter):
    made = ConfidenceIntervals(scatter=scatter)
    np.testing.assert_allclose(made.reach, special.stdtrit(28, (1 + np.array(made.levels)) / 2), rtol=1e-6)
    x, Y = intervals.drawn(scatter, 4)
    found = intervals.slopes((x, Y))
    for k in range(0, 100, 20):
        one = fit(x[:, None], Y[k])
        wanted = [one.W[0], one.W_se[0], one.statistics.standard_errors("HC3")[1]]
        np.testing.assert_allclose([column[k] for column in found], wanted, rtol=1e-9)
        shown = [made.runs[scatter][name][k] for name in ("value", "usual", "HC3")]
        np.testing.assert_allclose(np.array(shown) / 1000, wanted, rtol=0, atol=5.1e-4)
    slope, *errors = found
    for name, error in zip(("usual", "HC3"), errors, strict=True):
        for far, share in zip(made.reach, made.covered[scatter][name], strict=True):
            assert share == (np.abs(slope - 2) <= far * error).mean()


def test_intervals_keep_what_they_promise_where_their_assumption_holds_and_robust_ones_nearly_everywhere():
    made = ConfidenceIntervals()
    at = made.levels.index(0.95)
    assert abs(made.covered["equal"]["usual"][at] - 0.95) < 0.015 and made.covered["growing"]["usual"][at] < 0.8
    assert all(made.covered[scatter]["HC3"][at] > 0.92 for scatter in made.covered)
    value, error = (np.array(made.runs["equal"][name]) / 1000 for name in ("value", "usual"))
    held = (np.abs(value - 2) <= made.reach[at] * error).sum()
    assert made.said().startswith(f"At a level of 95 %, {held} of these 100 intervals hold the true slope 2;")
    for name in ("scatter", "errors"):
        with pytest.raises(InputError, match=f"^{name} is 'some', but one of"):
            made.set_trait(name, "some")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate": 0.0}, "rate is 0.0, but a number greater than zero is expected."),
        ({"convention": "rms"}, "convention is 'rms', but one of half_mean, sum, mean, mean_all is expected."),
        ({"batch": 8}, "batch is 8, but there are only 7 samples; give at most 7, or None for all."),
        ({"batch": 0}, "batch is 0, but a whole number of at least 1 is expected."),
        ({"momentum": 1.0}, "momentum is 1, but a number from 0 to below 1 is expected."),
        ({"steps": 0}, "steps is 0, but a whole number of at least 1 is expected."),
        ({"step": -1}, "step is -1, but a whole number of at least 0 is expected."),
        ({"start": [[1.0]]}, "start has shape (1, 1), but (2, 1) is expected, the bias on top of the weights."),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_sentence_and_changes_nothing(change, message):
    player = DescentPlayer(ONE.X, ONE.Y)
    before = player.state()
    with pytest.raises(InputError) as refusal:
        player.set_trait(*next(iter(change.items())))
    assert str(refusal.value) == message
    assert player.state() == before


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: DescentPlayer(ONE.X, ONE.Y[:-1]), ShapeError, "axis 0 counts the samples"),
        (lambda: DescentPlayer(0 * ONE.X, ONE.Y, intercept=False), InputError, "X is zero everywhere"),
        (lambda: DescentPlayer(ONE.X, ONE.Y, start=np.zeros(2)), InputError, r"a pair \(W, b\) is expected"),
        (lambda: DescentPlayer(ONE.X, ONE.Y, start=([1.0], 2.0), intercept=False), InputError, "without an intercept"),
        (lambda: DescentPlayer(ONE.X, ONE.Y, rate=-1), InputError, "rate is -1"),
        (lambda: DescentPlayer(ONE.X, ONE.Y, features=["a", "b"]), ShapeError, "2 names are given for 1 columns"),
        (lambda: Conditioning(ONE.X), ShapeError, r"two columns are expected"),
        (lambda: Conditioning(np.hstack([ONE.X, ONE.X])), InputError, "parallel"),
        (lambda: Conditioning(MANY.X, scale=0), InputError, "scale is 0"),
        (lambda: Standardising(ONE.X), ShapeError, r"x has shape \(7, 1\), but \(N,\) is expected"),
        (lambda: Standardising([2.0, 2.0]), InputError, "x is the same in all samples"),
        (lambda: Standardising([1.0, 2.0], step=-1), InputError, "step is -1"),
        (lambda: JacobianExplorer(MANY.X, 0), InputError, "D is 0"),
        (lambda: DigitsLeft(3), InputError, "N is 3, but a whole number of at least 4"),
        (lambda: DigitsLeft().set_trait("step", -1), InputError, "step is -1"),
        (lambda: Columns((1.0, 2.0)), ShapeError, r"y has shape \(2,\), but \(3,\) is expected"),
        (lambda: Columns(w=[1.0]), ShapeError, r"w has shape \(1,\), but \(2,\) is expected"),
        (lambda: Columns(angle=91), InputError, "angle is 91, but whole degrees from 0 to 90"),
        (lambda: Secant(0.0, 1.0), InputError, "x is 0, so the loss does not depend on w"),
        (lambda: Secant(1.0, 1.0, h=-1.0), InputError, "h is -1"),
        (lambda: Product(ONE.X, ONE.X), ShapeError, r"but \(N, M\) and \(M, D\) are expected"),
        (lambda: RowByRow(MANY.X, MANY.Y, np.zeros((2, 3))), ShapeError, r"\(N,\) is expected"),
        (lambda: Product(np.eye(2), np.eye(2)).set_trait("entry", [2, 0]), InputError, "entry is"),
        (lambda: Houses(ONE.X, ONE.Y, row=0, features=[]), ShapeError, "there are 0 names"),
        (lambda: Houses(ONE.X, ONE.Y, row=7, features=["x"]), InputError, "row is 7, but there are only 7 rows"),
        (lambda: Houses(ONE.X, ONE.Y, row=0, features="x").set_trait("chosen", [1]), InputError, r"chosen is \[1\]"),
        (lambda: Samples(MANY.X, MANY.Y[:, 0]), ShapeError, r"\(N, 1\) and \(N,\) are expected: one feature"),
        (lambda: Samples(ONE.X, ONE.Y).set_trait("Y", [1.0]), InputError, r"Y has shape \(1,\), but \(7,\) is"),
        (lambda: Backpropagation(**{**NETWORK, "b1": [0.5]}), ShapeError, r"b1 \(1,\), .* but X \(N, M\)"),
        (lambda: Backpropagation(**{**NETWORK, "W2": [1.0, 2.0]}), ShapeError, r"W2 \(2,\), .* are expected"),
        (lambda: JacobianExplorer(MANY.X, 3).set_trait("index", [7, 0, 0, 0]), InputError, "index is"),
        (lambda: GradientDissector(MANY.X, MANY.Y).set_trait("entry", [0, 3]), InputError, "entry is"),
        (lambda: GradientDissector(MANY.X, MANY.Y).set_trait("entry", [0]), InputError, "entry is"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence(make, kind, message):
    with pytest.raises(kind, match=message) as refusal:
        make()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("widget", made().values(), ids=made())
def test_a_plain_page_gets_the_state_and_the_sentence_and_no_module(widget):
    element, state = embedded(widget)
    assert state == json.loads(json.dumps(widget.state()))
    assert element.p.string == widget.said()
    assert element.p.string.endswith(".")
    assert not {"_esm", "_css", "layout"} & state.keys()
    assert source(f"{element['module']}.js").rstrip().endswith("export default { render };")
    assert len(str(element)) < 4_500  # of 30 samples with 5 numbers each, at most


def test_text_from_a_reader_cannot_leave_the_state():
    bad = "</script><script>alert(1)</script>"
    element, state = embedded(DescentPlayer(ONE.X, ONE.Y, features=[bad]))
    assert state["problem"]["features"] == [bad]
    assert len(element.find_all("script")) == 1


def test_a_crowd_is_sent_as_its_gram_matrix_and_a_sample():
    crowd = synthetic(5000, 3, seed=2)
    element, state = embedded(DescentPlayer(crowd.X, crowd.Y))
    problem = state["problem"]
    assert (problem["N"], problem["whole"], len(problem["X"])) == (5000, False, 200)
    A = np.column_stack([np.ones(5000), crowd.X])
    np.testing.assert_allclose(problem["G"], A.T @ A)
    assert len(str(element)) < 12_000


@pytest.mark.parametrize("widget", made().values(), ids=made())
def test_jupyter_gets_an_anywidget_with_one_module_that_imports_nothing(widget):
    data, _ = widget._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    opened = widget.get_state()
    assert (opened["_model_module"], opened["_model_name"]) == ("anywidget", "AnyModel")
    assert (opened["_view_module"], opened["_view_name"]) == ("anywidget", "AnyView")
    assert opened["_esm"] == bundle(widget._module)
    assert opened["_css"] == source("widgets.css")
    assert not re.search(r"^\s*import\b|\bimport\(|https?://(?!www\.w3\.org/)", opened["_esm"], re.MULTILINE)


def test_a_message_of_the_page_moves_the_traits_and_python_answers_with_what_changed():
    sent = []
    player = DescentPlayer(ONE.X, ONE.Y)
    player._send = lambda message, buffers=None: sent.append(message)
    wanted = {"rate": 0.25, "start": [[0.5], [-2.0]], "step": 3}
    player._handle_msg({"content": {"data": {"method": "update", "state": wanted, "buffer_paths": []}}, "buffers": []})
    assert {key: getattr(player, key) for key in wanted} == wanted
    assert player.path.rate == 0.25
    sent.clear()
    player.rate = 0.5
    assert [message["state"] for message in sent if message["method"] == "update"] == [{"rate": 0.5}]
