# ruff: noqa: E501 (formulas are quoted as one line)
"""Formulas are proved in a sandbox of their own; what comes back is checked, and what is too much goes to a person."""

import threading

import pytest

from homework import small
from homework.test_attacks import DERIVATIONS, TOO_MUCH
from lrcore.homework.grade import proving
from lrcore.homework.grade.grade_answer import grade_answer
from lrcore.homework.grade.grade_submission import grade
from lrcore.homework.release.questions import Question
from lrcore.homework.release.variants import prepare
from lrcore.homework.sandbox.protocol import Said
from lrcore.homework.sandbox.watch import Limits
from lrcore.verify import with_certificates
from lrcore.verify.decide import claims

RIGHT = r"\frac{\partial L}{\partial w} = \left(\frac{\partial r}{\partial w}\right)^\top \frac{\partial L}{\partial r} = \frac2N X^\top r"
SHORT = Limits(cpu=0, total_cpu=2, memory=500_000_000, processes=4, output=4_000_000, asleep=0.8, wall=5.0, total_wall=5.0)  # fmt: skip


@pytest.fixture
def lines(course):
    return prepare(course.assignment, small.SECRET, "alice").questions["lines-test"][0]


@pytest.fixture
def gradient(lines):
    """The same thing asked for as one formula."""
    return Question("expression", "gradient", expected=r"\frac2N X^\top r", context=lines.context.context)


def test_lines_are_proved_here_by_the_certificates_of_the_sandbox_and_no_proof_is_searched(lines, monkeypatch):
    found = proving.certificates(lines, RIGHT)
    searched = []
    monkeypatch.setattr(claims, "prove", lambda claim: searched.append(claim) or (False, "not searched"))
    from lrcore.verify import derivation

    with with_certificates(found):
        assert [step.assurance for step in derivation(RIGHT, lines.context.context).steps] == [
            "Certified (polynomial)."
        ] * 2
    assert searched == []
    assert [step.verdict for step in derivation(RIGHT, lines.context.context).steps] == ["CHECKED", "CHECKED"]


def test_a_forged_certificate_proves_nothing_and_costs_nothing(lines):
    wrong = r"\frac{\partial L}{\partial w} = \frac3N X^\top r"
    honest = proving.certificates(lines, RIGHT)
    with proving.with_certificates({}) as book:
        from lrcore.verify import derivation

        keys = []
        book.pages = Spy(keys)
        derivation(wrong, lines.context.context)
        derivation(RIGHT, lines.context.context)
    for forged in (
        *honest.values(),
        '["list",["list"]]',
        "[]",
        "[",
        '["list",["list",["Use","exp",["Num",1]]]]',
        "[" * 9000,
    ):
        with with_certificates(dict.fromkeys(keys, forged)):
            assert grade_answer(lines, (Said(wrong),)).lines[0][1] == "does not hold"
            assert grade_answer(lines, (Said(RIGHT),)).share == 1.0
    assert len(keys) >= 2


class Spy(dict):
    """Notes which statements are looked up."""

    def __init__(self, keys):
        super().__init__()
        self.keys_seen = keys

    def __contains__(self, key):
        self.keys_seen.append(key)
        return False


@pytest.mark.parametrize("name", ["two lines", "halves", "typed: redefined", "assumed away", "unreadable", "code"])
def test_marks_are_those_of_the_prover_alone(name, lines):
    text = DERIVATIONS[name]
    assert proving.proved_apart(lines, (Said(text),)) == grade_answer(lines, (Said(text),))


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_formula_that_is_too_much_is_told_so_in_both_kinds_of_question(name, lines, gradient):
    too_much, small_one, _ = TOO_MUCH[name]
    marked = proving.proved_apart(lines, (Said(too_much),))
    assert marked.share == 0
    assert marked.says
    assert proving.proved_apart(gradient, (Said(too_much.split("=")[0]),)).share == 0
    assert proving.proved_apart(lines, (Said(small_one),)).lines[-1][2]
    assert proving.proved_apart(gradient, (Said(r"\frac{2}{N} X^\top (X w - y)"),)).share == 1


HANGS = {
    "never ends": ("any(iter(int, 1))", "computing time"),
    "fills the memory": ("[b'x' * 10 ** 7 for _ in iter(int, 1)]", "memory"),
    "asks for a terabyte": ("bytearray(10 ** 12)", "memory"),
    "sleeps": ("__import__('time').sleep(10 ** 6)", "computing time"),
    "ends": ("__import__('os')._exit(0)", "ended over the formula"),
    "kills its sandbox": ("__import__('os').kill(__import__('os').getppid(), 9)", "ended over the formula"),
    "nests without end": ("(lambda f: f(f))(lambda f: f(f))", "ended over the formula"),
}


@pytest.mark.parametrize("name", HANGS)
def test_a_prover_that_does_not_come_back_costs_that_formula_alone(name, lines, gradient, monkeypatch):
    """A hole in the prover, made on purpose in the sandbox: the formula goes to a person, the next one is marked."""
    does, says = HANGS[name]
    hole = f"from lrcore.homework.grade import prover; prover.mark = lambda *_: {does}; prover.main()"
    monkeypatch.setattr(proving, "_START", hole)
    marked = proving.proved_apart(lines, (Said(RIGHT),), limits=SHORT)
    assert (marked.share, marked.person, marked.given) == (0, True, RIGHT)
    assert says in marked.says[0]
    assert proving.proved_apart(gradient, (Said(r"2 X^\top r / N"),), limits=SHORT).share == 1
    proving._prover(SHORT).close()


@pytest.mark.parametrize("answer", ["rubbish", "[]", '{"certificates": 3}', '{"certificates": {"x": 3}}', "[" * 5000])
def test_whatever_the_sandbox_says_is_not_believed(answer, lines, monkeypatch):
    lies = f"from lrcore.homework.grade import prover; prover._answered = lambda *_: {answer!r}; prover.main()"
    monkeypatch.setattr(proving, "_START", lies)
    assert proving.proved_apart(lines, (Said(RIGHT),), limits=SHORT).share == 1
    assert proving.proved_apart(lines, (Said(RIGHT.replace("2", "3")),), limits=SHORT).share < 1
    proving._prover(SHORT).close()


def test_a_submission_with_a_formula_that_is_too_much_keeps_its_other_marks(course, monkeypatch):
    hole = "from lrcore.homework.grade import prover; prover.mark = lambda *_: any(iter(int, 1)); prover.main()"
    monkeypatch.setattr(proving, "_START", hole)
    from dataclasses import replace

    graded = grade(small.hand_in(course), "alice", replace(course, formulas=SHORT))
    cells = {cell.id: cell for cell in graded.cells}
    assert (cells["multiple-test"].points, cells["length-test"].points) == (4, 2)
    assert cells["lines-test"].for_a_person
    assert "computing time" in cells["lines-test"].says[0]
    proving._prover(SHORT).close()


def test_each_thread_has_a_prover_and_its_end_is_the_sandboxs(lines):
    born = []

    def work():
        proving.certificates(lines, RIGHT)
        born.append(proving._prover(proving.PROVING))

    one = threading.Thread(target=work)
    one.start()
    one.join()
    assert born[0] is not proving._prover(proving.PROVING)
    assert born[0].process.wait(timeout=20) != 0
    born[0].close()


def test_a_sandbox_that_something_else_has_ended_is_started_anew(lines):
    marked = proving.proved_apart(lines, (Said(RIGHT),))
    standing = proving._here.prover
    standing.stack.close()  # as where a cluster that ends runs what is to be done at exit
    assert proving.proved_apart(lines, (Said(RIGHT),)) == marked and marked.share == 1
    assert proving._here.prover is not standing
