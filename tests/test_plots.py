"""The figures: what is drawn is what the numbers say, and a page gets a well-formed drawing with its sentence."""

import io
import re
import warnings
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.path import Path as Outline
from mpl_toolkits.mplot3d import proj3d
from scipy import special

import lrcore as lr
from lrcore import plots
from lrcore.closed_form import fit
from lrcore.data import housing, synthetic
from lrcore.descent import descend, rates
from lrcore.errors import InputError, ShapeError
from lrcore.figures import diagnostics
from lrcore.figures.look import BLUE, COLOURS, GOLD, GREEN, GREY, INK, OF, PURPLE, RED, Picture, axes
from lrcore.losses import loss
from lrcore.model import predict

DATA = synthetic(9, 1, noise=0.5, seed=2)
X, Y = DATA.X, DATA.Y
PATH = descend(X, Y, steps=6, progress=False)
MANY = synthetic(700, 1, seed=3)
CUBE, TARGET = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 3.0]]), np.array([1.0, 3.0, 2.0])


def diverged():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return descend(X, Y, rate=3 * rates(X).largest, steps=200, progress=False)


FIGURES = {
    "line": lambda: plots.line(X, Y, [1.5], 0.5),
    "squares": lambda: plots.line(X, Y, [1.5], 0.5, squares=True),
    "line through a crowd": lambda: plots.line(MANY.X, MANY.Y, [1.5], 0.5),
    "slope": lambda: plots.slope(lambda w: (w - 1) ** 2, 2.0, 2.0),
    "surface": lambda: plots.surface(X, Y),
    "contours": lambda: plots.contours(X, Y),
    "contours with paths": lambda: plots.contours(X, Y, PATH, diverged(), names=["good", "bad"]),
    "convergence": lambda: plots.convergence({"good": PATH, "bad": diverged()}),
    "convergence to the minimum": lambda: plots.convergence({"good": PATH}, floor=PATH.losses[-1]),
    "curves": lambda: plots.curves([0.0, 1.0], {"a": [1.0, 2.0], "b": [2.0, 0.0]}),
    "predicted": lambda: plots.predicted(Y, Y + 0.1, label="price", unit="USD"),
    "predicted crowd": lambda: plots.predicted(MANY.Y, MANY.Y * 1.1),
    "features": lambda: plots.features(CUBE, TARGET, ["one", "two"], label="y", unit="m"),
    "matrices": lambda: plots.matrices({"A": np.eye(3), "b": [1.0, -2.5]}),
    "projection": lambda: plots.projection(CUBE, TARGET),
    "residuals": lambda: plots.residuals(doubted(30), label="price", unit="USD"),
    "residuals of a crowd": lambda: plots.residuals(doubted(700)),
    "quantiles": lambda: plots.quantiles(doubted(60)),
    "scale_location": lambda: plots.scale_location(doubted(60), label="price", unit="USD"),
    "scale_location of a crowd": lambda: plots.scale_location(doubted(700)),
    "leverage": lambda: plots.leverage(doubted(30)),
    "leverage of neighbours": lambda: plots.leverage(lopsided()),
    "leverage of a crowd": lambda: plots.leverage(doubted(700)),
    "partial_regression": lambda: plots.partial_regression(doubted(30), "size", label="price"),
    "partial_regression of a crowd": lambda: plots.partial_regression(doubted(700), 1),
}


def lopsided():
    """A fit of many samples, of which three that lie close together have the largest Cook's distances by far."""
    X = np.random.default_rng(2).normal(size=(60, 2))
    X[:3] = [[4.0, 3.0], [4.02, 3.01], [4.01, 3.02]]
    Y = X @ [1.0, -2.0]
    Y[:3] += [9.0, 9.1, 9.05]
    return fit(X, Y)


def doubted(N, outputs=None, **options):
    """A fit of two named columns whose scatter grows, with one sample far outside."""
    data = synthetic(N, 2, outputs, noise=0.5, seed=N)
    data.X[3] = 6, -7
    Y = data.Y + (np.abs(data.Y) * np.random.default_rng(0).normal(size=data.Y.shape)) / 2
    return replace(fit(data.X, Y, **options), names=("rooms", "size"))


@pytest.fixture(scope="module")
def drawn():
    """Every figure with its drawing, made once."""
    pictures = {name: make() for name, make in FIGURES.items()}
    return {name: (picture, picture.svg()) for name, picture in pictures.items()}


def test_every_function_that_draws_is_in_the_table_of_this_test():
    homes = (plots.__name__, diagnostics.__name__)
    public = {n for n, f in vars(plots).items() if getattr(f, "__module__", "") in homes and n[0] != "_"}
    assert public | {"density"} == set(plots.__all__)
    assert public - {"draw_line", "draw_contours"} <= {name.split()[0] for name in FIGURES}


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_a_sentence_that_stands_for_it(drawn, name):
    picture, svg = drawn[name]
    assert isinstance(picture, Picture) and len(picture.alt) > 30 and picture.alt.endswith(".")
    assert "nan" not in picture.alt and "array(" not in picture.alt
    assert picture.alt[0].isupper() or picture.alt[0].isdigit() or name == "features"  # which begins with the label
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img" and root.get("aria-label") == picture.alt
    assert repr(picture) == f"Picture: {picture.alt}"


@pytest.mark.parametrize("name", FIGURES)
def test_no_two_words_of_a_figure_lie_on_each_other(drawn, name):
    figure = drawn[name][0].figure
    figure.draw_without_rendering()
    legends = [*figure.legends, *filter(None, (ax.get_legend() for ax in figure.axes))]
    texts = [text for ax in figure.axes for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label, ax.title)]
    texts += [text for legend in legends for text in legend.get_texts()]
    boxes = [(one.get_text(), one.get_window_extent()) for one in texts if one.get_text().strip()]
    assert [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.overlaps(two)] == []


def test_curves_beyond_the_colours_are_dashed_so_that_each_has_a_look_of_its_own():
    lines = plots.curves([0.0, 1.0], {str(k): [k, k] for k in range(7)}).figure.axes[0].lines
    assert len({(one.get_color(), one.get_linestyle()) for one in lines}) == 7


@pytest.mark.parametrize("name", FIGURES)
def test_every_drawing_takes_its_ink_from_the_page(drawn, name):
    svg = drawn[name][1]
    assert "currentColor" in svg and "#0b0c0d" not in svg
    assert not re.search(r"(?:fill|stroke): ?(?:#000000|black|#ffffff|white)\b", svg)
    if name != "matrices":  # its cells are one small image
        assert "<image" not in svg


@pytest.mark.parametrize("name", FIGURES)
def test_no_drawing_asks_another_host_for_anything_or_styles_the_page(drawn, name):
    svg = drawn[name][1]
    elsewhere = set(re.findall(r"https?://[^\"'<> ]+|//[a-z][^\"'<> ]*", svg))
    assert elsewhere <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "//www.w3.org/2000/svg"}
    assert not re.search(r"<style|<script|<metadata|<!DOCTYPE|<\?xml|@import| on\w+=", svg)
    targets = re.findall(r'href="([^"]*)"', svg)
    assert all(target.startswith(("#", "data:image/png;base64,")) for target in targets)


@pytest.mark.parametrize("name", FIGURES)
def test_every_reference_leads_to_one_id_of_the_same_drawing(drawn, name):
    svg = drawn[name][1]
    ids = re.findall(r' id="([^"]*)"', svg)
    used = set(re.findall(r'href="#([^"]*)"', svg)) | set(re.findall(r"url\(#([^)]*)\)", svg))
    assert len(ids) == len(set(ids)) and set(ids) == used


def test_ids_are_unique_across_all_figures_of_a_page(drawn):
    ids = [i for _, svg in drawn.values() for i in re.findall(r' id="([^"]*)"', svg)]
    assert ids and len(ids) == len(set(ids))


def test_in_a_notebook_a_picture_is_a_figure_element():
    picture = plots.slope(lambda w: w * w, 1.0, 2.0)
    assert picture._repr_html_() == f'<figure class="lr-figure">{picture.svg()}</figure>'


def test_two_figures_that_look_the_same_but_say_something_else_have_ids_of_their_own():
    figure = plots.line(X, Y, [1.0]).figure
    ids = [set(re.findall(r' id="([^"]*)"', Picture(figure, alt).svg())) for alt in ("One.", "Two.")]
    assert ids[0] and not ids[0] & ids[1]


@pytest.mark.parametrize("name", ["line", "contours with paths", "projection"])
def test_the_same_figure_is_drawn_the_same_way_each_time(drawn, name):
    picture, svg = drawn[name]
    assert FIGURES[name]().svg() == svg == picture.svg()


def test_what_a_sentence_holds_cannot_leave_its_attribute():
    figure, _ = axes()
    svg = Picture(figure, 'x < 1 & "y" > 2').svg()
    assert ElementTree.fromstring(svg).get("aria-label") == 'x < 1 & "y" > 2'


def test_a_drawing_keeps_its_size_and_shrinks_on_a_narrow_page():
    figure, _ = axes(6.0, 3.6)
    root = ElementTree.fromstring(Picture(figure, "Empty.").svg(cropped=False))
    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 432 259.2", "576", "346")
    assert "max-width:100%" in root.get("style")


def test_no_empty_room_is_left_around_a_drawing_nor_is_anything_of_it_cut_off():
    for make in (FIGURES["projection"], FIGURES["surface"], FIGURES["contours with paths"]):
        picture = make()
        whole, cropped = (ElementTree.fromstring(picture.svg(cropped=one)) for one in (False, True))
        size = lambda root: np.array([float(part) for part in root.get("viewBox").split()[2:]])  # noqa: E731
        assert (size(cropped) <= size(whole) + 8).all() and size(cropped).prod() < 0.9 * size(whole).prod()
        picture.figure.set_facecolor("none")
        seen = io.BytesIO()
        picture.figure.savefig(seen, format="rgba", transparent=True, dpi=72)
        drawn = np.frombuffer(seen.getvalue(), np.uint8).reshape(-1, int(size(whole)[0]), 4)[..., 3] > 0
        extent = np.array([np.ptp(np.flatnonzero(drawn.any(axis=axis))) for axis in (0, 1)])
        assert (extent < size(cropped)).all() and (size(cropped) < extent + 12).all()


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_picture_saves_to_the_format_of_its_ending(tmp_path, ending, start):
    plots.line(X, Y, [1.0]).save(tmp_path / f"figure.{ending}")
    assert (tmp_path / f"figure.{ending}").read_bytes().startswith(start)


def luminance(colour):
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


@pytest.mark.parametrize("colour", [*COLOURS, GOLD])
def test_each_colour_keeps_a_contrast_of_three_on_white_and_on_near_black(colour):
    for ground in ("#ffffff", "#14181e"):
        light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3.0


def test_on_a_page_an_object_has_the_colour_that_the_page_gives_it():
    figure = plots.line(X, Y, [1.5], 0.5, squares=True)
    svg = figure.svg()
    for colour in (RED, GREEN, PURPLE):
        assert f"var(--of-{OF[colour]}, {colour})" in svg
    assert not re.search(r"(?<!, )(#d55e00|#009e73|#b0609a)", svg)
    style = (Path(__file__).resolve().parents[1] / "book" / "_static" / "book.css").read_text()
    assert all(style.count(f"--of-{name}: #") == 4 for name in OF.values())  # light and dark, twice
    assert "var(--of-g" in plots.slope(lambda v: v * v, 1.0, 2.0).svg()


def test_the_five_colours_are_five():
    assert COLOURS == (BLUE, RED, GREEN, PURPLE, GREY) and len(set(COLOURS)) == 5


def lines_of(picture, panel=0):
    return {line.get_color(): np.array(line.get_data()) for line in picture.figure.axes[panel].lines}


def test_the_line_is_the_prediction_and_the_points_are_the_data():
    drawn = lines_of(plots.line(X, Y, [1.5], 0.5))
    x, y = drawn[RED]
    np.testing.assert_allclose(y, predict(x[:, None], [1.5], 0.5))
    assert x[0] < X.min() and x[-1] > X.max()
    assert np.array_equal(drawn[GREEN], [X[:, 0], Y])


def test_the_sticks_are_the_residuals():
    (sticks,) = plots.line(X, Y, [1.5], 0.5).figure.axes[0].collections
    heights = [abs(stick[1, 1] - stick[0, 1]) for stick in sticks.get_segments()]
    np.testing.assert_allclose(heights, np.abs(predict(X, [1.5], 0.5) - Y))


def test_the_squares_are_squares_whose_areas_add_up_to_the_sum_of_squares():
    picture = plots.line(X, Y, [1.5], 0.5, squares=True)
    boxes = picture.figure.axes[0].patches
    areas = [box.get_width() * box.get_height() for box in boxes]
    assert [box.get_width() for box in boxes] == [box.get_height() for box in boxes]
    total = loss(X, Y, [1.5], 0.5, convention="sum")
    assert sum(areas) == pytest.approx(total)
    assert picture.alt.endswith(f"the {len(Y)} squares on the residuals add up to {total:.3g}.")
    assert picture.figure.axes[0].get_aspect() == 1.0
    for box, x, y, p in zip(boxes, X[:, 0], Y, predict(X, [1.5], 0.5), strict=True):
        low, high = sorted([y, p])
        assert (box.get_y(), box.get_y() + box.get_height()) == (pytest.approx(low), pytest.approx(high))
        assert x in (pytest.approx(box.get_x()), pytest.approx(box.get_x() + box.get_width()))


def test_the_line_says_its_weights_and_its_loss():
    picture = plots.line(X, Y, [1.5], 0.5, labels=("size", "price"))
    assert picture.alt == f"9 points and the line price = 1.5 size + 0.5, loss {loss(X, Y, [1.5], 0.5):.4g}."
    assert picture.figure.axes[0].get_xlabel() == "size" and picture.figure.axes[0].get_ylabel() == "price"


@pytest.mark.parametrize(
    "make",
    [
        lambda: plots.slope(lambda w: (w - 1) ** 2, 2.0, 2.0),
        lambda: plots.slope(lambda w: (w - 1) ** 2, 0.0, -2.0),
        lambda: plots.slope(lambda w: (w - 1) ** 2, 1.0, 0.0),
        lambda: plots.slope(lambda w: 4 * (w - 1.75) ** 2, 1.0, -6.0),  # as in the chapter
        lambda: plots.projection(np.array([[2.0, 0.5], [0.3, 2.2], [0.0, 0.4]]), np.array([1.8, 1.6, 2.0])),
    ],
)
def test_no_name_lies_on_a_curve(make):
    figure = make().figure
    figure.canvas.draw()
    (ax,) = figure.axes
    assert ax.texts
    for text in ax.texts:
        box = text.get_window_extent()
        for line in ax.lines:
            points = line.get_xydata()
            if hasattr(line, "get_data_3d"):
                points = np.column_stack(proj3d.proj_transform(*line.get_data_3d(), ax.get_proj())[:2])
            drawn = Outline(ax.transData.transform(points))
            assert not drawn.intersects_bbox(box, filled=False), text.get_text()


def test_the_tangent_has_the_slope_that_it_is_given():
    drawn = {len(line.get_xdata()): line.get_xydata() for line in FIGURES["slope"]().figure.axes[0].lines}
    (x0, y0), (x1, y1) = drawn[2]
    assert (y1 - y0) / (x1 - x0) == pytest.approx(2.0) and (y0 + y1) / 2 == pytest.approx(1.0)
    np.testing.assert_allclose(drawn[121][:, 1], (drawn[121][:, 0] - 1) ** 2)
    assert drawn[1].tolist() == [[2.0, 1.0]]


def test_the_grid_under_the_contours_is_the_loss():
    w, b, values, best = plots._grid(X, Y, (PATH,), 7)
    found = fit(X, Y)
    assert best == (pytest.approx(found.W[0]), pytest.approx(found.b))
    for k in np.ndindex(values.shape):
        assert values[k] == pytest.approx(loss(X, Y, w[k][None], b[k]), rel=1e-12)
    assert w.min() < PATH.W.min() and w.max() > PATH.W.max() and b.min() < PATH.b.min() and b.max() > PATH.b.max()


def test_a_path_that_runs_away_does_not_stretch_the_contours_to_nothing():
    w, b, _, _ = plots._grid(X, Y, (diverged(),), 7)
    assert np.ptp(w) < 100 and np.ptp(b) < 100


def test_the_contours_carry_the_star_at_the_minimum_and_the_paths():
    picture = plots.contours(X, Y, PATH, names=["good"])
    found, drawn = fit(X, Y), lines_of(picture)
    np.testing.assert_allclose(drawn[INK][:, 0], [found.W[0], found.b])
    assert np.array_equal(drawn[RED], [PATH.W[:, 0], PATH.b])
    assert picture.alt == (
        f"Contours of the loss over w and b, minimum at w = {found.W[0]:.3g}, b = {found.b:.3g}. "
        f"good runs from (0, 0) to ({PATH.final[0][0]:.3g}, {PATH.final[1]:.3g}) in 6 steps."
    )


def test_the_surface_says_where_its_lowest_point_is():
    found = fit(X, Y)
    assert plots.surface(X, Y).alt.endswith(f"lowest point at w = {found.W[0]:.3g}, b = {found.b:.3g}.")


def test_convergence_draws_the_loss_above_its_floor():
    floor = 0.9 * PATH.losses.min()
    picture = plots.convergence({"good": PATH}, floor=floor)
    (curve,) = picture.figure.axes[0].lines
    np.testing.assert_allclose(curve.get_ydata(), PATH.losses - floor)
    assert (
        picture.figure.axes[0].get_yscale() == "log" and picture.figure.axes[0].get_ylabel() == "loss above the minimum"
    )
    assert plots.convergence({"good": PATH}).figure.axes[0].get_ylabel() == "loss"
    assert "good goes from " in picture.alt and " in 6 steps." in picture.alt


def test_the_names_of_curves_stand_above_all_of_them():
    picture = plots.curves([0.0, 1.0], {name: [k, 5.0 - k] for k, name in enumerate(("a", "b", "c", "d", "e"))})
    picture.figure.draw_without_rendering()
    (names,), (ax,) = picture.figure.legends, picture.figure.axes
    assert names.get_window_extent().y0 >= ax.get_window_extent().y1


def test_curves_draw_what_they_are_given():
    picture = plots.curves([0.0, 1.0], {"a": [1.0, 2.0], "b": [2.0, 0.0]}, labels=("t", "z"))
    assert [line.get_ydata().tolist() for line in picture.figure.axes[0].lines] == [[1, 2], [2, 0]]
    assert picture.alt == "Against t from 0 to 1: a between 1 and 2, b between 0 and 2."


def test_predicted_says_the_correlation_and_how_many_are_too_low():
    Y_hat = Y + np.array([1, 1, 1, -1, -1, 1, 1, 1, 1.0])
    alt = plots.predicted(Y, Y_hat, label="price").alt
    assert f"correlation {np.corrcoef(Y, Y_hat)[0, 1]:.3f}" in alt and "22% of the predictions are too low" in alt
    assert "correlation not defined (one of the two is constant)" in plots.predicted([1.0, 1.0], [1.0, 2.0]).alt


def test_features_says_the_correlation_of_each():
    data = housing()
    alt = plots.features(data.X, data.Y, data.features, label="price", unit="USD").alt
    assert alt.startswith("price against each feature; correlations: sqft_living 0.70, bedrooms 0.31, bathrooms 0.53,")


def test_features_are_drawings_of_their_own_on_a_page_so_that_a_phone_gets_them_in_rows():
    picture = plots.features(CUBE, TARGET, ["one", "two"], label="y", unit="m")
    shown = picture._repr_html_()
    assert "display:grid" in shown and shown.count("<svg") == len(picture.parts) == 2
    widths = [float(width) for width in re.findall(r'<svg [^>]*? width="(\d+)"', shown)]
    assert len(widths) == 2 and max(widths) < 300  # a phone shows them as large as a desk
    assert picture.parts[1].alt.startswith("y against two; correlation ")


def test_matrices_show_every_number_and_count_what_is_not_zero():
    picture = plots.matrices({"A": [[1.0, 0.0], [0.25, -3.0]]})
    assert [text.get_text() for text in picture.figure.axes[0].texts] == ["1", "0", "0.25", "-3"]
    assert picture.alt == "Matrices as coloured cells: A 2 x 2 with 3 entries not zero."
    assert not plots.matrices({"A": np.eye(2)}, numbers=False).figure.axes[0].texts


def test_the_projection_is_at_a_right_angle():
    picture = plots.projection(CUBE, TARGET)
    sum_of_products = float(re.search(r"add up to ([\d.e+-]+)\.$", picture.alt)[1])
    assert sum_of_products < 1e-13
    ends = [np.array(line.get_data_3d())[:, -1] for line in picture.figure.axes[0].lines]
    y, y_hat = ends[0], ends[1]
    np.testing.assert_allclose(CUBE.T @ (y - y_hat), 0, atol=1e-12)
    assert np.array_equal(y, TARGET) and np.array_equal(ends[2], CUBE[:, 0]) and np.array_equal(ends[3], CUBE[:, 1])


TWO = synthetic(5, 2, seed=1)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: plots.line(TWO.X, TWO.Y, TWO.W),
            r"^X has shape \(5, 2\) and y \(5,\), but a line needs one feature, \(N, 1\), and one output\.$",
        ),
        (lambda: plots.line(X, Y[:, None], [[1.0]]), r"^X has shape \(9, 1\) and y \(9, 1\), but a line needs one"),
        (
            lambda: plots.contours(TWO.X, TWO.Y),
            r"^X has shape \(5, 2\) and y \(5,\), but contours over \(w, b\) need one",
        ),
        (
            lambda: plots.surface(X, Y[:, None]),
            r"^X has shape \(9, 1\) and y \(9, 1\), but contours over \(w, b\) need one",
        ),
        (
            lambda: plots.contours(X, Y, descend(TWO.X, TWO.Y, steps=2)),
            r"^the path has W of shape \(3, 2\), but \(T \+ 1, 1\), one feature, can be drawn here\.$",
        ),
        (lambda: plots.convergence({}), r"^paths is empty; give at least one path under its name\.$"),
        (lambda: plots.curves([1.0], {}), r"^parts is empty; give at least one curve under its name\.$"),
        (
            lambda: plots.curves([1.0], {"a": [1.0, 2.0]}),
            r"^x has shape \(1,\) and a \(2,\), but both must be \(N,\)\.$",
        ),
        (lambda: plots.predicted(Y, Y[:-1]), r"^Y has shape \(9,\) and Y_hat \(8,\), but both must be \(N,\)\.$"),
        (
            lambda: plots.features(CUBE, TARGET, ["one"], label="y"),
            r"^X has shape \(3, 2\), y \(3,\) and there are 1 names, but y must be \(N,\) and every feature needs",
        ),
        (lambda: plots.matrices({}), r"^parts holds nothing, but matrices of two axes are expected, one at least\.$"),
        (
            lambda: plots.matrices({"T": np.ones((2, 2, 2))}),
            r"^parts holds T \(2, 2, 2\), but matrices of two axes are",
        ),
        (
            lambda: plots.projection(X, Y),
            r"^X has shape \(9, 1\) and y \(9,\), but \(3, 2\) and \(3,\) are expected: three",
        ),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(call, sentence):
    with pytest.raises(InputError, match=sentence):
        call()


def test_shapes_that_cannot_be_drawn_are_a_shape_error():
    with pytest.raises(ShapeError):
        plots.line(TWO.X, TWO.Y, TWO.W)


def test_convergence_is_drawn_at_the_steps_that_were_recorded():
    path = descend(X, Y, steps=7, record_every=3, progress=False)
    (line,) = plots.convergence({"some": path}).figure.axes[0].lines
    assert line.get_xdata().tolist() == [0, 3, 6, 7]


def drawn_points(picture, k=0):
    """What stands in the first panel: the k-th line's points."""
    return np.array(picture.figure.axes[0].lines[k].get_data())


def test_residuals_stand_against_predictions_with_the_sign_of_the_book():
    found = doubted(30)
    X, y = found.data[0], found.data[1]
    x, r = drawn_points(plots.residuals(found))
    np.testing.assert_allclose(x, found.predict(X), rtol=1e-12)
    np.testing.assert_allclose(r, found.predict(X) - y, atol=1e-12)


def test_the_quantiles_are_those_of_a_normal_distribution_with_the_residuals_in_order():
    found = doubted(60)
    expected, r = drawn_points(plots.quantiles(found), 1)
    np.testing.assert_array_equal(r, np.sort(found.statistics.standardised))
    np.testing.assert_allclose(expected, special.ndtri((np.arange(60) + 0.5) / 60), rtol=1e-9)
    found = doubted(700)
    some, r = drawn_points(plots.quantiles(found), 1)
    ranks = np.searchsorted(found.statistics.standardised[np.argsort(found.statistics.standardised)], r)
    np.testing.assert_allclose(some, special.ndtri((ranks + 0.5) / 700), rtol=1e-9)
    assert set(ranks) >= {*range(50), *range(650, 700)} and len(ranks) < 400


def test_scale_and_location_are_the_roots_of_the_standardised_residuals_with_their_means():
    found = doubted(60)
    picture = plots.scale_location(found)
    x, size = drawn_points(picture)
    np.testing.assert_allclose(size**2, np.abs(found.statistics.standardised))
    _, trend = drawn_points(picture, 1)
    wanted = [size[part].mean() for part in np.array_split(np.argsort(x), 10)]
    np.testing.assert_allclose(trend, wanted)
    assert f"go from {wanted[0]:.3g}" in picture.alt and f"to {wanted[-1]:.3g}." in picture.alt
    few = plots.scale_location(doubted(30))
    assert len(few.figure.axes[0].lines) == 1 and "means" not in few.alt


def test_on_a_contour_of_cook_the_distance_is_what_it_says():
    found = doubted(30)
    picture = plots.leverage(found)
    statistics = found.statistics
    np.testing.assert_allclose(drawn_points(picture), [statistics.leverage, statistics.standardised])
    curves = [drawn_points(picture, k) for k in range(2, 6)]
    for (h, r), level in zip(curves, (0.5, 0.5, 1.0, 1.0), strict=True):
        np.testing.assert_allclose(r * r * h / (statistics.P * (1 - h)), level)
    worst = np.argsort(-statistics.cooks_distance)[:3]
    assert worst[0] == 3 and [f"row {k}" in picture.alt for k in worst] == [True] * 3
    beyond = int((statistics.cooks_distance > 0.5).sum())
    lie = "one of them lies" if beyond == 1 else f"{beyond} of them lie"
    assert f"; {lie} beyond" in picture.alt and beyond >= 1


@pytest.mark.parametrize("options", [{}, {"intercept": False}, {"weights": np.arange(1.0, 31)}])
def test_the_slope_of_a_partial_regression_is_the_weight(options):
    found = doubted(30, **options)
    for column, k in (("rooms", 0), (1, 1)):
        x, y = drawn_points(plots.partial_regression(found, column))
        weights = options.get("weights", np.ones(30))
        assert (weights * x * y).sum() / (weights * x * x).sum() == pytest.approx(found.W[k])
    alone = fit(X, Y, **{name: value for name, value in options.items() if name == "intercept"})
    x, y = drawn_points(plots.partial_regression(alone, 0))
    assert (x * y).sum() / (x * x).sum() == pytest.approx(alone.W[0])


def test_of_several_outputs_one_is_drawn_and_named():
    found = doubted(30, outputs=2)
    for draw in (plots.residuals, plots.quantiles, plots.scale_location, plots.leverage):
        assert draw(found, output=1).alt != draw(found, output=0).alt
        with pytest.raises(InputError, match=r"^the fit has 2 outputs; say which, such as output=0\.$"):
            draw(found)
        with pytest.raises(InputError, match=r"^output is 2, but the fit has 2, counted from 0\.$"):
            draw(found, output=2)
    assert f"slope {found.W[0, 1]:.4g}," in plots.partial_regression(found, 0, output=1).alt


def test_samples_that_do_not_count_are_not_drawn():
    weights = np.ones(30)
    weights[[3, 5]] = 0
    for draw in (plots.residuals, plots.scale_location, plots.leverage):
        assert drawn_points(draw(doubted(30, weights=weights))).shape == (2, 28)


def test_a_fit_or_a_column_that_cannot_be_drawn_is_said():
    with pytest.raises(InputError, match=r"^ridge moves the weights on purpose"):
        plots.residuals(doubted(30, ridge=1.0))
    with pytest.raises(InputError, match=r"^'tax' is not a column of the fit; it has rooms, size\.$"):
        plots.partial_regression(doubted(30), "tax")
    with pytest.raises(InputError, match=r"its columns have no names; give a number\.$"):
        plots.partial_regression(lr.fit(X, Y), "tax")
    with pytest.raises(ShapeError, match=r"^column is 2, but the fit has 2 columns, counted from 0\.$"):
        plots.partial_regression(doubted(30), 2)


@pytest.mark.parametrize("draw", [diagnostics.residuals, diagnostics.quantiles, diagnostics.leverage])
def test_what_is_no_fit_is_refused_in_a_sentence(draw):
    with pytest.raises(InputError, match=r"^a fit is expected, as fit\(X, y\) gives it, and not 3\.$"):
        draw(3)
