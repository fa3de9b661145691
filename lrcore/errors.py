"""What can be wrong with what was given. Every message is one sentence: what came, what was expected, what to do."""

import sys
import warnings


class InputError(ValueError):
    """An argument that cannot be used: empty, not finite, not real numbers, out of range."""


class ShapeError(InputError):
    """Arrays whose shapes do not fit together; the message names both shapes and the axis that disagrees."""


class RankWarning(UserWarning):
    """The columns of X do not determine the weights; the minimum-norm solution was returned."""


class DivergenceWarning(UserWarning):
    """Descent was stopped because the loss grew without bound."""


def warn(message: str, category: type[Warning]) -> None:
    """Warn of the line outside lrcore that led here: a filter that shows a line once would hide all later ones."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] == "lrcore":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level + 1)
