"""One look for every figure: vector drawings that take their ink from the page, so that light and dark both fit.

A :class:`Picture` is a matplotlib figure with a sentence that says what it shows. In a notebook or on a page it is
inline SVG whose text and axes are drawn in ``currentColor`` and in the page's own face. One colour an object, as in
formulas and controls: on a page of the book the page's own (book.css), anywhere else the ones below, which keep a
contrast of 3:1 on white and on near-black, and stay apart for colour-blind readers (after Okabe and Ito).
"""

import hashlib
import html
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

BLUE, RED, GREEN, PURPLE, GREY = "#1f7ac4", "#d55e00", "#009e73", "#b0609a", "#7d7d7d"
GOLD = "#8a7400"
COLOURS = (BLUE, RED, GREEN, PURPLE, GREY)
OF = {BLUE: "X", RED: "w", GREEN: "y", PURPLE: "r", GOLD: "g"}  # data and loss, weights, targets, residuals, gradient
INK = "#0b0c0d"
_STRENGTHS = LinearSegmentedColormap.from_list("strengths", [to_rgba(GREEN, a) for a in (0.3, 0.5, 0.95)])
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lrcore",
    "font.family": "sans-serif",
    "font.size": 13,  # 10 px where the column of a phone shrinks a drawing of six inches
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 13,
    "axes.formatter.useoffset": False,
    "axes.prop_cycle": cycler(color=COLOURS),
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "path.simplify_threshold": 0.5,
}


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure and the sentence that stands for it where it cannot be seen."""

    figure: Figure
    alt: str

    def svg(self, *, cropped: bool = True) -> str:
        """The figure as an ``<svg>`` element, ready to stand in a page, without the empty room around what is drawn."""
        buffer = io.StringIO()
        with mpl.rc_context(_STYLE):
            part = _inked(self.figure) if cropped else None
            self.figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None}, bbox_inches=part)
        self.figure.set_layout_engine("none")  # the layout stands; drawn again it would move by a hair
        return _for_a_page(buffer.getvalue(), self.alt)

    def save(self, path: str | Path) -> None:
        """Write the figure to a file; its ending decides the format."""
        with mpl.rc_context(_STYLE):
            self.figure.savefig(path)

    def _repr_html_(self) -> str:
        return f'<figure class="lr-figure">{self.svg()}</figure>'

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"


@dataclass(frozen=True, eq=False, repr=False)
class Panels(Picture):
    """Small pictures of one kind: side by side as a drawing, and on a page in as many rows as its width asks for."""

    parts: tuple[Picture, ...] = ()

    def _repr_html_(self) -> str:
        look = "display:grid;grid-template-columns:repeat(auto-fill,minmax(min(13em,45%),1fr));gap:0.5em"
        shown = "".join(part.svg(cropped=False) for part in self.parts)
        return f'<figure class="lr-figure" style="{look}">{shown}</figure>'


def _inked(figure: Figure) -> Bbox:
    """The part of a figure that is drawn on, in inches: what is in three dimensions leaves much room around it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", transparent=True, dpi=72)
    figure.set_layout_engine("none")  # the layout stands; drawn again it would move by a hair
    width, height = (int(72 * side) for side in figure.get_size_inches())
    seen = np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)[..., 3] > 0
    rows, columns = (np.flatnonzero(seen.any(axis=axis)).tolist() for axis in (1, 0))
    edges = (columns[0] - 3, height - rows[-1] - 4, columns[-1] + 4, height - rows[0] + 3)
    return Bbox.from_extents(*(edge / 72 for edge in edges))


def _for_a_page(svg: str, alt: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)  # its style hits the page too
    svg = re.sub(r"font-family: [^;\"]*(; )?", "", svg).replace(INK, "currentColor")
    svg = re.sub("|".join(OF), lambda found: f"var(--of-{OF[found[0]]}, {found[0]})", svg)
    svg = re.sub(r' d="[^"]*"', lambda path: re.sub(r"\d+\.\d{3,}", _rounded, path[0]), svg)
    svg = _own_ids(svg, hashlib.sha256((svg + alt).encode()).hexdigest()[:6])
    _, _, width, height = re.search(r'viewBox="([^"]*)"', svg)[1].split()  # type: ignore[index]
    size = f'width="{float(width) * 4 / 3:.0f}" height="{float(height) * 4 / 3:.0f}"'
    opening = f'<svg role="img" aria-label="{html.escape(alt)}" viewBox="0 0 {width} {height}" {size} '
    opening += 'style="max-width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt;'
    opening += 'font-family:var(--pst-font-family-heading, sans-serif)" '
    opening += 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    return opening + re.sub(r"\s*\n\s*", " ", svg[svg.index(">") + 1 :]).strip()


def _rounded(number: re.Match[str]) -> str:
    """A coordinate to a hundredth of a point: what lies beyond cannot be seen, and is a third of a drawing's weight."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _own_ids(svg: str, prefix: str) -> str:
    """Drop the ids that nothing refers to and make the others this figure's own: a page holds many figures."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in used else "", svg)
    return re.sub(r'((?:href="|url\()#)([^")]+)', rf"\g<1>{prefix}-\g<2>", svg)


def axes(
    width: float = 6.0, height: float = 3.6, *, columns: int = 1, layout: Any = "constrained", **kwargs: Any
) -> tuple[Figure, list[Axes]]:
    """A new figure of this size in inches in the book's look, with its axes side by side."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout=layout)
        return figure, [figure.add_subplot(1, columns, k + 1, **kwargs) for k in range(columns)]


def styled() -> Any:
    """Context in which artists take the book's look; draw inside it."""
    return mpl.rc_context(_STYLE)


def density(ax: Axes, x: Any, y: Any, *, gridsize: int) -> None:
    """Draw a crowd of points as hexagons, stronger where there are more; a single point is seen."""
    ax.hexbin(x, y, gridsize=gridsize, bins="log", cmap=_STRENGTHS, mincnt=1, linewidths=0)
