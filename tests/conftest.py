"""Settings of every test: the same examples each time, and no time limit that a slow machine could miss."""

import matplotlib as mpl
from hypothesis import settings

mpl.use("Agg")
settings.register_profile("book", deadline=None, derandomize=True, max_examples=40, print_blob=False)
settings.load_profile("book")
