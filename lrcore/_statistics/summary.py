"""A fit with its statistics as a table: text, HTML and a dict."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore._statistics import distributions
from lrcore.errors import InputError
from lrcore.shapes import Array, count

_RIGHT = 'style="text-align:right;padding:0.1em 0.6em"'
_COLUMNS = ("value", "standard_error", "t", "p", "low", "high")


@dataclass(frozen=True, eq=False)
class Summary:
    """What :meth:`lrcore.fitted.Fit.summary` gives: print it, show it in a notebook, or take it as a dict.

    ``coefficients`` has a row for each unknown, by name: value, standard_error, t, p and the ends of the interval, low
    and high. ``facts`` has the rest by name. Without scipy p, low and high are NaN.
    """

    coefficients: dict[str, dict[str, float]]
    facts: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Plain values: the facts, and under "coefficients" a dict for each unknown."""
        return {**self.facts, "coefficients": {name: dict(row) for name, row in self.coefficients.items()}}

    def __str__(self) -> str:
        header, *rows = list(self._rows())
        widths = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header))]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))])
            for row in (header, *rows)
        ]
        return "\n".join([*lines, "", *self._sentences()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        header, *rows = ([html.escape(cell) for cell in row] for row in self._rows())
        top = "<td></td>" + "".join(f'<th scope="col" {_RIGHT}>{cell}</th>' for cell in header[1:])
        lines = [[f"<td {_RIGHT}>{cell}</td>" for cell in cells] for _, *cells in rows]
        names = [f'<th scope="row" style="text-align:left">{name}</th>' for name, *_ in rows]
        body = "".join(f"<tr>{name}{''.join(cells)}</tr>" for name, cells in zip(names, lines, strict=True))
        said = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self._sentences())
        table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
        return f'<div class="lr-summary">{table}{said}</div>'

    def _rows(self) -> Iterator[list[str]]:
        level = self.facts["level"]
        ends = [f"{100 * one:.4g} %" for one in ((1 - level) / 2, (1 + level) / 2)]
        yield ["", "coefficient", "standard error", "t", "p", *ends]
        for name, row in self.coefficients.items():
            value, error, t, p, low, high = (row[column] for column in _COLUMNS)
            yield [name, f"{value:.6g}", f"{error:.4g}", f"{t:.4g}", _probability(p), f"{low:.6g}", f"{high:.6g}"]

    def _sentences(self) -> Iterator[str]:
        facts = self.facts
        yield f"{facts['N']} samples, {facts['P']} unknowns, {facts['freedom']} degrees of freedom; s {facts['s']:.6g}."
        f = f"F({facts['f_freedom'][0]}, {facts['f_freedom'][1]}) {facts['f']:.5g}, p {_probability(facts['f_p'])}"
        yield f"R² {facts['r_squared']:.6g}, adjusted {facts['adjusted_r_squared']:.6g}; {f}."
        yield f"Log-likelihood {facts['log_likelihood']:.7g}, AIC {facts['aic']:.7g}, BIC {facts['bic']:.7g}."
        digits = f"the coefficients are right to {facts['digits']} digits"
        yield f"Rank {facts['rank']}, condition number {facts['condition']:.4g}; {digits}."
        if facts["errors"] != "usual":
            yield f"Standard errors are robust, {facts['errors']}: each sample may have a scatter of its own."
        if np.isnan(facts["f_p"]) and not np.isnan(facts["f"]):
            yield f"P{distributions.MISSING[1:]}."


def _probability(p: float) -> str:
    if p == 0:
        return "<1e-300"
    return f"{p:.1e}" if p < 0.001 else f"{p:.3f}"


def summary_of(statistics: Any, fitted: Any, level: float, errors: str, output: int | None) -> Summary:
    """The summary of one output of a fit, whose statistics are these."""
    take = _taker(statistics, output)
    known, freedom = distributions.known(), statistics.freedom
    nan = np.full_like(statistics.coefficients, np.nan)
    low, high = statistics.intervals(level, errors) if known else (nan, nan)
    p = statistics.p(errors) if known else nan
    columns = [statistics.coefficients, statistics.standard_errors(errors), statistics.t(errors), p, low, high]
    table = np.stack([take(column) for column in columns], axis=1)
    names = _different(statistics.names)
    rows = {name: dict(zip(_COLUMNS, row, strict=True)) for name, row in zip(names, table.tolist(), strict=True)}
    lost = np.concatenate([np.reshape(fitted.b_error, (1, *fitted.W.shape[1:])), fitted.W_error])[-statistics.P :]
    facts = {
        "N": statistics.N,
        "P": statistics.P,
        "freedom": freedom,
        "s": float(take(statistics.scatter)),
        "r_squared": float(take(statistics.r_squared)),
        "adjusted_r_squared": float(take(statistics.adjusted_r_squared)),
        "f": float(take(statistics.f(errors))),
        "f_p": float(take(statistics.f_p(errors))) if known else float("nan"),
        "f_freedom": (statistics.P - int(statistics.basis.system.scaling.intercept), freedom),
        "log_likelihood": float(take(statistics.log_likelihood)),
        "aic": float(take(statistics.aic)),
        "bic": float(take(statistics.bic)),
        "rank": int(fitted.rank),
        "condition": float(fitted.condition),
        "digits": _digits(take(statistics.coefficients), take(lost)),
        "method": fitted.method,
        "errors": errors,
        "level": level,
    }
    return Summary(rows, facts)


def _taker(statistics: Any, output: int | None) -> Any:
    """What takes the column of one output."""
    if statistics.single and output is None:
        return lambda A: A
    D = 1 if statistics.single else statistics.coefficients.shape[1]
    if output is None:
        raise InputError(f"the fit has {D} outputs; say which, such as summary(output=0).")
    k = count("output", output, least=0)
    if k >= D:
        raise InputError(f"output is {k}, but the fit has {D}, counted from 0.")
    return (lambda A: A) if statistics.single else (lambda A: A[..., k])


def _digits(values: Array, errors: Array) -> int:
    """How many decimal digits of each coefficient are right at least, by the estimate of its error."""
    share = np.divide(errors, np.abs(values), out=np.zeros_like(errors), where=values != 0).max()
    return int(np.clip(np.floor(-np.log10(max(share, 1e-16))), 0, 16))


def _different(names: tuple[str, ...]) -> list[str]:
    """Names of which no two are the same: a column may be called bias too."""
    found = list[str]()
    for name in names:
        while name in found:
            name += "'"
        found.append(name)
    return found
