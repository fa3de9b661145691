"""The forms in which an object can be shown, as Jupyter names them."""

import base64
import io
import sys

METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "text/latex": "_repr_latex_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
}


def bundle(value):
    """Every form that the object has, and text in any case."""
    forms = {"text/plain": repr(value)}
    for form, method in METHODS.items():
        shown = _call(value, method)
        if shown is not None:
            forms[form] = base64.b64encode(shown).decode() if isinstance(shown, bytes) else shown
    if _is_figure(value):
        forms["image/png"] = _png(value)
    return forms | (_mimebundle(value) or {})


def _call(value, method):
    found = getattr(value, method, None)
    if found is None or isinstance(value, type):
        return None
    shown = found()
    return shown[0] if isinstance(shown, tuple) else shown


def _mimebundle(value):
    found = getattr(value, "_repr_mimebundle_", None)
    if found is None or isinstance(value, type):
        return None
    shown = found(include=None, exclude=None)
    return shown[0] if isinstance(shown, tuple) else shown


def _is_figure(value):
    figure = sys.modules.get("matplotlib.figure")
    return figure is not None and isinstance(value, figure.Figure)


def _png(figure):
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    return base64.b64encode(file.getvalue()).decode()
