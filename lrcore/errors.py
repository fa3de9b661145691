"""What can be wrong with what was given. Every message is one sentence: what came, what was expected, what to do."""


class InputError(ValueError):
    """An argument that cannot be used: empty, not finite, not real numbers, out of range."""


class ShapeError(InputError):
    """Arrays whose shapes do not fit together; the message names both shapes and the axis that disagrees."""


class RankWarning(UserWarning):
    """The columns of X do not determine the weights; the minimum-norm solution was returned."""


class DivergenceWarning(UserWarning):
    """Descent was stopped because the loss grew without bound."""
