"""Where the benchmarks keep what they measured: a file a subject in ``results``, the machine beside the numbers."""

import json
import os
import platform
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def machine() -> dict[str, str | int | float]:
    """What the numbers were measured on, and how busy it was at the end."""
    return {
        "cores": os.cpu_count() or 1,
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def keep(subject: str, part: str, found: dict[str, Any]) -> None:
    """Write one part of ``results/subject.json``, and leave its other parts as they are."""
    path = RESULTS / f"{subject}.json"
    parts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    parts[part] = {**found, "machine": machine()}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(parts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
