"""A PDF's pages one after the other, put together: tables and paragraphs over the page, margins apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from extract.document import Bilingual, Cell, Document, Grid, Line, ReadError, Where
from extract.limits import MAX_SLOTS, MAX_TABLES
from extract.pdf.beside import goes_on_beside, join_beside
from extract.pdf.join import goes_on, join
from extract.pdf.margins import find_margins
from extract.pdf.open_tables import read_open_tables
from extract.pdf.page import Page
from extract.pdf.sheet import FlowLine, Patch, Sheet, read_sheets
from extract.pdf.text import text_lines
from extract.pdf.wrap import seam, wraps

#: a paragraph's first line begins at least so much further right, in parts of the type size
_INDENT = 0.8
#: lines of one paragraph are no farther apart, from baseline to baseline
_LEADING = 2.4
_SAME_SIZE = 0.08
#: a wrapped line is at least so long, as part of the widest line
_WRAPPED = 0.6
#: so many lines that end alike show where lines end
_FULL_LINES = 4

# "二、", "（一）", "3.", "第一章": what begins a paragraph behind the end of a sentence
_ITEM = re.compile(
    r"[（(]?[一二三四五六七八九十百\d]{1,3}\s*(?:[、)）．]|\.(?!\d))|第[一二三四五六七八九十\d]+[章节条部]"
)
_SENTENCE_ENDS = "。！？；：.!?;:"

Block = Sheet | FlowLine
Box = tuple[float, float, float, float]


class Piece(NamedTuple):
    """A line of text that was recognized in a picture: its middle, and how sure it is, from 0 to 1."""

    x: float
    y: float
    confidence: Decimal


class Flow:
    """Takes the pages as they come, and becomes a `Document` at the end."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._blocks: list[Block] = []
        self._heights: dict[int, float] = {}
        self._widths: dict[int, float] = {}
        self._rights: dict[int, float] = {}
        self._sizes: list[float] = []
        self._slots = 0
        self._tables = 0
        self._pieces: dict[int, Sequence[Piece]] = {}

    def add(self, page: Page, pieces: Sequence[Piece] = ()) -> None:
        """Add the next page; ``pieces`` is what was recognized of it in a picture."""
        if pieces:
            self._pieces[page.number] = pieces
        sheets, runs = read_sheets(page)
        more, runs = read_open_tables(page, runs)
        sheets += more
        self._heights[page.number], self._widths[page.number] = page.height, page.width
        self._rights[page.number] = max((sheet.box[2] for sheet in sheets), default=0.0)
        sizes = [line.size for sheet in sheets for row in sheet.rows for patch in row for line in patch.lines]
        if sizes or runs:
            self._sizes.append(median(sizes or [run.size for run in runs for _ in run.text]))
        flows = [FlowLine(page.number, line) for line in text_lines(runs) if line.text]
        blocks: list[Block] = [*flows, *(sheet for sheet in sheets if sheet.has_text)]
        blocks.sort(key=_top)
        self._blocks += blocks

    def document(self, notes: tuple[Bilingual, ...]) -> Document:
        """All pages together."""
        lines = [block for block in self._blocks if isinstance(block, FlowLine)]
        margins = find_margins(lines, self._heights, median(self._sizes) if self._sizes else 0.0)
        body = [block for block in self._blocks if isinstance(block, Sheet) or block not in margins]
        body = list(_without_frames(_joined(body)))
        blocks: list[Line | Grid] = []
        rows = 0
        for is_table, members in groupby(body, lambda block: isinstance(block, Sheet)):
            if is_table:
                blocks += [self._grid(block) for block in members if isinstance(block, Sheet)]
                continue
            for text, first in self._paragraphs([block for block in members if isinstance(block, FlowLine)]):
                rows += 1
                where = self._where_line(first, "", rows)
                blocks.append(Line(text, where, self._confidence([(first.page, where.box)])))
        apart = [flow for flow in lines if flow in margins]
        return Document(self._source, tuple(blocks), tuple(self._margins(apart)), notes)

    def _confidence(self, parts: Iterable[tuple[int, Box | None]]) -> Decimal | None:
        """That of the least sure piece in some areas of pages; None where no text in them was recognized."""
        if not self._pieces:
            return None
        held = [
            piece.confidence
            for page, box in parts
            for piece in self._pieces.get(page, ())
            if box is not None and _is_in(piece, box)
        ]
        return min(held, default=None)

    def _paragraphs(self, flows: Sequence[FlowLine]) -> Iterator[tuple[str, FlowLine]]:
        """The paragraphs that lines make, each with its first line."""
        left, right = self._edges(flows)
        pieces, first = [flows[0].line.text], flows[0]
        for above, flow in pairwise(flows):
            if _is_wrapped(above, flow, left, right):
                pieces += [seam(above.line, flow.line, right - above.line.x0), flow.line.text]
            else:
                yield "".join(pieces), first
                pieces, first = [flow.line.text], flow
        yield "".join(pieces), first

    def _edges(self, flows: Sequence[FlowLine]) -> tuple[float, float]:
        """Where the text begins and ends: where many lines end, else as far from the edge as it begins."""
        left = min(flow.line.x0 for flow in flows)
        right = max(flow.line.x1 for flow in flows)
        full = sum(right - flow.line.x1 < flow.line.size for flow in flows)
        if full < _FULL_LINES:
            pages = {flow.page for flow in flows}
            right = max([right, *(self._rights[page] for page in pages)])
            right = max([right, *(self._widths[page] - left for page in pages)])
        return left, right

    def _where_line(self, flow: FlowLine, part: str, row: int) -> Where:
        line = flow.line
        box = (line.x0, line.y0, line.x1, line.y1)
        return Where(self._source, part, row, page=flow.page, box=_rounded(box))

    def _margins(self, flows: Sequence[FlowLine]) -> Iterator[Line]:
        for row, flow in enumerate(flows, start=1):
            is_header = flow.line.y0 < self._heights[flow.page] / 2
            yield Line(flow.line.text, self._where_line(flow, "页眉" if is_header else "页脚", row))

    def _grid(self, sheet: Sheet) -> Grid:
        self._tables += 1
        self._slots += len(sheet.rows) * (len(sheet.xs) - 1)
        if self._slots > MAX_SLOTS or self._tables > MAX_TABLES:
            raise ReadError(
                "表格过大或过多，超出读取上限；请检查表格，或拆分为几个文件。",
                "There are more tables, or larger ones, than are read; check them, or split the file.",
            )
        part = f"表{self._tables}"
        cells: dict[Patch, Cell] = {}
        for number, row in enumerate(sheet.rows, start=1):
            for column, patch in enumerate(row, start=1):
                if patch not in cells:
                    where = Where(self._source, part, number, column, page=patch.page, box=patch.box)
                    parts = ((part.page, part.box) for part in (patch, *patch.more))
                    cells[patch] = Cell(patch.text, where, self._confidence(parts))
        return Grid(tuple([tuple([cells[patch] for patch in row]) for row in sheet.rows]))


def _is_in(piece: Piece, box: Box) -> bool:
    return box[0] <= piece.x <= box[2] and box[1] <= piece.y <= box[3]


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _top(block: Block) -> tuple[float, float]:
    if isinstance(block, Sheet):
        return block.box[1], block.box[0]
    return block.line.y0, block.line.x0


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, tables that go on over the page made one."""
    table: Sheet | None = None
    for block in blocks:
        if isinstance(block, Sheet) and table is not None and goes_on(table, block):
            table = join(table, block)
            continue
        if isinstance(block, Sheet) and table is not None and goes_on_beside(table, block):
            table = join_beside(table, block)
            continue
        if table is not None:
            yield table
            table = None
        if isinstance(block, Sheet):
            table = block
        else:
            yield block
    if table is not None:
        yield table


def _without_frames(blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks, with the lines in place of a frame that has no cells in it."""
    for block in blocks:
        if isinstance(block, Sheet) and block.is_frame:
            yield from (FlowLine(block.page, line) for line in block.rows[0][0].lines)
        else:
            yield block


def _is_wrapped(above: FlowLine, below: FlowLine, left: float, right: float) -> bool:
    """Whether a line goes on with the paragraph above it: the line above is full, this one is not indented."""
    one, other = above.line, below.line
    if abs(one.size - other.size) > _SAME_SIZE * one.size or other.x0 > left + _INDENT * other.size:
        return False
    if one.x1 - one.x0 < _WRAPPED * (right - left):
        return False
    if one.text[-1] in _SENTENCE_ENDS and _ITEM.match(other.text):
        return False
    is_near = above.page != below.page or other.y1 - one.y1 <= _LEADING * one.size
    return is_near and wraps(one, other, right - one.x0)
