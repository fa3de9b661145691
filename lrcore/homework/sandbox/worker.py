"""What runs inside the sandbox: a student's cells, and the questions that are put to what they define.

The job comes as JSON on standard input, the answers leave as lines of JSON on standard output. Nothing here decides
what is right: no expected value ever comes this far. Of lrcore it imports ``cells`` and ``withheld`` alone.
"""

import builtins
import gc
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from typing import Any

import numpy as np

from lrcore.homework.sandbox import cells, withheld

_asarray, _ndarray, _dumps, _loads = np.asarray, np.ndarray, json.dumps, json.loads
_SHOWN = 300
_DEEPEST = 8
_LARGEST = 40_000


def main() -> None:
    """Read the job, run its cells in order, put each question in a fork, report as it goes."""
    job = _loads(sys.stdin.read())
    gc.freeze()
    gc.enable()
    say = channel()
    cap(job["limits"])
    for name in job["without"]:
        withheld.withhold(name)
    me = os.getpid()
    state: dict[str, Any] = {"__name__": "__main__", "display": lambda *_, **__: None}
    for place, cell in enumerate(job["cells"]):
        say({"at": place})
        if place not in job["skip"]:
            allow(job["limits"]["cpu"])
            lacking, left = list[str](), [one[:60] for one in cells.plain(cell["source"])[1][:20]]
            error = _run(cell["source"], state, lacking)
            _mend_builtins(_BUILTINS)
            if os.getpid() != me:  # a process that the cell has forked is no worker
                os._exit(0)
            _end_others()
            say({"cell": place, "error": error, "lacking": lacking, "left": left})
        for question in cell["questions"]:
            if question["id"] not in job["answered"]:
                say({"asking": question["id"]})
                say({"answer": question["id"], "said": _ask(question, state, job["limits"])})
                _end_others()
    say({"end": True})
    os._exit(0)  # nothing is waited for, and nobody needs the memory back piece by piece


def channel() -> Any:
    """Keep standard output for the answers; what the student prints goes nowhere."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)

    def say(record: dict[str, Any]) -> None:
        channel.write(_dumps(record) + "\n")
        channel.flush()

    return say


def cap(limits: dict[str, int]) -> None:
    if os.getuid() == 0:  # started by root: become the nobody that this sandbox was given
        os.setgroups([])
        os.setgid(limits["uid"])
        os.setuid(limits["uid"])
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["total_cpu"], limits["total_cpu"]))


def allow(seconds: int, finally_: bool = False) -> None:
    """Give this process so many seconds of CPU time from now on; waiting for a turn costs nothing.

    ``finally_`` for a process that will get no more: a second later it is killed, also if it will not hear.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    hard = min(soft + 1, hard) if finally_ else hard
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))


_BUILTINS, _mend_builtins = dict(vars(builtins)), vars(builtins).update  # what reads the next cell is not the cell's


def _run(source: str, state: dict[str, Any], lacking: list[str]) -> dict[str, Any] | None:
    """Run one cell; None, or what went wrong in it. What it imports and is not here is noted in ``lacking``."""

    def absent(module: str) -> cells.Absent:
        lacking.append(str(module)[:80])
        return cells.Absent()

    try:
        cells.run(source, state, absent)
    except BaseException as error:  # also SystemExit and KeyboardInterrupt: the cell failed, the notebook goes on
        return _told(error)
    return None


def _told(error: BaseException) -> dict[str, Any]:
    try:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<cell>"]
        line = lines[-1] if lines else getattr(error, "lineno", None)
        return {"kind": type(error).__name__[:80], "message": str(error)[:_SHOWN], "line": line}
    except BaseException:  # an exception may be anything, and so may its text
        return {"kind": "error", "message": "an error that cannot be shown", "line": None}


def _ask(question: dict[str, Any], state: dict[str, Any], limits: dict[str, int]) -> str:
    """Put a question in a fork of the state, and return what it said: a text, not trusted by anybody."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        allow(limits["cpu"], finally_=True)
        said = _dumps([_answer(question["name"], given, state) for given in question["cases"]])
        view = memoryview(said.encode()[: limits["output"] + 1])
        while view:
            view = view[os.write(writing, view) :]
        os._exit(0)
    os.close(writing)
    said = listen(reading, child, limits["output"])
    os.close(reading)
    return said


def listen(reading: int, child: int, most: int) -> str:
    """What the child says until it has said all, too much, or has died: what it left running is not waited for."""
    heard, status, dead = b"", None, False
    end = _end_of(child)  # so that nobody has to wake up to look: all that is asleep is seen to be
    wait = None if end else 0.2
    while len(heard) <= most:
        if reading in select.select([reading, *end], [], [], 0 if dead else wait)[0]:
            piece = os.read(reading, 65536)
            heard += piece
            if not piece:
                break
        if dead:  # all that it said has been heard, unless something that it left behind goes on talking
            break
        ended, how = os.waitpid(child, os.WNOHANG)
        dead, status = ended == child, how if ended == child else None
    for one in end:
        os.close(one)
    if not dead:
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    return _verdict_of_death(heard, status) if len(heard) <= most else '{"died": "output"}'


def _end_of(child: int) -> list[int]:
    """What can be read from once a child has ended; nothing on kernels before 5.3."""
    try:
        return [os.pidfd_open(child)]
    except OSError:
        return []


def _verdict_of_death(heard: bytes, status: int | None) -> str:
    if heard:
        return heard.decode(errors="replace")
    ended = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0
    return '{"died": "cpu"}' if ended == signal.SIGXCPU else '{"died": "silent"}'


def _answer(name: str, given: list[Any] | None, state: dict[str, Any]) -> dict[str, Any]:
    """The value of a name, or what the function of that name returns for what is given."""
    try:
        value = state[name]
    except KeyError:
        return {"missing": name}
    try:
        return {"value": _written(value if given is None else value(*[_read(item) for item in given]))}
    except BaseException as error:
        return {"error": _told(error)}


def _read(item: Any) -> Any:
    """An input, from JSON: arrays are marked, the rest is itself."""
    return np.array(item["array"], dtype=float) if isinstance(item, dict) else item


def _written(value: Any, depth: int = 0) -> Any:
    """A value, for JSON: numbers, texts, lists and arrays of numbers; anything else by the name of its type."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return {"list": [_written(item, depth + 1) for item in value]}
    array = _asarray(value)
    if array.size > _LARGEST:
        return {"large": int(array.size)}
    if array.dtype.kind in "fiub":
        return _number(array.item()) if array.shape == () else {"array": _rows(array), "shape": list(array.shape)}
    kind = f"array of {array.dtype.name}" if isinstance(value, _ndarray) else type(value).__name__
    return {"type": kind[:80]}


def _rows(array: Any) -> Any:
    return [_rows(row) for row in array] if array.ndim > 1 else [_number(entry) for entry in array.tolist()]


def _number(value: Any) -> Any:
    number = float(value)
    return number if np.isfinite(number) else repr(number)


def _end_others() -> None:
    """End every process that was left behind; this one and the sandbox's first are spared."""
    for _ in range(100):
        try:
            os.kill(-1, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # nobody is left, or the sandbox's first alone
            return
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        time.sleep(0.002)
