"""What Python in the page cannot do, each in a sentence for the reader, with what to do instead."""

import re
from importlib.util import find_spec

MAKE = "Served from its sources with  make  the book runs cells with the Python of your computer"
FOR_NUMBERS = {"contourpy", "cycler", "fonttools", "kiwisolver", "matplotlib", "numpy", "packaging", "pillow"}
FOR_NUMBERS |= {"pyparsing", "python-dateutil", "six"}  # what a copy of the book has together, or not at all
INSTALLERS = ("pip", "conda", "mamba", "uv", "micromamba")
SHELLS = ("bash", "sh", "script", "system", "sx", "cmd", "ls", "cd", "cat", "pwd", "mkdir", "rm", "cp", "mv")
COMMAND = re.compile(r"\s*(?:[\w., ]+=\s*)?(?P<mark>%%?|!!?\s*)(?P<name>[A-Za-z./~][\w./~-]*)")
QUESTION = re.compile(r"\s*\?{0,2}(?P<name>[\w.]+)\?{0,2}\s*$")


class Sentence(Exception):
    """Shown as it is, without a traceback: nothing is wrong with the cell, and the page cannot run it."""


class StdinNotImplementedError(RuntimeError):
    """As Jupyter's own kernel calls it when a page has no way to ask: the page says it in a sentence of its own."""


class Elsewhere(Sentence):
    """This one cell runs elsewhere; the cells behind it can go on here."""


def missing(names):
    """Why a cell cannot run in the page, and where it does."""
    others = [name for name in names if name not in FOR_NUMBERS]
    if others:
        return Elsewhere(
            f"This cell needs {', '.join(others)}, which Python in your browser does not have and cannot install. "
            f"{MAKE}, and can use what is installed there."
        )
    return Elsewhere(
        f"This cell needs {', '.join(names)}, which this copy of the book does not carry for Python in your browser. "
        f"Cells with sympy alone run here, and so do the checker and the book's own widgets. "
        f"{MAKE}, and every cell runs."
    )


def no_module(error):
    """The sentence about a module that a running cell asked for and that is nowhere here; else None."""
    top = (getattr(error, "name", None) or "").split(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    return missing([top]) if top and not _found(top) else None


def _found(name):
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return True


def command(error, code):
    """The sentence about a line that is IPython's language and not Python's; None where Python alone is to blame."""
    lines = code.splitlines()
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    found = COMMAND.match(line)
    if found:
        return Sentence(_of(found["mark"].strip(), found["name"], line))
    found = QUESTION.match(line) if "?" in line else None
    return found and Sentence(
        f"Python in your browser does not read {line.strip()}: write  help({found['name']})  instead."
    )


def _of(mark, name, line):
    if name in INSTALLERS:
        return (
            f"{mark}{name} installs nothing here: Python in your browser has the packages that the book brings along. "
            f"{MAKE}, and there {mark}{name} works."
        )
    if name in SHELLS or mark.startswith("!"):
        return (
            f"{mark}{name} asks for the command line of a computer, which Python in your browser does not have. "
            f"{MAKE}, and there {mark}{name} works."
        )
    if name == "matplotlib":
        return f"{line.strip()} is not needed here: figures stand below the cell that draws them. Delete the line."
    return (
        f"{mark}{name} is a command of IPython, and Python in your browser knows none of them: write it in Python. "
        f"{MAKE}, and in IPython."
    )
