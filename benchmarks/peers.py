"""Who is compared: each peer gets the same arrays and gives back a call that takes no arguments.

What a peer does once, moving arrays or compiling, happens before that call and is not timed.
"""

from importlib import import_module

import numpy as np

from lrcore import fit
from lrcore.gradients import gradient, readable


def with_ones(X):
    return np.concatenate([np.ones((*X.shape[:-1], 1), X.dtype), X], axis=-1)


def lrcore_gradient(X, Y, W, b):
    return lambda: gradient(X, Y, W, b)


def lrcore_without_bias(X, Y, W, b):
    """As the textbook's line is: no bias, and no gradient of it."""
    return lambda: gradient(X, Y, W, intercept=False)


def line(X, Y, W, b):
    """The textbook's line: no bias, no gradient of it, no check."""
    return lambda: 2 / len(X) * X.T @ (X @ W - Y)


def best_line(X, Y, W, b):
    """The same, the scalar last."""
    return lambda: 2 / len(X) * (X.T @ (X @ W - Y))


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


def scipy_lstsq(linalg):
    return lambda X, Y: linalg.lstsq(with_ones(X), Y)[0]


def scikit_learn(linear_model):
    def solve(X, Y):
        model = linear_model.LinearRegression().fit(X, Y)
        return np.vstack([np.reshape(model.intercept_, (1, -1)), np.reshape(model.coef_, (-1, X.shape[1])).T])

    return solve


def statsmodels(api):
    return lambda X, Y: api.OLS(Y, with_ones(X)).fit().params


def one_by_one(solve):
    return lambda X, Y: np.stack([solve(x, y) for x, y in zip(X, Y, strict=True)])


def torch_fit(torch):
    def prepare(X, Y):
        X, Y = torch.from_numpy(with_ones(X)), torch.from_numpy(np.reshape(Y, (*X.shape[:-1], -1)))
        return lambda: torch.linalg.lstsq(X, Y).solution.numpy()

    return prepare


def jax_fit(jax):
    jax.config.update("jax_enable_x64", True)

    def solve(X, Y):
        return jax.numpy.linalg.lstsq(X, Y)[0]

    def prepare(X, Y):
        compiled = jax.jit(jax.vmap(solve) if X.ndim == 3 else solve)
        X, Y = jax.device_put(with_ones(X)), jax.device_put(Y)
        return lambda: jax.block_until_ready(compiled(X, Y))

    return prepare


def lrcore_fits(X, Y):
    found = fit(X, Y)
    return np.hstack([found.b[:, None], found.W])


def many_normal_equations(X, Y):
    A = with_ones(X)
    return np.linalg.solve(A.mT @ A, A.mT @ Y[..., None])


def many_qr(X, Y):
    Q, R = np.linalg.qr(with_ones(X))
    return np.linalg.solve(R, Q.mT @ Y[..., None])


OURS = {
    "gradient": {
        "lrcore": lrcore_gradient,
        "lrcore, no bias": lrcore_without_bias,
        "numpy line": line,
        "numpy line, c last": best_line,
        "numpy formula": formula,
    },
    "fit": {
        "lrcore": of_function(lrcore_fit),
        "normal equations": of_function(normal_equations),
        "numpy QR": of_function(plain_qr),
        "numpy lstsq": of_function(lambda X, Y: np.linalg.lstsq(with_ones(X), Y, rcond=None)[0]),
    },
    "many fits": {
        "lrcore": of_function(lrcore_fits),
        "normal equations": of_function(many_normal_equations),
        "numpy QR": of_function(many_qr),
        "numpy lstsq": of_function(one_by_one(lambda X, Y: np.linalg.lstsq(with_ones(X), Y, rcond=None)[0])),
    },
}
OFFERS = {
    "gradient": [("torch", "torch", torch_gradient), ("JAX", "jax", jax_gradient)],
    "fit": [
        ("scipy lstsq", "scipy.linalg", lambda module: of_function(scipy_lstsq(module))),
        ("scikit-learn", "sklearn.linear_model", lambda module: of_function(scikit_learn(module))),
        ("statsmodels", "statsmodels.api", lambda module: of_function(statsmodels(module))),
        ("torch", "torch", torch_fit),
        ("JAX", "jax", jax_fit),
    ],
    "many fits": [
        ("scipy lstsq", "scipy.linalg", lambda module: of_function(one_by_one(scipy_lstsq(module)))),
        ("scikit-learn", "sklearn.linear_model", lambda module: of_function(one_by_one(scikit_learn(module)))),
        ("statsmodels", "statsmodels.api", lambda module: of_function(one_by_one(statsmodels(module)))),
        ("torch", "torch", torch_fit),
        ("JAX", "jax", jax_fit),
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
