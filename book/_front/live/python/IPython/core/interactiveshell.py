"""The shell, as far as ipywidgets asks for it."""

import sys

from page_kernel.forms import bundle
from page_kernel.kernel import Kernel


class _Formatter:
    def format(self, value, include=None, exclude=None):
        return bundle(value), {}


class _Events:
    def trigger(self, name, *_):
        """Nobody listens."""


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
        return Kernel.current

    @property
    def user_ns(self):
        return Kernel.current.names

    def get_parent(self):
        return Kernel.current.parent

    def set_parent(self, parent):
        Kernel.current.parent = parent

    def showtraceback(self, exc_tuple=None, **_):
        Kernel.current.flush()
        Kernel.current.show_error((exc_tuple or sys.exc_info())[1])
