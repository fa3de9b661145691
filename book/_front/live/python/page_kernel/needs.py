"""Which packages a cell needs: those it imports, and those that the modules of lrcore which it imports import in turn.

``lrcore`` loads its modules when they are first used, and ``lrcore.verify`` runs without numpy. A list of all that
lrcore can use would load 15 MB for a cell that checks one line.
"""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

NAMES = {"dateutil": "python-dateutil", "PIL": "pillow", "mpl_toolkits": "matplotlib", "pylab": "matplotlib"}
OWN = "lrcore"
# What lrcore does without, or asks for in a sentence, where it is not installed.
OPTIONAL = {"tqdm", "scipy", "formulaic", "sklearn", "torch", "autograd", "jax", "markdown_it", "mdit_py_plugins"}


def packages(tree):
    """The distributions, as the site names them, that the code of this syntax tree imports."""
    modules, found = set(), set()
    _collect(tree, modules, found)
    return sorted({NAMES.get(name, name) for name in found if not _here(name)})


def _collect(tree, modules, found):
    for module in _imported(tree):
        if module.split(".")[0] != OWN:
            found.add(module.split(".")[0])
        elif module not in modules:
            modules.add(module)
            path = _file(module)
            if path is not None:
                _collect(_parsed(path), modules, found)


def _imported(tree):
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{_home(node.module, alias.name)}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == OWN:
            yield f"{OWN}.{_home(OWN, node.attr)}"


def _walk(node):
    """Every node that can run: what stands under ``if TYPE_CHECKING`` is for the checker of types alone."""
    yield node
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


def _home(module, name):
    """The module of lrcore in which a name is defined that lrcore gives: ``lrcore.fit`` is in closed_form."""
    if module != OWN:
        return name
    import lrcore

    return {**lrcore._NAMES, **lrcore._MODULES}.get(name, name)


def _file(module):
    path = Path(find_spec(OWN).origin).parent.joinpath(*module.split(".")[1:])
    candidates = [path / "__init__.py", path.with_suffix(".py"), path.parent / "_former" / f"{path.name}.py"]
    return next((one for one in candidates if one.is_file()), None)


@cache
def _parsed(path):
    return ast.parse(path.read_text())


@cache
def _here(name):
    if name in OPTIONAL:
        return True
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False
