"""The source documents get the verdicts that the errata page tells, and every correction is proved."""

import pytest

from lrcore.data import errata
from lrcore.verify import Context, derivation

FORMULAS = [formula for document in errata() for formula in document["formulas"]]
CORRECTED = [formula for formula in FORMULAS if "corrected" in formula]


def verdicts(entry):
    report = derivation(entry["latex"], Context(**entry["context"]), repairs=False)
    return [step.verdict.value for step in report.steps]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula["number"])
def test_a_formula_of_the_documents_gets_its_verdict(formula):
    assert verdicts(formula) == formula["verdicts"]


@pytest.mark.parametrize("formula", CORRECTED, ids=lambda formula: formula["number"])
def test_a_correction_is_proved_or_recognised_as_a_definition(formula):
    assert verdicts(formula["corrected"]) == formula["corrected"]["verdicts"]
    assert set(formula["corrected"]["verdicts"]) <= {"PROVED", "DEFINITION"}


def test_every_wrong_formula_is_corrected_and_no_right_one():
    for formula in FORMULAS:
        wrong = bool({"REFUTED", "ILL_TYPED"} & set(formula["verdicts"]))
        assert wrong == ("corrected" in formula), formula["number"]
