"""Showing things: ``display``, ``clear_output`` and the objects that are their own picture."""

import json
import uuid

from page_kernel import running
from page_kernel.forms import bundle


def _say(kind, value, raw, display_id):
    running.kernel.flush()
    data = value if raw else bundle(value)
    content = {"data": data, "metadata": {}, "transient": {"display_id": display_id} if display_id else {}}
    running.kernel.publish(kind, content)


class DisplayHandle:
    def __init__(self, display_id):
        self.display_id = display_id

    def update(self, value, raw=False, **_):
        _say("update_display_data", value, raw, self.display_id)

    def display(self, value, raw=False, **_):
        _say("display_data", value, raw, self.display_id)


def display(*values, raw=False, display_id=None, **_):
    """Show objects, each in every form that it has."""
    name = uuid.uuid4().hex if display_id is True else display_id
    for value in values:
        _say("display_data", value, raw, name)
    return DisplayHandle(name) if name else None


def update_display(value, *, display_id, raw=False, **_):
    _say("update_display_data", value, raw, display_id)


def clear_output(wait=False):
    running.kernel.flush()
    running.kernel.publish("clear_output", {"wait": wait})


class DisplayObject:
    form = "text/plain"

    def __init__(self, data=None, **_):
        self.data = data

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {self.form: self.data}


class HTML(DisplayObject):
    form = "text/html"


class SVG(DisplayObject):
    form = "image/svg+xml"


class Latex(DisplayObject):
    form = "text/latex"


class Markdown(DisplayObject):
    form = "text/markdown"


class Math(DisplayObject):
    form = "text/latex"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {self.form: rf"$\displaystyle {self.data}$"}


class JSON(DisplayObject):
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {self.form: json.dumps(self.data, indent=2, default=str)}


class Image(DisplayObject):
    """A PNG, from its bytes or from a file of this kernel."""

    def __init__(self, data=None, filename=None, **_):
        if data is None:
            with open(filename, "rb") as file:
                data = file.read()
        super().__init__(data)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {}

    def _repr_png_(self):
        return self.data
