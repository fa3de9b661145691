"""The former name of :mod:`lrcore._exact.extended`."""

import sys

from lrcore._exact import extended

sys.modules[__name__] = extended
