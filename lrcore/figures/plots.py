"""The book's figures. Each function takes arrays, draws them and returns a :class:`~lrcore.figures.look.Picture`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.patches import Rectangle
from mpl_toolkits.mplot3d import proj3d

from lrcore.closed_form import fit
from lrcore.descent import Path
from lrcore.errors import InputError, ShapeError
from lrcore.figures.diagnostics import leverage, partial_regression, quantiles, residuals, scale_location
from lrcore.figures.look import (
    BLUE,
    COLOURS,
    GOLD,
    GREEN,
    GREY,
    INK,
    PURPLE,
    RED,
    Panels,
    Picture,
    axes,
    density,
    styled,
)  # fmt: skip
from lrcore.losses import loss
from lrcore.model import predict
from lrcore.shapes import Array, inputs, problem, real, targets

__all__ = [
    "contours",
    "convergence",
    "curves",
    "density",
    "draw_contours",
    "draw_line",
    "features",
    "leverage",
    "line",
    "matrices",
    "partial_regression",
    "predicted",
    "projection",
    "quantiles",
    "residuals",
    "scale_location",
    "slope",
    "surface",
]
_WIDE = 1.45  # how much wider than high contours are drawn
_DEPTHS = LinearSegmentedColormap.from_list("depths", [to_rgba(BLUE, a) for a in (0.55, 0.36, 0.2, 0.08, 0.02)])
_BOWL = LinearSegmentedColormap.from_list("bowl", ["#0b3a63", BLUE, "#b9d7f0"])
_CROWD = 500
_SIGNED = LinearSegmentedColormap.from_list("signed", [(0.84, 0.37, 0.0, 1), (0.5, 0.5, 0.5, 0), (0.12, 0.48, 0.77, 1)])


def line(X: Any, y: Any, w: Any, b: Any = 0.0, *, squares: bool = False, labels: Sequence[str] = ("x", "y")) -> Picture:
    """Data of one feature with the line of w and b; with ``squares`` each residual as an actual square.

    Parameters
    ----------
    X : (N, 1) array      y : (N,) array      w : (1,) array      b : number

    Used in the chapters *N samples* and *The housing data*.
    """
    X, y, w, b, _ = problem(X, y, w, b)
    if X.shape[1] != 1 or y.ndim != 1:
        raise ShapeError(
            f"X has shape {X.shape} and y {y.shape}, but a line needs one feature, (N, 1), and one output."
        )
    with styled():
        figure, (ax,) = axes(6.0, 4.4 if squares else 3.6)
        draw_line(ax, X, y, w, b, squares=squares)
        ax.set(xlabel=labels[0], ylabel=labels[1])
    value = loss(X, y, w, b)
    drawn = f"; the {len(y)} squares on the residuals add up to {value * len(y):.3g}" if squares else ""
    alt = (
        f"{len(y)} points and the line {labels[1]} = {w[0]:.3g} {labels[0]} + {float(b):.3g}, loss {value:.4g}{drawn}."
    )
    return Picture(figure, alt)


def draw_line(ax: Axes, X: Array, y: Array, w: Array, b: Any, *, squares: bool) -> None:
    """Draw the points, the line and the residuals of :func:`line` on given axes."""
    x, y_hat = X[:, 0], predict(X, w, b)
    ends = np.array([x.min(), x.max()]) + np.array([-0.05, 0.05]) * max(np.ptp(x), 1.0)
    ax.plot(ends, ends * w[0] + b, color=RED, zorder=5)
    if squares:
        ax.set_aspect("equal", adjustable="datalim")
        for x_i, y_i, p_i in zip(x, y, y_hat, strict=True):
            side = p_i - y_i
            corner = (x_i if side < 0 else x_i - side, min(y_i, p_i))
            ax.add_patch(
                Rectangle(corner, abs(side), abs(side), facecolor=PURPLE, alpha=0.18, edgecolor=PURPLE, lw=0.8)
            )
    elif len(x) <= 60:
        ax.vlines(x, np.minimum(y, y_hat), np.maximum(y, y_hat), color=PURPLE, lw=1)
    if len(x) > _CROWD:
        density(ax, x, y, gridsize=60)
    else:
        ax.plot(x, y, "o", color=GREEN, ms=6 if len(x) <= 60 else 3, alpha=1 if len(x) <= 60 else 0.4, zorder=4)


def slope(
    f: Callable[[float], float], at: float, derivative: float, *, label: str = "w", reach: float = 2.0
) -> Picture:
    """A loss of one variable with its tangent at a point: the derivative as the slope one sees.

    Used in the chapter *One sample*.
    """
    w = np.linspace(at - reach, at + reach, 121)
    values, here = np.array([f(v) for v in w]), f(at)
    with styled():
        figure, (ax,) = axes()
        ax.plot(w, values, color=BLUE)
        near = np.array([-0.45, 0.45]) * reach
        ax.plot(at + near, here + derivative * near, color=GOLD)
        ax.plot([at], [here], "o", color=RED, ms=8)
        side = "left" if derivative <= 0 else "right"  # above both curve and tangent
        _beside(ax, (at, here), f"slope {derivative:.3g}", (10 if side == "left" else -10, 8), ha=side, va="bottom")
        ax.set(xlabel=label, ylabel="L")
    return Picture(
        figure, f"The loss against {label}, a parabola, with its tangent at {label} = {at:.3g}: slope {derivative:.3g}."
    )


def surface(X: Any, y: Any) -> Picture:
    """The loss over (w, b) as a bowl in three dimensions, for one feature.

    Used in the chapter *N samples*.
    """
    X, y = inputs(X), targets(inputs(X), y)
    w, b, values, best = _grid(X, y, (), 61)
    with styled():
        figure, (ax,) = axes(5.6, 4.4, projection="3d")
        ax.plot_surface(w, b, values, cmap=_BOWL, rcount=18, ccount=18, lw=0)  # type: ignore[attr-defined]
        ax.set(xlabel="w", ylabel="b", zlabel="L")
        for axis in (ax.xaxis, ax.yaxis, ax.zaxis):  # type: ignore[attr-defined]
            axis.set_pane_color((0.5, 0.5, 0.5, 0.08))  # type: ignore[union-attr]
        ax.locator_params(nbins=5)
    return Picture(
        figure, f"The loss over w and b is a bowl with a single lowest point at w = {best[0]:.3g}, b = {best[1]:.3g}."
    )


def contours(X: Any, y: Any, *paths: Path, names: Sequence[str] = ()) -> Picture:
    """Contours of the loss over (w, b) for one feature, with the minimum and any paths of descent on it.

    Used in the chapters *N samples*, *Closed form* and *Descent*.
    """
    X, y = inputs(X), targets(inputs(X), y)
    with styled():
        figure, (ax,) = axes(6.0, 4.2)
        best = draw_contours(ax, X, y, *paths, names=names)
        ax.set_aspect("equal")  # a gradient stands at a right angle to the contours, and looks it
    ends = "; ".join(_ending(p, names[k] if k < len(names) else "the path") for k, p in enumerate(paths))
    alt = f"Contours of the loss over w and b, minimum at w = {best[0]:.3g}, b = {best[1]:.3g}. {ends}".strip()
    return Picture(figure, alt + ("." if ends else ""))


def _ending(path: Path, name: str) -> str:
    w, b = path.final
    return f"{name} runs from ({path.W[0, 0]:.3g}, {path.b[0]:.3g}) to ({w[0]:.3g}, {b:.3g}) in {path.steps} steps"


def draw_contours(
    ax: Axes, X: Array, y: Array, *paths: Path, names: Sequence[str] = (), fine: int = 61
) -> tuple[float, float]:
    """Draw the contours and paths of :func:`contours` on given axes, ``fine`` points a side; returns the minimum."""
    w, b, values, best = _grid(X, y, paths, fine)
    levels = values.min() + (values.max() - values.min()) * np.geomspace(2e-3, 1, 10 if fine > 40 else 7)
    if fine > 40:
        ax.contourf(w, b, values, levels=[values.min(), *levels], cmap=_DEPTHS)
    ax.contour(w, b, values, levels=levels, colors=BLUE, linewidths=0.6, alpha=0.7)
    for k, path in enumerate(paths):
        ax.plot(
            path.W[:, 0],
            path.b,
            "o-",
            color=COLOURS[1 + k % 4],
            ms=4 if path.steps < 25 else 2,
            lw=1.5 if path.steps < 25 else 0.7,
            label=names[k] if k < len(names) else None,
        )
    ax.plot(*best, marker="*", color=INK, ms=13, zorder=5)
    ax.set(xlabel="w", ylabel="b", xlim=(w.min(), w.max()), ylim=(b.min(), b.max()))
    if names:
        ax.figure.legend(loc="outside upper center", ncols=2)  # not over the depths
    return best


def _grid(X: Array, y: Array, paths: Sequence[Path], fine: int) -> tuple[Array, Array, Array, tuple[float, float]]:
    if X.shape[1] != 1 or y.ndim != 1:
        raise ShapeError(
            f"X has shape {X.shape} and y {y.shape}, but contours over (w, b) need one feature and one output."
        )
    for path in paths:
        if path.W.shape[1:] != (1,):
            raise ShapeError(f"the path has W of shape {path.W.shape}, but (T + 1, 1), one feature, can be drawn here.")
    found = fit(X, y)
    best = float(found.W[0]), float(found.b)
    reach = [1.5 * max(1.0, np.abs(best).max() * 0.6)] * 2
    for path in paths:
        trail = path.W[:, 0], path.b
        limited = [np.abs(t - centre)[np.abs(t - centre) < 8 * reach[0]] for t, centre in zip(trail, best, strict=True)]
        reach = [max(r, 1.15 * d.max(initial=0)) for r, d in zip(reach, limited, strict=True)]
    reach = [max(reach[0], _WIDE * reach[1]), max(reach[1], reach[0] / _WIDE)]  # so that equal units fill the figure
    w, b = np.meshgrid(*(np.linspace(centre - r, centre + r, fine) for centre, r in zip(best, reach, strict=True)))
    x, r = X[:, 0], y - found.predict(X)
    dw, db = w - best[0], b - best[1]
    rise = dw * dw * (x * x).mean() + 2 * dw * db * x.mean() + db * db  # the mean of (x dw + db)^2
    return w, b, (r * r).mean() + rise, best


def convergence(paths: Mapping[str, Path], *, floor: float = 0.0) -> Picture:
    """The loss above its minimum ``floor`` against the step, on a logarithmic scale, a line a path.

    Used in the chapters *Descent* and *The housing data*.
    """
    if not paths:
        raise InputError("paths is empty; give at least one path under its name.")
    with styled():
        figure, (ax,) = axes()
        for name, path in paths.items():
            gap = np.maximum(path.losses - floor, 1e-17 * max(path.losses[0], 1e-300))
            ax.semilogy(path.at, gap, label=name)
        ax.set(xlabel="step", ylabel="loss" if floor == 0 else "loss above the minimum")
        ax.legend()
    ends = "; ".join(
        f"{name} goes from {p.losses[0]:.3g} to {p.losses[-1]:.3g} in {p.steps} steps" for name, p in paths.items()
    )
    return Picture(figure, f"Loss against step on a logarithmic scale: {ends}.")


def curves(x: Any, parts: Mapping[str, Any], *, labels: Sequence[str] = ("x", "y"), points: Any = None) -> Picture:
    """Several functions of one variable, each a line under its name, with points ``(x, y)`` over them if there are any.

    Used in *From here to backpropagation*.
    """
    if not parts:
        raise InputError("parts is empty; give at least one curve under its name.")
    x = real("x", x)
    lines = {name: real(name, y) for name, y in parts.items()}
    for name, y in lines.items():
        if y.shape != x.shape or y.ndim != 1:
            raise ShapeError(f"x has shape {x.shape} and {name} {y.shape}, but both must be (N,).")
    with styled():
        figure, (ax,) = axes()
        for k, (name, y) in enumerate(lines.items()):
            ax.plot(x, y, ls="--" if k >= len(COLOURS) else "-", label=name)  # the colours begin anew
        if points is not None:
            ax.plot(*real("points", points), "o", ms=5, color=INK)
        ax.set(xlabel=labels[0], ylabel=labels[1])
        figure.legend(loc="outside upper center", ncols=2)  # a curve may go anywhere below it
    spans = ", ".join(f"{name} between {y.min():.3g} and {y.max():.3g}" for name, y in lines.items())
    dots = "" if points is None else f" With {len(points[0])} points."
    return Picture(figure, f"Against {labels[0]} from {x.min():.3g} to {x.max():.3g}: {spans}.{dots}")


def predicted(Y: Any, Y_hat: Any, *, label: str = "target", unit: str = "") -> Picture:
    """Predicted against actual, with the line on which they are equal; a density of hexagons above 500 samples.

    Used in the chapter *The housing data*.
    """
    Y, Y_hat = real("Y", Y), real("Y_hat", Y_hat)
    if Y.shape != Y_hat.shape or Y.ndim != 1:
        raise ShapeError(f"Y has shape {Y.shape} and Y_hat {Y_hat.shape}, but both must be (N,).")
    ends = [min(Y.min(), Y_hat.min()), max(Y.max(), Y_hat.max())]
    with styled():
        figure, (ax,) = axes(5.2, 4.6)
        if len(Y) > _CROWD:
            density(ax, Y, Y_hat, gridsize=45)
        else:
            ax.plot(Y, Y_hat, "o", color=GREEN, ms=5, alpha=0.7)
        ax.plot(ends, ends, color=GREY, lw=1.5)
        ax.set(xlabel=f"actual {label}{unit and f' ({unit})'}", ylabel=f"predicted {label}{unit and f' ({unit})'}")
    below = float((Y_hat < Y).mean())
    return Picture(
        figure,
        f"Predicted against actual {label} for {len(Y)} samples; correlation {_correlation(Y, Y_hat, 3)}, "
        f"{below:.0%} of the predictions are too low.",
    )


def _correlation(x: Array, y: Array, digits: int) -> str:
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return "not defined (one of the two is constant)"
    return f"{np.corrcoef(x, y)[0, 1]:.{digits}f}"


def features(X: Any, y: Any, names: Sequence[str], *, label: str, unit: str = "") -> Picture:
    """The target against each feature, side by side, as densities. Used in the chapter *The housing data*."""
    X, y = inputs(X), targets(inputs(X), y)
    if y.ndim != 1 or len(names) != X.shape[1]:
        raise ShapeError(
            f"X has shape {X.shape}, y {y.shape} and there are {len(names)} names, but y must be (N,) "
            "and every feature needs its name."
        )
    upright, strengths = f"{label}{unit and f' ({unit})'}", [_correlation(x, y, 2) for x in X.T]
    together, panels = axes(2.2 * X.shape[1], 2.6, columns=X.shape[1])
    parts = []
    for x, name, strength, panel in zip(X.T, names, strengths, panels, strict=True):
        alone, (ax,) = axes(2.2, 2.6)
        for each in (panel, ax):
            with styled():
                density(each, x, y, gridsize=24)
                each.set(xlabel=name, ylabel=upright)
                each.locator_params(nbins=4)
        parts.append(Picture(alone, f"{label} against {name}; correlation {strength}."))
    said = ", ".join(f"{name} {strength}" for name, strength in zip(names, strengths, strict=True))
    return Panels(together, f"{label} against each feature; correlations: {said}.", tuple(parts))


def matrices(parts: Mapping[str, Any], *, numbers: bool = True) -> Picture:
    """Matrices side by side as coloured cells with their numbers: blue positive, orange negative, empty zero.

    Used in the chapter *Many outputs*.
    """
    blocks = {name: np.atleast_2d(real(name, A)) for name, A in parts.items()}
    if not blocks or any(A.ndim > 2 for A in blocks.values()):
        given = ", ".join(f"{name} {A.shape}" for name, A in blocks.items()) or "nothing"
        raise ShapeError(f"parts holds {given}, but matrices of two axes are expected, one at least.")
    with styled():
        widths = [A.shape[1] for A in blocks.values()]
        figure, _ = axes(0.36 * sum(widths) + 0.4 * len(widths), 0.36 * max(A.shape[0] for A in blocks.values()) + 0.6)
        figure.clear()
        grid = figure.add_gridspec(1, len(blocks), width_ratios=widths)
        for k, (name, A) in enumerate(blocks.items()):
            ax = figure.add_subplot(grid[k])
            limit = np.abs(A).max() or 1.0
            ax.imshow(A, cmap=_SIGNED, vmin=-1.6 * limit, vmax=1.6 * limit)
            for (row, column), value in np.ndenumerate(A) if numbers else ():
                ax.text(
                    column,
                    row,
                    _short(float(value)),
                    ha="center",
                    va="center",
                    fontsize=10,
                    alpha=0.35 if value == 0 else 1,
                )
            ax.set(xticks=[], yticks=[], title=name.replace(", ", "\n"))
    sizes = ", ".join(
        f"{name} {A.shape[0]} x {A.shape[1]} with {np.count_nonzero(A)} entries not zero" for name, A in blocks.items()
    )
    return Picture(figure, f"Matrices as coloured cells: {sizes}.")


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def projection(X: Any, y: Any) -> Picture:
    """Three samples, two columns: y, its projection Xw on the plane of the columns, and the residual at a right angle.

    Parameters
    ----------
    X : (3, 2) array of rank 2      y : (3,) array

    Used in the chapter *Closed form*.
    """
    X = inputs(X)
    y = targets(X, y)
    if X.shape != (3, 2) or y.shape != (3,):
        raise ShapeError(
            f"X has shape {X.shape} and y {y.shape}, but (3, 2) and (3,) are expected: three dimensions can be drawn."
        )
    y_hat = fit(X, y, intercept=False).predict(X)
    residual = y - y_hat
    with styled():
        figure, (ax,) = axes(5.4, 4.4, projection="3d")
        _draw_plane(ax, X, y_hat)
        for end, colour in ((y, GREEN), (y_hat, RED), (X[:, 0], BLUE), (X[:, 1], BLUE)):
            ax.plot(*zip((0, 0, 0), end, strict=True), color=colour)
        ax.plot(*zip(y_hat, y, strict=True), color=PURPLE, ls="--")
        _draw_right_angle(ax, y_hat, residual)
        _look_along(ax, np.cross(y_hat, residual), residual, np.vstack([X.T, y, y_hat, np.zeros(3)]))
        _name_vectors(ax, X, y, y_hat)
    angle = abs(float(X[:, 0] @ (y - y_hat))) + abs(float(X[:, 1] @ (y - y_hat)))
    return Picture(
        figure,
        f"The target y, a vector in three dimensions, drops at a right angle onto the plane of the two columns of X; "
        f"it lands on Xw. The residual's inner products with the columns add up to {angle:.1e}.",
    )


def _name_vectors(ax: Any, X: Array, y: Array, y_hat: Array) -> None:
    """Names beside the ends, on the side where nothing is drawn; called when it is known from where one looks."""
    ends = np.vstack([np.zeros(3), y_hat, (y + y_hat) / 2, y, X.T]).T
    origin, foot, middle, top, *columns = np.column_stack(proj3d.proj_transform(*ends, ax.get_proj())[:2])
    _beside(ax, top, "y", (0, 6), ha="center", va="bottom")
    _beside(ax, foot, "Xw*", (8, 0), ha="left", va="center")
    _name_line(ax, middle, "y − Xw*", along=top - foot, away=middle - origin)
    for k, (end, other) in enumerate(zip(columns, reversed(columns), strict=True), start=1):
        _name_line(ax, end, f"column {k}", along=end - origin, away=end - other)


def _name_line(ax: Axes, point: Array, name: str, *, along: Array, away: Array) -> None:
    """A name across from a line, on one of its sides."""
    across = np.array([along[1], -along[0]]) / np.linalg.norm(along)
    across *= np.sign(across @ away)
    _beside(ax, point, name, tuple(8 * across), ha=_side(across[0], "right left"), va=_side(across[1], "top bottom"))


def _side(along: float, sides: str) -> str:
    """Where a name is held that is moved so far along an axis: at the end that it turns to what it names."""
    low, high = sides.split()
    return "center" if abs(along) < 0.3 else high if along > 0 else low


def _beside(ax: Axes, point: Any, name: str, offset: tuple[float, float], *, ha: Any, va: Any) -> None:
    """A name some points away from what it names."""
    ax.annotate(name, tuple(point), xytext=offset, textcoords="offset points", ha=ha, va=va)


def _draw_plane(ax: Any, X: Array, y_hat: Array) -> None:
    """The plane of the columns, as far as the columns and the projection reach."""
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    Q, _ = np.linalg.qr(X)
    inside = Q.T @ np.column_stack([X, y_hat, np.zeros(3)])
    low, high = inside.min(axis=1), inside.max(axis=1)
    room = 0.15 * (high - low).max()
    (a, b), (c, d) = low - room, high + room
    corners = [Q @ np.array(corner) for corner in ((a, b), (c, b), (c, d), (a, d))]
    ax.add_collection3d(Poly3DCollection([np.array(corners)], facecolor=BLUE, alpha=0.15))


def _draw_right_angle(ax: Any, y_hat: Array, residual: Array) -> None:
    """The small square between the projection and the residual."""
    lengths = np.linalg.norm(y_hat), np.linalg.norm(residual)
    if min(lengths) == 0:
        return
    side = 0.15 * min(lengths)
    back, up = -side * y_hat / lengths[0], side * residual / lengths[1]
    ax.plot(*np.array([y_hat + back, y_hat + back + up, y_hat + up]).T, color=GREY, lw=1.2)


def _look_along(ax: Any, along: Array, up: Array, points: Array) -> None:
    """Look along a direction, a little from above; one unit is as long on every axis."""
    eye = along / (np.linalg.norm(along) or 1) + 0.3 * up / (np.linalg.norm(up) or 1)
    eye = eye if np.linalg.norm(eye) else np.ones(3)
    eye = eye / np.linalg.norm(eye)
    ax.view_init(elev=float(np.degrees(np.arcsin(eye[2]))), azim=float(np.degrees(np.arctan2(eye[1], eye[0]))))
    middle, radius = (points.max(axis=0) + points.min(axis=0)) / 2, 0.55 * np.ptp(points, axis=0).max()
    ax.set(**{f"{name}lim": (m - radius, m + radius) for name, m in zip("xyz", middle, strict=True)})
    ax.set_box_aspect((1, 1, 1))
    ax.set_axis_off()
