"""Whatever is pasted, into the text or into the table, gets an answer with bounded work; the checker never stumbles."""

import json
from random import Random

import pytest

from lrcore.checker.gallery import CASES
from lrcore.checker.service import answer
from lrcore.checker.starts import STARTS
from lrcore.verify.decide.pipeline import STUMBLED
from tests.checker.worked_solutions import SOLUTIONS
from tests.verify.damage import damaged
from tests.work import at_most

SHORT = 1500  # characters: the two long cases are taken by their pieces
POOL = [piece for case in CASES for piece in ([case.text] if len(case.text) < SHORT else case.text.split("\n\n"))]
POOL += [text for ways in SOLUTIONS.values() for text in ways]
MONSTERS = [
    "(" * 5000 + "x" + ")" * 5000,
    "{" * 5000,
    "$" * 9999,
    r"\[" * 9000,
    r"\begin{align}" * 1000,
    "x = 1\n" * 3000,
    "a = b = " * 2000,
    r"\frac{1}{" * 300 + "x" + "}" * 300 + " = 1",
    "the " * 4900,
    f"$${' ' * 19_000}a = b$$",
    f"a +{' ' * 19_000}b",
    r"\newcommand{\a}{\a\a}\a = 1",
    "x = 10**10**10",
    "A = (A + B)**12",
    r"\sum_{i} " * 60 + "x_i = 1",
    "= = = =\n" * 200,
    "<script>alert(1)</script> = 1",
    "<img src=x onerror=alert(1)> = \\text{<b>}",
    "\x00 = \x01\n\u202e = x",
    "\\hat" * 4000,
    "__import__('os').system('x') = 1",
    "x" * 19_000 + " = 1",
    "(AB)_{ij} = A_{0ik}B_{jk}",
    "X^TX \\in \\mathbb{R}^{M\\t+imes M}, \\quad X^Ty\\in\\mathbb R^M",
    "a = b\n" + " \n" * 9_000 + "$c = d$",
    "a = b\n" + "so A " * 3_800,
]


def asked(do="check", **more):
    with at_most(10_000_000):
        found = json.loads(answer(json.dumps({"do": do, **more})))
    assert STUMBLED not in json.dumps(found, ensure_ascii=False), more
    return found


@pytest.mark.parametrize("seed", range(4))
def test_damaged_derivations_get_an_answer(seed):
    rng = Random(seed)
    for _ in range(40):
        start = rng.choice(STARTS)
        text = damaged(rng.choice(POOL), rng)
        found = asked(state={"text": text, "rows": [list(row) for row in start.rows]})
        for step in found["steps"]:
            first, last = step["mark"]
            assert 0 <= first <= last <= len(text) and 1 <= step["line"] <= text.count("\n") + 1


@pytest.mark.parametrize("text", MONSTERS, ids=lambda text: text[:20].encode("unicode_escape").decode())
def test_a_monster_gets_an_answer(text):
    found = asked(state={"text": text, "rows": [list(row) for row in STARTS[1].rows]})
    assert "refused" in found or isinstance(found["steps"], list)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_table_gets_an_answer(seed):
    rng = Random(seed)
    for _ in range(40):
        rows = [[damaged(cell, rng) if rng.random() < 0.4 else cell for cell in row] for row in rng.choice(STARTS).rows]
        asked(state={"text": r"\frac{\partial L}{\partial w} = X^\top r", "rows": rows})
        asked("export", **{"as": rng.choice(["latex", "markdown", "cell"])}, state={"text": "x = 1", "rows": rows})


@pytest.mark.parametrize("seed", range(4))
def test_damaged_ways_through_a_challenge_are_judged(seed):
    rng = Random(seed)
    for name, ways in SOLUTIONS.items():
        asked("judge", state={"text": damaged(rng.choice(ways), rng), "rows": []}, challenge=name)
