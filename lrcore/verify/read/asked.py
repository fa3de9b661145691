"""What the reading of a line asks of a context, noted: another context with the same answers gives the same trees.

A text is read again under each meaning that its open names may have, and most of its lines speak of none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lrcore.verify.read.latex.cursor import Known, Symbol
    from lrcore.verify.read.macros import Macros


class Asked:
    """A context that notes what it is asked. ``looked`` are the names that were looked up, with what a reader can see
    of them; ``sizes`` those of which it was asked whether they are sizes; ``rest`` are other questions and answers.
    """

    def __init__(self, context: Known):
        self._context: Known | None = context
        self.looked: dict[str, Any] = {}
        self.sizes: dict[str, bool] = {}
        self.rest: dict[tuple[str, tuple[Any, ...]], Any] = {}

    def forget(self) -> None:
        """Keep the answers alone."""
        self._context = None

    def holds(self, context: Known) -> bool:
        """Whether a context answers all that was asked in the same way."""
        return (
            all(_seen(context.lookup(key)) == seen for key, seen in self.looked.items())
            and all(context.is_size(key) is answer for key, answer in self.sizes.items())
            and all(_answer(context, what, given) == answer for (what, given), answer in self.rest.items())
        )

    @property
    def context(self) -> Known:
        assert self._context is not None
        return self._context

    def lookup(self, key: str) -> Symbol | None:
        found = self.context.lookup(key)
        if key not in self.looked:
            self.looked[key] = _seen(found)
        return found

    def is_size(self, key: str) -> bool:
        found = self.sizes[key] = self.context.is_size(key)
        return found

    def _ask(self, what: str, *given: Any) -> Any:
        if (what, given) not in self.rest:
            self.rest[what, given] = _answer(self.context, what, given)
        return self.rest[what, given]

    def resolve(self, key: str, font: str) -> str:
        return str(self._ask("resolve", key, font))

    def begins(self, start: str) -> bool:
        return bool(self._ask("begins", start))

    def depends(self, key: str) -> frozenset[str]:
        return frozenset(self._ask("depends", key))

    def primitives(self, key: str) -> frozenset[str]:
        return frozenset(self._ask("primitives", key))

    def words(self) -> frozenset[str]:
        return frozenset(self._ask("words"))

    @property
    def macros(self) -> Macros:
        found: Macros = self._ask("macros")
        return found

    @property
    def prime_variable(self) -> str | None:
        found: str | None = self._ask("prime_variable")
        return found

    @property
    def named(self) -> Collection[str]:
        found: Collection[str] = self._ask("named")
        return found

    @property
    def random(self) -> Collection[str]:
        found: Collection[str] = self._ask("random")
        return found

    @property
    def families(self) -> Collection[str]:
        found: Collection[str] = self._ask("families")
        return found

    @property
    def fixed(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._ask("fixed")
        return found

    @property
    def gradients(self) -> Mapping[str, tuple[str, str]]:
        found: Mapping[str, tuple[str, str]] = self._ask("gradients")
        return found


def _seen(symbol: Symbol | None) -> tuple[Any, ...] | None:
    """What a reader can see of a symbol: that it is defined, and not as what."""
    return None if symbol is None else (symbol.key, symbol.shape, symbol.definition is not None, symbol.params)


def _answer(context: Known, what: str, given: tuple[Any, ...]) -> Any:
    found = getattr(context, what)
    return found(*given) if callable(found) else dict(found) if isinstance(found, dict) else found
