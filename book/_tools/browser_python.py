"""Python for the browser, in ``_build/pyodide``: Pyodide's core, lrcore and the packages that cells import.

The core comes with npm, checked by ``package-lock.json``. Pure Python packages come from PyPI in the versions and
with the hashes of ``requirements.lock``. Compiled ones are those that Pyodide's own lock file names and hashes; they
are taken from the folder PYODIDE_WHEELS, else from Pyodide's distribution, and where neither is there the site does
without.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import front
from files import ROOT, digest
from packaging.metadata import parse_email
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

TARGET = ROOT / "_build" / "pyodide"
SOURCE = front.TARGET / "pyodide"
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
PURE = ["anywidget", "comm", "ipywidgets", "mpmath", "psygnal", "sympy", "traitlets", "typing-extensions"]
FOR_FIGURES = ["contourpy", "cycler", "fonttools", "packaging", "pyparsing", "python-dateutil", "six"]
COMPILED = ["kiwisolver", "matplotlib", "numpy", "pillow"]
OWN = ROOT / "book" / "_front" / "live" / "python"
MADE_FROM = ["lrcore", "pyproject.toml", "requirements.lock", "book/_front", "book/_tools/browser_python.py"]
PLATFORM = {"platform_system": "Emscripten", "sys_platform": "emscripten", "python_version": "3.14", "extra": ""}
DISTRIBUTION = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"


def install() -> Path:
    """Have all of it in ``_build/pyodide``; does nothing when it is there."""
    stamp = TARGET / "made-from"
    wanted = f"{digest(ROOT, MADE_FROM)} {given()}"
    if stamp.is_file() and stamp.read_text() == wanted:
        return TARGET / "static"
    print("Putting together Python for the browser ...", flush=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    folder = TARGET / "static" / "pyodide"
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copyfile(SOURCE / name, folder / name)
    compiled = add_compiled(folder)
    add_pure(folder, [*PURE, *(FOR_FIGURES if compiled else [])])
    add_lrcore(folder)
    zip_folder(OWN, folder / "page_kernel.zip")
    write_lock(folder)
    stamp.write_text(wanted)
    return TARGET / "static"


def has_numbers(static: Path) -> bool:
    """Whether this copy carries numpy and what goes with it."""
    return "numpy" in json.loads((static / "pyodide" / "contents.json").read_text())["packages"]


def given() -> str:
    """A hash of the wheels that PYODIDE_WHEELS offers; empty where it is not set."""
    folder = os.environ.get("PYODIDE_WHEELS")
    if not folder:
        return ""
    if not Path(folder).is_dir():
        raise SystemExit(f"PYODIDE_WHEELS is {folder}, which is not a folder: name one that holds wheels for Pyodide.")
    total = sha256()
    for path in sorted(Path(folder).resolve().glob("*.whl")):
        total.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def add_compiled(folder: Path) -> bool:
    """Add the compiled packages; tell whether they are there."""
    lock = json.loads((SOURCE / "pyodide-lock.json").read_text())["packages"]
    offered = os.environ.get("PYODIDE_WHEELS")
    fetch = from_folder(Path(offered).resolve()) if offered else from_distribution()
    try:
        wheels = {name: fetch(lock[name]["file_name"]) for name in COMPILED}
    except OSError as error:
        if offered:
            raise SystemExit(f"PYODIDE_WHEELS lacks a wheel that this Pyodide goes with: {error}.") from error
        print("  without numpy and matplotlib: set PYODIDE_WHEELS, for Pyodide's distribution is out of reach.")
        return False
    for name, content in wheels.items():
        check(name, content, lock[name]["sha256"], own=bool(offered))
        (folder / lock[name]["file_name"]).write_bytes(content)
    return True


def from_folder(folder: Path):
    return lambda name: (folder / name).read_bytes()


def from_distribution():
    version = json.loads((SOURCE / "package.json").read_text())["version"]
    address = DISTRIBUTION.format(version=version)

    def fetch(name: str) -> bytes:
        with urllib.request.urlopen(address + name, timeout=10) as answer:  # an https address, and hashed below
            return bytes(answer.read())

    return fetch


def check(name: str, content: bytes, expected: str, own: bool) -> None:
    """Refuse a download that is not what Pyodide's lock file says; of a folder of your own, say that it differs."""
    if sha256(content).hexdigest() == expected:
        return
    if not own:
        raise SystemExit(f"{name} from Pyodide's distribution has another hash than Pyodide's lock file: not used.")
    print(f"  {name}: your own build from PYODIDE_WHEELS, not the one that Pyodide's lock file names")


def add_pure(folder: Path, names: list[str]) -> None:
    """Download what requirements.lock pins, as a browser would need it, checked against the hashes there."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as chosen:
        chosen.write("\n".join(pinned(name) for name in names))
        chosen.flush()
        run_pip("download", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(folder),
                "--python-version", "3.14", "--implementation", "cp", "--abi", "cp314", "--abi", "none",
                "--platform", "pyemscripten_2026_0_wasm32", "--requirement", chosen.name)  # fmt: skip


def pinned(name: str) -> str:
    """The lines of requirements.lock for a package, with its hashes; of several, the one for Python 3.14."""
    blocks = (ROOT / "requirements.lock").read_text().replace("\\\n", " ").splitlines()
    found = [line for line in blocks if line.split("==")[0].strip() == name]
    for line in found:
        requirement = Requirement(line.split(" --hash")[0])
        if requirement.marker is None or requirement.marker.evaluate({**PLATFORM, "python_full_version": "3.14.2"}):
            return line.replace(line.split(" --hash")[0], str(requirement).split(";")[0])
    raise SystemExit(f"requirements.lock does not pin {name}, which Python in the browser needs: run  make lock.")


def run_pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stderr}The packages for Python in the browser could not be had; check the network.")


def add_lrcore(folder: Path) -> None:
    """Build the wheel of lrcore, from a copy: setuptools leaves folders behind."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            if (ROOT / name).is_file():
                shutil.copy(ROOT / name, place)
        shutil.copytree(ROOT / "lrcore", Path(place) / "lrcore", ignore=shutil.ignore_patterns("__pycache__"))
        run_pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), place)


def zip_folder(source: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(source.rglob("*.py")):
            archive.write(path, path.relative_to(source).as_posix())


def write_lock(folder: Path) -> None:
    """Pyodide's lock file, pruned to what is there, and the sizes that the page tells its reader.

    What a compiled package needs, Pyodide's own lock file says; lrcore needs nothing by itself: a cell's imports tell.
    """
    lock = json.loads((SOURCE / "pyodide-lock.json").read_text())
    wheels = {str(parse_wheel_filename(path.name)[0]): path for path in sorted(folder.glob("*.whl"))}
    packages = {name: entry(name, path) for name, path in wheels.items()}
    for name, one in packages.items():
        known = lock["packages"][name]["depends"] if name in COMPILED else []
        one["depends"] = sorted({*one["depends"], *known} & wheels.keys()) if name != "lrcore" else []
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": lock["info"], "packages": packages}, indent=1))
    sizes = {name: {"size": path.stat().st_size, "needs": packages[name]["depends"]} for name, path in wheels.items()}
    core = sum((folder / name).stat().st_size for name in CORE)
    (folder / "contents.json").write_text(json.dumps({"core": core, "packages": sizes}, indent=1))


def entry(name: str, path: Path) -> dict[str, Any]:
    """What Pyodide wants to know of a wheel."""
    with zipfile.ZipFile(path) as wheel:
        files = wheel.namelist()
        metadata, _ = parse_email(wheel.read(next(one for one in files if one.endswith(".dist-info/METADATA"))))
    return {
        "name": name,
        "version": str(metadata["version"]),
        "file_name": path.name,
        "install_dir": "site",
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted({one.split("/")[0].removesuffix(".py") for one in files if ".dist-info" not in one}),
        "depends": needs(metadata.get("requires_dist", [])),
        "unvendored_tests": False,
    }


def needs(required: list[str]) -> list[str]:
    asked = [Requirement(text) for text in required]
    return [str(canonicalize_name(one.name)) for one in asked if one.marker is None or one.marker.evaluate(PLATFORM)]


if __name__ == "__main__":
    front.install()
    install()
