"""Findings for programs: one array of JSON, and SARIF 2.1.0, which code reviews show beside the lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import lrcore

from .checking import RULES, Finding


def as_json(findings: Iterable[Finding]) -> str:
    return json.dumps([one.to_dict() for one in findings], ensure_ascii=False, indent=1)


def as_sarif(findings: Iterable[Finding]) -> str:
    """Errors and what was left open; what holds is no result."""
    rules = [
        {"id": name, "shortDescription": {"text": said}, "defaultConfiguration": {"level": level}}
        for name, (said, level) in RULES.items()
        if level != "none"
    ]
    driver = {"name": "lrcore.verify", "semanticVersion": lrcore.__version__, "rules": rules}
    results = [_sarif(one) for one in findings if one.level != "none"]
    whole = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _sarif(one: Finding) -> dict[str, Any]:
    region = {"startLine": one.line, "startColumn": one.column}
    if (one.end_line, one.end_column) > (one.line, one.column):
        region |= {"endLine": one.end_line, "endColumn": one.end_column}
    where = {"artifactLocation": {"uri": PurePath(one.file).as_posix()}, "region": region}
    said = f"{one.message} {one.latex}".strip()
    return {
        "ruleId": one.rule,
        "level": one.level,
        "message": {"text": said},
        "locations": [{"physicalLocation": where}],
    }
