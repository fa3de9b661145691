"""Compute a linear layer's and a two-layer network's gradients with PyTorch, and store them for the book and its tests.

    pip install torch==2.13.0 numpy
    python benchmarks/torch_backward.py            writes lrcore/datasets/torch_backward.json
    python benchmarks/torch_backward.py --check    compares with that file, writes nothing

PyTorch is no dependency of the book: it reads the stored numbers. Before anything is stored, central differences
in plain numpy must agree with what PyTorch's autograd says.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "lrcore" / "datasets" / "torch_backward.json"
TOLERANCE = 1e-12

# Multiples of 1/16, so that each decimal is also the exact double. N, M, H, D are pairwise different.
INPUTS: dict[str, Any] = {
    "X": [[0.5, -1.25, 2.0], [1.75, 0.25, -0.5], [-1.0, 3.0, 0.125], [2.5, -0.75, 1.5]],
    "Y": [[1.0, -0.5], [1.25, 0.75], [-1.5, 3.0], [0.25, -2.0]],
    "linear": {"W": [[0.75, -0.5], [1.25, 0.375], [-0.25, 2.0]], "b": [0.5, -1.125]},
    "two_layers": {
        "W1": [
            [0.25, -0.125, 0.0625, 0.375, -0.5],
            [-0.1875, 0.3125, 0.5, -0.25, 0.125],
            [0.125, -0.375, 0.25, 0.1875, -0.0625],
        ],
        "b1": [0.125, -0.25, 0.375, 0.5, -0.625],
        "W2": [[1.5, -0.5], [-0.75, 0.25], [0.5, 1.25], [-1.0, 0.875], [0.625, -1.75]],
        "b2": [-0.25, 0.75],
    },
}

SHAPES = {"N": 4, "M": 3, "H": 5, "D": 2}

CONVENTIONS = {
    "mean_over_N_D": 'nn.MSELoss(reduction="mean"): the sum of the squared residuals over N D; PyTorch\'s default',
    "sum_over_N": 'nn.MSELoss(reduction="sum") / N: the sum of the squared residuals over N; the default of the book',
}

NOTES = [
    "All numbers are float64; Y_hat = X W + b, and the hidden layer is H = tanh(A1) with A1 = X W1 + b1.",
    "A gradient has the shape of its variable in the book: W is (M, D) and b is (D,).",
    "torch.nn.Linear stores weight as (D, M) and computes x weight^T + b: weight = W^T, as is its gradient.",
]


class CheckError(Exception):
    """One sentence for the person who runs the script."""


def load(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CheckError(f"{name} is not installed; run: pip install torch==2.13.0 numpy.") from error


def layer(torch: Any, W: list[list[float]], b: list[float]) -> Any:
    """The affine map X W + b as PyTorch keeps it: the weight transposed."""
    module = torch.nn.Linear(len(W), len(b), dtype=torch.float64)
    with torch.no_grad():
        module.weight.copy_(torch.tensor(W, dtype=torch.float64).T)
        module.bias.copy_(torch.tensor(b, dtype=torch.float64))
    return module


def loss(torch: Any, convention: str, Y_hat: Any) -> Any:
    Y = torch.tensor(INPUTS["Y"], dtype=torch.float64)
    if convention == "mean_over_N_D":
        return torch.nn.MSELoss(reduction="mean")(Y_hat, Y)
    return torch.nn.MSELoss(reduction="sum")(Y_hat, Y) / len(Y)


def inputs(torch: Any) -> Any:
    return torch.tensor(INPUTS["X"], dtype=torch.float64, requires_grad=True)


def parameter_gradients(names: tuple[str, str], module: Any) -> dict[str, Any]:
    return {names[0]: module.weight.grad.T.tolist(), names[1]: module.bias.grad.tolist()}


def as_stored_by_torch(module: Any) -> dict[str, Any]:
    return {
        "weight": module.weight.tolist(),
        "bias": module.bias.tolist(),
        "weight_grad": module.weight.grad.tolist(),
        "bias_grad": module.bias.grad.tolist(),
    }


def linear(torch: Any, convention: str) -> dict[str, Any]:
    X, first = inputs(torch), layer(torch, **INPUTS["linear"])
    Y_hat = first(X)
    Y_hat.retain_grad()
    L = loss(torch, convention, Y_hat)
    L.backward()
    gradients = {"Y_hat": Y_hat.grad.tolist(), "X": X.grad.tolist(), **parameter_gradients(("W", "b"), first)}
    return {
        "loss": L.item(),
        "values": {"Y_hat": Y_hat.tolist()},
        "gradients": gradients,
        "nn_linear": as_stored_by_torch(first),
    }


def two_layers(torch: Any, convention: str) -> dict[str, Any]:
    p, X = INPUTS["two_layers"], inputs(torch)
    first, second = layer(torch, p["W1"], p["b1"]), layer(torch, p["W2"], p["b2"])
    A1 = first(X)
    H = torch.tanh(A1)
    Y_hat = second(H)
    nodes = {"A1": A1, "H": H, "Y_hat": Y_hat}
    for node in nodes.values():
        node.retain_grad()
    L = loss(torch, convention, Y_hat)
    L.backward()
    parameters = parameter_gradients(("W1", "b1"), first) | parameter_gradients(("W2", "b2"), second)
    return {
        "loss": L.item(),
        "values": {name: node.tolist() for name, node in nodes.items()},
        "gradients": {name: node.grad.tolist() for name, node in nodes.items()} | {"X": X.grad.tolist()} | parameters,
    }


def numpy_loss(np: Any, convention: str, v: dict[str, Any]) -> float:
    """The same loss without PyTorch, for the central differences."""
    Y_hat = v["X"] @ v["W"] + v["b"] if "W" in v else np.tanh(v["X"] @ v["W1"] + v["b1"]) @ v["W2"] + v["b2"]
    squares = float(((Y_hat - np.array(INPUTS["Y"])) ** 2).sum())
    return squares / (Y_hat.size if convention == "mean_over_N_D" else len(Y_hat))


def central_differences(np: Any, f: Callable[[], float], at: Any, step: float = 1e-5) -> Any:
    slopes = np.empty_like(at)
    for index in np.ndindex(at.shape):
        middle = at[index]
        at[index] = middle + step
        above = f()
        at[index] = middle - step
        slopes[index] = (above - f()) / (2 * step)
        at[index] = middle
    return slopes


def confirm(np: Any, name: str, convention: str, result: dict[str, Any]) -> None:
    """Refuse numbers that central differences contradict."""
    v = {key: np.array(value) for key, value in {"X": INPUTS["X"], **INPUTS[name]}.items()}
    if abs(numpy_loss(np, convention, v) - result["loss"]) > TOLERANCE * result["loss"]:
        raise CheckError(f"{name}, {convention}: PyTorch's loss is {result['loss']!r} and numpy's is another.")
    for key, value in v.items():
        expected = central_differences(np, lambda: numpy_loss(np, convention, v), value)
        error = np.abs(expected - np.array(result["gradients"][key])).max() / np.abs(expected).max()
        if not error < 1e-8:
            raise CheckError(f"{name}, {convention}: the gradient by {key} is off central differences by {error:.1e}.")


def compute() -> dict[str, Any]:
    np, torch = load("numpy"), load("torch")
    torch.set_num_threads(1)
    results: dict[str, Any] = {}
    for name, network in (("linear", linear), ("two_layers", two_layers)):
        results[name] = {convention: network(torch, convention) for convention in CONVENTIONS}
        for convention, result in results[name].items():
            confirm(np, name, convention, result)
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    return {
        "made_by": "benchmarks/torch_backward.py",
        "versions": versions,
        "notes": NOTES,
        "conventions": CONVENTIONS,
        "shapes": SHAPES,
        "inputs": INPUTS,
        **results,
    }


def pretty(data: dict[str, Any]) -> str:
    """JSON with a row of numbers on a line. Python writes a float so that reading gives the same float back."""
    text = json.dumps(data, indent=2, allow_nan=False)
    return re.sub(r"\[\s+-?\d[^\[\]]*\]", lambda row: json.dumps(json.loads(row[0])), text) + "\n"


def numbers(data: Any, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(data, float | int):
        yield path, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from numbers(value, f"{path}/{key}")


def difference(stored: dict[str, Any], made: dict[str, Any]) -> tuple[float, str]:
    """The largest relative difference of two files, and where it is."""
    before, after = dict(numbers(stored)), dict(numbers(made))
    if before.keys() != after.keys():
        raise CheckError("The stored file has other entries than this script makes; run it without --check.")
    return max((abs(after[key] - x) / max(abs(x), abs(after[key]), 1e-3), key) for key, x in before.items())


def compare(text: str, made: dict[str, Any]) -> str:
    if not FILE.exists():
        raise CheckError(f"There is no {FILE.name} to compare with; run the script without --check.")
    stored_text = FILE.read_text(encoding="utf-8")
    if stored_text == text:
        return f"{FILE.name} is what this script makes, to the last byte."
    try:
        stored = json.loads(stored_text)
    except json.JSONDecodeError as error:
        raise CheckError(f"{FILE.name} is not JSON ({error}); run the script without --check.") from error
    worst, where = difference(stored, made)
    if worst > TOLERANCE:
        raise CheckError(f"{FILE.name} is off by {worst:.1e} (relative) at {where}; made with {stored['versions']}.")
    return f"The numbers agree to {worst:.1e} (relative); made with {stored['versions']}, here {made['versions']}."


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the stored file, write nothing")
    options = parser.parse_args(given)
    try:
        made = compute()
        if options.check:
            print(compare(pretty(made), made))
        else:
            FILE.write_text(pretty(made), encoding="utf-8")
            print(f"Wrote {FILE.name}.")
    except (CheckError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
