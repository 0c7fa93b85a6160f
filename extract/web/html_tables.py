"""Gather the tables of a web page: their rows and cells, and the rectangle that these make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from extract.document import Cell, Grid, Where
from extract.limits import MAX_COLUMNS, MAX_SLOTS
from extract.web.html_columns import column_widths, columns_of, number_of
from extract.web.html_slots import TableCell, TableRow, place_cells, seen_columns, too_large, width_of
from extract.web.html_words import BLOCKS, Words, is_unseen

#: so many rows with two texts make a table one of data, even if other tables lie in it
_ROWS_OF_DATA = 2


@dataclass(slots=True)
class Table:
    """A table while it is read.

    ``heads``, ``bodies`` and ``feet`` are groups of rows: nothing goes over the end of its group. ``strays``
    is what stands in the table outside of any cell: elements and texts. ``unseen_row`` has the cells of a row
    without height.
    """

    element: _Element
    heads: list[list[TableRow]] = field(default_factory=list)
    bodies: list[list[TableRow]] = field(default_factory=list)
    feet: list[list[TableRow]] = field(default_factory=list)
    strays: list[_Element | str] = field(default_factory=list)
    unseen_row: list[_Element] = field(default_factory=list)
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
        widths = column_widths(self.element, self.unseen_row)
        placed = list(place_cells(self.groups, widths))
        width = width_of(placed)
        if width * len(placed) > MAX_SLOTS:
            raise too_large()
        columns = seen_columns(placed, widths, width)
        cells: dict[TableCell, Cell] = {}
        rows: list[tuple[Cell, ...]] = []
        for number, slots in enumerate(placed, start=1):
            row: list[Cell] = []
            for column in columns:
                table_cell = slots.get(column)
                cell = cells.get(table_cell) if table_cell else None
                if cell is None:
                    text = table_cell.text if table_cell else ""
                    cell = Cell(text, Where(source, part, number, len(row) + 1))
                    if table_cell:
                        cells[table_cell] = cell
                row.append(cell)
            rows.append(tuple(row))
        return Grid(tuple(rows))


def read_table(element: _Element) -> Table:
    """The rows and cells of a table; rows and cells that are hidden are none."""
    table = Table(element)
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
                elif tag == "tr" and _has_no_height(child):
                    self._table.unseen_row = child.findall("td")
                elif tag == "tr":
                    self._loose = None
                    row: TableRow = []
                    self._gather_row(child, row)
                    self._rows().append(row)
                elif tag in ("td", "th"):
                    if self._loose is None:
                        self._loose = []
                        self._rows().append(self._loose)
                    self._add_cell(self._loose, child)
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
                    self._add_cell(row, child)
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

    def _add_cell(self, row: TableRow, element: _Element) -> None:
        """Add a cell to a row. Raises ReadError as soon as there are more than columns."""
        if len(row) >= MAX_COLUMNS:
            raise too_large()
        inner: list[_Element] = []
        self._gather_words(element, inner)
        across, down = columns_of(element, "colspan"), number_of(element, "rowspan")
        row.append(TableCell(element, self._words.take(), inner, across, down))

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


def _has_no_height(row: _Element) -> bool:
    """Whether a row only tells how wide the columns are."""
    return row.get("height") == "0" and not any(text.strip() for text in row.itertext())
