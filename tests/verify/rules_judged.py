"""Whether the rule that is named for a line is what happened in it, judged without the catalogue of rules.

An operation is given another meaning: the trace of A becomes a sum with weights, say. Where a step rests on what the
operation means, its two lines disagree from then on; where it does not, they still agree. So it is found by numbers
alone which operations a step rests on, and that has to fit the name of its rule: what is called the transpose of a
product rests on the transpose, and neither on a derivative nor on a trace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from tests.verify import independent_values as values
from tests.verify.independent import Reading
from tests.verify.independent_tokens import NotRead

FUNCTIONS = ("exp", "log", "tanh", "sigmoid", "sqrt")


def _bent(value: Any) -> Any:
    """Another value: what is done to it is not linear, and differs from row to row of a matrix."""
    rows = 0.1 * np.arange(len(value))[:, None] if np.ndim(value) else 0.0
    return value + 0.31 * value * value + 0.2 + rows


def _curved(value: Any) -> Any:
    """Another value, entry by entry, as a function of numbers has them."""
    return value + 0.31 * value * value + 0.2


def _of_another(of: Callable[..., Any]) -> Callable[..., Any]:
    """A derivative or differential, of another function of what it is taken of, and bent: whether a constant was
    dropped under it, or a transpose drawn out of it, is seen by the first alone.
    """

    def other(node: Any, point: Any) -> Any:
        with patch.object(values, "slope", lambda at: slope(lambda *shift: _bent(at(*shift)))):
            return _bent(of(node, point))

    slope = values.slope
    return other


def _shifted(of: Callable[..., Any]) -> Callable[..., Any]:
    """Another operation in the place of one."""
    return lambda node, point: _bent(of(node, point))


def _transpose(node: Any, point: Any) -> Any:
    inner = values.value(node.parts[0], point)
    return inner if values.is_scalar(inner) else _bent(inner.T)


def _weighed(inner: Any) -> Any:
    """A number that depends on every entry of a matrix, and on where it stands."""
    if values.is_scalar(inner):
        return _bent(inner)
    rows, columns = np.indices(np.shape(inner))
    return 0.3 + np.sum(inner * (0.1 * (1 + rows + 3 * columns) + (rows == columns) * (1 + rows)))


def _calls(names: tuple[str, ...], other: Callable[[Callable[..., Any]], Callable[..., Any]]) -> dict[str, Any]:
    return {"_CALLS": values._CALLS | {name: other(values._CALLS[name]) for name in names}}


def _of_functions(of: Callable[..., Any]) -> Callable[..., Any]:
    return lambda inner: _bent(of(inner))


OTHER_MEANING: dict[str, Callable[[], dict[str, Any]]] = {
    "transpose": lambda: {"_T": _transpose},
    "trace": lambda: _calls(("tr",), lambda _: _weighed),
    "norm": lambda: {"_norm": _shifted(values._norm)},
    "inverse": lambda: {"_inv": _shifted(values._inv)},
    "derivative": lambda: {"_deriv": _of_another(values._deriv)},
    "differential": lambda: {"_diff": _of_another(values._diff)},
    "delta": lambda: {"_delta": _shifted(values._delta)},
    "sum": lambda: {"_sum": _shifted(values._sum)},
    "total": lambda: _calls(("total", "mean"), lambda _: _weighed),
    "determinant": lambda: _calls(("det", "logdet"), lambda _: _weighed),
    "function": lambda: _calls(FUNCTIONS, lambda of: lambda inner: _curved(of(inner))),
    "vec": lambda: _calls(("vec", "rvec"), _of_functions),
    "diagonal": lambda: _calls(("diag",), _of_functions),
    "kron": lambda: {"_kron": _shifted(values._kron)},
    "entrywise": lambda: {"_entrywise": _shifted(values._entrywise), "_powers": _shifted(values._powers)},
}
FREE = {"transpose", "sum"}  # a number may be transposed, and one may stand before a sum or inside it
_ALGEBRA = ((), ("entrywise", "kron"))
_OF_DERIVATIVES = (("derivative",), ("entrywise",))
# what each rule rests on, one of them at least, and what else it may rest on
RESTS_ON: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "expansion": _ALGEBRA, "factoring out": _ALGEBRA, "square of a sum": _ALGEBRA, "square completed": _ALGEBRA,
    "common denominator": _ALGEBRA, "fraction taken apart": _ALGEBRA, "difference of squares": _ALGEBRA,
    "transpose of a product": (("transpose",), ()), "transpose of a sum": (("transpose",), ()),
    "symmetric matrix": (("transpose",), ("inverse",)),
    "squared norm as a product": (("norm",), ()), "squared norm as a sum": (("norm",), ()),
    "Frobenius norm as a trace": (("norm", "trace"), ("norm", "trace")),
    "linearity of the trace": (("trace",), ()), "cyclic trace": (("trace",), ()), "trace of a number": (("trace",), ()),
    "trace of a transpose": (("trace",), ()), "trace as a sum": (("trace",), ()),
    "trace of the identity": (("trace",), ()), "trace trick": (("trace",), ()),
    "sum of a sum": (("sum",), ()), "sums put together": (("sum",), ()), "swapping sums": (("sum",), ()),
    "sum of a constant": (("sum",), ()), "factor taken out of a sum": (("sum",), ()),
    "delta picks a term": (("delta",), ()), "delta renames an index": (("delta",), ()),
    "product written as a sum": (("sum", "total"), ("norm", "diagonal", "entrywise")),
    "sum as a matrix product": (("sum", "total"), ("norm", "diagonal", "entrywise")),
    "a column of ones sums": (("sum", "total"), ()), "sum of all entries": (("total",), ("norm", "trace", "entrywise")),
    "inverse cancels": (("inverse",), ()), "inverse of a product": (("inverse",), ()),
    "inverse of a transpose": (("inverse",), ()),
    "determinant of a product": (("determinant",), ()), "determinant of a transpose": (("determinant",), ()),
    "determinant of an inverse": (("determinant",), ("inverse",)),
    "transpose of a Kronecker product": (("transpose", "kron"), ("kron",)),
    "entry of a multiple": _ALGEBRA,
    "logarithm of a product": (("function", "determinant"), ("inverse", "function")),
    "exponential of a sum": (("function",), ()), "meaning of the function": (("function",), ()),
    "symmetry of the logistic function": (("function",), ()),
    "linearity": _OF_DERIVATIVES, "sum rule": _OF_DERIVATIVES, "product rule": _OF_DERIVATIVES,
    "derivative of a constant": _OF_DERIVATIVES, "power rule": _OF_DERIVATIVES,
    "derivative of the variable by itself": (("derivative",), ("delta",)),
    "derivative entry by entry": (("derivative",), ()),
    "derivative of a linear form": (("derivative",), ("trace", "vec")),  # by vec W, say
    "derivative of a quadratic form": (("derivative",), ("trace", "norm")),
    "derivative of an affine map": (("derivative",), ()),
    "derivative of an elementary function": (("derivative",), ("function",)),
    "derivative of a determinant": (("derivative",), ("determinant", "inverse")),
    "derivative of an inverse": (("derivative",), ("inverse",)),
    "chain rule": (("derivative", "differential"), ("function", "norm", "trace", "diagonal", "entrywise")),
    "differential of a linear expression": (("differential",), ("trace", "vec")),
    "differential of a product": (("differential",), ("entrywise", "kron")),
    "differential of a constant": (("differential",), ()),
    "differential of a square": (("differential",), ("norm", "trace", "entrywise")),
    "differential of an inverse": (("differential",), ("inverse",)),
    "differential of a function": (
        ("differential",), ("function", "determinant", "trace", "inverse", "entrywise", "norm"),
    ),
    "entrywise product in a trace": (("trace", "entrywise"), ("trace", "entrywise")),
    "transpose of an entrywise product": (("transpose",), ("entrywise", "function")),
    "entrywise product with ones": (("entrywise",), ()), "reciprocal entry by entry": (("entrywise",), ()),
    "diagonal matrix times a column": (("diagonal",), ("entrywise",)),
    "vec of a product": (("vec", "kron"), ("vec", "kron")), "mixed product": (("kron",), ()),
    "trace as a product of vecs": (("vec",), ("trace",)),
    "trace of a Kronecker product": (("trace", "inverse", "kron"), ("trace", "inverse", "kron")),
}  # fmt: skip


@contextmanager
def other_meaning(operation: str) -> Iterator[None]:
    """While an operation means something else."""
    with patch.multiple(values, **OTHER_MEANING[operation]()):
        yield


_DIFFERENTIAL = re.compile(r"\\mathrm\{d\}(?:[A-Za-z]|(?P<open>\())")


def with_brackets(line: str) -> str:
    """A line with brackets round each differential that is transposed: dX^T is the transpose of dX as lines between are
    printed, which write the differential of a transpose as d(X^T); a reader may take it for either.
    """
    for found in reversed(list(_DIFFERENTIAL.finditer(line))):
        end, depth = found.end(), int(found["open"] is not None)
        while depth and end < len(line):
            depth += {"(": 1, ")": -1}.get(line[end], 0)
            end += 1
        if line[end:].startswith(r"^\top"):
            line = f"{line[: found.start()]}({line[found.start() : end]}){line[end:]}"
    return line


def rests_on(lines: list[str], place: int, given: dict[str, object]) -> set[str]:
    """The operations without whose meaning a line of several and the one after it are not equal; raises NotRead where
    that is not found out.
    """
    found, lines = set(), [with_brackets(line) for line in lines]
    for operation in OTHER_MEANING:
        reading = Reading(" = ".join(lines), given)
        at = [at for chain in reading.chains for _, at in chain.relations][place]
        with other_meaning(operation):
            said, why = reading.verdict((at, at + 1))
        if said == "not read":
            raise NotRead(why)
        if said == "disagrees":
            found.add(operation)
    return found


def rule_judged(rule: str, lines: list[str], place: int, given: dict[str, object]) -> str:
    """Whether a rule leads from a line to the one after it: fits, not judged, or what speaks against it."""
    if rule not in RESTS_ON:
        return "not judged"
    needed, allowed = RESTS_ON[rule]
    try:
        found = rests_on(lines, place, given)
    except (NotRead, LookupError):
        return "not judged"
    said = f"{rule}: {lines[place]} = {lines[place + 1]}"
    if needed and not found & set(needed):
        return f"{said} does not rest on {' or '.join(needed)}, but on {sorted(found)}"
    if more := found - {*needed, *allowed} - FREE:
        return f"{said} rests on {sorted(more)}, too"
    return "fits"
