"""The descent control: every frame is there beforehand, and the page itself links the controls, without a kernel."""

import re
from xml.etree import ElementTree

import ipywidgets
import numpy as np
import pytest

from lrcore import descent
from lrcore.data import synthetic
from lrcore.descent import rates
from lrcore.errors import InputError, ShapeError
from lrcore.widgets import descent_control

ONE, FEW, MANY = synthetic(7, 1, seed=1), synthetic(7, 3, seed=1), synthetic(7, 2, 3, seed=1)
STEPS = 3


def parts(box):
    """The choice of rate, play, the slider, and the films of a control."""
    choice, (play, step), screen = box.children[0], box.children[1].children, box.children[2]
    return choice, play, step, screen


@pytest.fixture(scope="module")
def made():
    """One control of each kind, and the links that were made with it."""
    links, keep = [], ipywidgets.widgets.widget_link.Link.__init__

    def noted(self, *args, **kwargs):
        keep(self, *args, **kwargs)
        links.append(self)

    ipywidgets.widgets.widget_link.Link.__init__ = noted
    try:
        controls = {}
        for name, data, options in (
            ("line", ONE, {}),
            ("parabola", ONE, {"intercept": False}),
            ("bars", FEW, {}),
            ("many outputs", MANY, {}),
        ):
            links.clear()
            box = descent_control(data.X, data.Y, steps=STEPS, **options)
            controls[name] = (box, list(links))
    finally:
        ipywidgets.widgets.widget_link.Link.__init__ = keep
    return controls


KINDS = ("line", "parabola", "bars", "many outputs")


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_frame_for_every_rate_and_step(made, kind):
    choice, play, step, screen = parts(made[kind][0])
    assert len(choice.options) == len(screen.children) == 3
    assert [len(film.children) for film in screen.children] == [STEPS + 1] * 3
    assert (step.min, step.max, step.value) == (play.min, play.max, play.value) == (0, STEPS, 0)
    assert screen.selected_index == choice.index == 1 and all(film.selected_index == 0 for film in screen.children)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_links_the_controls_and_no_kernel_is_asked(made, kind):
    box, links = made[kind]
    choice, play, step, screen = parts(box)
    ends = [(link.source, link.target) for link in links]
    assert ((play, "value"), (step, "value")) in ends and ((choice, "index"), (screen, "selected_index")) in ends
    for film in screen.children:
        assert ((step, "value"), (film, "selected_index")) in ends
    assert len(ends) == 5
    for widget in (choice, play, step, screen, *screen.children):
        listeners = widget.trait_values().keys() & set(widget._trait_notifiers) - {"comm"}
        plain = type(widget)(**({"options": choice.options} if widget is choice else {}))
        assert listeners <= plain.trait_values().keys() & set(plain._trait_notifiers) - {"comm"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_a_drawing_that_says_its_step_and_loss(made, kind):
    _, _, _, screen = parts(made[kind][0])
    for film in screen.children:
        for t, frame in enumerate(film.children):
            figure = ElementTree.fromstring(frame.value)
            assert figure.get("class") == "lr-figure"
            said = figure[0].get("aria-label")
            assert re.match(rf"^Step {t}: loss [\d.e+-]+, .+\.$", said) and "nan" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_the_frames_of_a_good_rate_descend_and_of_a_bad_one_climb(made, kind):
    _, _, _, screen = parts(made[kind][0])
    falls = []
    for film in screen.children:
        losses = [float(re.search(r"loss ([\d.e+-]+),", frame.value)[1]) for frame in film.children]
        falls.append(losses[-1] / losses[0])
    assert falls[1] < 1 and falls[0] < 1 and falls[2] > falls[1]


def test_the_rates_are_named_with_their_numbers():
    choice, *_ = parts(descent_control(ONE.X, ONE.Y, steps=1))
    found = rates(ONE.X)
    assert choice.options == (
        f"careful: {0.35 * found.best:.3g}",
        f"best: {found.best:.3g}",
        f"too large: {1.08 * found.largest:.3g}",
    )


def test_it_starts_where_it_is_told_to():
    *_, screen = parts(descent_control(ONE.X, ONE.Y, start=(np.array([2.0]), -1.0), steps=1))
    assert all("w = 2, b = -1." in film.children[0].value for film in screen.children)


def test_a_path_that_ends_early_keeps_its_last_frame(monkeypatch):
    monkeypatch.setattr(descent, "_RUNAWAY", 2.0)
    box = descent_control(np.array([[1.0], [2.0]]), np.array([1.0, 2.0]), steps=6, intercept=False)
    *_, screen = parts(box)
    assert [len(film.children) for film in screen.children] == [7, 7, 7]
    assert [len(set(screen.children[k].children)) for k in (0, 2)] == [7, 4]
    assert screen.children[2].children[-1] is screen.children[2].children[3]


@pytest.mark.parametrize("steps", [0, -1, 2.5, "many", None])
def test_the_number_of_steps_is_a_whole_number(steps):
    with pytest.raises(InputError, match=r"^steps is .*, but a whole number of at least 1 is expected\.$"):
        descent_control(ONE.X, ONE.Y, steps=steps)


def test_bad_data_are_refused_before_anything_is_drawn():
    with pytest.raises(ShapeError, match="axis 0 counts the samples"):
        descent_control(ONE.X, ONE.Y[:-1])
    with pytest.raises(InputError, match="X is zero everywhere"):
        descent_control(0 * ONE.X, ONE.Y, intercept=False)
    with pytest.raises(InputError, match=r"a pair \(W, b\) is expected"):
        descent_control(ONE.X, ONE.Y, start=np.zeros(2))
