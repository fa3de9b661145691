# ruff: noqa: E501 (a derivation is quoted as one line)
r"""Derivations worth looking at: each with what the checker says of it, and what to notice."""

from __future__ import annotations

from dataclasses import dataclass

from .starts import BY_ID

Rows = tuple[tuple[str, str, str, str], ...]
_QUESTION: Rows = (
    ("X", "n x m", "inputs, x_{ij} is feature j of instance i", ""),
    ("w", "m", "weights", ""),
    ("y", "n", "targets", ""),
    (r"\hat y", "", "predictions", "X w"),
    (r"\mathrm{MSE}", "", "loss", r"\frac{1}{2n} \sum_{i=1}^n (\hat y_i - y_i)^2"),
)
_ANSWER: Rows = (
    ("X", "n x m", "inputs", ""),
    ("w", "m", "weights", ""),
    ("y", "n", "targets", ""),
    (r"\hat y", "", "predictions", "X w"),
    (r"\mathrm{MSE}", "", "loss", r"\frac{1}{2n} (y - \hat y)^\top (y - \hat y)"),
)
_COURSE: Rows = (
    ("X", "m x n", "m training examples with n features", ""),
    (r"\theta", "n", "parameters", ""),
    ("y", "m", "targets", ""),
    ("J", "", "cost", r"\frac{1}{2m} \sum_{i=1}^m (\sum_{j=1}^n x_{ij} \theta_j - y_i)^2"),
)


@dataclass(frozen=True)
class Case:
    """One text with its table; ``step`` (from 0) is the first that does not hold, ``verdict`` and ``mended`` its fate."""

    id: str
    title: str
    rows: Rows
    text: str
    step: int
    verdict: str
    mended: str
    notice: str


CASES = (
    Case(
        "question",
        "The learner's original question",
        _QUESTION,
        r"""I've derived the gradient for linear regression using a MSE loss, but have nowhere to check it against.

$$ \frac{\partial \mathrm{MSE}}{\partial \hat{y}_i} = \frac{1}{n} \left( \hat{y}_i - y_i \right) $$

Now I put both together by the chain rule:

$$ \frac{\partial \mathrm{MSE}}{\partial w_i} = \sum_{j} \frac{\partial \mathrm{MSE}}{\partial \hat{y}_j} \cdot \frac{\partial \hat{y}_j}{\partial w_i}
= \frac{1}{n} \sum_{j=1}^n \left( \hat{y}_j - y_j \right) x_{ij} $$

This gives the correct answer, however I have not found a detailed derivation of this anywhere.""",
        2,
        "ILL_TYPED",
        r"\frac{1}{n} \sum_{j=1}^{n} (\hat{y}_{j} - y_{j}) x_{ji}",
        "The gradient with respect to the predictions and the chain rule are right. In the last line sample and feature changed places: "
        "j counts samples there, so the feature of sample j is x with j first.",
    ),
    Case(
        "answer",
        "The forum answer with its sign errors",
        _ANSWER,
        r"""$$\frac{\partial \mathrm{MSE}}{\partial w} = \frac{\partial \hat y}{\partial w}^\top \frac{\partial \mathrm{MSE}}{\partial \hat y}$$
where
$$\frac{\partial \mathrm{MSE}}{\partial \hat y} = \frac{2}{2n}(y - \hat y)$$
$$\frac{\partial \hat y}{\partial w} = X$$
so
$$\frac{\partial \mathrm{MSE}}{\partial w} = \frac{1}{n} X^\top (y - \hat y) = \frac{1}{n} X^\top (y - X w)$$""",
        1,
        "REFUTED",
        r"-\frac{2}{2 n} (y - \hat{y})",
        "The loss holds the prediction with a minus sign, and its derivative has to bring that sign out. The Jacobian X is "
        "right. Descent with this gradient would climb.",
    ),
    Case(
        "factor",
        "A lost factor 2",
        BY_ID["samples"].rows,
        r"""\frac{\partial L}{\partial w} = \frac{1}{N} \sum_i \frac{\partial}{\partial w} r_i^2
  = \frac{1}{N} X^\top r""",
        1,
        "REFUTED",
        r"\frac{2}{N} X^\top r",
        "The square brings down a 2. With the loss 1/(2N) it cancels, and many courses choose that loss for this reason. "
        "Look which loss the table has before you compare with a book.",
    ),
    Case(
        "transpose",
        "A dropped transpose",
        BY_ID["samples"].rows,
        r"""\frac{\partial L}{\partial r} = \frac{2}{N} r
\frac{\partial L}{\partial w} = \frac{2}{N} X r""",
        1,
        "ILL_TYPED",
        r"\frac{2}{N} X^\top r",
        "Shapes alone find it: X is N by M and r has N entries. If N and M were equal in your test, nobody would notice.",
    ),
    Case(
        "indices",
        "x_ij for x_ji",
        BY_ID["samples"].rows,
        r"""\frac{\partial L}{\partial w_k} = \frac{2}{N} \sum_{i=1}^N r_i \frac{\partial r_i}{\partial w_k}
  = \frac{2}{N} \sum_{i=1}^N r_i X_{ki}""",
        1,
        "ILL_TYPED",
        r"\frac{2}{N} \sum_{i=1}^{N} r_{i} X_{ik}",
        "Each index has one range. The sum over i runs over samples, and samples are the rows of X: i comes first.",
    ),
    Case(
        "frobenius",
        "A Frobenius norm without its square",
        BY_ID["outputs"].rows,
        r"""L = \frac{1}{N} \operatorname{tr}(R^\top R)
  = \frac{1}{N} \|R\|_F""",
        1,
        "REFUTED",
        r"\frac{1}{N} \left\|R\right\|_F^2",
        "The trace of RᵀR is the sum of all squares, the square of the norm. The counterexample has a residual whose norm "
        "is not its own square; with a residual of norm 1 both sides agree.",
    ),
    Case(
        "sizes",
        "1/n against 1/m",
        _COURSE,
        r"""\frac{\partial J}{\partial \theta_k} = \frac{1}{m} \sum_{i=1}^m (\sum_{j=1}^n x_{ij} \theta_j - y_i) x_{ik}
  = \frac{1}{n} \sum_{i=1}^m (\sum_{j=1}^n x_{ij} \theta_j - y_i) x_{ik}""",
        1,
        "REFUTED",
        r"\frac{1}{m} \sum_{i=1}^{m} \left(\sum_{j=1}^{n} x_{ij} \theta_{j} - y_{i}\right) x_{ik}",
        "Half of the courses write m for the number of examples and n for that of features, the other half the reverse. "
        "The mean is over examples: divide by the number of rows.",
    ),
    Case(
        "bias",
        "The forgotten bias",
        BY_ID["samples"].rows,
        r"""\frac{\partial L}{\partial w} = \frac{2}{N} X^\top r
  = \frac{2}{N} X^\top (X w - y)""",
        1,
        "REFUTED",
        "",
        "The residual of this table has a bias in it, and the last line leaves it out. No one change mends it: write the "
        "residual with its bias, or take the bias out of the table.",
    ),
    Case(
        "order",
        "The order of a product",
        BY_ID["outputs"].rows,
        r"""dL = \frac{2}{N} \operatorname{tr}(R^\top X\, dW)
\frac{\partial L}{\partial W} = \frac{2}{N} R X^\top""",
        1,
        "ILL_TYPED",
        r"\frac{2}{N} X^\top R",
        "Matrices do not commute. Inside a trace factors may rotate, as in tr(ABC) = tr(CAB), and outside of it they may "
        "not: only one order has the shape of W.",
    ),
)
