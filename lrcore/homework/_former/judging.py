"""The former name of :mod:`lrcore.homework.release.questions`."""

import sys

from lrcore.homework.release import questions

sys.modules[__name__] = questions
