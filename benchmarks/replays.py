"""Random proved steps explained, and each line of each explanation judged anew by what shares no code with the search.

    python benchmarks/replays.py [--steps 10000] [--first 0] [--out benchmarks/results/replays.json] [--anew]

A step is an identity of the tests in which symbols are replaced by random expressions of the same shape, or a pair of
lines of a derivation. The prover has to prove it. Then the printed lines of its explanation are read and computed by
``tests/verify/independent.py`` (its own reader, numpy, sizes that all differ): every line has to have the values of the
line before it, and the last has to be the right side as it is printed, letter for letter. Between a differential that
is taken and the gradient that is read off it the lines are compared with one another, and the last of them with that
gradient. For each line of every twentieth text ``tests/verify/rules_judged.py`` says whether the rule that is named is
what happened. A run that was broken off goes on where it stood; ``--anew`` begins again, which a change of the engine
asks for. Several processes share a run by ``--first``, the number of the text that each begins with, and their counts
are added: those of ``results/replays.json`` are of three, from 0, 7,000 and 14,000.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.reasons import CONTEXT, GIVEN, TASKS  # noqa: E402
from lrcore.verify import Context, NotDerived, Options, Why, derive, examine, explained  # noqa: E402
from lrcore.verify.decide.state import Decided  # noqa: E402
from lrcore.verify.show.printing import to_latex  # noqa: E402
from lrcore.verify.terms import syntax as s  # noqa: E402
from lrcore.verify.why.reason import ENTRYWISE  # noqa: E402
from lrcore.verify.why.search import READ, TAKEN  # noqa: E402
from lrcore.verify.why.shapes import Scope  # noqa: E402
from lrcore.verify.why.writing import as_typed  # noqa: E402
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC  # noqa: E402
from tests.verify.independent import Reading  # noqa: E402
from tests.verify.independent_tokens import NotRead  # noqa: E402
from tests.verify.rules_judged import rule_judged  # noqa: E402

QUICK = Options(repairs=0, certify=False)
STYLES = ("rules", "index", "differential")
_LIKE: dict[tuple[str, ...], list[str]] = {}
for _name, _shape in SHAPES.items():
    _LIKE.setdefault(tuple(map(str, _shape)), []).append(_name)


@dataclass(frozen=True)
class Made:
    """A text with the table that it is read with."""

    text: str
    given: dict[str, object]


def steps(seed: int, first: int = 0) -> Iterator[Made]:
    """Random true steps, without end, from a number on: each is made of the seed and its number alone."""
    for number in itertools.count(first):
        random = Random(f"{seed}, {number}")
        yield substituted(random) if random.random() < 0.7 else from_a_derivation(random)


def substituted(random: Random) -> Made:
    """An identity with random expressions in the place of some of its symbols."""
    text = random.choice(IDENTITIES)[1]
    for name in random.sample(sorted(SHAPES), len(SHAPES)):
        if re.search(rf"\b{name}\b", text) and random.random() < 0.5:
            new = expression(name, random)
            text = re.sub(rf"\b{name}\b(?!\()", lambda _, new=new: new, text)
            break
    return Made(text, {"shapes": SHAPES, "symmetric": SYMMETRIC})


def expression(name: str, random: Random) -> str:
    """A random expression with the shape of a symbol."""
    shape = tuple(map(str, SHAPES[name]))
    other = random.choice(_LIKE[shape])
    scalar = random.choice(_LIKE[()])
    square = _LIKE.get((shape[0], shape[0]), []) if shape else []
    found = [f"({name} + {other})", f"({name} - {other})", f"({scalar}*{name})", f"({name} + {scalar}*{other})"]
    found += [f"({random.choice(square)}@{name})"] if square else []
    return random.choice(found)


def from_a_derivation(random: Random) -> Made:
    """Two lines of a derivation, as one step."""
    lines = derived(*random.choice(TASKS), random.choice(STYLES))
    if len(lines) < 2:
        return substituted(random)
    left, right = (lines[k] for k in sorted(random.sample(range(len(lines)), 2)))
    return Made(f"{left} = {right}", GIVEN)


@cache
def derived(loss: str, by: str, style: str) -> tuple[str, ...]:
    try:
        return tuple(one.latex.rpartition(" = ")[2] for one in derive(loss, by, CONTEXT, style).lines)
    except NotDerived:
        return ()


def judged(why: Why, right: str, given: dict[str, object]) -> str:
    """What the independent judge says of the lines: right, not read, or what is wrong."""
    if not why.start:
        return "of an equation"  # they do not start at the left side
    lines = [why.start, *(one.latex for one in why.lines)]
    if squeezed(lines[-1]) != squeezed(right):
        return f"WRONG: the last line is {lines[-1]}, and the right side {right}"
    said = [chain_judged(part, given) for part in parts_of(lines, why)]
    return next(
        (one for one in said if one.startswith("WRONG")), next((one for one in said if one != "right"), "right")
    )


def parts_of(lines: list[str], why: Why) -> list[list[str]]:
    """The lines that have to be equal to one another: all of them, or those of values and those of differentials."""
    if TAKEN.name not in why.rules:
        return [lines]
    first, last = (why.rules.index(one.name) for one in (TAKEN, READ))
    by = why.lines[last - 1].tree
    names = {to_latex(one.arg) for one in s.walk(by) if isinstance(one, s.Diff)} if by is not None else set()
    if len(names) != 1:
        return [["0", "1"]]  # nothing is read off by one change
    gradient = lines[last + 1]
    read = rf"\operatorname{{tr}}\left(\left({gradient}\right)^\top \mathrm{{d}}{names.pop()}\right)"
    return [[*lines[: first + 1], *lines[last + 1 :]], [*lines[first + 1 : last + 1], read]]


def chain_judged(lines: list[str], given: dict[str, object]) -> str:
    """Whether lines are equal to one another."""
    try:
        reading = Reading(" = ".join(lines), given)
        signs = [at for chain in reading.chains for _, at in chain.relations]
        verdicts = [reading.verdict((at, at + 1)) for at in signs]
    except NotRead:
        return "not read"
    faults = [reason for said, reason in verdicts if said == "disagrees"]
    if any(one.startswith("left ") for one in faults):
        return f"WRONG: {' = '.join(lines)}: {faults}"
    whole = len(signs) == len(lines) - 1 and not faults and all(said == "agrees" for said, _ in verdicts)
    return "right" if whole else "not read"


def right_side(why: Why, step: Decided, scope: Scope) -> str:
    """The right side as it is printed; its entries, where the lines are about these."""
    at = tuple(map(s.Name, why.start.rpartition("]_{")[2].rstrip("}"))) if why.rules[:1] == (ENTRYWISE,) else ()
    return as_typed(s.Entry(step.right, at) if at else step.right, scope)


def rules_judged(why: Why, given: dict[str, object], counts: Counter[str]) -> list[str]:
    """What speaks against the rules that are named, one line after the other."""
    if TAKEN.name in why.rules:
        return []
    lines = [why.start, *(one.latex for one in why.lines)]
    said = [rule_judged(rule, lines, place, given) for place, rule in enumerate(why.rules)]
    against = [one for one in said if one not in ("fits", "not judged")]
    counts["rules that fit"] += said.count("fits")
    counts["rules not judged"] += said.count("not judged")
    counts["rules that do not fit"] += len(against)
    return against


def squeezed(latex: str) -> str:
    """A formula without its spaces."""
    return "".join(latex.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the text to begin with")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "replays.json")
    parser.add_argument("--anew", action="store_true", help="begin again")
    options = parser.parse_args()
    known = json.loads(options.out.read_text(encoding="utf-8")) if options.out.is_file() and not options.anew else {}
    wrong, misfits = known.pop("wrong", []), known.pop("rules that do not fit, and where", [])
    sizes = Counter({int(size): many for size, many in known.pop("rules on a path, and how often", {}).items()})
    counts = Counter[str](known)
    for made in steps(options.seed, options.first + counts["texts"]):
        if counts["proved steps"] >= options.steps:
            break
        counts["texts"] += 1
        try:
            found = examine(made.text, Context(**made.given), QUICK)
            reasons = explained(found)
        except Exception as fault:  # none may happen, and each is told
            wrong.append(f"{made.text}: {type(fault).__name__}: {fault}")
            continue
        for number, why in reasons.items():
            counts["proved steps"] += 1
            if not why.lines:
                counts["equal but for free moves" if why.named else "without a path"] += 1
                continue
            counts["explained by named rules" if why.named else "opened in index notation"] += 1
            sizes[len(why.lines)] += 1
            step = found.decided[number]
            said = judged(why, right_side(why, step, Scope(found.context, step.claim.variables)), made.given)
            counts[f"lines {said}" if not said.startswith("WRONG") else "lines wrong"] += 1
            wrong += [f"{made.text}: {said}"] if said.startswith("WRONG") else []
            if said == "right" and counts["texts"] % 20 == 0:
                misfits += rules_judged(why, made.given, counts)
        if counts["texts"] % 50 == 0 or counts["proved steps"] >= options.steps:
            measured = {
                **counts,
                "rules on a path, and how often": dict(sorted(sizes.items())),
                "rules that do not fit, and where": misfits,
                "wrong": wrong,
            }
            options.out.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(options.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
