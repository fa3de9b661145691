"""What is shown of ``benchmarks/results/numerics.json``: the full tables, the figure of growth, the README's table.

    python benchmarks/numerics_report.py

makes them again from the results; ``benchmarks/numerics.py`` does so after it has measured.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks/results"
START, END = "<!-- made by benchmarks/numerics_report.py -->\n", "<!-- until here -->\n"
TIMED = ("gradient", "fit", "small", "many", "growth")
SLOPES = {("fit", "M"): 2}


def write(results):
    """Write all that is made from the results."""
    (RESULTS / "numerics.md").write_text(tables(results), encoding="utf-8")
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(START)
    readme.write_text(before + START + short(results) + END + rest.split(END)[1], encoding="utf-8")
    draw(results, RESULTS / "numerics.svg")


def table(head, rows):
    """A table in Markdown."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows]]
    return "\n".join(lines) + "\n"


def milliseconds(both):
    """The median, to three digits."""
    value = 1e3 * both[0]
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def shape(row):
    layout = row.get("layout", "float64")
    many = f"{row['K']:,} of " if "K" in row else ""
    return f"{many}{row['N']:,} x {row['M']:,}, D = {row['D']}" + ("" if layout == "float64" else f", {layout}")


def against_limit(row):
    """Best call over the limit."""
    return f"{row['seconds']['lrcore'][1] / row['limit']:.1f}"


def ahead(row):
    """How many times as long the fastest peer takes at the same work: numpy's line is without bias, the others with."""
    return min(row["seconds"][name][0] / row["seconds"][beside(name)][0] for name in row["seconds"] if is_peer(name))


def is_peer(name):
    return not name.startswith("lrcore")


def beside(name):
    """Which of our calls does what this peer does."""
    return "lrcore, no bias" if name.startswith("numpy line") else "lrcore"


def where(results):
    here = results["machine"]
    loads = [load for part in TIMED for load in results["load"][part]]
    return (
        f"Measured on {here['cpu']}, {here['cores']} cores, {here['memory_GB']} GB, {here['blas']}, "
        f"{here['threads']} threads each, at a load of {min(loads)} to {max(loads)} "
        f"(above {here['cores']}, others work on the same cores): medians in milliseconds of calls that follow one "
        f"another for a while, each peer in its turn."
    )


def short(results):
    """The README's part: the gradient and the fit beside their peers, and where a peer wins."""
    names = list(results["gradient"][0]["seconds"])
    head = ["gradient", *names, "lrcore / limit"]
    rows = [
        [shape(row), *(milliseconds(row["seconds"][name]) for name in names), against_limit(row)]
        for row in results["gradient"]
    ]
    text = f"{where(results)}\n\n" + table(head, rows)
    return text + "\n" + winners(results) + "\n" + of_fits(results) + "\n" + of_grid(results["grid"])


def of_fits(results):
    """Fits beside their peers: large, small, and many at once."""
    names = list(results["small"][0]["seconds"])
    every = [*results["fit"], *results["small"], *results["many"]]
    rows = [[shape(row), *(with_digits(row, name) for name in names)] for row in every]
    return table(["fit (digits)", *names], rows) + (
        "\nIn brackets the digits of the exact solution that the worst coefficient has. Of many fits, who takes them "
        "one by one (`numpy lstsq`, scipy, scikit-learn, statsmodels) is timed on a hundredth of them.\n"
    )


def of_grid(grid):
    """Fits beside lstsq over all shapes: the best, the middle and the worst ratio of each kind."""
    kinds = {
        "one output, tall": lambda row: row["D"] == 1 and row["N"] > row["M"] + 1,
        "one output, square or wide": lambda row: row["D"] == 1 and row["N"] <= row["M"] + 1,
    }
    for outputs in sorted({row["D"] for row in grid["rows"]} - {1}):
        kinds[f"{outputs:,} outputs"] = lambda row, D=outputs: row["D"] == D
    of_kind = {
        kind: [row for row in grid["rows"] if row["kind"] == kind] for kind in {r["kind"]: 0 for r in grid["rows"]}
    }
    easy = of_kind.pop("")
    cases = [(kind, [row for row in easy if belongs(row)]) for kind, belongs in kinds.items()]
    lines, over = [], []
    for kind, cased in [*cases, *of_kind.items()]:
        rows = sorted(cased, key=ratio)
        shown = [f"{ratio(row):.2f} ({shape(row)})" for row in (rows[0], rows[len(rows) // 2], rows[-1])]
        lines.append([kind, len(rows), *shown, sum(ratio(row) <= 1.5 for row in rows)])
        over += [f"{ratio(row):.2f} at {shape(row)}{called(row)}" for row in rows if ratio(row) > 1.5]
    text = (
        "Fits of shapes at which `np.linalg.lstsq` takes over a millisecond (`python benchmarks/fit_grid.py`): seconds "
    )
    text += "of the processor in one thread over those of `lstsq`, the two in turn, medians, at a load of "
    text += f"{' to '.join(map(str, grid['load']))}. Wide data have the shortest solution, in float64.\n\n"
    text += table(["fit / lstsq", "shapes", "best", "middle", "worst", "at most 1.5"], lines)
    return text + f"\nAbove 1.5: {'; '.join(over) or 'none'}.\n"


def called(row):
    """The kind of the data, where it is no easy one."""
    return f", {row['kind']}" if row["kind"] else ""


def ratio(row):
    return row["ms"]["fit"] / row["ms"]["lstsq"]


def with_digits(row, name):
    if name not in row["seconds"]:
        return ""
    return f"{milliseconds(row['seconds'][name])} ({row['digits'][name]:.0f})"


def winners(results):
    """One sentence that names each shape at which a peer's gradient is faster, and how much."""
    lost = []
    for row in results["gradient"]:
        times = {name: row["seconds"][beside(name)][0] / row["seconds"][name][0] for name in row["seconds"]}
        faster = [f"{name} {times[name]:.2f} times" for name in times if is_peer(name) and times[name] > 1]
        if faster:
            lost.append(f"{shape(row)} ({', '.join(faster)})")
    return (
        "The line of numpy has no bias: its rival is ours without one. The rival of all others is ours with a bias. "
        f"A peer's gradient is faster at: {'; '.join(lost) or 'none of these'}.\n"
    )


def tables(results):
    """All tables of the results."""
    text = f"# Gradient and fit beside their peers\n\n{where(results)}\n"
    names = list(results["gradient"][0]["seconds"])
    rows = [
        [
            shape(row),
            *(milliseconds(row["seconds"][name]) for name in names),
            milliseconds([row["limit"]]),
            against_limit(row),
            f"{ahead(row):.2f}",
        ]
        for row in results["gradient"]
    ]
    text += "\n## Gradient\n\nThe limit is one reading of X by all threads (of all that lies between its first and "
    text += "last number), or the operations at the rate of a large product, whichever is longer.\n\n" + table(
        ["shape", *names, "limit", "lrcore / limit (best)", "best peer / lrcore"], rows
    )
    rows = [[shape(row), *row["allocated"].values()] for row in results["gradient"]]
    text += "\nAllocated at most during a call, MB:\n\n" + table(["shape", *results["gradient"][0]["allocated"]], rows)
    text += "\n## Fit\n\n" + of_fits(results) + "\n## Growth\n\n" + growth(results) + "\n## Digits on NIST's sets\n\n"
    for kind, of in (("exact", "the exact solution of the float64 problem"), ("certified", "the certified values")):
        names = list(results["accuracy"][0][kind])
        rows = [[row["problem"], *(f"{row[kind][name]:.1f}" for name in names)] for row in results["accuracy"]]
        text += f"Of {of}, the worst coefficient:\n\n" + table(["", *names], rows) + "\n"
    rows = [[row[key] for key in ("N", "M", "nothing", "whole", "blocks")] for row in results["memory"]]
    return (
        text
        + "## Memory\n\nPeak MB of a process:\n\n"
        + table(["N", "M", "only started", "fit of all", "by blocks"], rows)
    )


def growth(results):
    """How time grows, as a power of the size over the larger half of the sizes, beside what the count says."""
    rows = []
    for kind, axes in results["growth"].items():
        for axis, measured in axes.items():
            first, last = measured[len(measured) // 2 - 1], measured[-1]
            for name in first["seconds"]:
                rows.append([kind, axis, name, f"{slope(first, last, axis, name):.2f}", SLOPES.get((kind, axis), 1)])
    return table(["", "growing", "who", "measured power", "counted"], rows)


def slope(first, last, axis, name):
    from math import log

    times = last["seconds"][name][1] / first["seconds"][name][1]
    return log(times) / log(last[axis] / first[axis])


def draw(results, path):
    """Seconds over size on logarithmic axes, with the slope that the count of operations gives."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "numerics"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(13, 8), layout="constrained")
    cases = [(kind, axis) for kind, axes_ in results["growth"].items() for axis in axes_]
    for ax, (kind, axis) in zip(axes.flat, cases, strict=True):
        rows = results["growth"][kind][axis]
        sizes = [row[axis] for row in rows]
        names = [name for name in rows[0]["seconds"] if all(name in row["seconds"] for row in rows)]
        for name in names:
            wide = 2.5 if name == "lrcore" else 1.2
            ax.loglog(sizes, [row["seconds"][name][0] for row in rows], "o-", label=name, lw=wide, ms=4)
        power = SLOPES.get((kind, axis), 1)
        last = rows[-1]["seconds"]["lrcore"][0]
        ax.loglog(sizes, [last * (s / sizes[-1]) ** power for s in sizes], "k:", label=f"slope {power}")
        ax.set(title=f"{kind}, {axis} grows", xlabel=axis, ylabel="seconds")
        ax.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    write(json.loads((RESULTS / "numerics.json").read_text(encoding="utf-8")))
