"""What every control of the book is: an anywidget whose drawing and numbers live in the page.

JupyterLab wants one module a widget, so :func:`bundle` joins the files of ``front/``. A plain page gets an element
``<lr-control>`` with the state alone, some 2 kB, and loads the same files from the site, once for all its controls
(``front/mount.js``). The state that MyST-NB would embed repeats the 40 kB of the module in every widget, and needs the
widget manager, 914 kB, to be read.
"""

import html
import json
import re
from importlib.resources import files
from typing import Any

import anywidget

FRONT = files("lrcore.widgets") / "front"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_OWN = {"layout", "tabbable", "tooltip"}


def source(name: str) -> str:
    """The text of a file of ``front/``."""
    return (FRONT / name).read_text(encoding="utf-8")


def bundle(name: str) -> str:
    """One ES module of the file ``name`` and of all that it imports, each once, before what needs it."""
    texts: dict[str, str] = {}
    _collect(name, texts)
    *parts, main = texts.values()
    return "\n".join([*(re.sub(r"^export ", "", part, flags=re.MULTILINE) for part in parts), main])


def _collect(name: str, texts: dict[str, str]) -> None:
    text = source(f"{name}.js")
    for needed in _IMPORT.findall(text):
        if needed not in texts:
            _collect(needed, texts)
    texts[name] = _IMPORT.sub("", text)


class Control(anywidget.AnyWidget):
    """An anywidget that also shows itself on a plain page; subclasses name their module and say what they show."""

    _module: str
    _height: int  # in rem, what the page keeps free for it, so that nothing jumps when it comes
    _css = source("widgets.css")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "_module" in vars(cls):  # and not in the subclass that ipywidgets makes to add traits
            cls._esm = bundle(cls._module)
        super().__init_subclass__(**kwargs)

    def said(self) -> str:
        """The current numbers in a sentence: what stands on a page where no script runs."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """The traits that the page works with."""
        return {key: value for key, value in self.get_state().items() if key[0] != "_" and key not in _OWN}

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.said()}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, "text/html": self._plain_page()}, metadata

    def _plain_page(self) -> str:
        state = json.dumps(self.state(), separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
        script = f'<script type="application/json">{state}</script>'
        opening = f'<lr-control module="{self._module}" style="display:block;min-height:{self._height}rem">'
        return f"{opening}{script}{self._fallback()}</lr-control>"

    def _fallback(self) -> str:
        """What stands in the page until a script runs, and where none does."""
        return f"<p>{html.escape(self.said())}</p>"
