"""Formulas, against statsmodels, which has patsy read them."""

import builtins

import numpy as np
import pytest
import statsmodels.formula.api as smf

import lrcore as lr
from lrcore.errors import InputError

pandas = pytest.importorskip("pandas")


def frame():
    random = np.random.default_rng(2)
    size, floors = random.uniform(1, 9, size=80), random.choice(["one", "two", "three"], size=80)
    price = np.exp(size / 9 + (floors == "two") + random.normal(size=80) / 9)
    return pandas.DataFrame({"price": price, "size": size, "age": random.uniform(0, 50, size=80), "floors": floors})


@pytest.mark.parametrize(
    "text",
    [
        "price ~ size",
        "price ~ size + age - 1",
        "price ~ size*age + C(floors)",
        "np.log(price) ~ size:age + C(floors) + np.sqrt(size)",
        "price ~ C(floors) - 1",
    ],
)
def test_a_formula_gives_what_it_gives_in_statsmodels(text):
    table = frame()
    made, theirs = lr.formula(text, table), smf.ols(text, table).fit()
    found = lr.fit(made.X, made.y, intercept=made.intercept)
    ours = {name: row["value"] for name, row in found.summary().coefficients.items()}
    assert ours.keys() == {name if name != "Intercept" else "bias" for name in theirs.params.index}
    for name, value in theirs.params.items():
        assert ours["bias" if name == "Intercept" else name] == pytest.approx(value, rel=1e-8)
    new = table.drop(columns="price").iloc[[5, 3]]
    np.testing.assert_allclose(found.predict(made.of(new)), theirs.predict(new), rtol=1e-9)


def test_a_new_frame_with_fewer_categories_keeps_the_columns_of_the_first():
    table = frame()
    made = lr.formula("price ~ C(floors)", table)
    assert list(made.of(table[table.floors == "two"]).columns) == list(made.X.columns)


def test_a_formula_sees_the_columns_and_nothing_of_what_stands_around_it():
    age_of_the_caller = np.arange(80.0)
    with pytest.raises(InputError, match="`age_of_the_caller` is not present in the dataset"):
        lr.formula("price ~ age_of_the_caller", frame())
    assert len(age_of_the_caller) == 80


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("price", "the formula is 'price', but one such as"),
        (3, "the formula is 3, but one such as"),
        ("price ~", "the right side of 'price ~' has no inputs"),
        ("price ~ 1", "the right side of 'price ~ 1' has no inputs"),
        ("price + size ~ age", "the left side of .* makes 2 columns, but one target"),
        ("price ~ (", "the formula cannot be read with this frame: Could not find matching"),
        ("price ~ holes", "the formula cannot be read with this frame: .* `holes` contains null values"),
    ],
)
def test_what_is_no_formula_or_meets_a_gap_is_said_in_one_sentence(text, said):
    table = frame().assign(holes=[np.nan, *range(79)])
    with pytest.raises(InputError, match=f"^{said}") as caught:
        lr.formula(text, table)
    assert "\x1b" not in str(caught.value) and "[1;31m" not in str(caught.value)


def test_without_formulaic_it_says_what_to_install(monkeypatch):
    real_import = builtins.__import__

    def without(name, *rest):
        if name == "formulaic":
            raise ImportError(name)
        return real_import(name, *rest)

    table = frame()
    lr.formula("price ~ size", table)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"^formulas are read by formulaic, .* run: pip install formulaic$"):
        lr.formula("price ~ size", table)
