"""Breaks the checker of certificates, one operator or constant at a time, and counts what nothing notices.

Run: ``python benchmarks/checker_mutants.py``. A broken checker is noticed if a false statement gets through, or if a
true one with its certificate does not. The rest is listed, with its line, for a person to look at: what survives must
change no verdict (a budget, a message, a bound that is larger than it has to be).
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType

from kept import keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.verify.certificate import Refused  # noqa: E402
from lrcore.verify.prove.certify import certificate_for  # noqa: E402
from lrcore.verify.prove.elaborate import elaborated  # noqa: E402
from lrcore.verify.terms.errors import Outside  # noqa: E402
from tests.verify.attacks import ATTACKS  # noqa: E402
from tests.verify.proved import of_book, of_corpus, of_identities  # noqa: E402

SOURCE = ROOT / "lrcore/verify/certificate.py"
OPPOSITE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """The node with one thing changed, in each way there is."""
    new = copy.copy(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPPOSITE:
        new.ops = [OPPOSITE[type(node.ops[0])]()]
        yield new
    elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in OPPOSITE:
        new.op = OPPOSITE[type(node.op)]()
        yield new
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        new.value = node.value + 1
        yield new
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        new.value = not node.value
        yield new
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "demand":
            yield ast.copy_location(ast.Constant(None), node)
        elif node.func.id in ("all", "any"):
            new.func = ast.copy_location(ast.Name({"all": "any", "any": "all"}[node.func.id], ast.Load()), node.func)
            yield new


def mutants(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """(line, what stands there now, the changed file) for each change."""
    nodes = list(ast.walk(tree))
    for number, node in enumerate(nodes):
        for change in changes(node):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[number]
            Replace(target, copy.deepcopy(change)).visit(changed)
            yield node.lineno, ast.unparse(change)[:80], ast.fix_missing_locations(changed)


class Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


def loaded(tree: ast.Module, folder: Path) -> ModuleType:
    path = folder / "mutated.py"
    path.write_text(ast.unparse(tree), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("lrcore.verify.mutated", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def true_statements() -> list:
    """True statements of all kinds with their certificates."""
    found = []
    for steps, every in ((of_identities(), 2), (of_book(), 9), (of_corpus(), 15)):
        for number, one in enumerate(steps):
            if number % every and one.relation == "=":
                continue
            try:
                statement = elaborated(one.claim, one.given, one.relation)
                found.append((statement, certificate_for(statement)))
            except (Outside, Refused):
                continue
    return found


def noticed(checker: ModuleType, true: list) -> str:
    """What gives the broken checker away, or nothing."""
    for name, (statement, steps) in ATTACKS.items():
        try:
            checker.check(statement, (tuple(steps),))
            return f"lets through: {name}"
        except checker.Refused:
            continue
        except Exception as error:
            return f"fails: {type(error).__name__}"
    for statement, certificate in true:
        try:
            if not checker.is_certified(checker.check(statement, certificate)):
                return "stamps nothing"
        except Exception as error:
            return f"refuses what is true: {type(error).__name__}"
    return ""


def main() -> int:
    started, survivors, killed, true = perf_counter(), [], 0, true_statements()
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder:
        true = [one for one in true if not noticed(loaded(tree, Path(folder)), [one])]
        for line, text, changed in mutants(tree):
            try:
                found = noticed(loaded(changed, Path(folder)), true)
            except Exception as error:  # it does not even load
                found = type(error).__name__
            killed += bool(found)
            survivors += [] if found else [f"line {line}: {text}"]
    print(f"{killed} noticed, {len(survivors)} not, in {perf_counter() - started:.0f} s")
    print("\n".join(survivors))
    keep("certificates", "broken checkers", {"noticed": killed, "not noticed": survivors, "true statements": len(true)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
