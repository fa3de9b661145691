"""The watch: what all processes of a sandbox use together, seen from outside, and when that is too much.

The clock of the watch stands still while somebody in the sandbox wants to run and is not let: a busy machine costs
nobody anything. Memory is what the processes hold, what stands in the files of the sandbox (which are memory), and what
the kernel may hold for each process in pipes and local sockets.
"""

import os
import select
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_GAP = 0.1
_BUFFER = 212_992  # bytes: what one end of a local socket may hold
SLACK = 3  # seconds: the worker's own limits come first, these are for what a question's processes use together


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Seconds of CPU time a question and in all; bytes of memory; processes; bytes of a file, and open files a process;
    bytes of output; seconds asleep at a stretch; seconds by the clock a question and in all; files in the sandbox.
    """

    cpu: int = 10
    total_cpu: int = 60
    memory: int = 1_500_000_000
    processes: int = 32
    file: int = 8_000_000
    files: int = 128
    output: int = 1_000_000
    asleep: float = 5.0
    wall: float = 40.0
    total_wall: float = 180.0
    made: int = 10_000


@dataclass(frozen=True)
class Outcome:
    """What came out of one sandbox: its lines, why it ended, its CPU time, its time by the clock but for waiting."""

    lines: tuple[bytes, ...]
    ended: str
    cpu: float
    wall: float = 0.0
    complaint: str = ""


@dataclass(frozen=True)
class _Use:
    memory: int
    cpu: float
    busy: bool
    files: int
    threads: dict[str, tuple[float, float]]  # seconds that each has run, and waited for its turn, so far


@dataclass
class Watch:
    """One sandbox under watch; ``done`` says of what was heard whether it is all."""

    process: subprocess.Popen[bytes]
    limits: Limits
    heard: bytearray = field(default_factory=bytearray)
    cpu: float = 0.0
    wall: float = 0.0
    before: float = 0.0  # CPU time that was used before this watch began
    _threads: dict[str, tuple[float, float]] = field(default_factory=dict)

    def until(self, done: Callable[[bytes], bool] = lambda heard: False) -> str:
        """Wait for the end; returns why it came: done, closed, output, memory, processes, cpu, asleep, wall."""
        assert self.process.stdout is not None
        looked = time.monotonic()
        moved = spoke = self.wall  # by our clock: when anything last ran, and when it last said where it is
        spoke_cpu, ended, most = self.cpu, "", 4 * self.limits.output
        while not ended:
            if select.select([self.process.stdout], [], [], _GAP)[0]:
                piece = os.read(self.process.stdout.fileno(), 65536)
                self.heard += piece
                moved = spoke = self.wall
                spoke_cpu = self.cpu
                ended = "output" if len(self.heard) > most else "" if piece else "closed"
                ended = ended or ("done" if done(bytes(self.heard)) else "")
                if time.monotonic() - looked < _GAP and not ended:
                    continue
            now, use = time.monotonic(), look(self.process.pid, self.limits)
            alive = use.busy or use.cpu > self.cpu or use.threads != self._threads
            # the kernel says how long a thread has waited when it has its turn, and that may be several looks later
            self.wall = max(spoke, self.wall + now - looked - self._waited(use.threads))
            looked = now
            if alive:
                moved = self.wall
            self.cpu = max(self.cpu, use.cpu)
            ended = ended or self._too_much(use, self.cpu - spoke_cpu, self.wall - moved, self.wall - spoke)
        return ended

    def _waited(self, threads: dict[str, tuple[float, float]]) -> float:
        """How long, since the last look, the one that waited longest for its turn has waited."""
        before, self._threads = self._threads, threads
        return max((waited - before.get(one, (0.0, 0.0))[1] for one, (_, waited) in threads.items()), default=0.0)

    def _too_much(self, use: _Use, cpu: float, asleep: float, wall: float) -> str:
        most = self.limits
        if use.memory > most.memory or use.files > most.made:
            return "memory"
        if len(use.threads) > most.processes + 8:
            return "processes"
        if self.cpu - self.before > most.total_cpu + 2 or (self.heard and cpu > most.cpu + SLACK):
            return "cpu"
        if asleep > most.asleep:
            return "asleep"
        return "wall" if wall > most.wall or self.wall > most.total_wall else ""


def look(root: int, limits: Limits) -> _Use:
    """What all processes below ``root`` use; busy when one of them runs or wants to."""
    memory, shares, ticks, busy, files = 0, 0, 0, False, 0
    times = dict[str, tuple[float, float]]()
    family = _family(root)
    for pid, threads in family.items():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (OSError, UnicodeDecodeError):
            continue
        busy = busy or fields[0] in "RD"
        ticks += sum(int(fields[k]) for k in (11, 12, 13, 14))
        memory += int(fields[21]) * _PAGE
        for thread in threads:
            times[thread] = _times(f"/proc/{pid}/task/{thread}/schedstat")
    if memory > limits.memory:  # pages that several processes share were counted for each of them: share them out
        shares = sum(_share(pid) for pid in family)
        memory = min(memory, shares)
    for folder in ("tmp", "dev/shm"):
        held, made = _files(list(family)[1:2], folder)
        memory, files = memory + held, files + made
    buffers = max(0, len(family) - 3) * limits.files * _BUFFER  # bwrap, its first, the worker: these hold none
    return _Use(memory + buffers, ticks / _TICK, busy, files, times)


def _family(root: int) -> dict[int, list[str]]:
    """The processes below one, with their threads."""
    family, ahead = dict[int, list[str]](), [root]
    while ahead and len(family) < 500:
        pid = ahead.pop()
        family[pid] = _listed(f"/proc/{pid}/task")
        for task in family[pid]:
            try:
                ahead += [int(child) for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
            except OSError:
                continue
    return family


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _times(path: str) -> tuple[float, float]:
    """Seconds that a thread has run, and that it wanted to run and another ran in its place."""
    try:
        ran, waited = Path(path).read_text().split()[:2]
        return int(ran) / 1e9, int(waited) / 1e9
    except (OSError, ValueError):
        return 0.0, 0.0


def _share(pid: int) -> int:
    """The memory of a process, with each shared page divided among those who share it."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
        return 0
    except (OSError, ValueError):
        try:
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        except (OSError, ValueError, IndexError):
            return 0


def _files(first: list[int], folder: str) -> tuple[int, int]:
    """Bytes and number of the files in a folder in memory, as the sandbox's first process sees it."""
    try:
        found = os.statvfs(f"/proc/{first[0]}/root/{folder}")
    except (OSError, IndexError):
        return 0, 0
    if found.f_blocks * found.f_frsize > 1 << 30:  # no folder of ours: theirs are small
        return 0, 0
    return (found.f_blocks - found.f_bfree) * found.f_frsize, found.f_files - found.f_ffree
