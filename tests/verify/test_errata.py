"""The three source documents get, formula by formula, the verdicts that the errata page gives them, and every
correction is proved.
"""

import pytest

from lrcore.verify import Context, derivation
from tests.verify.errata_table import CORRECTIONS, FORMULAS, verdicts


@pytest.mark.parametrize(("number", "context", "letters", "latex"), FORMULAS, ids=[one[0] for one in FORMULAS])
def test_a_formula_of_the_documents_gets_its_verdict(number, context, letters, latex):
    report = derivation(latex, Context(**context), repairs=False)
    assert [step.verdict.value for step in report.steps] == verdicts(letters), str(report)


@pytest.mark.parametrize(("number", "context", "letters", "latex"), CORRECTIONS, ids=[one[0] for one in CORRECTIONS])
def test_a_correction_is_proved(number, context, letters, latex):
    report = derivation(latex, Context(**context), repairs=False)
    assert [step.verdict.value for step in report.steps] == verdicts(letters), str(report)
