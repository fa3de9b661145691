"""Pages that load nothing from another host: the front-end parts become part of the site."""

import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

sys.path.append(str(Path(__file__).parents[1] / "_tools"))
import front
from files import digest
from templates import filled

MADE_BY = ["book/_ext", "book/_templates", "book/_front/mathematics.cjs", "book/_front/package-lock.json"]


def add_parts(app: Sphinx, config: Config) -> None:
    """Copy the parts into the site's ``_static``."""
    config.html_static_path = [*config.html_static_path, str(front.install())]


def leave_out_thebe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Drop the scripts that Jupyter Book adds to every page for running cells through a server elsewhere."""
    for kind in ("script_files", "css_files"):
        context[kind] = [one for one in context[kind] if "thebe" not in f"{one.filename} {one.attributes}".lower()]


def open_front_door(app: Sphinx, error: Exception | None) -> None:
    """A page at the root that leads to the first one, with what a browser asks of any page."""
    if error is None and app.builder.format == "html":
        title = app.config.project or app.config.html_title
        text = filled(Path(__file__).with_name("front_door.html.jinja"), page=app.config.root_doc, title=title)
        (Path(app.outdir) / "index.html").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    # What is not a source of Sphinx goes into every page too: all are written again when it changes.
    app.add_config_value("pages_made_by", digest(front.ROOT, MADE_BY), "html")
    app.connect("config-inited", add_parts)
    app.connect("html-page-context", leave_out_thebe, priority=900)
    app.connect("build-finished", open_front_door, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
