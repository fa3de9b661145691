"""The former name of :mod:`lrcore.figures.look`."""

import sys

from lrcore.figures import look

sys.modules[__name__] = look
