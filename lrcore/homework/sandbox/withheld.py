"""A refusal in place of a function that an assignment withholds.

The worker calls it before a student's code runs. The text of this file also goes to the end of the module that has the
function, so that every Python that starts in the sandbox has the refusal too. It imports nothing but Python's own.
"""

import importlib
import sys
from typing import Any


def withhold(name: str) -> None:
    """Put a refusal in place of a function wherever a loaded module has it, under whatever name, and of its core."""
    path, _, last = name.rpartition(".")
    try:
        withheld = getattr(importlib.import_module(path), last)
    except (ImportError, AttributeError):
        return

    def refused(*_: object, **__: object) -> Any:
        raise RuntimeError(f"{name} is not to be used in this assignment")

    for module in list(sys.modules.values()):
        for key, value in list(getattr(module, "__dict__", {}).items()):
            core = key == last and str(getattr(module, "__name__", "")).startswith(f"{path}._")
            if value is withheld or (core and callable(value)):
                setattr(module, key, refused)
