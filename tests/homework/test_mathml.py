"""Formulas of the feedback: drawn where they are mathematics, and never anything else in the page."""

from html.parser import HTMLParser

import pytest

from lrcore.homework.report import mathml
from lrcore.homework.report.feedback import paragraphs


class Elements(HTMLParser):
    """Collects what a browser would find in a text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        (r"= \frac1N X^\top r", ["<mfrac><mn>1</mn><mi>N</mi></mfrac>", "<msup><mi>X</mi><mo>⊤</mo></msup>"]),
        ("2 * X.T @ r", ["<mn>2</mn>", "<mi>r</mi>", "⊤"]),
        (r"\sum_{i=1}^N r_i x_{ik}", ["∑", "<msub><mi>r</mi><mi>i</mi></msub>"]),
        (r"a < b \implies 1 > 0 \cdot c", ["&lt;", "&gt;", "⟹"]),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", ["<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn>"]),
        (r"\partial L / \partial \hat y", ["∂", "<mover accent"]),
    ],
)
def test_a_formula_is_drawn(written, parts):
    found = mathml.typeset(written)
    assert found.startswith("<math") and all(part in found for part in parts), found


HOSTILE = [
    r"\text{<b>x</b>}",
    r"\text{</mtext></math><img src=x onerror=alert(1)>}",
    r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
    r"\text{&#60;img src=x onerror=alert(1)&#62;} x",
    r"\mathrm{<script>alert(1)</script>}",
    r'\operatorname{" onload="alert(1)} x',
    r"x^{<svg onload=alert(1)>}",
    "<!--", "]]>", "<![CDATA[<b>]]>", r"\frac{<a href=javascript:alert(1)>}{2}",
]  # fmt: skip


@pytest.mark.parametrize("written", HOSTILE)
def test_nothing_but_mathematics_reaches_the_page(written):
    found = Elements(mathml.typeset(written))
    assert found.tags <= mathml._ELEMENTS and found.attributes <= mathml._ATTRIBUTES


@pytest.mark.parametrize(
    "written", [r"\href{javascript:alert(1)}{y}", "{{{", r"\frac{", "", "word and word", "x" * 5000]
)
def test_what_cannot_be_drawn_is_left_to_be_shown_as_it_was_typed(written):
    assert mathml.typeset(written) == ""


def test_a_converter_that_lets_html_through_is_stopped_at_the_second_gate(monkeypatch):
    for bad in ("<math><script>alert(1)</script></math>", '<math onclick="alert(1)"><mi>x</mi></math>', "<math><mi>"):
        monkeypatch.setattr("latex2mathml.converter.convert", lambda formula, bad=bad: bad)
        mathml.typeset.cache_clear()
        assert mathml.typeset(r"\frac12") == ""
    mathml.typeset.cache_clear()


def test_the_teacher_s_formulas_are_drawn_and_their_code_is_code():
    shown = paragraphs("Show that $\\frac1N$ is `1 / N`.\n\nNot $\\unknowncommand$.")
    assert len(shown) == 2
    assert "<mfrac>" in shown[0] and "<code>1 / N</code>" in shown[0] and "<code>\\unknowncommand</code>" in shown[1]
    assert paragraphs("<b>") == ["&lt;b&gt;"]
