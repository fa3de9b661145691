"""The "Run code" switch of every page with cells, and Python for the browser as a part of the site."""

import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

sys.path.append(str(Path(__file__).parents[1] / "_tools"))
import browser_python
import front


def add_python(app: Sphinx, config: Config) -> None:
    """Copy Python for the browser into the site's ``_static``; its core comes with the front-end parts."""
    front.install()
    static = browser_python.install()
    config.html_extra_path = [*config.html_extra_path, str(front.TARGET / "root")]
    config.html_static_path = [*config.html_static_path, str(static)]
    config.run_code_numbers = browser_python.has_numbers(static)


# The button stands in the page from the start, for a button that a script adds pushes the text down.
SWITCH = (
    '<button type="button" class="run-code pst-js-only" aria-pressed="false" '
    'title="Edit and run the code of this page in place">Run code</button>'
)

# Said before anyone presses it, where the site carries no numpy; its room is kept, so that nothing moves when it shows.
WITHOUT = (
    '<p class="run-without pst-js-only">Cells with sympy alone run in your browser here, and so do the checker and the '
    "widgets. Cells with numpy or matplotlib run when the book is served from its sources with <code>make</code>.</p>"
)


def with_switch(body: str, numbers: bool) -> str:
    """A page with the switch at its title and, where it is needed, what runs here behind its first paragraph."""
    title, end, rest = body.partition("</h1>")
    if not numbers:
        first, close, others = rest.partition("</p>")
        rest = f"{first}{close}\n{WITHOUT}{others}" if close else f"{WITHOUT}{rest}"
    return f"{title}{end}\n{SWITCH}{rest}"


def add_switch(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give a page that has cells the switch, some 3 kB; all else that runs code waits until it is pressed."""
    if doctree is not None and any("cell_input" in node["classes"] for node in doctree.findall(nodes.container)):
        context["body"] = with_switch(context["body"], app.config.run_code_numbers)
        app.add_js_file("live/switch.js", loading_method="defer")
        app.add_css_file("live/live.css")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("run_code_numbers", False, "html")  # the pages are written anew when it changes
    app.connect("config-inited", add_python)
    app.connect("html-page-context", add_switch)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
