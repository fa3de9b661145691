"""What proves formulas inside a sandbox of its own, in which no student's code has ever run.

It loads the prover once, and puts each formula into a fork with limits of its own, so that one leaves no trace for the
next. A request is a line of JSON: what was typed, as text, and what was asked, pickled by the grader from the teacher's
assignment. The answer is a line of JSON: the certificates that were found. Nothing in it is believed outside.
"""

import base64
import json
import os
import pickle
from typing import Any

from lrcore.homework.grade.derivations import expression_is, mark
from lrcore.homework.sandbox import worker
from lrcore.verify import keeping_certificates


def main() -> None:
    """Read the limits, then one request a line, until there are no more."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    say = worker.channel()
    limits = json.loads(requests.readline())
    worker.cap(limits)
    say({"ready": True})
    for line in requests:
        say(_in_a_fork(json.loads(line), limits))
    os._exit(0)


def _in_a_fork(request: dict[str, Any], limits: dict[str, int]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        worker.allow(limits["cpu"], finally_=True)
        view = memoryview(_answered(request, limits["output"]).encode())
        while view:
            view = view[os.write(writing, view) :]
        os._exit(0)
    os.close(writing)
    said = worker.listen(reading, child, limits["output"])
    os.close(reading)
    return {"said": said}


def _answered(request: dict[str, Any], most: int) -> str:
    """The certificates of the lines that are proved, found on the way to the marks of one formula."""
    asked = pickle.loads(base64.b64decode(request["asked"]))  # noqa: S301  of the grader's own making
    try:
        with keeping_certificates() as book:
            if request["kind"] == "derivation":
                mark(request["text"], asked)
            else:
                expression_is(request["text"], *asked)
    except MemoryError:
        return '{"died": "memory"}'
    said = json.dumps({"certificates": book.pages})
    return said if len(said) <= most else '{"certificates": {}}'
