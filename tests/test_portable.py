"""The readable functions on the arrays of other libraries, where those are installed: the numbers are numpy's."""

import numpy as np
import pytest
from oracles import CONVENTION_NAMES, close

from lrcore import gradient, loss, portable
from lrcore.errors import InputError, ShapeError
from lrcore.model import predict


def arrays(library):
    if library == "numpy":
        return np.asarray
    if library == "torch":
        pytest.importorskip("array_api_compat")
        return pytest.importorskip("torch").from_numpy
    if library == "jax.numpy":
        pytest.importorskip("jax").config.update("jax_enable_x64", True)
    return pytest.importorskip(library).asarray


@pytest.mark.parametrize("library", ["numpy", "array_api_strict", "torch", "jax.numpy", "dask.array"])
@pytest.mark.parametrize("convention", CONVENTION_NAMES)
@pytest.mark.parametrize("D", [None, 2])
def test_loss_and_gradient_are_numpy_s_on_any_array(library, convention, D):
    random, tail, make = np.random.default_rng(0), () if D is None else (D,), arrays(library)
    given = [random.normal(size=shape) for shape in ((6, 3), (6, *tail), (3, *tail), (D or 1,))]
    given[3] = given[3] if D else given[3][0]
    theirs = [make(A) if np.ndim(A) else float(A) for A in given]
    assert close(np.asarray(portable.predict(theirs[0], *theirs[2:])), predict(given[0], *given[2:]), 10)
    got = portable.loss(*theirs, convention=convention)
    assert float(got) == pytest.approx(loss(*given, convention=convention), rel=1e-14)
    for mine, wanted in zip(
        portable.gradient(*theirs, convention=convention), gradient(*given, convention=convention), strict=True
    ):
        assert close(np.asarray(mine), wanted, 10)


def test_what_is_no_array_is_said_in_one_sentence():
    class Nothing:
        shape = (3,)

    with pytest.raises(InputError, match=r"^X is a Nothing, which names no array namespace; install array-api-compat"):
        portable.namespace(Nothing())


@pytest.mark.parametrize("library", ["numpy", "array_api_strict", "torch", "jax.numpy", "dask.array"])
@pytest.mark.parametrize("function", [portable.loss, portable.gradient])
@pytest.mark.parametrize(
    "shapes",
    [
        ((6, 3), (6, 1), (3,), ()),
        ((6, 3), (6,), (3, 1), (1,)),
        ((6, 3), (6,), (3,), (6,)),
        ((6, 3), (6, 2), (3, 2), (6, 2)),
        ((6, 3), (6, 1), (3, 2), (2,)),
        ((6, 3), (1,), (3,), ()),
    ],
)
def test_shapes_that_an_array_library_would_broadcast_are_refused(library, function, shapes):
    make = arrays(library)
    given = [make(np.ones(shape)) if shape else 0.5 for shape in shapes]
    with pytest.raises(ShapeError, match=r"^the shapes are X \(6, 3\), Y .*; reshape one of them\.$"):
        function(*given)


@pytest.mark.parametrize("library", ["numpy", "array_api_strict", "torch", "jax.numpy", "dask.array"])
@pytest.mark.parametrize(
    "shapes",
    [
        ((6, 3), (3,), (6,)),
        ((6, 3), (3, 1), (6,)),
        ((6, 3), (3, 2), (6, 1)),
        ((6, 3), (3, 2), (6, 2)),
        ((6, 3), (4,), ()),
        ((3,), (3,), ()),
        ((2, 6, 3), (3,), ()),
    ],
)
def test_a_prediction_is_refused_where_an_array_library_would_broadcast_the_bias(library, shapes):
    make = arrays(library)
    X, W, b = (make(np.ones(shape)) if shape else 0.5 for shape in shapes)
    with pytest.raises(ShapeError, match=r"^the shapes are X \(.*\), W .*; reshape one of them\.$"):
        portable.predict(X, W, b)


def test_a_list_is_no_array_of_any_library():
    with pytest.raises(InputError, match=r"^b is \[1\.0, 2\.0\], but an array is expected; make it one of your"):
        portable.loss(np.ones((2, 3)), np.ones(2), np.ones(3), [1.0, 2.0])


def test_a_dask_array_of_unknown_length_is_taken_as_it_comes():
    da = pytest.importorskip("dask.array")
    X, y = np.arange(12.0).reshape(6, 2), np.arange(6.0)
    some = da.from_array(X[:, 0], chunks=2) > 1
    got = portable.gradient(
        da.from_array(X, chunks=2)[some], da.from_array(y, chunks=2)[some], np.ones(2), convention="sum"
    )
    assert close(np.asarray(got[0]), gradient(X[1:], y[1:], np.ones(2), convention="sum")[0], 10)
