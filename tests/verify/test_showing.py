"""A report as HTML: formulas that stand alone are typeset, all else is code, and nothing of the reader's is markup."""

from html.parser import HTMLParser

from lrcore.verify import Context, derivation
from lrcore.verify.show.html import formula, matrix

CONTEXT = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"L": r"\frac1N \|Xw - y\|^2"})


class Tags(HTMLParser):
    """The names of all elements."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)


def shown(text):
    return derivation(text, CONTEXT)._repr_html_()


def test_each_step_is_typeset_with_its_verdict_in_words():
    html = shown(r"\nabla_w L = \frac2N X^\top (Xw - y) = \frac1N X^\top (Xw - y)")
    assert html.count("<li") == 2 and r"\(\nabla_w L = \frac2N X^\top (Xw - y)\)" in html
    assert "PROVED" in html and "REFUTED" in html and "Then the right side is" in html


def test_a_counterexample_is_laid_out_as_matrices():
    html = shown(r"X^\top X w = w")
    assert r"\begin{bmatrix}" in html or r"\(X = " in html
    assert "the left side is" in html and "the right side is" in html
    assert matrix([[1, 2], [3, -1]]) == r"\begin{bmatrix} 1 & 2 \\ 3 & -1 \end{bmatrix}"


def test_what_would_not_stand_alone_is_shown_as_it_was_written():
    for piece in (r"\left( w", "a & b", r"w \) x", "w^{2", r"\begin{cases} w", "$w$"):
        assert formula(piece).startswith("<code>"), piece
    assert formula(r"\left( w \right)^{2}").startswith("<span")


def test_text_for_typing_is_shown_as_code():
    html = shown("grad(L, w) = 2/N * X.T @ (X@w - y)")
    assert "<code>grad(L, w) = 2/N * X.T @ (X@w - y)</code>" in html


def test_no_markup_of_the_readers_survives():
    for text in (r"\nabla_w L = <script>alert(1)</script>", "<img src=x onerror=alert(1)> = w", r"w = w</span><b>"):
        assert set(Tags(shown(text)).found) <= {"ol", "li", "span", "br", "em", "code"}
