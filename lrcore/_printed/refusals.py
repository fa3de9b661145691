"""Why an equation is not said to hold."""


class Refused(AssertionError):
    """The equation does not hold; ``latex`` shows where its sides differ."""

    latex: str = ""


class Undecided(AssertionError):
    """Sympy can't tell, at these sizes."""
