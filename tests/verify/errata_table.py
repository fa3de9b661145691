"""The formulas of the three source documents as tuples: number, context, verdicts, LaTeX."""

from lrcore.data import errata

_ALL = [formula for document in errata() for formula in document["formulas"]]


def _row(number, one):
    return number, one["context"], one["verdicts"], one["latex"]


FORMULAS = [_row(one["number"], one) for one in _ALL]
CORRECTIONS = [_row(one["number"], one["corrected"]) for one in _ALL if "corrected" in one]
