"""A baseline: what an old book is not asked about again. A finding is known by its file, its rule and its formula, so
that it stays known where lines move, and as often as it was there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .checking import Finding
from .sources import Unusable


def written(findings: Iterable[Finding], path: Path) -> int:
    """Keep all that fails or is open; how many there are."""
    found = Counter(_key(one, path.parent) for one in findings if one.level != "none")
    rows = [
        {"file": file, "rule": rule, "latex": latex, "times": times} for (file, rule, latex), times in found.items()
    ]
    rows.sort(key=lambda row: (row["file"], row["rule"], row["latex"]))
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return found.total()


def new(findings: Iterable[Finding], path: Path) -> list[Finding]:
    """What is not in the baseline."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        left = Counter({(row["file"], row["rule"], row["latex"]): int(row["times"]) for row in rows})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{path}: this baseline can't be read ({error}); `--write-baseline` makes one.") from None
    found = []
    for one in findings:
        key = _key(one, path.parent)
        if one.level != "none" and left[key] > 0:
            left[key] -= 1
        else:
            found.append(one)
    return found


def _key(one: Finding, folder: Path) -> tuple[str, str, str]:
    file = Path(one.file).resolve()
    inside = file.is_relative_to(folder.resolve())
    name = file.relative_to(folder.resolve()).as_posix() if inside else Path(one.file).as_posix()
    return name, one.rule, " ".join((one.latex or one.message).split())
