"""The book's five colours, one an object: seen on their ground, and told apart by colour-blind eyes."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

STYLE = Path(__file__).resolve().parents[1] / "book" / "_static" / "book.css"
OBJECTS = ("X", "w", "y", "r", "g")
# How colours look without one kind of cones (Machado, Oliveira and Fernandes 2009, severity 1), on linear RGB.
EYES = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
LMS = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
LAB = [
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
]
APART = 0.07  # in Oklab, where black and white are 1 apart


def colours(theme):
    block = re.search(rf'html\[data-theme="{theme}"\] {{\n  --of-X.*?}}', STYLE.read_text(), re.DOTALL)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def linear(code):
    c = np.array([int(code[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    dark, light = sorted(float(linear(code) @ [0.2126, 0.7152, 0.0722]) for code in (one, other))
    return (light + 0.05) / (dark + 0.05)


def seen(code, eyes):
    """In Oklab, by these eyes."""
    return np.array(LAB) @ np.cbrt(np.array(LMS) @ np.clip(np.array(eyes) @ linear(code), 0, 1))


def distance(one, other, eyes):
    return float(np.linalg.norm(seen(one, eyes) - seen(other, eyes)))


@pytest.mark.parametrize(("canvas", "theme"), [("light", "dark"), ("dark", "light")])
def test_on_a_canvas_of_the_readers_own_the_colours_are_those_of_its_theme(canvas, theme):
    start = f'(forced-colors: active) and (prefers-color-scheme: {canvas}) {{\n  html[data-theme="{theme}"] {{'
    block = STYLE.read_text().partition(start)[2].partition("}")[0]
    of = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    assert of == {name: code for name, code in colours(canvas).items() if name.startswith("of-")}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_colour_is_read_on_the_page_on_sheets_and_on_surfaces(theme):
    found = colours(theme)
    for ground in ("pst-color-background", "pst-color-surface", "book-sheet"):
        for name in [*(f"of-{one}" for one in OBJECTS), "book-right", "book-wrong", "pst-color-text-muted"]:
            assert contrast(found[name], found[ground]) >= 4.5, (name, ground)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_two_objects_look_alike(theme, eyes):
    found = colours(theme)
    near = {(a, b): distance(found[f"of-{a}"], found[f"of-{b}"], EYES[eyes]) for a, b in combinations(OBJECTS, 2)}
    assert min(near.values()) >= APART, min(near, key=near.get)


def test_red_and_green_of_one_lightness_would_be_found_alike():
    assert distance("#b53a00", "#5f6b00", EYES["protanopia"]) < APART


def test_a_way_of_solving_has_one_colour_in_the_control_and_in_every_plot_of_its_chapter():
    root = STYLE.parents[2]
    chapter = (root / "book" / "costs.md").read_text(encoding="utf-8")
    solvers = re.search(r"\nsolvers = {\n(.*?)\n}", chapter, re.DOTALL)[1]
    orders = [re.findall(r'^ +"(\w+)":', solvers, re.MULTILINE)]
    orders.append(re.findall(r'"(\w+)"', re.search(r"\nnoisy = .*", chapter)[0]))
    control = (root / "lrcore" / "widgets" / "front" / "digits.js").read_text(encoding="utf-8")
    colours_there = dict(re.findall(r'(\w+): "var\(--lr-(\w+)\)"', re.search(r"const COLOURS = .*", control)[0]))
    assert colours_there == {"Cholesky": "red", "QR": "blue", "fit": "green"}
    cycle = ("blue", "red", "green", "purple", "grey")  # lrcore/figures/look.py
    for order in orders:
        assert len(order) >= 4
        assert {name: cycle[k] for k, name in enumerate(order) if name in colours_there} == colours_there
