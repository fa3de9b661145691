"""Break each printed equation in every way that tests/broken.py knows, and have ``holds`` look at each.

``python benchmarks/broken_equations.py`` writes ``benchmarks/results/broken.json``: for each label the variants that
were tried, how many were refused, and those that hold all the same, which are true (a constant has no derivative). It
ends with 1 if others hold.
"""

import sys
import time
from pathlib import Path
from typing import Any

from kept import keep

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from broken import STILL_TRUE, broken, with_another

from lrcore._printed import book
from lrcore.symbolic import holds


def tried(original: dict[str, Any], label: str, latex: str) -> dict[str, Any]:
    """What came of every variant of one equation."""
    variants, left = [variant for _, variant in broken(latex)], []
    for variant in variants:
        changed = with_another(original, label, variant)
        book.pages = lambda changed=changed: changed  # type: ignore[assignment]
        try:
            holds(label)
        except AssertionError:
            continue
        left.append(variant)
    return {"variants": len(variants), "refused": len(variants) - len(left), "hold all the same": left}


def main() -> int:
    started, original = time.perf_counter(), book.pages()
    found = {}
    for one in list(book.all_printed()):
        book.pages = lambda: original  # type: ignore[assignment]
        try:
            holds(one.label)
        except AssertionError:  # a definition, or wrong on purpose
            continue
        found[one.label] = tried(original, one.label, one.latex)
        print(one.label, found[one.label], flush=True)
    wrong = [label for label, one in found.items() if len(one["hold all the same"]) != STILL_TRUE.get(label, 0)]
    total = {key: sum(one[key] for one in found.values()) for key in ("variants", "refused")}
    keep("broken", "equations", {**total, "seconds": round(time.perf_counter() - started), "labels": found})
    print(total, "not as expected:", wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
