# ruff: noqa: E501 (a derivation is quoted as one line)
r"""Derivations worth looking at: each with what the checker says of it, and what to notice."""

from __future__ import annotations

from dataclasses import dataclass

from .starts import BY_ID

Rows = tuple[tuple[str, str, str, str], ...]
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
        "The learner's question, every formula as it was filed",
        (),
        r"""The loss is the mean squared error, halved:

$$MSE=\frac{1}{2n}\sum_{i=1}^{n}\left ( \hat{y} - y \right )^2$$

and the prediction is

$$\hat{y}=\sum_{i=1}^{n}w_i x_i$$

By the chain rule

$$\frac{\partial MSE}{\partial w_i}=\sum_{j}\frac{\partial MSE}{\partial \hat{y}_j} \cdot \frac{\partial \hat{y}_j}{\partial w_i}$$

First the derivative with respect to the predictions:

$$\begin{equation} \begin{split} \frac{\partial MSE}{\partial \hat{y}_i} &= \frac{\partial}{\partial \hat{y}_i} \frac{1}{2n}\sum_{j=1}^{n}\left [\left ( \hat{y_j} - y_j \right )^2 \right ] \\ &=\frac{1}{2n}\sum_{j=1}^{n} \left [ \frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_j - y_j \right )^2 \right ] \\ &=\frac{1}{n}\sum_{j=1}^{n} \left [ \left ( \hat{y}_j - y_j \right )\frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_j - y_j \right ) \right ] \\ &=\frac{1}{n} \left [ \left ( \hat{y}_1 - y_1 \right )\frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_1 - y_1 \right ) + \dotsi + \left ( \hat{y}_n - y_n \right )\frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_n - y_n \right ) \right ] \\ &= \frac{1}{n}\left ( \hat{y}_i - y_i \right ) \end{split} \end{equation}$$

This gives the gradient

$$\frac{\partial MSE}{\partial \hat{y}} = \frac{1}{n} \begin{bmatrix} \hat{y}_1 - y_1 \\ \hat{y}_2 - y_2 \\ \vdots \\ \hat{y}_n - y_n \end{bmatrix}$$

Then the derivative of a prediction with respect to a weight:

$$\begin{equation} \begin{split} \frac{\partial \hat{y}_j}{\partial w_i} &= \frac{\partial}{\partial w_i} \sum_{j=1}^m x_{ij}w_j \\ &= \sum_{j=1}^m \frac{\partial}{\partial w_i} x_{ij}w_j \\ &= \frac{\partial}{\partial w_i} x_{i1}w_1 + \frac{\partial}{\partial w_i} x_{i2}w_2 + \dotsi + \frac{\partial}{\partial w_i} x_{im}w_m \end{split} \end{equation}$$

These form an array, which is

$$\begin{bmatrix} x_{11} & x_{21} & \dotsi & x_{n1} \\ x_{12} & x_{22} & \dotsi & x_{n2} \\ \vdots & \vdots & \ddots & \vdots \\ x_{1m} & x_{2m} & \dotsi & x_{nm} \\ \end{bmatrix} = X^T$$

so that the Jacobian is

$$\frac{\partial \hat{y}}{\partial w} = X^T$$

Put together:

$$\begin{equation} \begin{split} \frac{\partial MSE}{\partial w_i} &=\sum_{j}\frac{\partial MSE}{\partial \hat{y}_j} \cdot \frac{\partial \hat{y}_j}{\partial w_i} \\ &= \frac{1}{n} \sum_{j=1}^n \left ( \hat{y}_j -y_j \right ) x_{ij} \end{split} \end{equation}$$

With matrices:

$$\frac{\partial MSE}{\partial w_i} = \left [ \frac{\partial \hat{y}}{\partial w_i} \right ]^T \left [ \frac{\partial MSE}{\partial \hat{y}} \right ]$$""",
        0,
        "ILL_TYPED",
        "",
        "Nothing is declared: what a letter is, is read from the text. The loss has lost its index, the prediction its sample, "
        "and in the last sum sample and feature changed places: j counts samples there, so the feature of sample j is x with "
        "j first. The chain rule and all five lines below it are right. The page Errata says the same of each line.",
    ),
    Case(
        "answer",
        "The forum answer with its sign errors",
        (),
        r"""With matrices the loss is

$$\text{MSE}=\frac{1}{2n}\epsilon^T\epsilon=\frac{1}{2n}(y-\hat y)^T(y-\hat y)$$

and the prediction

$$\hat y = Xw$$

By the chain rule

$$\frac{\partial \text{MSE}}{\partial w}= \frac{\partial \hat y}{\partial w}^T\frac{\partial \text{MSE}}{\partial \hat y}$$

where

$$\frac{\partial \text{MSE}}{\partial \hat y}=\frac{2}{2n}(y-\hat y)$$

and

$$\frac{\partial \hat y}{\partial w}=X$$

so that

$$\frac{\partial \text{MSE}}{\partial w}= \frac{1}{n}X^T(y-\hat y)=\frac{1}{n}X^T(y-Xw)$$

With many outputs, $\hat Y = X W$, the loss is

$$\text{MSE}=\frac{1}{2n}\|E\|_F=\frac{1}{2n}\operatorname{tr}((Y-\hat Y)^T(Y-\hat Y))$$

with

$$E=Y-\hat Y$$

The derivative of the predictions is a tensor,

$$d\hat Y /dW = \mathbb I \otimes X$$

and the differential form does without it:

$$d\text{MSE}=\frac{-2}{2n}\operatorname{tr}(dE^TE)=\frac{1}{n}\operatorname{tr}(d\hat Y^TE)=\frac{1}{n}\operatorname{tr}(dWX^TE)$$

From it

$$\frac {\partial \text{MSE}}{\partial W}=\frac{1}{n}X^T(Y - XW),$$""",
        4,
        "REFUTED",
        r"-\frac{2}{2 n} (y - \hat{y})",
        "The loss holds the prediction with a minus sign, and its derivative has to bring that sign out. The Jacobian X is "
        "right. Descent with this gradient would climb. For many outputs the norm has lost its square, and the sign is lost again.",
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
        "Some courses write m for the number of examples and n for that of features, and others the reverse. "
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
