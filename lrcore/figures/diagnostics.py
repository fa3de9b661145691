"""Figures that doubt a fit: what its residuals and its leverages say about the model and about single samples."""

from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from lrcore.closed_form import fit
from lrcore.errors import InputError, ShapeError
from lrcore.figures.look import BLUE, GREY, RED, Picture, axes, density, styled
from lrcore.fitted import Fit
from lrcore.shapes import Array, count, shown

_CROWD, _TREND, _NAMED = 500, 40, 3
_COOK = (0.5, 1.0)


def residuals(found: Fit, *, label: str = "target", unit: str = "", output: int | None = None) -> Picture:
    """Residuals against fitted values. A bend says that the model is not straight enough, a funnel that scatter grows.

    Parameters
    ----------
    found : a fit of samples that it keeps      output : which one, where there are several

    Used in the chapter *The housing data*.
    """
    y_hat, r = _fitted(found, output), _column(found, "residuals", output)
    y_hat, r = _known(y_hat, r)
    with styled():
        figure, (ax,) = axes(6.0, 3.8)
        _points(ax, y_hat, r)
        ax.axhline(0, color=GREY, lw=1)
        trend = _trend(ax, y_hat, r)
        ax.set(xlabel=f"predicted {label}{unit and f' ({unit})'}", ylabel=f"residual{unit and f' ({unit})'}")
    said = f"Residuals against predicted {label} for {len(r)} samples, between {r.min():.3g} and {r.max():.3g}"
    return Picture(figure, said + _said(trend, "; their means in order of the prediction") + ".")


def quantiles(found: Fit, *, output: int | None = None) -> Picture:
    """Standardised residuals in order, against the quantiles of a normal distribution: on a line where they are normal.

    Used in the chapter *The housing data*.
    """
    (r,) = _known(_column(found, "standardised", output))
    r = np.sort(r)
    normal = NormalDist()
    expected = np.array([normal.inv_cdf((k + 0.5) / len(r)) for k in range(len(r))])
    with styled():
        figure, (ax,) = axes(5.2, 4.4)
        ends = np.array([expected[0], expected[-1]])
        ax.plot(ends, ends, color=RED, lw=1.5)
        some = _some(len(r))
        ax.plot(expected[some], r[some], "o", color=BLUE, ms=5 if len(r) <= _CROWD else 2.5, alpha=0.7)
        ax.set(xlabel="quantile of a normal distribution", ylabel="standardised residual")
    return Picture(
        figure,
        f"{len(r)} standardised residuals in order against normal quantiles; the least is {r[0]:.3g} where "
        f"{expected[0]:.3g} is expected, the largest {r[-1]:.3g} where {expected[-1]:.3g} is.",
    )


def scale_location(found: Fit, *, label: str = "target", unit: str = "", output: int | None = None) -> Picture:
    """The root of the size of each standardised residual against the fitted value: level where the scatter is the same.

    Used in the chapter *The housing data*.
    """
    y_hat, r = _known(_fitted(found, output), _column(found, "standardised", output))
    size = np.sqrt(np.abs(r))
    with styled():
        figure, (ax,) = axes(6.0, 3.8)
        _points(ax, y_hat, size)
        trend = _trend(ax, y_hat, size)
        ax.set(xlabel=f"predicted {label}{unit and f' ({unit})'}", ylabel="√|standardised residual|", ylim=(0, None))
    said = f"Roots of the sizes of {len(r)} standardised residuals against predicted {label}, up to {size.max():.3g}"
    return Picture(figure, said + _said(trend, "; their means in order of the prediction") + ".")


def leverage(found: Fit, *, output: int | None = None) -> Picture:
    """Standardised residuals against leverages, with contours of Cook's distance; the samples of the largest are named.

    Used in the chapter *The housing data*.
    """
    h = _a_fit(found).statistics.leverage
    r, cook = (_column(found, name, output) for name in ("standardised", "cooks_distance"))
    rows = np.flatnonzero(np.isfinite(cook))
    h, r, cook = h[rows], r[rows], cook[rows]
    largest = np.argsort(-cook)[:_NAMED]
    reach = np.abs(r).max() * 1.15 or 1.0
    with styled():
        figure, (ax,) = axes(6.0, 4.2)
        _points(ax, h, r)
        ax.axhline(0, color=GREY, lw=1)
        right = min(h.max() * 1.12, 0.999)
        along = np.linspace(right / 400, right, 400)
        ends = []
        for level in _COOK:
            curve = np.sqrt(level * found.statistics.P * (1 - along) / along)
            ends.append(curve[-1])
            for side in (curve, -curve):
                ax.plot(along, side, color=RED, lw=1, ls="--")
        line = 0.15 * reach  # as high as a line of words
        outward = np.where(h[largest] > right / 2, np.sign(r[largest]) * line, 0.0)  # beyond the contours
        heights = _apart(r[largest] + outward, line)
        reach = max(reach, np.abs(heights).max() + line)
        for k, height in zip(largest, heights):
            place, away = ("right", -6) if h[k] > right / 2 else ("left", 6)
            words = f"row {rows[k]}"
            ax.annotate(words, (h[k], height), (away, 0), textcoords="offset points", ha=place, va="center")
        for level, end, height in zip(_COOK, ends, _apart(np.array(ends), line)):
            if end < reach:
                name, at = f"Cook {level:g}", (right, height)
                ax.annotate(name, at, (4, 0), textcoords="offset points", va="center")
        ax.set(xlabel="leverage", ylabel="standardised residual", xlim=(0, right), ylim=(-reach, reach))
    named = ", ".join(f"row {rows[k]} ({cook[k]:.3g})" for k in largest)
    beyond = int((cook > _COOK[0]).sum())
    lie = "one of them lies" if beyond == 1 else f"{beyond or 'none'} of them lie"
    return Picture(
        figure,
        f"Standardised residuals of {len(r)} samples against their leverages, at most {h.max():.3g}; {lie} "
        f"beyond the contour of Cook's distance {_COOK[0]:g}; the largest distances are those of {named}.",
    )


def _apart(heights: Array, least: float) -> Array:
    """These heights, the lower ones moved down until each is so far from the next."""
    order = np.argsort(-heights)
    moved = np.array(heights, dtype=float)
    for above, below in pairwise(order):
        moved[below] = min(moved[below], moved[above] - least)
    return moved


def partial_regression(found: Fit, column: int | str, *, label: str = "target", output: int | None = None) -> Picture:
    """What the other columns leave of the target against what they leave of this one: the slope is its weight.

    Parameters
    ----------
    found : a fit of samples that it keeps      column : its number, or its name where the columns have names

    Used in the chapter *The housing data*.
    """
    k, M = _place(found, column), found.W.shape[0]
    name = found.names[k] if found.names else f"column {k}"
    X, Y, weights, _, intercept = found.data
    both: Array = np.column_stack([X[:, k], Y if Y.ndim == 1 else Y[:, _which(found, output)]]).astype(np.float64)
    if M > 1:
        both = -fit(np.delete(X, k, axis=1), both, weights=weights, intercept=intercept).statistics.residuals
    elif intercept:
        both = both - np.average(both, axis=0, weights=weights)
    x, y = _known(*both.T)
    slope = float(found.W[k] if found.W.ndim == 1 else found.W[k, _which(found, output)])
    with styled():
        figure, (ax,) = axes(6.0, 3.8)
        _points(ax, x, y)
        ends = np.array([x.min(), x.max()])
        ax.plot(ends, slope * ends, color=RED)
        ax.set(xlabel=f"{name}, what the others leave of it", ylabel=f"{label}, what the others leave")
    return Picture(
        figure,
        f"What the other columns leave of {label} against what they leave of {name}, for {len(x)} samples; the line "
        f"through the origin has the slope {slope:.4g}, the weight of {name}.",
    )


def _a_fit(found: Fit) -> Fit:
    """What was given, which has to be a fit."""
    if not isinstance(found, Fit):
        raise InputError(f"a fit is expected, as fit(X, y) gives it, and not {shown(found)}.")
    return found


def _which(found: Fit, output: int | None) -> int:
    D = found.W.shape[1]
    if output is None:
        raise InputError(f"the fit has {D} outputs; say which, such as output=0.")
    k = count("output", output, least=0)
    if k >= D:
        raise InputError(f"output is {k}, but the fit has {D}, counted from 0.")
    return k


def _column(found: Fit, name: str, output: int | None) -> Array:
    values: Array = getattr(_a_fit(found).statistics, name)
    return values if values.ndim == 1 else values[:, _which(found, output)]


def _fitted(found: Fit, output: int | None) -> Array:
    """The predictions for the samples that were fitted; the statistics say first whether these are there."""
    r = _column(found, "residuals", output)
    Y = np.asarray(found.data[1])
    return r + (Y if Y.ndim == 1 else Y[:, _which(found, output)])


def _place(found: Fit, column: int | str) -> int:
    _a_fit(found).statistics  # noqa: B018  # says in a sentence where there are no samples
    M = found.W.shape[0]
    if isinstance(column, str):
        if column not in found.names:
            known = f"it has {', '.join(found.names)}" if found.names else "its columns have no names; give a number"
            raise InputError(f"{column!r} is not a column of the fit; {known}.")
        return found.names.index(column)
    k = count("column", column, least=0)
    if k >= M:
        raise ShapeError(f"column is {k}, but the fit has {M} columns, counted from 0.")
    return k


def _known(*columns: Array) -> list[Array]:
    """The samples for which all of these are numbers: not those of weight zero, or of leverage one."""
    keep = np.isfinite(np.column_stack(columns)).all(axis=1)
    return [column[keep] for column in columns]


def _points(ax: Axes, x: Array, y: Array) -> None:
    if len(x) > _CROWD:
        density(ax, x, y, gridsize=50)
    else:
        ax.plot(x, y, "o", color=BLUE, ms=5, alpha=0.7)


def _some(N: int) -> Any:
    """Which ranks of a crowd are drawn: all at both ends, where it matters, and a few hundred between."""
    if N <= _CROWD:
        return np.arange(N)
    between = np.linspace(0, N - 1, _CROWD // 2).round().astype(int)
    return np.unique(np.concatenate([np.arange(_CROWD // 10), between, np.arange(N - _CROWD // 10, N)]))


def _trend(ax: Axes, x: Array, y: Array) -> Array:
    """A line through the means of the tenths in order of x, of twentieths where there are many; none for few."""
    if len(x) < _TREND:
        return np.zeros(0)
    groups = np.array_split(np.argsort(x, kind="stable"), 20 if len(x) > _CROWD else 10)
    means = np.array([[x[group].mean(), y[group].mean()] for group in groups])
    ax.plot(*means.T, "o-", color=RED, lw=1.5, ms=4, zorder=5)
    return means[:, 1]


def _said(trend: Array, what: str) -> str:
    if not len(trend):
        return ""
    low = trend.min() if trend.argmin() not in (0, len(trend) - 1) else trend.max()
    return f"{what} go from {trend[0]:.3g} by {low:.3g} to {trend[-1]:.3g}"
