"""The former name of :mod:`lrcore.homework.release.tasks`."""

import sys

from lrcore.homework.release import tasks

sys.modules[__name__] = tasks
