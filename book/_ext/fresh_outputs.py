"""Outputs that cannot be stale: what a cell printed is kept only as long as the code it ran stays the same.

The execution cache of MyST-NB knows the cells, but not the modules they import. So the cache lives in a folder named by
a hash of ``lrcore`` and of the locked requirements, and Sphinx reads every page again when that name changes.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

sys.path.append(str(Path(__file__).parents[1] / "_tools"))
from files import digest

RUN_BY_CELLS = ["lrcore", "requirements.lock"]


def choose_cache(app: Sphinx, config: Config) -> None:
    """Name the cache by what the cells run (changing this value makes Sphinx read every page), and drop old ones."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / digest(Path(app.srcdir), RUN_BY_CELLS)
    config.nb_execution_cache_path = str(current)
    for old in caches.glob("*"):
        if old != current:
            shutil.rmtree(old)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", choose_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
