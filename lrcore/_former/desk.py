"""The former name of :mod:`lrcore.checker`, whose modules can still be imported under it."""

from lrcore import checker

__path__ = checker.__path__
