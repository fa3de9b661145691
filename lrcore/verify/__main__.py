"""``python -m lrcore.verify FILE ...``: every equation of some files or folders, decided; see :mod:`lrcore.notes`."""

import sys

from lrcore.notes.command import main

if __name__ == "__main__":
    sys.exit(main())
