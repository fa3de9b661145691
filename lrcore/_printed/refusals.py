"""Why an equation is not said to hold."""


class Refused(AssertionError):
    """The equation does not hold; the sentence says where its sides differ."""


class Undecided(AssertionError):
    """Sympy can't tell, at these sizes."""
