"""What a fit says of itself: R^2, what is printed, copies; and gaps in the frames that it is given."""

import copy
import io
import itertools
import sys
from fractions import Fraction

import numpy as np
import pytest
from oracles import exact_ridge, exact_solution

from lrcore import accumulate, fit, progress
from lrcore.descent import descend
from lrcore.errors import InputError, RankWarning, ShapeError
from lrcore.losses import loss
from lrcore.model import design


@pytest.mark.parametrize("weighted", [False, True])
def test_r_squared_is_right_where_the_targets_differ_in_their_last_places_alone(weighted):
    for seed in range(60):
        random = np.random.default_rng(seed)
        X, level = random.normal(size=(8, 2)), random.choice([0.1, 1 / 3, 1e9, -7e200, 1e-250])
        y = level * (1 + 10.0 ** -random.uniform(9, 16) * random.normal(size=8))
        y[0] = np.nextafter(level, np.inf)
        weights = random.uniform(0.1, 3, size=8) if weighted else np.ones(8)
        w, v = [Fraction(one) for one in weights], [Fraction(one) for one in y]
        mean = sum(a * b for a, b in zip(w, v, strict=True)) / sum(w)
        design_ = design(X)
        theta = exact_solution(design_, y, weights=weights)  # rounded, which the squares below do not see
        left = [sum(Fraction(a) * Fraction(t) for a, t in zip(row, theta[:, 0], strict=True)) for row in design_]
        shift = sum(a * (b - c) for a, b, c in zip(w, v, left, strict=True)) / sum(w)
        squares = sum(a * (b - c - shift) ** 2 for a, b, c in zip(w, v, left, strict=True))
        wanted = float(1 - squares / sum(a * (b - mean) ** 2 for a, b in zip(w, v, strict=True)))
        found = fit(X, y, weights=weights if weighted else None)
        assert found.r_squared == pytest.approx(wanted, abs=1e-14), seed


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_gap_in_a_frame_of_several_kinds_of_numbers_is_named(library):
    frames = pytest.importorskip(library)
    table = {"rooms": [1, None, 3, 5], "age": [0.5, 1.0, 2.0, 7.0], "garden": [True, False, True, True]}
    X = frames.table(table) if library == "pyarrow" else frames.DataFrame(table)
    given = [X, X.convert_dtypes(), X.astype(object)] if library == "pandas" else [X]
    for one in given:
        with pytest.raises(InputError, match=r"^X is nan at index \[1, 0\]; remove or fill such entries first\.$"):
            fit(one, np.ones(4))


def test_a_gap_in_a_series_of_pandas_is_named():
    pandas = pytest.importorskip("pandas")
    for y in (pandas.Series([1, None, 3], dtype="Int64"), pandas.Series([1, None, 3], dtype=object)):
        with pytest.raises(InputError, match=r"^Y is nan at index \[1\]; remove or fill such entries first\.$"):
            fit(np.arange(3.0)[:, None], y)


def test_targets_whose_labels_stand_in_another_order_than_those_of_the_inputs_are_refused():
    pandas = pytest.importorskip("pandas")
    X, y = pandas.DataFrame({"a": [1.0, 2, 4, 8], "b": [0.0, 1, 0, 3]}), pandas.Series([1.0, 2, 3, 5])
    turned = y.sort_values(ascending=False)
    for call in (fit, lambda X, y: loss(X, y, [1.0, 1.0]), descend, accumulate.of_rows):
        with pytest.raises(
            InputError, match=r"^the rows of X and Y have the same labels in another order; write Y\.loc\["
        ):
            call(X, turned)
    wanted = fit(X.to_numpy(), y.to_numpy()).W
    for same in (turned.loc[X.index], y.to_numpy(), y.set_axis([9, 8, 7, 6]), list(y)):
        np.testing.assert_allclose(fit(X, same).W, wanted, rtol=1e-15)


def test_a_fit_shows_its_weights_without_names_too_and_of_many_the_first():
    X = np.random.default_rng(0).normal(size=(60, 30))
    found = fit(X, X[:, 0] + 2)
    first, bias, *weights, last = repr(found).splitlines()
    assert first.startswith("Solved by") and bias == f"  bias  {found.b:>12.6g}" and last == "  and 10 more weights"
    assert weights == [f"  {f'W[{k}]':<5} {found.W[k]:>12.6g}" for k in range(20)]
    many = repr(fit(X[:, :1], X[:, :9]))
    assert many.splitlines()[-1].startswith("  W[0] ") and many.endswith(" ...") and len(many.splitlines()) == 3


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_fit_a_path_and_an_accumulator_can_be_copied(duplicate):
    X, y = np.random.default_rng(0).normal(size=(9, 2)), np.arange(9.0)
    found, other = fit(X, y), duplicate(fit(X, y))
    assert other is not found and repr(other) == repr(found) and (other.predict(X) == found.predict(X)).all()
    path = duplicate(descend(X, y, batch=2, momentum=0.5, steps=5, progress=False))
    gone_on = descend(X, y, batch=2, momentum=0.5, steps=4, start=path, progress=False)
    whole = descend(X, y, batch=2, momentum=0.5, steps=9, progress=False)
    assert np.array_equal(gone_on.W, whole.W[5:])
    assert (duplicate(accumulate.of_rows(X, y)).fit().W == accumulate.of_rows(X, y).fit().W).all()


@pytest.mark.parametrize("ridge", [0.0, 0.1])
@pytest.mark.parametrize("intercept", [True, False])
def test_predictions_far_from_zero_have_the_digits_of_the_weights(intercept, ridge):
    for seed in range(50):
        random = np.random.default_rng(seed)
        X = random.choice([0, 1.7e9, -3e12]) + random.normal(size=(9, 2)) * 10.0 ** random.uniform(-2, 3, size=2)
        y, new = random.choice([0, 1e6]) + random.normal(size=9), X[:4] + random.normal(size=(4, 2))
        weights = random.uniform(0.1, 3, size=9) if seed % 2 else None
        found, theta = (
            fit(X, y, weights=weights, ridge=ridge, intercept=intercept),
            exact_ridge(X, y, ridge, intercept, weights),
        )
        exact = [sum(Fraction(a) * t for a, t in zip([1.0] * intercept + list(row), theta, strict=True)) for row in new]
        wanted = np.array([float(one) for one in exact])
        size = np.abs(wanted) + np.abs(new - found.centre) @ np.abs(found.W)
        assert (np.abs(found.predict(new) - wanted) <= 4 * 2.0**-53 * size).all(), seed
        many = fit(X, np.c_[y, -y], weights=weights, ridge=ridge, intercept=intercept).predict(new)
        np.testing.assert_allclose(many, np.c_[wanted, -wanted], rtol=0, atol=4 * 2.0**-53 * size.max())


def test_predictions_of_seconds_since_1970_keep_what_the_seconds_differ_in():
    seconds = 1.7e9 + np.arange(50.0)[:, None]
    for found in (fit(seconds, np.arange(50.0) / 8), accumulate.of_arrays(seconds, np.arange(50.0) / 8, rows=20).fit()):
        np.testing.assert_allclose(found.predict(seconds + 0.5), (np.arange(50.0) + 0.5) / 8, atol=1e-14)
    with pytest.warns(RankWarning):
        twice = fit(np.c_[seconds, seconds], np.arange(50.0) / 8)
    np.testing.assert_allclose(twice.predict(np.c_[seconds, seconds]), np.arange(50.0) / 8, atol=1e-13)


def test_a_prediction_of_inputs_with_another_number_of_columns_is_refused():
    found = fit(np.arange(8.0).reshape(4, 2) ** 2, np.arange(4.0))
    with pytest.raises(ShapeError, match=r"^X has shape \(4, 3\) and W has shape \(2,\): the columns of X meet"):
        found.predict(np.ones((4, 3)))
    with pytest.raises(InputError, match=r"^the result of predict overflows"):
        fit([[1.0], [2.0]], [1e300, 2e300]).predict([[1e200]])


class Bar:
    """What tqdm would have drawn."""

    def __init__(self, drawn):
        self.drawn, self.open, self.n, self.total = drawn, True, 0, 1

    def set_description_str(self, does, refresh):
        self.does = does

    def refresh(self):
        self.drawn.append((self.does, self.n, self.total))

    def close(self):
        self.open = False


@pytest.fixture
def bars(monkeypatch):
    """The bars of fits that take as many seconds a look at the clock as one says, on a terminal."""
    made, drawn, ticks = [], [], itertools.count()
    monkeypatch.setattr(progress, "_seen", lambda: True)
    monkeypatch.setattr(progress, "_drawn", lambda: made.append(Bar(drawn)) or made[-1])

    def each_look_takes(seconds):
        monkeypatch.setattr(progress, "_clock", lambda: seconds * next(ticks))
        return made, drawn

    return each_look_takes


def long_problem():
    random = np.random.default_rng(0)
    X = random.normal(size=(30_000, 4))
    X[:, 1] = X[:, 0] + 1e-9 * X[:, 1]
    return X, X.sum(axis=1) + random.normal(size=30_000)


def test_a_fit_of_more_than_a_second_shows_a_bar_over_each_pass_and_takes_it_away(bars):
    made, drawn = bars(0.4)
    fit(*long_problem())
    assert len(made) == 1 and not made[0].open
    assert {does for does, _, _ in drawn} >= {"fit, correction"}
    assert all(0 <= n <= total for _, n, total in drawn)
    assert any(0 < n < total for _, n, total in drawn) and any(n == total for _, n, total in drawn)


def test_a_quick_fit_shows_none_and_a_step_of_much_work_does_so_at_once(bars, monkeypatch):
    made, drawn = bars(0.0)
    fit(*long_problem())
    assert not made
    monkeypatch.setattr(progress, "_SECOND", 1e3)
    fit(*long_problem())
    assert len(made) == 1 and drawn[0][0] == "fit, QR"


def test_no_bar_where_nobody_looks_or_none_is_wanted_or_tqdm_is_missing(bars, monkeypatch):
    made, _ = bars(0.4)
    fit(*long_problem(), progress=False)
    with monkeypatch.context() as quiet:
        quiet.setattr(progress, "_seen", lambda: False)
        fit(*long_problem())
    with monkeypatch.context() as without:
        without.setattr(progress, "find_spec", lambda name: None)
        fit(*long_problem())
    assert not made
    with pytest.raises(InputError, match="progress is 1, but True or False"):
        fit(*long_problem(), progress=1)


def test_a_bar_is_taken_away_from_a_fit_that_fails(bars):
    made, _ = bars(0.4)
    X, y = long_problem()
    with pytest.raises(InputError):
        fit(np.c_[X, X[:, 0]], y, method="qr")
    assert made and not made[0].open


def test_somebody_looks_at_a_terminal_and_at_a_notebook_but_not_at_a_file(monkeypatch):
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not progress._seen()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert progress._seen()
    monkeypatch.setattr(sys, "stderr", None)
    assert not progress._seen()
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    assert progress._seen()
