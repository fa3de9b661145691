"""The page reader finds what stands on a page, and nothing that does not."""

from lrcore.verify.page import equations, symbol_table

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


def test_a_definition_and_a_derivative_are_told_from_an_identity():
    by_label = {e.label: e for e in equations(PAGE)}
    assert by_label["eq-forward"].is_definition and not by_label["eq-forward"].has_derivative
    assert by_label["eq-gradient"].has_derivative and not by_label["eq-gradient"].is_definition
    assert not by_label["eq-plain"].has_derivative and not by_label["eq-plain"].is_definition
    assert equations(PAGE)[3].has_derivative


def test_has_derivative_sees_every_way_of_writing_one():
    for latex in (
        r"\nabla_w L = 0",
        r"\frac{dL}{dw} = 1",
        r"\frac{\mathrm{d}L}{\mathrm{d}w} = 1",
        r"dW = 1",
        r"\mathrm d W",
        r"\frac{d}{dx} f = 1",
        r"d\hat Y = X dW",
        r"\partial_w L",
    ):
        assert equations(f"$$ {latex} $$")[0].has_derivative, latex
    for latex in (r"a_d = b_d", r"X \cdot D = 1", r"\det A = 1", r"\operatorname{diag}(x) = I", r"\hat d = 2"):
        assert not equations(f"$$ {latex} $$")[0].has_derivative, latex


def test_the_mark_above_an_equation_is_kept():
    assert equations(PAGE)[4].mark == "wrong REFUTED"


def test_the_symbol_table_is_read_row_by_row_and_name_by_name():
    rows = [(s.name, s.shape, s.meaning) for s in symbol_table(PAGE)]
    assert rows[0] == ("N", "size", "samples, features") and rows[1][0] == "M"
    assert (r"X", r"N \times M", "inputs, one sample a row") in rows
    assert ("b", "scalar", "bias") in rows


def test_other_tables_are_no_symbol_tables():
    assert symbol_table("| a | b |\n|---|---|\n| $x$ | $y$ |\n") == []
