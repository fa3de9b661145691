"""Formulas are proved in a sandbox of their own first: what would hang or fill the grader ends there.

The sandbox holds the prover alone; no student's code has ever run in it. What comes back are certificates, and none is
believed: the grader reads the formula itself, and :mod:`lrcore.verify.certificate` checks each certificate against the
statement that was read here. What has no certificate is proved here once more, which by then is known to need little.
So no verdict rests on anything that the sandbox says, but for one: that a formula was too much.
"""

import base64
import json
import os
import pickle
import subprocess
import threading
from contextlib import ExitStack
from multiprocessing.util import Finalize
from typing import Any

from lrcore.homework.grade.grade_answer import AnswerMark, grade_answer
from lrcore.homework.release.questions import Question
from lrcore.homework.sandbox import bubblewrap, cgroups
from lrcore.homework.sandbox.protocol import Forged, Said, strict_json
from lrcore.homework.sandbox.watch import Limits, Watch, look
from lrcore.verify import with_certificates

PROVING = Limits(
    cpu=20, total_cpu=22, memory=1_000_000_000, processes=4, output=4_000_000, wall=60.0, total_wall=60.0, made=100
)
_START = "from lrcore.homework.grade import prover; prover.main()"
_FORMULAS = ("derivation", "expression")
_here = threading.local()


class TooMuch(Exception):
    """A formula used up what one is given, or the sandbox ended over it; a sentence says which."""


def proved_apart(
    question: Question, said: tuple[Said, ...], hidden: tuple[Said, ...] = (), limits: Limits = PROVING
) -> AnswerMark:
    """What an answer is worth; a formula is proved in its sandbox first, and one that is too much goes to a person."""
    text = said[0].value if len(said) == 1 and question.kind in _FORMULAS and not said[0].trouble else None
    if not isinstance(text, str):
        return grade_answer(question, said, hidden)
    try:
        found = certificates(question, text, limits)
    except TooMuch as error:
        return AnswerMark(0.0, (f"{error}; a person reads it",), given=text, person=True)
    with with_certificates(found):
        return grade_answer(question, said)


def certificates(question: Question, text: str, limits: Limits = PROVING) -> dict[str, str]:
    """The certificates that the sandbox finds for the lines of a formula, on the way to its mark.

    Raises
    ------
    TooMuch
        the formula took more time or memory than one is given.
    """
    asked = question.context if question.kind == "derivation" else (question.expected, question.context)
    sent = {"kind": question.kind, "text": text, "asked": base64.b64encode(pickle.dumps(asked)).decode()}
    return _believed(_prover(limits).answer(sent), limits)


def _believed(line: bytes, limits: Limits) -> dict[str, str]:
    """The certificates in an answer: texts by texts, and nothing else; what they say is for the checker to judge."""
    try:
        outer = strict_json(line.decode("utf-8", errors="replace"), 4 * limits.output)
        found = strict_json(outer["said"], 2 * limits.output)
    except (Forged, KeyError, TypeError):
        return {}
    match found:
        case {"died": why}:
            raise TooMuch(_DEATHS.get(str(why), _DEATHS["silent"]))
        case {"certificates": dict(pages)}:
            return {str(key): page for key, page in pages.items() if isinstance(page, str)}
    return {}


_DEATHS = {
    "cpu": "the formula took more computing time than one is given",
    "memory": "the formula took more memory than one is given",
    "silent": "the checker ended over the formula (more memory than one is given?)",
}


# ---------------------------------------------------------------------- the sandbox that stands ready


class _Prover:
    """A sandbox with the prover, for one thread of one process; it answers one request after the other."""

    def __init__(self, limits: Limits):
        self.limits, self.process_of, self.stack = limits, os.getpid(), ExitStack()
        group = self.stack.enter_context(cgroups.group(limits.memory, limits.processes))
        words = group.wrapped(bubblewrap.filtered(bubblewrap.command(start=_START)))
        self.process = self.stack.enter_context(bubblewrap.started(words, subprocess.PIPE))
        self.at_exit = Finalize(None, self.close, exitpriority=10)  # also where a pool's worker ends
        # each formula has its own limit of CPU time; the prover that they are forked from lives on
        self.answer({**bubblewrap.limits_inside(limits), "total_cpu": 10**6})

    def answer(self, request: dict[str, Any]) -> bytes:
        """The line that the sandbox answers; a sandbox that dies over it is not used again."""
        assert self.process.stdin is not None
        before = look(self.process.pid, self.limits).cpu
        watch = Watch(self.process, self.limits, cpu=before, before=before)
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            ended = watch.until(lambda heard: heard.endswith(b"\n"))
        except BrokenPipeError:
            ended = "closed"
        if ended == "done":
            return bytes(watch.heard)
        self.close()
        raise TooMuch(_DEATHS.get({"wall": "cpu", "asleep": "cpu"}.get(ended, ended), _DEATHS["silent"]))

    @property
    def stands(self) -> bool:
        """Whether it can be asked; a library that ends a cluster may run what is to be done at exit, and end it too."""
        assert self.process.stdin is not None
        return self.process_of == os.getpid() and not self.process.stdin.closed and self.process.poll() is None

    def close(self) -> None:
        """End the sandbox."""
        self.at_exit.cancel()
        if self.process_of == os.getpid():
            self.stack.close()
        if getattr(_here, "prover", None) is self:
            del _here.prover


def _prover(limits: Limits) -> _Prover:
    found: _Prover | None = getattr(_here, "prover", None)
    if found is None or not found.stands or found.limits != limits:
        if found is not None:
            found.close()
        found = _here.prover = _Prover(limits)
    return found
