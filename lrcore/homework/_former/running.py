"""The former name of :mod:`lrcore.homework.grade.grade_class`."""

import sys

from lrcore.homework.grade import grade_class

sys.modules[__name__] = grade_class
