"""Put marked paragraphs into lines and tables: how both Word 97 files and RTF describe a page.

Neither has an element for a table. Each paragraph says how deep in tables it stands and what its mark ends; the
shape of a row stands at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from extract.document import Grid, Line, ReadError, Where
from extract.limits import MAX_COLUMNS, MAX_SLOTS, MAX_TABLES
from extract.word.docx_grid import GridDraft, too_large
from extract.word.docx_words import trimmed

MAX_DEPTH = 20
"""Tables within tables; Word refuses more than a handful, and layouts of web pages need no more."""


@dataclass(slots=True)
class RowShape:
    """How a row is divided: the edges of its cells in twentieths of a point, and how each is merged.

    ``down`` and ``across`` are blank, ``restart`` or ``continue``.
    """

    edges: list[int]
    down: list[str]
    across: list[str]


class Paragraph(NamedTuple):
    """What a paragraph's mark says: how deep in tables it stands, and whether it ends a cell or a row there."""

    depth: int = 0
    ends_row: bool = False
    ends_inner_cell: bool = False
    ends_inner_row: bool = False
    shape: RowShape | None = None


OUTSIDE = Paragraph()


class Mark(NamedTuple):
    """A paragraph: its text, the character that ends it, and what that one's properties say."""

    text: str
    end: str
    properties: Paragraph


class _Table:
    """A table while its paragraphs come by."""

    def __init__(self) -> None:
        self.rows: list[tuple[list[str], RowShape | None]] = []
        self.inner: list[_Table] = []
        self._cells: list[str] = []
        self._paragraphs: list[str] = []

    def add(self, text: str) -> None:
        """Add a paragraph to the cell."""
        self._paragraphs.append(text)

    def end_cell(self) -> None:
        """End the cell. Raises ReadError as soon as a row has more than columns, and the surplus one."""
        if len(self._cells) > MAX_COLUMNS:
            raise too_large()
        self._cells.append(trimmed("\n".join(self._paragraphs)))
        self._paragraphs.clear()

    def end_row(self, shape: RowShape | None) -> None:
        """End the row, whose shape stands at its end."""
        self._paragraphs.clear()
        if self._cells:
            self.rows.append((_without_surplus(self._cells, shape), shape))
            self._cells = []

    def end(self) -> None:
        """End the table; in a damaged file a row may still be open."""
        if self._paragraphs:
            self.end_cell()
        self.end_row(None)


class Flow:
    """Puts paragraphs into blocks, and those of tables into their tables."""

    def __init__(self, source: str) -> None:
        self.blocks: list[Line | Grid] = []
        self._source = source
        self._paragraphs = 0
        self._tables = 0
        self._grids = 0
        self._slots = 0
        # the tables that are open, the outermost first
        self._open: list[_Table] = []

    def add(self, mark: Mark) -> None:
        """Add a paragraph."""
        properties = mark.properties
        depth = min(properties.depth, MAX_DEPTH)
        self.end_tables(depth)
        while len(self._open) < depth:
            self._begin_table()
        if not depth:
            self.add_paragraph(mark.text)
            return
        table = self._open[-1]
        is_inner = depth > 1
        if properties.ends_inner_row if is_inner else mark.end == "\x07" and properties.ends_row:
            table.end_row(properties.shape)
            return
        table.add(mark.text)
        if properties.ends_inner_cell if is_inner else mark.end == "\x07":
            table.end_cell()

    def add_paragraph(self, text: str, *, is_counted: bool = True) -> None:
        """Add a paragraph outside tables."""
        self._paragraphs += is_counted
        if len(self.blocks) >= MAX_SLOTS:
            raise _too_much("段落", "paragraphs")
        if plain := trimmed(text):
            self.blocks.append(Line(plain, Where(self._source, row=self._paragraphs)))

    def end_tables(self, depth: int) -> None:
        """End the tables that are deeper than ``depth``."""
        while len(self._open) > depth:
            table = self._open.pop()
            table.end()
            if not self._open:
                self._lay_out(table)

    def _begin_table(self) -> None:
        self._tables += 1
        if self._tables > MAX_TABLES:
            raise _too_much("表格", "tables")
        table = _Table()
        if self._open:
            self._open[-1].inner.append(table)
        self._open.append(table)

    def _lay_out(self, table: _Table) -> None:
        if table.rows:
            rows = [(cells, shape if _fits(cells, shape) else None) for cells, shape in table.rows]
            edges = sorted({edge for _, shape in rows if shape for edge in shape.edges})
            widths = [right - left for left, right in pairwise(edges)]
            draft = GridDraft(self._source, f"表{self._grids + 1}", self._slots, widths)
            lines = {edge: line for line, edge in enumerate(edges)}
            for cells, shape in rows:
                _add_row(draft, cells, shape, lines)
            self.blocks.append(draft.grid())
            self._grids += 1
            self._slots = draft.slots
        for inner in table.inner:
            self._lay_out(inner)


def _without_surplus(cells: list[str], shape: RowShape | None) -> list[str]:
    """The cells that the row's shape knows of: LibreOffice ends a row with one blank cell too many."""
    known = len(shape.down) if shape else len(cells)
    return cells if any(cells[known:]) else cells[:known]


def _too_much(zh: str, en: str) -> ReadError:
    return ReadError(
        f"文档的{zh}过多，超出读取上限；请拆分为几个文件。",
        f"The document has more {en} than are read; split it.",
    )


def _fits(cells: list[str], shape: RowShape | None) -> bool:
    """Whether a row's shape is one for its cells, from left to right; a damaged file may have another."""
    return (
        shape is not None and len(shape.down) == len(cells) and all(a <= b for a, b in pairwise(shape.edges))
    )


def _add_row(draft: GridDraft, cells: list[str], shape: RowShape | None, lines: dict[int, int]) -> None:
    if shape is None:
        draft.start_row(0)
        for text in cells:
            draft.add(text, 1, "", "")
        return
    draft.start_row(lines[shape.edges[0]])
    for number, text in enumerate(cells):
        span = lines[shape.edges[number + 1]] - lines[shape.edges[number]]
        draft.add(text, max(span, 1), shape.down[number], shape.across[number])
