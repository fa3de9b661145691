"""The former name of :mod:`lrcore._scale.accumulate`."""

import sys

from lrcore._scale import accumulate

sys.modules[__name__] = accumulate
