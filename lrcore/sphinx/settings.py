"""What an author may choose in ``conf.py``, or in ``_config.yml`` under ``sphinx: config:``, each with its default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.matching import Matcher

from lrcore.verify import Context, Problem, declared, project_file

DEFAULTS: dict[str, Any] = {
    "lrcore_pages": ["**"],  # which pages are checked, by patterns as in include_patterns
    "lrcore_skip_pages": [],  # and which of them are not
    "lrcore_strict": False,  # whether what was not read or not decided is a warning too
    "lrcore_marks": True,  # whether a mark stands behind each displayed equation
    "lrcore_style": True,  # whether the marks bring their own style sheet
    "lrcore_report": True,  # whether a report page is made where no page has the directive checked-report
    "lrcore_checker": "",  # the page on which a reader can change an equation, where the project has one
    "lrcore_sympy": False,  # whether sympy has to confirm each proof
    "lrcore_variants": False,  # whether one-change variants of each equation have to be refused
    "lrcore_why": True,  # whether the rules are named that each proved step rests on
    "lrcore_guess": True,  # whether a page that declares nothing is read with what its letters usually mean;
    # not where sympy or variants are asked for, which are asked about what is declared
    "lrcore_table": ["Symbol", "Shape", "Meaning"],  # the headings of a table that declares symbols
    "lrcore_symbols": {},  # symbols of the whole project: {"X": "N x M"}
    "lrcore_definitions": {},  # and definitions: {"L": r"\frac1N \|Xw - y\|^2"}
    "lrcore_processes": 0,  # how many pages are checked at a time; 0 is as many as there are processors
}


@dataclass(frozen=True)
class Checks:
    """What is done to a page, in a form that another process can be given and a cache can be named by."""

    sympy: bool
    mutants: bool
    why: bool
    guess: bool
    headings: tuple[str, ...]
    symbols: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    macros: tuple[tuple[str, str], ...]

    @property
    def context(self) -> Context:
        """What holds on every page of the project."""
        return declared(dict(self.symbols), dict(self.definitions), dict(self.macros))


def register(app: Sphinx) -> None:
    for name, default in DEFAULTS.items():
        kinds = (list, tuple) if isinstance(default, list) else (type(default),)
        app.add_config_value(name, default, "env", kinds)


def refuse_what_is_not_understood(app: Sphinx, config: Config) -> None:
    """A sentence for a declaration that can't be read, before any page is."""
    if len(config.lrcore_table) not in (2, 3):
        raise ConfigError("lrcore_table: the headings for symbol, shape and, where there is one, meaning are expected.")
    try:
        assert checks(app).context
    except (Problem, ValueError) as problem:
        raise ConfigError(f"lrcore_symbols, lrcore_definitions or verify.toml: {problem}") from None


def checks(app: Sphinx) -> Checks:
    """The settings that decide what a verdict is."""
    own, config = project_file(Path(app.srcdir)), app.config
    return Checks(
        sympy=config.lrcore_sympy,
        mutants=config.lrcore_variants,
        why=config.lrcore_why,
        guess=config.lrcore_guess and not (config.lrcore_sympy or config.lrcore_variants),
        headings=tuple(one.lower() for one in config.lrcore_table),
        symbols=_pairs({**own.symbols, **config.lrcore_symbols}),
        definitions=_pairs({**own.definitions, **config.lrcore_definitions}),
        macros=_pairs({**_of_mathjax(config), **own.macros}),
    )


def _pairs(given: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in given.items())


def _of_mathjax(config: Config) -> dict[str, str]:
    """The macros that MathJax is given, whichever version of it; those with a default argument are left out."""
    for name in ("mathjax4_config", "mathjax3_config", "mathjax2_config"):
        given = getattr(config, name, None) or {}
        table = (given.get("tex") or given.get("TeX") or {}).get("macros") or given.get("TeX", {}).get("Macros") or {}
        if table:
            bodies = {key: one if isinstance(one, str) else one[0] for key, one in table.items() if _usable(one)}
            return {f"\\{key.lstrip(chr(92))}": body for key, body in bodies.items()}
    return {}


def _usable(macro: object) -> bool:
    return isinstance(macro, str) or (isinstance(macro, list) and 0 < len(macro) <= 2)


def is_checked(config: Config, page: str) -> bool:
    """Whether the author wants this page checked."""
    return Matcher(config.lrcore_pages)(page) and not Matcher(config.lrcore_skip_pages)(page)


def processes(config: Config, pages: int) -> int:
    return max(1, min(pages, config.lrcore_processes or os.cpu_count() or 1))
