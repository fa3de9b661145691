r"""Tables to start from: what a derivation of linear regression usually rests on."""

from __future__ import annotations

from dataclasses import dataclass

_ONE = (
    ("x", "M", "the sample", ""),
    ("w", "M", "weights", ""),
    ("b", "scalar", "bias", ""),
    ("y", "scalar", "target", ""),
    (r"\hat y", "", "prediction", r"w^\top x + b"),
    ("L", "", "loss", r"(\hat y - y)^2"),
)
_SAMPLES = (
    ("X", "N x M", "inputs, one sample a row", ""),
    ("w", "M", "weights", ""),
    ("b", "scalar", "bias", ""),
    ("y", "N", "targets", ""),
    (r"\hat y", "", "predictions", r"X w + \mathbf 1_N b"),
    ("r", "", "residual", r"\hat y - y"),
    ("L", "", "loss", r"\frac{1}{N} \|r\|^2"),
)
_OUTPUTS = (
    ("X", "N x M", "inputs, one sample a row", ""),
    ("W", "M x D", "weights, one column for each output", ""),
    ("b", "1 x D", "bias, a row", ""),
    ("Y", "N x D", "targets", ""),
    (r"\hat Y", "", "predictions", r"X W + \mathbf 1_N b"),
    ("R", "", "residual", r"\hat Y - Y"),
    ("L", "", "loss", r"\frac{1}{N} \|R\|_F^2"),
)
_PLAIN = (
    ("X", "N x M", "inputs, one sample a row", ""),
    ("w", "M", "weights", ""),
    ("y", "N", "targets", ""),
    ("r", "", "residual", "X w - y"),
)
_RIDGE = (
    *_PLAIN,
    (r"\lambda", "scalar", "strength of the penalty", ""),
    ("L", "", "loss", r"\frac{1}{N} \|r\|^2 + \lambda \|w\|^2"),
)
_WEIGHTED = (
    *_PLAIN,
    ("C", "N x N", "a symmetric matrix, the weights of the samples on its diagonal", ""),
    ("L", "", "loss", r"\frac{1}{N} r^\top C r"),
)


@dataclass(frozen=True)
class Start:
    """A table by name; ``scaled`` is what the convention of the loss multiplies in the last row, if there is one."""

    id: str
    title: str
    rows: tuple[tuple[str, str, str, str], ...]
    scaled: str = ""


STARTS = (
    Start("one", "One sample", _ONE),
    Start("samples", "N samples", _SAMPLES, r"\|r\|^2"),
    Start("outputs", "Many outputs, with bias", _OUTPUTS, r"\|R\|_F^2"),
    Start("ridge", "Ridge", _RIDGE),
    Start("weighted", "Weighted least squares", _WEIGHTED, r"r^\top C r"),
    Start("blank", "Blank: guess from my text", ()),
)
BY_ID = {one.id: one for one in STARTS}
