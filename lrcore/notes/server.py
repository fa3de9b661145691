"""``python -m lrcore.notes.server``: verdicts in an editor, by the Language Server Protocol over standard input.

What is wrong is underlined as an error, what was left open as information; hovering tells the reason, and where one
change mends a line, that change is a quick fix. What stands in the editor is checked, saved or not.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

import lrcore
from lrcore.verify import NoReader, Problem

from .checking import Asked, Finding, of
from .sources import Unusable, source

server = LanguageServer("lrcore", lrcore.__version__)
_SEVERITY = {"error": lsp.DiagnosticSeverity.Error, "note": lsp.DiagnosticSeverity.Information}
_found: dict[str, list[tuple[lsp.Range, Finding]]] = {}


def check(uri: str) -> None:
    """Decide a document and publish what is to be said of it."""
    document = server.workspace.get_text_document(uri)
    name = url2pathname(urlparse(uri).path)
    try:
        findings: tuple[Finding, ...] = of(source(name, document.source), Asked()).findings
    except (Unusable, NoReader, Problem, ValueError) as fault:
        findings = (Finding(name, 1, 1, "declaration", str(fault)),)
    here = [one for one in findings if one.file == name]
    lines = document.source.split("\n")
    _found[uri] = [(_range(lines, one.line, one.column, one.end_line, one.end_column), one) for one in here]
    said = [
        lsp.Diagnostic(range=where, message=one.message, severity=_SEVERITY[one.level], code=one.rule, source="lrcore")
        for where, one in _found[uri]
        if one.level in _SEVERITY
    ]
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri=uri, diagnostics=said))


def _range(lines: list[str], line: int, column: int, end_line: int, end_column: int) -> lsp.Range:
    """A range of the protocol, which counts from 0, in UTF-16; a finding without an end takes the rest of its line."""
    first = lines[line - 1] if line <= len(lines) else ""
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, len(first) + 1
    last = lines[end_line - 1] if end_line <= len(lines) else ""
    start = lsp.Position(line - 1, _units(first[: column - 1]))
    return lsp.Range(start, lsp.Position(end_line - 1, _units(last[: end_column - 1])))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def opened(params: lsp.DidOpenTextDocumentParams) -> None:
    check(params.text_document.uri)


@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def changed(params: lsp.DidChangeTextDocumentParams) -> None:
    check(params.text_document.uri)


@server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
def closed(params: lsp.DidCloseTextDocumentParams) -> None:
    _found.pop(params.text_document.uri, None)


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def hover(params: lsp.HoverParams) -> lsp.Hover | None:
    """The verdict of the step below the pointer, and its reason."""
    for where, one in _found.get(params.text_document.uri, []):
        if where.start <= params.position <= where.end:
            said = f"**{one.rule}**: {one.message}"
            return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, said), where)
    return None


@server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]))
def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """The one change that mends a line, for each such line that the selection touches."""
    uri = params.text_document.uri
    lines = server.workspace.get_text_document(uri).source.split("\n")
    touched = (
        one
        for where, one in _found.get(uri, [])
        if one.mended_at and where.start <= params.range.end and params.range.start <= where.end
    )
    return [_mend(uri, one, _range(lines, *one.mended_at)) for one in touched if one.mended_at]


def _mend(uri: str, one: Finding, where: lsp.Range) -> lsp.CodeAction:
    change: dict[str, Any] = {uri: [lsp.TextEdit(where, one.mended)]}
    return lsp.CodeAction(one.repair, kind=lsp.CodeActionKind.QuickFix, edit=lsp.WorkspaceEdit(changes=change))


if __name__ == "__main__":
    server.start_io()
