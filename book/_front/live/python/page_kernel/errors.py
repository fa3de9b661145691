"""Errors as a reader can use them: the lines of the reader's own cells and what they called, not what ran the cell."""

import traceback

from page_kernel.sentences import Sentence, no_module


def said_of(error):
    """What the page is told of an error: a sentence alone where the page is to blame and no line of the cell."""
    error = no_module(error) or error
    told = [] if isinstance(error, Sentence) else plain_traceback(error)
    return {"ename": type(error).__name__, "evalue": str(error), "traceback": told}


def plain_traceback(error):
    """The traceback from the first line of a cell on; nothing where no line of a cell is to blame."""
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith("<cell "):
        trace = trace.tb_next
    if trace is None and not isinstance(error, SyntaxError):
        return []
    return "".join(traceback.format_exception(type(error), error, trace)).rstrip().split("\n")
