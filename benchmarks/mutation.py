"""Broken copies of the prover, without a start of Python for each: one change is put into a forked process.

A change inside a function replaces the code of that function where it is; any other change loads the prover anew.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MEMORY = 4 * 2**30
VERIFY = ROOT / "lrcore" / "verify"
OPPOSITE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """The change number ``number`` of a file of the prover, at the lines of one statement."""

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


def changes(tree: ast.Module) -> Iterator[tuple[Any, str]]:
    """Each change in turn, made in the tree while it is yielded and taken back after."""
    said = [getattr(one, name, None) for one in ast.walk(tree) for name in ("annotation", "returns")]
    types = {id(one) for each in said if each is not None for one in ast.walk(each)}
    counts = {id(one) for each in ast.walk(tree) if _counts_work(each) for one in ast.walk(each)}
    for node in [one for one in ast.walk(tree) if hasattr(one, "lineno") and id(one) not in types | counts]:
        field, new = _change(node)
        if field:
            before, old = ast.unparse(node).splitlines()[0][:80], getattr(node, field)
            setattr(node, field, new)
            after = "" if isinstance(node, ast.If) else ast.unparse(node)[:80]
            yield node, f"{before} -> {after}" if after else f"without: {before}"
            setattr(node, field, old)


def _counts_work(node: ast.AST) -> bool:
    """Whether work is counted there: a little more or less of it changes no verdict."""
    called = node.func if isinstance(node, ast.Call) else None
    return (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")) == "spend"


def _change(node: ast.AST) -> tuple[str, Any]:
    """What is changed in a node, and into what."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in OPPOSITE:
            return "ops", [OPPOSITE[type(operator)]()]
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) if type(operator) in OPPOSITE:
            return "op", OPPOSITE[type(operator)]()
        case ast.Constant(value=bool(value)):
            return "value", not value
        case ast.Constant(value=int(value)):
            return "value", value + 1
        case ast.If(body=[ast.Return() | ast.Raise()]):
            return "test", ast.copy_location(ast.Constant(False), node.test)
        case ast.Call(func=ast.Name("all" | "any" as name)):
            return "func", ast.copy_location(ast.Name("any" if name == "all" else "all", ast.Load()), node.func)
        case ast.Expr(value=ast.Call(func=ast.Name("demand"))):
            return "value", ast.copy_location(ast.Constant(None), node.value)
    return "", None


# ---------------------------------------------------------------------- loading a change


def module_of(file: str) -> str:
    return "lrcore.verify." + file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def broken_tree(mutant: Mutant) -> tuple[ast.Module, Any]:
    """The file with the change in it, and the node that was changed."""
    tree = ast.parse((VERIFY / mutant.file).read_text(encoding="utf-8"))
    return tree, next(islice(changes(tree), mutant.number, None))[0]  # left at this change, it stays


def break_prover(mutant: Mutant) -> None:
    """Puts the change into the prover of this process."""
    tree, node = broken_tree(mutant)
    code = compile(tree, str(VERIFY / mutant.file), "exec")
    name = name_of_function(tree, node)
    functions = _functions(importlib.import_module(module_of(mutant.file))) if name else {}
    if name in functions:
        functions[name].__code__ = _codes(code)[name]
        return
    for one in [one for one in sys.modules if one.split(".")[0] in ("lrcore", "tests")]:
        del sys.modules[one]
    sys.meta_path.insert(0, Breaking(mutant.file, code))


def name_of_function(tree: ast.Module, node: ast.AST) -> str:
    """The name of the outermost function in whose body the node stands."""
    for one in tree.body:
        for name, function in [(one.name, one)] if isinstance(one, ast.FunctionDef) else _methods(one):
            if any(node in ast.walk(line) for line in function.body):
                return name
    return ""


def _methods(node: ast.stmt) -> list[tuple[str, ast.FunctionDef]]:
    body = node.body if isinstance(node, ast.ClassDef) else []
    return [(f"{node.name}.{one.name}", one) for one in body if isinstance(one, ast.FunctionDef)]  # type: ignore[attr-defined]


def _functions(module: ModuleType) -> dict[str, FunctionType]:
    """The functions and methods that a module defines, by name."""
    classes = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    found = [*vars(module).values(), *(one for each in classes for one in vars(each).values())]
    plain = [getattr(one, "__wrapped__", getattr(one, "fget", one)) for one in found]
    return {one.__qualname__: one for one in plain if isinstance(one, FunctionType) and not one.__closure__}


def _codes(code: CodeType) -> dict[str, CodeType]:
    """The code of each function of a module, by name."""
    found: dict[str, CodeType] = {}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found |= {one.co_qualname: one, **_codes(one)}
    return found


class Breaking(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module of the prover from other code."""

    def __init__(self, file: str, code: CodeType):
        self.path, self.code, self.module = VERIFY / file, code, module_of(file)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.module:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self.path)
        exec(self.code, module.__dict__)  # noqa: S102


def lines_of(tree: ast.Module, node: Any) -> range:
    """The lines of a node together with those of its statement; of a statement with a body, up to the body."""
    around = [
        one for one in ast.walk(tree) if isinstance(one, ast.stmt) and any(node is each for each in ast.walk(one))
    ]
    inner = max(around, key=lambda one: (one.lineno, -(one.end_lineno or 0)), default=node)
    body = getattr(inner, "body", None) or getattr(inner, "cases", None)
    first = body[0] if body else None
    end = getattr(first, "lineno", None) or (inner.lineno if first else inner.end_lineno)
    return range(min(inner.lineno, node.lineno), max(end, node.end_lineno if not body else node.lineno) + 1)


def in_a_fork(mutant: Mutant | None, ask: Callable[..., str], *given: Any, seconds: float = 60) -> str:
    """What a broken prover answers, asked in a process of its own that ends after so many seconds of the processor."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            if mutant:
                break_prover(mutant)
            answer = ask(*given)
        except BaseException as error:
            answer = f"fails: {type(error).__name__}: {error}"[:90]
        os.write(write, json.dumps(answer).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return str(json.loads(told)) if told else "takes too much time or memory"
