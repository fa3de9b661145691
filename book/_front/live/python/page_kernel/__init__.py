"""Python in the page: what a Jupyter kernel is to a notebook, for cells that run in Pyodide.

It speaks Jupyter's messages, so that the page need not know which kernel it has. ``ipykernel`` itself needs sockets and
threads, and IPython brings 5 MB, sqlite and two seconds of imports; the few names of IPython that cells and ipywidgets
use are in the small package ``IPython`` beside this one.
"""

from page_kernel.kernel import Kernel

__all__ = ["Kernel"]
