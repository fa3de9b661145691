"""Before anybody is graded: does the sandbox hold on this machine? It is tried, not believed."""

from lrcore.errors import InputError
from lrcore.homework.sandbox import bubblewrap, protocol

_PROBES = """
import mmap, os, socket, time

def tried(what):
    try:
        what()
        return "allowed"
    except BaseException as error:
        return type(error).__name__

def connect():
    socket.create_connection(("127.0.0.1", 22), timeout=0.5)

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

interfaces = str([name for _, name in socket.if_nameindex() if name != "lo"])
user = os.getuid()
network = tried(connect)
writing = str([place for place in ("/", "/usr", "/grader", "/dev", "/proc/sys") if os.access(place, os.W_OK)])
homes = str([place for place in ("/home", "/root", "/etc/shadow", "/var") if os.path.exists(place)])
memory = tried(lambda: mmap.mmap(-1, 8_000_000_000))
children = forks()
"""
_NAMES = ("interfaces", "user", "network", "writing", "homes", "memory", "children")


def rehearse(limits: bubblewrap.Limits | None = None) -> dict[str, object]:
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
    found = protocol.read(bubblewrap.run(job, limits).lines, limits.output)
    values = {name: found.answers[name][0].value for name in _NAMES if name in found.answers}
    broken = _broken(values, limits)
    if broken:
        raise InputError(
            f"The sandbox does not hold on this machine: {broken}; grade in a container or on another machine."
        )
    return values


def _broken(values: dict[str, object], limits: bubblewrap.Limits) -> str:
    """Which wall does not hold; empty when all do."""
    if set(values) != set(_NAMES):
        return "the trial run gave no answer"
    walls = {
        "there is a network": values["interfaces"] == "[]" and values["network"] != "allowed",
        "the user is root": values["user"] != 0,
        "the system can be written to": values["writing"] == "[]",
        "the host's files are there": values["homes"] == "[]",
        "memory has no cap": values["memory"] == "OSError",
        "processes have no cap": isinstance(values["children"], float) and 0 < values["children"] <= limits.processes,
    }
    return ", ".join(wall for wall, holds in walls.items() if not holds)
