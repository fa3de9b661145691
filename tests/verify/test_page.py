"""The page reader finds what stands on a page, and nothing that does not."""

import sys

import pytest

from lrcore.verify.page import markdown
from lrcore.verify.page.items import equations, items, symbol_table
from lrcore.verify.page.shown import Equation, NoReader, Unread

PAGE = r"""---
title: $$ not = this $$
---
# N samples

| Symbol | Shape | Meaning |
|---|---|---|
| $N$, $M$ | size | samples, features |
| $X$ | $N \times M$ | inputs, one sample a row |
| $w$ | $M \times 1$ | weights |
| $b$ | scalar | bias |

$$
\hat y := X w
$$ (eq-forward)

One line: $$ \frac{\partial L}{\partial w} = \frac{2}{N} X^\top (Xw - y) $$ (eq-gradient)

```python
s = "$$ not = read $$"
```

```{math}
:label: eq-plain
a + b = b + a
```

````{note}
Inside a note:

$$ dL = r^\top dr $$
````

<!-- verify: wrong REFUTED -->
$$ X = 2X $$

\begin{align}
c &= d \label{eq-tex}
\end{align}
"""


def test_every_display_equation_is_found_with_its_label_and_its_line():
    found = [(e.label, e.line) for e in equations(PAGE)]
    assert [label for label, _ in found] == ["eq-forward", "eq-gradient", "eq-plain", None, None, "eq-tex"]
    lines = PAGE.splitlines()
    for equation, (_, line) in zip(equations(PAGE), found):
        assert equation.latex.splitlines()[0].strip() in lines[line - 1]


def test_code_and_front_matter_are_not_read_as_mathematics():
    assert not any("not =" in e.latex for e in equations(PAGE))


def test_a_definition_is_told_from_an_identity():
    by_label = {e.label: e for e in equations(PAGE)}
    assert by_label["eq-forward"].is_definition
    assert not by_label["eq-gradient"].is_definition and not by_label["eq-plain"].is_definition


def test_the_mark_above_an_equation_is_kept():
    assert equations(PAGE)[4].mark == "wrong REFUTED"


def test_the_symbol_table_is_read_row_by_row_and_name_by_name():
    rows = [(s.name, s.shape, s.meaning) for s in symbol_table(PAGE)]
    assert rows[0] == ("N", "size", "samples, features") and rows[1][0] == "M"
    assert (r"X", r"N \times M", "inputs, one sample a row") in rows
    assert ("b", "scalar", "bias") in rows


def test_other_tables_are_no_symbol_tables():
    assert symbol_table("| a | b |\n|---|---|\n| $x$ | $y$ |\n") == []


# ---------------------------------------------------------------------- what MyST shows, and nothing else

SHOWN = r"""# A page

    $$ code = indented $$

Text with `$a = code$`, and $a = b$ over two lines: $c =
d$, and $r = s$.

> A quotation: $e = f$.

```{note}
In a note: $g = h$.
```

| A | B |
|---|---|
| $i = j$ | {math}`k = l` |

<div>
$m = html$
</div>

````{code-cell} ipython3
s = "$n = o$"
````

[A link with $p = q$](x.md), a price of \$5 and \$\$.

\[A note in brackets\], which is no equation.
"""


def test_running_text_is_what_myst_takes_for_it_with_exact_lines():
    found = [(one.latex, one.line) for one in items(SHOWN) if isinstance(one, Equation) and one.inline]
    assert found == [
        *(("a = b", 5), ("c =\nd", 5), ("r = s", 6), ("e = f", 8), ("g = h", 11)),
        *(("i = j", 16), ("k = l", 16), ("p = q", 26)),
    ]


def test_nothing_is_missed_on_a_page_that_only_shows_what_can_be_read():
    assert [one for one in items(PAGE + SHOWN) if isinstance(one, Unread)] == []


NOT_READ = {
    "dollars without their end": ("Text.\n\n$$\na = b\n\nMore $x$.", 3, "does not end"),
    "dollars without their end before others": ("Text $$ a = b and $x$.", 1, "does not end"),
    "dollars without their end in a note": ("```{note}\nA\n\n$$ a = b\n```", 4, "does not end"),
    "a fence with math": ("Text.\n\n```math\na = b\n```", 3, "write `{math}`"),
    "dmath": ("Text.\n\n\\begin{dmath}\na = b\n\\end{dmath}", 3, "dmath"),
    "IEEEeqnarray in a list": ("- one\n- \\begin{IEEEeqnarray}{rCl} a &=& b \\end{IEEEeqnarray}", 2, "IEEEeqnarray"),
    "brackets of TeX": ("Text.\n\n\\[\na = b\n\\]", 3, "write `$$`"),
    "brackets of TeX in prose": ("So \\[a = b\\] holds.", 1, "write `$$`"),
    "round brackets of TeX": ("Text.\n\nSo \\(a = b\\) holds.", 3, "write `$`"),
    "round brackets of TeX in a table": ("| a |\n|---|\n| \\(a = b\\) |", 3, "write `$`"),
    "a relation between dollars": ("So $a$ = $b$ holds.", 1, "half outside"),
    "a relation behind dollars": ("So $a$ = 2b holds.", 1, "half outside"),
    "a relation before dollars": ("Text.\n\nSo 2a = $b$ holds.", 3, "half outside"),
    "raw HTML": ("<div>\n$$\na = b\n$$\n</div>", 2, "raw HTML"),
    "raw HTML with brackets": ("<p>so \\(a = b\\) holds</p>", 1, "raw HTML"),
    "an included file that is not there": ("```{include} gone.md\n```", 1, "gone.md"),
    "reStructuredText": ("```{eval-rst}\nText.\n\n.. math:: a = b\n```", 4, "reStructuredText"),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_looks_like_an_equation_and_is_not_read_is_listed_with_its_line(name):
    text, line, said = NOT_READ[name]
    (one,) = items(text)
    assert isinstance(one, Unread) and one.line == line and said in one.why


@pytest.mark.parametrize(
    "text",
    [
        "The interval \\[0, 1\\] and \\(so on\\).",
        "With $s$ = `strength` and `x` = $t$.",
        "<!-- so $a = b$ -->\n\nText.",
        "<p>It costs 3 $, and 4 $ more.</p>",
        "As $a$ grows, $b$ does.",
    ],
)
def test_what_is_no_equation_is_not_listed(text):
    assert items(text) == []


def test_dollars_in_a_table_are_an_equation():
    (one,) = items("| a |\n|---|\n| $$a = b$$ |")
    assert (one.latex, one.line, one.inline) == ("a = b", 3, False)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ending):
    text = ending.join(["> Text", ">", "> $a = b$,\u2028", "> $c = d$", "", "$$", "e = f", "$$", ">"])
    assert [one.line for one in items(text)] == [3, 4, 7]


def test_a_separator_of_lines_that_markdown_does_not_know_separates_none():
    said = "A\u2028B\u2028C\n\n<!-- verify: inline wrong -->\nText\n$a = b$\n"
    assert [(one.line, one.mark) for one in items(said)] == [(5, "wrong")]


@pytest.mark.parametrize("text", ["> - \n> \n> ", "> $$ a = b $$\n> - ", ">", ""])
def test_a_page_may_end_in_the_middle_of_anything(text):
    assert [one.latex for one in items(text)] == ["a = b"] * ("a = b" in text)


def test_a_directive_without_an_equation_is_an_equation_that_nobody_can_read():
    (one,) = items("Text.\n\n```{math}\n:label: nothing\n```")
    assert (one.latex, one.line, one.label) == ("", 3, "nothing")


def test_an_included_file_is_read_where_it_is_included_with_its_own_lines(tmp_path):
    (tmp_path / "part.inc").write_text("Text.\n\n$$ b = c $$\n", encoding="utf-8")
    text = "$$ a = b $$\n\n```{include} part.inc\n```\n\n$$ c = d $$\n"
    found = [(one.latex, one.line, one.file) for one in items(text, tmp_path / "page.md")]
    assert found == [("a = b", 1, ""), ("b = c", 3, "part.inc"), ("c = d", 6, "")]


def test_a_file_that_includes_itself_ends(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("$$ a = b $$\n\n```{include} page.md\n```\n", encoding="utf-8")
    assert any(isinstance(one, Unread) for one in items(page.read_text(encoding="utf-8"), page))


TEX = r"""\documentclass{article}
\begin{document}
% $$ comment = c $$
\begin{verbatim}
$$ code = c $$
\end{verbatim}
Costs 5\,\% and $a = b$, and \( c = d \).
\[
e = f
\]
\begin{align*} g &= h \label{eq-g} \end{align*}
\begin{dmath} i = j \end{dmath}
% <!-- verify: wrong REFUTED -->
\begin{equation} k = 2k \end{equation}
$$ l = m
\end{document}
"""


def test_a_tex_file_is_read_by_the_rules_of_tex():
    found = items(TEX)
    shown = [(one.line, one.label, one.mark, one.inline) for one in found if isinstance(one, Equation)]
    assert shown == [
        *((7, None, None, True), (7, None, None, True), (9, None, None, False)),
        *((11, "eq-g", None, False), (14, None, "wrong REFUTED", False)),
    ]
    assert [one.line for one in found if isinstance(one, Unread)] == [12, 15]


def test_without_the_parser_a_sentence_names_the_packages(monkeypatch):
    markdown._parser.cache_clear()
    monkeypatch.setitem(sys.modules, "markdown_it", None)
    with pytest.raises(NoReader, match="pip install markdown-it-py mdit-py-plugins"):
        equations("$$ a = b $$")
