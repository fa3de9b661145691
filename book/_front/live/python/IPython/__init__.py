"""The few names of IPython that cells and ipywidgets use, for Python in the page (see ``page_kernel``)."""

version_info = (9, 0, 0, "")
__version__ = "9.0.0"


def get_ipython():
    """The shell of this page."""
    from IPython.core.interactiveshell import InteractiveShell

    return InteractiveShell.instance()
