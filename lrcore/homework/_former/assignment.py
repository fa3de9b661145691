"""The former name of :mod:`lrcore.homework.release.assignment`."""

import sys

from lrcore.homework.release import assignment

sys.modules[__name__] = assignment
