"""The sandbox: bubblewrap around the worker, caps on everything, and a watch from outside.

Inside there is no network, no home, no file of the host but Python and its packages, read-only; the user is nobody.
Outside, the watch sums the memory and the CPU time of all processes in the sandbox, and ends it when they are too much
or when everything in it sleeps. Waiting for a turn on a busy machine counts for nothing.
"""

import itertools
import json
import os
import platform
import re
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lrcore.errors import InputError

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_GAP = 0.1
_COUNT = itertools.count()
_ALSO = {  # what else goes with a module that an assignment withholds under the name it has, or had
    "gradient": ("gradients", "_former/gradient"),
    "loss": ("losses", "_former/loss"),
    "closed_form": ("_exact/solution", "_scale"),
}
_SLACK = 3  # seconds: the worker's own limits come first, this one is for what a question's processes use together


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds of CPU time a question and in all, bytes, processes, seconds asleep."""

    cpu: int = 10
    total_cpu: int = 60
    memory: int = 1_500_000_000
    processes: int = 32
    file: int = 8_000_000
    files: int = 128
    output: int = 1_000_000
    asleep: float = 5.0
    wall: float = 900.0


@dataclass(frozen=True)
class Outcome:
    """What came out of one sandbox: its lines, why it ended, how much CPU time it took."""

    lines: tuple[bytes, ...]
    ended: str
    cpu: float


def require() -> None:
    """Raise one sentence that says what to do, where this machine cannot make a sandbox that holds."""
    if platform.system() != "Linux":
        raise InputError(
            f"Grading runs students' code in bubblewrap, which {platform.system()} does not have; grade in a Linux "
            "container or virtual machine, as the chapter 'Teaching with this book' shows."
        )
    if shutil.which("bwrap") is None:
        raise InputError(
            "Grading runs students' code in bubblewrap, which is not installed; install it "
            "(Debian, Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap) and grade again."
        )


def run(job: dict[str, Any], limits: Limits, without: tuple[str, ...] = ()) -> Outcome:
    """Run the worker on a job; whatever it does, this returns within the limits."""
    given = {**asdict(limits), "uid": _uid(), "processes": _processes(limits)}
    with tempfile.TemporaryFile() as stdin:
        stdin.write(json.dumps({**job, "limits": given}).encode())
        stdin.seek(0)
        process = subprocess.Popen(
            command(without), stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=True
        )
        try:
            return _watch(process, limits)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def command(without: tuple[str, ...] = ()) -> list[str]:
    """The bwrap command that starts the worker; ``without`` names modules of lrcore that it must not have."""
    words = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    words += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "grader", "--clearenv", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # the worker itself becomes a user that exists for this sandbox alone
        words += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        words += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
        words += ["--disable-userns"] if "--disable-userns" in _abilities() else []
    for name, value in _ENVIRONMENT.items():
        words += ["--setenv", name, value]
    words += [word for mount in _mounts(without) for word in mount]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    return [*words, _python(), "-I", "-S", "-B", "-c", _START.format(path=_inside_path()), "worker"]


_ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "LD_LIBRARY_PATH": "/python/lib",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
}
_START = "import gc, sys; gc.disable(); sys.path += {path}; import worker; worker.main()"  # no garbage while loading


@cache
def _abilities() -> frozenset[str]:
    """The options that this version of bwrap has."""
    said = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, timeout=20)
    return frozenset(re.findall(r"--[a-z-]+", said.stdout + said.stderr))


def _of_the_system() -> bool:
    return Path(sys.base_prefix).is_relative_to("/usr")


def _python() -> str:
    """Where the interpreter lies inside: a home that nobody may enter is no place for it."""
    real = Path(sys.executable).resolve()
    return str(real) if _of_the_system() else str(Path("/python") / real.relative_to(Path(sys.base_prefix).resolve()))


def _packages() -> list[Path]:
    return sorted({Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")})


def _inside_path() -> list[str]:
    return ["/grader", *(f"/packages/{place}" for place, _ in enumerate(_packages()))]


def _mounts(without: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name in ("/usr", "/lib", "/lib64", "/bin"):
        if os.path.islink(name):
            yield "--symlink", os.readlink(name), name
        elif os.path.isdir(name):
            yield "--ro-bind", name, name
    if not _of_the_system():
        yield "--ro-bind", sys.base_prefix, "/python"
    for folder in ("/grader", "/packages"):
        yield "--perms", "0755", "--dir", folder
    lrcore = Path(__file__).resolve().parents[2]
    for place, packages in enumerate(_packages()):
        yield "--ro-bind", str(packages), f"/packages/{place}"
        if (packages / "lrcore").is_dir():
            yield "--perms", "0755", "--tmpfs", f"/packages/{place}/lrcore"
    yield "--ro-bind", str(lrcore), "/grader/lrcore"
    for module in (*without, *(other for name in without for other in _ALSO.get(name, ()))):
        inside = f"/grader/lrcore/{module}"
        if (lrcore / f"{module}.py").is_file():
            yield "--ro-bind", os.devnull, f"{inside}.py"
        elif (lrcore / module).is_dir():
            yield "--perms", "0755", "--tmpfs", inside
    yield "--ro-bind", str(Path(__file__).with_name("worker.py")), "/grader/worker.py"
    yield "--proc", "/proc"
    yield "--dev", "/dev"
    if "--size" in _abilities():
        yield "--size", "16777216", "--perms", "1777", "--tmpfs", "/tmp"
    else:  # an older bwrap cannot bound a folder in memory, so there is none to write into
        yield "--dir", "/tmp"


def _uid() -> int:
    """A user number that no other sandbox of this run has, so that the cap on processes counts this sandbox alone."""
    return 1_600_000_000 + os.getpid() % 1_000_000 * 100 + next(_COUNT) % 100


def _processes(limits: Limits) -> int:
    """The cap on processes; before Linux 5.14 it counts all that the user runs, also outside."""
    release = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2])
    if os.geteuid() == 0 or release >= (5, 14):
        return limits.processes
    mine = sum(one.stat().st_uid == os.geteuid() for one in Path("/proc").glob("[0-9]*/task/*"))
    return limits.processes + mine + 64


# ---------------------------------------------------------------------- the watch


def _watch(process: subprocess.Popen[bytes], limits: Limits) -> Outcome:
    assert process.stdout is not None and process.stderr is not None
    heard, complaint, most = bytearray(), b"", 4 * limits.output
    began = moved = time.monotonic()
    cpu = spoke = 0.0  # CPU time now, and when it last said which cell or question it is at
    ended = ""
    while not ended:
        if select.select([process.stdout], [], [], _GAP)[0]:
            piece = os.read(process.stdout.fileno(), 65536)
            heard += piece
            moved, spoke = time.monotonic(), cpu
            ended = "output" if len(heard) > most else "" if piece else "closed"
            if time.monotonic() - began < _GAP:
                continue
        now, use = time.monotonic(), _use(process.pid)
        if use.busy or use.cpu > cpu:
            moved = now
        cpu = max(cpu, use.cpu)
        ended = ended or _too_much(use, cpu, now - moved, now - began, limits)
        if heard and cpu - spoke > limits.cpu + _SLACK:
            ended = ended or "cpu"
    if ended == "closed":
        complaint = process.stderr.read(2000) if process.wait() else b""
    if complaint and not heard:
        raise InputError(_no_sandbox(complaint.decode(errors="replace")))
    return Outcome(tuple(bytes(heard).split(b"\n")), ended, cpu)


@dataclass(frozen=True)
class _Use:
    memory: int
    cpu: float
    busy: bool


def _too_much(use: _Use, cpu: float, asleep: float, wall: float, limits: Limits) -> str:
    if use.memory > limits.memory:
        return "memory"
    if cpu > limits.total_cpu + 2:
        return "cpu"
    if asleep > limits.asleep:
        return "asleep"
    return "wall" if wall > limits.wall else ""


def _use(root: int) -> _Use:
    """Memory and CPU time of all processes below ``root``; busy when one of them runs or wants to."""
    memory, ticks, busy = 0, 0, False
    for pid in _family(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (OSError, UnicodeDecodeError):
            continue
        busy = busy or fields[0] in "RD"
        ticks += sum(int(fields[k]) for k in (11, 12, 13, 14))
        memory += int(fields[21]) * _PAGE
    return _Use(memory, ticks / _TICK, busy)


def _family(root: int) -> list[int]:
    family, look = list[int](), [root]
    while look and len(family) < 500:
        pid = look.pop()
        family.append(pid)
        for task in _listed(f"/proc/{pid}/task"):
            try:
                look += [int(child) for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
            except OSError:
                continue
    return family


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _no_sandbox(complaint: str) -> str:
    said = " ".join(complaint.split())[:200]
    return (
        f"bubblewrap could not make the sandbox ({said}); on Ubuntu 24.04 and later give bwrap an AppArmor profile, "
        "in a container allow user namespaces, as the chapter 'Teaching with this book' shows."
    )
