"""Are the answer keys right? Each assignment is solved for many variants by a path of its own, and the keys compared.

    python benchmarks/answer_keys.py 1000          all six
    python benchmarks/answer_keys.py 1000 hw6      one alone; what is known of the others stays

Writes ``benchmarks/results/answer_keys.json``.
"""

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "answer_keys.json"


def main(variants: int, names: list[str]) -> None:
    """Solve assignments for so many students, and keep what was found."""
    sys.path.insert(0, str(ROOT / "tests"))
    from homework.independent import SOLVERS, faults

    found = json.loads(RESULT.read_text(encoding="utf-8")) if names else {}
    for name in names or SOLVERS:
        began = time.process_time()
        wrong = [fault for k in range(variants) for fault in faults(name, f"s{k}")]
        found[name] = {"variants": variants, "wrong": wrong, "seconds": round(time.process_time() - began, 1)}
        print(name, found[name], flush=True)
    RESULT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2:])
