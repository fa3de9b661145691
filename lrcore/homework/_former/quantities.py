"""The former name of :mod:`lrcore.homework.grade.quantities`."""

import sys

from lrcore.homework.grade import quantities

sys.modules[__name__] = quantities
