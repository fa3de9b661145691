"""The former name of :mod:`lrcore.losses`; the name itself is the function now, and has what the module had."""

import sys

import lrcore

sys.modules[__name__] = lrcore.loss
