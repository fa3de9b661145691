"""Reading arrays: real, finite, not empty, and of shapes that fit together.

One output is ``y (N,)`` with ``w (M,)`` and a number b; many outputs are ``Y (N, D)`` with ``W (M, D)`` and ``b (D,)``.
Mixing the two is an error, because numpy would answer ``(N,) - (N, 1)`` with an N x N array.
"""

import math
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from lrcore.errors import InputError, ShapeError

Array = NDArray[np.floating[Any]]
_EXACT, _DIGITS = 2**53, 15
#: How a fit may be found.
METHODS = ("auto", "cholesky", "qr", "svd")
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Problem(NamedTuple):
    """X, Y, W and b, read and fitting together; ``single`` says that the targets came as a 1-D y."""

    X: Array
    Y: Array
    W: Array
    b: Array
    single: bool


def real(name: str, value: object, *, finite: bool = True) -> Array:
    """Read ``value`` as a floating-point array: float32 stays float32, all else (integers, booleans) becomes float64.

    Raises
    ------
    InputError
        text, complex or object entries, ragged lists, masked entries, nothing at all, integers beyond 2**53 that
        float64 rounds, NaN or infinity.

    Used in every chapter.
    """
    array = _as_array(name, value)
    if array.dtype.kind in "iu" or (array.dtype.kind == "f" and not isinstance(value, np.ndarray)):
        _keeps_integers(name, value, array)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{name} holds {_kind(array)}, but real numbers are expected; convert it to floats first.")
    if array.size == 0:
        raise InputError(f"{name} is empty (shape {array.shape}); give at least one number.")
    if array.dtype not in (np.float32, np.float64):
        with np.errstate(over="ignore"):
            array = array.astype(np.float64)
    return all_finite(name, array) if finite else array


def _keeps_integers(name: str, value: object, array: NDArray[Any]) -> None:
    """Refuse integers that float64 rounds, also those that numpy has rounded already because floats stand beside."""
    if not array.size or not max(float(array.max()), -float(array.min())) >= _EXACT:
        return
    given: Iterable[Any] = (array,)
    if isinstance(value, list | tuple):
        given = (np.asarray(value, dtype=object),)
    elif array.ndim == 2 and hasattr(value, "items"):  # pandas
        given = (column for _, column in value.items())
    elif array.ndim == 2 and not isinstance(value, np.ndarray):
        given = value.get_columns() if hasattr(value, "get_columns") else getattr(value, "columns", given)
    if any(map(_rounds, given)):
        raise InputError(
            f"{name} holds integers beyond 2**53, which float64 rounds; divide them by a common unit first."
        )


def _rounds(entries: object) -> bool:
    entries = np.asarray(entries)
    if entries.dtype.kind in "iu":
        entries = entries[(entries > _EXACT) | (entries < -_EXACT)]
    integers = entries.ravel().tolist() if entries.dtype.kind in "iuO" else []
    return any(isinstance(entry, int | np.integer) and int(float(entry)) != entry for entry in integers)


def _as_array(name: str, value: object) -> NDArray[Any]:
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        hidden = int(np.ma.getmaskarray(value).sum())
        raise InputError(f"{name} has {hidden} masked entries; drop those samples or fill the entries first.")
    if hasattr(value, "nnz") and hasattr(value, "toarray"):
        raise InputError(
            f"{name} is a sparse matrix, but a dense array is expected; write {name}.toarray() if it fits."
        )
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O" and array.ndim in (1, 2) and not isinstance(value, np.ndarray | list | tuple):
            return _of_columns(name, array)
    except InputError:
        raise
    except Exception as error:  # whatever a foreign array raises when numpy asks for its numbers
        if isinstance(error, ValueError) and isinstance(value, list | tuple):
            raise InputError(f"{name} is ragged: its rows differ in length; give every row the same number.") from error
        raise InputError(f"{name} cannot be read as an array: {error}; convert it to a numpy array first.") from error
    return array


def _of_columns(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """The numbers of a frame that mixes integers, floats and booleans, which numpy gives as objects; gaps are NaN."""
    columns = [_with_gaps(column.tolist()) for column in (array.T if array.ndim == 2 else [array])]
    if not all(kind.ndim == 1 and kind.dtype.kind in "fiub" for kind in map(np.asarray, columns)):
        return array
    numbers = [real(name, column, finite=False) for column in columns]
    return np.column_stack(numbers) if array.ndim == 2 else numbers[0]


def _with_gaps(entries: list[Any]) -> list[Any]:
    """A column whose gaps, None or pandas' NA, are NaN."""
    return [math.nan if entry is None or repr(entry) == "<NA>" else entry for entry in entries]


def all_finite(name: str, array: Array) -> Array:
    """Return ``array``, or say where its first NaN or infinity stands; the sum of squares tells most often."""
    if array.flags.c_contiguous and math.isfinite(np.vdot(array, array)):
        return array
    if not np.isfinite(array).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{name} is {array[where]} at index {list(where)}; remove or fill such entries first.")
    return array


def in_range(what: str, *results: Any) -> None:
    """Refuse results that overflowed, so that no infinity goes on as if it were an answer."""
    if not all(math.isfinite(np.vdot(result, result)) or np.isfinite(result).all() for result in results):
        raise InputError(
            f"{what} overflows: it is beyond the largest floating-point number; measure X, Y or W in larger units."
        )


def own(value: Array) -> Any:
    """A number, or an array that keeps no larger one alive; one entry that stands for all of them stays one."""
    return value[()] if value.flags.owndata or (value.size > 1 and 0 in value.strides) else value.copy()[()]


def no_overflow(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Make a function that returns numbers or arrays say in one sentence that its result overflowed."""

    @wraps(function)
    def checked(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        with np.errstate(over="ignore", invalid="ignore"):
            result = function(*args, **kwargs)
        in_range(f"the result of {function.__name__}", *(result if isinstance(result, tuple) else (result,)))
        return result

    return checked


def _kind(array: NDArray[Any]) -> str:
    kinds = {"c": "complex numbers", "U": "text", "S": "bytes", "O": "Python objects", "M": "dates", "m": "durations"}
    return kinds.get(array.dtype.kind, f"{array.dtype} values")


def inputs(X: object, *, finite: bool = True) -> Array:
    """Read X as an (N, M) array.

    Raises
    ------
    ShapeError
        X has not two axes; the message says how to make it so.
    """
    X = real("X", X, finite=finite)
    if X.ndim == 1:
        raise ShapeError(
            f"X has shape {X.shape}, but (N, M) is expected: write X[:, None] for N samples of one feature, "
            "or X[None, :] for one sample."
        )
    if X.ndim != 2:
        raise ShapeError(f"X has shape {X.shape}, but (N, M) is expected: one sample a row, one feature a column.")
    return X


def samples(X: object, Y: object, *, finite: bool = True, y: str = "Y") -> tuple[Array, Array]:
    """Read X (N, M) and its targets, which the caller calls ``y``.

    Raises
    ------
    InputError
        both are of pandas, and their rows have the same labels in another order.
    """
    rows: Any = getattr(X, "index", None)
    others: Any = getattr(Y, "index", None)
    if hasattr(rows, "equals") and hasattr(others, "equals") and not rows.equals(others) and set(rows) == set(others):
        raise InputError(
            f"the rows of X and {y} have the same labels in another order; write {y}.loc[X.index], or {y}.to_numpy() "
            "to take them as they stand."
        )
    X = inputs(X, finite=finite)
    return X, targets(X, Y, finite=finite, names=("X", y))


def targets(X: Array, Y: object, *, finite: bool = True, names: tuple[str, str] = ("X", "Y")) -> Array:
    """Read the targets for X: y (N,) or Y (N, D); ``names`` are what the caller calls X and Y."""
    x, y = names
    Y = real(y, Y, finite=finite)
    if Y.ndim not in (1, 2):
        raise ShapeError(f"{y} has shape {Y.shape}, but (N,) for one output or (N, D) for D outputs is expected.")
    if Y.shape[0] != X.shape[0]:
        raise ShapeError(
            f"{x} has shape {X.shape} and {y} has shape {Y.shape}: axis 0 counts the samples and must agree, "
            f"but {X.shape[0]} is not {Y.shape[0]}."
        )
    return Y


def equations(A: object, Y: object) -> tuple[Array, Array]:
    """Read a matrix A (N, P) and what A W is to come near, Y (N,) or (N, D)."""
    A = real("A", A)
    if A.ndim != 2:
        raise ShapeError(f"A has shape {A.shape}, but a matrix is expected, one sample a row.")
    return A, targets(A, Y, names=("A", "Y"))


def weights(X: Array, W: object, b: object = 0.0) -> tuple[Array, Array]:
    """Read W and b for the inputs X: w (M,) with a number b, or W (M, D) with b (D,).

    A number b stands for all outputs, and takes the precision of X and W rather than deciding it.
    """
    W, b = real("W", W), real("b", b)
    if W.ndim not in (1, 2):
        raise ShapeError(f"W has shape {W.shape}, but (M,) for one output or (M, D) for D outputs is expected.")
    if W.shape[0] != X.shape[-1]:
        raise ShapeError(
            f"X has shape {X.shape} and W has shape {W.shape}: the columns of X meet the rows of W, "
            f"but {X.shape[-1]} is not {W.shape[0]}."
        )
    if b.ndim and (W.ndim == 1 or b.shape != W.shape[1:]):
        wanted = "a number" if W.ndim == 1 else f"({W.shape[1]},), one bias an output"
        raise ShapeError(f"W has shape {W.shape} and b has shape {b.shape}, but b must be {wanted}.")
    with np.errstate(over="ignore"):
        return W, b if b.ndim else b.astype(np.result_type(X, W))


def problem(X: object, Y: object, W: object, b: object = 0.0, *, finite: bool = True, y: str = "Y") -> Problem:
    """Read X, Y, W, b together; ``y`` is what the caller calls Y.

    Raises
    ------
    ShapeError
        any two of them disagree, or a 1-D and a 2-D one are mixed.
    """
    X, Y = samples(X, Y, finite=finite, y=y)
    W, b = weights(X, W, b)
    if Y.ndim != W.ndim:
        raise ShapeError(
            f"{y} has shape {Y.shape} and W has shape {W.shape}: a 1-D y goes with a 1-D w, a 2-D Y with a 2-D W "
            "(numpy would make (N,) - (N, 1) an N x N array); reshape one of them."
        )
    if Y.ndim == 2 and Y.shape[1] != W.shape[1]:
        raise ShapeError(
            f"{y} has shape {Y.shape} and W has shape {W.shape}: axis 1 counts the outputs and must agree, "
            f"but {Y.shape[1]} is not {W.shape[1]}."
        )
    return Problem(X, Y, W, b, Y.ndim == 1)


def has_bias(intercept: object, b: Any) -> bool:
    """Read ``intercept``; without one b must be zero."""
    if intercept is False and type(b) is float and not b:
        return False
    if not (found := yes_or_no("intercept", intercept)) and np.any(real("b", b)):
        raise InputError("b is not zero, but intercept=False says that there is no bias; leave one of them out.")
    return found


def sample_weights(X: Array, value: object) -> Array | None:
    """Read the weights of the samples: (N,), zero or more and not all zero; they come back as a column (N, 1)."""
    if value is None:
        return None
    array = real("weights", value).astype(np.float64, copy=False)
    if array.shape != X.shape[:1]:
        raise ShapeError(
            f"X has shape {X.shape} and weights has shape {array.shape}, but one weight a sample is expected."
        )
    if array.min() < 0 or array.max() == 0:
        raise InputError(
            f"weights reach from {array.min():g} to {array.max():g}, but zero or more, not all zero, is expected."
        )
    return array[:, None]


def is_dask(value: object) -> bool:
    """Is this a Dask array, which lives in blocks on a cluster? Asked of its interface; Dask is not imported."""
    return hasattr(value, "__dask_graph__") and hasattr(value, "to_delayed")


def column_names(X: Any) -> tuple[str, ...]:
    """The names of the columns of a data frame (of pandas, polars, pyarrow, or with ``columns``); none for an array."""
    names = X.schema.names if hasattr(X, "num_columns") else getattr(X, "columns", ())
    return tuple(str(name) for name in names) if isinstance(names, Iterable) else ()


def yes_or_no(name: str, value: object) -> bool:
    """Read True or False."""
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"{name} is {shown(value)}, but True or False is expected.")
    return bool(value)


def positive(name: str, value: Any, *, zero: bool = False) -> float:
    """Read a positive number (or, with ``zero``, one that is not negative)."""
    if type(value) is float and (0 < value < math.inf or (zero and value == 0)):
        return value
    try:
        number = float("nan") if isinstance(value, bool | np.bool_ | str | bytes) or np.ndim(value) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not (np.isfinite(number) and (number > 0 or (zero and number == 0))):
        bound = "zero or more" if zero else "greater than zero"
        raise InputError(f"{name} is {shown(value)}, but a number {bound} is expected.")
    return number


def damping(momentum: object) -> float:
    """Read the momentum, from 0 to below 1."""
    momentum = positive("momentum", momentum, zero=True)
    if momentum >= 1:
        raise InputError(f"momentum is {momentum:g}, but a number from 0 to below 1 is expected.")
    return momentum


def count(name: str, value: object, *, least: int = 1) -> int:
    """Read a whole number that is at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InputError(f"{name} is {shown(value)}, but a whole number of at least {least} is expected.")
    return int(value)


def digits(value: object) -> int | None:
    """Read how many digits are wanted, 1 to 15, or None."""
    if value is not None and count("digits", value) > _DIGITS:
        raise InputError(f"digits is {shown(value)}, but at most {_DIGITS} is expected, which float64 has.")
    return None if value is None else count("digits", value)


def one_of(name: str, value: object, choices: Iterable[str]) -> str:
    """Read a name that is one of ``choices``."""
    known = tuple(choices)
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{name} is {shown(value)}, but one of {', '.join(known)} is expected.")
    return value


def some_names(what: str, names: object) -> None:
    """Refuse what is no tuple or list of names, one at least."""
    if not isinstance(names, list | tuple) or not names:
        raise InputError(f"{what} is {shown(names)}, but a tuple of one name or more is expected.")


def shown(value: object) -> str:
    """What was given, short enough for a sentence."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
