"""What *Derive anything* answers: lines with reasons, guesses that are said, texts to take away, refusals."""

import json

import pytest

from lrcore.checker.deriving import EXAMPLES
from lrcore.checker.service import answer
from lrcore.errors import InputError
from lrcore.verify import Context, derivation, derive, with_shapes
from lrcore.widgets import DerivationWriter


def asked(loss, by, style="rules", rows=()):
    return json.loads(answer(json.dumps({"do": "derive", "loss": loss, "by": by, "style": style, "rows": list(rows)})))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.title)
def test_each_example_is_derived_and_can_be_typeset(example):
    _, loss, by, style, rows = example.to_list()
    found = asked(loss, by, style, rows)
    assert "refused" not in found and found["rows"] == []
    assert all(one["latex"] and one["sizes"] for one in found["lines"])
    assert all(one["rule"] for one in found["lines"][1:])


@pytest.mark.parametrize("loss", [r"\|X w - y\|^2", r"L = \|X w - y\|^2", r"L(w) := \|X w - y\|^2", "norm2(X @ w - y)"])
def test_a_loss_is_read_in_both_languages_and_with_a_head(loss):
    found = asked(loss, "w")
    assert found["result"]["written"] == r"2 X^\top (X w - y)"
    assert ["X", "N x M"] in [row[:2] for row in found["rows"]]


def test_the_table_goes_before_a_guess():
    found = asked(r"u^\top X v", "X", rows=[["X", "P x Q", "", ""]])
    assert [row[:2] for row in found["rows"]] == [["u", "P"], ["v", "Q"]]


@pytest.mark.parametrize(
    ("loss", "by", "style", "said"),
    [
        ("w +", "w", "rules", "not understood"), ("", "w", "rules", "not said what"),
        ("X w", "q", "rules", "does not stand in"),
        ("f(w)", "w", "rules", "No rule"), ("X w", "w", "by magic", "style"), ("w" * 3000, "w", "rules", "characters"),
        (r"\|X w\|^2", "w", 3, "style"),
    ],
)  # fmt: skip
def test_what_is_not_derived_is_said_in_a_sentence(loss, by, style, said):
    found = asked(loss, by, style)
    assert said in found["refused"] and len(found) == 1


def test_what_is_taken_away_says_the_same():
    found = asked(r"\|X w - y\|^2", "w")
    assert r"&= 2 X^\top (X w - y) && \text{derivative of an affine map}" in found["latex"]
    assert "*derivative of an affine map*" in found["markdown"]
    given = {"Context": Context, "derive": derive}
    names = [line for line in found["cell"].splitlines() if line.startswith("context")]
    assert names == ["context = Context(shapes={'X': ('N', 'M'), 'w': ('M',), 'y': ('N',)}, definitions={})"]
    one = derive(r"\|X w - y\|^2", "w", given["Context"](shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}))
    assert one._repr_markdown_() == found["markdown"]


def test_a_line_with_its_shapes_is_the_same_line():
    context = Context(shapes={"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D")})
    for line in derive(r"\|X W - Y\|_F^2", "W", context, "differential").lines[-1:]:
        said = with_shapes(line, context, "W")
        assert r"\underbrace{X^\top}_{M \times N}" in said
        report = derivation(f"{line.latex.split(' = ')[-1]} = {said.split(' = ')[-1]}", context)
        assert [step.verdict.value for step in report.steps] == ["PROVED"]


def test_the_widget_carries_a_derivation_and_asks_the_same_function():
    widget, sent = DerivationWriter(r"\|X w - y\|^2", "w", "differential"), []
    widget.send = sent.append
    request = json.dumps({"do": "derive", "loss": "w^T w", "by": "w", "style": "rules", "rows": []})
    widget._asked(widget, {"id": 1, "request": request}, [])
    assert json.loads(sent[0]["result"])["result"]["written"] == "2 w"
    assert widget.answer["lines"][0]["latex"] in widget._plain_page().replace("\\\\", "\\")
    with pytest.raises(InputError, match="style"):
        DerivationWriter(style="by magic")
    with pytest.raises(InputError, match="not understood"):
        DerivationWriter("w +")
