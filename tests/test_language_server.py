"""The language server, asked by a real client over standard input, as an editor does."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls")
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).resolve().parents[1]
TEXT = "# A page\n\nLet $L = \\|Xw - y\\|^2$.\n\n$$\n\\nabla_w L = X^\\top (X w - y)\n$$\n\nFor this, $A v = \\mu v$.\n"


async def edited(path):
    """Open a page with a slip, hover over it, take the quick fix; what was said before and after."""
    client, published = LanguageClient("test", "1"), asyncio.Queue()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def took(params):
        published.put_nowait(params.diagnostics)

    await client.start_io(sys.executable, "-m", "lrcore.notes.server", env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        await client.initialize_async(
            lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), process_id=os.getpid())
        )
        client.initialized(lsp.InitializedParams())
        uri = path.as_uri()
        item = lsp.TextDocumentItem(uri=uri, language_id="markdown", version=1, text=TEXT)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        before = await asyncio.wait_for(published.get(), 60)
        document, slip = lsp.TextDocumentIdentifier(uri), next(one for one in before if one.code == "refuted")
        said = await client.text_document_hover_async(lsp.HoverParams(document, slip.range.start))
        asked = lsp.CodeActionParams(document, slip.range, lsp.CodeActionContext(diagnostics=[slip]))
        (action,) = await client.text_document_code_action_async(asked)
        (edit,) = action.edit.changes[uri]
        change = lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(version=2, uri=uri),
            [lsp.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)],
        )
        client.text_document_did_change(change)
        after = await asyncio.wait_for(published.get(), 60)
        await client.shutdown_async(None)
        client.exit(None)
        return before, said, action, after
    finally:
        await client.stop()


def test_an_editor_underlines_a_slip_tells_why_and_mends_it(tmp_path):
    before, said, action, after = asyncio.run(edited(tmp_path / "page.md"))
    severities = {one.code: one.severity for one in before}
    assert severities["refuted"] is lsp.DiagnosticSeverity.Error
    assert all(one is lsp.DiagnosticSeverity.Information for code, one in severities.items() if code != "refuted")
    assert next(one.range.start.line for one in before if one.code == "refuted") == 5
    assert "a factor 2 is lost" in said.contents.value and "a factor 2" in action.title
    assert [one.code for one in after if one.severity is lsp.DiagnosticSeverity.Error] == []
    assert [one.code for one in after if one.range.start.line == 8]


def test_a_range_counts_as_editors_do():
    from lrcore.notes.server import _range

    where = _range(["one", "📐 ab"], 2, 3, 2, 4)
    assert (where.start.line, where.start.character, where.end.character) == (1, 3, 4)
    assert _range(["one", "two"], 1, 1, 0, 0).end == lsp.Position(0, 3), "the rest of the line"
    assert _range([], 9, 9, 0, 0).start.line == 8, "a page that has become shorter"
