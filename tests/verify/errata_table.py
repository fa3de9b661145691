# ruff: noqa: E501, C408  (the formulas stand as they were printed)
"""The formulas of the three source documents, verbatim, with the verdict of each = in reading order, and the corrections.

P proved, R refuted, I ill typed, D definition, C condition. Contexts are at the end; a formula names the one it is read in.
"""

from lrcore.verify import Context

_VERDICTS = {"P": "PROVED", "R": "REFUTED", "I": "ILL_TYPED", "D": "DEFINITION", "C": "CONDITION", "U": "UNREADABLE"}


def verdicts(letters):
    return [_VERDICTS[one] for one in letters]


def _context(**given):
    return Context(**given)


N_SAMPLES = dict(
    shapes={"X": ("n", "m"), "w": ("m",), "y": ("n",)},
    definitions={r"\hat y": "X@w", "MSE": r"\frac{1}{2n}\sum_{i=1}^n (\hat y_i - y_i)^2", r"\epsilon": r"y - \hat y"},
)
N_BARE = dict(shapes={"X": ("n", "m"), "w": ("m",), "y": ("n",), r"\hat y": ("n",)})
N_NO_HAT = dict(shapes={"X": ("n", "m"), "w": ("m",), "y": ("n",)})
ANSWER = dict(
    shapes={"X": ("n", "m"), "W": ("m", "D"), "Y": ("n", "D")},
    definitions={r"\hat Y": "X W", "E": r"Y - \hat Y", "MSE": r"\frac{1}{2n}\|E\|_F^2"},
)
ANSWER_BARE = dict(shapes={"X": ("n", "m"), "W": ("m", "D"), "Y": ("n", "D")}, definitions={r"\hat Y": "X W"})
CLOSED = dict(
    shapes={"X": ("m", "n+1"), "W": ("n+1",), "y": ("m",), "Y": ("m",), "v": ("n+1",)},
    definitions={r"\hat y": "XW", "J": r"(XW - y)^\top (XW - y)"},
)
CLOSED_Y = dict(shapes={"X": ("m", "n+1"), "W": ("n+1",), "Y": ("m",)}, definitions={"J": r"(XW - Y)^\top (XW - Y)"})
CLOSED_BARE = dict(shapes={"X": ("m", "n+1"), "W": ("n+1",), "y": ("m",), r"\hat y": ("m",), "v": ("n+1",)})
SCALAR_LINE = dict(shapes={"w": (2,), "x": ()})
FEATURES = dict(shapes={"w": ("n+1",), "x": ("n",)})
ENTRIES = dict(shapes={"x": ("m", "n"), "w": ("n+1",)})
GENERAL = dict(shapes={"A": ("p", "q"), "B": ("p", "q")})
PRODUCT = dict(shapes={"A": ("p", "q"), "B": ("q", "r")})
COLUMNS = dict(shapes={"A": (2,), "B": (2,)})
SQUARES = dict(shapes={"A": (2, 2), "B": (2, 2)})
QUADRATIC = dict(shapes={"A": ("k", "k"), "W": ("k",)})
GRAM = dict(shapes={"X": ("m", "n+1"), "W": ("n+1",), "Y": ("m",)}, definitions={"A": r"X^\top X"})
NO_GRAM = dict(shapes={"X": ("m", "n+1"), "W": ("n+1",), "Y": ("m",)})
ONE = dict(
    shapes={r"\vec w": ("M",), r"\vec x": ("M",), "b": (), "y": ()},
    definitions={r"\hat y": r"\vec w^T \vec x + b", "L": r"(\hat y - y)^2"},
)
ONE_BARE = dict(shapes={r"\vec w": ("M",), r"\vec x": ("M",), "b": (), "y": ()})
ONE_LOSS = dict(shapes={"y": (), r"\hat y": ()})
MANY = dict(
    shapes={"X": ("N", "M"), "w": ("M",), "b": (), "y": ("N",), "x": ("M",)},
    definitions={r"\hat y": r"X w + \mathbf 1_N b", "L": r"\frac{1}{N}\sum_{i=1}^N (\hat y_i - y_i)^2"},
)
MANY_ROWS = {**MANY, "shapes": {key: value for key, value in MANY["shapes"].items() if key != "x"}}
MANY_BARE = dict(shapes={"y": ("N",), r"\hat y": ("N",)})
OUTPUTS = dict(
    shapes={"X": ("N", "M"), "W": ("M", "D"), "b": (1, "D"), "Y": ("N", "D")},
    definitions={
        r"\hat Y": r"X W + \mathbf 1_N b",
        "L": r"\frac{1}{N}\sum_{i=1}^N\sum_{j=1}^D (\hat Y_{i,j} - Y_{i,j})^2",
    },
)
OUTPUTS_BARE = dict(shapes={"Y": ("N", "D"), r"\hat Y": ("N", "D")})
CHAIN_CONTEXT = N_SAMPLES

# (number, context, verdicts, LaTeX)
FORMULAS = [
    ("A1", N_BARE, "I", r"MSE=\frac{1}{2n}\sum_{i=1}^{n}\left ( \hat{y} - y \right )^2"),
    ("A2", N_NO_HAT, "I", r"\hat{y}=\sum_{i=1}^{n}w_i x_i"),
    ("A3", N_SAMPLES, "P", r"\frac{\partial MSE}{\partial w_i}=\sum_{j}\frac{\partial MSE}{\partial \hat{y}_j} \cdot \frac{\partial \hat{y}_j}{\partial w_i}"),
    ("A4", N_SAMPLES, "PPPPP", r"\begin{equation} \begin{split} \frac{\partial MSE}{\partial \hat{y}_i} &= \frac{\partial}{\partial \hat{y}_i} \frac{1}{2n}\sum_{j=1}^{n}\left [\left ( \hat{y_j} - y_j \right )^2 \right ] \\ &=\frac{1}{2n}\sum_{j=1}^{n} \left [ \frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_j - y_j \right )^2 \right ] \\ &=\frac{1}{n}\sum_{j=1}^{n} \left [ \left ( \hat{y}_j - y_j \right )\frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_j - y_j \right ) \right ] \\ &=\frac{1}{n} \left [ \left ( \hat{y}_1 - y_1 \right )\frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_1 - y_1 \right ) + \dotsi + \left ( \hat{y}_n - y_n \right )\frac{\partial}{\partial \hat{y}_i}\left ( \hat{y}_n - y_n \right ) \right ] \\ &= \frac{1}{n}\left ( \hat{y}_i - y_i \right ) \end{split} \end{equation}"),
    ("A5", N_SAMPLES, "P", r"\frac{\partial MSE}{\partial \hat{y}} = \frac{1}{n} \begin{bmatrix} \hat{y}_1 - y_1 \\ \hat{y}_2 - y_2 \\ \vdots \\ \hat{y}_n - y_n \end{bmatrix}"),
    ("A6", N_SAMPLES, "III", r"\begin{equation} \begin{split} \frac{\partial \hat{y}_j}{\partial w_i} &= \frac{\partial}{\partial w_i} \sum_{j=1}^m x_{ij}w_j \\ &= \sum_{j=1}^m \frac{\partial}{\partial w_i} x_{ij}w_j \\ &= \frac{\partial}{\partial w_i} x_{i1}w_1 + \frac{\partial}{\partial w_i} x_{i2}w_2 + \dotsi + \frac{\partial}{\partial w_i} x_{im}w_m \end{split} \end{equation}"),
    ("A7", N_SAMPLES, "P", r"\begin{bmatrix} x_{11} & x_{21} & \dotsi & x_{n1} \\ x_{12} & x_{22} & \dotsi & x_{n2} \\ \vdots & \vdots & \ddots & \vdots \\ x_{1m} & x_{2m} & \dotsi & x_{nm} \\ \end{bmatrix} = X^T"),
    ("A7j", N_SAMPLES, "I", r"\frac{\partial \hat{y}}{\partial w} = X^T"),
    ("A8", N_SAMPLES, "PI", r"\begin{equation} \begin{split} \frac{\partial MSE}{\partial w_i} &=\sum_{j}\frac{\partial MSE}{\partial \hat{y}_j} \cdot \frac{\partial \hat{y}_j}{\partial w_i} \\ &= \frac{1}{n} \sum_{j=1}^n \left ( \hat{y}_j -y_j \right ) x_{ij} \end{split} \end{equation}"),
    ("A9", N_SAMPLES, "P", r"\frac{\partial MSE}{\partial w_i} = \left [ \frac{\partial \hat{y}}{\partial w_i} \right ]^T \left [ \frac{\partial MSE}{\partial \hat{y}} \right ]"),
    ("B1", N_SAMPLES, "PP", r"\text{MSE}=\frac{1}{2n}\epsilon^T\epsilon=\frac{1}{2n}(y-\hat y)^T(y-\hat y)"),
    ("B2", N_NO_HAT, "D", r"\hat y = Xw"),
    ("B3", N_SAMPLES, "P", r"\frac{\partial \text{MSE}}{\partial w}= \frac{\partial \hat y}{\partial w}^T\frac{\partial \text{MSE}}{\partial \hat y}"),
    ("B4", N_SAMPLES, "R", r"\frac{\partial \text{MSE}}{\partial \hat y}=\frac{2}{2n}(y-\hat y)"),
    ("B5", N_SAMPLES, "P", r"\frac{\partial \hat y}{\partial w}=X"),
    ("B6", N_SAMPLES, "RP", r"\frac{\partial \text{MSE}}{\partial w}= \frac{1}{n}X^T(y-\hat y)=\frac{1}{n}X^T(y-Xw)"),
    ("B7", ANSWER, "RR", r"\text{MSE}=\frac{1}{2n}\|E\|_F=\frac{1}{2n}\operatorname{tr}((Y-\hat Y)^T(Y-\hat Y))"),
    ("B8", ANSWER_BARE, "D", r"E=Y-\hat Y"),
    ("B9", ANSWER, "I", r"d\hat Y /dW = \mathbb I \otimes X"),
    ("B10", ANSWER, "RPI", r"d\text{MSE}=\frac{-2}{2n}\operatorname{tr}(dE^TE)=\frac{1}{n}\operatorname{tr}(d\hat Y^TE)=\frac{1}{n}\operatorname{tr}(dWX^TE)"),
    ("B11", ANSWER, "R", r"\frac {\partial \text{MSE}}{\partial W}=\frac{1}{n}X^T(Y - XW),"),
    ("L1", SCALAR_LINE, "DD", r"\hat{y} = f(x) = w_0 + w_1 x"),
    ("L2", FEATURES, "D", r"\hat{y} = w_0 + w_1 x_1 + w_2 x_2 + \dots + w_n x_n"),
    ("L3", {"shapes": CLOSED["shapes"]}, "D", r"\hat{y} = X W"),
    ("L4", ENTRIES, "DD", r"X = \begin{bmatrix} 1 & x_{11} & x_{12} & \dots & x_{1n} \\ 1 & x_{21} & x_{22} & \dots & x_{2n} \\ \vdots & \vdots & \vdots & \ddots & \vdots \\ 1 & x_{m1} & x_{m2} & \dots & x_{mn} \end{bmatrix} \in \mathbb{R}^{m \times (n+1)}"),
    ("L5", ENTRIES, "DD", r"W = \begin{bmatrix} w_0 \\ w_1 \\ \vdots \\ w_n \end{bmatrix} \in \mathbb{R}^{(n+1) \times 1}"),
    ("L6", CLOSED_BARE, "I", r"E(X) = \frac{1}{n} \sum_{i=1}^n (\hat{y}_i - y_i)^2"),
    ("L7", CLOSED_BARE, "I", r"J(W) = (\hat{y} - y)^2"),
    ("L8", CLOSED, "D", r"v^2 = v^\top v"),
    ("L9", CLOSED, "P", r"v^\top v = v_0^2 + v_1^2 + \dots + v_n^2"),
    ("L10", {**CLOSED, "square_is_norm": True}, "PP", r"(\hat{y} - y)^2 = (\hat{y} - y)^\top (\hat{y} - y) = (X W - y)^\top (X W - y)"),
    ("L11", CLOSED, "D", r"\operatorname*{argmin}_W \; (XW - y)^\top (XW - y)"),
    ("L12", {**CLOSED, "definitions": {r"\hat y": "XW", "J": r"\|\hat y - y\|^2"}}, "P", r"J(W) = (XW - y)^\top (XW - y)"),
    ("L13", GENERAL, "P", r"(A - B)^\top = A^\top - B^\top"),
    ("L14", COLUMNS, "PP", r"(A - B)^\top = A^\top - B^\top = \begin{bmatrix} a_1 - b_1 & a_2 - b_2 \end{bmatrix}"),
    ("L15", CLOSED, "P", r"J(W) = ((XW)^\top - y^\top)(XW - y)"),
    ("L16", CLOSED, "P", r"J(W) = (XW)^\top XW - (XW)^\top y - y^\top XW + y^\top y"),
    ("L17", CLOSED, "P", r"(XW)^\top y = y^\top XW"),
    ("L18", CLOSED, "P", r"J(W) = (XW)^\top XW - 2 (XW)^\top y + y^\top y"),
    ("L19", PRODUCT, "P", r"(AB)^\top = B^\top A^\top"),
    ("L20", SQUARES, "PP", r"AB = \begin{bmatrix} a_{11} & a_{12} \\ a_{21} & a_{22} \end{bmatrix} \begin{bmatrix} b_{11} & b_{12} \\ b_{21} & b_{22} \end{bmatrix} = \begin{bmatrix} a_{11}b_{11} + a_{12}b_{21} & a_{11}b_{12} + a_{12}b_{22} \\ a_{21}b_{11} + a_{22}b_{21} & a_{21}b_{12} + a_{22}b_{22} \end{bmatrix}"),
    ("L21", SQUARES, "P", r"(AB)^\top = \begin{bmatrix} a_{11}b_{11} + a_{12}b_{21} & a_{21}b_{11} + a_{22}b_{21} \\ a_{11}b_{12} + a_{12}b_{22} & a_{21}b_{12} + a_{22}b_{22} \end{bmatrix}"),
    ("L22", SQUARES, "P", r"B^\top = \begin{bmatrix} b_{11} & b_{21} \\ b_{12} & b_{22} \end{bmatrix}"),
    ("L23", SQUARES, "PPP", r"B^\top A^\top = \begin{bmatrix} b_{11} & b_{21} \\ b_{12} & b_{22} \end{bmatrix} \begin{bmatrix} a_{11} & a_{21} \\ a_{12} & a_{22} \end{bmatrix} = \begin{bmatrix} b_{11}a_{11} + b_{21}a_{12} & b_{11}a_{21} + b_{21}a_{22} \\ b_{12}a_{11} + b_{22}a_{12} & b_{12}a_{21} + b_{22}a_{22} \end{bmatrix} = (AB)^\top"),
    ("L24", {**CLOSED_Y, "definitions": {"J": r"\|XW - Y\|^2"}}, "P", r"J(W) = (XW - Y)^\top (XW - Y)"),
    ("L25", NO_GRAM, "D", r"A = X^\top X"),
    ("L26", QUADRATIC, "P", r"d(W^\top A W) = dW^\top A W + W^\top A dW"),
    ("L27", QUADRATIC, "PP", r"dW^\top A W = (dW^\top A W)^\top = (AW)^\top dW"),
    ("L28", QUADRATIC, "P", r"W^\top A dW = (A^\top W)^\top dW"),
    ("L29", QUADRATIC, "P", r"d(W^\top A W) = (AW + A^\top W)^\top dW"),
    ("L30", GRAM, "P", r"d(W^\top A W) = 2 (X^\top X W)^\top dW"),
    ("L31", GRAM, "P", r"\nabla_W (W^\top X^\top X W) = 2 X^\top X W"),
    ("L32", GRAM, "PP", r"d(-2 Y^\top X W) = -2 d(Y^\top X W) = -2 (X^\top Y)^\top dW"),
    ("L33", GRAM, "P", r"\nabla_W (-2 Y^\top X W) = -2 X^\top Y"),
    ("L35", CLOSED_Y, "P", r"\nabla_W J(W) = 2 X^\top X W - 2 X^\top Y"),
    ("L36", CLOSED_Y, "CP", r"2 X^\top X W - 2 X^\top Y = 0 \quad \implies \quad X^\top X W = X^\top Y"),
    ("L37", CLOSED_Y, "C", r"\boxed{W = (X^\top X)^{-1} X^\top Y}"),
    ("C1", ONE_BARE, "D", r"\hat{y} = \vec{w}^T \vec{x} + b"),
    ("C1b", ONE_LOSS, "D", r"L = (\hat{y} - y)^2"),
    ("C2", ONE, "PP", r"\frac{dL}{dw} = \frac{dL}{d\hat{y}} \cdot \frac{d\hat{y}}{dw} = 2(\hat{y} - y)x"),
    ("C3", ONE, "PP", r"\frac{dL}{db} = \frac{dL}{d\hat{y}} \cdot \frac{d\hat{y}}{db} = 2(\hat{y} - y)"),
    ("C4", MANY_BARE, "D", r"L = \frac{1}{N} \sum_{i=1}^N (\hat{y}_i - y_i)^2"),
    ("C5", MANY, "PPRP", r"\begin{aligned}\frac{dL}{dw} &= \frac{d}{dw} \left(\frac{1}{N} \sum_{i=1}^N (\hat{y}_i - y_i)^2 \right) = \frac{1}{N} \sum_{i=1}^N \frac{d}{dw} (\hat{y}_i - y_i)^2 = \frac{1}{N} \sum_{i=1}^N 2(\hat{y}_i - y_i)x \\ &= \frac{2}{N} \sum_{i=1}^N (\hat{y}_i - y_i)x\end{aligned}"),
    ("C6", MANY, "P", r"\frac{dL}{db} = \frac{2}{N} \sum_{i=1}^N (\hat{y}_i - y_i)"),
    ("C7", OUTPUTS, "U", r"X_{N,M} \quad W_{M,D} \quad \hat{y}_{N,D}"),
    ("C8", OUTPUTS, "P", r"\hat{y}_{i,j} = \sum_{k=1}^M X_{i,k} W_{k,j} + b_j"),
    ("C9", OUTPUTS_BARE, "D", r"L = \frac{1}{N} \sum_{i=1}^N \sum_{j=1}^D (\hat{y}_{i,j} - y_{i,j})^2"),
    ("C10", OUTPUTS, "II", r"\frac{dL}{W_{k,j}} = \frac{d}{dW_{k,j}} \left(\frac{1}{N} \sum_{i=1}^N \sum_{j=1}^D (\hat{y}_{i,j} - y_{i,j})^2 \right) = \frac{1}{N} \sum_{i=1}^N \frac{d}{dW_{k,j}} (\hat{y}_{i,j} - y_{i,j})^2"),
    ("C11", OUTPUTS, "PP", r"\frac{d}{dW_{k,j}} (\hat{y}_{i,j} - y_{i,j})^2 = 2(\hat{y}_{i,j} - y_{i,j}) \frac{d\hat{y}_{i,j}}{dW_{k,j}} = 2(\hat{y}_{i,j} - y_{i,j}) X_{i,k}"),
    ("C12", OUTPUTS, "IP", r"\frac{dL}{W_{k,j}} = \frac{1}{N} \sum_{i=1}^N 2(\hat{y}_{i,j} - y_{i,j}) X_{i,k} = 2/N \sum_{i=1}^N (\hat{y}_{i,j} - y_{i,j}) X_{i,k}"),
    ("C13", OUTPUTS, "I", r"\frac{dL}{w} = 2/N \begin{matrix} X^T \\ (M \times N) \end{matrix} \cdot \begin{matrix} (\hat{y} - y) \\ (N \times D) \end{matrix} \begin{matrix} \\ (N \times D) \end{matrix}"),
    ("C14", OUTPUTS, "IR", r"\frac{dL}{b_j} = \frac{1}{N} \sum_{i=1}^N 2(\hat{y}_{i,j} - y_{i,j}) \cdot \frac{dy_{i,j}}{db_j} = \frac{2}{N} \sum_{i=1}^N (\hat{y}_{i,j} - y_{i,j})"),
    ("C15", OUTPUTS, "I", r"\frac{dL}{b} = \frac{2}{N} \begin{matrix} \text{ALL-ONES} * (\hat{y} - y) \\ (1 \times N) \end{matrix} \begin{matrix} \\ (N \times D) \end{matrix} \begin{matrix} \\ 1_{1 \times N} \end{matrix}"),
]  # fmt: skip

CORRECTIONS = [
    ("A1", N_BARE, "D", r"MSE=\frac{1}{2n}\sum_{i=1}^{n}\left ( \hat{y}_i - y_i \right )^2"),
    ("A2", N_NO_HAT, "D", r"\hat{y}_j=\sum_{i=1}^{m}w_i x_{ji}"),
    ("A6", N_SAMPLES, "PPPP", r"\frac{\partial \hat{y}_j}{\partial w_i} = \frac{\partial}{\partial w_i} \sum_{k=1}^m x_{jk}w_k = \sum_{k=1}^m \frac{\partial}{\partial w_i} x_{jk}w_k = \frac{\partial}{\partial w_i} x_{j1}w_1 + \frac{\partial}{\partial w_i} x_{j2}w_2 + \dotsi + \frac{\partial}{\partial w_i} x_{jm}w_m = x_{ji}"),
    ("A7j", N_SAMPLES, "P", r"\frac{\partial \hat{y}}{\partial w} = X"),
    ("A8", N_SAMPLES, "PP", r"\frac{\partial MSE}{\partial w_i} =\sum_{j}\frac{\partial MSE}{\partial \hat{y}_j} \cdot \frac{\partial \hat{y}_j}{\partial w_i} = \frac{1}{n} \sum_{j=1}^n \left ( \hat{y}_j -y_j \right ) x_{ji}"),
    ("B4", N_SAMPLES, "P", r"\frac{\partial \text{MSE}}{\partial \hat y}=-\frac{2}{2n}(y-\hat y)"),
    ("B6", N_SAMPLES, "PP", r"\frac{\partial \text{MSE}}{\partial w}= -\frac{1}{n}X^T(y-\hat y)=-\frac{1}{n}X^T(y-Xw)"),
    ("B7", {**ANSWER, "definitions": {**ANSWER["definitions"], "MSE": r"\frac{1}{2n}\sum_{i,j} E_{ij}^2"}}, "PP", r"\text{MSE}=\frac{1}{2n}\|E\|_F^2=\frac{1}{2n}\operatorname{tr}((Y-\hat Y)^T(Y-\hat Y))"),
    ("B9", ANSWER, "P", r"\frac{\partial \operatorname{vec}(\hat Y)}{\partial \operatorname{vec}(W)} = \mathbb I_D \otimes X"),
    ("B10", ANSWER, "PPP", r"d\text{MSE}=\frac{2}{2n}\operatorname{tr}(dE^TE)=-\frac{1}{n}\operatorname{tr}(d\hat Y^TE)=-\frac{1}{n}\operatorname{tr}(dW^TX^TE)"),
    ("B11", ANSWER, "P", r"\frac {\partial \text{MSE}}{\partial W}=-\frac{1}{n}X^T(Y - XW)"),
    ("L6", CLOSED_BARE, "D", r"E(W) = \frac{1}{m} \sum_{i=1}^m (\hat{y}_i - y_i)^2"),
    ("L7", CLOSED_BARE, "D", r"J(W) = (\hat{y} - y)^\top (\hat{y} - y)"),
    ("C5", MANY_ROWS, "PPPP", r"\frac{dL}{dw} = \frac{d}{dw} \left(\frac{1}{N} \sum_{i=1}^N (\hat{y}_i - y_i)^2 \right) = \frac{1}{N} \sum_{i=1}^N \frac{d}{dw} (\hat{y}_i - y_i)^2 = \frac{1}{N} \sum_{i=1}^N 2(\hat{y}_i - y_i)x_i = \frac{2}{N} \sum_{i=1}^N (\hat{y}_i - y_i)x_i"),
    ("C10", OUTPUTS, "PP", r"\frac{dL}{dW_{k,j}} = \frac{d}{dW_{k,j}} \left(\frac{1}{N} \sum_{i=1}^N \sum_{l=1}^D (\hat{y}_{i,l} - y_{i,l})^2 \right) = \frac{1}{N} \sum_{i=1}^N \frac{d}{dW_{k,j}} (\hat{y}_{i,j} - y_{i,j})^2"),
    ("C12", OUTPUTS, "PP", r"\frac{dL}{dW_{k,j}} = \frac{1}{N} \sum_{i=1}^N 2(\hat{y}_{i,j} - y_{i,j}) X_{i,k} = \frac{2}{N} \sum_{i=1}^N (\hat{y}_{i,j} - y_{i,j}) X_{i,k}"),
    ("C13", OUTPUTS, "P", r"\frac{\partial L}{\partial W} = \frac{2}{N} \underbrace{X^\top}_{M \times N} \underbrace{(\hat{Y} - Y)}_{N \times D}"),
    ("C14", OUTPUTS, "PP", r"\frac{dL}{db_j} = \frac{1}{N} \sum_{i=1}^N 2(\hat{y}_{i,j} - y_{i,j}) \cdot \frac{d\hat{y}_{i,j}}{db_j} = \frac{2}{N} \sum_{i=1}^N (\hat{y}_{i,j} - y_{i,j})"),
    ("C15", OUTPUTS, "P", r"\frac{\partial L}{\partial b} = \frac{2}{N} \mathbf{1}_N^\top (\hat{Y} - Y)"),
]  # fmt: skip
