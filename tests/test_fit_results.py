"""What a fit says of itself: R^2, what is printed, copies; and gaps in the frames that it is given."""

import copy
from fractions import Fraction

import numpy as np
import pytest
from oracles import exact_solution

from lrcore import accumulate, fit
from lrcore.descent import descend
from lrcore.errors import InputError
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
