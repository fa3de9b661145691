r"""Checks mathematics: each line of a derivation, for all sizes, with a proof or a counterexample.

>>> from lrcore.verify import Context, derivation
>>> ctx = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"L": r"\frac1N \|Xw - y\|^2"})
>>> derivation(r"\nabla_w L = \frac{2}{N} X^\top (Xw - y)", ctx).steps[0].verdict.value
'PROVED'

Neither numpy nor sympy is loaded; nothing that a reader typed is ever evaluated.
"""

from lrcore.verify.decide.pipeline import derivation, implies
from lrcore.verify.terms.report import Counterexample, Report, Step, Verdict
from lrcore.verify.type.context import Context

__all__ = ["Context", "Counterexample", "Report", "Step", "Verdict", "derivation", "implies"]
