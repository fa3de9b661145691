"""Every step that the prover proves, with its claim: of the identities, of the corpus, and of the book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from lrcore.verify import Context, Examined, Options, examine
from lrcore.verify.page import gate
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.report import Verdict
from tests.verify.corpus import CORPUS
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Proved:
    """A proved step: where it stands, its claim, what it follows from, and the text it stands in."""

    name: str
    claim: Claim
    given: tuple[Claim, ...]
    relation: str
    state: Examined
    number: int


def proved_steps(name: str, found: Examined) -> Iterator[Proved]:
    """The proved steps of a text that was decided."""
    steps = found.report.steps
    for number, one in sorted(found.decided.items()):
        if steps[number].verdict is Verdict.PROVED:
            label = f"{name}, step {number + 1}" if len(steps) > 1 else name
            yield Proved(label, one.claim, tuple(one.given), one.relation, found, number)


def of_text(name: str, text, context: Context) -> Iterator[Proved]:
    yield from proved_steps(name, examine(text, context, Options(repairs=0)))


def of_identities() -> Iterator[Proved]:
    context = Context(shapes=SHAPES, symmetric=SYMMETRIC)
    for _, text in IDENTITIES:
        yield from of_text(text, text, context)


def of_identities_in_latex() -> Iterator[Proved]:
    context = Context(shapes=SHAPES, symmetric=SYMMETRIC)
    for text, _ in IDENTITIES:
        yield from of_text(text, text, context)


def of_corpus() -> Iterator[Proved]:
    for name, given, text, _ in CORPUS:
        yield from of_text(name, text, Context(**given))


def of_book() -> Iterator[Proved]:
    for page in sorted((ROOT / "book").glob("**/*.md")):
        found: list[Examined] = []

        def kept(*given, found=found):
            found.append(examine(*given))
            return found[-1]

        with patch.object(gate, "examine", kept):
            gate.check_page(page.read_text(encoding="utf-8"))
        for number, one in enumerate(found):
            yield from proved_steps(f"{page.stem}, equation {number + 1}", one)


SOURCES = {"identities": of_identities, "corpus": of_corpus, "book": of_book}
