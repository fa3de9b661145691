r"""The gate for anybody's notes: every equation of a Sphinx or Jupyter Book project through ``lrcore.verify``.

In ``conf.py``, or under ``sphinx: extra_extensions:`` in the ``_config.yml`` of Jupyter Book 1::

    extensions = ["myst_parser", "lrcore.sphinx"]

A page declares its symbols in a table with the headings Symbol, Shape and Meaning. What is wrong becomes a warning of
the type ``lrcore`` with its file and line, which ``-W`` turns into an error; each displayed equation gets a mark behind
it, and a page lists all of them. The settings are in ``lrcore.sphinx.settings.DEFAULTS``; the directives
``checked-report`` and ``checked-rules`` put the report and the table of the rules where the author wants them, and a
comment ``<!-- derivation: ... -->`` makes one derivation of several equations.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

import lrcore

from . import checking, marking, settings


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls: settings, directives, and what is done when."""
    settings.register(app)
    app.add_node(marking.report_here)
    app.add_node(marking.rules_here)
    app.add_node(marking.named_rule)
    app.add_role("rule", marking.rule_role)
    app.add_directive("checked-report", marking.ReportHere)
    app.add_directive("checked-rules", marking.RulesHere)
    app.connect("config-inited", settings.refuse_what_is_not_understood)
    app.connect("builder-inited", marking.bring_style)
    app.connect("env-get-outdated", checking.outdated)
    app.connect("env-before-read-docs", checking.check_ahead)
    app.connect("source-read", checking.check)
    app.connect("doctree-read", checking.compare)
    app.connect("env-merge-info", checking.merge)
    app.connect("env-purge-doc", checking.forget)
    app.connect("env-updated", checking.warn)
    app.connect("env-updated", marking.rewrite_report)
    app.connect("doctree-resolved", marking.place_marks)
    app.connect("html-collect-pages", marking.report_page)
    app.connect("build-finished", marking.copy_style)
    return {
        "version": lrcore.__version__,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": 3,
    }
