"""The former name of :mod:`lrcore.homework.grade.submissions`."""

import sys

from lrcore.homework.grade import submissions

sys.modules[__name__] = submissions
