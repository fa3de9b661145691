"""Printed equations with one thing broken each: a sign, a factor, a transpose."""

import copy
import re
from collections.abc import Iterator
from typing import Any

SIGN = re.compile(r"(?<![\^{])[+-]")
START = re.compile(r"(?<!:)(?:=|\\implies)(?:\{\})?(?:\\;)?\s*&?\s*(?=[^=\s])")
# Broken, these are true all the same: a constant has no derivative, and a square forgets its sign.
STILL_TRUE = {
    "ref-partial": 1,  # 3t by s
    "ask-inner": 1,  # y by y_hat
    "one-second": 2,  # b and y by w
    "n-dyhat-dw-ik": 1,  # b by w
    "many-dR": 2,  # b and Y, where W alone varies
    "closed-hessian": 1,  # X^T y by w
    "stat-unbiased": 1,  # noise that averages to zero, with a minus
    "stat-projection": 1,  # (I + H)(I - H) is I - HH
    "descent-momentum-limit": 1,  # (-1)^2
}


def broken(latex: str) -> Iterator[tuple[str, str]]:
    """Each of them once, with what is broken, and never what is printed."""
    for found in SIGN.finditer(latex):
        yield "sign", _with(latex, found, "-" if found[0] == "+" else "+")
    for found in re.finditer(r"\^\\top", latex):
        yield "transpose", _with(latex, found, "")
    for found in START.finditer(latex):
        if not re.match(r"0|&|\\\\\\\\", latex[found.end() :]):
            yield "factor", latex[: found.end()] + r"3\, " + latex[found.end() :]
    for found in re.finditer(r"\\frac2N", latex):
        yield "mean", _with(latex, found, r"\frac1N")


def _with(latex: str, found: re.Match[str], new: str) -> str:
    return latex[: found.start()] + new + latex[found.end() :]


def with_another(pages: dict[str, Any], label: str, latex: str) -> dict[str, Any]:
    """The equations of the book with another one under this label."""
    changed = copy.deepcopy(pages)
    for page in changed.values():
        for one in page["equations"]:
            if one["label"] == label:
                one["latex"] = latex
    return changed
