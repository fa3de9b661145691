"""Pages that show their text soon: one style sheet of the theme, cut to size, and no script that text waits for."""

import re
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

sys.path.append(str(Path(__file__).parents[1] / "_tools"))
import packing
import styles

AT_ONCE = ("documentation_options.js",)  # what other scripts ask in the middle of a page
ADDRESS = re.compile(r'src="([^"]+)"')
ASKED_BY_THE_SEARCH = (*AT_ONCE, "doctools.js")


def lighten(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Drop the sheets that the cut one stands for; scripts wait for the text, modules until it is painted."""
    context["css_files"] = [one for one in context["css_files"] if not stood_for(str(one.filename))]
    modules = [one for one in context["script_files"] if one.attributes.get("type") == "module"]
    context["script_files"] = [one for one in context["script_files"] if one not in modules]
    context["after_paint"] = [ADDRESS.search(context["js_tag"](one))[1] for one in modules]
    for one in context["script_files"]:
        if one.filename:
            if str(one.filename).endswith(ASKED_BY_THE_SEARCH if page == "search" else AT_ONCE):
                one.attributes.pop("defer", None)  # pages share these objects
            else:
                one.attributes["defer"] = "defer"


def stood_for(name: str) -> bool:
    return any(fnmatch(name.removeprefix("_static/"), sheet) for sheet in styles.SHEETS)


def finish(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        site = Path(app.outdir)
        styles.write_cut(site)
        packing.pack(site)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", lighten, priority=950)
    app.connect("build-finished", finish, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
