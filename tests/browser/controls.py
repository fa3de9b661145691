"""A page that holds every control of the book, and what is asked of it."""

import shutil
from pathlib import Path

import numpy as np

import lrcore.widgets
from lrcore.data import synthetic
from lrcore.widgets import (
    Backpropagation,
    Columns,
    Conditioning,
    ConfidenceIntervals,
    DescentPlayer,
    DigitsLeft,
    GradientDissector,
    Houses,
    JacobianExplorer,
    Partials,
    Product,
    RowByRow,
    Samples,
    Secant,
    Standardising,
)

LINE = synthetic(12, 1, noise=0.5, seed=3)
MANY = synthetic(30, 2, 3, noise=0.2, seed=8)
WEIGHTS = {"W1": [[0.5, -1.0], [1.0, 0.5]], "b1": [0.0, 0.25], "W2": [[1.0], [-0.5]], "b2": [0.1]}
FRONT = Path(lrcore.widgets.__file__).parent / "front"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>controls</title><link rel="icon" href="data:,"><body style="margin:8px">
<script type="module" src="front/mount.js"></script>{}
<script>
const wanted = location.hash.slice(1);
for (const one of document.querySelectorAll("body > div")) if (wanted && one.id !== wanted) one.remove();
</script>
</body></html>"""


def made():
    """The controls of the page, by name; the ones in Python answer what the ones in the page should say."""
    return {
        "parabola": DescentPlayer([[2.0]], [3.0], start=([-1.0], 0.0), intercept=False, rate=0.05, steps=20),
        "line": DescentPlayer(LINE.X, LINE.Y, start=([-1.0], -1.5), minimum=True),
        "outputs": DescentPlayer(MANY.X, MANY.Y, intercept=False, steps=30),
        "features": DescentPlayer(MANY.X, MANY.Y[:, 0], steps=30),
        "dissector": GradientDissector(MANY.X[:5], MANY.Y[:5]),
        "explorer": JacobianExplorer(np.arange(1.0, 13.0).reshape(4, 3), 2),
        "conditioning": Conditioning(MANY.X),
        "standardising": Standardising(1 + LINE.X[:, 0] ** 2, feature="size"),
        "digits": DigitsLeft(),
        "intervals": ConfidenceIntervals(),
        "samples": Samples(LINE.X[:5], LINE.Y[:5], w=-0.5, b=1.0),
        "columns": Columns(),
        "secant": Secant(2.0, 3.0, w=0.25),
        "partials": Partials(s=1.0, t=0.5),
        "product": Product([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]], [[1.0, 0.0], [2.0, 1.0], [0.0, 4.0]]),
        "rows": RowByRow([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]], [0.0, 5.0, -1.0], [1.0, 1.0]),
        "houses": Houses(MANY.X[:9], MANY.Y[:9, 0], row=4, features=["rooms", "size"], names=["row 4", "price", "USD"]),
        "network": Backpropagation(MANY.X[:3], MANY.Y[:3, :1], **WEIGHTS),
    }


def write(site):
    """Put the page and what it loads into a folder."""
    shutil.copytree(FRONT, site / "front")
    shown = (f'<div id="{name}">{widget._repr_mimebundle_()[0]["text/html"]}</div>' for name, widget in made().items())
    (site / "index.html").write_text(PAGE.replace("{}", "\n".join(shown)))


def state(page, name, key):
    return page.evaluate("([name, key]) => document.querySelector(`#${name} lr-control`).model.get(key)", [name, key])


def said(page, name):
    return page.locator(f"#{name} .lr-said").inner_text().replace("−", "-")
