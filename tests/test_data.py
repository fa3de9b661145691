"""The data: synthetic sets whose truth is known, King County's house sales as they are described, and standardising."""

import hashlib
import re
from fractions import Fraction
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import whole
from sklearn.preprocessing import StandardScaler

from lrcore.data import HOUSING_FEATURES, Dataset, housing, standardise, synthetic, torch_reference
from lrcore.errors import InputError
from lrcore.model import design, predict


@pytest.mark.parametrize(("N", "M", "D"), [(5, 3, 2), (3, 5, 2), (4, 2, None), (1, 1, 1), (1, 1, None)])
def test_synthetic_data_have_the_sizes_and_names_that_were_asked_for(N, M, D):
    data = synthetic(N, M, D)
    tail = () if D is None else (D,)
    assert data.X.shape == (N, M) and data.Y.shape == (N, *tail)
    assert data.W.shape == (M, *tail) and np.shape(data.b) == tail
    assert len(data.features) == M and len(data.outputs) == (D or 1)
    assert data.features[-1] == f"x{M}" and data.outputs[-1] == (f"y{D}" if D else "y")


@pytest.mark.parametrize("D", [None, 3])
def test_without_noise_the_truth_fits_exactly(D):
    data = synthetic(6, 4, D, noise=0.0, seed=2)
    assert np.array_equal(data.Y, predict(data.X, data.W, data.b))


@pytest.mark.parametrize("noise", [0.1, 2.0])
def test_the_noise_has_the_standard_deviation_that_was_asked_for(noise):
    data = synthetic(20000, 2, 2, noise=noise)
    assert (data.Y - predict(data.X, data.W, data.b)).std() == pytest.approx(noise, rel=0.02)
    plain, loud = synthetic(9, 2, seed=5, noise=0.0), synthetic(9, 2, seed=5, noise=noise)
    assert np.array_equal(plain.X, loud.X) and not np.array_equal(plain.Y, loud.Y)


def test_the_seed_decides_the_data():
    assert np.array_equal(synthetic(5, 3, seed=4).Y, synthetic(5, 3, seed=4).Y)
    assert not np.array_equal(synthetic(5, 3, seed=4).Y, synthetic(5, 3, seed=5).Y)


def test_the_data_of_the_book_do_not_change():
    data = synthetic(3, 2)
    assert data.X[0].round(6).tolist() == [0.12573, -0.132105]
    assert data.W.tolist() == [round(w, 1) for w in data.W.tolist()]


@pytest.mark.parametrize("condition", [1, 7.5, 1e3, 1e9])
@pytest.mark.parametrize(("N", "M"), [(3, 2), (50, 4)])
def test_the_condition_number_is_the_one_that_was_asked_for(condition, N, M):
    X = synthetic(N, M, condition=condition, seed=1).X
    assert np.linalg.cond(X) == pytest.approx(condition, rel=1e-5)
    assert np.abs(X.mean(axis=0)).max() < 1e-14 * np.sqrt(N) and np.linalg.norm(X, 2) == pytest.approx(np.sqrt(N))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"N": 0}, r"^N is 0, but a whole number of at least 1 is expected\.$"),
        ({"M": 2.0}, r"^M is 2\.0, but a whole number of at least 1 is expected\.$"),
        ({"D": 0}, r"^D is 0, but a whole number of at least 1 is expected\.$"),
        ({"noise": -1}, r"^noise is -1, but a number zero or more is expected\.$"),
        ({"seed": "a"}, r"^seed is 'a', but a whole number of at least 0 is expected\.$"),
        (
            {"condition": 0.5},
            r"^condition is 0\.5 for N = 4 samples of M = 3 features, but it is 1 or more, and only N > M",
        ),
        (
            {"condition": 10, "M": 1},
            r"^condition is 10 for N = 4 samples of M = 1 features, but it is 1 or more, and only",
        ),
        (
            {"condition": 10, "M": 4},
            r"^condition is 10 for N = 4 samples of M = 4 features, but it is 1 or more, and only",
        ),
        ({"condition": np.inf}, r"^condition is inf, but a number greater than zero is expected\.$"),
    ],
)
def test_sizes_that_cannot_be_are_refused(arguments, sentence):
    with pytest.raises(InputError, match=sentence):
        synthetic(**{"N": 4, "M": 3, **arguments})


def test_a_dataset_prints_its_shapes_and_names():
    assert repr(synthetic(5, 2)) == "Dataset(X (5, 2): x1, x2; Y (5,): y)"


def test_the_housing_data_are_the_21613_sales_that_they_say_they_are():
    data = housing(outputs=("price", "grade"))
    assert isinstance(data, Dataset) and data.W is None and data.b is None
    assert data.X.shape == (21613, 5) and data.Y.shape == (21613, 2)
    assert data.features == HOUSING_FEATURES == ("sqft_living", "bedrooms", "bathrooms", "floors", "yr_built")
    assert data.X[0].tolist() == [1180, 3, 1, 1, 1955] and data.Y[0].tolist() == [221900, 7]
    assert np.isfinite(data.X).all() and np.isfinite(data.Y).all()


def test_one_output_is_a_one_dimensional_y():
    assert housing().Y.shape == (21613,) and housing().outputs == ("price",)
    assert np.array_equal(housing().Y, housing(outputs=("price", "grade")).Y[:, 0])


def test_row_15870_has_33_bedrooms_in_1620_square_feet():
    data = housing()
    bedrooms = data.X[:, data.features.index("bedrooms")]
    assert bedrooms.argmax() == 15870 and bedrooms[15870] == 33 and np.sort(bedrooms)[-2] == 11
    assert data.X[15870, data.features.index("sqft_living")] == 1620


def test_the_columns_have_the_ranges_that_the_readme_states():
    stated = re.findall(r"^\| `(\w+)` \|.*\| ([\d.]+) \| ([\d.]+) \|$", readme(), flags=re.MULTILINE)
    assert len(stated) == 7
    for name, low, high in stated:
        column = housing(features=(name,)).X[:, 0]
        assert (column.min(), column.max()) == (float(low), float(high)), name


def readme():
    return (files("lrcore") / "datasets" / "README.md").read_text(encoding="utf-8")


def test_the_housing_file_has_the_hash_that_stands_beside_it():
    stated = re.search(r"^([0-9a-f]{64})  king_county\.csv\.gz$", readme(), flags=re.MULTILINE)[1]
    found = hashlib.sha256((files("lrcore") / "datasets" / "king_county.csv.gz").read_bytes()).hexdigest()
    assert found == stated == "352f6bbe6bb9eea4dc0eed5ef92c91686a11885edd1e869ad93e20253212b002"


def test_the_housing_data_are_ill_conditioned_until_they_are_standardised():
    X = housing().X
    raw, standard = design(X), design(standardise(X)[0])
    assert np.linalg.cond(raw.T @ raw) == pytest.approx(5.687e10, rel=2e-4)
    assert np.linalg.cond(standard.T @ standard) == pytest.approx(13.276, abs=6e-4)


def test_every_call_gives_arrays_of_its_own():
    housing().X[:] = 0
    assert housing().X[0, 0] == 1180


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"features": ("lat",)},
            r"^'lat' is not a column of the housing data; it has price, grade, sqft_living, bedrooms, ",
        ),
        ({"outputs": ("Price",)}, r"^'Price' is not a column of the housing data; it has .*yr_built\.$"),
        ({"outputs": "price"}, r"^outputs is 'price', but a tuple of one name or more is expected\.$"),
        ({"features": ()}, r"^features is \(\), but a tuple of one name or more is expected\.$"),
        ({"outputs": None}, r"^outputs is None, but a tuple of one name or more is expected\.$"),
    ],
)
def test_a_column_that_is_not_there_is_refused(arguments, sentence):
    with pytest.raises(InputError, match=sentence):
        housing(**arguments)


@given(st.integers(2, 6), st.integers(1, 4), st.data())
def test_standardise_is_scikit_learn_s_scaler(N, M, data):
    X = data.draw(whole((N, M))) + np.arange(N)[:, None] * 20.0
    Z, mean, std = standardise(X)
    theirs = StandardScaler().fit(X)
    np.testing.assert_allclose(Z, theirs.transform(X), atol=1e-12)
    np.testing.assert_allclose(mean, theirs.mean_, rtol=1e-14)
    np.testing.assert_allclose(std, theirs.scale_, rtol=1e-14)
    np.testing.assert_allclose(Z * std + mean, X, atol=1e-12)
    np.testing.assert_allclose([Z.mean(axis=0), (Z**2).mean(axis=0)], [[0] * M, [1] * M], atol=1e-12)


@given(st.floats(-1e3, 1e3), st.floats(0.1, 1e3))
def test_shift_and_scale_do_not_change_what_is_standardised(shift, scale):
    X = np.array([[1.0, -2.0], [3.0, 5.0], [4.0, 0.0]])
    np.testing.assert_allclose(standardise(scale * X + shift)[0], standardise(X)[0], atol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e-300, 7.0, 1e300])
def test_a_constant_column_cannot_be_scaled_and_is_named(value):
    X = np.column_stack([np.arange(3.0), np.full(3, value)])
    with pytest.raises(
        InputError,
        match=rf"^column 1 of X is constant \({re.escape(f'{value:g}')} everywhere\) and cannot be scaled; leave it",
    ):
        standardise(X.astype(float))


def test_a_single_sample_has_only_constant_columns():
    with pytest.raises(InputError, match=r"^column 0 of X is constant"):
        standardise([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        (1e-200, r"^column 1 of X is too small to be squared; measure it in smaller units\.$"),
        (1e200, r"^the standard deviation of X overflows: .*; measure X, Y or W in larger units\.$"),
    ],
)
def test_a_column_whose_squares_leave_the_range_of_floats_is_refused(unit, sentence):
    with pytest.raises(InputError, match=sentence):
        standardise(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 4.0]]) * [1, unit])


def test_torch_s_numbers_say_what_made_them():
    stored = torch_reference()
    assert (
        set(stored["versions"]) == {"python", "torch", "numpy"} and stored["made_by"] == "benchmarks/torch_backward.py"
    )
    assert all(isinstance(note, str) for note in stored["notes"])
    assert stored["inputs"]["X"].dtype == float and stored["inputs"]["X"].shape == (
        stored["shapes"]["N"],
        stored["shapes"]["M"],
    )
    assert np.array_equal(stored["inputs"]["X"] * 16, np.round(stored["inputs"]["X"] * 16))


def test_a_column_that_is_constant_but_for_one_unit_in_the_last_place_has_mean_zero_and_deviation_one():
    for value in (1.0, 0.1, 1e8 + 0.1, 3e-5):
        for N in (4, 7, 1000):
            X = np.full((N, 2), value)
            X[N // 2, 0] = np.nextafter(value, np.inf)
            X[:, 1] = np.arange(N)
            Z, mean, std = standardise(X)
            exact = [Fraction(one) for one in X[:, 0].tolist()]
            spread = sum((one - sum(exact) / N) ** 2 for one in exact) / N
            assert np.abs(Z.mean(axis=0)).max() < 1e-12 and np.abs((Z**2).mean(axis=0) - 1).max() < 1e-12
            assert std[0] == pytest.approx(float(spread) ** 0.5, rel=1e-12) and mean[0] == pytest.approx(value)
