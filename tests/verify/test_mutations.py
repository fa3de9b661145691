# ruff: noqa: E501  (one change a line)
"""A broken prover is noticed: a dozen changes of its source, each loaded in a process of its own.

``benchmarks/prover_mutants.py`` makes all of them; these are a few that the tests of the rules notice at once.
"""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "prover_mutants.py"
SPEC = importlib.util.spec_from_file_location("prover_mutants_under_test", SCRIPT)
breaking = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = breaking
SPEC.loader.exec_module(breaking)

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
    mutant = next(one for one in breaking.mutants(breaking.VERIFY / file) if one.what.startswith(what[:80]))
    assert breaking.asked("noticed", mutant)


def test_the_prover_as_it_is_breaks_no_rule():
    assert breaking.asked("rules", None) == ""
