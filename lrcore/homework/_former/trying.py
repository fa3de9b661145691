"""The former name of :mod:`lrcore.homework.release.dry_run`."""

import sys

from lrcore.homework.release import dry_run

sys.modules[__name__] = dry_run
