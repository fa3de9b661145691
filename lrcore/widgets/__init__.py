"""Controls to move with the hand, for notebooks and for plain pages."""

from lrcore.widgets.descent import descent_control

__all__ = ["descent_control"]
