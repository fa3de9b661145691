"""The former name of :mod:`lrcore.homework.release.variants`."""

import sys

from lrcore.homework.release import variants

sys.modules[__name__] = variants
