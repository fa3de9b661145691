"""The independent judge reads the NumPy-like language, through Python's own grammar; nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from tests.verify.independent_reading import Node, Reader, Table, declared_key
from tests.verify.independent_tokens import GREEK, NotRead, Tok

CALLS = {
    "tr": "tr", "trace": "tr", "det": "det", "logdet": "logdet", "exp": "exp", "log": "log", "sqrt": "sqrt",
    "tanh": "tanh", "sigmoid": "sigmoid", "vec": "vec", "rvec": "rvec", "diag": "diag", "abs": "abs",
}  # fmt: skip
_RELATION = re.compile(r":=|==|<=|>=|=|<|>")


def is_numpy(text: str) -> bool:
    """Whether a text is of this language: none of LaTeX's marks, and at least one of NumPy's."""
    return not re.search(r"[\\{}^$&]|[^\x00-\x7f]", text) and bool(
        re.search(
            r"@|\*|\.T\b|\b(?:norm2|tr|inv|grad|jac|hess|eye|ones|kron|det|inner|sum|zeros|norm|exp|log|sigmoid|diag)\s*\(",
            text,
        )
    )


def numpy_lines(text: str) -> list[tuple[list[Tok], list[tuple[str, int]], str]]:
    """(sides, relations, problem) of each chain; the side of a line is one token."""
    found: list[tuple[list[Tok], list[tuple[str, int]], str]] = []
    start, problem = 0, ""
    for line in text.split("\n"):
        bare = line.split("#")[0]
        sides, relations = _split(bare, start)
        start += len(line) + 1
        if not bare.strip():
            continue
        if not relations or not sides[0].text.strip():
            if not found:
                found.append((sides, relations, problem))
                continue
            old = found[-1]
            joined = [*old[0][:-1], Tok("numpy", f"{old[0][-1].text} {sides[0].text}", old[0][-1].at), *sides[1:]]
            found[-1] = (joined, [*old[1], *relations], old[2])
        elif found and not found[-1][1]:
            old = found.pop()
            joined = [Tok("numpy", f"{old[0][-1].text} {sides[0].text}", old[0][-1].at), *sides[1:]]
            found.append((joined, relations, old[2]))
        else:
            found.append((sides, relations, problem))
    return found


def _split(line: str, start: int) -> tuple[list[Tok], list[tuple[str, int]]]:
    sides, relations, depth, at, begun = [], [], 0, 0, 0
    while at < len(line):
        depth += (line[at] in "([") - (line[at] in ")]")
        match = _RELATION.match(line, at) if depth <= 0 else None
        if match:
            sides.append(Tok("numpy", line[begun:at], start + begun))
            relations.append(("=" if match[0] == "==" else match[0], start + at))
            begun = at = match.end()
        else:
            at += 1
    return [*sides, Tok("numpy", line[begun:], start + begun)], relations


def read_numpy(text: str, table: Table) -> Node:
    """One side as a tree."""
    try:
        tree = ast.parse(" ".join(text.split()), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise NotRead("this is none of NumPy's language") from error
    return _Walk(table).node(tree.body)


class _Walk:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.bound: list[str] = []

    def node(self, tree: Any) -> Node:
        method: Callable[[Any], Node] | None = getattr(self, "on_" + type(tree).__name__, None)
        if method is None:
            raise NotRead(f"{type(tree).__name__} is not known")
        return method(tree)

    def on_Constant(self, tree: Any) -> Node:
        if isinstance(tree.value, bool) or not isinstance(tree.value, (int, float)):
            raise NotRead("a constant that is no number")
        return Node("num", (float(tree.value),))

    def on_Name(self, tree: Any) -> Node:
        if tree.id in self.bound:
            return Node("indexnumber", (tree.id,))
        key = declared_key(tree.id, self.table)
        if not self.table.has(key) and self.table.has(f"b:{key}"):
            key = f"b:{key}"
        if self.table.has(key):
            return Node("name", (key,))
        if tree.id in self.table.sizes:
            return Node("size", (tree.id,))
        if tree.id in GREEK or "_" in tree.id:
            return Reader([Tok("cmd" if tree.id in GREEK else "let", tree.id, 0)], self.table).whole()
        raise NotRead(f"the name {tree.id} is not declared")

    def on_UnaryOp(self, tree: Any) -> Node:
        if not isinstance(tree.op, (ast.USub, ast.UAdd)):
            raise NotRead("an operation on bits")
        return Node("add", ((-1 if isinstance(tree.op, ast.USub) else 1,), (self.node(tree.operand),)))

    def on_BinOp(self, tree: Any) -> Node:
        left, right = self.node(tree.left), self.node(tree.right)
        if isinstance(tree.op, (ast.Add, ast.Sub)):
            return Node("add", ((1, 1 if isinstance(tree.op, ast.Add) else -1), (left, right)))
        kinds = {ast.MatMult: "mul", ast.Mult: "entrywise", ast.Div: "div", ast.Pow: "powers"}
        kind = kinds.get(type(tree.op))
        if kind is None:
            raise NotRead("an operation that is not known")
        return Node(kind, (left, right))

    def on_Attribute(self, tree: Any) -> Node:
        if tree.attr != "T":
            raise NotRead(f".{tree.attr} is not known")
        return Node("T", (self.node(tree.value),))

    def on_Subscript(self, tree: Any) -> Node:
        parts: list[Any] = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        if not all(isinstance(one, ast.Name) and len(one.id) == 1 for one in parts) or len(parts) > 2:
            raise NotRead("a subscript of another kind")
        return Node("index", (self.node(tree.value), tuple(one.id for one in parts)))

    def on_Call(self, tree: Any) -> Node:
        name = ast.unparse(tree.func)
        if name.startswith("np."):
            name = name.removeprefix("np.").removeprefix("linalg.")
            name = {"norm": "norm", "dot": "dot"}.get(name, name)
        if tree.keywords or any(isinstance(one, ast.Starred) for one in tree.args):
            raise NotRead("arguments with names")
        method: Callable[..., Node] | None = getattr(self, "call_" + name, None)
        if method is not None:
            return method(*tree.args)
        if name in CALLS and len(tree.args) == 1:
            return Node("call", (CALLS[name], self.node(tree.args[0])))
        raise NotRead(f"{name} is not known, or its arguments are others")

    def call_norm2(self, *args: Any) -> Node:
        return Node("pow", (self.call_norm(*args), Node("num", (2.0,))))

    def call_norm(self, *args: Any) -> Node:
        (one,) = self.count(args, 1)
        return Node("norm", ("", one))

    def count(self, args: Any, count: int) -> list[Node]:
        if len(args) != count:
            raise NotRead("another number of arguments")
        return [self.node(one) for one in args]

    def call_inner(self, *args: Any) -> Node:
        return Node("frob", tuple(self.count(args, 2)))

    def call_inv(self, *args: Any) -> Node:
        return Node("inv", tuple(self.count(args, 1)))

    def call_transpose(self, *args: Any) -> Node:
        return Node("T", tuple(self.count(args, 1)))

    def call_dot(self, *args: Any) -> Node:
        return Node("dot", tuple(self.count(args, 2)))

    def call_outer(self, *args: Any) -> Node:
        one, two = self.count(args, 2)
        return Node("mul", (one, Node("T", (two,))))

    def call_kron(self, *args: Any) -> Node:
        return Node("kron", tuple(self.count(args, 2)))

    def sized(self, text: str, args: Any) -> Node:
        names = [ast.unparse(one) for one in args]
        if not 1 <= len(names) <= 2 or not all(one in self.table.sizes or one.isdigit() for one in names):
            raise NotRead("a size that is not known")
        return Node("const", (text, tuple(names)))

    def call_eye(self, *args: Any) -> Node:
        return self.sized("I", args)

    def call_ones(self, *args: Any) -> Node:
        return self.sized("1", args)

    def call_zeros(self, *args: Any) -> Node:
        return self.sized("0", args)

    def call_delta(self, *args: Any) -> Node:
        names = [ast.unparse(one) for one in args]
        if len(names) != 2 or not all(one.isidentifier() and len(one) == 1 for one in names):
            raise NotRead("a delta of another kind")
        return Node("delta", tuple(names))

    def call_sum(self, *args: Any) -> Node:
        if len(args) == 1:
            return Node("call", ("total", self.node(args[0])))
        if len(args) != 2 or not isinstance(args[0], ast.Name) or len(args[0].id) != 1:
            raise NotRead("a sum of another kind")
        old = self.bound
        self.bound = [*old, args[0].id]
        body = self.node(args[1])
        self.bound = old
        return Node("sum", ((args[0].id,), None, None, body))

    def call_mean(self, *args: Any) -> Node:
        (one,) = self.count(args, 1)
        return Node("call", ("mean", one))

    def by(self, tree: Any) -> Any:
        node = self.node(tree)
        if node.kind == "call" and node.parts[0] == "vec" and node.parts[1].kind == "name":
            return (node.parts[1].parts[0], (), True)
        if node.kind == "name":
            return (node.parts[0], (), False)
        if node.kind == "index" and node.parts[0].kind == "name":
            return (node.parts[0].parts[0], node.parts[1], False)
        raise NotRead("a derivative by something that is no name")

    def call_grad(self, *args: Any) -> Node:
        if len(args) != 2:
            raise NotRead("another number of arguments")
        return Node("deriv", ((self.by(args[1]),), self.node(args[0])))

    call_jac = call_grad

    def call_hess(self, *args: Any) -> Node:
        if len(args) != 2:
            raise NotRead("another number of arguments")
        return Node("deriv", ((self.by(args[1]),) * 2, self.node(args[0])))

    def call_d(self, *args: Any) -> Node:
        return Node("diff", tuple(self.count(args, 1)))
