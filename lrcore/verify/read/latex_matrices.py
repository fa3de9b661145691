"""Matrices and vectors that are written out in LaTeX."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.ellipsis import elide_matrix
from lrcore.verify.read.latex_stream import Stream
from lrcore.verify.read.latex_tokens import END
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import MATRICES, ROWS


class Matrices(Stream):
    """The part of the reader that reads matrices."""

    def cmd_vec(self, token):
        """An arrow over a name, or the operation."""
        if self.is_operation_vec():
            return self.function("vec", token)
        self.at -= 1
        return self.word()

    def is_operation_vec(self):
        return self.peek().kind == "("

    def environment(self):
        opened = self.next()
        if opened.text in ROWS:
            self.fail("An environment of equations stands inside a formula.", opened.span)
        if opened.text not in MATRICES:
            self.fail(f"The environment {opened.text} is not read inside a formula.", opened.span)
        if opened.text == "array" and self.peek().kind == "{":
            self.group()
        if self.peek().kind == "[":
            while self.peek().kind != "]" and self.peek() is not END:
                self.next()
            self.next()
        rows = self.cells(opened)
        node = self.matrix(rows, opened)
        if opened.text == "vmatrix":
            return s.Call("det", (node,), span=node.span)
        if opened.text == "Vmatrix":
            return s.Call("norm", (node,), span=node.span)
        return node

    def cells(self, opened):
        """Rows of cells, each a list of tokens."""
        rows: list[list[list[Token]]] = [[[]]]
        depth = 0
        while True:
            token = self.next()
            if token is END:
                self.fail("This matrix is never closed.", opened.span)
            depth += (token.kind in ("begin", "{", "(", "[")) - (token.kind in ("end", "}", ")", "]"))
            if token.kind == "end" and depth < 0:
                break
            if depth == 0 and token.kind == "&":
                rows[-1].append([])
            elif depth == 0 and token.kind == "cmd" and token.text == "\\":
                rows.append([[]])
            elif not (token.kind == "cmd" and token.text in ("hline", "cline")):
                rows[-1][-1].append(token)
        return [row for row in rows if any(row)]

    def matrix(self, rows, opened):
        span = self.span_from(opened.start)
        if not rows:
            self.fail("This matrix is empty.", span)
        grid = [[self.cell(tokens, span) for tokens in row] for row in rows]
        if any(isinstance(cell, s.Dots) for row in grid for cell in row):
            return replace(elide_matrix(grid, span), span=span)
        wide = max(map(len, grid))
        if any(len(row) != wide for row in grid):
            self.fail("The rows of this matrix have different numbers of cells.", span)
        return s.Block(tuple(map(tuple, grid)), span=span)

    def cell(self, tokens, span):
        if len(tokens) == 1 and tokens[0].kind == "cmd" and tokens[0].text == "dots":
            return s.Dots(span=tokens[0].span)
        if not tokens:
            self.fail("A cell of this matrix is empty.", span)
        return self.sub(tokens, "cell")
