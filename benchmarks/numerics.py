"""Gradient and fits against their peers, small ones and many at once too: seconds in turns, digits, growth, memory.

    python benchmarks/numerics.py [--quick] [--part NAME ...]

makes an environment for the peers (``benchmarks/.venv`` from ``benchmarks/requirements.txt``) the first time.
Results go to ``benchmarks/results/numerics.json``; what is shown of them is made by ``benchmarks/numerics_report.py``.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
import tracemalloc
import venv
import warnings
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from random import shuffle
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
HOME, WANTED = ROOT / "benchmarks/.venv", ROOT / "benchmarks/requirements.txt"
RESULTS = ROOT / "benchmarks/results"
ROUNDS, REST, WARM = 5, 0.15, 0.06  # rounds, and seconds before each turn: asleep, and at work without being timed

GRADIENTS = [
    (1_000_000, 20, 1, "float64"),
    (1_000_000, 20, 1, "float32"),
    (1_000_000, 20, 1, "column-major"),
    (1_000_000, 20, 1, "every other column of a larger X"),
    (500_000, 50, 1, "float64"),
    (100_000, 5, 1, "float64"),
    (100_000, 20, 10, "float64"),
    (100_000, 20, 50, "float64"),
    (5_000, 1_000, 1, "float64"),
    (2_000, 500, 50, "float64"),
    (2_000, 20, 1, "float64"),
    (100, 5, 1, "float64"),
]
FITS = [(500_000, 5, 1), (50_000, 20, 1), (8_000, 100, 1), (8_000, 20, 20)]
SMALL, MANY = [(500, 10, 1), (200, 10, 1), (100, 5, 1), (50, 3, 1)], [(10_000, 50, 3), (1_000, 200, 10)]
ONE_BY_ONE = ("numpy lstsq", "scipy lstsq", "scikit-learn", "statsmodels")
GROWTH = {
    "gradient": {
        "N": [(n, 20, 1) for n in (4_000, 16_000, 64_000, 256_000, 1_024_000)],
        "M": [(20_000, m, 1) for m in (8, 32, 128, 512)],
        "D": [(20_000, 20, d) for d in (2, 8, 32, 128)],
    },
    "fit": {
        "N": [(n, 20, 1) for n in (2_000, 8_000, 32_000, 128_000)],
        "M": [(8_000, m, 1) for m in (8, 32, 128, 256)],
        "D": [(8_000, 20, d) for d in (2, 8, 32)],
    },
}


def run_at_home():
    """Run this file in the environment of the peers, which is made where it is missing or old."""
    stamp = HOME / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != WANTED.read_text(encoding="utf-8"):
        print(f"Making {HOME.relative_to(ROOT)} for the peers ...", flush=True)
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python(), "-m", "pip", "install", "--quiet", "-r", str(WANTED)], check=True)
        stamp.write_text(WANTED.read_text(encoding="utf-8"), encoding="utf-8")
    here = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    return subprocess.run([python(), *sys.argv], env=os.environ | {"PYTHONPATH": here}, check=False).returncode


def python():
    return str(HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def in_turns(calls, seconds):
    """Median and best seconds of each call, each made again and again for a while, in rounds of random order.

    As in a descent, a call finds its code and data where the last one left them. Before its turn the machine rests:
    threads of the BLAS wait for work a tenth of a second, on a core, before they sleep. Short calls are timed several
    at once.
    """
    took = {name: [] for name in calls}
    for _ in range(ROUNDS):
        order = list(calls)
        shuffle(order)
        for name in order:
            time.sleep(REST)
            many = max(1, int(1e-4 / per_call(calls[name], WARM)))
            end = time.perf_counter() + max(seconds / ROUNDS / len(calls), WARM)
            while not took[name] or time.perf_counter() < end:
                begin = time.perf_counter()
                for _ in range(many):
                    calls[name]()
                took[name].append((time.perf_counter() - begin) / many)
    return {name: [median(values), min(values)] for name, values in took.items()}


def per_call(call, seconds):
    """Seconds of a call, on the way to its full speed."""
    count, begin = 0, time.perf_counter()
    while (since := time.perf_counter() - begin) < seconds or not count:
        call()
        count += 1
    return since / count


def data(N, M, D, layout="float64"):
    """Random X and Y whose entries have few bits, so that X^T X is exact and the solution can be found in integers."""
    random = np.random.default_rng(0)
    X, Y = (np.round(2.0**8 * random.normal(size=shape)) / 2.0**8 for shape in ((N, M), (N, D)))
    Y += np.round(2.0**8 * X @ np.linspace(1, 2, M * D).reshape(M, D)) / 2.0**8
    X, Y = (A.astype("float32") if layout == "float32" else A for A in (X, Y if D > 1 else Y[:, 0]))
    if layout == "column-major":
        X = np.asfortranarray(X)
    if layout == "every other column of a larger X":
        X = np.repeat(X, 2, axis=1)[:, ::2]
    return X, Y


def readings(X):
    """Calls that read as many bytes as X spans, by BLAS's threads and by ours; and one that multiplies matrices."""
    low, high = np.lib.array_utils.byte_bounds(X)
    flat, square = np.ones((high - low) // 8), np.ones((600, 600))
    cut = [flat[k] for k in blocks.spans(flat.size, -(-flat.size // threads.available()))]

    def read(parts):
        with threads.single_threaded_blas():
            threads.each(lambda part: float(part.dot(part)), parts)

    return {"read": lambda: flat.dot(flat), "read by all": lambda: read(cut), "multiply": lambda: square @ square}


def limit(took, work):
    """Seconds of the fastest reading, or of so much work at the rate of a product of matrices, if that is longer."""
    read, all_read, multiply = (took.pop(name)[1] for name in ("read", "read by all", "multiply"))
    return max(min(read, all_read), work / (2 * 600**3 / multiply))


def gradients(shapes, seconds):
    rows = []
    for N, M, D, layout in shapes:
        X, Y = data(N, M, D, layout)
        W, b = np.ones((M, *Y.shape[1:]), X.dtype), np.zeros(Y.shape[1:], X.dtype)
        calls = {name: prepare(X, Y, W, b) for name, prepare in peers("gradient").items()}
        took = in_turns(calls | readings(X), seconds)
        least = limit(took, 4 * N * M * D)
        rows.append({"N": N, "M": M, "D": D, "layout": layout, "seconds": took, "limit": least})
        rows[-1]["allocated"] = {name: allocated(calls[name]) for name in ("lrcore", "numpy line")}
        say("gradient", rows[-1])
    return rows


def allocated(call):
    """MB that a call holds at most beyond what was held before."""
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(most / 1e6, 2)


def fits(shapes, seconds, with_digits=True):
    rows = []
    for N, M, D in shapes:
        X, Y = data(N, M, D)
        solvers = peers("fit")
        if D > 1:
            solvers.pop("statsmodels", None)
        calls = {name: prepare(X, Y) for name, prepare in solvers.items()}
        rows.append({"N": N, "M": M, "D": D, "seconds": in_turns(calls, seconds)})
        if with_digits:
            wanted = exactly(X, Y.reshape(N, -1)[:, 0])
            rows[-1]["digits"] = {
                name: digits(np.reshape(call(), (M + 1, -1))[:, 0], wanted) for name, call in calls.items()
            }
        say("fit", rows[-1])
    return rows


def many_fits(problems, seconds):
    """K problems at once; who takes one at a time is asked for the first hundredth of them, again and again."""
    rows = []
    for K, N, M in problems:
        X, Y = data(K * N, M, 1)
        X, Y = X.reshape(K, N, M), Y.reshape(K, N)
        few = K // 100
        calls = {name: prepare(X, Y) for name, prepare in peers("many fits").items() if name not in ONE_BY_ONE}
        alone = {name: prepare(X[:few], Y[:few]) for name, prepare in peers("many fits").items() if name in ONE_BY_ONE}
        took = in_turns(calls | alone, seconds)
        for name in alone:
            took[name] = [100 * each for each in took[name]]
        wanted = [exactly(x, y) for x, y in zip(X[:few], Y[:few], strict=True)]
        found = {name: np.reshape(call()[:few], (few, -1)) for name, call in (calls | alone).items()}
        worst = {name: min(map(digits, found[name], wanted)) for name in found}
        rows.append({"K": K, "N": N, "M": M, "D": 1, "seconds": took, "digits": worst})
        say("many fits", rows[-1])
    return rows


def say(kind, row):
    where = " ".join(str(row[key]) for key in ("K", "N", "M", "D", "layout") if key in row)
    print(kind, where, {name: f"{1e3 * both[0]:.3f} ms" for name, both in row["seconds"].items()}, flush=True)


def exactly(X, y):
    """The least-squares solution with intercept, exactly: elimination in whole numbers (Bareiss)."""
    A = np.column_stack([np.ones(len(X)), X, y]).astype(float)
    if (np.rint(2**8 * A) == 2**8 * A).all():
        A = (2**8 * A).astype(np.int64)
    else:
        unit = max(Fraction(entry).denominator for entry in A.ravel().tolist())
        A = np.array([[int(Fraction(entry) * unit) for entry in row] for row in A.tolist()], dtype=object)
    rows = [[int(entry) for entry in row] for row in A[:, :-1].T @ A]
    last, P = 1, len(rows)
    for k in range(P):  # the matrix is positive definite: no pivot is zero
        pivot = rows[k]
        for i in (i for i in range(P) if i != k):
            factor = rows[i][k]
            rows[i] = [(pivot[k] * a - factor * p) // last for a, p in zip(rows[i], pivot, strict=True)]
        last = pivot[k]
    return np.array([float(Fraction(row[-1], last)) for row in rows])


def digits(got, wanted):
    scale = np.where(wanted == 0, 1, np.abs(wanted))
    return round(float(np.clip(-np.log10(max(np.max(np.abs(np.ravel(got) - wanted) / scale), 1e-16)), 0, 16)), 1)


def accuracy():
    """Digits on the sets of NIST: of the exact solution of the float64 problem, and of the certified values."""
    rows = []
    for name, given in SETS.items():
        if not given.intercept:
            continue
        wanted, row = exactly(given.X, given.y), {"problem": name, "exact": {}, "certified": {}}
        for peer, prepare in peers("fit").items():
            with warnings.catch_warnings(action="ignore"):  # statsmodels warns of Filip, and is right to
                got = prepare(given.X, given.y)()
            row["exact"][peer], row["certified"][peer] = digits(got, wanted), digits(got, given.beta)
        rows.append(row)
    return rows


def on_other_arrays():
    """The readable functions on the arrays of torch and JAX: the largest relative difference from numpy's gradient."""
    jax.config.update("jax_enable_x64", True)
    X, Y = data(1000, 8, 3)
    given = (X, Y, np.ones((8, 3)), np.ones(3))
    wanted, found = gradient(*given), {}
    for name, make in (("torch", torch.from_numpy), ("JAX", jax.device_put)):
        got = portable.gradient(*map(make, given))
        found[name] = max(float(np.abs(np.asarray(g) / w - 1).max()) for g, w in zip(got, wanted, strict=True))
    return found


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
    for N in (100_000, 400_000, 1_600_000):
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
    names = [line.split("==")[0] for line in WANTED.read_text(encoding="utf-8").splitlines() if "==" in line]
    blas = next(each for each in threadpool_info() if each["user_api"] == "blas")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "threads": threads.available(),
        "memory_GB": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30,
        "cache_kB": blocks.cache_bytes() // 1024,
        "blas": f"{blas['internal_api']} {blas['version']}, kernels for {blas['architecture']}",
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in names},
    }


def cpu_lines():
    try:
        return Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return []


def growth(seconds):
    return {
        "gradient": {
            axis: gradients([(*s, "float64") for s in shapes], seconds) for axis, shapes in GROWTH["gradient"].items()
        },
        "fit": {axis: fits(shapes, seconds, with_digits=False) for axis, shapes in GROWTH["fit"].items()},
    }


PARTS = {
    "gradient": lambda seconds: gradients(GRADIENTS, seconds),
    "fit": lambda seconds: fits(FITS, seconds),
    "small": lambda seconds: fits(SMALL, seconds / 2),
    "many": lambda seconds: many_fits(MANY, seconds / 2),
    "growth": lambda seconds: growth(seconds / 4),
    "accuracy": lambda seconds: accuracy(),
    "portable": lambda seconds: on_other_arrays(),
    "memory": lambda seconds: memory(),
    "grid": lambda seconds: fit_grid.grid(),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a rough measurement in half of the time")
    parser.add_argument("--part", choices=PARTS, nargs="+", help="measure these parts anew and keep the others")
    given, kept = parser.parse_args(), RESULTS / "numerics.json"
    results = json.loads(kept.read_text(encoding="utf-8")) | {"machine": machine()}
    for part in given.part or PARTS:
        before, begin = os.getloadavg()[0], time.perf_counter()
        results[part] = PARTS[part](1 if given.quick else 6)
        results["load"][part] = [round(load, 1) for load in (before, os.getloadavg()[0])]
        kept.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(f"{part}: {time.perf_counter() - begin:.0f} s", flush=True)
    numerics_report.write(results)


if __name__ == "__main__":
    if Path(sys.prefix) != HOME:
        sys.exit(run_at_home())
    import fit_grid
    import jax
    import numerics_report
    import numpy as np
    import torch
    from nist import SETS
    from peers import peers
    from threadpoolctl import threadpool_info

    from lrcore import portable
    from lrcore._fast import blocks, threads
    from lrcore.gradients import gradient

    main()
