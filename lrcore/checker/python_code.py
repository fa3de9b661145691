"""Python as people write it: functions whose ``return`` says what they give, calls of one's own functions, and names
such as ``dw`` and ``grad_b`` for the gradients of the loss that the code computes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lrcore.verify import is_code

_DEF = re.compile(r"^[ \t]*def\s+(\w+)\((.*)\).*:[ \t]*$", re.M)
_NO_FORMULA = re.compile(r'^[ \t]*(?:(?:import|from)\s.*|""".*""")[ \t]*$', re.M)
_RETURN = re.compile(r"^([ \t]*)return(?=\s)", re.M)
_SEVERAL = re.compile(r"^[ \t]*return\s+\w+(?:\s*,\s*\w+)+[ \t]*$", re.M)
_UPDATE = re.compile(  # of w, in a step of descent
    r"^[ \t]*(\w+)[ \t]*(?:-=|=[ \t]*\1[ \t]*-)(?=.*(?:\b(?:lr|eta|alpha|learning_rate|step)\b|grad|\bd\1\b)).*$", re.M
)
_PARAMETERS = re.compile(r"\s*[A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*\s*")
_LOSS = re.compile(r"(?:\w+_)?(?:loss|cost|mse|sse|rss|nll|objective|error|cross_entropy)(?:_\w+)?|[JLEC]", re.I)
_GRADIENT = re.compile(r"(?:\w+_)?(?:grad(?:ient)?|derivative)(?:_\w+)?|d(?:loss|cost|L|J|mse)_?d?\w*", re.I)
_OF = (
    re.compile(r"d(?:loss|cost|mse|[JLEC])_?d_?(\w+)"), re.compile(r"(?:grad|gradient|d)_(\w+)"),
    re.compile(r"(\w+)_grad"), re.compile(r"d(\w+)"),
)  # fmt: skip
_ASSIGNED = re.compile(r"^[ \t]*([A-Za-z]\w*)[ \t]*=(?!=)[ \t]*(.+)$", re.M)
_NUMBER = re.compile(r"[\d.e+\-*/() ]+")
_DATA = frozenset(("x", "y", "X", "Y", "t", "T"))
_WEIGHTS = ("w", "W", "theta", "beta", "weights", "params", "b", "m", "a")
_LIBRARY = frozenset(("sigmoid", "softmax", "relu", "tanh", "norm", "mean", "exp", "log"))


def as_equations(text: str) -> str:
    """The functions of a text as headings, what they return as equations, each character that is left at its place."""
    text = _UPDATE.sub(lambda one: " " * len(one[0]), text) if is_code(text) else text
    if not _DEF.search(text):
        return text
    losses, derivatives = _named(text, _LOSS, _GRADIENT), _named(text, _GRADIENT)
    out, name = "", ""
    lines = _NO_FORMULA.sub(lambda one: " " * len(one[0]), text).splitlines(keepends=True)
    for number, line in enumerate(lines):
        if head := _DEF.match(line.rstrip("\r\n")):
            name = head[1]
            following = lines[number + 1] if number + 1 < len(lines) else ""
            own = name not in {*losses, *derivatives, *_LIBRARY} and len(re.findall(rf"\b{name}\(", text)) > 1
            if own and _PARAMETERS.fullmatch(head[2]) and _RETURN.match(following):
                out += re.sub(r"\)[ \t]*:", ")= ", line.replace("def", "   ", 1))
                lines[number + 1] = _RETURN.sub(r"\1      ", following)
            else:
                out += line.replace("def", "#  ", 1)
        elif _SEVERAL.match(line):
            out += re.sub(r"[^\n\r]", " ", line)  # what stands above
        else:
            given = "loss =" if losses == [name] else "grad =" if derivatives == [name] else "ret  ="
            out += _RETURN.sub(rf"\1{given}", line)
    return out


def gradients(text: str) -> dict[str, tuple[str, str]]:
    """The names in code that stand for the gradient of its loss, with the name of the loss and of what it is taken by;
    none where there is no loss, or more than one.
    """
    if not is_code(text):
        return {}
    return dict(_returned(text)) if _DEF.search(text) else dict(_assigned(text))


def _returned(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    losses, derivatives = _named(text, _LOSS, _GRADIENT), _named(text, _GRADIENT)
    if len(losses) == len(derivatives) == 1:
        given = {head[1]: re.findall(r"\w+", head[2]) for head in _DEF.finditer(text)}
        both = [one for one in _WEIGHTS if one in given[losses[0]] and one in given[derivatives[0]]]
        if both:
            yield "grad", ("loss", both[0])


def _named(text: str, kind: re.Pattern[str], other: re.Pattern[str] | None = None) -> list[str]:
    names = [head[1] for head in _DEF.finditer(text)]
    return [one for one in names if kind.fullmatch(one) and not (other and other.fullmatch(one))]


def _assigned(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    found = [(one[1], one[2], one.start()) for one in _ASSIGNED.finditer(text)]
    losses = [(name, at) for name, _, at in found if _LOSS.fullmatch(name) and not _GRADIENT.fullmatch(name)]
    if len(losses) != 1 or _given(losses[0][0], text) > 1:
        return
    (loss, place), bodies = losses[0], {name: body for name, body, _ in found}
    rests = _rests_on(loss, bodies)
    for name, body, at in found:
        once = at > place and not _NUMBER.fullmatch(body) and _given(name, text) == 1
        for form in _OF if once else ():
            target = (match := form.fullmatch(name)) and rests.get(match[1].replace("_", ""))
            if target and target not in _DATA:
                yield name, (loss, target)
                break


def _given(name: str, text: str) -> int:
    """How often a name gets a value, or another one in its place."""
    return len(re.findall(rf"^[ \t]*{name}[ \t]*[-+*/@]?=(?!=)", text, re.M))


def _rests_on(name: str, bodies: Mapping[str, str]) -> dict[str, str]:
    """The names that a value is computed from, at any depth, by their letters without underscores."""
    found: set[str] = set()
    new = {name}
    while new:
        new = set().union(*(re.findall(r"[A-Za-z_]\w*", bodies.get(one, "")) for one in new)) - found
        found |= new
    return {one.replace("_", ""): one for one in sorted(found)}
