"""What is shown of the benchmark of the numerics is made from its results, and these name no one's machine."""

import importlib.util
import json
import platform
import re
from pathlib import Path

import pytest

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
    (many,) = (
        row["milliseconds"] for row in found["many at once"] if (row["K"], row["N"], row["M"]) == (10_000, 50, 3)
    )
    assert many["fit"] <= 5 * many["normal equations"]
    assert all(row["microseconds"]["gradient"] <= row["microseconds"]["line"] + 5 for row in found["gradients"])
    (batches,) = (row for name, row in found.items() if name.startswith("200 steps"))
    assert batches["descend as it comes"] <= 3 * batches["plain loop"]


def test_most_fits_of_the_grid_take_at_most_one_and_a_half_times_lstsq_and_readme_names_the_others():
    every = results()["grid"]["rows"]
    rows, hard = ([row for row in every if bool(row["kind"]) is kind] for kind in (False, True))
    over = [row for row in every if row["ms"]["fit"] > 1.5 * row["ms"]["lstsq"]]
    assert len(rows) > 100 and len([row for row in over if not row["kind"]]) <= 5
    assert {row["D"] for row in rows} == {1, 20, 200, 5000} and not any(
        row["D"] == 1 and not row["kind"] for row in over
    )
    kinds = {row["kind"]: [0, 0] for row in hard}
    for row in hard:
        kinds[row["kind"]][row in over] += 1
    assert len(kinds) == 3 and all(sum(count) >= 10 for count in kinds.values())
    for kind, (within, beyond) in kinds.items():
        assert beyond <= 3 or "two columns one" in kind, (kind, within, beyond)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for row in over:
        said = f"{row['ms']['fit'] / row['ms']['lstsq']:.2f} at {row['N']:,} x {row['M']:,}, D = {row['D']}"
        assert said + (f", {row['kind']}" if row["kind"] else "") in readme


def test_small_and_many_fits_stand_beside_all_peers():
    found = results()
    small, many = ([row for row in found[part] if (row["N"], row["M"]) == (50, 3)] for part in ("small", "many"))
    for (row,) in (small, many):
        assert {"numpy lstsq", "scipy lstsq", "scikit-learn", "statsmodels", "torch", "JAX"} <= row["seconds"].keys()
        assert row["seconds"].keys() == row["digits"].keys() and row["digits"]["lrcore"] >= 15
        assert row["seconds"]["lrcore"][0] < row["seconds"]["scikit-learn"][0]


def test_every_peer_is_pinned_with_a_reason():
    lines = (ROOT / "benchmarks/requirements.txt").read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if not line.startswith("#")):
        assert re.fullmatch(r"[a-z-]+==[\w.]+  # .{8,}", line), line


def kept(subject):
    return json.loads((RESULTS / f"{subject}.json").read_text(encoding="utf-8"))


def test_of_what_is_proved_few_steps_have_no_certificate_and_no_damaged_one_passed():
    found = kept("certificates")
    assert found["book"]["not covered, percent"] <= 5 and found["corpus"]["not covered, percent"] <= 10
    for source in ("book", "corpus", "identities"):
        one = found[source]
        assert one["certified"] + len(one["not covered"]) == one["proved steps"] and one["false at numbers"] == []
        assert sum(one["kinds"].values()) == one["certified"]
    assert found["offered for mutants"]["proved claims"] >= 1000 and found["offered for mutants"]["passed"] == []


@pytest.mark.parametrize("part", ["a sample", "a later, smaller sample", "the latest sample"])
def test_the_mutation_run_lists_what_survives_and_says_what_was_asked(part):
    found = kept("prover_mutants")[part]
    assert found["noticed"] + len(found["survivors"]) == found["drawn"] <= found["of"]
    assert all(one["noticed by"] == "" and one["asked"] >= 0 for one in found["survivors"])
    files = [one["file"] for one in found["survivors"]]
    for file, said in found["by file"].items():
        noticed, tried = map(int, said.split(" of "))
        assert tried - noticed == files.count(file), file
    assert all((ROOT / one).is_file() for one in found.get("tests", ()))
    assert isinstance(found["seed"], int)
    assert all(found.get("left out because they are slow", ["?"])) and found["state of the source"]
