"""The former name of :mod:`lrcore.homework.grade.derivations`."""

import sys

from lrcore.homework.grade import derivations

sys.modules[__name__] = derivations
