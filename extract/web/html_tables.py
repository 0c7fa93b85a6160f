"""Lay out the tables of a web page: rows, cells, and the rectangle that ``rowspan`` and ``colspan`` make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from extract.document import Cell, Grid, ReadError, Where
from extract.limits import MAX_COLUMNS, MAX_SLOTS
from extract.web.html_words import BLOCKS, Words, is_unseen

#: so many rows with two texts make a table one of data, even if other tables lie in it
_ROWS_OF_DATA = 2


@dataclass(slots=True, eq=False)
class TableCell:
    """A cell: its element, its text without that of ``inner_tables``, and how far it goes.

    ``down`` is 0 for a cell that goes to the end of its group of rows.
    """

    element: _Element
    text: str
    inner_tables: list[_Element]
    across: int
    down: int


TableRow = list[TableCell]
Slots = dict[int, TableCell]


@dataclass(slots=True)
class Table:
    """A table while it is read.

    ``heads``, ``bodies`` and ``feet`` are groups of rows: nothing goes over the end of its group. ``strays``
    is what stands in the table outside of any cell: elements and texts.
    """

    heads: list[list[TableRow]] = field(default_factory=list)
    bodies: list[list[TableRow]] = field(default_factory=list)
    feet: list[list[TableRow]] = field(default_factory=list)
    strays: list[_Element | str] = field(default_factory=list)
    is_layout: bool = False

    @property
    def groups(self) -> Iterator[list[TableRow]]:
        """The groups of rows as they are shown: the foot is last wherever it is written."""
        yield from (*self.heads, *self.bodies, *self.feet)

    def cells(self) -> Iterator[TableCell]:
        """All cells in reading order."""
        return (cell for group in self.groups for row in group for cell in row)

    def grid(self, source: str, part: str) -> Grid:
        """The grid; ``part`` names the table in its places. Raises ReadError for an absurd number of slots."""
        placed = list(_placed(self.groups))
        width = _width(placed)
        if width * len(placed) > MAX_SLOTS:
            raise too_large()
        cells: dict[TableCell, Cell] = {}
        rows: list[tuple[Cell, ...]] = []
        for number, slots in enumerate(placed, start=1):
            row: list[Cell] = []
            for column in range(width):
                table_cell = slots.get(column)
                cell = cells.get(table_cell) if table_cell else None
                if cell is None:
                    cell = Cell(
                        table_cell.text if table_cell else "", Where(source, part, number, column + 1)
                    )
                    if table_cell:
                        cells[table_cell] = cell
                row.append(cell)
            rows.append(tuple(row))
        return Grid(tuple(rows))


def read_table(element: _Element) -> Table:
    """The rows and cells of a table; rows and cells that are hidden are none."""
    table = Table()
    _Gatherer(table).gather(element)
    table.is_layout = element.get("role") in ("presentation", "none") or _only_arranges(table)
    return table


def _only_arranges(table: Table) -> bool:
    """Whether a table holds others, and hardly anything beside them."""
    if not any(cell.inner_tables for cell in table.cells()):
        return False
    rows = (row for group in table.groups for row in group)
    return sum(sum(cell.text != "" for cell in row) > 1 for row in rows) < _ROWS_OF_DATA


class _Gatherer:
    """Gathers what a table's elements hold, also where a page puts them in the wrong order."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._words = Words()
        self._group: list[TableRow] | None = None
        # The row of cells that stand in no row element.
        self._loose: TableRow | None = None

    def gather(self, holder: _Element) -> None:
        """Sort the children of the table, or of an element within it, into groups, rows and strays."""
        self._stray_text(holder.text)
        for child in holder:
            tag = child.tag
            if isinstance(tag, str) and not is_unseen(child):
                if tag in ("thead", "tbody", "tfoot"):
                    self._end_group()
                    self._start_group(tag)
                    self.gather(child)
                    self._end_group()
                elif tag == "tr":
                    self._loose = None
                    row: TableRow = []
                    self._gather_row(child, row)
                    self._rows().append(row)
                elif tag in ("td", "th"):
                    if self._loose is None:
                        self._loose = []
                        self._rows().append(self._loose)
                    self._loose.append(self._cell(child))
                elif tag not in ("table", "caption") and child.find(".//tr") is not None:
                    self.gather(child)
                else:
                    self._table.strays.append(child)
            self._stray_text(child.tail)

    def _gather_row(self, holder: _Element, row: TableRow) -> None:
        self._stray_text(holder.text)
        for child in holder:
            tag = child.tag
            if isinstance(tag, str) and not is_unseen(child):
                if tag in ("td", "th"):
                    row.append(self._cell(child))
                elif tag != "table" and child.find(".//td") is not None:
                    self._gather_row(child, row)
                else:
                    self._table.strays.append(child)
            self._stray_text(child.tail)

    def _stray_text(self, text: str | None) -> None:
        if text and not text.isspace():
            self._table.strays.append(text)

    def _rows(self) -> list[TableRow]:
        return self._group if self._group is not None else self._start_group("tbody")

    def _start_group(self, tag: str) -> list[TableRow]:
        self._group = []
        groups = {"thead": self._table.heads, "tfoot": self._table.feet}
        groups.get(tag, self._table.bodies).append(self._group)
        return self._group

    def _end_group(self) -> None:
        self._group = self._loose = None

    def _cell(self, element: _Element) -> TableCell:
        inner: list[_Element] = []
        self._gather_words(element, inner)
        across = min(max(_count(element.get("colspan")), 1), MAX_COLUMNS)
        return TableCell(element, self._words.take(), inner, across, _count(element.get("rowspan")))

    def _gather_words(self, holder: _Element, inner: list[_Element]) -> None:
        words, is_literal = self._words, holder.tag == "pre"
        words.add(holder.text, is_literal)
        for child in holder:
            tag = child.tag
            if isinstance(tag, str) and not is_unseen(child):
                is_block = tag in BLOCKS
                if is_block:
                    words.add_edge()
                if tag == "table":
                    inner.append(child)
                elif tag == "br":
                    words.add_break()
                elif not words.add_control(child):
                    self._gather_words(child, inner)
                if is_block:
                    words.add_edge()
            words.add(child.tail, is_literal)


def _count(value: str | None) -> int:
    """The number that a span says, 1 where it says none. Five digits are more than any table has."""
    value = (value or "1").strip()
    return int(value[:5]) if value.isascii() and value.isdecimal() else 1


def _placed(groups: Iterator[list[TableRow]]) -> Iterator[Slots]:
    """The cells of each row by their columns; a row in which no cell begins is none.

    Raises ReadError for an absurd number of slots, before they are made.
    """
    budget = MAX_SLOTS
    for group in groups:
        # By columns: cells from the rows above, and how many more rows they go down.
        reaching: dict[int, tuple[TableCell, int]] = {}
        for number, row in enumerate(group):
            slots = {column: cell for column, (cell, _) in reaching.items()}
            reaching = {column: (cell, left - 1) for column, (cell, left) in reaching.items() if left > 1}
            column = 0
            for cell in row:
                while column in slots:
                    column += 1
                if column + cell.across > 2 * MAX_COLUMNS:
                    raise too_large()
                down = cell.down or len(group) - number
                for taken in range(column, column + cell.across):
                    if taken not in slots:
                        slots[taken] = cell
                        if down > 1:
                            reaching[taken] = cell, down - 1
                column += cell.across
            budget -= len(slots) + 1
            if budget < 0:
                raise too_large()
            if row:
                yield slots


def _width(rows: Sequence[Slots]) -> int:
    """The columns up to the last in which a cell begins, and what the shortest cell there adds to it.

    Pages write ``colspan=100`` for "as wide as the table".
    """
    begins: dict[TableCell, int] = {}
    ends: dict[TableCell, int] = {}
    for slots in rows:
        for column, cell in slots.items():
            begins[cell] = min(begins.get(cell, column), column)
            ends[cell] = max(ends.get(cell, column), column)
    last = max(begins.values(), default=0)
    return 1 + min((end for end in ends.values() if end >= last), default=0)


def too_large() -> ReadError:
    """The error for a table beyond the bounds."""
    return ReadError(
        "网页中的表格过大（行数或列数异常），超出读取上限；请检查表格，或拆分为几个文件。",
        "A table on the page is larger than is read (an absurd number of rows or columns); check it, or split "
        "the file.",
    )
