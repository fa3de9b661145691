# ruff: noqa: E501 (nbgrader's metadata stands on one line)
"""The beginning of a private assignment."""

TEMPLATE = r"""---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
lrcore:
  assignment: NAME
  without: [gradient, closed_form, descent]
  packages: [numpy, matplotlib]
---

# A title for NAME

What is learnt, how long it takes, how many points it is worth.

```{code-cell} ipython3
:nbgrader: {grade: false, solution: false, locked: true, task: false, grade_id: setup, schema_version: 3, cell_type: code}
import numpy as np
from lrcore.homework import check, submit
```

```{code-cell} ipython3
:nbgrader: {grade: false, solution: false, locked: true, task: false, grade_id: variant, schema_version: 3, cell_type: code}
### BEGIN VARIANT
from lrcore.homework import variant

random = variant("NAME")  # from your secret and the student's id: the same student, the same numbers
factor = int(random.choice([2, 3, 4, 5]))
### END VARIANT
```

## 1. A function

Write `double(x)`, which returns {{factor}} times $x$.

```{code-cell} ipython3
:nbgrader: {grade: false, solution: true, locked: false, task: false, grade_id: double, schema_version: 3, cell_type: code}
def double(x):
    ### BEGIN SOLUTION
    return factor * x
    ### END SOLUTION
```

```{code-cell} ipython3
:nbgrader: {grade: true, solution: false, locked: true, task: false, points: 3, grade_id: double-test, schema_version: 3, cell_type: code}
check("double", double(np.ones(3)))
### BEGIN HIDDEN TESTS
from lrcore.homework import judge


def double_cases(random):  # what is special about the case, then the inputs; drawn from your secret
    yield "three numbers", random.normal(size=3).round(3)


judge("double", lambda x: factor * x, double_cases)
### END HIDDEN TESTS
```

## 2. In words

Why?

+++ {"nbgrader": {"grade": true, "solution": true, "locked": false, "task": false, "points": 2, "grade_id": "words", "schema_version": 3, "cell_type": "markdown"}}

What you would answer. It is taken out of the student version.

+++

When you are done, save the notebook and run `submit("your id")`.
"""
