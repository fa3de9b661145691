"""HTML that the build puts together, from the templates that stand beside the code."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def filled(path: Path, **values: Any) -> str:
    """The template with these values, escaped but for what is HTML already."""
    loader = FileSystemLoader(path.parent)
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return found.get_template(path.name).render(values)
