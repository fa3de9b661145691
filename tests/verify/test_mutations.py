# ruff: noqa: E501  (one change a line)
"""A broken prover is noticed: a dozen changes of its source, each in a process of its own.

``benchmarks/prover_mutants.py`` makes all of them; these are a few that the tests of the rules notice at once.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import mutation
import prover_mutants

BROKEN = [
    ("prove/functions.py", "exponent % 2 == 0 or (atom, labels) in state.positive -> exponent % 2 == 0 and (atom, labels) in state.positive"),
    ("prove/functions.py", "without: if coefficient < 0:"),
    ("prove/functions.py", "info.kind == 'sqrt' -> info.kind != 'sqrt'"),
    ("prove/functions.py", "sign * exponent -> sign + exponent"),
    ("prove/calculus.py", "exponent - 1 -> exponent + 1"),
    ("prove/cancelling.py", "without: if powers is None:"),
    ("prove/cancelling.py", "one != met -> one == met"),
    ("prove/collecting.py", "a == b -> a != b"),
    ("prove/entries.py", "arg.fn == 'abs' -> arg.fn != 'abs'"),
    ("prove/entries.py", "k != i[1] -> k == i[1]"),
    ("prove/rules.py", "k not in used -> k in used"),
    ("prove/settling.py", "through is None -> through is not None"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "what"), BROKEN, ids=[f"{file}: {what[:50]}" for file, what in BROKEN])
def test_a_broken_prover_is_noticed(file, what):
    mutant = next(one for one in mutation.mutants(mutation.VERIFY / file) if one.what.startswith(what[:80]))
    assert mutation.in_a_fork(mutant, prover_mutants.noticed)


def test_the_prover_as_it_is_breaks_no_rule():
    assert mutation.in_a_fork(None, prover_mutants.noticed) == ""
