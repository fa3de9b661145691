# ruff: noqa: E501 (a derivation is quoted as one line)
"""Two or more different ways through each challenge, and a wrong one; also driven in the browser."""

SOLUTIONS = {
    "one-weights": [
        r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial w} = 2(\hat y - y) x",
        "dL = 2(\\hat y - y)\\, d\\hat y\n  = 2(\\hat y - y)\\, x^\\top dw\n\\frac{\\partial L}{\\partial w} = 2(\\hat y - y)x",
    ],
    "one-bias": [
        r"\frac{\partial L}{\partial b} = \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial b} = 2(\hat y - y)",
        r"\frac{\partial L}{\partial b} = 2(\hat y - y)\frac{\partial}{\partial b}(w^\top x + b) = 2 (\hat y - y)",
    ],
    "samples-weights": [
        "By the chain rule\n$$\\frac{\\partial L}{\\partial w_k} = \\sum_i \\frac{\\partial L}{\\partial r_i}\\frac{\\partial r_i}{\\partial w_k} = \\frac2N \\sum_i r_i X_{ik}$$\nand for all k together $$\\frac{\\partial L}{\\partial w} = \\frac2N X^\\top r$$",
        "grad(L, w) = jac(y_hat, w).T @ grad(L, y_hat)\n = 2/N * X.T @ r",
    ],
    "samples-bias": [
        r"\frac{\partial L}{\partial b} = \sum_i \frac{\partial L}{\partial r_i}\frac{\partial r_i}{\partial b} = \frac2N \sum_i r_i = \frac2N \mathbf 1_N^\top r",
        "dL = \\frac2N r^\\top dr = \\frac2N r^\\top \\mathbf 1_N db\n\\frac{\\partial L}{\\partial b} = \\frac2N \\mathbf 1_N^\\top r",
    ],
    "outputs-weights": [
        "dL = \\frac2N \\operatorname{tr}(R^\\top dR) = \\frac2N \\operatorname{tr}(R^\\top X\\, dW)\n\\frac{\\partial L}{\\partial W} = \\frac2N X^\\top R",
        "\\frac{\\partial L}{\\partial W_{kl}} = \\frac1N\\sum_{i,j} 2 R_{ij} \\frac{\\partial R_{ij}}{\\partial W_{kl}} = \\frac2N \\sum_i R_{il} X_{ik}\n\\frac{\\partial L}{\\partial W} = \\frac2N X^\\top R",
    ],
    "outputs-bias": [
        "dL = \\frac2N \\operatorname{tr}(R^\\top dR) = \\frac2N \\operatorname{tr}(R^\\top \\mathbf 1_N\\, db)\n\\frac{\\partial L}{\\partial b} = \\frac2N \\mathbf 1_N^\\top R",
        "\\frac{\\partial L}{\\partial b_l} = \\frac1N\\sum_{i,j} 2 R_{ij} \\frac{\\partial R_{ij}}{\\partial b_l} = \\frac2N \\sum_i R_{il}\n\\frac{\\partial L}{\\partial b} = \\frac2N \\mathbf 1_N^\\top R",
    ],
    "weighted": [
        "dL = \\frac2N r^\\top C dr = \\frac2N r^\\top C X dw\n\\frac{\\partial L}{\\partial w} = \\frac2N X^\\top C r",
        r"\frac{\partial L}{\partial w} = \left(\frac{\partial r}{\partial w}\right)^\top \frac{\partial L}{\partial r} = \frac2N X^\top C r",
    ],
    "ridge": [
        r"\frac{\partial L}{\partial w} = \frac1N \frac{\partial}{\partial w}\|r\|^2 + \lambda\frac{\partial}{\partial w}\|w\|^2 = \frac2N X^\top r + 2\lambda w",
        "dL = \\frac2N r^\\top dr + 2\\lambda w^\\top dw = \\frac2N r^\\top X dw + 2 \\lambda w^\\top dw\n\\frac{\\partial L}{\\partial w} = \\frac2N X^\\top r + 2\\lambda w",
        r"\frac{\partial L}{\partial w} = \frac2N \left(\frac{\partial r}{\partial w}\right)^\top r + 2\lambda w = \frac2N X^\top r + 2\lambda w",
        "L = \\frac1N w^\\top X^\\top X w - \\frac2N y^\\top X w + \\frac1N y^\\top y + \\lambda w^\\top w\n\\frac{\\partial L}{\\partial w} = \\frac2N X^\\top X w - \\frac2N X^\\top y + 2\\lambda w = \\frac2N X^\\top r + 2\\lambda w",
    ],
    "normal": [
        "J = w^\\top X^\\top X w - 2 y^\\top X w + y^\\top y\n\\nabla_w J = 2 X^\\top X w - 2 X^\\top y\n2 X^\\top X w - 2 X^\\top y = 0\nX^\\top X w = X^\\top y\nw = (X^\\top X)^{-1} X^\\top y",
        "J = (Xw-y)^\\top(Xw-y) = w^\\top X^\\top X w - 2w^\\top X^\\top y + y^\\top y\n\\frac{\\partial J}{\\partial w} = \\frac{\\partial}{\\partial w}(w^\\top X^\\top X w) - 2\\frac{\\partial}{\\partial w}(w^\\top X^\\top y) = 2 X^\\top X w - 2 X^\\top y\n2 X^\\top X w - 2 X^\\top y = 0 \\implies X^\\top X w = X^\\top y \\implies w = (X^\\top X)^{-1} X^\\top y",
    ],
    "hessian": [
        r"\frac{\partial g}{\partial w} = \frac2N X^\top \frac{\partial r}{\partial w} + 2\lambda\frac{\partial w}{\partial w} = \frac2N X^\top X + 2\lambda I",
        "dg = \\frac2N X^\\top dr + 2\\lambda dw = \\left(\\frac2N X^\\top X + 2\\lambda I\\right) dw\n\\frac{\\partial g}{\\partial w} = \\frac2N X^\\top X + 2\\lambda I",
    ],
}
WRONG = {
    "one-weights": r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial w} = (\hat y - y) x",
    "one-bias": r"\frac{\partial L}{\partial b} = 2(y - \hat y)\frac{\partial \hat y}{\partial b} = 2(\hat y - y)",
    "samples-weights": "dL = \\frac2N r^\\top dr\n\\frac{\\partial L}{\\partial w} = \\frac2N X r",
    "samples-bias": r"\frac{\partial L}{\partial b} = \sum_i \frac{\partial L}{\partial r_i}\frac{\partial r_i}{\partial b} = \frac2N r",
    "outputs-weights": "dL = \\frac2N \\operatorname{tr}(R^\\top dR)\n\\frac{\\partial L}{\\partial W} = \\frac2N R^\\top X",
    "outputs-bias": "dL = \\frac2N \\operatorname{tr}(R^\\top dR)\n\\frac{\\partial L}{\\partial b} = \\frac2N \\mathbf 1_D^\\top R",
    "weighted": r"\frac{\partial L}{\partial w} = \left(\frac{\partial r}{\partial w}\right)^\top \frac{\partial L}{\partial r} = \frac1N X^\top C r",
    "ridge": r"\frac{\partial L}{\partial w} = \frac1N \frac{\partial}{\partial w}\|r\|^2 + \lambda\frac{\partial}{\partial w}\|w\|^2 = \frac2N X^\top r + \lambda w",
    "normal": "J = w^\\top X^\\top X w - y^\\top X w + y^\\top y\n\\nabla_w J = 2 X^\\top X w - X^\\top y",
    "hessian": r"\frac{\partial g}{\partial w} = \frac2N X^\top \frac{\partial r}{\partial w} + 2\lambda = \frac2N X^\top X + 2\lambda I",
}
