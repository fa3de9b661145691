"""Descent, step by step, under three learning rates.

Every frame is drawn by ``lrcore`` beforehand and the controls are linked in the page itself, so that the same widget
moves on a plain page, without Python, and in JupyterLab.
"""

from collections.abc import Sequence
from typing import Any
from warnings import catch_warnings, simplefilter

import ipywidgets as widgets
import numpy as np

from lrcore.descent import Path, descend, rates
from lrcore.loss import loss
from lrcore.picture import BLUE, COLOURS, GREEN, RED, Picture, axes, styled
from lrcore.plots import draw_contours, draw_line
from lrcore.shapes import Array, count, inputs, targets


def descent_control(
    X: Any, Y: Any, *, start: tuple[Any, Any] | None = None, intercept: bool = True, steps: int = 12
) -> widgets.VBox:
    """Play descent on this data: three rates to choose from, a slider over the steps, play and pause.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array
    start : (W, b) to start from, by default zeros      steps : how many to show

    Returns
    -------
    an ipywidgets box: with one feature and one output it shows the data with the line, and the loss surface with the
    path (a parabola where there is no intercept); otherwise the weights as bars and the loss.

    Used in every chapter that descends.
    """
    X = inputs(X)
    Y = targets(X, Y)
    steps = count("steps", steps)
    chosen = rates(X, intercept=intercept, D=Y[0].size)
    options = {"careful": 0.35 * chosen.best, "best": chosen.best, "too large": 1.08 * chosen.largest}
    step = widgets.IntSlider(value=0, min=0, max=steps, description="step")
    play = widgets.Play(value=0, min=0, max=steps, interval=500, description="play")
    widgets.jslink((play, "value"), (step, "value"))
    films = []
    for rate in options.values():
        with catch_warnings():
            simplefilter("ignore")
            path = descend(X, Y, rate=rate, steps=steps, start=start, intercept=intercept, progress=False)
        frames = [widgets.HTML(_frame(X, Y, path, t, intercept)._repr_html_()) for t in range(path.steps + 1)]
        film = widgets.Stack(frames + frames[-1:] * (steps - path.steps), selected_index=0)
        widgets.jslink((step, "value"), (film, "selected_index"))
        films.append(film)
    choice = widgets.ToggleButtons(
        options=[f"{name}: {rate:.3g}" for name, rate in options.items()], index=1, description="rate"
    )
    screen = widgets.Stack(films, selected_index=1)
    widgets.jslink((choice, "index"), (screen, "selected_index"))
    return widgets.VBox([choice, widgets.HBox([play, step]), screen])


def _frame(X: Array, Y: Array, path: Path, t: int, intercept: bool) -> Picture:
    draw = _frame_of_line if X.shape[1] == 1 and Y.ndim == 1 else _frame_of_bars
    with styled():
        figure, panels = axes(7.2, 3.1, columns=2, layout="none")
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.16, top=0.9, wspace=0.25)
        said = draw(panels, X, Y, path, t, intercept)
    return Picture(figure, f"Step {t}: loss {path.losses[t]:.4g}, {said}.")


def _frame_of_line(panels: Sequence[Any], X: Array, y: Array, path: Path, t: int, intercept: bool) -> str:
    w, b = path.W[t], path.b[t]
    draw_line(panels[0], X, y, w, b, squares=False)
    span = np.ptp(y) + 1.0
    panels[0].set(
        xlabel="x", ylabel="y", ylim=(y.min() - span, y.max() + span), title=f"step {t}: loss {path.losses[t]:.4g}"
    )
    if intercept:
        draw_contours(panels[1], X, y, path, fine=25)
        for drawn in list(panels[1].lines):
            if drawn.get_marker() == "o":
                drawn.set_data(path.W[: t + 1, 0], path.b[: t + 1])
    else:
        _parabola(panels[1], X, y, path, t)
    return f"w = {w[0]:.4g}, b = {float(b):.4g}"


def _parabola(ax: Any, X: Array, y: Array, path: Path, t: int) -> None:
    b, centre = float(path.b[0]), float((X[:, 0] * (y - path.b[0])).sum() / (X[:, 0] ** 2).sum())
    reach = 1.15 * abs(float(path.W[0, 0]) - centre) + 0.5
    w = np.linspace(centre - reach, centre + reach, 41)
    ax.plot(w, [loss(X, y, np.array([v]), b) for v in w], color=BLUE, lw=1.5)
    ax.plot(path.W[: t + 1, 0], path.losses[: t + 1], "o-", color=RED, ms=4, lw=1)
    ax.set(xlabel="w", ylabel="L", xlim=(centre - reach, centre + reach), ylim=(0, 1.2 * max(path.losses[0], 0.1)))


def _frame_of_bars(panels: Sequence[Any], X: Array, Y: Array, path: Path, t: int, intercept: bool) -> str:
    W = path.W.reshape(len(path.W), X.shape[1], -1)
    M, D = W.shape[1:]
    limit = 1.1 * np.abs(W[np.isfinite(W).all(axis=(1, 2))][: t + 2]).max(initial=1.0)
    for j in range(D):
        panels[0].bar(
            np.arange(M) + (j - (D - 1) / 2) * 0.8 / D,
            W[t, :, j],
            0.8 / D,
            color=COLOURS[j % 5],
            label=f"output {j + 1}",
        )
    panels[0].set(xlabel="feature", ylabel="weight", ylim=(-limit, limit), xticks=range(M), xticklabels=range(1, M + 1))
    panels[0].set_title(f"step {t}: loss {path.losses[t]:.4g}")
    if D > 1:
        panels[0].legend(fontsize=8)
    panels[1].semilogy(path.losses, color=GREEN, lw=1, alpha=0.5)
    panels[1].semilogy(path.losses[: t + 1], "o-", color=RED, ms=4, lw=1.5)
    panels[1].set(xlabel="step", ylabel="loss")
    panels[1].minorticks_off()
    return f"largest weight {np.abs(W[t]).max():.4g}"
