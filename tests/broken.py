"""Printed equations with one thing broken each: a sign, a factor, a transpose."""

import re
from collections.abc import Iterator

SIGN = re.compile(r"(?<![\^{])[+-]")
START = re.compile(r"(?<!:)(?:=|\\implies)(?:\{\})?(?:\\;)?\s*&?\s*(?=[^=\s])")


def broken(latex: str) -> Iterator[str]:
    """Each of them once, and never what is printed."""
    for found in SIGN.finditer(latex):
        yield _with(latex, found, "-" if found[0] == "+" else "+")
    for found in re.finditer(r"\^\\top", latex):
        yield _with(latex, found, "")
    for found in START.finditer(latex):
        if not re.match(r"0|&|\\\\\\\\", latex[found.end() :]):
            yield latex[: found.end()] + r"3\, " + latex[found.end() :]
    for found in re.finditer(r"\\frac2N", latex):
        yield _with(latex, found, r"\frac1N")


def _with(latex: str, found: re.Match[str], new: str) -> str:
    return latex[: found.start()] + new + latex[found.end() :]
