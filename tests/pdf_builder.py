"""PDF files for the tests, drawn with reportlab: tables with every way of ruling, text at any place."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extract.document import Document, Grid, Line
from extract.pdf.read import read_pdf

FONT = "STSong-Light"
SIZE = 10.0
#: distance between a cell's edge and its text
PADDING = 4.0

Rule = Callable[[Canvas, float, float, float, float], None]
Rows = Sequence[Sequence[str]]


class Paper:
    """A PDF in the making. ``y`` counts from the top, as readers do."""

    def __init__(self, size: tuple[float, float] = A4, **options: Any) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self._bytes = io.BytesIO()
        self.width, self.height = size
        self.canvas = Canvas(self._bytes, pagesize=size, invariant=1, **options)
        self.canvas.setFont(FONT, SIZE)

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> Paper:
        """Write with the baseline at ``y``."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.height - y, text)
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line."""
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def table(
        self,
        left: float,
        top: float,
        widths: Sequence[float],
        rows: Rows,
        height: float = 20.0,
        rule: Rule | None = None,
    ) -> float:
        """Draw a table and return where it ends. ``<`` goes on with the cell to the left, ``^`` with the one above."""
        xs = [left]
        for width in widths:
            xs.append(xs[-1] + width)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                y0, y1 = top + row * height, top + (row + 1) * height
                if text != "<":
                    self._rule(rule, xs[column], y0, xs[column], y1)
                if text != "^" and not (text == "<" and _lead(texts, column) == "^"):
                    self._rule(rule, xs[column], y0, xs[column + 1], y0)
                if text not in ("<", "^"):
                    self._fill(xs[column] + PADDING, y0, text)
        bottom = top + len(rows) * height
        self._rule(rule, xs[0], bottom, xs[-1], bottom)
        self._rule(rule, xs[-1], top, xs[-1], bottom)
        return bottom

    def _fill(self, x: float, y: float, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            self.text(x, y + (number + 1) * 1.2 * SIZE, line)

    def _rule(self, rule: Rule | None, x0: float, y0: float, x1: float, y1: float) -> None:
        if rule is None:
            self.line(x0, y0, x1, y1)
        else:
            rule(self.canvas, x0, self.height - y0, x1, self.height - y1)

    def next_page(self) -> Paper:
        """End the page and begin another."""
        self.canvas.showPage()
        return self

    def bytes(self) -> bytes:
        """The finished file."""
        self.canvas.save()
        return self._bytes.getvalue()

    def read(self) -> Document:
        """The finished file, read."""
        return read_pdf(self.bytes(), "form.pdf")


def _lead(texts: Sequence[str], column: int) -> str:
    while texts[column] == "<":
        column -= 1
    return texts[column]


def grids(document: Document) -> list[list[list[str]]]:
    """The texts of all tables, slot by slot."""
    return [
        [[cell.text for cell in row] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Grid)
    ]


def marked(document: Document, number: int = 0) -> list[list[str]]:
    """A table as `Paper.table` takes it: ``<`` and ``^`` where a cell goes on."""
    rows = [block for block in document.blocks if isinstance(block, Grid)][number].rows
    return [
        [
            "<" if c and row[c - 1] is cell else "^" if r and rows[r - 1][c] is cell else cell.text
            for c, cell in enumerate(row)
        ]
        for r, row in enumerate(rows)
    ]


def lines(document: Document) -> list[str]:
    """The paragraphs outside tables."""
    return [block.text for block in document.blocks if isinstance(block, Line)]
