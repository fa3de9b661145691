"""A packed copy beside each file of text of the site, for hosts that hand it out as it is (``serve.py`` does)."""

import gzip
import os
from pathlib import Path

PACKED = (".html", ".css", ".js", ".mjs", ".svg", ".json", ".wasm", ".txt", ".inv")
LEAST = 600  # bytes: below, nothing is saved


def pack(site: Path) -> int:
    """Write ``name.gz`` beside ``name`` where it is missing or of another time, which is that of what it packs: a site
    that was copied is not taken for packed. Tell how many there are.
    """
    for old in site.rglob("*.gz"):
        if not old.with_suffix("").is_file():
            old.unlink()
    files = [one for one in site.rglob("*") if one.suffix in PACKED and one.stat().st_size >= LEAST]
    for file in files:
        packed = file.with_name(f"{file.name}.gz")
        changed = file.stat().st_mtime_ns
        if not packed.is_file() or packed.stat().st_mtime_ns != changed:
            packed.write_bytes(gzip.compress(file.read_bytes(), 9 if file.suffix != ".wasm" else 6, mtime=0))
            os.utime(packed, ns=(changed, changed))
    return len(files)
