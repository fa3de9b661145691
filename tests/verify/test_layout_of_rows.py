"""A gradient by one sample has the layout of any gradient by a column."""

import pytest

from lrcore.verify import Context, derivation

SHAPES = {"Z": ("N", "D"), "a": ("D",)}
ONE = r"\frac{\partial (a^\top z_n)^2}{\partial z_n} = 2 (a^\top z_n) a"
SUM = r"J := \sum_{n=1}^N (a^\top z_n)^2 \\ \frac{\partial J}{\partial z_n} = 2 (a^\top z_n) a"


@pytest.mark.parametrize("text", [ONE, SUM])
@pytest.mark.parametrize(("layout", "end"), [("gradient", ""), ("denominator", ""), ("jacobian", r"^\top")])
def test_a_gradient_by_a_row_of_a_table_is_laid_out_as_one_by_a_column(text, layout, end):
    context = Context(shapes=SHAPES, layout=layout)
    other, wrong = (text if end else rf"{text}^\top"), text.replace("= 2 (", "= (") + end
    found = [derivation(one, context).steps[-1].verdict.value for one in (text + end, other, wrong)]
    assert found == ["PROVED", "ILL_TYPED", "REFUTED"]
