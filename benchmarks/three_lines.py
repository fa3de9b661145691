"""Run the three lines of the chapter *From gradient to trust* in statsmodels and JAX, and store what they compute.

    pip install statsmodels==0.15.0 jax==0.10.2 numpy
    python benchmarks/three_lines.py            writes lrcore/datasets/three_lines.json
    python benchmarks/three_lines.py --check    compares with that file, writes nothing

Neither is a dependency of the book: it reads the stored numbers. The lines that are run are those that the chapter
shows, taken from its page. PyTorch's are in ``torch_backward.py``.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "book" / "trust.md"
FILE = ROOT / "lrcore" / "datasets" / "three_lines.json"


def shown(library: str) -> str:
    """The block of the chapter that imports this library."""
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return next(block for block in blocks if block.startswith(f"import {library}"))


def run(code: str, **given: Any) -> dict[str, Any]:
    exec(compile(code, str(PAGE), "exec"), given)  # noqa: S102  our own page
    return given


def computed() -> dict[str, Any]:
    reference = json.loads((FILE.parent / "torch_backward.json").read_text(encoding="utf-8"))["inputs"]
    X, Y = np.array(reference["X"]), np.array(reference["Y"])
    W, b = (np.array(reference["linear"][name]) for name in ("W", "b"))
    by_jax = run(shown("jax"), X=X, Y=Y, W=W, b=b)

    from lrcore.data import synthetic

    table = synthetic(20, 3, seed=7)
    by_statsmodels = run(shown("statsmodels"), X=table.X, y=table.Y)
    import statsmodels.api as sm

    columns = sm.add_constant(table.X)
    ridge = sm.OLS(table.Y, columns).fit_regularized(alpha=0.5, L1_wt=0.0).params
    return {
        "made_by": "benchmarks/three_lines.py",
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("statsmodels", "jax", "numpy")},
        },
        "jax": {name: np.asarray(by_jax[name]).tolist() for name in ("dW", "db")},
        "statsmodels": {"params": by_statsmodels["found"].params.tolist(), "ridge_half": np.asarray(ridge).tolist()},
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare with the stored numbers")
    found = computed()
    if not arguments.parse_args().check:
        FILE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        return
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    for library in ("jax", "statsmodels"):
        for name, value in found[library].items():
            assert np.allclose(value, stored[library][name], rtol=1e-12), f"{library}: {name} differs"
    print("as stored")


if __name__ == "__main__":
    main()
