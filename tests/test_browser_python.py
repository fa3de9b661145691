"""Compiled packages from a distribution like Pyodide's: part of the site if their hashes are right, else refused."""

import json
import sys
import threading
import zipfile
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "book" / "_tools"))
import browser_python

VERSION = "314.0.7"


def small_wheel(folder, name):
    """A wheel as small as it can be; the name of its file."""
    path = folder / f"{name}-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "")
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    return path.name


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A web host that serves four wheels as Pyodide's does, and a lock file with their hashes; the folder."""
    wheels, source = tmp_path / "host" / f"v{VERSION}" / "full", tmp_path / "source"
    wheels.mkdir(parents=True)
    source.mkdir()
    packages = {}
    for name in browser_python.COMPILED:
        file = small_wheel(wheels, name)
        digest = sha256((wheels / file).read_bytes()).hexdigest()
        packages[name] = {"file_name": file, "sha256": digest, "depends": []}
    (source / "pyodide-lock.json").write_text(json.dumps({"info": {}, "packages": packages}))
    (source / "package.json").write_text(json.dumps({"version": VERSION}))
    for name in browser_python.CORE:
        (source / name).write_text("core")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "host")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.delenv("PYODIDE_WHEELS", raising=False)
    monkeypatch.setattr(browser_python, "SOURCE", source)
    monkeypatch.setattr(
        browser_python, "DISTRIBUTION", f"http://127.0.0.1:{server.server_address[1]}/v{{version}}/full/"
    )
    yield wheels
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def folder(tmp_path, served):
    """Where the site keeps Python, with its core."""
    place = tmp_path / "static" / "pyodide"
    place.mkdir(parents=True)
    for name in browser_python.CORE:
        (place / name).write_text("core")
    return place


def test_wheels_with_the_right_hashes_become_part_of_the_site_and_of_its_lock_file(served, folder):
    assert browser_python.add_compiled(folder)
    for wheel in served.iterdir():
        assert (folder / wheel.name).read_bytes() == wheel.read_bytes()
    browser_python.write_lock(folder)
    lock = json.loads((folder / "pyodide-lock.json").read_text())["packages"]
    assert set(lock) == set(browser_python.COMPILED)
    assert lock["numpy"]["sha256"] == sha256((served / lock["numpy"]["file_name"]).read_bytes()).hexdigest()


def test_a_wheel_that_is_not_the_one_of_the_lock_file_is_refused_and_nothing_of_it_is_kept(served, folder):
    spoiled = next(served.glob("matplotlib*"))
    spoiled.write_bytes(spoiled.read_bytes() + b"and something else")
    with pytest.raises(SystemExit, match="matplotlib from Pyodide's distribution has another hash"):
        browser_python.add_compiled(folder)
    assert not (folder / spoiled.name).exists()


def test_a_distribution_that_lacks_a_wheel_leaves_the_site_without_and_says_how_to_have_them(served, folder, capsys):
    next(served.glob("numpy*")).unlink()
    assert not browser_python.add_compiled(folder)
    assert "set PYODIDE_WHEELS" in capsys.readouterr().out
    assert not list(folder.glob("*.whl"))


def test_a_distribution_out_of_reach_leaves_the_site_without(folder, monkeypatch):
    monkeypatch.setattr(browser_python, "DISTRIBUTION", "http://127.0.0.1:1/")
    assert not browser_python.add_compiled(folder)
