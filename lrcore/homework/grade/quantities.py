"""A number with its unit, as a person types it: ``-67.4 kUSD per bedroom``, ``$547,031.88``, ``56.58·10^6 USD*ft**2``.

``a/b*c`` is read as Python reads it; units that stand side by side belong together, so ``USD / ft bedroom`` has both
below. A square foot is a foot squared, however it is spelt.
"""

import math
import re
from contextlib import suppress
from dataclasses import dataclass

_LONGEST, _HIGHEST = 200, 12
_NAMED = (  # what may stand before a number and only says what it is
    r"(?:the|my|our|its?|this|final|predicted|estimated|best|answer|result|value|price|slope|gradient|derivative|weight|"
    r"bias|intercept|coefficient|learning|step|rate|size|loss|error|quantity|of|[wbl])"
)
_BEFORE = re.compile(
    rf"^(?:{_NAMED} )*{_NAMED} ?(?:: ?|is |equals |=+ ?)|^\(*[d∂] ?[a-z]\w*\)* ?/ ?\(*[d∂] ?[a-z]\w*\)* ?[=≈] ?"
    r"|^(?:[a-z_]\w* ?)?[=≈≅≃] ?|^(?:approx\.?|approximately|about|roughly|around|ca\.?|circa) "
)
_REMARK = r"(?:per (?:house|home|sample|row|example)|approx\.?|approximately|about|rounded|estimated)"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∙": "*", "•": "*", "÷": "/", "∕": "/",
    "∗": "*", "⁄": "/", "。": ".", **{chr(0xFF01 + k): chr(0x21 + k) for k in range(94)}})  # fmt: skip
_LATEX = (
    (r"\\(?:text|mathrm|operatorname|textrm|mbox)\s*\{([^{}]*)\}", r" \1 "),
    (r"\^\s*\{\s*([+-]?\d+)\s*\}", r"^\1"),
    (r"\\[td]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"((\1)/(\2))"),
    (r"\\(?:cdot|times)(?![A-Za-z])", "*"),
    (r"\\[,;:! ]|~|\\quad", " "),
    (r"\\([$%])", r"\1"),
    (r"\{,\}", ","),
    (r"\{", "("),
    (r"\}", ")"),
)
_MONEY = r"(?:us[\s-]*\$|u\.s\.\s*\$|\$\s*us|usd\s*\$|\$|usd(?![a-z]))"
_GROUPS = r"[1-9]\d{0,2}(?:(?P<gap>[,' _])\d{3})(?:(?P=gap)\d{3})*(?!\d)(?:\.\d*|(?<=[' _]\d{3}),\d+)?"
_POINTS = r"[1-9]\d{0,2}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d.])"
_COMMA = r"\d+,(?:\d{1,2}|\d{4,})(?![\d,])|0,\d+(?![\d,])"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<before>[km]?{_MONEY})?\s*(?P<second>[+-]?)\s*"
    rf"(?P<number>(?P<points>{_POINTS})|(?P<groups>{_GROUPS})|(?P<comma>{_COMMA})|\d+\.?\d*|\.\d+)"
    r"(?P<e>\s?e[+-]?\d+(?!\d|\.\d))?(?P<power>\s*(?:(?:[*x]\s*|(?<=\s))10\s*)?(?:\^|\*\*)\s*\(?\s*[+-]?\d+\s*\)?)?"
    r"(?:\s*/\s*(?P<under>\d+(?:\.\d+)?)(?=\s+[a-z$]|\s*\*(?!\*)|\s*$))?(?P<unit>.*)",
    re.DOTALL,
)
_PREFIXES = {
    "hundred": 1e2, "k": 1e3, "thousand": 1e3, "million": 1e6, "mio": 1e6, "mln": 1e6, "mn": 1e6, "billion": 1e9,
    "bn": 1e9, "percent": 1e-2, "%": 1e-2, "tsd": 1e3,
}  # fmt: skip
_NAMES = {
    "$": (1.0, "usd", 1), "us$": (1.0, "usd", 1), "$us": (1.0, "usd", 1), "usd$": (1.0, "usd", 1),
    "dollar": (1.0, "usd", 1), "buck": (1.0, "usd", 1), "cent": (1e-2, "usd", 1), "¢": (1e-2, "usd", 1),
    "kusd": (1e3, "usd", 1), "k$": (1e3, "usd", 1), "kus$": (1e3, "usd", 1),
    "musd": (1e6, "usd", 1), "m$": (1e6, "usd", 1), "mus$": (1e6, "usd", 1),
    "foot": (1.0, "ft", 1), "feet": (1.0, "ft", 1), "sqft": (1.0, "ft", 2), "sqfoot": (1.0, "ft", 2),
    "sqfeet": (1.0, "ft", 2), "sf": (1.0, "ft", 2), "yr": (1.0, "year", 1),
    "sd": (1.0, "std", 1), "σ": (1.0, "std", 1), "stddev": (1.0, "std", 1),
    "sqm": (1.0, "m", 2), "meter": (1.0, "m", 1), "metre": (1.0, "m", 1),
}  # fmt: skip
_WORDS = (
    (r"(?<=[a-z])_(?=[a-z])", " "),
    (r"\bu\.s\.d\.?", "usd"),
    (r"\bu\.s\.(?=\W)", "us"),
    (r"\bus\s+\$", "us$"),
    (r"\$\s*\(?usd\b\)?(?!\s*(?:\^|\*\*))|\busd\s*\(\$\)", "usd"),
    (r"^\s*[,;:]?\s*(?:in (?=usd|us\$|\$|dollars?))?", ""),
    (r"\b(?:multiplied by|times)\b", "*"),
    (r"\b(?:divided by|over|per|for (?=each|every|one))\b", "/"),
    (r"(?<=/) *(?:an?|one|each|every|additional|extra)\b", ""),
    (r"(?<=[a-z$)]) +(?:an?|each|every)(?= +[a-z])", " /"),
    (r"(?<=ft|et|ot) (?:of )?living(?: (?:space|area))?\b", ""),
    (r"(?<=[a-z])-([1-4])(?=[\s*/)]|$)", r"^-\1"),
    (r"\bus[ -]?dollars?\b", "usd"),
    (r"\bus-\$", "us$"),
    (r"[`\[\]]", lambda found: {"[": "(", "]": ")"}.get(found[0], "")),
    (r"\bstandard deviations?\b|\bstd\.? dev(?:\.|iations?|s)?(?![a-z])", "std"),
    (r"\(s\)", "s"),
    (r"\b(?:square|sq\.?)[\s-]*(feet|foot|ft|met(?:er|re)s?|m)\b(?!\.?\s*(?:\^|\*\*))\.?", r"\1^2"),
    (r"\b(?:square|sq\.?)[\s-]*(feet|foot|ft|met(?:er|re)s?|m)\b\.?", r"(\1^2)"),
    (r"\bsqft\.", "sqft"),
    (r"\b([a-z]+(?:\^2)?)\s+squared\b", r"(\1)^2"),
    (r"(?<=[a-z$)\d])\s+x\s+(?=[a-z$(])", "*"),
    (r"\b(ft|feet|foot)\.?\s+sq\b\.?", r"\1^2"),
    (r"(?<=[a-z])\.(?=\s|$|[/*)^-])", ""),
    (r"(?<=[a-z$\d])\.(?=[a-z])", "*"),
    (r"(?<=[a-z$)\d])-(?=[a-z$(])", "*"),
)
_TOKEN = re.compile(r"\s*(\*\*|[*/^()+-]|\d+(?:\.\d+)?|(?:[km]?us|usd|[km])?\$(?:us(?![a-z]))?|[^\W\d_]+|[%¢])")


@dataclass(frozen=True)
class Quantity:
    """A value in the unit given by the powers of its names: ``(("bedroom", -1), ("usd", 1))``."""

    value: float
    unit: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        named = [("sqft", p // 2) if name == "ft" and p % 2 == 0 else (name, p) for name, p in self.unit]
        over = [f"{name}^{power}" if power > 1 else name for name, power in named if power > 0]
        under = [f"{name}^{-power}" if power < -1 else name for name, power in named if power < 0]
        unit = " ".join(over) + "".join(f" / {name}" for name in under)
        return f"{self.value:.6g} {unit.replace('usd', 'USD')}".strip()


def quantity(text: str) -> Quantity | None:
    """Read a quantity; None where there is no number to begin with. What is no unit stands as it is, and fits none."""
    found = _NUMBER.fullmatch(_plain(text[:_LONGEST]))
    if found is None or (found["sign"] and found["second"]):
        return None
    try:
        value = _value(found) * (-1 if "-" in (found["sign"], found["second"]) else 1)
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    try:
        scale, powers = _unit(found["before"], found["unit"])
    except (ValueError, OverflowError, ZeroDivisionError, RecursionError):
        scale, powers = 1.0, {f"({found['unit'].strip()})": 1}
    return Quantity(value * scale, tuple(sorted((name, power) for name, power in powers.items() if power)))


def _plain(text: str) -> str:
    """In one alphabet: signs, spaces and powers as a keyboard has them; lower case, but M for million first."""
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda found: "^" + found[0].translate(_SUPERSCRIPTS), text.translate(_SIGNS))
    text = re.sub(r"^\s*\\[(\[](.*)\\[)\]]\s*$", r"\1", text)
    for pattern, put in _LATEX:
        text = re.sub(pattern, put, text)
    if re.fullmatch(r"\s*\$.*\d.*\$\s*", text):  # a formula between dollars
        text = text.strip().strip("$")
    text = re.sub(r"^\s*\$([^$]*\d)\$(?=\s+[^\s$])", r"\1", text)  # a number between them
    for letter, word in (("(?:M|MM)", "million"), ("B", "billion")):
        text = re.sub(rf"(?<![A-Za-z]){letter}(?=\s*(?:US|\$|usd|[Dd]ollar))", f" {word} ", text)
    text = re.sub(r"((?:\$|USD) ?[\d.,' ]*\d ?)(MM?|B)(?![A-Za-z])", _large, text)
    text = re.sub(r"\s+", " ", text).strip().strip("`'\"").rstrip(" .;,").lower()
    text = _WHOLE.sub(lambda found: found[1] or found[2] or found[3], text)
    for _ in range(3):  # the slope is = about
        text = _BEFORE.sub("", text, count=1)
    text = re.sub(r"^(minus|negative|plus) ", lambda found: "+" if found[1] == "plus" else "-", text)
    return re.sub(rf"^\(\s*({_IN_BRACKETS})\s*\)", r"\1", text)


_IN_BRACKETS = r"[+-]?[\d.,]+(?:e[+-]?\d+|\s*[*x]\s*10\s*(?:\^|\*\*)\s*[+-]?\d+)?"
_WHOLE = re.compile(r"^\(([^()]*(?:\([^()]*\)[^()]*)*)\)$|^\[([^\[\]]*)\]$|^\*\*?([^*].*[^*])\*\*?$")


def _large(found: re.Match[str]) -> str:
    return f"{found[1]} {'billion' if found[2] == 'B' else 'million'} "


def _value(found: re.Match[str]) -> float:
    digits = found["number"]
    if found["points"]:
        digits = digits.replace(".", "").replace(",", ".")
    elif found["groups"]:
        digits = digits.replace(found["gap"], "")
    value = float(digits.replace(",", ".") + (found["e"] or "").strip())
    if found["under"]:
        value /= float(found["under"])
    if found["power"]:
        power = int(re.sub(r"^\s*(?:[*x]?\s*10\s*)?(?:\^|\*\*)|[\s()]", "", found["power"]))
        if abs(power) > 300:
            raise ValueError
        value = value * 10.0**power if re.match(r"\s*(?:[*x]|10)", found["power"]) else value**power
    if not math.isfinite(value):
        raise ValueError
    return value


def _unit(before: str | None, text: str) -> tuple[float, dict[str, int]]:
    """Scale and powers of what stands before the number and after it; money that is named twice is one."""
    if before and "$" in before and re.match(r"\s*(?:usd|us dollars?|dollars?)\b(?!\s*(?:\^|\*\*))", text):
        before = None
    if (remark := re.fullmatch(r"(.*[^\s*/^]) \(([^()]*)\)", text)) and _only_said(before, remark[1], remark[2]):
        text = remark[1]
    return _Unit(f"{_joined(before)} {_unit_text(text, bool(before))}".strip()).read()


def _only_said(before: str | None, text: str, remark: str) -> bool:
    """Whether a remark in brackets means nothing more: it is a word of estimate, or the same unit in other words."""
    if re.fullmatch(_REMARK, remark):
        return True
    with suppress(ValueError, OverflowError, ZeroDivisionError, RecursionError):
        return _spelt(text) != _spelt(remark) and _unit(before, text) == _unit(None, remark)
    return False


def _spelt(text: str) -> str:
    return re.sub(r"\W", "", text)


def _joined(money: str | None) -> str:
    return re.sub(r"[\s.]", "", money or "")


def _unit_text(text: str, after_money: bool) -> str:
    """What follows the number, with words for operators put in their place."""
    for pattern, put in _WORDS:
        text = re.sub(pattern, put, text)
    text = text.strip()
    if re.match(r"\d", text) and not re.match(r"1\s*/", text):
        raise ValueError
    if text.startswith("*") and not text.startswith("**"):
        return text if after_money else text[1:]
    return f"1 {text}" if text.startswith("/") and not after_money else text


class _Unit:
    """The unit's own small language: names, powers, brackets, and ``*`` and ``/`` from left to right."""

    def __init__(self, text: str):
        self.tokens, place = list[str](), 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise ValueError
            self.tokens.append(found[1])
            place = found.end()
        self.place = 0

    def read(self) -> tuple[float, dict[str, int]]:
        if not self.tokens:
            return 1.0, {}
        found = self._chain()
        if self.place < len(self.tokens):
            raise ValueError
        return found

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _chain(self) -> tuple[float, dict[str, int]]:
        scale, powers = self._side_by_side()
        while self._next() in ("*", "/"):
            sign = 1 if self._take() == "*" else -1
            scale, powers = _times(scale, powers, *self._side_by_side(), sign)
        return scale, powers

    def _side_by_side(self) -> tuple[float, dict[str, int]]:
        scale, powers = self._power()
        while self._next() not in ("", "*", "/", ")"):
            scale, powers = _times(scale, powers, *self._power(), 1)
        return scale, powers

    def _power(self) -> tuple[float, dict[str, int]]:
        scale, powers = self._one()
        if self._next() in ("^", "**"):
            self._take()
            return _times(1.0, {}, scale, powers, self._exponent())
        if powers and self._next().isdigit():  # ft2
            return _times(1.0, {}, scale, powers, self._exponent())
        return scale, powers

    def _one(self) -> tuple[float, dict[str, int]]:
        token = self._take()
        if token == "(":
            found = self._chain()
            if self._take() != ")":
                raise ValueError
            return found
        if re.match(r"\d", token):
            return float(token), {}
        if not token or token in "*/^)+-" or token == "**":
            raise ValueError
        return _named(token)

    def _exponent(self) -> int:
        token = self._take()
        if token == "(":
            power = self._exponent()
            if self._take() != ")":
                raise ValueError
            return power
        if token in ("+", "-"):
            return -self._exponent() if token == "-" else self._exponent()
        digits = token.removesuffix(".0")
        if not digits.isdigit() or int(digits) > _HIGHEST:
            raise ValueError
        return int(digits)

    def _take(self) -> str:
        token = self._next()
        self.place += 1
        return token


def _times(
    scale: float, powers: dict[str, int], other: float, more: dict[str, int], sign: int
) -> tuple[float, dict[str, int]]:
    product = dict(powers)
    for name, power in more.items():
        product[name] = product.get(name, 0) + sign * power
    return scale * other**sign, product


def _named(word: str) -> tuple[float, dict[str, int]]:
    """Scale and powers of one name; its plural is the same."""
    for name in (word, word[:-1] if len(word) > 3 and word.endswith("s") else word):
        if name in _PREFIXES:
            return _PREFIXES[name], {}
        if name in _NAMES:
            scale, known, power = _NAMES[name]
            return scale, {known: power}
    return 1.0, {name: 1}
