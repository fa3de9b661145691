"""The statistics of a fit against statsmodels, and on NIST's sets against exact rationals."""

import builtins
import json
from math import log, pi, sqrt

import mpmath
import numpy as np
import pytest
import statsmodels.api as sm
from nist import SETS
from oracles import exact_inverse, normal_equations, product, rows

import lrcore as lr
from lrcore._statistics import distributions
from lrcore.errors import InputError

KINDS = ("usual", "HC0", "HC1", "HC2", "HC3")
NOISY = [name for name in SETS if name not in ("Wampler1", "Wampler2")]  # which are fitted exactly, or nearly


def drawn(seed, outputs=None):
    """X and y of columns very different in size, weights, and whether there is a bias."""
    random = np.random.default_rng(seed)
    N, M = int(random.integers(8, 40)), int(random.integers(1, 5))
    X = random.normal(size=(N, M)) * 10.0 ** random.uniform(-2, 2, size=M) + random.choice([0, 3])
    shape = (N,) if outputs is None else (N, outputs)
    y = (X.sum(axis=1) + 7).reshape(-1, *[1] * (len(shape) - 1)) + X[:, :1].std() * random.standard_t(3, size=shape)
    return X, y, random.uniform(0.2, 4, size=N) if seed % 2 else None, seed % 3 > 0


def theirs(X, y, weights, intercept):
    A = np.c_[np.ones(len(X)), X] if intercept else X
    return (sm.OLS(y, A) if weights is None else sm.WLS(y, A, weights=weights)).fit()


def same(ours, wanted, rtol=1e-9):
    np.testing.assert_allclose(ours, wanted, rtol=rtol, atol=1e-13 * np.abs(wanted).max())


@pytest.mark.parametrize("seed", range(12))
def test_every_number_of_a_summary_is_that_of_statsmodels(seed):
    X, y, weights, intercept = drawn(seed)
    other = theirs(X, y, weights, intercept)
    found = lr.fit(X, y, weights=weights, intercept=intercept)
    for errors in KINDS:
        summary = found.summary(errors=errors, level=0.9).as_dict()
        robust = other if errors == "usual" else other.get_robustcov_results(errors, use_t=True)
        table = np.array([list(row.values()) for row in summary["coefficients"].values()])
        wanted = [robust.params, robust.bse, robust.tvalues, robust.pvalues, *robust.conf_int(0.1).T]
        same(table.T, np.array(wanted))
        same(found.statistics.covariance(errors), robust.cov_params())
        same([summary["f"], summary["f_p"]], [robust.fvalue, robust.f_pvalue], 1e-8)
    names = {"r_squared": "rsquared", "adjusted_r_squared": "rsquared_adj", "aic": "aic", "bic": "bic", "N": "nobs"}
    names |= {"log_likelihood": "llf", "freedom": "df_resid"}
    same([summary[name] for name in names], [getattr(other, name) for name in names.values()])
    assert summary["s"] == pytest.approx(sqrt(other.scale)) and summary["f_freedom"][0] == other.df_model
    assert summary["rank"] == summary["P"] == len(other.params)
    assert summary["condition"] == pytest.approx(np.linalg.cond(other.model.wexog))


@pytest.mark.parametrize("seed", range(12))
def test_influence_is_that_of_statsmodels_with_our_sign_of_the_residual(seed):
    X, y, weights, intercept = drawn(seed)
    other = theirs(X, y, weights, intercept)
    influence = sm.OLS(other.model.wendog, other.model.wexog).fit().get_influence()
    found = lr.fit(X, y, weights=weights, intercept=intercept).statistics
    same(found.residuals, -other.resid)
    same(found.leverage, influence.hat_matrix_diag)
    same(found.standardised, -influence.resid_studentized_internal)
    same(found.studentised, -influence.resid_studentized_external)
    same(found.cooks_distance, influence.cooks_distance[0])


@pytest.mark.parametrize("seed", range(12))
def test_intervals_of_predictions_are_those_of_statsmodels(seed):
    X, y, weights, intercept = drawn(seed)
    new = X[:5] * 1.5 + 1
    frame = (
        theirs(X, y, weights, intercept)
        .get_prediction(np.c_[np.ones(5), new] if intercept else new)
        .summary_frame(alpha=0.2)
    )
    found = lr.fit(X, y, weights=weights, intercept=intercept)
    for kind, short in (("confidence", "mean"), ("prediction", "obs")):
        ours = found.predict(new, kind, 0.8)
        same(ours.value, frame["mean"])
        same(np.array([ours.low, ours.high]), frame[[f"{short}_ci_lower", f"{short}_ci_upper"]].to_numpy().T)
    same(found.predict(new, "confidence").standard_error, frame["mean_se"])


def test_of_many_outputs_each_has_the_numbers_that_it_has_alone():
    X, Y, weights, _ = drawn(1, outputs=3)
    both = lr.fit(X, Y, weights=weights)
    for j in range(3):
        one, all_ = lr.fit(X, Y[:, j], weights=weights), both.statistics
        same(all_.cooks_distance[:, j], one.statistics.cooks_distance)
        same(all_.studentised[:, j], one.statistics.studentised)
        for errors in ("usual", "HC3"):
            same(all_.covariance(errors)[j], one.statistics.covariance(errors))
            ours = both.summary(output=j, errors=errors).as_dict()["coefficients"]
            wanted = one.summary(errors=errors).as_dict()["coefficients"]
            for name, row in wanted.items():
                same(list(ours[name].values()), np.array(list(row.values())))
        same(both.predict(X, "prediction").high[:, j], one.predict(X, "prediction").high)
    with pytest.raises(InputError, match=r"^the fit has 3 outputs; say which, such as summary\(output=0\)\.$"):
        both.summary()
    with pytest.raises(InputError, match=r"^output is 3, but the fit has 3, counted from 0\.$"):
        both.summary(output=3)


def real(number):
    """A fraction to two hundred digits, with which sums of thousands of them are quick."""
    return mpmath.mpf(number.numerator) / number.denominator


def exact(given):
    """Without rounding: A (A^T A)^-1, solution, residuals, the squares left and about the mean, leverages, inverse."""
    A = np.c_[np.ones(len(given.X)), given.X] if given.intercept else given.X
    gram, right = normal_equations(A, given.y)
    inverse = exact_inverse(gram)
    theta = [real(row[0]) for row in product(inverse, right)]
    inverse, A, y = ([[real(one) for one in row] for row in rows] for rows in (inverse, rows(A), rows(given.y)))
    residuals = [sum(a * t for a, t in zip(row, theta, strict=True)) - v for row, (v,) in zip(A, y, strict=True)]
    moved = product(A, inverse)
    leverages = [sum(a * m for a, m in zip(*pair, strict=True)) for pair in zip(A, moved, strict=True)]
    mean = sum(v for (v,) in y) / len(y) if given.intercept else 0
    total = sum((v - mean) ** 2 for (v,) in y)
    return moved, theta, residuals, sum(r * r for r in residuals), total, leverages, inverse


@pytest.fixture
def two_hundred_digits():
    with mpmath.workdps(200):
        yield


@pytest.mark.parametrize("name", NOISY)
def test_each_certified_set_has_its_statistics_to_twelve_digits(name, two_hundred_digits):
    given = SETS[name]
    moved, theta, residuals, squares, total, leverages, inverse = exact(given)
    N, P, slopes = len(residuals), len(theta), len(theta) - given.intercept
    found = lr.fit(given.X, given.y, intercept=given.intercept)
    of, summary = found.statistics, found.summary().facts

    def close(ours, wanted):
        np.testing.assert_allclose(ours, np.array(wanted, dtype=float), rtol=1e-12, err_msg=name)

    scatter = squares / (N - P)
    close(of.scatter, sqrt(scatter))
    close(of.leverage, leverages)
    largest = max(map(abs, residuals))
    np.testing.assert_allclose(
        of.residuals, np.array(residuals, dtype=float), rtol=1e-12, atol=1e-13 * float(largest), err_msg=name
    )
    internal = [r * r / (scatter * (1 - h)) for r, h in zip(residuals, leverages, strict=True)]
    cooks = [i / P * h / (1 - h) for i, h in zip(internal, leverages, strict=True)]
    outside = [i * (N - P - 1) / (N - P - i) for i in internal]
    for ours, wanted in (
        (of.standardised**2, internal),
        (of.cooks_distance, cooks),
        *([(of.studentised**2, outside)] if N - P > 1 else []),
    ):
        wanted = np.array(wanted, dtype=float)
        np.testing.assert_allclose(ours, wanted, rtol=1e-11, atol=1e-11 * wanted.max(), err_msg=name)
    close(
        [of.r_squared, of.adjusted_r_squared],
        [1 - squares / total, 1 - squares / total * (N - given.intercept) / (N - P)],
    )
    close(of.f(), (total - squares) / slopes / scatter)
    llf = -N / 2 * (log(2 * pi) + 1 + log(squares / N))
    close([summary["log_likelihood"], summary["aic"], summary["bic"]], [llf, 2 * P - 2 * llf, P * log(N) - 2 * llf])
    close(of.t() ** 2, [t * t / (scatter * inverse[k][k]) for k, t in enumerate(theta)])
    left = [1 - h for h in leverages]
    for errors, over in (
        ("usual", None),
        ("HC0", [1] * N),
        ("HC1", [mpmath.mpf(N - P) / N] * N),
        ("HC2", left),
        ("HC3", [one * one for one in left]),
    ):
        if over is None:
            squared = [scatter * inverse[k][k] for k in range(P)]
        else:
            squared = [
                sum(row[k] ** 2 * r * r / o for row, r, o in zip(moved, residuals, over, strict=True)) for k in range(P)
            ]
        close(of.standard_errors(errors) ** 2, squared)


def test_a_prediction_far_outside_has_the_standard_error_that_fractions_give(two_hundred_digits):
    given = SETS["Filip"]
    _, _, _, squares, _, _, inverse = exact(given)
    x = np.array([-2.0, -10.0])[:, None] ** np.arange(1, 11)
    found = lr.fit(given.X, given.y).predict(x, "confidence").standard_error
    for ours, row in zip(found, rows(np.c_[np.ones(2), x]), strict=True):
        spread = sum(
            a * sum(i * b for i, b in zip(line, row, strict=True)) for a, line in zip(row, inverse, strict=True)
        )
        assert ours == pytest.approx(sqrt(spread * squares / (len(given.y) - 11)), rel=1e-11)


@pytest.fixture
def thirty_digits():
    with mpmath.workdps(30):
        yield


@pytest.mark.parametrize("freedom", [1, 2, 7, 40, 21_607, 10**7])
def test_the_distributions_are_those_of_mpmath(freedom, thirty_digits):
    def tails(t):
        return float(mpmath.betainc(mpmath.mpf(freedom) / 2, 0.5, 0, freedom / (freedom + mpmath.mpf(t) ** 2), True))

    for t in (0.01, 0.7, 2.0, 9.0):
        assert distributions.two_sided(np.array(t), freedom) == pytest.approx(tails(t), rel=1e-11)
    for level in (0.01, 0.5, 0.95, 0.999):
        assert tails(distributions.reach(level, freedom)) == pytest.approx(1 - level, rel=1e-9)
    for f in (0.3, 1.0, 4.0):
        share = freedom / (freedom + 3 * mpmath.mpf(f))
        wanted = float(mpmath.betainc(mpmath.mpf(freedom) / 2, 1.5, 0, share, True))
        assert distributions.above(np.array(f), 3, freedom) == pytest.approx(wanted, rel=1e-9)


def test_a_summary_is_text_a_table_of_html_and_a_dict_that_json_takes():
    pandas = pytest.importorskip("pandas")
    X, y, _, _ = drawn(2)
    frame = pandas.DataFrame(X, columns=["<b>size</b>", "bias", "c", "d"][: X.shape[1]])
    summary = lr.fit(frame, y).summary()
    assert "<b>size</b>" in str(summary) and repr(summary) == str(summary)
    page = summary._repr_html_()
    assert "&lt;b&gt;size" in page and "<b>size" not in page
    assert page.count("<tr>") == page.count("</tr>") == X.shape[1] + 2
    plain = json.loads(json.dumps(summary.as_dict()))
    assert list(plain["coefficients"])[:3] == ["bias", "<b>size</b>", "bias'"]
    for name, row in plain["coefficients"].items():
        assert f"{row['value']:.6g}" in str(summary) and f"{row['standard_error']:.4g}" in page, name


def test_without_scipy_a_summary_says_what_is_missing_and_shows_the_rest(monkeypatch):
    real_import = builtins.__import__

    def without(name, *rest):
        if name.startswith("scipy"):
            raise ImportError(name)
        return real_import(name, *rest)

    X, y, _, _ = drawn(4)
    found, with_it = lr.fit(X, y), lr.fit(X, y).summary()
    monkeypatch.setattr(builtins, "__import__", without)
    said = "-values and intervals need the distributions of scipy, which is not installed; run: pip install scipy"
    summary = found.summary()
    assert f"P{said}." in str(summary) and f"P{said}" in summary._repr_html_()
    assert "scipy" not in str(with_it)
    assert summary.coefficients["bias"]["t"] == with_it.coefficients["bias"]["t"]
    assert np.isnan(summary.coefficients["bias"]["p"]) and np.isnan(summary.facts["f_p"])
    for needs in (lambda: found.predict(X, "confidence"), found.statistics.p, found.statistics.intervals):
        with pytest.raises(ImportError, match=f"^p{said}$"):
            needs()


def test_samples_of_weight_zero_are_as_if_they_were_not_there():
    X, y, _, _ = drawn(6)
    weights = np.ones(len(y))
    weights[[0, 3]] = 0
    kept = weights > 0
    found, fewer = lr.fit(X, y, weights=weights), lr.fit(X[kept], y[kept])
    same(found.statistics.standard_errors("HC3"), fewer.statistics.standard_errors("HC3"))
    assert found.summary().facts["aic"] == pytest.approx(fewer.summary().facts["aic"])
    for name in ("leverage", "residuals", "studentised", "cooks_distance"):
        ours = getattr(found.statistics, name)
        same(ours[kept], getattr(fewer.statistics, name))
        assert np.isnan(ours[~kept]).all() and len(ours) == len(y)


def test_a_sample_that_alone_fixes_a_weight_has_no_studentised_residual():
    X = np.c_[np.r_[np.zeros(7), 1], np.arange(8.0) ** 2]
    found = lr.fit(X, np.sin(np.arange(8.0))).statistics
    assert found.leverage[7] == pytest.approx(1) and np.isnan(found.studentised).tolist() == [False] * 7 + [True]
    assert np.isfinite(found.standard_errors("HC1")).all()
    with pytest.raises(InputError, match=r"^sample 7 has leverage 1 \(it alone fixes a weight\), and HC3 would divide"):
        found.standard_errors("HC3")


def test_what_has_no_statistics_says_why():
    X, y, _, _ = drawn(8)
    for found, said in (
        (lr.fit(X, y, ridge=0.1), "ridge moves the weights on purpose"),
        (lr.fit(np.stack([X, X]), np.stack([y, y])), "these are 2 fits; take the statistics of one"),
        (lr.accumulate.of_rows(X, y).fit(), "this fit was made block by block and kept no samples"),
    ):
        with pytest.raises(InputError, match=f"^{said}"):
            found.summary()
    with pytest.warns(UserWarning, match="dependent"):
        twice = lr.fit(np.c_[X, X], y)
    with pytest.raises(InputError, match=r"^the columns do not determine the weights"):
        twice.summary()
    few = lr.fit(np.arange(4.0).reshape(2, 2)[:, :1], [1.0, 3.0])
    with pytest.raises(InputError, match=r"^2 samples for 2 unknowns are fitted exactly"):
        few.summary()
    same(few.statistics.leverage, np.ones(2))
    found = lr.fit(X, y)
    for call, said in (
        (lambda: found.summary(level=95), "level is 95, but a probability between 0 and 1"),
        (lambda: found.summary(errors="HC4"), "errors is 'HC4', but one of usual, HC0"),
        (lambda: found.predict(X, "certainty"), "interval is 'certainty', but one of confidence, prediction"),
    ):
        with pytest.raises(InputError, match=f"^{said}"):
            call()


def test_samples_that_were_changed_after_the_fit_are_refused():
    X, y, _, _ = drawn(10)
    found, again = lr.fit(X, y), lr.fit(X, y)
    assert again.summary() is not None
    X[0, 0] += 1
    with pytest.raises(InputError, match=r"^X or Y was changed after it was fitted; fit again for its statistics\.$"):
        found.summary()


def test_each_of_many_fits_has_its_own_statistics():
    random = np.random.default_rng(3)
    X, Y, weights = random.normal(size=(4, 20, 3)), random.normal(size=(4, 20)), random.uniform(1, 2, size=(4, 20))
    X[2, :, 1] *= 1e9  # one that is not easy
    for given in (None, weights):
        many = lr.fit(X, Y, weights=given)
        for k in range(4):
            one = lr.fit(X[k], Y[k], weights=None if given is None else given[k])
            same(many[k].statistics.standard_errors("HC3"), one.statistics.standard_errors("HC3"))
