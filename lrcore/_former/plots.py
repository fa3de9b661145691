"""The former name of :mod:`lrcore.figures.plots`."""

import sys

from lrcore.figures import plots

sys.modules[__name__] = plots
