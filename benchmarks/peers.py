"""Who is compared: each peer gets the same arrays and gives back a call that takes no arguments.

What a peer does once, moving arrays or compiling, happens before that call and is not timed.
"""

from importlib import import_module

import numpy as np

from lrcore import fit
from lrcore.gradients import gradient, readable


def with_ones(X):
    return np.hstack([np.ones((len(X), 1), X.dtype), X])


def lrcore_gradient(X, Y, W, b):
    return lambda: gradient(X, Y, W, b)


def lrcore_without_bias(X, Y, W, b):
    """As the textbook's line is: the bias is left out, its gradient is not."""
    return lambda: gradient(X, Y, W)


def line(X, Y, W, b):
    """The textbook's line: no bias, no gradient of it, no check."""
    return lambda: 2 / len(X) * X.T @ (X @ W - Y)


def formula(X, Y, W, b):
    """With the bias and its gradient, the scalar last."""
    return lambda: readable(X, Y, W, b, 2 / len(X))


def torch_gradient(torch):
    def prepare(X, Y, W, b):
        X, Y = torch.from_numpy(X), torch.from_numpy(Y)
        W, b = (torch.from_numpy(np.asarray(A)).requires_grad_() for A in (W, b))

        def run():
            W.grad = b.grad = None
            (((X @ W + b - Y) ** 2).sum() / len(X)).backward()
            return W.grad.numpy(), b.grad.numpy()

        return run

    return prepare


def jax_gradient(jax):
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.grad(lambda Wb, X, Y: ((X @ Wb[0] + Wb[1] - Y) ** 2).sum() / X.shape[0]))

    def prepare(X, Y, W, b):
        X, Y, W, b = map(jax.device_put, (X, Y, W, b))
        return lambda: jax.block_until_ready(compiled((W, b), X, Y))

    return prepare


def of_function(solve):
    return lambda X, Y: lambda: solve(X, Y)


def lrcore_fit(X, Y):
    found = fit(X, Y)
    return np.vstack([np.reshape(found.b, (1, -1)), found.W.reshape(X.shape[1], -1)])


def normal_equations(X, Y):
    A = with_ones(X)
    return np.linalg.solve(A.T @ A, A.T @ Y)


def plain_qr(X, Y):
    Q, R = np.linalg.qr(with_ones(X))
    return np.linalg.solve(R, Q.T @ Y)


def scikit_learn(linear_model):
    def solve(X, Y):
        model = linear_model.LinearRegression().fit(X, Y)
        return np.vstack([np.reshape(model.intercept_, (1, -1)), np.reshape(model.coef_, (-1, X.shape[1])).T])

    return of_function(solve)


OURS = {
    "gradient": {
        "lrcore": lrcore_gradient,
        "lrcore, no bias": lrcore_without_bias,
        "numpy line": line,
        "numpy formula": formula,
    },
    "fit": {
        "lrcore": of_function(lrcore_fit),
        "normal equations": of_function(normal_equations),
        "numpy QR": of_function(plain_qr),
        "numpy lstsq": of_function(lambda X, Y: np.linalg.lstsq(with_ones(X), Y, rcond=None)[0]),
    },
}
OFFERS = {
    "gradient": [("torch", "torch", torch_gradient), ("JAX", "jax", jax_gradient)],
    "fit": [
        ("scipy lstsq", "scipy.linalg", lambda linalg: of_function(lambda X, Y: linalg.lstsq(with_ones(X), Y)[0])),
        ("scikit-learn", "sklearn.linear_model", scikit_learn),
        ("statsmodels", "statsmodels.api", lambda sm: of_function(lambda X, Y: sm.OLS(Y, with_ones(X)).fit().params)),
    ],
}


def peers(kind):
    """Those that can take part, by name, lrcore first; who is not installed is named."""
    found = dict(OURS[kind])
    for name, module, make in OFFERS[kind]:
        try:
            found[name] = make(import_module(module))
        except ImportError:
            print(f"{name} is not installed and does not take part.")
    return found
