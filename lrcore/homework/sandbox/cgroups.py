"""Control groups, where the system gives them: the kernel itself holds memory and processes of a sandbox.

Both generations are served. A group of our own is made below the one that we run in; where we may not make one,
nothing is done, and the limits of processes (rlimits) with the watch hold alone.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

_COUNT = count()
_MOUNT = Path("/sys/fs/cgroup")
_LEAF = "lrcore-grader"


@dataclass(frozen=True)
class Group:
    """Folders whose ``cgroup.procs`` a process writes itself into; none where there is no group."""

    folders: tuple[Path, ...] = ()

    def wrapped(self, command: list[str]) -> list[str]:
        """The command, started inside the group."""
        if not self.folders:
            return command
        join = "".join(f'echo $$ > "{folder}/cgroup.procs"; ' for folder in self.folders)
        return ["/bin/sh", "-c", f'{join}exec "$@"', "sh", *command]

    def killed_for_memory(self) -> bool:
        """Whether the kernel ended a process of the group because all its memory was used."""
        for folder in self.folders:
            for name in ("memory.events", "memory.oom_control"):
                with suppress(OSError, ValueError):
                    found = dict(line.split() for line in (folder / name).read_text().splitlines())
                    return int(found.get("oom_kill", 0)) > 0
        return False


def held() -> str:
    """Which generation holds on this machine: ``cgroup v2``, ``cgroup v1``, or empty."""
    return _parents()[0]


@contextmanager
def group(memory: int, processes: int) -> Iterator[Group]:
    """A group with these limits, for one sandbox; it goes when the sandbox has ended."""
    with _made(_parents()[1], memory, processes) as folders:
        yield Group(folders)


@contextmanager
def _made(parents: tuple[Path, ...], memory: int, processes: int) -> Iterator[tuple[Path, ...]]:
    """A folder below each parent, with its limits written; none where that fails."""
    made, whole = list[Path](), True
    try:
        for parent in parents:
            folder = parent / f"lrcore-{os.getpid()}-{next(_COUNT)}"
            folder.mkdir()
            made.append(folder)
            _limit(folder, memory, processes)
    except OSError:
        whole = False
    try:
        yield tuple(made) if whole else ()
    finally:
        for folder in made:
            _remove(folder)


def _limit(folder: Path, memory: int, processes: int) -> None:
    limits = {
        "memory.max": memory, "memory.swap.max": 0, "pids.max": processes + 8,
        "memory.limit_in_bytes": memory, "memory.memsw.limit_in_bytes": memory,
    }  # fmt: skip
    there = [name for name in limits if (folder / name).exists()]
    if not there:
        raise OSError(f"{folder} holds nothing")
    for name in there:
        (folder / name).write_text(str(limits[name]))


def _remove(folder: Path) -> None:
    for _ in range(100):  # what was killed a moment ago may still be on its way out
        try:
            folder.rmdir()
        except OSError:
            with suppress(OSError):
                (folder / "cgroup.kill").write_text("1")
            time.sleep(0.005)
        else:
            return


@cache
def _parents() -> tuple[str, tuple[Path, ...]]:
    """The groups below which ours are made, tried once: a process was put into one, and it was there."""
    own = _own(Path("/proc/self/cgroup").read_text() if Path("/proc/self/cgroup").exists() else "")
    second = _second(own.get("", ""))
    first = tuple(_MOUNT / name / own[name].lstrip("/") for name in ("memory", "pids") if name in own)
    for generation, parents in (("cgroup v2", (second,) if second else ()), ("cgroup v1", first)):
        if parents and len(parents) == (1 if generation == "cgroup v2" else 2) and _works(parents):
            _sweep(parents)
            return generation, parents
    return "", ()


def _sweep(parents: tuple[Path, ...]) -> None:
    """Take away what graders that were killed have left."""
    for folder in (one for parent in parents for one in parent.glob("lrcore-*-*")):
        if not Path("/proc", folder.name.split("-")[1]).exists():
            with suppress(OSError):
                folder.rmdir()


def _works(parents: tuple[Path, ...]) -> bool:
    with _made(parents, 64 << 20, 8) as folders:
        if len(folders) < len(parents):
            return False
        command = Group(folders).wrapped(["cat", "/proc/self/cgroup"])
        said = subprocess.run(command, capture_output=True, text=True, timeout=20)
        return all(folder.name in said.stdout for folder in folders)


def _own(text: str) -> dict[str, str]:
    """Where this process stands, by controller; the second generation has no name."""
    lines = (line.split(":", 2) for line in text.splitlines() if line.count(":") >= 2)
    return {name: path for _, names, path in lines for name in names.split(",")}


def _second(path: str) -> Path | None:
    """Our group of the second generation, with memory and processes handed on to its children.

    A group that limits its children may hold no process itself, but for the root: so those in it, which are ours, step
    down into one of its children first. That is done only where the group was handed over to us (``Delegate=yes``).
    """
    home = _MOUNT / path.lstrip("/").removesuffix(_LEAF)
    try:
        if not {"memory", "pids"} <= set((home / "cgroup.controllers").read_text().split()):
            return None
        switch = home / "cgroup.subtree_control"
        if not {"memory", "pids"} <= set(switch.read_text().split()):
            leaf = home / _LEAF
            leaf.mkdir(exist_ok=True)
            for pid in (home / "cgroup.procs").read_text().split():
                with suppress(OSError):
                    (leaf / "cgroup.procs").write_text(pid)
            switch.write_text("+memory +pids")
    except OSError:
        return None
    return home
