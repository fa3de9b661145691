# ruff: noqa: E501  (texts as people type them)
"""Derivations in the typography of lecture notes, forums, homework and textbooks, with the verdict of each ``=``.

P proved, R refuted, I ill-typed, D definition, C condition, U unreadable (the reader asks). A good third is wrong.
"""

LS = {"shapes": {"X": ("N", "M"), "w": ("M",), "y": ("N",), "lambda": ()}}
OLS = {"shapes": {"X": ("n", "k"), "y": ("n",), "\\beta": ("k",)}}
HAT = {
    "shapes": {"X": ("n", "p"), "y": ("n",)},
    "definitions": {"\\hat{\\beta}": "(X^TX)^{-1}X^Ty", "H": "X(X^TX)^{-1}X^T", "M": "I_n - X(X^TX)^{-1}X^T"},
}
MULTI = {"shapes": {"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D"), "b": (1, "D")}}
SIMPLE = {
    "shapes": {"x": ("n",), "y": ("n",)},
    "definitions": {"\\bar x": "\\frac1n\\sum_{i=1}^n x_i", "\\bar y": "\\frac1n\\sum_{i=1}^n y_i"},
}
LINE = {"shapes": {"x": ("n",), "y": ("n",), "a": (), "b": ()}}
NG = {
    "shapes": {"X": ("m", "n"), "\\theta": ("n",), "y": ("m",)},
    "definitions": {"h_\\theta(x)": "\\theta^T x", "J": "\\frac{1}{2m}\\sum_{i=1}^m (\\theta^T x^{(i)} - y^{(i)})^2"},
}
ALG = {
    "shapes": {
        "A": ("n", "n"), "B": ("n", "n"), "C": ("n", "n"), "X": ("n", "n"), "x": ("n",), "y": ("n",), "a": ("n",), "b": ("n",),
        "u": ("n",), "v": ("n",), "c": (), "P": ("n", "m"), "Q": ("m", "n"),
    }
}  # fmt: skip
QUAD = {"shapes": {"A": ("n", "n"), "x": ("n",), "b": ("n",), "c": ()}, "symmetric": ["A"]}
SIG = {"shapes": {"z": (), "t": (), "w": ("d",), "x": ("d",), "b": (), "y": ()}}


WILD = [
    # ---- least squares, in the hands of many authors
    (
        "ng gradient by entry",
        NG,
        r"\frac{\partial}{\partial \theta_j} J(\theta) = \frac{1}{m}\sum_{i=1}^{m}\left(h_\theta(x^{(i)}) - y^{(i)}\right)x_j^{(i)}",
        "P",
    ),
    (
        "ng gradient by entry, no 1/m",
        NG,
        r"\frac{\partial}{\partial \theta_j} J(\theta) = \sum_{i=1}^{m}\left(h_\theta(x^{(i)}) - y^{(i)}\right)x_j^{(i)}",
        "R",
    ),
    (
        "ng gradient sign",
        NG,
        r"\frac{\partial}{\partial \theta_j} J(\theta) = \frac{1}{m}\sum_{i=1}^{m}\left(y^{(i)} - h_\theta(x^{(i)})\right)x_j^{(i)}",
        "R",
    ),
    (
        "cs229 trace chain",
        {
            "shapes": {"X": ("m", "n"), "\\theta": ("n",), "\\vec{y}": ("m",)},
            "definitions": {"J": r"\frac12 (X\theta-\vec{y})^T(X\theta-\vec{y})"},
        },
        r"""\begin{eqnarray*}
\nabla_\theta J(\theta) &=& \nabla_\theta \frac{1}{2}(X\theta - \vec{y})^T(X\theta - \vec{y}) \\
&=& \frac{1}{2}\nabla_\theta \left(\theta^TX^TX\theta - \theta^T X^T\vec{y} - \vec{y}^TX\theta + \vec{y}^T\vec{y}\right) \\
&=& \frac{1}{2} \nabla_\theta {\rm tr}\left(\theta^TX^TX\theta - \theta^T X^T\vec{y} - \vec{y}^TX\theta + \vec{y}^T\vec{y}\right) \\
&=& \frac{1}{2}\nabla_\theta\left({\rm tr}\,\theta^TX^TX\theta - 2{\rm tr}\, \vec{y}^TX\theta\right) \\
&=& \frac12 \left(X^TX\theta + X^TX\theta - 2X^T\vec{y}\right) \\
&=& X^TX\theta - X^T\vec{y}
\end{eqnarray*}""",
        "PPPPPP",
    ),
    (
        "cs229 normal equations",
        {"shapes": {"X": ("m", "n"), "\\theta": ("n",), "\\vec{y}": ("m",)}},
        r"X^TX\theta = X^T\vec{y}",
        "C",
    ),
    ("econometrics residual sum", OLS, r"S(\beta) = (y - X\beta)'(y-X\beta) = y'y - 2\beta'X'y + \beta'X'X\beta", "DP"),
    (
        "econometrics residual sum, sign",
        OLS,
        r"S(\beta) = (y - X\beta)'(y-X\beta) = y'y - 2\beta'X'y - \beta'X'X\beta",
        "DR",
    ),
    ("econometrics foc", OLS, r"\frac{\partial (y-X\beta)'(y-X\beta)}{\partial \beta} = -2X'y + 2X'X\beta", "P"),
    (
        "econometrics foc missing 2",
        OLS,
        r"\frac{\partial (y-X\beta)'(y-X\beta)}{\partial \beta} = -2X'y + X'X\beta",
        "R",
    ),
    (
        "econometrics hessian",
        OLS,
        r"\frac{\partial^2 (y-X\beta)'(y-X\beta)}{\partial\beta\,\partial\beta'} = 2X'X",
        "P",
    ),
    (
        "econometrics hessian transposed",
        OLS,
        r"\frac{\partial^2 (y-X\beta)'(y-X\beta)}{\partial\beta\,\partial\beta'} = 2XX'",
        "I",
    ),
    (
        "residual maker",
        {"shapes": {"X": ("n", "k"), "y": ("n",)}, "definitions": {"P_X": "X(X'X)^{-1}X'", "M_X": "I_n - P_X"}},
        r"M_X X = (I_n - P_X)X = X - X(X'X)^{-1}X'X = X - X = 0",
        "PPPP",
    ),
    (
        "residual maker idempotent",
        {"shapes": {"X": ("n", "k"), "y": ("n",)}, "definitions": {"P_X": "X(X'X)^{-1}X'", "M_X": "I_n - P_X"}},
        r"M_X M_X = I_n - 2P_X + P_X P_X = I_n - P_X = M_X",
        "PPP",
    ),
    (
        "residuals orthogonal",
        {**HAT, "definitions": {**HAT["definitions"], "e": "y - X\\hat\\beta"}},
        r"X'e = X'(y - X\hat{\beta}) = X'y - X'X(X'X)^{-1}X'y = X'y - X'y = 0",
        "PPPP",
    ),
    (
        "residuals orthogonal, wrong side",
        {**HAT, "definitions": {**HAT["definitions"], "e": "y - X\\hat\\beta"}},
        r"X e = 0",
        "I",
    ),
    ("hat matrix", HAT, r"\hat{y} = X\hat{\beta} = X(X^\top X)^{-1}X^\top y = Hy", "DPP"),
    (
        "hat matrix trace",
        HAT,
        r"\operatorname{tr}(H) = \operatorname{tr}\left(X(X^\top X)^{-1}X^\top\right) = \operatorname{tr}\left((X^\top X)^{-1}X^\top X\right) = \operatorname{tr}(I_p) = p",
        "PPPP",
    ),
    ("hat matrix trace n", HAT, r"\operatorname{tr}(H) = \operatorname{tr}(I_n) = n", "RP"),
    (
        "unbiased",
        {
            "shapes": {"X": ("n", "p"), "\\beta": ("p",), "\\varepsilon": ("n",)},
            "definitions": {"y": "X\\beta + \\varepsilon", "\\hat\\beta": "(X'X)^{-1}X'y"},
        },
        r"\hat\beta = (X'X)^{-1}X'(X\beta + \varepsilon) = \beta + (X'X)^{-1}X'\varepsilon",
        "PP",
    ),
    (
        "unbiased, lost inverse",
        {
            "shapes": {"X": ("n", "p"), "\\beta": ("p",), "\\varepsilon": ("n",)},
            "definitions": {"y": "X\\beta + \\varepsilon", "\\hat\\beta": "(X'X)^{-1}X'y"},
        },
        r"\hat\beta - \beta = X'\varepsilon",
        "R",
    ),
    ("boyd", {"shapes": {"A": ("m", "n"), "x": ("n",), "b": ("m",)}}, r"\|Ax-b\|_2^2 = x^TA^TAx - 2b^TAx + b^Tb", "P"),
    (
        "boyd gradient",
        {"shapes": {"A": ("m", "n"), "x": ("n",), "b": ("m",)}},
        r"\nabla_x \|Ax-b\|_2^2 = 2A^T(Ax-b)",
        "P",
    ),
    (
        "boyd tikhonov",
        {"shapes": {"A": ("m", "n"), "x": ("n",), "b": ("m",), "\\delta": ()}},
        r"\|Ax-b\|_2^2+\delta\|x\|_2^2 = x^T(A^TA+\delta I)x-2b^TAx+b^Tb",
        "P",
    ),
    (
        "boyd tikhonov without identity",
        {"shapes": {"A": ("m", "n"), "x": ("n",), "b": ("m",), "\\delta": ()}},
        r"\|Ax-b\|_2^2+\delta\|x\|_2^2 = x^T(A^TA+\delta)x-2b^TAx+b^Tb",
        "I",
    ),
    (
        "esl rss",
        {"shapes": {"{\\bf X}": ("N", "p"), "\\beta": ("p",), "{\\bf y}": ("N",)}},
        r"{\rm RSS}(\beta) = ({\bf y} - {\bf X}\beta)^T({\bf y} - {\bf X}\beta), \qquad \frac{\partial{\rm RSS}}{\partial\beta} = -2{\bf X}^T({\bf y}-{\bf X}\beta), \qquad \frac{\partial^2{\rm RSS}}{\partial\beta\partial\beta^T} = 2{\bf X}^T{\bf X}.",
        "DPP",
    ),
    (
        "esl rss old sign",
        {"shapes": {"{\\bf X}": ("N", "p"), "\\beta": ("p",), "{\\bf y}": ("N",)}},
        r"{\rm RSS}(\beta) = ({\bf y} - {\bf X}\beta)^T({\bf y} - {\bf X}\beta), \qquad \frac{\partial{\rm RSS}}{\partial\beta} = 2{\bf X}^T({\bf y}-{\bf X}\beta)",
        "DR",
    ),
    (
        "bishop 3.12",
        {"shapes": {"\\boldsymbol{\\Phi}": ("N", "M"), "\\mathbf{w}": ("M",), "\\mathbf{t}": ("N",)}},
        r"\frac{1}{2}\sum_{n=1}^{N}\{t_n - \mathbf{w}^{\mathrm T}\boldsymbol\phi_n\}^2 = \frac12\|\mathbf t-\boldsymbol{\Phi}\mathbf w\|^2",
        "P",
    ),
    (
        "bishop gradient",
        {"shapes": {"\\boldsymbol{\\Phi}": ("N", "M"), "\\mathbf{w}": ("M",), "\\mathbf{t}": ("N",), "\\beta": ()}},
        r"\nabla_{\mathbf w}\, \frac{\beta}{2}\|\mathbf t-\boldsymbol{\Phi}\mathbf w\|^2 = \beta\boldsymbol\Phi^{\mathrm{T}}(\boldsymbol\Phi\mathbf w - \mathbf t)",
        "P",
    ),
    (
        "goodfellow normal equations",
        {"shapes": {"\\boldsymbol{X}": ("m", "n"), "\\boldsymbol{w}": ("n",), "\\boldsymbol{y}": ("m",)}},
        r"""\nabla_{\boldsymbol{w}} \frac{1}{m}||\boldsymbol{X}\boldsymbol{w} - \boldsymbol{y}||_2^2 = 0
\Rightarrow \nabla_{\boldsymbol w} (\boldsymbol{X}\boldsymbol{w} - \boldsymbol{y})^\top(\boldsymbol{X}\boldsymbol{w} - \boldsymbol{y}) = 0
\Rightarrow 2\boldsymbol{X}^\top\boldsymbol{X}\boldsymbol{w} - 2\boldsymbol{X}^\top\boldsymbol{y} = 0
\Rightarrow \boldsymbol{w} = (\boldsymbol{X}^\top\boldsymbol{X})^{-1}\boldsymbol{X}^\top\boldsymbol{y}""",
        "CPPP",
    ),
    (
        "d2l closed form",
        LS,
        r"\partial_{\mathbf{w}} \|\mathbf{y} - \mathbf{X}\mathbf{w}\|^2 = 2 \mathbf{X}^\top (\mathbf{X} \mathbf{w} - \mathbf{y})",
        "P",
    ),
    (
        "forum, sloppy",
        LS,
        r"$||Xw-y||^2=(Xw-y)^T(Xw-y)=w^TX^TXw-w^TX^Ty-y^TXw+y^Ty$ and since $y^TXw=w^TX^Ty$ (scalar!) we get $=w^TX^TXw-2w^TX^Ty+y^Ty$",
        "PPPU",
    ),
    (
        "forum, differential",
        LS,
        r"Let $f=\|Xw-y\|^2$. Then $$df = 2(Xw-y)^TX\,dw$$ so $$\nabla_w f = 2X^T(Xw-y).$$",
        "DPP",
    ),
    (
        "forum, differential, untransposed",
        LS,
        r"Let $f=\|Xw-y\|^2$. Then $$df = 2(Xw-y)^TX\,dw$$ so $$\nabla_w f = 2(Xw-y)^TX.$$",
        "DPI",
    ),
    (
        "forum frobenius product",
        MULTI,
        r"""Define $E = XW - Y$, then
$$\eqalign{
\phi &= E:E \cr
d\phi &= 2E:dE \cr
&= 2E:X\,dW \cr
&= 2X^TE:dW \cr
}$$""",
        "DDPPP",
    ),
    (
        "ridge",
        LS,
        r"\frac{\partial}{\partial w}\left(\lVert Xw-y\rVert_2^2+\lambda\lVert w\rVert_2^2\right)=2X^{\top}(Xw-y)+2\lambda w",
        "P",
    ),
    (
        "ridge, lost 2",
        LS,
        r"\frac{\partial}{\partial w}\left(\lVert Xw-y\rVert_2^2+\lambda\lVert w\rVert_2^2\right)=2X^{\top}(Xw-y)+\lambda w",
        "R",
    ),
    (
        "ridge, wrong type",
        LS,
        r"\frac{\partial}{\partial w}\left(\lVert Xw-y\rVert_2^2+\lambda\lVert w\rVert_2^2\right)=2X^{\top}(Xw-y)+2\lambda",
        "I",
    ),
    (
        "ridge solution",
        LS,
        r"2X^T(Xw-y)+2\lambda w = 0 \implies (X^TX+\lambda I)w = X^Ty \implies w = (X^TX+\lambda I)^{-1}X^Ty",
        "CPP",
    ),
    (
        "ridge solution, wrong",
        LS,
        r"2X^T(Xw-y)+2\lambda w = 0 \implies (X^TX+\lambda I)w = X^Ty \implies w = (X^TX-\lambda I)^{-1}X^Ty",
        "CPR",
    ),
    ("ridge push-through", LS, r"(X^TX+\lambda I_M)^{-1}X^T = X^T(XX^T+\lambda I_N)^{-1}", "P"),
    ("ridge push-through, wrong", LS, r"(X^TX+\lambda I_M)^{-1}X^T = (XX^T+\lambda I_N)^{-1}X^T", "I"),
    (
        "ridge lambda N",
        {
            "shapes": {"X": ("N", "M"), "w": ("M",), "y": ("N",), "lambda": ()},
            "definitions": {"L": "\\frac1N\\|y-Xw\\|^2+\\lambda w^Tw"},
        },
        r"\frac{\partial L}{\partial w} = -\frac{2}{N}X^T(y-Xw)+2\lambda w = \frac{2}{N}\left(X^TXw - X^Ty + N\lambda w\right)",
        "PP",
    ),
    (
        "ridge lambda N, lost N",
        {
            "shapes": {"X": ("N", "M"), "w": ("M",), "y": ("N",), "lambda": ()},
            "definitions": {"L": "\\frac1N\\|y-Xw\\|^2+\\lambda w^Tw"},
        },
        r"\frac{\partial L}{\partial w} = -\frac{2}{N}X^T(y-Xw)+2\lambda w = \frac{2}{N}\left(X^TXw - X^Ty + \lambda w\right)",
        "PR",
    ),
    (
        "gls",
        {"shapes": {"X": ("n", "k"), "y": ("n",), "\\beta": ("k",), "\\Omega": ("n", "n")}, "symmetric": ["\\Omega"]},
        r"\frac{\partial}{\partial\beta}(y-X\beta)'\Omega^{-1}(y-X\beta) = -2X'\Omega^{-1}(y-X\beta)",
        "P",
    ),
    (
        "gls without symmetry",
        {"shapes": {"X": ("n", "k"), "y": ("n",), "\\beta": ("k",), "\\Omega": ("n", "n")}},
        r"\frac{\partial}{\partial\beta}(y-X\beta)'\Omega^{-1}(y-X\beta) = -2X'\Omega^{-1}(y-X\beta)",
        "R",
    ),
    (
        "wls sums",
        {"shapes": {"x": ("n",), "y": ("n",), "w": ("n",), "\\beta_0": (), "\\beta_1": ()}},
        r"\frac{\partial}{\partial \beta_1}\sum_{i=1}^n w_i (y_i - \beta_0 - \beta_1 x_i)^2 = -2\sum_{i=1}^n w_i x_i (y_i-\beta_0-\beta_1x_i)",
        "P",
    ),
    (
        "wls sums, dropped weight",
        {"shapes": {"x": ("n",), "y": ("n",), "w": ("n",), "\\beta_0": (), "\\beta_1": ()}},
        r"\frac{\partial}{\partial \beta_1}\sum_{i=1}^n w_i (y_i - \beta_0 - \beta_1 x_i)^2 = -2\sum_{i=1}^n x_i (y_i-\beta_0-\beta_1x_i)",
        "R",
    ),
    (
        "wls matrix",
        {
            "shapes": {"X": ("n", "p"), "y": ("n",), "w": ("n",), "\\theta": ("p",)},
            "definitions": {"W": "\\operatorname{diag}(w)"},
        },
        r"\sum_{i=1}^n w_i (y_i - \theta^T x_i)^2 = (y - X\theta)^T W (y-X\theta)",
        "P",
    ),
    # ---- simple regression, statistics
    ("mean residual", SIMPLE, r"\sum_{i=1}^{n} (x_i - \bar{x}) = \sum_{i=1}^{n} x_i - n\bar{x} = 0", "PP"),
    ("mean residual wrong", SIMPLE, r"\sum_{i=1}^{n} (x_i - \bar{x}) = \sum_{i=1}^{n} x_i - \bar{x} = 0", "RR"),
    ("sxy", SIMPLE, r"S_{xy} = \sum_{i=1}^n (x_i-\bar x)(y_i - \bar y) = \sum_{i=1}^n x_iy_i - n\bar x\bar y", "DP"),
    (
        "sxy no n",
        SIMPLE,
        r"S_{xy} = \sum_{i=1}^n (x_i-\bar x)(y_i - \bar y) = \sum_{i=1}^n x_iy_i - \bar x\bar y",
        "DR",
    ),
    ("sxx textstyle", SIMPLE, r"S_{xx}=\sum (x_i-\bar{x})^2=\sum x_i^2-\frac{(\sum x_i)^2}{n}", "DP"),
    (
        "variance, n-1",
        SIMPLE,
        r"s^2 = \frac{1}{n-1}\sum_{i=1}^n (x_i-\bar x)^2 = \frac{1}{n-1}\left(\sum_{i=1}^n x_i^2 - n\bar{x}^2\right) = \frac{n\sum x_i^2 - (\sum x_i)^2}{n(n-1)}",
        "DPP",
    ),
    (
        "variance, n",
        SIMPLE,
        r"\frac{1}{n-1}\sum_{i=1}^n (x_i-\bar x)^2 = \frac{1}{n}\left(\sum_{i=1}^n x_i^2 - n\bar{x}^2\right)",
        "R",
    ),
    (
        "slope foc",
        LINE,
        r"""\begin{align*}
\frac{\partial S}{\partial a} &= -2\sum_{i=1}^n (y_i - a - b x_i) = 0 \\
\frac{\partial S}{\partial b} &= -2\sum_{i=1}^n x_i(y_i - a - b x_i) = 0
\end{align*}""",
        "UUUU",
    ),
    (
        "slope foc with S",
        {**LINE, "definitions": {"S": "\\sum_{i=1}^n (y_i-a-bx_i)^2"}},
        r"""\begin{align*}
\frac{\partial S}{\partial a} &= -2\sum_{i=1}^n (y_i - a - b x_i) = 0 \\
\frac{\partial S}{\partial b} &= -2\sum_{i=1}^n x_i(y_i - a - b x_i) = 0
\end{align*}""",
        "PCPC",
    ),
    (
        "slope foc wrong",
        {**LINE, "definitions": {"S": "\\sum_{i=1}^n (y_i-a-bx_i)^2"}},
        r"\frac{\partial S}{\partial b} = -2\sum_{i=1}^n (y_i - a - b x_i) = 0",
        "RC",
    ),
    (
        "slope as weighted sum",
        {
            "shapes": {"x": ("n",), "y": ("n",)},
            "definitions": {"\\bar x": "\\frac1n\\sum_{i=1}^n x_i", "\\bar y": "\\frac1n\\sum_{i=1}^n y_i"},
        },
        r"\hat{\beta}_1 = \frac{\sum_{i=1}^n (x_i-\bar{x})(y_i-\bar{y})}{\sum_{i=1}^n (x_i-\bar{x})^2} = \frac{\sum_{i=1}^n (x_i-\bar{x})y_i}{\sum_{i=1}^n (x_i-\bar{x})^2}",
        "DP",
    ),
    (
        "slope as weighted sum, wrong",
        {
            "shapes": {"x": ("n",), "y": ("n",)},
            "definitions": {"\\bar x": "\\frac1n\\sum_{i=1}^n x_i", "\\bar y": "\\frac1n\\sum_{i=1}^n y_i"},
        },
        r"\hat{\beta}_1 = \frac{\sum_{i=1}^n (x_i-\bar{x})(y_i-\bar{y})}{\sum_{i=1}^n (x_i-\bar{x})^2} = \frac{\sum_{i=1}^n x_i y_i}{\sum_{i=1}^n x_i^2}",
        "DR",
    ),
    (
        "through the mean",
        SIMPLE,
        r"\frac{\sum_i x_i y_i - n \bar x \bar y}{\sum_i x_i^2 - n\bar x^2} = \frac{\overline{xy}-\bar x\bar y}{\overline{x^2}-\bar x^2}",
        "U",
    ),
    ("unicode line", LINE, "∂/∂a ∑_{i=1}^n (yᵢ − a − b xᵢ)² = −2 ∑_{i=1}^n (yᵢ − a − b xᵢ)", "P"),
    (
        "anova",
        {"shapes": {"y": ("n",), "\\hat y": ("n",), "\\bar y": ()}},
        r"\sum_{i=1}^n (y_i-\bar y)^2 = \sum_{i=1}^n (y_i-\hat y_i + \hat y_i - \bar y)^2 = \sum_{i=1}^n (y_i-\hat y_i)^2 + 2\sum_{i=1}^n(y_i-\hat y_i)(\hat y_i-\bar y) + \sum_{i=1}^n(\hat y_i-\bar y)^2",
        "PP",
    ),
    (
        "anova without cross term",
        {"shapes": {"y": ("n",), "\\hat y": ("n",), "\\bar y": ()}},
        r"\sum_{i=1}^n (y_i-\bar y)^2 = \sum_{i=1}^n (y_i-\hat y_i)^2 + \sum_{i=1}^n(\hat y_i-\bar y)^2",
        "R",
    ),
    ("pairwise", SIMPLE, r"\sum_{i=1}^n\sum_{j=1}^n (x_i-x_j)^2 = 2n\sum_{i=1}^n(x_i-\bar x)^2", "P"),
    ("pairwise, no 2", SIMPLE, r"\sum_{i=1}^n\sum_{j=1}^n (x_i-x_j)^2 = n\sum_{i=1}^n(x_i-\bar x)^2", "R"),
    (
        "centering matrix",
        {"shapes": {"x": ("n",), "\\mathbf 1": ("n",)}, "definitions": {}},
        r"\left(I - \frac{1}{n}\mathbf{1}\mathbf{1}^T\right)x = x - \frac1n\mathbf 1\mathbf 1^Tx",
        "P",
    ),
    (
        "centering idempotent",
        {"shapes": {"x": ("n",)}},
        r"\left(I_n - \tfrac{1}{n}\mathbf{1}_n\mathbf{1}_n^\top\right)^2 = I_n - \tfrac{2}{n}\mathbf{1}_n\mathbf{1}_n^\top + \tfrac{1}{n^2}\mathbf{1}_n\mathbf{1}_n^\top\mathbf{1}_n\mathbf{1}_n^\top = I_n - \tfrac{1}{n}\mathbf{1}_n\mathbf{1}_n^\top",
        "PP",
    ),
    # ---- matrix cookbook
    (
        "cookbook 69",
        ALG,
        r"\frac{\partial \mathbf{x}^T\mathbf{a}}{\partial \mathbf{x}} = \frac{\partial \mathbf{a}^T\mathbf{x}}{\partial \mathbf{x}} = \mathbf{a}",
        "PP",
    ),
    (
        "cookbook 70",
        ALG,
        r"\frac{\partial \mathbf{a}^T\mathbf{X}\mathbf{b}}{\partial \mathbf{X}} = \mathbf{a}\mathbf{b}^T",
        "P",
    ),
    (
        "cookbook 70 transposed",
        ALG,
        r"\frac{\partial \mathbf{a}^T\mathbf{X}\mathbf{b}}{\partial \mathbf{X}} = \mathbf{b}\mathbf{a}^T",
        "R",
    ),
    (
        "cookbook 71",
        ALG,
        r"\frac{\partial \mathbf{a}^T\mathbf{X}^T\mathbf{b}}{\partial \mathbf{X}} = \mathbf{b}\mathbf{a}^T",
        "P",
    ),
    (
        "cookbook 81",
        ALG,
        r"\frac{\partial \mathbf{x}^T\mathbf{B}\mathbf{x}}{\partial \mathbf{x}} = (\mathbf{B}+\mathbf{B}^T)\mathbf{x}",
        "P",
    ),
    (
        "cookbook 81 wrong",
        ALG,
        r"\frac{\partial \mathbf{x}^T\mathbf{B}\mathbf{x}}{\partial \mathbf{x}} = 2\mathbf{B}\mathbf{x}",
        "R",
    ),
    ("cookbook trace", ALG, r"\frac{\partial}{\partial X}\mathrm{Tr}(AXB) = A^TB^T", "P"),
    (
        "cookbook trace quadratic",
        ALG,
        r"\frac{\partial}{\partial \mathbf{X}} \operatorname{Tr}(\mathbf{X}^T\mathbf{B}\mathbf{X}) = \mathbf{B}\mathbf{X}+\mathbf{B}^T\mathbf{X}",
        "P",
    ),
    ("cookbook inverse", ALG, r"\partial(\mathbf{X}^{-1}) = -\mathbf{X}^{-1}(\partial\mathbf{X})\mathbf{X}^{-1}", "P"),
    ("cookbook inverse d", ALG, r"d(X^{-1}) = -X^{-1}(dX)X^{-1}", "P"),
    ("cookbook inverse sign", ALG, r"d(X^{-1}) = X^{-1}(dX)X^{-1}", "R"),
    (
        "cookbook logdet",
        ALG,
        r"\frac{\partial \ln|\det(\mathbf{X})|}{\partial \mathbf{X}} = (\mathbf{X}^{-1})^T = (\mathbf{X}^T)^{-1}",
        "PP",
    ),
    (
        "cookbook logdet untransposed",
        ALG,
        r"\frac{\partial \ln|\det(\mathbf{X})|}{\partial \mathbf{X}} = \mathbf{X}^{-1}",
        "R",
    ),
    ("cookbook product", ALG, r"\mathrm d(XY) = (\mathrm dX)Y + X\,\mathrm dY", "U"),
    (
        "cookbook product declared",
        {"shapes": {"X": ("n", "m"), "Y": ("m", "p")}},
        r"\mathrm d(XY) = (\mathrm dX)Y + X\,\mathrm dY",
        "P",
    ),
    (
        "cookbook product order",
        {"shapes": {"X": ("n", "n"), "Y": ("n", "n")}},
        r"\mathrm d(XY) = Y(\mathrm dX) + X\,\mathrm dY",
        "R",
    ),
    (
        "cookbook kron",
        {"shapes": {"A": ("m", "n"), "X": ("n", "p"), "B": ("p", "q")}},
        r"\operatorname{vec}(AXB) = (B^T\otimes A)\operatorname{vec}(X)",
        "P",
    ),
    (
        "cookbook kron wrong",
        {"shapes": {"A": ("n", "n"), "X": ("n", "n"), "B": ("n", "n")}},
        r"\mathrm{vec}(\mathbf{AXB}) = (\mathbf{A}\otimes\mathbf{B}^T)\mathrm{vec}(\mathbf{X})",
        "R",
    ),
    (
        "cookbook kron mixed",
        {"shapes": {"A": ("m", "n"), "B": ("p", "q"), "C": ("n", "r"), "D": ("q", "s")}},
        r"(A\otimes B)(C\otimes D) = AC\otimes BD",
        "P",
    ),
    (
        "trace vec",
        {"shapes": {"A": ("m", "n"), "B": ("m", "n")}},
        r"\mathrm{Tr}(A^TB) = \mathrm{vec}(A)^T\mathrm{vec}(B)",
        "P",
    ),
    (
        "woodbury",
        {"shapes": {"A": ("n", "n"), "U": ("n", "k"), "C": ("k", "k"), "V": ("k", "n")}},
        r"(A+UCV)^{-1} = A^{-1} - A^{-1}U\left(C^{-1}+VA^{-1}U\right)^{-1}VA^{-1}",
        "P",
    ),
    (
        "woodbury wrong",
        {"shapes": {"A": ("n", "n"), "U": ("n", "k"), "C": ("k", "k"), "V": ("k", "n")}},
        r"(A+UCV)^{-1} = A^{-1} - A^{-1}U\left(C+VA^{-1}U\right)^{-1}VA^{-1}",
        "R",
    ),
    ("sherman morrison", ALG, r"(A+uv^T)^{-1} = A^{-1} - \frac{A^{-1}uv^TA^{-1}}{1+v^TA^{-1}u}", "P"),
    ("sherman morrison sign", ALG, r"(A+uv^T)^{-1} = A^{-1} + \frac{A^{-1}uv^TA^{-1}}{1+v^TA^{-1}u}", "R"),
    ("determinant lemma", ALG, r"\det(A+uv^T) = (1+v^TA^{-1}u)\det(A)", "K"),
    # ---- logistic regression, softmax, networks
    (
        "sigmoid derivative",
        SIG,
        r"\frac{d}{dz}\sigma(z) = \frac{d}{dz}\frac{1}{1+e^{-z}} = \frac{e^{-z}}{(1+e^{-z})^2} = \sigma(z)(1-\sigma(z))",
        "PPP",
    ),
    ("sigmoid derivative sign", SIG, r"\frac{d}{dz}\frac{1}{1+e^{-z}} = -\frac{e^{-z}}{(1+e^{-z})^2}", "R"),
    ("sigmoid prime", SIG, r"\sigma'(z)=\sigma(z)\left(1-\sigma(z)\right)", "P"),
    ("sigmoid prime wrong", SIG, r"\sigma'(z)=\sigma(z)\left(1+\sigma(z)\right)", "R"),
    ("sigmoid symmetric", SIG, r"1 - \sigma(z) = \frac{e^{-z}}{1+e^{-z}} = \frac{1}{1+e^{z}} = \sigma(-z)", "PPP"),
    ("sigmoid defined g", SIG, r"g(z) = \frac{1}{1+e^{-z}}, \quad g'(z) = g(z)(1-g(z))", "DP"),
    (
        "logistic loss one sample",
        {
            "shapes": {"w": ("d",), "x": ("d",), "y": ()},
            "definitions": {"\\hat y": "\\sigma(w^Tx)", "L": "-y\\log\\hat y-(1-y)\\log(1-\\hat y)"},
        },
        r"\nabla_w L = (\hat y - y)x",
        "P",
    ),
    (
        "logistic loss one sample sign",
        {
            "shapes": {"w": ("d",), "x": ("d",), "y": ()},
            "definitions": {"\\hat y": "\\sigma(w^Tx)", "L": "-y\\log\\hat y-(1-y)\\log(1-\\hat y)"},
        },
        r"\nabla_w L = (y - \hat y)x",
        "R",
    ),
    (
        "logistic chain rule",
        {
            "shapes": {"w": ("d",), "x": ("d",), "y": (), "b": ()},
            "definitions": {"z": "w^Tx+b", "a": "\\sigma(z)", "L": "-y\\log a-(1-y)\\log(1-a)"},
        },
        r"\frac{dL}{da} = -\frac{y}{a}+\frac{1-y}{1-a}, \quad \frac{da}{dz}=a(1-a), \quad \frac{dL}{dz} = \frac{dL}{da}\frac{da}{dz} = a - y",
        "PPPP",
    ),
    (
        "logistic chain rule wrong",
        {
            "shapes": {"w": ("d",), "x": ("d",), "y": (), "b": ()},
            "definitions": {"z": "w^Tx+b", "a": "\\sigma(z)", "L": "-y\\log a-(1-y)\\log(1-a)"},
        },
        r"\frac{dL}{da} = \frac{y}{a}-\frac{1-y}{1-a}, \quad \frac{da}{dz}=a(1-a), \quad \frac{dL}{dz} = \frac{dL}{da}\frac{da}{dz} = y - a",
        "RPPR",
    ),
    (
        "logistic total",
        {
            "shapes": {"X": ("m", "n"), "\\theta": ("n",), "y": ("m",)},
            "definitions": {
                "J": "-\\frac1m\\sum_{i=1}^m\\left[y^{(i)}\\log\\sigma(\\theta^Tx^{(i)})+(1-y^{(i)})\\log(1-\\sigma(\\theta^Tx^{(i)}))\\right]"
            },
        },
        r"\frac{\partial J(\theta)}{\partial\theta_j} = \frac1m\sum_{i=1}^m\left(\sigma(\theta^Tx^{(i)})-y^{(i)}\right)x^{(i)}_j",
        "P",
    ),
    (
        "logistic total vectorised",
        {
            "shapes": {"X": ("m", "n"), "\\theta": ("n",), "y": ("m",)},
            "definitions": {
                "J": "-\\frac1m\\sum_{i=1}^m\\left[y^{(i)}\\log\\sigma(\\theta^Tx^{(i)})+(1-y^{(i)})\\log(1-\\sigma(\\theta^Tx^{(i)}))\\right]"
            },
        },
        r"\nabla_\theta J(\theta) = \frac{1}{m} X^T(\sigma(X\theta) - y)",
        "P",
    ),
    (
        "logistic total vectorised, lost 1/m",
        {
            "shapes": {"X": ("m", "n"), "\\theta": ("n",), "y": ("m",)},
            "definitions": {
                "J": "-\\frac1m\\sum_{i=1}^m\\left[y^{(i)}\\log\\sigma(\\theta^Tx^{(i)})+(1-y^{(i)})\\log(1-\\sigma(\\theta^Tx^{(i)}))\\right]"
            },
        },
        r"\nabla_\theta J(\theta) = X^T(\sigma(X\theta) - y)",
        "R",
    ),
    ("softplus", SIG, r"\frac{\mathrm d}{\mathrm dz}\ln(1+e^z) = \frac{e^z}{1+e^z} = \sigma(z)", "PP"),
    ("tanh", SIG, r"\frac{d}{dz}\tanh(z) = 1-\tanh^2(z)", "P"),
    ("tanh wrong", SIG, r"\frac{d}{dz}\tanh(z) = 1-\tanh(z)", "R"),
    ("tanh exp", SIG, r"\tanh z = \frac{e^z-e^{-z}}{e^z+e^{-z}} = 2\sigma(2z)-1", "PP"),
    (
        "softmax jacobian",
        {"shapes": {"z": ("K",)}, "definitions": {"p_i": "\\frac{e^{z_i}}{\\sum_{k=1}^K e^{z_k}}"}},
        r"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij}-p_j)",
        "P",
    ),
    (
        "softmax jacobian wrong",
        {"shapes": {"z": ("K",)}, "definitions": {"p_i": "\\frac{e^{z_i}}{\\sum_{k=1}^K e^{z_k}}"}},
        r"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij}-p_i)",
        "R",
    ),
    (
        "softmax defined in text",
        {"shapes": {"z": ("K",)}},
        r"p_i = \frac{e^{z_i}}{\sum_{k=1}^K e^{z_k}} \qquad \frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij}-p_j)",
        "DP",
    ),
    (
        "cross entropy softmax",
        {
            "shapes": {"z": ("K",), "y": ("K",)},
            "definitions": {"L": "-\\sum_{k=1}^K y_kz_k+\\log\\sum_{k=1}^K e^{z_k}"},
        },
        r"\frac{\partial L}{\partial z_j} = \frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}} - y_j",
        "P",
    ),
    (
        "log-sum-exp",
        {"shapes": {"z": ("K",)}},
        r"\frac{\partial}{\partial z_i} \log \sum_{j=1}^{K} \exp(z_j) = \frac{\exp(z_i)}{\sum_{j=1}^{K}\exp(z_j)}",
        "P",
    ),
    (
        "log-sum-exp clash",
        {"shapes": {"z": ("K",)}},
        r"\frac{\partial}{\partial z_i} \log \sum_{i=1}^{K} \exp(z_i) = \frac{\exp(z_i)}{\sum_{i=1}^{K}\exp(z_i)}",
        "I",
    ),
    (
        "two layers",
        {
            "shapes": {"x": ("d",), "W_1": ("h", "d"), "W_2": ("k", "h"), "y": ("k",)},
            "definitions": {"h": "\\sigma(W_1x)", "\\hat y": "W_2h", "L": "\\frac12\\|\\hat y-y\\|^2"},
        },
        r"\frac{\partial L}{\partial W_2} = (\hat{y}-y)h^\top",
        "P",
    ),
    (
        "two layers, first",
        {
            "shapes": {"x": ("d",), "W_1": ("h", "d"), "W_2": ("k", "h"), "y": ("k",)},
            "definitions": {"a": "\\sigma(W_1x)", "\\hat y": "W_2a", "L": "\\frac12\\|\\hat y-y\\|^2"},
        },
        r"\frac{\partial L}{\partial W_1} = \left(W_2^\top(\hat{y}-y)\odot a\odot(1-a)\right)x^\top",
        "I",
    ),
    (
        "two layers, first, ones",
        {
            "shapes": {"x": ("d",), "W_1": ("h", "d"), "W_2": ("k", "h"), "y": ("k",)},
            "definitions": {"a": "\\sigma(W_1x)", "\\hat y": "W_2a", "L": "\\frac12\\|\\hat y-y\\|^2"},
        },
        r"\frac{\partial L}{\partial W_1} = \left(W_2^\top(\hat{y}-y)\odot a\odot(\mathbf 1-a)\right)x^\top",
        "P",
    ),
    (
        "two layers, transpose lost",
        {
            "shapes": {"x": ("d",), "W_1": ("h", "d"), "W_2": ("k", "h"), "y": ("k",)},
            "definitions": {"a": "\\sigma(W_1x)", "\\hat y": "W_2a", "L": "\\frac12\\|\\hat y-y\\|^2"},
        },
        r"\frac{\partial L}{\partial W_2} = a(\hat{y}-y)^\top",
        "I",
    ),
    (
        "linear layer batch",
        {
            "shapes": {"X": ("N", "M"), "W": ("M", "D"), "b": (1, "D"), "Y": ("N", "D")},
            "definitions": {"Z": "XW+\\mathbf 1_Nb", "L": "\\frac{1}{2N}\\|Z-Y\\|_F^2"},
        },
        r"\frac{\partial L}{\partial Z} = \frac1N(Z-Y),\ \frac{\partial L}{\partial W} = X^T\frac{\partial L}{\partial Z},\ \frac{\partial L}{\partial b} = \mathbf 1_N^T\frac{\partial L}{\partial Z}",
        "PPP",
    ),
    (
        "linear layer batch, wrong order",
        {
            "shapes": {"X": ("N", "M"), "W": ("M", "D"), "b": (1, "D"), "Y": ("N", "D")},
            "definitions": {"Z": "XW+\\mathbf 1_Nb", "L": "\\frac{1}{2N}\\|Z-Y\\|_F^2"},
        },
        r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial Z}X^T",
        "I",
    ),
    # ---- index notation
    (
        "index gradient",
        {"shapes": {"A": ("n", "n"), "x": ("n",)}},
        r"\frac{\partial}{\partial x_k}\sum_{i=1}^n\sum_{j=1}^n x_ia_{ij}x_j = \sum_{j=1}^n a_{kj}x_j+\sum_{i=1}^n x_ia_{ik}",
        "P",
    ),
    (
        "index gradient wrong",
        {"shapes": {"A": ("n", "n"), "x": ("n",)}},
        r"\frac{\partial}{\partial x_k}\sum_{i=1}^n\sum_{j=1}^n x_ia_{ij}x_j = 2\sum_{j=1}^n a_{kj}x_j",
        "R",
    ),
    (
        "index delta",
        {"shapes": {"A": ("n", "n"), "x": ("n",)}},
        r"\frac{\partial x_i}{\partial x_j} = \delta_{ij}",
        "P",
    ),
    (
        "einstein quadratic",
        {"shapes": {"A": ("n", "n"), "x": ("n",)}},
        r"\partial_k (x_i A_{ij} x_j) = A_{kj}x_j + x_iA_{ik}",
        "U",
    ),
    (
        "einstein quadratic frac",
        {"shapes": {"A": ("n", "n"), "x": ("n",)}},
        r"\frac{\partial}{\partial x_k} (x_i A_{ij} x_j) = A_{kj}x_j + x_iA_{ik} = (A_{kj}+A_{jk})x_j",
        "PP",
    ),
    ("einstein trace", {"shapes": {"A": ("n", "m"), "B": ("m", "n")}}, r"\operatorname{tr}(AB) = A_{ij}B_{ji}", "P"),
    ("einstein matrix product", {"shapes": {"A": ("n", "m"), "B": ("m", "p")}}, r"(AB)_{ij} = A_{ik}B_{kj}", "P"),
    ("einstein matrix product wrong", {"shapes": {"A": ("n", "n"), "B": ("n", "n")}}, r"(AB)_{ij} = A_{ik}B_{jk}", "R"),
    (
        "matrix entry derivative",
        {"shapes": {"X": ("N", "M"), "W": ("M", "D")}},
        r"\frac{\partial (XW)_{ij}}{\partial W_{kl}} = X_{ik}\delta_{jl}",
        "P",
    ),
    (
        "matrix entry derivative wrong",
        {"shapes": {"X": ("N", "M"), "W": ("M", "D")}},
        r"\frac{\partial (XW)_{ij}}{\partial W_{kl}} = X_{ik}\delta_{jk}",
        "I",
    ),
    (
        "matrix loss by entry",
        MULTI,
        r"\frac{\partial}{\partial W_{kl}}\sum_{i=1}^{N}\sum_{j=1}^{D}\left(\sum_{m=1}^{M}X_{im}W_{mj}-Y_{ij}\right)^2 = 2\sum_{i=1}^{N}X_{ik}\left(\sum_{m=1}^{M}X_{im}W_{ml}-Y_{il}\right)",
        "P",
    ),
    (
        "matrix loss by entry wrong",
        MULTI,
        r"\frac{\partial}{\partial W_{kl}}\sum_{i=1}^{N}\sum_{j=1}^{D}\left(\sum_{m=1}^{M}X_{im}W_{mj}-Y_{ij}\right)^2 = 2\sum_{i=1}^{N}X_{ik}\left(\sum_{m=1}^{M}X_{im}W_{mk}-Y_{il}\right)",
        "I",
    ),
    ("matrix loss", MULTI, r"\frac{\partial}{\partial W}\|XW-Y\|_F^2=2X^\top(XW-Y)", "P"),
    (
        "matrix loss, trace",
        MULTI,
        r"""\begin{aligned}
\|XW-Y\|_F^2 &= \operatorname{tr}\left[(XW-Y)^\top(XW-Y)\right]\\
&= \operatorname{tr}(W^\top X^\top XW) - 2\operatorname{tr}(Y^\top XW)+\operatorname{tr}(Y^\top Y)\\[4pt]
\frac{\partial}{\partial W}\|XW-Y\|_F^2 &= 2X^\top XW-2X^\top Y
\end{aligned}""",
        "PPP",
    ),
    (
        "matrix loss, wrong trace",
        MULTI,
        r"\|XW-Y\|_F^2 = \operatorname{tr}(W^\top X^\top XW) - 2\operatorname{tr}(X^\top YW)+\operatorname{tr}(Y^\top Y)",
        "I",
    ),
    ("matrix loss, spectral mark", MULTI, r"\|XW-Y\|_2^2 = \operatorname{tr}\left[(XW-Y)^\top(XW-Y)\right]", "U"),
    (
        "bias gradient",
        MULTI,
        r"\frac{\partial}{\partial b}\|XW+\mathbf{1}_N b-Y\|_F^2 = 2\,\mathbf 1_N^\top(XW+\mathbf 1_Nb-Y)",
        "P",
    ),
    (
        "bias gradient, broadcasting",
        MULTI,
        r"\frac{\partial}{\partial b}\|XW+b-Y\|_F^2 = 2\,\mathbf 1_N^\top(XW+b-Y)",
        "I",
    ),
    # ---- quadratics, Newton, Rayleigh
    ("quadratic gradient", QUAD, r"\nabla\left(\tfrac12x^TAx-b^Tx+c\right) = Ax-b", "U"),
    ("quadratic gradient x", QUAD, r"\nabla_x\left(\tfrac12x^TAx-b^Tx+c\right) = Ax-b", "P"),
    ("quadratic hessian", QUAD, r"\nabla_x^2\left(\tfrac12x^TAx-b^Tx+c\right) = A", "P"),
    ("quadratic hessian 2", QUAD, r"\nabla^2_x\left(\tfrac12x^TAx-b^Tx+c\right) = 2A", "R"),
    ("complete the square", QUAD, r"\frac12x^TAx-b^Tx = \frac12(x-A^{-1}b)^TA(x-A^{-1}b)-\frac12b^TA^{-1}b", "P"),
    ("complete the square sign", QUAD, r"\frac12x^TAx-b^Tx = \frac12(x-A^{-1}b)^TA(x-A^{-1}b)+\frac12b^TA^{-1}b", "R"),
    (
        "newton step",
        QUAD,
        r"f(x) = \frac12 x^TAx - b^Tx, \quad x_{new} = x - A^{-1}\nabla_x f(x) = x - A^{-1}(Ax-b) = A^{-1}b",
        "DDPP",
    ),
    (
        "newton step sign",
        QUAD,
        r"f(x) = \frac12 x^TAx - b^Tx, \quad x_{new} = x - A^{-1}\nabla_x f(x) = x - A^{-1}(Ax+b)",
        "DDR",
    ),
    (
        "rayleigh",
        QUAD,
        r"R(x) = \frac{x^TAx}{x^Tx}, \qquad \nabla_x R(x) = \frac{2}{x^Tx}\left(Ax - R(x)x\right)",
        "DP",
    ),
    (
        "rayleigh without 2",
        QUAD,
        r"R(x) = \frac{x^TAx}{x^Tx}, \qquad \nabla_x R(x) = \frac{1}{x^Tx}\left(Ax - R(x)x\right)",
        "DR",
    ),
    (
        "rayleigh quotient rule",
        QUAD,
        r"\frac{\partial}{\partial x}\frac{x^TAx}{x^Tx} = \frac{2Ax(x^Tx) - 2x(x^TAx)}{(x^Tx)^2}",
        "P",
    ),
    (
        "lagrangian pca",
        QUAD,
        r"\mathcal{L}(x,\lambda) = x^TAx - \lambda(x^Tx-1), \quad \frac{\partial \mathcal L}{\partial x} = 2Ax - 2\lambda x = 0 \implies Ax = \lambda x",
        "DPCP",
    ),
    ("gradient descent", LS, r"w^{(t+1)} = w^{(t)} - \eta X^T(Xw^{(t)}-y)", "U"),
    ("gradient descent update", LS, r"w \leftarrow w - \eta\frac2N X^T(Xw-y)", "D"),
    (
        "sgd contraction",
        {"shapes": {"w": ("d",), "w^*": ("d",), "A": ("d", "d"), "\\eta": ()}, "symmetric": ["A"]},
        r"w - \eta A(w - w^*) - w^* = (I - \eta A)(w-w^*)",
        "P",
    ),
    (
        "sgd contraction wrong",
        {"shapes": {"w": ("d",), "w^*": ("d",), "A": ("d", "d"), "\\eta": ()}, "symmetric": ["A"]},
        r"w - \eta A(w - w^*) - w^* = (I + \eta A)(w-w^*)",
        "R",
    ),
    # ---- projections, norms, inner products
    (
        "projection",
        {"shapes": {"a": ("n",), "b": ("n",)}},
        r"\mathrm{proj}_a b = \frac{a^Tb}{a^Ta}a = \frac{aa^T}{a^Ta}b",
        "DP",
    ),
    ("polarisation", ALG, r"\langle u,v\rangle=\frac14\left(\|u+v\|^2-\|u-v\|^2\right)", "P"),
    (
        "parallelogram",
        ALG,
        r"\left\lVert u+v\right\rVert^{2}+\left\lVert u-v\right\rVert^{2}=2\left\lVert u\right\rVert^{2}+2\left\lVert v\right\rVert^{2}",
        "P",
    ),
    ("pythagoras wrong", ALG, r"||u+v||^2=||u||^2+||v||^2", "R"),
    ("gram", {"shapes": {"X": ("n", "d")}}, r"(XX^T)_{ij}=x_i^Tx_j=\langle x_i,x_j\rangle", "PP"),
    ("gram sum", {"shapes": {"X": ("n", "d")}}, r"X^TX=\sum_{i=1}^n x_ix_i^T", "P"),
    ("gram sum inner", {"shapes": {"X": ("n", "d")}}, r"X^TX=\sum_{i=1}^n x_i^Tx_i", "I"),
    (
        "covariance",
        {"shapes": {"X": ("n", "d")}, "definitions": {"\\mu": "\\frac1nX^T\\mathbf 1_n"}},
        r"\frac1n\sum_{i=1}^n(x_i-\mu)(x_i-\mu)^T = \frac1n\sum_{i=1}^n x_ix_i^T-\mu\mu^T = \frac1nX^TX-\mu\mu^T",
        "PP",
    ),
    (
        "covariance wrong",
        {"shapes": {"X": ("n", "d")}, "definitions": {"\\mu": "\\frac1nX^T\\mathbf 1_n"}},
        r"\frac1n\sum_{i=1}^n(x_i-\mu)(x_i-\mu)^T = \frac1nX^TX-n\mu\mu^T",
        "R",
    ),
]
