"""The project's own files: what is pinned and why, what make says on an unfit machine, how the server ends."""

import ast
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
DIRECT = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and not line.startswith("#")]
LOCK = (ROOT / "requirements.lock").read_text()


def test_every_direct_dependency_is_pinned_with_a_reason():
    for line in DIRECT:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+  # .{10,}", line), line


def test_the_lock_holds_every_direct_dependency_and_a_hash_for_each_package():
    for line in DIRECT:
        assert f"\n{line.split()[0]} \\\n" in f"\n{LOCK}", line
    packages = re.split(r"\n(?=\w)", LOCK.split("\n", 2)[2])
    assert len(packages) > 100
    for package in packages:
        assert "--hash=sha256:" in package, package


def test_no_lock_file_names_a_download_address():
    assert "://" not in LOCK
    front = json.loads((ROOT / "book/_front/package-lock.json").read_text())
    for name, package in front["packages"].items():
        assert "resolved" not in package
        assert name == "" or package["integrity"].startswith("sha512-")


# Modules that one of the Pythons after the first supported one has no more.
GONE = {
    *("asynchat", "asyncore", "imp", "distutils", "smtpd", "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt"),
    *("imghdr", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib"),
    *("uu", "xdrlib", "lib2to3", "pkg_resources"),
}  # fmt: skip
NEW = {"annotationlib", "compression", "concurrent.interpreters", "pathlib.types", "string.templatelib"}  # and not yet


def imports_beyond(tree):
    """Modules that a syntax tree imports and that not all supported Pythons have."""
    names = [one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and not one.level]
    names += [each.name for one in ast.walk(tree) if isinstance(one, ast.Import) for each in one.names]
    return sorted(
        name for name in names if name.partition(".")[0] in GONE or any(f"{name}.".startswith(f"{one}.") for one in NEW)
    )


def test_the_supported_pythons_are_said_alike_and_no_file_is_written_for_another_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(project["project"]["classifiers"]))
    assert named == ["3.11", "3.12", "3.13", "3.14"]
    first = named[0]
    assert project["project"]["requires-python"] == f">={first}" == f">={project['tool']['mypy']['python_version']}"
    assert project["tool"]["ruff"]["target-version"] == f"py{first.replace('.', '')}"
    lock = json.loads((ROOT / "_build/pyodide/static/pyodide/pyodide-lock.json").read_text())
    assert lock["info"]["python"].startswith(f"{named[-1]}."), "the newest is the one of the page"
    with pytest.raises(SyntaxError):
        ast.parse("type X = int", feature_version=(3, 11))
    assert imports_beyond(ast.parse("import imp, os\nfrom string.templatelib import Template\nfrom . import cgi")) == [
        "imp",
        "string.templatelib",
    ]
    for path in sorted((ROOT / "lrcore").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 11))
        assert imports_beyond(tree) == [], path


def spoiled(tree):
    """Docstrings in which a formula has lost its backslash, as ``\\top`` does to a tab."""
    holders = (one for one in ast.walk(tree) if isinstance(one, ast.Module | ast.ClassDef | ast.FunctionDef))
    return [
        said
        for one in holders
        if not (said := ast.get_docstring(one, clean=False) or " ").replace("\n", " ").isprintable()
    ]


def test_no_formula_of_a_docstring_has_lost_its_backslash():
    assert spoiled(ast.parse('def f():\n    "A\\top."'))
    assert not spoiled(ast.parse('def f():\n    r"A\\top."\n\ndef g(): ...'))
    for path in (ROOT / "lrcore").rglob("*.py"):
        assert spoiled(ast.parse(path.read_text(encoding="utf-8"))) == [], path


def test_the_wheel_holds_the_types_and_the_data(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(ROOT / "lrcore", source / "lrcore", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir"]
    subprocess.run([*command, str(tmp_path), str(source)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("lrcore-*.whl")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        packed.extractall(tmp_path / "installed")
        (metadata,) = (packed.read(name).decode() for name in names if name.endswith("METADATA"))
    assert {"lrcore/py.typed", "lrcore/datasets/king_county.csv.gz", "lrcore/datasets/README.md"} <= names
    assert "lrcore/datasets/equations.json" in names
    folder = "lrcore/homework/report/templates"
    templates = {f"{folder}/{path.name}" for path in (ROOT / folder).iterdir()}
    assert templates and templates <= names
    theirs = [path for folder in ("sphinx", "notes") for path in (ROOT / "lrcore" / folder).rglob("*.*")]
    wanted = {path.relative_to(ROOT).as_posix() for path in theirs if "__pycache__" not in path.parts}
    assert any(name.endswith(".mjs") for name in wanted) and wanted <= names
    assert f"Requires-Python: {version}" in metadata
    said = holds_in(tmp_path / "installed", "n-chain").stdout
    assert said.split(" ", 1)[1].startswith("n-chain holds, entry by entry")
    (tmp_path / "installed/lrcore/datasets/equations.json").unlink()
    assert holds_in(tmp_path / "installed", "n-chain").returncode == 1


def holds_in(installed: Path, label: str) -> subprocess.CompletedProcess:
    """A printed equation verified by the lrcore in this folder, far from the pages of the book."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); from lrcore import symbolic; import lrcore"
    code += "; assert lrcore.__file__.startswith(sys.argv[1]); print(repr(symbolic.holds(sys.argv[2])))"
    command = [sys.executable, "-I", "-c", code, str(installed), label]
    return subprocess.run(command, cwd=installed, capture_output=True, text=True, timeout=120)


def install_with(python: str, tmp_path: Path) -> subprocess.CompletedProcess:
    """Run the installer in an empty project, with a Python that is a shell script."""
    (tmp_path / "book/_tools").mkdir(parents=True)
    shutil.copyfile(ROOT / "book/_tools/install.sh", tmp_path / "book/_tools/install.sh")
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text("")
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\n{python}\n")
    fake.chmod(0o755)
    return subprocess.run(
        ["sh", "book/_tools/install.sh"],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": str(fake)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_old_python_is_told_so_in_one_sentence(tmp_path):
    done = install_with("exit 1", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The book needs Python 3.11 or newer")
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_venv_is_told_what_to_install(tmp_path):
    done = install_with('case "$2" in *ensurepip*) exit 1;; esac', tmp_path)
    assert done.returncode == 1
    assert "python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def start(command: list[str]) -> tuple[int, int]:
    """Run a command in a terminal of its own; its process id and the terminal."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(ROOT)
        os.environ.update({"BROWSER": "true"})
        os.execvp(command[0], command)
    return process, terminal


def read_until(terminal: int, wanted: str, seconds: float = 90) -> str:
    """What the terminal shows, up to the wanted text or the end."""
    shown, until = "", time.monotonic() + seconds
    while wanted not in shown and time.monotonic() < until:
        if select.select([terminal], [], [], 0.5)[0]:
            try:
                shown += os.read(terminal, 4096).decode()
            except OSError:
                break
    return shown


@pytest.fixture
def served():
    """``make serve`` of the built book in a terminal: its process, the terminal, the address."""
    assert (SITE / "index.html").is_file(), "the book is not built; run `make build` first"
    process, terminal = start(["make", "--no-print-directory", "-o", "build", "serve"])
    try:
        shown = read_until(terminal, "stops it)")
        assert "http://127.0.0.1:" in shown, shown
        yield process, terminal, re.search(r"http://127\.0\.0\.1:\d+/", shown)[0]
    finally:
        os.close(terminal)
        try:
            os.kill(process, signal.SIGTERM)
            os.waitpid(process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def test_the_server_serves_the_book_and_ctrl_c_ends_make_with_success(served):
    process, terminal, address = served
    with urllib.request.urlopen(address, timeout=10) as page:
        assert page.status == 200
    os.write(terminal, b"\x03")
    shown = read_until(terminal, "nothing ends with this", 20)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    assert "Stopped." in shown
    assert "Traceback" not in shown
    assert "Error" not in shown
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=5)


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which serves as well
        server = subprocess.Popen(
            [sys.executable, "book/_tools/serve.py"],
            cwd=ROOT,
            env={**os.environ, "BROWSER": "true"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            lines = [server.stdout.readline() for _ in range(2)]
            assert re.search(r"http://127\.0\.0\.1:80(0[1-9]|[1-9]\d)/", lines[1]), lines
        finally:
            server.send_signal(signal.SIGINT)
            rest, _ = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "Traceback" not in rest
