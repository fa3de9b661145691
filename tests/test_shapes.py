"""Reading arrays: whatever is given, the answer is an array that can be used or one sentence that says what to do."""

import re
import warnings

import numpy as np
import pytest

from lrcore import check, closed_form, data, descent, losses, model, plots, shapes
from lrcore import gradients as g
from lrcore.errors import InputError, ShapeError

X, Y, W, B = np.arange(12.0).reshape(4, 3) ** 1.3, np.ones((4, 2)), np.ones((3, 2)), np.ones(2)
Y1, W1 = Y[:, 0], W[:, 0]
XL, PLANE = X[:, :1], np.eye(3, 2)


class Foreign:
    """An array of another library, which refuses to give its numbers to numpy."""

    def __init__(self, error):
        self.error = error

    def __array__(self, dtype=None, copy=None):
        raise self.error


class Table:
    """A data frame, as far as numpy sees it: something whose numbers ``__array__`` returns."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


# every public function, with the places of its array arguments
CALLS = {
    "predict": (model.predict, (X, W, B)),
    "design": (model.design, (X,)),
    "stack": (model.stack, (W, B)),
    "unstack": (model.unstack, (W,)),
    "residual": (losses.residual, (X, Y, W, B)),
    "loss": (losses.loss, (X, Y, W, B)),
    "one_sample": (g.one_sample, (X[0], Y[0], W, B)),
    "loop": (g.loop, (X, Y1, W1, 1.0)),
    "summed": (g.summed, (X, Y1, W1, 1.0)),
    "by_index": (g.by_index, (X, Y, W, B)),
    "gradient": (g.gradient, (X, Y, W, B)),
    "jacobian": (g.jacobian, (X,)),
    "jacobian_tensor": (lambda X: g.jacobian_tensor(X, 2), (X,)),
    "jacobian_columns": (lambda X: g.jacobian_columns(X, 2), (X,)),
    "jacobian_rows": (lambda X: g.jacobian_rows(X, 2), (X,)),
    "vec": (g.vec, (X,)),
    "layer_backward": (g.layer_backward, (Y, X, W)),
    "hessian": (g.hessian, (X,)),
    "cholesky": (closed_form.cholesky, (X, Y)),
    "qr": (closed_form.qr, (X, Y)),
    "svd": (closed_form.svd, (X, Y)),
    "fit": (closed_form.fit, (X, Y)),
    "rates": (descent.rates, (X,)),
    "descend": (lambda X, Y: descent.descend(X, Y, steps=1), (X, Y)),
    "descend from": (lambda W, b: descent.descend(X, Y, start=(W, b), steps=1), (W, B)),
    "standardise": (data.standardise, (X,)),
    "central_differences": (lambda W: check.central_differences(np.sum, W), (W,)),
    "complex_step": (lambda W: check.complex_step(np.sum, W), (W,)),
    "relative_error": (check.relative_error, (W, W)),
    "check_gradient": (lambda W: check.check_gradient(np.sum, np.ones_like, W), (W,)),
    "check_gradient's gradient": (lambda G: check.check_gradient(np.sum, lambda W: G, W, sizes={"N": 4}), (W,)),
    "line": (lambda X, y, w, b: plots.line(X, y, w, b), (XL, Y1, W1[:1], 1.0)),
    "surface": (plots.surface, (XL, Y1)),
    "contours": (plots.contours, (XL, Y1)),
    "predicted": (plots.predicted, (Y1, Y1)),
    "features": (lambda X, y: plots.features(X, y, ["a", "b", "c"], label="y"), (X, Y1)),
    "matrices": (lambda A: plots.matrices({"A": A}), (X,)),
    "projection": (plots.projection, (PLANE, Y1[:3])),
}

BAD = {
    "nothing": None,
    "an empty list": [],
    "an empty row": [[]],
    "no samples": np.ones((0, 3)),
    "NaN": "nan",
    "infinity": "inf",
    "text": "linear",
    "a list of text": [["1", "2"]],
    "bytes": np.array([b"1"]),
    "complex numbers": np.ones((4, 3)) + 1j,
    "objects": np.array([[1, None]], dtype=object),
    "a ragged list": [[1.0, 2.0], [3.0]],
    "three axes": np.ones((4, 3, 2)),
    "four axes": np.ones((4, 3, 2, 1)),
    "dates": np.array(["2014-05-02"], dtype="datetime64[D]"),
    "durations": np.array([3], dtype="timedelta64[D]"),
    "records": np.array([(1.0, 2)], dtype=[("a", float), ("b", int)]),
    "whole numbers that float64 rounds": np.full((4, 3), 2**53 + 1),
    "whole numbers beyond 64 bits": [[2**70]],
    "masked entries": np.ma.array(np.ones((4, 3)), mask=np.eye(4, 3)),
    "a dictionary": {"a": 1.0},
    "a set": {1.0, 2.0},
    "a generator": (k for k in range(3)),
    "a function": np.sum,
    "an array that raises TypeError": Foreign(TypeError("cannot convert a tensor on another device")),
    "an array that raises RuntimeError": Foreign(RuntimeError("call detach first")),
    "an array that raises ValueError": Foreign(ValueError("no numbers here")),
}


def spoiled(good, bad):
    """The bad value; NaN and infinity are put into an array that is good otherwise."""
    if not isinstance(bad, str) or bad not in ("nan", "inf"):
        return bad
    spoilt = np.array(good, dtype=float)
    spoilt.reshape(-1)[-1] = float(bad)
    return spoilt


def is_one_sentence(message):
    return message.endswith(".") and "\n" not in message and len(message) < 300 and ". " not in message


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", CALLS)
def test_whatever_is_given_the_answer_is_one_sentence(name, bad):
    function, good = CALLS[name]
    for place in range(len(good)):
        values = [spoiled(value, BAD[bad]) if k == place else value for k, value in enumerate(good)]
        result, sentence = answer(function, values)
        assert is_one_sentence(sentence) if sentence else accepts_that(name, bad, result), (place, sentence)
        if sentence and bad in ("NaN", "infinity"):
            assert re.match(r"^\w+ is (nan|inf) at index \[.*\]; remove or fill such entries first\.$", sentence)


def answer(function, values):
    """What the function returns, or the sentence that it raises; any other exception fails the test."""
    try:
        return function(*values), ""
    except InputError as error:
        return None, str(error)


def accepts_that(name, bad, result):
    """What some functions may be given: a check of weights of any shape, and a report instead of an error."""
    any_shape = {"central_differences", "complex_step", "relative_error", "check_gradient"}
    if name == "check_gradient's gradient":
        return not result  # a wrong gradient, and the report says so
    return name in any_shape and bad in ("three axes", "four axes")


@pytest.mark.parametrize("name", CALLS)
def test_the_good_arguments_of_that_table_are_good(name):
    function, good = CALLS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        assert function(*good) is not None


SENTENCES = [
    (
        lambda: shapes.real("X", [[1.0, 2.0], [3.0]]),
        "X is ragged: its rows differ in length; give every row the same number.",
    ),
    (lambda: shapes.real("X", []), "X is empty (shape (0,)); give at least one number."),
    (lambda: shapes.real("X", [1, np.nan]), "X is nan at index [1]; remove or fill such entries first."),
    (lambda: shapes.real("X", [[1, -np.inf]]), "X is -inf at index [0, 1]; remove or fill such entries first."),
    (lambda: shapes.real("X", "a"), "X holds text, but real numbers are expected; convert it to floats first."),
    (lambda: shapes.real("X", b"a"), "X holds bytes, but real numbers are expected; convert it to floats first."),
    (
        lambda: shapes.real("X", 1j),
        "X holds complex numbers, but real numbers are expected; convert it to floats first.",
    ),
    (
        lambda: shapes.real("X", None),
        "X holds Python objects, but real numbers are expected; convert it to floats first.",
    ),
    (
        lambda: shapes.real("X", np.datetime64("2014-05-02")),
        "X holds dates, but real numbers are expected; convert it to floats first.",
    ),
    (
        lambda: shapes.real("X", np.timedelta64(1, "D")),
        "X holds durations, but real numbers are expected; convert it to floats first.",
    ),
    (
        lambda: shapes.real("X", [-(2**53) - 1]),
        "X holds integers beyond 2**53, which float64 rounds; divide them by a common unit first.",
    ),
    (
        lambda: shapes.real("X", np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 1])),
        "X has 2 masked entries; drop those samples or fill the entries first.",
    ),
    (
        lambda: shapes.real("X", Foreign(RuntimeError("call detach first"))),
        "X cannot be read as an array: call detach first; convert it to a numpy array first.",
    ),
    (
        lambda: shapes.inputs([1.0, 2.0]),
        "X has shape (2,), but (N, M) is expected: write X[:, None] for N samples of one feature, "
        "or X[None, :] for one sample.",
    ),
    (
        lambda: shapes.inputs(np.ones((2, 2, 2))),
        "X has shape (2, 2, 2), but (N, M) is expected: one sample a row, one feature a column.",
    ),
    (lambda: shapes.inputs(3.0), "X has shape (), but (N, M) is expected: one sample a row, one feature a column."),
    (
        lambda: shapes.targets(X, 3.0),
        "Y has shape (), but (N,) for one output or (N, D) for D outputs is expected.",
    ),
    (
        lambda: shapes.targets(X, np.ones(5)),
        "X has shape (4, 3) and Y has shape (5,): axis 0 counts the samples and must agree, but 4 is not 5.",
    ),
    (
        lambda: shapes.weights(X, np.ones((3, 1, 1))),
        "W has shape (3, 1, 1), but (M,) for one output or (M, D) for D outputs is expected.",
    ),
    (
        lambda: shapes.weights(X, np.ones((2, 3))),
        "X has shape (4, 3) and W has shape (2, 3): the columns of X meet the rows of W, but 3 is not 2.",
    ),
    (
        lambda: shapes.weights(X, np.ones(3), np.ones(1)),
        "W has shape (3,) and b has shape (1,), but b must be a number.",
    ),
    (
        lambda: shapes.weights(X, W, np.ones((1, 2))),
        "W has shape (3, 2) and b has shape (1, 2), but b must be (2,), one bias an output.",
    ),
    (
        lambda: shapes.problem(X, Y1, W, B),
        "Y has shape (4,) and W has shape (3, 2): a 1-D y goes with a 1-D w, a 2-D Y with a 2-D W "
        "(numpy would make (N,) - (N, 1) an N x N array); reshape one of them.",
    ),
    (
        lambda: shapes.problem(X, Y, W[:, :1], B[:1]),
        "Y has shape (4, 2) and W has shape (3, 1): axis 1 counts the outputs and must agree, but 2 is not 1.",
    ),
    (lambda: shapes.positive("rate", 0), "rate is 0, but a number greater than zero is expected."),
    (lambda: shapes.positive("ridge", -1, zero=True), "ridge is -1, but a number zero or more is expected."),
    (lambda: shapes.count("N", 0), "N is 0, but a whole number of at least 1 is expected."),
    (lambda: shapes.count("steps", -1, least=0), "steps is -1, but a whole number of at least 0 is expected."),
    (lambda: shapes.one_of("method", "lu", ("qr", "svd")), "method is 'lu', but one of qr, svd is expected."),
    (
        lambda: shapes.in_range("the fit", np.ones(2), np.inf),
        "the fit overflows: it is beyond the largest floating-point number; measure X, Y or W in larger units.",
    ),
]


@pytest.mark.parametrize(("call", "sentence"), SENTENCES, ids=[s for _, s in SENTENCES])
def test_the_sentence_says_what_came_what_was_expected_and_what_to_do(call, sentence):
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        call()


@pytest.mark.parametrize("sentence", [s for _, s in SENTENCES if "has shape" in s])
def test_shapes_that_do_not_fit_are_a_shape_error(sentence):
    call = next(call for call, said in SENTENCES if said == sentence)
    with pytest.raises(ShapeError):
        call()


@pytest.mark.parametrize(
    "value", [True, np.True_, "0.1", b"1", None, [], [0.1], np.array([0.1]), 1j, np.nan, np.inf, 10**400, 0, -0.1]
)
def test_a_rate_is_a_positive_number_and_nothing_else(value):
    with pytest.raises(InputError, match=r"^rate is .*, but a number greater than zero is expected\.$") as caught:
        shapes.positive("rate", value)
    assert is_one_sentence(str(caught.value)) and len(str(caught.value)) < 120


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.5), np.int64(3), np.array(0.25), 5e-324])
def test_a_positive_number_of_any_kind_is_read_as_it_is(value):
    assert shapes.positive("rate", value) == float(value)
    assert shapes.positive("ridge", 0, zero=True) == 0.0


@pytest.mark.parametrize("value", [True, np.True_, 1.0, "3", None, [3], np.array([3]), 0])
def test_a_count_is_a_whole_number_and_nothing_else(value):
    with pytest.raises(InputError, match=r"^N is .*, but a whole number of at least 1 is expected\.$"):
        shapes.count("N", value)


def test_a_count_of_any_integer_type_is_an_int():
    assert type(shapes.count("N", np.uint8(3))) is int and shapes.count("N", 1) == 1


def test_a_long_value_is_cut_short_and_put_on_one_line():
    assert shapes.shown("a" * 100) == "'" + "a" * 56 + "..."
    assert "\n" not in shapes.shown(np.eye(3))
    assert shapes.shown("x" * 58) == repr("x" * 58)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.ones(2, np.float32), np.float32),
        (np.ones(2, np.float16), np.float64),
        (np.ones(2, np.longdouble), np.float64),
        (np.ones(2, ">f8"), np.float64),
        (np.ones(2, np.int8), np.float64),
        (np.ones(2, np.uint64), np.float64),
        ([True, False], np.float64),
        (3, np.float64),
    ],
)
def test_float32_is_kept_and_everything_else_becomes_float64(value, kind):
    array = shapes.real("X", value)
    assert array.dtype == kind and array.dtype.isnative and np.array_equal(array, np.asarray(value))


def test_a_number_that_only_a_longer_float_can_hold_is_refused():
    longer = np.longdouble(2) ** 2000
    if not np.isfinite(longer):
        pytest.skip("here numpy's longdouble is a double")
    with pytest.raises(InputError, match=r"^X is inf at index \[0\]"):
        shapes.real("X", [longer])


def test_integers_up_to_two_to_the_53_are_exact_and_allowed():
    assert shapes.real("X", [2**53, -(2**53)]).tolist() == [2.0**53, -(2.0**53)]


@pytest.mark.parametrize("library", ["list", "pandas", "polars", "pyarrow"])
def test_integers_that_float64_rounds_are_refused_beside_floats_too_and_those_that_it_holds_are_not(library):
    frames = pytest.importorskip(library) if library != "list" else None

    def table(first):
        columns = {"count": [first, 2, 3], "age": [0.5, 1.0, 2.0]}
        if frames is None:
            return [list(row) for row in zip(*columns.values(), strict=True)]
        return frames.table(columns) if library == "pyarrow" else frames.DataFrame(columns)

    for first in (2**53 + 1, -(2**60) - 1):
        with pytest.raises(InputError, match=r"^X holds integers beyond 2\*\*53, which float64 rounds"):
            shapes.real("X", table(first))
    for first in (2**53, -(2**60), 10**18, 1e300, 2.0**53 + 2):
        assert shapes.real("X", table(first))[:, 0].tolist() == [first, 2, 3]
    for first in (2**63 + 2**11, 2**63 + 1):  # beside a negative number, which makes numpy take floats
        if first % 2:
            with pytest.raises(InputError, match="which float64 rounds"):
                shapes.real("X", [first, -1])
        else:
            assert shapes.real("X", np.array([first], dtype=np.uint64)) == shapes.real("X", [first, -1])[0] == first


def test_a_mask_that_hides_nothing_is_no_mask():
    assert np.array_equal(shapes.real("X", np.ma.array([1.0, 2.0], mask=[0, 0])), [1.0, 2.0])


def test_a_table_is_read_through_its_array():
    assert np.array_equal(g.gradient(Table(X), Table(Y), W)[0], g.gradient(X, Y, W)[0])


def test_a_float_array_is_not_copied():
    assert np.shares_memory(shapes.real("X", X), X)


def test_a_number_for_a_bias_takes_the_precision_of_the_rest():
    small = X.astype(np.float32)
    assert shapes.weights(small, W.astype(np.float32), 0.1)[1].dtype == np.float32
    assert shapes.weights(small, W, 0.1)[1].dtype == np.float64
    assert shapes.weights(small, W.astype(np.float32), B)[1].dtype == np.float64


def test_a_problem_knows_whether_it_has_one_output():
    assert shapes.problem(X, Y1, W1).single and not shapes.problem(X, Y, W).single


@pytest.mark.parametrize("N", [1, 2, 5])
@pytest.mark.parametrize("M", [1, 3])
@pytest.mark.parametrize("D", [None, 1, 4])
def test_every_size_may_be_one(N, M, D):
    tail = () if D is None else (D,)
    x, y, w, b = np.ones((N, M)), np.ones((N, *tail)), np.ones((M, *tail)), np.ones(tail)
    assert model.predict(x, w, b).shape == losses.residual(x, y, w, b).shape == y.shape
    dw, db = g.gradient(x, y, w, b)
    assert dw.shape == w.shape and np.shape(db) == b.shape
    assert descent.descend(x, y, steps=1).W.shape == (2, *w.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = closed_form.fit(x, y)
    assert found.W.shape == w.shape and found.b.shape == b.shape and found.residual_norms.shape == b.shape


def test_an_unmixed_pair_is_never_broadcast_to_n_by_n():
    for function in (losses.loss, losses.residual, g.gradient):
        with pytest.raises(ShapeError, match="numpy would make"):
            function(X, Y1[:, None], W1)
        with pytest.raises(ShapeError, match="numpy would make"):
            function(X, Y1, W1[:, None])
