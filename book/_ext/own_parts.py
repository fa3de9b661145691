"""Pages that load nothing from another host: the front-end parts become part of the site."""

import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

sys.path.append(str(Path(__file__).parents[1] / "_tools"))
import front


def add_parts(app: Sphinx, config: Config) -> None:
    """Copy the parts into the site's ``_static``."""
    config.html_static_path = [*config.html_static_path, str(front.install())]


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", add_parts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
