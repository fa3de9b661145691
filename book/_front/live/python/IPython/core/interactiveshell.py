"""The shell, as far as ipywidgets asks for it."""

import sys

from page_kernel import running
from page_kernel.forms import bundle


class _Formatter:
    def format(self, value, include=None, exclude=None):
        return bundle(value), {}


class _Events:
    """Nobody listens: Matplotlib registers what draws figures again, and here each cell shows its own."""

    def trigger(self, name, *_):
        pass

    def register(self, name, function):
        pass

    def unregister(self, name, function):
        pass


class InteractiveShell:
    _instance = None
    events = _Events()
    display_formatter = _Formatter()

    @classmethod
    def instance(cls):
        cls._instance = cls._instance or cls()
        return cls._instance

    @classmethod
    def initialized(cls):
        return True

    @property
    def kernel(self):
        return running.kernel

    @property
    def user_ns(self):
        return running.kernel.names

    def get_parent(self):
        return running.kernel.parent

    def set_parent(self, parent):
        running.kernel.parent = parent

    def showtraceback(self, exc_tuple=None, **_):
        running.kernel.flush()
        running.kernel.show_error((exc_tuple or sys.exc_info())[1])
