"""The book's widgets on plain pages: their modules are files of the site, and a page carries their state alone.

MyST-NB would embed all that a notebook knows of its widgets, their modules included, and load require.js and the
widget manager (914 kB) to read it. ``lrcore.widgets`` writes what a page needs into the output itself, some 2 kB a
widget; that output is preferred, and the rest is left out.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset

FOLDER = "lrcore-widgets"


def leave_out_the_manager(app: Sphinx, doctree: nodes.document) -> None:
    """Forget the state of the notebook's widgets and the scripts that read it."""
    getattr(app.env, "nb_metadata", {}).get(app.env.docname, {}).pop("js_files", None)


def add_modules(app: Sphinx, error: Exception | None) -> None:
    """Copy the widgets' modules and their style into the site."""
    if error is None and app.builder.format == "html":
        copy_asset(Path(app.srcdir) / "lrcore" / "widgets" / "front", Path(app.outdir) / "_static" / FOLDER)


def go_along(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give a page whose text moves a control the script for it."""
    if 'class="story ' in context.get("body", ""):
        app.add_js_file("story.js", type="module")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_js_file(f"{FOLDER}/mount.js", type="module")
    app.connect("doctree-read", leave_out_the_manager)
    app.connect("build-finished", add_modules)
    app.connect("html-page-context", go_along)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
