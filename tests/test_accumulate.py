"""Rows taken in by blocks: split, order and merging do not matter, and memory stays what one block needs."""

import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import exact_solution

from lrcore import accumulate, fit
from lrcore.closed_form import spectrum
from lrcore.errors import InputError, RankWarning, ShapeError
from lrcore.model import design


def problem(seed, N=40, M=3, D=2, condition=1.0):
    random = np.random.default_rng(seed)
    X = random.normal(size=(N, M))
    X[:, -1] = X[:, 0] + X[:, -1] / condition
    return X + 10 * random.normal(size=M), random.normal(size=(N, D))


def cut(X, Y, at):
    edges = [0, *sorted(set(at) - {0, len(X)}), len(X)]
    return [(X[a:b], Y[a:b]) for a, b in pairwise(edges)]


def same(found, wanted, factor=1.0):
    for name in ("W", "b", "residual_norms", "r_squared", "W_se", "b_se"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(wanted, name), rtol=1e-11 * factor, atol=1e-12 * factor
        )
    assert found.rank == wanted.rank and found.condition == pytest.approx(wanted.condition, rel=1e-6)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 39), max_size=6), st.randoms(use_true_random=False))
def test_neither_the_split_nor_the_order_nor_the_tree_of_merges_matters(seed, at, random):
    X, Y = problem(seed)
    parts = [accumulate.of_rows(*block) for block in cut(X, Y, at)]
    random.shuffle(parts)
    while len(parts) > 1:
        k = random.randrange(len(parts) - 1)
        parts[k : k + 2] = [parts[k].merge(parts[k + 1])]
    assert parts[0].samples == 40
    same(parts[0].fit(), fit(X, Y))


@pytest.mark.parametrize("options", [{}, {"intercept": False}, {"ridge": 2.0}, {"ridge": 0.5, "intercept": False}])
@pytest.mark.parametrize("single", [True, False])
def test_the_fit_of_the_parts_is_the_fit_of_all(options, single):
    X, Y = problem(1)
    Y = Y[:, 0] if single else Y
    found, wanted = accumulate.of_arrays(X, Y, rows=7).fit(**options), fit(X, Y, **options)
    same(found, wanted)
    assert found.W.shape == wanted.W.shape and np.shape(found.b) == np.shape(wanted.b)


@pytest.mark.parametrize("condition", [1e2, 1e5, 1e8, 1e11])
def test_a_triangle_loses_the_condition_number_once_and_its_error_says_so(condition):
    X, Y = problem(3, condition=condition)
    found, wanted = accumulate.of_arrays(X, Y, rows=11).fit(), fit(X, Y)
    off = np.abs(found.W - wanted.W)
    assert (off <= found.W_error).all() and (np.abs(found.b - wanted.b) <= found.b_error).all()
    assert off.max() < 1e-14 * condition * np.abs(wanted.W).max()


def test_summing_normal_equations_would_lose_it_twice():
    X, Y = problem(3, condition=1e7)
    A = design(X)
    gram = sum(a.T @ a for a, _ in cut(A, Y, [11, 22, 33]))
    squared = np.linalg.solve(gram, A.T @ Y)[1:]
    triangle = accumulate.of_arrays(X, Y, rows=11).fit().W
    exact = fit(X, Y).W
    assert np.abs(squared - exact).max() > 100 * np.abs(triangle - exact).max()


def test_rows_far_from_zero_keep_their_digits():
    X, Y = problem(4)
    found = accumulate.of_arrays(X + 1e9, Y, rows=9).fit()
    np.testing.assert_allclose(found.W, fit(X + 1e9, Y).W, rtol=1e-12)


def test_one_row_at_a_time_is_enough_and_too_few_are_said():
    X, Y = problem(5, N=9)
    one_by_one = accumulate.of_arrays(X, Y, rows=1)
    same(one_by_one.fit(), fit(X, Y))
    with pytest.warns(RankWarning):
        short = accumulate.of_arrays(X[:2], Y[:2], rows=1).fit()
    with pytest.warns(RankWarning):
        np.testing.assert_allclose(short.W, fit(X[:2], Y[:2]).W, atol=1e-12)


def test_parts_of_different_problems_are_not_merged():
    X, Y = problem(6)
    with pytest.raises(
        ShapeError, match=r"^one part has 3 features and 2 outputs .* and another 3 features and one outp"
    ):
        accumulate.of_rows(X, Y).merge(accumulate.of_rows(X, Y[:, 0]))
    with pytest.raises(InputError, match=r"^there are no blocks of rows to take in; give at least one pair"):
        accumulate.of_blocks([])
    with pytest.raises(ShapeError, match=r"^X has 40 rows and Y has 39, but one target a sample"):
        accumulate.of_arrays(X, Y[1:])


def test_the_spectrum_of_the_triangle_is_that_of_the_data():
    X, Y = problem(7)
    found = accumulate.of_arrays(X, Y, rows=6).fit()
    assert found.condition == pytest.approx(spectrum(design(X))[1][0] / spectrum(design(X))[1][-1], rel=1e-10)


LIMITED = """
import resource, sys
import numpy as np
import pandas
from lrcore import accumulate
path, N, M, cap = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
data = np.memmap(path, dtype=np.float64, mode="r", shape=(N, M + 1)) if sys.argv[5] == "map" else None
accumulate.of_arrays(np.eye(9), np.ones(9)).fit(intercept=False)  # the libraries take their own memory first
held = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (held + cap, held + cap))
if data is None:
    data = np.fromfile(path).reshape(N, M + 1)
found = accumulate.of_arrays(data[:, :M], data[:, M]).fit()
print(*found.W)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the cap on memory is Linux's")
def test_a_file_four_times_larger_than_the_memory_of_the_process_is_fitted(tmp_path):
    N, M, cap = 800_000, 9, 16_000_000
    path = tmp_path / "rows.bin"
    with path.open("wb") as file:
        for k in range(0, N, 100_000):
            random = np.random.default_rng(k)
            X = random.normal(size=(100_000, M))
            np.column_stack([X, X @ np.arange(1.0, M + 1) + 0.1 * random.normal(size=100_000)]).tofile(file)
    assert path.stat().st_size >= 4 * cap

    def run(how):
        call = [sys.executable, "-c", LIMITED, str(path), str(N), str(M), str(cap), how]
        return subprocess.run(
            call, capture_output=True, text=True, check=False, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        )

    done = run("map")
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(np.array(done.stdout.split(), dtype=float), np.arange(1.0, M + 1), atol=0.01)
    assert "MemoryError" in run("read").stderr  # the cap is real: reading the file at once does not fit


def test_a_parquet_file_is_taken_in_by_batches(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet is read with pyarrow, which is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    X, Y = problem(8)
    table = pyarrow.table({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "y": Y[:, 0]})
    parquet.write_table(table, tmp_path / "rows.parquet")
    same(accumulate.of_parquet(tmp_path / "rows.parquet", "y", rows=7).fit(), fit(X, Y[:, 0]))
    with pytest.raises(InputError, match=r"^the file has no column 'z'; it has a, b, c, y\.$"):
        accumulate.of_parquet(tmp_path / "rows.parquet", "z")


def test_dependent_columns_have_the_shortest_solution_as_fit_finds_it_and_a_warning_each_time():
    random = np.random.default_rng(0)
    one_hot = np.eye(3)[random.integers(0, 3, 1000)]
    constant = np.c_[np.arange(10.0), np.full(10, 0.1)]
    for X in (one_hot, constant, one_hot * 3):
        y = X @ np.arange(1.0, X.shape[1] + 1) + random.normal(size=len(X))
        with pytest.warns(RankWarning, match="columns of X are dependent") as caught:
            found = accumulate.of_rows(X[:7], y[:7]).add(X[7:], y[7:]).fit()
        assert [warning.filename for warning in caught] == [__file__]
        with pytest.warns(RankWarning):
            wanted = fit(X, y)
        assert found.rank == wanted.rank and found.method == "svd"
        np.testing.assert_allclose(found.W, wanted.W, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(found.predict(X), wanted.predict(X), rtol=1e-10)
        assert found.residual_norms == pytest.approx(wanted.residual_norms, rel=1e-10)
        assert found.r_squared == pytest.approx(wanted.r_squared, rel=1e-10)


def test_few_samples_are_named_as_the_reason():
    with pytest.warns(RankWarning, match="1 samples cannot fix 3 unknowns"):
        assert accumulate.of_rows([[1.0, 2.0]], [1.0]).fit().residual_norms == 0


def test_the_error_of_the_bias_is_one_of_the_data_and_not_of_a_bias_that_happens_to_be_small():
    random = np.random.default_rng(1)
    for _ in range(200):
        X, Y = np.round(random.normal(size=(5, 2)), 1), np.round(random.normal(size=(5, 1)), 1)
        found = accumulate.of_rows(X, Y).fit()
        wanted = exact_solution(design(X), Y)[0]
        assert abs(found.b[0] - float(wanted[0])) <= found.b_error[0]


def test_huge_and_tiny_units_have_errors_and_what_is_beyond_them_a_sentence():
    Z, y = np.array([[1.0, 2], [2, 1], [3, 5], [4, 3]]), np.array([1.0, 2, 3, 5])
    for x_unit, y_unit in ((1e150, 1.0), (1e-170, 1e-170), (1.0, 1e150)):
        found = accumulate.of_rows(Z * x_unit, y * y_unit).fit()
        assert np.isfinite(found.W_error).all() and np.isfinite(found.b_error)
    with pytest.raises(InputError, match=r"^the sum of the squares of X or Y overflows"):
        accumulate.of_rows([[1e308], [1e308], [-1e308], [1.0]], y)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: accumulate.of_arrays(5, [1.0]), r"^X is 5, but an array whose rows can be sliced is expected\.$"),
        (lambda: accumulate.of_arrays(np.ones((2, 1)), None), r"^Y is None, but an array whose rows"),
        (lambda: accumulate.of_arrays({"a": [1]}, [1.0]), r"^X is \{'a': \[1\]\}, but an array"),
        (lambda: accumulate.of_blocks(5), r"^blocks is 5, but an iterator of pairs"),
        (lambda: accumulate.of_blocks((np.ones((3, 1)), np.ones(3))), r"^block 0 \(the first is 0\) is array"),
        (lambda: accumulate.of_rows([[1.0]], [1.0]).merge(None), r"^other is None, but an Accumulator is expected"),
        (lambda: accumulate.of_rows([[1.0], [2.0]], [1.0, 2]).fit(intercept="no"), r"^intercept is 'no', but True or"),
        (lambda: accumulate.of_parquet("nowhere.parquet", "y"), r"^nowhere\.parquet cannot be read as Parquet"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_a_sentence(call, said):
    with pytest.raises(InputError, match=said):
        call()


def test_a_block_that_is_refused_is_named():
    X = np.ones((20, 1))
    X[15] = np.nan
    with pytest.raises(InputError, match=r"^block 1 \(the first is 0\): X is nan at index \[5, 0\]"):
        accumulate.of_arrays(X, np.ones(20), rows=10)


def test_masked_entries_are_refused_by_slices_too():
    X = np.ma.masked_array(np.arange(4.0)[:, None], mask=[[0], [0], [0], [1]])
    with pytest.raises(InputError, match="masked"):
        accumulate.of_arrays(X, np.arange(4.0))


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_names_of_columns_are_kept_and_parts_with_other_columns_refused(library, tmp_path):
    frames = pytest.importorskip(library)
    make = frames.table if library == "pyarrow" else frames.DataFrame
    a, b = np.random.default_rng(0).normal(size=(2, 9))
    X, turned, y = make({"a": a, "b": b}), make({"b": b, "a": a}), 2 * a - b + np.arange(9)
    parts = accumulate.of_rows(X, y).merge(accumulate.of_rows(np.c_[a, b], y))
    found = parts.fit()
    assert found.names == ("a", "b") and np.allclose(found.predict(turned), found.predict(X), rtol=1e-13)
    with pytest.raises(
        InputError, match=r"^one part has the columns a, b and another b, a, but parts of one problem have"
    ):
        parts.merge(accumulate.of_rows(turned, y))
    if library == "pandas":
        X.assign(y=y).to_parquet(tmp_path / "rows.parquet")
        assert accumulate.of_parquet(tmp_path / "rows.parquet", "y", features=["b", "a"]).fit().names == ("b", "a")


def test_the_index_of_a_frame_is_no_feature_of_its_file(tmp_path):
    random = np.random.default_rng(0)
    frame = pandas.DataFrame({"a": random.normal(size=50)})
    frame["y"] = frame.a + random.normal(size=50)
    frame.sort_values("y").to_parquet(tmp_path / "sorted.parquet")
    found = accumulate.of_parquet(tmp_path / "sorted.parquet", "y").fit()
    np.testing.assert_allclose(found.W, fit(frame[["a"]], frame.y).W, rtol=1e-12)
    for wrong in ([], 3, "a"):
        with pytest.raises(InputError, match=r"^features is .* but names of columns are expected"):
            accumulate.of_parquet(tmp_path / "sorted.parquet", "y", features=wrong)
