"""The equations of the book as data, and what their letters mean in the place where each of them stands.

The data are made from the pages by ``book/_tools/equations.py`` and travel with the package, so that a notebook finds
them wherever it runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from lrcore._printed.refusals import Undecided
from lrcore.verify import Chain, Context, Problem, read_chains, syntax

FIRST = ("N", "n", "M", "m", "P")
NUMBERS = (3, 2, 4, 5, 6, 7)
LARGEST = 9  # written out entry by entry, larger ones take minutes


@dataclass(frozen=True)
class Printed:
    """One equation as it is printed, with the number that readers see and the page (its file's name) it stands on."""

    latex: str
    page: str
    label: str = ""
    number: int = 0
    wrong: bool = False

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.label or "the equation"


@cache
def pages() -> dict[str, Any]:
    """Every page that has equations: its symbols with their shapes, and its equations in order."""
    text = resources.files("lrcore").joinpath("datasets", "equations.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def all_printed() -> Iterator[Printed]:
    """Every numbered equation of the book, in reading order."""
    for page, known in pages().items():
        for one in known["equations"]:
            yield Printed(one["latex"], page, one["label"], one["number"], one.get("wrong", False))


def labelled(label: str) -> Printed:
    """The equation with this label."""
    found = {one.label: one for one in all_printed()}
    if label not in found:
        near = get_close_matches(label, found, 1)
        own = (
            f' For an equation of your own, name the page: holds({label!r}, page="n_samples").' if "=" in label else ""
        )
        hint = f"; do you mean {near[0]!r}?" if near else f".{own}"
        raise Undecided(f"No equation of the book is called {label!r}{hint}")
    return found[label]


def sizes_on(page: str, given: dict[str, int]) -> dict[str, int]:
    """A number for each size of a page, pairwise different unless ``given``; the first, as a rule N, is 3."""
    names = pages()[page]["sizes"]
    ordered = [one for one in FIRST if one in names] + sorted(set(names) - set(FIRST))
    if unknown := sorted(set(given) - set(ordered)):
        raise Undecided(f"The page {page} has no size {unknown[0]}; it has {', '.join(ordered)}.")
    for one, size in given.items():
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= LARGEST:
            raise Undecided(f"The size {one} is {size!r}; give a whole number from 1 to {LARGEST}, as in {one}=3.")
    free = iter(number for number in NUMBERS if number not in given.values())
    return {one: given[one] if one in given else next(free) for one in ordered}


def context_of(equation: Printed) -> Context:
    """The symbols of its page, with what is defined above it; above an equation of the reader's own stands the page."""
    if equation.page not in pages():
        raise Undecided(f"No page is called {equation.page!r}; there are {', '.join(pages())}.")
    context = Context(shapes=pages()[equation.page]["symbols"])
    for one in pages()[equation.page]["equations"]:
        if one["label"] == equation.label:
            break
        if not one.get("wrong"):
            for chain in read_chains(one["latex"], context, formula=True):
                if ":=" in chain.relations:
                    define(sides_of(chain, context), context)
    return context


def sides_of(chain: Chain, context: Context) -> list[syntax.Node]:
    """The trees of the sides of one line; every character that was written is in one of them."""
    try:
        sides = chain.read(context)
    except Problem as problem:
        raise Undecided(f"This is not read: {problem}") from problem
    if chain.left_out(sides):
        raise Undecided("A part of it is not read.")
    return sides


def define(sides: list[syntax.Node], context: Context) -> None:
    """``head := body``: the head is a name, an entry of one, or a function of names."""
    head, body = sides
    if isinstance(head, syntax.Entry) and isinstance(head.base, syntax.Name):
        context.define_node(head.base.id, body, indices=_ids(head.indices))
    elif isinstance(head, syntax.At) and isinstance(head.fn, syntax.Name):
        context.define_node(head.fn.id, body, params=_ids(head.args))
    elif isinstance(head, syntax.Name):
        context.define_node(head.id, body)
    else:
        raise Undecided("What stands left of := is no name.")


def _ids(nodes: tuple[syntax.Node, ...]) -> list[str]:
    return [one.id for one in nodes if isinstance(one, syntax.Name)]


def varied(equation: Printed, context: Context) -> set[str]:
    """The names whose differential the page or the equation writes; the others are constants to a differential."""
    texts = [equation.latex, *(one["latex"] for one in pages()[equation.page]["equations"])]
    found: set[str] = set()
    for text in texts:
        for chain in read_chains(text, context, formula=True):
            try:
                nodes = [node for side in chain.read(context) for node in syntax.walk(side)]
            except Problem:
                continue
            found |= {one.arg.id for one in nodes if isinstance(one, syntax.Diff) and isinstance(one.arg, syntax.Name)}
    return found
