"""Controls to move with the hand, for notebooks and for plain pages.

Each is an anywidget: drawn and computed in the page, so that it works without a kernel, and tied to Python where there
is one.
"""

from lrcore.widgets.checker import DerivationChecker
from lrcore.widgets.columns import Columns
from lrcore.widgets.conditioning import Conditioning, Standardising
from lrcore.widgets.deriver import DerivationWriter
from lrcore.widgets.digits import DigitsLeft
from lrcore.widgets.houses import Houses
from lrcore.widgets.intervals import ConfidenceIntervals
from lrcore.widgets.matrices import GradientDissector, JacobianExplorer, Product, RowByRow
from lrcore.widgets.network import Backpropagation
from lrcore.widgets.player import DescentPlayer
from lrcore.widgets.samples import Samples
from lrcore.widgets.slopes import Partials, Secant

__all__ = [
    "Backpropagation",
    "Columns",
    "Conditioning",
    "ConfidenceIntervals",
    "DerivationChecker",
    "DerivationWriter",
    "DescentPlayer",
    "DigitsLeft",
    "GradientDissector",
    "Houses",
    "JacobianExplorer",
    "Partials",
    "Product",
    "RowByRow",
    "Samples",
    "Secant",
    "Standardising",
]
