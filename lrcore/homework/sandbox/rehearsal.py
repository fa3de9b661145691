"""Before anybody is graded: does the sandbox hold on this machine? It is tried, not believed."""

import os
import platform
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.sandbox import bubblewrap, cgroups, protocol

_PROBES = """
import ctypes, errno, mmap, os, resource, socket, time

def tried(what):
    try:
        what()
        return "allowed"
    except BaseException as error:
        return type(error).__name__

libc = ctypes.CDLL(None, use_errno=True)

def called(name, *arguments):
    libc.__getattr__(name)(*arguments)
    return errno.errorcode.get(ctypes.get_errno(), "")

def connect():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outside:
        outside.settimeout(0.5)
        outside.connect(("127.0.0.1", 22))

def forks():
    born = []
    try:
        for _ in range(200):
            pid = os.fork()
            if pid == 0:
                time.sleep(20)
                os._exit(0)
            born.append(pid)
    except OSError:
        pass
    for pid in born:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    return len(born)

def filled(folder):
    written = 0
    try:
        for number in range(100):
            with open(f"{folder}/{number}", "wb") as file:
                written += file.write(b"x" * 1_000_000)
    except OSError:
        pass
    for number in range(100):
        try:
            os.unlink(f"{folder}/{number}")
        except OSError:
            pass
    return written

with open("/proc/net/dev") as file:
    interfaces = str([line.split(":")[0].strip() for line in file if ":" in line and "lo:" not in line])
user = os.getuid()
network = tried(connect)
sockets = str([family for family in (2, 10, 16, 17, 40) if tried(lambda: socket.socket(family)) == "allowed"])
with open("/proc/self/mounts") as file:
    places = {line.split()[1] for line in file} | {"/usr", "/grader", "/proc/sys"}
holds = [one for one in places - {"/tmp", "/dev/shm"} if os.path.isdir(one) or os.path.isfile(one)]  # not devices
writing = str([place for place in sorted(holds) if os.access(place, os.W_OK)])
homes = str([place for place in ("/home", "/root", "/etc/shadow", "/var") if os.path.exists(place)])
memory = tried(lambda: mmap.mmap(-1, 8_000_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
shared = str([called("shmget", 0, 4096, 0o1600), called("memfd_create", b"x", 0), tried(lambda: mmap.mmap(-1, 4096))])
namespaces = str([called("unshare", 0x10000000), called("setns", 0, 0)])
calls = str([called(name, 0, 0, 0, 0, 0) for name in ("ptrace", "mount", "keyctl", "bpf") if hasattr(libc, name)])
with open("/proc/self/status") as file:
    filter = [line.split()[1] for line in file if line.startswith("Seccomp:")][0]
files = filled("/tmp") + filled("/dev/shm")
children = forks()
"""
_NAMES = (
    "interfaces", "user", "network", "sockets", "writing", "homes", "memory", "shared", "namespaces", "calls", "filter",
    "files", "children",
)  # fmt: skip
_ROOM = (("gradient",), ("numpy",))  # such as assignments have, with folders in place of what they leave out
_FILES = 24_000_000  # bytes that all folders in memory hold together, and a little more


def rehearse(limits: bubblewrap.Limits | None = None) -> dict[str, Any]:
    """Try the sandbox's walls from inside; what was found, by name.

    Raises
    ------
    InputError
        there is no bubblewrap, or a wall does not hold: the message says which.
    """
    bubblewrap.require()
    limits = limits or bubblewrap.Limits()
    questions = [{"id": name, "name": name, "cases": [None]} for name in _NAMES]
    job = {"cells": [{"source": _PROBES, "questions": questions}], "skip": [], "answered": []}
    found = protocol.read(bubblewrap.run(job, limits, *_ROOM).lines, limits.output)
    values = {name: found.answers[name][0].value for name in _NAMES if name in found.answers}
    broken = _broken(values, limits)
    if broken:
        raise InputError(
            f"The sandbox does not hold on this machine: {broken}; grade in a container or on another machine."
        )
    return values


def _broken(values: dict[str, Any], limits: bubblewrap.Limits) -> str:
    """Which wall does not hold; empty when all do."""
    if set(values) != set(_NAMES):
        return "the trial run gave no answer"
    refused = "['EPERM', 'EPERM'"
    walls = {
        "there is a network": values["interfaces"] == "[]" and values["network"] != "allowed",
        "sockets lead outside": values["sockets"] == "[]",
        "the user is root": values["user"] != 0,
        "the system can be written to": values["writing"] == "[]",
        "the host's files are there": values["homes"] == "[]",
        "memory has no cap": values["memory"] == "OSError",
        "memory can be shared unseen": values["shared"] == f"{refused}, 'PermissionError']",
        "namespaces can be nested": values["namespaces"] == f"{refused}]",
        "system calls are not filtered": values["filter"] == "2" and set(_words(values["calls"])) <= {"EPERM"},
        "files have no cap": isinstance(values["files"], float) and values["files"] <= _FILES,
        "processes have no cap": isinstance(values["children"], float) and 0 < values["children"] <= limits.processes,
    }
    return ", ".join(wall for wall, holds in walls.items() if not holds)


def _words(text: object) -> list[str]:
    return str(text).strip("[]").replace("'", "").split(", ")


# ---------------------------------------------------------------------- what holds on this machine, for a teacher

_SPIN = "while True: pass"
_SLEEP = "import time\ntime.sleep(10 ** 6)"
_TRICKLE = "import time\nwhile True:\n    time.sleep(0.05)\n    sum(range(20_000))"
_CROWD = (
    "import os, time\nfor _ in range(12):\n    if os.fork() == 0:\n"
    "        held = b'x' * 60_000_000\n        time.sleep(600)\ntime.sleep(600)"
)
_FILES_WITHOUT_END = "for number in range(10 ** 7): open(f'/tmp/{number}', 'w').close()"
_TRIALS = (  # what is tried, with limits that are soon reached, and the ends that are right
    ("a loop that does not end", _SPIN, {"cpu": 1, "total_cpu": 1}, ("cpu", "closed")),
    ("time.sleep(10**6)", _SLEEP, {"asleep": 0.8}, ("asleep",)),
    ("sleeping in small pieces", _TRICKLE, {"wall": 1.5}, ("wall",)),
    ("memory of many processes", _CROWD, {"memory": 500_000_000}, ("memory",)),
    ("empty files without end", _FILES_WITHOUT_END, {"made": 300}, ("memory",)),
)


def walls() -> str:
    """What holds on this machine and by what, tried now: a table for a teacher.

    Raises
    ------
    InputError
        a wall does not hold.
    """
    found = rehearse()
    group = cgroups.held()
    rows = [
        ("started by", "root" if os.geteuid() == 0 else "a user who is not root"),
        ("the code runs as", f"user {found['user']:.0f}, without any capability"),
        ("kernel", f"{platform.release()}, {platform.machine()}"),
        ("network", "none; sockets of no family but AF_UNIX"),
        ("files", f"nothing of the host to write to; {found['files'] / 1e6:.0f} MB in /tmp and /dev/shm, counted"),
        ("shared memory", "SysV, memfd and nameless: refused; POSIX: files in /dev/shm, counted"),
        ("namespaces", "none can be made inside"),
        ("system calls", "filtered: those of a short list go through, others get EPERM"),
        ("processes", f"{found['children']:g} beside the first, by rlimit" + (f" and {group}" if group else "")),
        ("memory", f"1 process by rlimit; all together by {group} and the watch" if group else
         "1 process by rlimit; all together by the watch alone: this system gives no control group"),
        ("waiting for a turn", "not counted" if os.path.exists("/proc/self/schedstat") else
         "counted: this kernel does not say how long it was"),
    ]  # fmt: skip
    rows += [(what, _ended(what, source, most, right)) for what, source, most, right in _TRIALS]
    width = max(len(name) for name, _ in rows)
    return "The sandbox holds.\n" + "\n".join(f"  {name:<{width}}  {said}" for name, said in rows)


def _ended(
    what: str, source: str, most: dict[str, Any], right: tuple[str, ...],
    run: Callable[..., bubblewrap.Outcome] = bubblewrap.run,
) -> str:  # fmt: skip
    job = {"cells": [{"source": source, "questions": []}], "skip": [], "answered": []}
    outcome = run(job, replace(bubblewrap.Limits(), **most))
    if outcome.ended not in right:
        raise InputError(f"The sandbox does not hold on this machine: {what} was not ended as it should be.")
    return f"ended after {outcome.wall:.1f} s by the clock, {outcome.cpu:.1f} s of CPU time (limit here {_say(most)})"


def _say(most: dict[str, Any]) -> str:
    name, value = next(iter(most.items()))
    return {"memory": f"{value / 1e6:.0f} MB", "made": f"{value} files"}.get(name, f"{value:g} s")
