"""Controls to move with the hand, for notebooks and for plain pages.

Each is an anywidget: drawn and computed in the page, so that it works without a kernel, and tied to Python where there
is one.
"""

from typing import Any

from lrcore.widgets.player import DescentPlayer

__all__ = ["DescentPlayer"]


def __getattr__(name: str) -> Any:
    if name == "descent_control":  # until every chapter has its player
        from lrcore.widgets.descent import descent_control

        return descent_control
    raise AttributeError(f"lrcore.widgets has no {name!r}; it has: {', '.join(__all__)}")
