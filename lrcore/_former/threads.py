"""The former name of :mod:`lrcore._fast.threads`."""

import sys

from lrcore._fast import threads

vars(threads).setdefault("alone", threads.single_threaded_blas)
sys.modules[__name__] = threads
