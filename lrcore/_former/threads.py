"""The former name of :mod:`lrcore._fast.threads`."""

import sys

from lrcore._fast import threads

sys.modules[__name__] = threads
