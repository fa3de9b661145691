"""Breaks the prover, one operator, constant or guard at a time, and lists what no quick test notices.

Run: ``python benchmarks/prover_mutants.py --sample 60 --seed 1``. Each broken copy is loaded in a process of its own.
It is noticed if a rewrite rule no longer proves what it should or proves its false neighbour, if a true identity is no
longer proved, or if an engine disagrees with numbers. Of what survives it is said whether any verdict changes on the
corpora: ``tests/verify/identities.py`` and ``tests/verify/corpus.py``.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
VERIFY = ROOT / "lrcore" / "verify"
LIMIT = 180  # seconds for one process: what takes longer goes round in circles
OPPOSITE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Add, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """The change number ``number`` of a file of the prover."""

    file: str
    number: int
    line: int
    what: str


def sources() -> list[Path]:
    """What is broken: the typing of trees, the proving, and the checker of certificates."""
    return [
        *sorted((VERIFY / "prove").glob("*.py")),
        *sorted((VERIFY / "type").glob("*.py")),
        VERIFY / "certificate.py",
    ]


def mutants(path: Path) -> list[Mutant]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    file = str(path.relative_to(VERIFY))
    return [Mutant(file, k, node.lineno, what) for k, (node, what) in enumerate(changes(tree))]


def changes(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Each change in turn, made in the tree while it is yielded and taken back after."""
    for node in [one for one in ast.walk(tree) if hasattr(one, "lineno")]:
        before = ast.unparse(node).splitlines()[0][:80]
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPPOSITE:
            old, node.ops = node.ops, [OPPOSITE[type(node.ops[0])]()]
            yield node, f"{before} -> {ast.unparse(node)[:80]}"
            node.ops = old
        elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in OPPOSITE:
            operator, node.op = node.op, OPPOSITE[type(node.op)]()
            yield node, f"{before} -> {ast.unparse(node)[:80]}"
            node.op = operator
        elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
            value, node.value = node.value, not node.value if type(node.value) is bool else node.value + 1
            yield node, f"{before} -> {node.value}"
            node.value = value
        elif isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], (ast.Return, ast.Raise)):
            test, node.test = node.test, ast.copy_location(ast.Constant(False), node.test)
            yield node, f"without: {before}"
            node.test = test


class Breaking(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module of the prover with a change in it."""

    def __init__(self, file: str, number: int):
        self.path, self.number = VERIFY / file, number
        self.module = "lrcore.verify." + file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.module:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        for number, _ in enumerate(changes(tree)):
            if number == self.number:
                module.__file__ = str(self.path)
                exec(compile(tree, str(self.path), "exec"), module.__dict__)  # noqa: S102
                return


# ---------------------------------------------------------------------- in a process of its own


def broken_rule() -> str:
    """The rewrite rule that proves too little or too much, or nothing."""
    from tests.verify import test_rules as rules

    for rule, (true, false) in rules.RULES.items():
        if not rules.prove(rules.claim_of(true))[0]:
            return f"does not prove: {rule}"
        if rules.prove(rules.claim_of(false))[0]:
            return f"proves the neighbour of: {rule}"
    for rule, (premise, true, false) in rules.GIVEN.items():
        given = [rules.claim_of(premise)]
        if not rules.follows(rules.claim_of(true), given) or rules.follows(rules.claim_of(false), given):
            return f"premise: {rule}"
    return ""


def noticed() -> str:
    """What gives the broken prover away, or nothing."""
    from lrcore.verify.certificate import Refused, check
    from lrcore.verify.prove.certify import certify
    from tests.verify import test_engines_agree as engines
    from tests.verify.attacks import ATTACKS
    from tests.verify.proved import of_identities

    if found := broken_rule():
        return found
    for name, (statement, steps) in ATTACKS.items():
        try:
            check(statement, (tuple(steps),))
            return f"lets through: {name}"
        except Refused:
            continue
    proved = list(of_identities())
    certified = sum(certify(one.claim, one.given) is not None for one in proved)
    if (len(proved), certified) != EXPECTED and EXPECTED[0]:
        return f"{len(proved)} identities proved, {certified} certified"
    engines.test_functions_inverses_and_determinants_have_the_values_of_their_normal_forms()
    engines.test_an_equation_of_two_random_numbers_is_proved_only_where_they_are_the_same()
    return ""


EXPECTED = (0, 0)


def verdicts() -> list[list[str]]:
    """All verdicts on the corpora, with the certificates."""
    from lrcore.verify import Context, derivation
    from tests.verify.corpus import CORPUS
    from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC

    context = Context(shapes=SHAPES, symmetric=SYMMETRIC)
    reports = [derivation(text, context, repairs=False) for pair in IDENTITIES for text in pair]
    reports += [derivation(text, Context(**given), repairs=False) for _, given, text, _ in CORPUS]
    return [[f"{step.verdict.value} {step.certificate}" for step in one.steps] for one in reports]


def asked(question: str, mutant: Mutant | None, expected: tuple[int, int] = (0, 0)) -> object:
    """The answer of a process in which the mutant is loaded."""
    told = json.dumps([question, asdict(mutant) if mutant else None, expected])
    try:
        done = subprocess.run(
            [sys.executable, __file__, "--child", told], capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return "goes round in circles"
    last = done.stdout.strip().splitlines()[-1:]
    return (
        json.loads(last[0]) if done.returncode == 0 and last else "fails: " + done.stderr.strip().splitlines()[-1][:90]
    )


def child(told: str) -> int:
    global EXPECTED
    question, mutant, expected = json.loads(told)
    EXPECTED = tuple(expected)
    sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
    if mutant:
        sys.meta_path.insert(0, Breaking(mutant["file"], mutant["number"]))
    print(json.dumps({"verdicts": verdicts, "rules": broken_rule, "noticed": noticed}[question]()))
    return 0


def counts() -> tuple[int, int]:
    """How many identities are proved, and how many certified, by the prover as it is."""
    sys.path.insert(0, str(ROOT))
    from lrcore.verify.prove.certify import certify
    from tests.verify.proved import of_identities

    proved = list(of_identities())
    return len(proved), sum(certify(one.claim, one.given) is not None for one in proved)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=60, help="how many mutants, drawn at random (0: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.child)
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from kept import keep

    every = [one for path in sources() for one in mutants(path)]
    chosen = Random(options.seed).sample(every, options.sample) if options.sample else every
    started, expected, before = perf_counter(), counts(), asked("verdicts", None)
    survivors, killed = [], []
    for mutant in chosen:
        found = asked("noticed", mutant, expected)
        if found:
            killed.append({**asdict(mutant), "noticed": found})
        else:
            after = asked("verdicts", mutant)
            differ = -1 if isinstance(after, str) else sum(a != b for a, b in zip(before, after, strict=True))
            survivors.append({**asdict(mutant), "verdicts that change": differ})
        print(
            f"{mutant.file}:{mutant.line} {mutant.what}: {found or survivors[-1]['verdicts that change']}", flush=True
        )
    print(f"{len(killed)} of {len(chosen)} noticed, in {perf_counter() - started:.0f} s")
    sample = {"of": len(every), "drawn": len(chosen), "seed": options.seed}
    keep("prover_mutants", "a sample", {**sample, "noticed": len(killed), "survivors": survivors})
    return 0


if __name__ == "__main__":
    sys.exit(main())
