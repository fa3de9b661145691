"""Errors as a reader can use them: the lines of the reader's own cells and what they called, not what ran the cell."""

import traceback

HOW = (
    "Start the book on your computer with  make  and this page uses the Python there, or build the site with"
    "  make PYODIDE_WHEELS=folder  where the folder holds Pyodide's wheels of numpy, matplotlib, pillow and kiwisolver."
)


def sentence(missing):
    """Why a cell cannot run in the page, and how it could."""
    names = ", ".join(missing)
    return f"This cell needs {names}, which this copy of the book does not carry for Python in the browser. {HOW}"


def plain_traceback(error):
    """The traceback from the first line of a cell on; nothing where no line of a cell is to blame."""
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith("<cell "):
        trace = trace.tb_next
    if trace is None and not isinstance(error, SyntaxError):
        return []
    return "".join(traceback.format_exception(type(error), error, trace)).rstrip().split("\n")
