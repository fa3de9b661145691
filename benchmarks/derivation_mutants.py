"""``python benchmarks/derivation_mutants.py``: 1,000 right derivations, each with one mistake in it.

The derivations are our own: those of the tests and the equations of the book, with their tables. In each one right side
gets a sign, a factor, a transpose, an index or the order of a product wrong, or loses a sum or a square; what has the
same value all the same is left out. The text goes through the function behind page, notebook and terminal, once with
all definitions, where each mistake is to be refused and the repair to be the mistake undone, and once without the
definitions of the table, where it is to be refused, asked about, or right in a convention that is named. Figures go to
``results/derivation_mutants.json``; with ``--list`` what is not as it should be is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from kept import keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.checker.challenges import BY_NAME  # noqa: E402
from lrcore.checker.checked_text import CheckedStep, CheckedText  # noqa: E402
from lrcore.checker.table import Row, State, context_of  # noqa: E402
from lrcore.verify import Context, Problem, Verdict, decide_claim, read_expression, to_latex  # noqa: E402
from lrcore.verify import syntax as s  # noqa: E402
from lrcore.verify.decide.mistakes import terms  # noqa: E402
from lrcore.verify.page import gate  # noqa: E402
from tests.checker.worked_solutions import SOLUTIONS  # noqa: E402
from tests.verify.corpus import CORPUS  # noqa: E402

COUNT, WITHOUT = 1000, 300  # in all, and of these without the definitions of the table
REFUSED = {Verdict.REFUTED, Verdict.ILL_TYPED, Verdict.STATIONARY}
OPEN = {Verdict.OPEN, Verdict.CHECKED, Verdict.UNREADABLE}
READINGS = (
    "an index that stands twice is summed over",
    "the sum is read as reaching over the sign",
    "Jacobians are transposed",
)
KINDS = ("sign", "factor", "transpose", "index", "lost sum", "lost square", "order")


@dataclass(frozen=True)
class Mutant:
    """A text with one mistake: in the step ``place``, whose right side was ``right``."""

    source: str
    kind: str
    text: str
    place: int
    right: s.Node
    context: Context


# ---------------------------------------------------------------------- right derivations


def sources() -> Iterator[tuple[str, str, Context]]:
    """(name, text, table) of each right derivation."""
    for name, given, text, verdicts in CORPUS:
        if set(verdicts) <= set("PDC") and "P" in verdicts and "\\" in text:
            yield name, text, Context(**given)
    for name, texts in SOLUTIONS.items():
        for number, text in enumerate(texts, 1):
            if "\\" in text:
                yield (
                    f"{name} {number}",
                    text,
                    context_of(tuple(Row(*row) for row in BY_NAME[name].rows), "gradient")[0],
                )
    for page in sorted((ROOT / "book").glob("*.md")):
        found: list[tuple[str, Context]] = []
        examined = gate.examine

        def noted(text, context, *more, found=found, examined=examined):
            found.append((text, context.copy()))
            return examined(text, context, *more)

        with patch.object(gate, "examine", noted):
            gate.check_page(page.read_text(encoding="utf-8"))
        yield from ((f"{page.stem} {number}", *one) for number, one in enumerate(found, 1))


def mutants(name: str, text: str, context: Context) -> Iterator[Mutant]:
    """Every way to go wrong in one step of a text that is right."""
    right = checked(text, context)
    if any(one.step.verdict not in (Verdict.PROVED, Verdict.DEFINITION, Verdict.CONDITION) for one in right):
        return
    for place, one in enumerate(right):
        if one.decided is None or one.step.verdict is not Verdict.PROVED or one.decided.given:
            continue
        if one.decided.relation != "=" or not one.latex or not one.step.sides:
            continue
        node, (start, end) = one.decided.right, one.step.sides[1]
        for kind, new in changes(node, one.after):
            if not same(one, node, new):
                written = f"{text[:start]}{to_latex(new)} {text[end:]}"
                yield Mutant(name, kind, written, place, node, context)


def checked(text: str, context: Context) -> list[CheckedStep]:
    return CheckedText(State(text), base=context).run().steps


def same(one: CheckedStep, node: s.Node, new: s.Node) -> bool:
    """Whether a changed side has the same value all the same."""
    try:
        return decide_claim(one.decided.read(one.decided.left, new)).point is None
    except Problem:
        return False


# ---------------------------------------------------------------------- mistakes


def changes(node: s.Node, context: Context) -> Iterator[tuple[str, s.Node]]:
    """The expression with one mistake, anywhere."""
    yield "sign", s.neg(node)
    yield from _changes(node, context, letters(node))


def letters(node: s.Node) -> list[str]:
    entries = (one for one in s.walk(node) if isinstance(one, s.Entry))
    return sorted({index.id for one in entries for index in one.indices if isinstance(index, s.Name)})


def _changes(node: Any, context: Context, known: list[str]) -> Iterator[tuple[str, s.Node]]:
    yield from _here(node, context, known)
    if isinstance(node, s.Deriv | s.Diff | s.Special | s.Block | s.Build):
        return
    kept = [node.exponent] if isinstance(node, s.Pow) else list(node.indices) if isinstance(node, s.Entry) else []
    kept += [one for one in (node.lo, node.hi) if one is not None] if isinstance(node, s.Sum) else []
    for child in s.children(node):
        if not any(child is one for one in kept):
            for kind, new in _changes(child, context, known):
                yield kind, s.rebuild(node, lambda one, child=child, new=new: new if one is child else one)


def _here(node: Any, context: Context, known: list[str]) -> Iterator[tuple[str, s.Node]]:
    if isinstance(node, s.Add):
        for k, term in enumerate(node.terms):
            yield "sign", s.Add((*node.terms[:k], s.neg(term), *node.terms[k + 1 :]))
    if isinstance(node, s.Num) and node.value not in (0, 1):
        yield "factor", s.Num(node.value * 2)
    if isinstance(node, s.Mul):
        for k, factor in enumerate(node.factors):
            rest = s.mul((*node.factors[:k], *node.factors[k + 1 :]))
            if isinstance(factor, s.Num) or (isinstance(factor, s.Name) and context.is_size(factor.id)):
                yield "factor", rest
            if k and not {type(factor), type(node.factors[k - 1])} & {s.Num, s.Div, s.Sum, s.Entry}:
                swapped = (*node.factors[: k - 1], factor, node.factors[k - 1], *node.factors[k + 1 :])
                yield "order", s.Mul(swapped)
    if isinstance(node, s.Div):
        sizes = [one for one in s.walk(node.den) if isinstance(one, s.Name) and context.is_size(one.id)]
        yield "factor", node.num
        yield from (("factor", s.Div(node.num, s.Mul((node.den, size)))) for size in sizes[:1])
    if isinstance(node, s.T):
        yield "transpose", node.arg
    if isinstance(node, s.Name) and is_matrix(node, context):
        yield "transpose", s.T(node)
    if isinstance(node, s.Entry):
        if len(node.indices) == 2 and node.indices[0] != node.indices[1]:
            yield "index", replace(node, indices=node.indices[::-1])
        for k, index in enumerate(node.indices):
            for letter in known:
                if isinstance(index, s.Name) and index.id != letter:
                    yield "index", replace(node, indices=(*node.indices[:k], s.Name(letter), *node.indices[k + 1 :]))
    if isinstance(node, s.Sum):
        yield "lost sum", node.body
    if isinstance(node, s.Pow) and node.exponent == s.num(2):
        yield "lost square", node.base
    if isinstance(node, s.Call) and node.fn in s.NORMS.values():
        root = next(root for root, square in s.NORMS.items() if square == node.fn)
        yield "lost square", replace(node, fn=root)


def is_matrix(node: s.Name, context: Context) -> bool:
    symbol = context.lookup(node.id)
    shape = symbol.shape if symbol is not None else None
    return shape is not None and len(shape) == 2 and all(one.constant() != 1 for one in shape)


# ---------------------------------------------------------------------- what becomes of them


def looked_at(mutant: Mutant, total: Counter[str], names: Counter[str], listed: bool) -> None:
    """One mutant of a text whose names are all defined: is it refused, and is the repair the mistake undone?"""
    steps = checked(mutant.text, mutant.context)
    one = steps[mutant.place] if len(steps) > mutant.place else None
    said = one.step.verdict if one is not None else Verdict.UNREADABLE
    total["mutants"] += 1
    total["refused"] += said in REFUSED
    total["left open"] += said in OPEN
    meant = one is not None and any(note in READINGS for note in one.step.assumes)
    total["proved"] += said is Verdict.PROVED and not meant
    total["right in a reading of its sums that is named"] += said is Verdict.PROVED and meant
    total["taken as a definition or condition"] += said in (Verdict.DEFINITION, Verdict.CONDITION)
    if one is None or said not in REFUSED:
        if listed:
            print(f"{said} [{mutant.kind}] {mutant.source}: {one and one.step.right}\n    {one and one.step.message}")
            print(f"    instead of {to_latex(mutant.right)}; {one and one.step.assumes}")
        return
    undone = is_undone(one, mutant.right)
    total["with a repair"] += one.step.mended is not None
    total["the repair is the mistake undone"] += undone
    names[f"{mutant.kind}: {one.step.mistake or 'no name'}"] += 1
    if listed and not undone:
        print(f"not undone [{mutant.kind}] {mutant.source}: {one.step.left} = {one.step.right}")
        print(f"    instead of {to_latex(mutant.right)}; {one.step.repair} {one.step.mended}; {one.step.message}")


def is_undone(one: CheckedStep, right: s.Node) -> bool:
    if one.step.mended is None or one.step.mended_side != "right":
        return False
    try:
        mended = read_expression(one.step.mended, one.after)
    except Problem:
        return False
    return plain(mended, one.after) == plain(right, one.after)


def plain(node: s.Node, context: Context) -> s.Node:
    """An expression without what makes no difference to a reader: where its numbers and its sizes stand, the order of
    its terms, and what a sum runs over, which the shapes say.
    """
    node = s.rebuild(node, lambda one: plain(one, context))
    if isinstance(node, s.Entry) and isinstance(node.base, s.T) and len(node.indices) == 2:
        return s.Entry(node.base.arg, node.indices[::-1])
    if isinstance(node, s.Sum):
        return summed(node)
    if not isinstance(node, s.Add | s.Mul | s.Star | s.Neg | s.Div | s.Num | s.Pow):
        return node
    return s.add(sorted((written(one) for one in terms(node, context)), key=repr))


def summed(node: s.Sum) -> s.Node:
    """A sum with what does not vary before it; of two sums the one over the first letter stands outside."""
    body = node.body
    factors = body.factors if isinstance(body, s.Mul) else (body,)
    before = [one for one in factors if node.index not in s.names(one)]
    inside = s.mul([one for one in factors if node.index in s.names(one)] or (s.ONE,))
    if isinstance(inside, s.Sum) and inside.index < node.index:
        inside, index = summed(s.Sum(node.index, inside.body)), inside.index
    else:
        index = node.index
    return s.mul((*before, s.Sum(index, inside)))


def written(term: Any) -> s.Node:
    """A product with its number first, then its sizes."""
    sizes = [
        s.Name(name) if power > 0 else s.Div(s.ONE, s.Name(name))
        for name, power in term.sizes
        for _ in range(abs(power))
    ]
    number = [s.Num(term.number)] if term.number != 1 or not (sizes or term.factors) else []
    return s.mul((*number, *sizes, *term.factors))


def without_definitions(mutant: Mutant, total: Counter[str], listed: bool) -> None:
    """The same where nothing says what the table defined: refused, asked about, or right in a convention."""
    known = mutant.context.copy()
    for key in [key for key, symbol in known.symbols.items() if symbol.definition is not None]:
        del known.symbols[key]
    found = CheckedText(State(mutant.text), base=known).run()
    one = found.steps[mutant.place] if len(found.steps) > mutant.place else None
    said = one.step.verdict if one is not None else Verdict.UNREADABLE
    named = bool(found.taken or found.layout or found.guesses or (one is not None and one.step.assumes))
    total["mutants"] += 1
    total["refused"] += said in REFUSED
    total["asked about, or not decided"] += said in OPEN
    total["right in a convention that is named"] += said is Verdict.PROVED and named
    total["right, and no convention named"] += said is Verdict.PROVED and not named
    total["taken as a definition or condition"] += said in (Verdict.DEFINITION, Verdict.CONDITION)
    if listed and said is Verdict.PROVED and not named:
        print(f"PROVED [{mutant.kind}] {mutant.source}: {mutant.text}")


def chosen(found: list[Mutant], count: int, rng: Random) -> list[Mutant]:
    """As many of each kind as there are to have."""
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    for ones in by_kind.values():
        rng.shuffle(ones)
    taken: list[Mutant] = []
    while len(taken) < count and any(by_kind.values()):
        taken += [ones.pop() for ones in by_kind.values() if ones][: count - len(taken)]
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--list", action="store_true", help="print what is not as it should be")
    parser.add_argument("--count", type=int, default=COUNT, help="how many mutants in all")
    parser.add_argument("--only", default="", help="a part of the name of the derivations")
    options = parser.parse_args()
    started, rng = perf_counter(), Random(15)
    texts = [one for one in sources() if options.only in one[0]]
    found = [one for source in texts for one in mutants(*source)]
    used = len({one.source for one in found})
    print(f"{len(found)} mutants of {used} derivations, {perf_counter() - started:.0f} s", flush=True)
    without = round(options.count * WITHOUT / COUNT)
    defining = {name for name, _, context in texts if any(one.definition for one in context.symbols.values())}
    total: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    names: Counter[str] = Counter()
    times = []
    for one in chosen(list(found), options.count - without, rng):
        before = perf_counter()
        looked_at(one, total[one.kind], names, options.list)
        times.append(1e3 * (perf_counter() - before))
    summed: Counter[str] = sum(total.values(), Counter())
    share = round(summed["the repair is the mistake undone"] / max(1, summed["mutants"]), 3)
    defined = {
        **summed, "share of repairs that undo it": share, "by kind": total, "names": dict(sorted(names.items())),
        "median ms a text": round(median(times)), "slowest text, ms": round(max(times)),
    }  # fmt: skip
    print("with all definitions:", defined)
    undefined: Counter[str] = Counter()
    for one in chosen([one for one in found if one.source in defining], without, rng):
        without_definitions(one, undefined, options.list)
    print("without the table's definitions:", dict(undefined))
    if not options.only and options.count == COUNT:
        keep("derivation_mutants", "with all definitions", {**defined, "derivations": used})
        keep("derivation_mutants", "without the definitions of the table", dict(undefined))
    return 1 if summed["proved"] or undefined["right, and no convention named"] else 0


if __name__ == "__main__":
    sys.exit(main())
