"""The estimator for scikit-learn, by scikit-learn's own checks, and where people would use it."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import lrcore as lr
from lrcore.errors import RankWarning


@pytest.mark.parametrize(
    ("estimator", "check"),
    [pair for one in (lr.LeastSquares(), lr.LeastSquares(ridge=0.5)) for pair in estimator_checks_generator(one)],
    ids=lambda one: getattr(getattr(one, "func", one), "__name__", type(one).__name__),
)
@pytest.mark.filterwarnings("ignore::lrcore.errors.RankWarning")
def test_it_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


def drawn():
    random = np.random.default_rng(0)
    X = random.normal(size=(60, 3)) * [1, 30, 0.1] + 5
    return X, X @ [1, 0.2, -30] + random.normal(size=60), random.uniform(0.5, 2, size=60)


@pytest.mark.parametrize("intercept", [True, False])
def test_it_finds_what_scikit_learn_finds(intercept):
    X, y, weights = drawn()
    for ours, theirs in (
        (lr.LeastSquares(intercept=intercept), LinearRegression(fit_intercept=intercept)),
        (lr.LeastSquares(intercept=intercept, ridge=2.0), Ridge(2.0, fit_intercept=intercept)),
    ):
        for Y in (y, np.c_[y, X[:, 0] - y]):
            ours.fit(X, Y, sample_weight=weights)
            theirs.fit(X, Y, sample_weight=weights)
            np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-8)
            np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-8, atol=1e-12)
            np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-8)
            assert ours.score(X, Y, weights) == pytest.approx(theirs.score(X, Y, weights))


def test_it_goes_through_pipelines_searches_and_clones():
    X, y, _ = drawn()
    ours, theirs = (make_pipeline(StandardScaler(), one) for one in (lr.LeastSquares(), LinearRegression()))
    np.testing.assert_allclose(cross_val_score(ours, X, y), cross_val_score(theirs, X, y), rtol=1e-10)
    search = GridSearchCV(lr.LeastSquares(), {"ridge": [0.0, 1.0, 1e6], "intercept": [True, False]}).fit(X, y)
    assert search.best_params_["ridge"] < 1e6 and search.best_params_["intercept"]
    twin = clone(lr.LeastSquares(ridge=3.0).fit(X, y))
    assert twin.get_params() == {"intercept": True, "method": "auto", "ridge": 3.0} and not hasattr(twin, "fit_")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_the_names_of_a_frame_go_in_and_come_out(library):
    frames = pytest.importorskip(library)
    X, y, _ = drawn()
    table = frames.DataFrame({name: X[:, k] for k, name in enumerate(("age", "size", "tax"))})
    found = lr.LeastSquares().fit(table, y)
    assert found.feature_names_in_.tolist() == ["age", "size", "tax"] == list(found.fit_.names)
    assert list(found.fit_.summary().coefficients) == ["bias", "age", "size", "tax"]
    turned = table[["tax", "age", "size"]]
    np.testing.assert_array_equal(found.fit_.predict(turned), found.predict(table))
    with pytest.raises(ValueError, match="must be in the same order"):
        found.predict(turned)


def test_dependent_columns_are_said_here_too():
    X, y, _ = drawn()
    with pytest.warns(RankWarning, match="columns of X are dependent"):
        lr.LeastSquares().fit(np.c_[X, X[:, 0]], y)
