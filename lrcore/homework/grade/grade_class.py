"""Grading a class: in parallel, with progress, resumable, and the same marks every time.

Any :class:`concurrent.futures.Executor` serves, a Dask cluster's among them. What is done is kept, one file a student,
so that a run that was interrupted goes on where it stopped; a worker that dies costs time and nothing else.
"""

import hashlib
import json
import os
import select
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict, replace
from itertools import islice
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.grade import belonging
from lrcore.homework.grade.belonging import Belonging, fingerprint
from lrcore.homework.grade.grade_submission import CellMark, Course, Graded, grade
from lrcore.homework.grade.progress import Progress
from lrcore.homework.grade.submissions import Submission

_TRIES = 4
_VERSION = "3"
_GIVEN_UP = "could not be graded"


def grade_all(
    submissions: Iterable[Submission],
    course: Course,
    keep: Path,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    again: bool = False,
    progress: bool = True,
) -> list[Graded]:
    """Grade every submission, keep each result under ``keep``, and return them by student.

    Parameters
    ----------
    executor : whose workers grade; by default processes of this machine, as many as it has cores
    again : grade also what has been graded before

    Raises
    ------
    InputError
        what is kept there is of another assignment, or drawn from another secret.
    """
    of = Belonging(course.assignment.name, fingerprint(course.secret))
    belonging.keep(keep, replace(belonging.require(keep, of) or of, secret=of.secret))
    done, left = dict[str, Graded](), list[Submission]()
    for one in submissions:
        kept = None if again else _kept(keep / f"{one.student}.json", one, course)
        if kept is None:
            left.append(one)
        else:
            done[one.student] = kept
    bar = Progress(len(left), progress)
    try:
        for one, graded in _finished(left, course, executor, workers or os.cpu_count() or 1, bar.at_work):
            _keep(keep / f"{one.student}.json", graded, one, course)
            done[one.student] = graded
            bar.one_is_done()
    finally:
        bar.close()
    return [done[student] for student in sorted(done)]


# ---------------------------------------------------------------------- the work


AtWork = Callable[[list[str]], object]  # is told, once a second, who is being graded


def _finished(
    left: list[Submission], course: Course, executor: Executor | None, workers: int, at_work: AtWork
) -> Iterator[tuple[Submission, Graded]]:
    if executor is not None:
        yield from _through(left, course, executor, getattr(executor, "_max_workers", workers), at_work)
        return
    while left:
        flight = _Flight()
        try:
            with _pool(min(workers, len(left))) as pool:
                yield from _through(left, course, pool, workers, at_work, flight)
        except BrokenProcessPool:  # one worker was killed, and the pool with it: whose fault it was is tried one by one
            for one in flight.lost:
                at_work([one.student])
                yield one, _alone(one, course)
        left = [one for one in left if one not in flight.landed and one not in flight.lost]


def _alone(one: Submission, course: Course) -> Graded:
    for _ in range(2):
        with _pool(1) as pool:
            try:
                return _given(pool, one, course).result()
            except BrokenProcessPool:
                continue
            except Exception as error:  # the border of a submission: nothing of one reaches another
                return given_up(one, course, _why(error))
    return given_up(one, course, "the grader's own process was killed")


def _given(executor: Executor, one: Submission, course: Course) -> Future[Graded]:
    """Give it to a worker; a file that cannot be read fails as if it had been graded."""
    try:
        data = one.read()
    except InputError as error:
        unread = Future[Graded]()
        unread.set_exception(error)
        return unread
    return executor.submit(grade, data, one.student, course)


def _why(error: BaseException) -> str:
    return str(error).rstrip(".") if isinstance(error, InputError) else type(error).__name__


def given_up(one: Submission, course: Course, why: str) -> Graded:
    """No marks and no zero: a person has to look."""
    return to_a_person(one.student, course, why)


def to_a_person(student: str, course: Course, why: str) -> Graded:
    """The same for a student of whom no single file is known."""
    cells = tuple(CellMark(cell.id, None, cell.points, (why,), for_a_person=True) for cell in course.assignment.graded)
    return Graded(student, f"{_GIVEN_UP} ({why}); needs a person", cells)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_end_with, initargs=(os.getpid(),))


def _end_with(grader: int) -> None:
    """Let this worker end when the grader was killed: nobody else would tell it."""

    def watch() -> None:
        with suppress(ProcessLookupError):
            select.select([os.pidfd_open(grader)], [], [])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def get_ready() -> None:
    """Let what workers are forked from load its modules while the assignment is read."""
    _context()
    forkserver.ensure_running()


def _context() -> BaseContext:
    """Workers that are forked from a process without threads, which has the imports done."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["lrcore.homework.grade.grade_submission", "lrcore.homework.grade.derivations"])
    return context


class _Flight:
    """Which submissions have landed, and which were in the air when a pool broke."""

    def __init__(self) -> None:
        self.landed, self.lost = list[Submission](), list[Submission]()


def _through(
    left: list[Submission], course: Course, executor: Executor, workers: int, at_work: AtWork,
    flight: _Flight | None = None,
) -> Iterator[tuple[Submission, Graded]]:  # fmt: skip
    """Keep a few submissions in the air; give out again what an executor lost, and give up what it loses each time.

    Workers take them in the order in which they were given out: those at work are the first that have not landed.
    """
    waiting, flying, tries = iter(left), dict[Future[Graded], Submission](), dict[str, int]()
    flight = flight or _Flight()
    while True:
        for one in islice(waiting, 64 - len(flying)):
            flying[_given(executor, one, course)] = one
        if not flying:
            return
        at_work([one.student for one in islice(flying.values(), workers)])
        for future in wait(flying, timeout=1.0, return_when=FIRST_COMPLETED).done:
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                flight.lost += flying.values()
                raise error
            one = flying.pop(future)
            tries[one.student] = tries.get(one.student, 0) + 1
            if error is not None and not isinstance(error, InputError) and tries[one.student] < _TRIES:
                flying[_given(executor, one, course)] = one
                continue
            flight.landed.append(one)
            yield one, given_up(one, course, _why(error)) if error is not None else future.result()


# ---------------------------------------------------------------------- what is kept


def _key(one: Submission, course: Course) -> str:
    """Names what a result rests on: change any of it, and the submission is graded again."""
    limits = [vars(course.limits), vars(course.formulas)]
    about = [_VERSION, one.student, course.variants, *limits, asdict(course.assignment)]
    words = json.dumps(about, sort_keys=True, default=str).encode()
    return hashlib.sha256(words + b"\x00" + course.secret + b"\x00" + _bytes(one)).hexdigest()


def _bytes(one: Submission) -> bytes:
    try:
        return one.read()
    except InputError:
        return b""


def keep_unclear(keep: Path, graded: Iterable[Graded]) -> None:
    """Keep those of whom no file was taken, so that marks that a person gives them find them; next time all is new."""
    for one in graded:
        _write(keep / f"{one.student}.json", {"key": "", "graded": asdict(one)})


def _keep(path: Path, graded: Graded, one: Submission, course: Course) -> None:
    _write(path, {"key": _key(one, course), "graded": asdict(graded)})


def _write(path: Path, found: dict[str, Any]) -> None:
    text = json.dumps(found, indent=1, sort_keys=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text + "\n", encoding="utf-8")
    os.replace(unfinished, path)


def _kept(path: Path, one: Submission, course: Course) -> Graded | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        graded = read_graded(found["graded"])
        again = graded.status.startswith(_GIVEN_UP) or found["key"] != _key(one, course)
        return None if again else graded
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_graded(found: dict[str, Any]) -> Graded:
    """A result from what was kept of it."""
    cells = tuple(CellMark(**{key: _tuples(value) for key, value in cell.items()}) for cell in found["cells"])
    return Graded(found["student"], found["status"], cells, tuple(found["remarks"]))


def _tuples(value: object) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def kept_before(keep: Path) -> dict[str, Graded]:
    """Everything that was graded into this folder before."""
    found = {}
    for path in sorted(keep.glob("*.json")):
        try:
            graded = read_graded(json.loads(path.read_text(encoding="utf-8"))["graded"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found[graded.student] = graded
    return found
