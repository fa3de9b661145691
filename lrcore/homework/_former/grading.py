"""The former name of :mod:`lrcore.homework.grade.grade_submission`."""

import sys

from lrcore.homework.grade import grade_submission

sys.modules[__name__] = grade_submission
