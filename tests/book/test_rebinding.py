"""After "Run all" every control and every cell, run once more, still finds what it was written for: no later cell gives
its names to something else."""

import ast
from collections.abc import Iterator

import pytest
from pages import cells, chapters

# What gives a function to a control, to be called when the reader moves it.
GIVES = {"observe", "on_click", "on_submit", "on_msg", "interact", "interact_manual", "interactive",
         "interactive_output", "dlink", "link"}  # fmt: skip
CONTROL = "y = 1\ndef shown(n):\n    return n + y\ndef redraw(change):\n    print(shown(slider.value))\n"
WAYS = {
    "observe": CONTROL + "slider.observe(redraw, names='value')",
    "a lambda": CONTROL + "slider.observe(lambda change: shown(2))",
    "interact as a decorator": CONTROL + "@interact(n=(1, 9))\ndef power(n):\n    return shown(n)",
    "interact as a call": CONTROL + "widgets.interactive(shown, n=(1, 9))",
}

TAKES = ["y = 2", "x, y = 1, 2", "for y in range(3):\n    pass", "import math as y", "def y():\n    pass"]
TAKES += ["with open('f') as y:\n    pass", "y += 1", "del y", "print(y := 2)"]


def rebound(chapter: list[str]) -> Iterator[str]:
    """The names that a cell binds and that a control of an earlier cell reads when it is moved."""
    functions: dict[str, set[str]] = {}  # each function of the chapter so far: the global names that it reads
    needed: set[str] = set()
    for cell in chapter:
        tree = ast.parse(cell)
        yield from sorted(needed & bound(tree))
        functions |= {one.name: read(one) for one in tree.body if isinstance(one, ast.FunctionDef)}
        needed |= followed(given(tree), functions)


def given(tree: ast.Module) -> set[str]:
    """What the functions that this cell gives to its controls are called, or read, where they have no name."""
    found = {
        one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and any(map(gives, one.decorator_list))
    }
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and gives(one)]
    for call in calls:
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
            found |= read(value)
    return found


def gives(node: ast.AST) -> bool:
    function = node.func if isinstance(node, ast.Call) else node
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in GIVES and isinstance(node, ast.Call | ast.Name | ast.Attribute)


def followed(names: set[str], functions: dict[str, set[str]]) -> set[str]:
    """These names, and what the functions among them read in turn."""
    found: set[str] = set()
    while new := names - found:
        found |= new
        names = set().union(*(functions.get(name, set()) for name in new))
    return found


def read(node: ast.AST) -> set[str]:
    """The names that a function or an expression takes from outside."""
    inner = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    local = {one.id for one in inner if isinstance(one.ctx, ast.Store)}
    local |= {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    return {one.id for one in inner if isinstance(one.ctx, ast.Load)} - local


def taken(chapter: list[str]) -> Iterator[tuple[int, int, str]]:
    """Each cell that reads a name of an earlier one, the later cell that gives it to something else, and the name."""
    trees = [ast.parse(cell) for cell in chapter]
    for reader, tree in enumerate(trees):
        known = {ast.dump(one) for earlier in trees[: reader + 1] for one in earlier.body}
        for taker, later in enumerate(trees[reader + 1 :], start=reader + 1):
            new = ast.Module([one for one in later.body if ast.dump(one) not in known], [])
            yield from ((reader, taker, name) for name in sorted(before(tree) & bound(new)))


def before(tree: ast.Module) -> set[str]:
    """The names that a cell reads and has not bound itself by then."""
    found, own = set(), set()
    for one in tree.body:
        here = bound(ast.Module([one], []))
        inner = {node.name for node in ast.walk(one) if isinstance(node, ast.FunctionDef)}
        simple = isinstance(one, ast.Assign | ast.AugAssign | ast.AnnAssign)
        found |= outside(one) - own - inner - (set() if simple else here)
        own |= here
    return found


def outside(statement: ast.stmt) -> set[str]:
    """The names that a statement loads, without parameters and the variables of comprehensions."""
    nodes = list(ast.walk(statement))
    local = {one.arg for one in nodes if isinstance(one, ast.arg)}
    for one in nodes:
        if isinstance(one, ast.comprehension):
            local |= {node.id for node in ast.walk(one.target) if isinstance(node, ast.Name)}
        if isinstance(one, ast.FunctionDef):
            local |= {
                node.id for node in ast.walk(one) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)} - local


def bound(tree: ast.Module) -> set[str]:
    """The names that a cell gives a value, outside of its functions, classes and comprehensions."""
    found, waiting = set(), list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("name", chapters())
def test_no_cell_takes_a_name_that_a_control_of_an_earlier_cell_still_uses(name):
    assert list(rebound(cells(name))) == []


@pytest.mark.parametrize("name", chapters())
def test_no_cell_takes_a_name_that_an_earlier_cell_reads(name):
    assert list(taken(cells(name))) == []


READS = ["print(y)", "def f():\n    return y", "y = y + 1", "z = [y for x in range(3)]", "for x in y:\n    pass"]
OWN = ["y = 2\nprint(y)", "[y for y in range(3)]", "def f(y):\n    return y", "for y in range(3):\n    print(y)"]


@pytest.mark.parametrize("cell", READS)
def test_a_cell_that_reads_a_name_which_is_taken_later_is_found(cell):
    assert list(taken(["y = 1", cell, "y = 1", "y = 3"]))[-1] == (1, 3, "y")
    assert list(taken(["y = 1", cell, "y = 1"])) == []  # the same value once more


@pytest.mark.parametrize("cell", OWN)
def test_a_cell_that_binds_what_it_reads_needs_no_other(cell):
    assert list(taken(["y = 1", cell, "y = 3"])) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cell", TAKES)
def test_a_cell_that_takes_the_name_of_a_control_is_found(way, cell):
    assert list(rebound([WAYS[way], "a = 3", cell])) == ["y"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "cell", ["n = 2", "print(y)", "[y for y in range(3)]", "def f():\n    y = 2", "z.y = 2", "z[y] = 2"]
)
def test_a_cell_that_only_looks_like_it_is_not(way, cell):
    assert list(rebound([WAYS[way], cell])) == []


def test_a_name_may_change_before_a_control_takes_it():
    assert list(rebound(["y = 0", "y = 1", WAYS["observe"]])) == []


def test_descent_has_a_control_that_this_reads():
    assert any(gives(node) for cell in cells("book/descent") for node in ast.walk(ast.parse(cell)))
