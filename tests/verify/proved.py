"""Every step that the prover proves, with its claim: of the identities, of the corpus, and of the book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from lrcore.verify import Context, gate
from lrcore.verify.check import Derivation
from lrcore.verify.claims import Claim
from lrcore.verify.report import Verdict
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC
from tests.verify.wild import WILD

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Proved:
    """A proved step: where it stands, its claim, and what it follows from."""

    name: str
    claim: Claim
    given: tuple[Claim, ...]
    relation: str
    state: Derivation
    number: int


class Recorded(Derivation):
    """A derivation that keeps the claims of its inequalities as well."""

    def report(self):
        self.ordered: dict[int, Claim] = {}
        return super().report()

    def _order(self, left, right, relation):
        found = super()._order(left, right, relation)
        self.ordered[len(self.steps)] = self._typed(left, right)[0]
        return found


def proved_steps(name: str, state: Recorded) -> Iterator[Proved]:
    """The proved steps of a finished derivation."""
    for number, step in enumerate(state.steps):
        if step.verdict is not Verdict.PROVED:
            continue
        label = f"{name}, step {number + 1}" if len(state.steps) > 1 else name
        if number in state.decided:
            one = state.decided[number]
            yield Proved(label, one.claim, tuple(one.given), "=", state, number)
        elif number in state.ordered:
            yield Proved(label, state.ordered[number], (), step.relation, state, number)


def of_text(name: str, text, context: Context) -> Iterator[Proved]:
    state = Recorded(text, context, repairs=False)
    state.report()
    yield from proved_steps(name, state)


def of_identities() -> Iterator[Proved]:
    context = Context(shapes=SHAPES, symmetric=SYMMETRIC)
    for _, text in IDENTITIES:
        yield from of_text(text, text, context)


def of_identities_in_latex() -> Iterator[Proved]:
    context = Context(shapes=SHAPES, symmetric=SYMMETRIC)
    for text, _ in IDENTITIES:
        yield from of_text(text, text, context)


def of_corpus() -> Iterator[Proved]:
    for name, given, text, _ in WILD:
        yield from of_text(name, text, Context(**given))


def of_book() -> Iterator[Proved]:
    for page in sorted((ROOT / "book").glob("**/*.md")):
        states: list[Recorded] = []

        class Kept(Recorded):
            def report(self, states=states):
                states.append(self)
                return super().report()

        with patch.object(gate, "Derivation", Kept):
            gate.check_page(page.read_text(encoding="utf-8"))
        for number, state in enumerate(states):
            yield from proved_steps(f"{page.stem}, equation {number + 1}", state)


SOURCES = {"identities": of_identities, "corpus": of_corpus, "book": of_book}
