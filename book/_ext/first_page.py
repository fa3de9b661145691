"""The first page: a derivation that the checker mends, descent beside it, and a picture of each chapter.

The line of verdicts is what ``lrcore.checker`` says while the book is built, and descent is ``lrcore.descent``'s. The
page moves through them (``_static/opening.js``); where nothing runs, or nobody wants motion, it shows the last state.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from docutils import nodes
from docutils.parsers.rst import Directive
from markupsafe import Markup
from sphinx.application import Sphinx
from templates import filled

from lrcore.checker.service import answer
from lrcore.descent import descend, rates
from lrcore.widgets.checker import DerivationChecker
from lrcore.widgets.problem import describe

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
PICTURED = re.compile(r'<div class="[^"]*\bpicture-([\w-]+)[^"]*">')

DOORS = ("check", "question", "teaching")

DERIVATION = r"""\nabla_w L = \left(\frac{\partial r}{\partial w}\right)^\top \nabla_r L
  = X^\top \nabla_r L
  = \frac1N X^\top r"""

X = np.array([[0.2], [0.7], [1.1], [1.6], [2.1], [2.6], [3.0]])
Y = np.array([1.3, 0.7, 1.9, 1.3, 2.6, 2.2, 3.4])
START = (np.array([-0.25]), 3.65)
STEPS = 30
SHARE = 0.93  # of the largest stable rate: the path swings from side to side of the valley and stays in it
WIDTH, HEIGHT = 320, 172  # of each drawing
LONGEST, HEAD = 80, 8  # the arrow against the gradient at the start, in units of the drawing
DATA = ((-0.25, 3.45), (-0.35, 3.95))
BOWL = ((-1.35, 2.55), (-0.85, 3.95))  # the weight to the right, the bias upwards


class opening_here(nodes.General, nodes.Element):
    """Where the first screen goes."""


class OpeningHere(Directive):
    """``{opening}``: the first screen."""

    def run(self) -> list[nodes.Node]:
        return [opening_here()]


# ---------------------------------------------------------------------- the derivation


@cache
def derivation() -> dict[str, Any]:
    """The lines with their verdicts, the numbers that refute one, the change that mends it, and what is said then."""
    checker = DerivationChecker(DERIVATION, start="samples")
    steps = checker.answer["steps"]
    wrong = steps[checker.answer["first_wrong"]]
    repair = wrong["repair"]
    mended = checker.text[: repair["from"]] + repair["text"] + checker.text[repair["to"] :]
    better = DerivationChecker(mended, start="samples").answer["steps"]
    if any(step["verdict"] != "PROVED" for step in better) or wrong["verdict"] != "REFUTED":
        raise AssertionError("The first page shows a mistake that one change mends; the checker no longer says so.")
    reasons = json.loads(answer(json.dumps({"do": "why", "state": {"text": mended, "rows": checker.rows}})))["reasons"]
    lines = [line(step, why) for step, why in zip(better, reasons, strict=True)]
    *right, last = lines
    return {
        "right": right,
        "wrong": {**line(wrong, None), "numbers": numbers(wrong["example"]), "repair": repair["says"]},
        "mended": last,
        "live": Markup(checker._plain_page()),
    }


def line(step: dict[str, Any], why: dict[str, Any] | None) -> dict[str, Any]:
    left, _, right = step["latex"].partition("=")
    rules = list(dict.fromkeys(why["rules"])) if why else []
    return {
        "left": formula(left) if left.strip() else "",
        "right": formula(f"= {right}"),
        "word": step["word"],
        "by": rules[-1] if rules else "",
    }


def formula(latex: str) -> Markup:
    r"""A formula that the build typesets, as in text; \displaystyle, for it stands on a line of its own."""
    return Markup(r'<span class="math notranslate nohighlight">\(\displaystyle {}\)</span>').format(latex.strip())


def numbers(example: dict[str, Any]) -> dict[str, Any]:
    """The counterexample, whose arrays have one entry each."""
    sizes = " = ".join([*(one["name"] for one in example["sizes"]), str(example["sizes"][0]["value"])])
    values = ", ".join(f"{one['latex']} = {one['rows'][0][0]}" for one in example["values"])
    return {
        "sizes": inline(sizes),
        "given": inline(values),
        "left": inline(str(example["left"][0][0])),
        "right": inline(str(example["right"][0][0])),
    }


def inline(latex: str) -> Markup:
    return Markup(r'<span class="math notranslate nohighlight">\({}\)</span>').format(latex)


# ---------------------------------------------------------------------- descent


def place(x: float, y: float, domain: Any) -> tuple[float, float]:
    """A point of a drawing, in its units."""
    (left, right), (low, high) = domain
    return round(WIDTH * (x - left) / (right - left), 2), round(HEIGHT * (high - y) / (high - low), 2)


@cache
def descent() -> dict[str, Any]:
    """Where descent goes, what its last state looks like, and what the page needs to go there itself."""
    rate = float(f"{SHARE * rates(X).largest:.3f}")
    path = descend(X, Y, rate=rate, steps=STEPS, start=START, progress=False)
    walked = [place(float(W.item()), float(b), BOWL) for W, b in zip(path.W, path.b, strict=True)]
    w, b = float(path.W[-1].item()), float(path.b[-1])
    state = {
        "problem": describe(X, Y[:, None], intercept=True, seed=0, names=(None, None)),
        "setting": {"rate": rate, "convention": "mean", "steps": STEPS},
        "start": [[START[1]], [float(START[0][0])]],
        "data": DATA,
        "bowl": BOWL,
        "size": [WIDTH, HEIGHT],
    }
    return {
        "state": Markup(json.dumps(state).replace("<", "\\u003c")),
        "samples": [sample(float(x), float(y), w, b) for x, y in zip(X[:, 0], Y, strict=True)],
        "line": [place(x, w * x + b, DATA) for x in DATA[0]],
        "walked": " ".join(f"{x},{y}" for x, y in walked),
        "downhill": arrow(*walked[:2]),
        "here": walked[-1],
        "start": walked[0],
        "contours": contours(),
        "losses": [float(path.losses[0]), float(path.losses[-1])],
        "steps": STEPS,
        "width": WIDTH,
        "height": HEIGHT,
    }


def arrow(here: tuple[float, float], then: tuple[float, float]) -> str:
    """Against the gradient at the start, as ``opening.js`` draws it."""
    (x, y), way = here, np.subtract(then, here)
    (u, v), head = way / np.hypot(*way), HEAD
    p, q = x + LONGEST * u, y + LONGEST * v
    sides = [f"{p - head * (u + 0.6 * k * v):.2f} {q - head * (v - 0.6 * k * u):.2f}" for k in (1, -1)]
    return f"M{x} {y}L{p:.2f} {q:.2f}M{sides[0]}L{p:.2f} {q:.2f}L{sides[1]}"


def sample(x: float, y: float, w: float, b: float) -> dict[str, float]:
    """A data point, and the square of its residual beside it: to the left where the prediction is too high."""
    (across, up), (_, predicted) = place(x, y, DATA), place(x, w * x + b, DATA)
    side = round(abs(up - predicted), 2)
    return {
        "x": across, "y": up, "side": side, "top": min(up, predicted),
        "left": round(across - side, 2) if predicted < up else across,
    }  # fmt: skip


def contours() -> list[str]:
    """Transforms that make of the unit circle the lines on which the loss is constant."""
    A = np.c_[np.ones(len(X)), X]
    b, w = np.linalg.lstsq(A, Y, rcond=None)[0]
    values, vectors = np.linalg.eigh(A.T @ A / len(X))
    scale = np.array([[0, WIDTH / (BOWL[0][1] - BOWL[0][0])], [-HEIGHT / (BOWL[1][1] - BOWL[1][0]), 0]])
    middle = place(w, b, BOWL)
    found = []
    for level in (0.02, 0.12, 0.4, 0.95, 1.9, 3.3, 5.2):
        (a, c), (d, e) = scale @ vectors * np.sqrt(level / values)
        found.append(f"matrix({a:.2f} {d:.2f} {c:.2f} {e:.2f} {middle[0]} {middle[1]})")
    return found[::-1]


# ---------------------------------------------------------------------- the page


def open_book(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for here in list(doctree.findall(opening_here)):
        doors = {name: app.builder.get_relative_uri(docname, f"book/{name}") for name in DOORS}
        text = filled(HERE / "first_page.html.jinja", found=derivation(), way=descent(), doors=doors)
        here.replace_self(nodes.raw("", text, format="html"))


def dress(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give the first page its style and script, each of its cards the picture of its chapter, and the chapter too."""
    if page != app.config.root_doc:
        name = Path(page).name.replace("_", "-")
        if (PICTURES / f"{name}.svg").is_file():
            drawn = f'<div class="chapter-picture">{picture(name)}</div>'
            context["body"] = context["body"].replace("<h1>", f"{drawn}<h1>", 1)
        return
    app.add_css_file("opening.css")
    app.add_js_file("opening.js", type="module")
    context["body"] = PICTURED.sub(lambda card: card[0] + picture(card[1]), context["body"])


@cache
def picture(name: str) -> str:
    drawing = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    return drawing.replace("<svg ", '<svg class="picture" aria-hidden="true" ', 1)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(opening_here)
    app.add_directive("opening", OpeningHere)
    app.connect("doctree-resolved", open_book)
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
