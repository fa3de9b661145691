r"""What a false line would hold under, though nothing says so: independent variables, centred data, functions of
matrices that are not meant entry by entry. Such a line is asked about, not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lrcore.verify import Step, Verdict
from lrcore.verify import names as spelling
from lrcore.verify import syntax as s

from .table import Row

Trial = Callable[[Sequence[Row], frozenset[str]], Verdict]
_OF_MATRICES = {"exp": "exponential", "log": "logarithm", "sqrt": "root"}
_CENTRED = ("X", "x", "Y", "y", "A", "Z", "t")
_HOLDS = (Verdict.PROVED, Verdict.CHECKED)


def would_hold(
    step: Step, sides: Sequence[s.Node], dims: Mapping[str, tuple[str, ...]], random: frozenset[str], trial: Trial
) -> str:
    """A sentence that says under what a refuted step would hold, empty where it is false all the same; ``trial`` says
    what becomes of the step with these rows and with these names alone being random.
    """
    nodes = [one for side in sides for one in s.walk(side)]
    words = _of_a_matrix(nodes, step, dims)
    if words:
        return words
    written = set().union(*map(s.names, sides)) if sides else set()
    if any(isinstance(one, s.Call) and one.fn in ("expectation", "variance") for one in nodes):
        mine = sorted(random & written)
        # What holds for independent variables holds with each of them random and the others constant.
        if len(mine) > 1 and all(trial((), frozenset((one,))) in _HOLDS for one in mine):
            return f"It may hold if {' and '.join(map(spelling.latex, mine))} are independent, and nothing says so."
    rows = _centred(nodes, dims)
    if rows and trial(rows, random) in _HOLDS:
        data = [row.name for row in rows if row.definition]
        return f"It holds if {' and '.join(data)} {'is' if len(data) == 1 else 'are'} centred, and nothing says so."
    return ""


def _of_a_matrix(nodes: Sequence[s.Node], step: Step, dims: Mapping[str, tuple[str, ...]]) -> str:
    """A question where a function is taken of a square matrix, and both ways to read it give the same at one row."""
    for one in nodes:
        if not isinstance(one, s.Call) or one.fn not in _OF_MATRICES:
            continue
        if any(isinstance(inner, s.Call | s.Entry) for inner in s.walk(one.args[0])):
            continue
        shapes = {dims[key] for key in s.names(one.args[0]) if dims.get(key)}
        shape = next(iter(shapes)) if len(shapes) == 1 else ()
        if len(shape) != 2 or shape[0] != shape[1]:
            continue
        if step.counterexample is not None and step.counterexample.sizes.get(shape[0]) == 1:
            continue
        name = _OF_MATRICES[one.fn]
        return f"The {name} is read entry by entry, and is false so; the {name} of a matrix is not decided here."
    return ""


def _centred(nodes: Sequence[s.Node], dims: Mapping[str, tuple[str, ...]]) -> list[Row]:
    """The data of a step in which a sum over all samples is written as 0, each as other data without their means."""
    cells = [cell for one in nodes if isinstance(one, s.Block) for row in one.rows for cell in row]
    sums = any(isinstance(one, s.Special) and one.kind == "ones" for one in nodes)
    if not sums or not any(map(s.is_zero, cells)):
        return []
    found: list[Row] = []
    written = {one.id for one in nodes if isinstance(one, s.Name)}
    samples = {dims[key][0] for key in _CENTRED if key in written and dims.get(key)}
    for key in _CENTRED:
        if key in written and dims.get(key) and len(samples) == 1:
            size, shape = dims[key][0], " x ".join(dims[key])
            other = rf"\Xi_{{{len(found)}}}"
            ones = rf"\mathbf 1_{{{size}}}"
            body = rf"{other} - \frac{{1}}{{{size}}} {ones} {ones}^\top {other}"
            found += [Row(spelling.latex(key), "", "", body, True), Row(other, shape, "", "", True)]
    return found
