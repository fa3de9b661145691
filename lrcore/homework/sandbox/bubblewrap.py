"""The sandbox: bubblewrap around the worker, caps on everything, and a watch from outside.

Inside there is no network, no home, no file of the host but Python and its packages, read-only; the user is nobody.
A filter lets the system calls through that notebooks need (:mod:`.seccomp`); the kernel holds memory and processes
where it gives control groups (:mod:`.cgroups`). From outside, :mod:`.watch` ends what uses too much or sleeps.
"""

import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.sandbox import cgroups, libraries, seccomp
from lrcore.homework.sandbox.watch import Limits, Outcome, Watch

__all__ = ["Limits", "Outcome", "command", "require", "run"]
_WORKER = "import worker; worker.main()"
_FILTER = "the filter of system calls"
_COUNT = itertools.count()


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
    if not seccomp.known():
        raise InputError(
            f"The sandbox has no list of system calls for {platform.machine()}; grade on x86_64 or aarch64."
        )


def run(job: dict[str, Any], limits: Limits, without: tuple[str, ...] = (), packages: tuple[str, ...] = ()) -> Outcome:
    """Run the worker on a job; whatever it does, this returns within the limits."""
    job = {**job, "without": libraries.functions(without)}
    with tempfile.TemporaryFile() as stdin, cgroups.group(limits.memory, limits.processes) as group:
        stdin.write(json.dumps({**job, "limits": limits_inside(limits)}).encode())
        stdin.seek(0)
        with started(group.wrapped(filtered(command(without, packages))), stdin) as process:
            watch = Watch(process, limits)
            ended = watch.until()
            complaint = _complaint(process) if ended == "closed" and not watch.heard else ""
        if complaint:
            raise InputError(_no_sandbox(complaint))
        ended = "memory" if ended == "closed" and group.killed_for_memory() else ended
        return Outcome(tuple(bytes(watch.heard).split(b"\n")), ended, watch.cpu, watch.wall)


def limits_inside(limits: Limits) -> dict[str, Any]:
    """The limits that what runs inside puts on itself, and who it becomes."""
    return {**asdict(limits), "uid": _uid(), "processes": _processes(limits)}


def _complaint(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    return process.stderr.read(2000).decode(errors="replace") if process.wait() else ""


@contextmanager
def started(command: list[str], stdin: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A sandbox that runs, and is ended here; nothing of this process's own environment is seen in it."""
    with ExitStack() as files:
        words, given = list[str](), list[int]()
        for word in command:
            text = _text_for(word)
            if text is not None:
                file = files.enter_context(tempfile.TemporaryFile())
                file.write(text)
                file.seek(0)
                given.append(file.fileno())
            words.append(word if text is None else str(given[-1]))
        process = subprocess.Popen(
            words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=given, env={}
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _text_for(word: str) -> bytes | None:
    """What bwrap is to read where this word stands in its command."""
    if word == _FILTER:
        return seccomp.program()
    return libraries.text_for(word) if word.startswith(libraries.REFUSING) else None


def filtered(words: list[str]) -> list[str]:
    """The command with the filter of system calls, which :func:`started` puts in."""
    return [shutil.which(words[0]) or words[0], "--seccomp", _FILTER, *words[1:]]


def command(without: tuple[str, ...] = (), packages: tuple[str, ...] = (), start: str = _WORKER) -> list[str]:
    """The bwrap command that runs ``start``; for what it has, and must not have, see :mod:`.libraries`."""
    words = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    words += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "grader", "--clearenv", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # the worker itself becomes a user that exists for this sandbox alone
        words += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        words += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
        words += ["--disable-userns"] if "--disable-userns" in _abilities() else []
    for name, value in _ENVIRONMENT.items():
        words += ["--setenv", name, value]
    words += [word for mount in _mounts(without, packages) for word in mount]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    return [*words, _python(), "-I", "-S", "-B", "-c", _START.format(path=_inside_path(), start=start), "worker"]


_ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "LD_LIBRARY_PATH": "/python/lib:/usr/local/lib",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
}
_START = "import gc, sys; gc.disable(); sys.path += {path}; {start}"  # no garbage while loading


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


def _mounts(without: tuple[str, ...], packages: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name in ("/usr", "/lib", "/lib64", "/bin"):
        if os.path.islink(name):
            yield "--symlink", os.readlink(name), name
        elif os.path.isdir(name):
            yield "--ro-bind", name, name
    if not _of_the_system():
        yield "--ro-bind", sys.base_prefix, "/python"
    for folder in ("/grader", "/packages"):
        yield "--perms", "0755", "--dir", folder
    yield from libraries.installed(packages, _packages())
    yield from libraries.lrcore(without)
    yield from libraries.refusing(without, _packages())
    yield "--ro-bind", str(Path(__file__).with_name("worker.py")), "/grader/worker.py"
    yield "--proc", "/proc"
    yield "--perms", "0755", "--tmpfs", "/dev"
    for name in ("null", "random", "urandom"):
        yield "--dev-bind", f"/dev/{name}", f"/dev/{name}"
    for place, name in enumerate(("stdin", "stdout", "stderr")):
        yield "--symlink", f"/proc/self/fd/{place}", f"/dev/{name}"
    yield "--symlink", "/proc/self/fd", "/dev/fd"
    for name, size in (("/tmp", 16 << 20), ("/dev/shm", 4 << 20)):
        if "--size" in _abilities():
            yield "--size", str(size), "--perms", "1777", "--tmpfs", name
        else:  # an older bwrap cannot bound a folder in memory, so there is none to write into
            yield "--dir", name


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


def _no_sandbox(complaint: str) -> str:
    said = " ".join(complaint.split())[:200]
    return (
        f"bubblewrap could not make the sandbox ({said}); on Ubuntu 24.04 and later give bwrap an AppArmor profile, "
        "in a container allow user namespaces, as the chapter 'Teaching with this book' shows."
    )
