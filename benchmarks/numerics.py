"""Gradient and fit against their peers: seconds in turns, digits beside them, growth, and memory.

    python benchmarks/numerics.py [--quick] [--nist FILE]

needs numpy alone; scipy, scikit-learn, statsmodels, torch and JAX take part where they are installed (a virtual
environment of their own is best), matplotlib draws the growth. Results and the table made from them go to
``benchmarks/results``.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from fractions import Fraction
from importlib import import_module, metadata
from pathlib import Path

import numpy as np

from lrcore import fit
from lrcore.blocks import cache_bytes
from lrcore.gradient import gradient

RESULTS = Path(__file__).parent / "results"
GRADIENTS = [(300_000, 20, 1), (100_000, 5, 1), (100_000, 20, 50), (2_000, 1_000, 1), (2_000, 20, 1)]
FITS = [(50_000, 20, 1), (8_000, 100, 1), (8_000, 20, 20), (500, 10, 1)]
GROWTH = {"N": [(n, 20, 1) for n in (2_000, 8_000, 32_000)], "M": [(4_000, m, 1) for m in (8, 32, 128)]}


def numpy_line(X, Y, W):
    return 2 / len(X) * X.T @ (X @ W - Y)


def torch_gradient(torch):
    def run(X, Y, W):
        X, Y = torch.from_numpy(X), torch.from_numpy(Y)
        W = torch.from_numpy(W).requires_grad_()
        (((X @ W - Y) ** 2).sum() / len(X)).backward()
        return W.grad.numpy()

    return run


def jax_gradient(jax):
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(jax.grad(lambda W, X, Y: ((X @ W - Y) ** 2).sum() / X.shape[0]))
    return lambda X, Y, W: np.asarray(compiled(W, X, Y))


def with_ones(X):
    return np.hstack([np.ones((len(X), 1)), X])


def learned(linear_model):
    def run(X, Y):
        model = linear_model.LinearRegression().fit(X, Y)
        return np.vstack([np.reshape(model.intercept_, (1, -1)), np.reshape(model.coef_, (-1, X.shape[1])).T])

    return run


def ours(X, Y):
    found = fit(X, Y)
    return np.vstack([np.reshape(found.b, (1, -1)), found.W.reshape(X.shape[1], -1)])


def normal_equations(X, Y):
    A = with_ones(X)
    return np.linalg.solve(A.T @ A, A.T @ Y)


def peers(kind):
    """The functions that can take part, by name, ours first."""
    found = {
        "gradient": {"lrcore": lambda X, Y, W: gradient(X, Y, W)[0], "numpy line": numpy_line},
        "fit": {
            "lrcore": ours,
            "normal equations": normal_equations,
            "numpy lstsq": lambda X, Y: np.linalg.lstsq(with_ones(X), Y, rcond=None)[0],
        },
    }[kind]
    offers = {
        "gradient": [("torch", "torch", torch_gradient), ("JAX", "jax", jax_gradient)],
        "fit": [
            ("scipy lstsq", "scipy.linalg", lambda linalg: lambda X, Y: linalg.lstsq(with_ones(X), Y)[0]),
            ("scikit-learn", "sklearn.linear_model", learned),
            ("statsmodels", "statsmodels.api", lambda sm: lambda X, Y: sm.OLS(Y, with_ones(X)).fit().params),
        ],
    }[kind]
    for name, module, make in offers:
        try:
            found[name] = make(import_module(module))
        except ImportError:
            print(f"{name} is not installed and does not take part.")
    return found


def in_turns(functions, arguments, rounds):
    """Median seconds of each, one call of each in turn, so that what else the machine does meets all alike."""
    for function in functions.values():
        function(*arguments)
    seconds = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = time.perf_counter()
            function(*arguments)
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def data(N, M, D, seed=0):
    random = np.random.default_rng(seed)
    X = random.normal(size=(N, M))
    return X, X @ np.ones((M, D)) + random.normal(size=(N, D))


def limit(N, M, D, rounds):
    """Seconds of one reading of X, or of the flops of the two products, whichever is longer."""
    X, square = np.ones((N, M)), np.ones((800, 800))
    reading = in_turns({"": X.sum}, (), rounds)[""]
    flops = 2 * 800**3 / in_turns({"": lambda: square @ square}, (), rounds)[""]
    return max(reading, 4 * N * M * D / flops)


def measure(kind, shapes, rounds):
    rows = []
    for N, M, D in shapes:
        X, Y = data(N, M, D)
        functions = peers(kind)
        arguments = (X, Y) if kind == "fit" else (X, Y, np.ones((M, D)))
        if kind == "fit" and D > 1:
            functions.pop("statsmodels", None)
        if D == 1:
            arguments = (X, Y[:, 0], *(W[:, 0] for W in arguments[2:]))
        row = {"N": N, "M": M, "D": D, "seconds": in_turns(functions, arguments, rounds)}
        rows.append(row | ({"limit": limit(N, M, D, rounds)} if kind == "gradient" else {}))
        print(kind, N, M, D, {name: f"{1e3 * s:.2f} ms" for name, s in rows[-1]["seconds"].items()})
    return rows


def exact(A, y):
    """The least-squares solution in fractions."""
    A, y = [[Fraction(float(a)) for a in row] for row in A], [Fraction(float(v)) for v in y]
    columns = list(zip(*A, strict=True))
    system = [[sum(map(Fraction.__mul__, p, q)) for q in columns] + [sum(map(Fraction.__mul__, p, y))] for p in columns]
    for k in range(len(system)):
        system[k] = [v / system[k][k] for v in system[k]]
        for i in range(len(system)):
            if i != k:
                system[i] = [a - system[i][k] * b for a, b in zip(system[i], system[k], strict=True)]
    return np.array([float(row[-1]) for row in system])


def digits(got, wanted):
    scale = np.where(wanted == 0, 1, np.abs(wanted))
    return float(np.clip(-np.log10(max(np.max(np.abs(np.ravel(got) - wanted) / scale), 1e-16)), 0, 16))


def problems(path):
    """Polynomials of rising degree, and the certified sets of NIST where their file is given: name, X, y, certified."""
    x = np.linspace(1, 2, 40)
    for degree in (2, 4, 6, 8):
        yield f"degree {degree}", x[:, None] ** np.arange(1, degree + 1), np.sin(9 * x), None
    for name, given in json.loads(path.read_text(encoding="utf-8")).items() if path else ():
        if not given["intercept"]:
            continue
        X, y = np.array(given.get("X", given.get("x")), dtype=float), np.array(given["y"], dtype=float)
        X = X if X.ndim == 2 else X[:, None] ** np.arange(1, given["degree"] + 1)
        yield name, X if len(X) == len(y) else X.T, y, np.array(given["beta"], dtype=float)


def accuracy(path):
    rows = []
    for name, X, y, certified in problems(path):
        wanted, row = exact(with_ones(X), y), {"problem": name, "exact": {}, "certified": {}}
        for peer, solve in peers("fit").items():
            got = solve(X, y)
            row["exact"][peer] = digits(got, wanted)
            if certified is not None:
                row["certified"][peer] = digits(got, certified)
        rows.append(row)
    return rows


MEMORY = """
import sys
import numpy as np
from lrcore import accumulate, fit
how, N, M = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
block = lambda k: (lambda X: (X, X.sum(axis=1)))(np.random.default_rng(k).normal(size=(10_000, M)))
if how == "blocks":
    accumulate.of_blocks(block(k) for k in range(N // 10_000)).fit()
elif how == "whole":
    X, y = (np.concatenate(part) for part in zip(*(block(k) for k in range(N // 10_000))))
    fit(X, y)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def memory():
    """Peak MB of a process that fits N rows at once, or by blocks, or that only starts."""
    rows = []
    for N in (100_000, 400_000):
        row = {"N": N, "M": 20}
        for how in ("nothing", "whole", "blocks"):
            call = [sys.executable, "-c", MEMORY, how, str(N), "20"]
            row[how] = int(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
        rows.append(row)
    return rows


def machine():
    cpu = next(
        (line.split(":")[1].strip() for line in cpu_lines() if line.startswith("model name")), platform.machine()
    )
    names = ("numpy", "scipy", "scikit-learn", "statsmodels", "torch", "jax")
    versions = {}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    pages = resource.getpagesize() * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_GB": pages,
        "cache_kB": cache_bytes() // 1024,
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": versions,
        "load": round(os.getloadavg()[0], 1),
    }


def cpu_lines():
    try:
        return Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return []


def table(results):
    """The tables of the results, in Markdown."""
    here = results["machine"]
    lines = [
        f"Measured on {here['cpu']}, {here['cores']} cores, {here['memory_GB']} GB, at a load of {here['load']}; "
        "medians of calls in turns.",
        "",
    ]
    for kind, title in (("gradient", "Gradient"), ("fit", "Fit")):
        names = list(results[kind][0]["seconds"])
        bound = [" against the limit |"] if kind == "gradient" else [""]
        lines += [f"**{title}**, milliseconds", "", f"| N | M | D | {' | '.join(names)} |{bound[0]}"]
        lines += ["|" + "---|" * (3 + len(names) + (kind == "gradient"))]
        for row in results[kind]:
            times = " | ".join(f"{1e3 * row['seconds'][n]:.2f}" if n in row["seconds"] else "" for n in names)
            ratio = f" {row['seconds']['lrcore'] / row['limit']:.1f} |" if "limit" in row else ""
            lines.append(f"| {row['N']} | {row['M']} | {row['D']} | {times} |{ratio}")
        lines.append("")
    names = list(results["accuracy"][0]["exact"])
    lines += ["**Digits** of the exact solution of the float64 problem, the worst coefficient", ""]
    lines += [f"| | {' | '.join(names)} |", "|" + "---|" * (1 + len(names))]
    for row in results["accuracy"]:
        lines.append(f"| {row['problem']} | " + " | ".join(f"{row['exact'][name]:.1f}" for name in names) + " |")
    lines += ["", "**Memory**, peak MB of a process", ""]
    lines += ["| N | M | only started | fit of all | by blocks |", "|---|---|---|---|---|"]
    lines += [f"| {r['N']} | {r['M']} | {r['nothing']} | {r['whole']} | {r['blocks']} |" for r in results["memory"]]
    return "\n".join(lines) + "\n"


def draw(results, path):
    try:
        import matplotlib as mpl
    except ImportError:
        return
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 4, figsize=(16, 4))
    cases = [(kind, axis) for kind in ("gradient", "fit") for axis in GROWTH]
    for ax, (kind, axis) in zip(axes, cases, strict=True):
        rows = results["growth"][kind][axis]
        sizes = [row[axis] for row in rows]
        for name in rows[0]["seconds"]:
            ax.loglog(sizes, [row["seconds"][name] for row in rows], "o-", label=name)
        power = 2 if (kind, axis) == ("fit", "M") else 1
        first = min(rows[0]["seconds"].values())
        ax.loglog(sizes, [first * (s / sizes[0]) ** power for s in sizes], "k:", label=f"slope {power}")
        ax.set(title=f"{kind}, growing {axis}", xlabel=axis, ylabel="seconds")
        ax.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three rounds instead of nine")
    parser.add_argument("--nist", type=Path, help="the certified data sets of NIST, as JSON")
    given = parser.parse_args()
    rounds = 3 if given.quick else 9
    results = {"machine": machine(), "rounds": rounds}
    results |= {"gradient": measure("gradient", GRADIENTS, rounds), "fit": measure("fit", FITS, rounds)}
    results["growth"] = {
        kind: {axis: measure(kind, shapes, rounds) for axis, shapes in GROWTH.items()} for kind in ("gradient", "fit")
    }
    results |= {"accuracy": accuracy(given.nist), "memory": memory()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "numerics.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "numerics.md").write_text(table(results), encoding="utf-8")
    draw(results, RESULTS / "numerics.svg")
    print(table(results))


if __name__ == "__main__":
    main()
