"""A number with its unit, as a person types it: ``-67.4 kUSD per bedroom``."""

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"^\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(.*)$", re.DOTALL)
_PREFIXES = {"thousand": 1e3, "million": 1e6, "percent": 1e-2, "%": 1e-2}
_ALIASES = {"$": "usd", "dollar": "usd", "ft2": "sqft", "ft^2": "sqft", "sqfoot": "sqft", "foot": "ft", "feet": "ft"}
_WORDS = (("square feet", "sqft"), ("square foot", "sqft"), ("sq ft", "sqft"), ("sq. ft.", "sqft"), (" per ", " / "))


@dataclass(frozen=True)
class Quantity:
    """A value in the unit given by the powers of its names: ``(("bedroom", -1), ("usd", 1))``."""

    value: float
    unit: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        over = [f"{name}^{power}" if power > 1 else name for name, power in self.unit if power > 0]
        under = [f"{name}^{-power}" if power < -1 else name for name, power in self.unit if power < 0]
        unit = " ".join(over) + "".join(f" / {name}" for name in under)
        return f"{self.value:.6g} {unit.replace('usd', 'USD')}".strip()


def quantity(text: str) -> Quantity | None:
    """Read a quantity; None where there is no number to begin with."""
    found = _NUMBER.match(text[:200].replace("−", "-"))
    if found is None or not re.search(r"\d", found[1]):
        return None
    value, unit = float(found[1].replace(",", "")), f" {found[2].lower()} "
    for words, word in _WORDS:
        unit = unit.replace(words, word)
    factor, powers = 1.0, dict[str, int]()
    sign = 1
    for word in re.findall(r"/|[^\s/*·]+", unit):
        if word == "/":
            sign = -1
            continue
        scale, name, power = _unit(word)
        factor *= scale ** (sign * power)
        if name:
            powers[name] = powers.get(name, 0) + sign * power
    return Quantity(value * factor, tuple(sorted((name, power) for name, power in powers.items() if power)))


def _unit(word: str) -> tuple[float, str, int]:
    """Scale, name and power of one word of a unit."""
    if word in _PREFIXES:
        return _PREFIXES[word], "", 1
    word = _ALIASES.get(word, word)
    name, _, power = word.partition("^")
    name = name[:-1] if len(name) > 3 and name.endswith("s") else name
    name = _ALIASES.get(name, name)
    scale = 1.0
    if name in ("kusd", "k$"):
        scale, name = 1e3, "usd"
    elif name in ("musd", "m$"):
        scale, name = 1e6, "usd"
    return scale, name, int(power) if re.fullmatch(r"-?\d", power) else 1
