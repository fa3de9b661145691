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
OWN = {  # what stands on few pages brings its style along, where it stands first: a sheet would delay all pages
    '<div class="suspect"': "suspects.css",
    'id="books"': "wide_tables.css",
    'id="in-three-lines-by-others"': "wide_tables.css",
    "lr-report": "wide_tables.css",
    'class="drawn"': "rare_parts.css",
    'id="row-by-row"': "rare_parts.css",
    'id="the-valley-turns-round"': "rare_parts.css",
    'class="lr-summary"': "rare_parts.css",
    'id="derivations-of-other-people"': "rare_parts.css",
    'id="the-learner-s-question"': "rare_parts.css",
}
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
    context["body"] = with_own_styles(context.get("body", ""))


def with_own_styles(body: str) -> str:
    """The page with the style of each of its rare parts, once, before the element that is the first to need it."""
    for sheet in dict.fromkeys(OWN.values()):
        found = [body.find(mark) for mark, name in OWN.items() if name == sheet and mark in body]
        if found:
            at = body.rfind("<", 0, min(found) + 1)
            style = " ".join((Path(__file__).parent / sheet).read_text(encoding="utf-8").split())
            body = f"{body[:at]}<style>{style}</style>{body[at:]}"
    return body


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
