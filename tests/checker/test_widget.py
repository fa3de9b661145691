"""The widget: what it shows without a script, what it answers a view, and what it refuses."""

import json

import pytest
from bs4 import BeautifulSoup

from lrcore.checker.challenges import CHALLENGES
from lrcore.checker.contents import challenges, gallery
from lrcore.checker.gallery import CASES
from lrcore.errors import InputError
from lrcore.widgets import DerivationChecker

LOST = r"\frac{\partial L}{\partial w} = \frac{1}{N} X^\top r"


def element(widget):
    return BeautifulSoup(widget._repr_mimebundle_()[0]["text/html"], "html.parser").find("lr-control")


def test_a_plain_page_has_the_verdict_and_the_formulas_before_any_script():
    found = element(DerivationChecker(LOST, start="samples"))
    assert (
        found.find("p").text
        == "Line 1 does not hold: the two sides differ: a wrong factor. Right with one change: a factor 2 is lost."
    )
    typeset = {place["data-latex"]: place.text for place in found.select("[data-latex]")}
    assert typeset[LOST] == rf"\[{LOST}\]" and "X" in typeset
    state = json.loads(found.script.string)
    assert [step["verdict"] for step in state["answer"]["steps"]] == ["REFUTED"]
    assert state["library"]["cases"] == [] and len(state["library"]["starts"]) == 6


def test_the_page_s_checker_brings_gallery_and_challenges():
    state = json.loads(element(DerivationChecker(page=True)).script.string)
    assert len(state["library"]["cases"]) == len(CASES) and len(state["library"]["challenges"]) == len(CHALLENGES)
    assert len(json.dumps(state)) < 25_000


def test_what_is_typed_is_escaped_in_the_page():
    mischief = "</script><img src=x onerror=alert(1)> = \\text{<b>}"
    widget = DerivationChecker(mischief, symbols={mischief: mischief})
    assert not element(widget).find(["img", "b"])
    assert json.loads(element(widget).script.string)["text"] == mischief


def test_symbols_and_definitions_of_one_s_own():
    widget = DerivationChecker(
        r"\nabla_w L = 2 X^\top (X w - y)",
        symbols={"X": "N x M", "w": "M", "y": "N"},
        definitions={"L": r"\|X w - y\|^2"},
    )
    assert widget.checked()["ok"] and "Every line holds" in repr(widget)


def test_a_view_asks_by_message_and_gets_the_answer_of_the_checker():
    widget, sent = DerivationChecker(LOST, start="samples"), []
    widget.send = sent.append
    request = json.dumps({"do": "check", "state": {"text": widget.text, "rows": widget.rows}})
    widget._asked(widget, {"id": "7", "request": request}, [])
    widget._asked(widget, {"id": "8"}, [])
    widget._asked(widget, "nonsense", [])
    assert [one["id"] for one in sent] == ["7"]
    assert json.loads(sent[0]["result"])["first_wrong"] == 0


def test_a_challenge_fixes_the_symbols():
    widget = DerivationChecker(challenge="ridge")
    assert [row[0] for row in widget.rows] == ["X", "w", "y", "r", r"\lambda", "L"]
    widget.text = "w := 0"
    assert widget.checked()["steps"][0]["verdict"] == "ILL_TYPED"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"start": "elsewhere"}, "one of one, samples, outputs"),
        ({"challenge": "none"}, "one of one-weights"),
        ({"layout": "sideways"}, "one of gradient, jacobian, denominator"),
        ({"text": "x" * 30_000}, "up to 20000 are read"),
    ],
)
def test_another_option_is_refused_in_a_sentence(options, says):
    with pytest.raises(InputError, match=says):
        DerivationChecker(**options)


@pytest.mark.parametrize(("made", "all_of"), [(gallery, CASES), (challenges, CHALLENGES)])
def test_the_lists_have_a_place_and_a_link_for_each(made, all_of):
    page = BeautifulSoup(made()._repr_html_(), "html.parser")
    links = [link["href"] for link in page.select('a[href^="#"]')]
    assert len(links) == len(all_of)
    assert all(page.find(id=link[1:]) for link in links)


def test_the_table_is_empty_by_default_and_no_bias_that_nobody_wrote_is_in_it():
    right = DerivationChecker(r"L = \frac1N \|Xw - y\|^2, \quad \nabla_w L = \frac{2}{N} X^\top (X w - y)")
    assert right.rows == [] and right.start == "blank" and right.checked()["ok"]
    alone = DerivationChecker(r"\nabla_w L = \frac{2}{N} X^\top (X w - y)")
    assert alone.checked()["ok"] and "b" not in json.dumps([one["row"] for one in alone.answer["questions"]])
    with_bias = DerivationChecker(r"\nabla_w L = \frac{2}{N} X^\top (X w - y)", start="samples")
    assert not with_bias.checked()["ok"]  # the residual of that table has a bias
