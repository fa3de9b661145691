"""What is shown of the benchmark of the numerics is made from its results, and these name no one's machine."""

import importlib.util
import json
import platform
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks/results"


def report():
    spec = importlib.util.spec_from_file_location("numerics_report", ROOT / "benchmarks/numerics_report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def results():
    return json.loads((RESULTS / "numerics.json").read_text(encoding="utf-8"))


def test_the_readme_s_table_and_the_full_tables_are_what_the_results_give():
    made = report()
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split(made.START)[1].split(made.END)[0]
    assert shown == made.short(results())
    assert (RESULTS / "numerics.md").read_text(encoding="utf-8") == made.tables(results())


def test_a_shape_at_which_a_peer_is_faster_is_named():
    made, row = report(), results()["gradient"][0]
    assert made.winners({"gradient": [row]}).endswith("at: none of these.\n")
    row["seconds"]["JAX"][0] = row["seconds"]["lrcore"][0] / 2
    assert made.winners({"gradient": [row]}).endswith("at: 1,000,000 x 20, D = 1 (JAX 2.00 times).\n")
    row["seconds"]["numpy line"][0] = row["seconds"]["lrcore, no bias"][0] * 1.5
    assert "numpy line" not in made.winners({"gradient": [row]}).split("faster at")[1]


def test_the_results_describe_the_machine_but_name_neither_it_nor_its_folders():
    for file in sorted(RESULTS.glob("numerics.*")):
        text = file.read_text(encoding="utf-8")
        assert str(ROOT) not in text and not re.search(r"/(home|root|tmp|work|Users)/", text), file
        assert len(platform.node()) < 5 or platform.node() not in text, file
    assert {"cpu", "cores", "memory_GB", "cache_kB", "blas", "python", "packages"} <= results()["machine"].keys()


def test_every_solver_is_asked_for_digits_and_ours_has_all_of_them():
    for row in results()["accuracy"]:
        assert row["exact"]["lrcore"] >= 15 and len(row["exact"]) >= 4, row["problem"]
    assert {"scipy", "scikit-learn", "statsmodels", "jax"} <= results()["machine"]["packages"].keys()


def test_the_readable_functions_ran_on_the_arrays_of_torch_and_jax():
    found = results()["portable"]
    assert found.keys() == {"torch", "JAX"} and max(found.values()) < 1e-12


def test_a_small_fit_costs_little_more_than_numpy_s_and_small_batches_little_more_than_a_plain_loop():
    found = json.loads((RESULTS / "overheads.json").read_text(encoding="utf-8"))
    (small,) = (row["microseconds"] for row in found["fits"] if (row["N"], row["M"], row["D"]) == (50, 3, 1))
    assert small["fit"] - small["lstsq"] <= 80
    (batches,) = (row for name, row in found.items() if name.startswith("200 steps"))
    assert batches["descend as it comes"] <= 6 * batches["plain loop"]


def test_every_peer_is_pinned_with_a_reason():
    lines = (ROOT / "benchmarks/requirements.txt").read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if not line.startswith("#")):
        assert re.fullmatch(r"[a-z-]+==[\w.]+  # .{8,}", line), line
