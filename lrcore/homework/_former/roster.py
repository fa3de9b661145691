"""The former name of :mod:`lrcore.homework.grade.roster`."""

import sys

from lrcore.homework.grade import roster

sys.modules[__name__] = roster
